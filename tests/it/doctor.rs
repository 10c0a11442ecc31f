//! `coursevia doctor`: what it finds, what it says to do, and that it changes nothing.

use crate::support::catalogs::{LINK_PARTNER, keyed_partner};
use crate::support::cli::Home;
use crate::support::postgres;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The checks of one name in one area: about, state, what was found.
fn checks(report: &Value, area: &str, name: &str) -> Vec<(String, String, String)> {
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let all = report["checks"].as_array().expect("checks").iter();
    all.filter(|check| check["area"] == area && check["name"] == name)
        .map(|check| (text(check, "about"), text(check, "state"), text(check, "found")))
        .collect()
}

/// State and finding of the only check of this name.
fn check(report: &Value, area: &str, name: &str) -> (String, String) {
    let mut found = checks(report, area, name);
    assert_eq!(found.len(), 1, "{area} {name}: {report:#}");
    let (_, state, found) = found.remove(0);
    (state, found)
}

fn report(home: &Home, code: i32) -> Value {
    let ran = home.run(&["doctor", "--json"]).ends(code);
    let report: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(report["ok"], code == 0);
    report
}

/// Every file below a folder, with its content.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            all.insert(entry.path(), Vec::new());
            all.extend(tree(&entry.path()));
        } else {
            all.insert(entry.path(), std::fs::read(entry.path()).expect("a file"));
        }
    }
    all
}

/// Answers every connection with the same bytes; where it listens.
fn answering(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let head = BufReader::new(stream.try_clone().expect("a copy")).lines();
                let _ = head.map_while(Result::ok).find(String::is_empty);
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    port
}

/// Speaks first, and not TLS.
fn chatty() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serve = |mut stream: TcpStream| {
        let _ = stream.write_all(b"220 this is no web server\r\n");
        // Hanging up on what was not read would look like a broken line.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    };
    std::thread::spawn(move || listener.incoming().flatten().for_each(serve));
    port
}

/// A mail server that takes whatever it is told.
fn mail_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let serve = |mut stream: TcpStream| {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        for line in BufReader::new(stream.try_clone().expect("a copy")).lines().map_while(Result::ok) {
            let _ = stream.write_all(if line.starts_with("QUIT") { b"221 bye\r\n" } else { b"250 fine\r\n" });
        }
    };
    std::thread::spawn(move || listener.incoming().flatten().for_each(serve));
    port
}

/// A port on which nobody listens.
fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// One partner, reached at this address with a key.
fn with_partner(home: &Home, base_url: &str) {
    let catalog = keyed_partner(base_url, "CERTIPORT_API_KEY");
    std::fs::write(home.path().join("partner.toml"), catalog).expect("written");
    home.run(&["catalog", "import", "partner.toml"]).ends(0);
}

/// A home directory whose database is a named file.
fn named() -> Home {
    let home = Home::new();
    let url = format!("sqlite://{}", home.path().join("own.db").display());
    home.with("COURSEVIA_DATABASE_URL", &url)
}

#[test]
fn a_fresh_home_is_fine_and_stays_fresh() {
    let home = Home::new();
    home.fake_browser();
    let before = tree(home.path());
    let found = report(&home, 0);
    assert_eq!(tree(home.path()), before, "nothing is made just to look");
    let (state, words) = check(&found, "database", "reachable");
    assert_eq!(state, "skipped");
    assert!(words.contains("the first start makes"), "{words}");
    assert_eq!(check(&found, "terminal", "terminal").0, "skipped");
    assert_eq!(check(&found, "browser", "command").0, "ok");
    let shape: Vec<&String> = found["checks"][0].as_object().expect("an object").keys().collect();
    assert_eq!(shape, ["about", "area", "found", "name", "state", "todo"]);
    let keys: Vec<&String> = found.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["checks", "ok", "version"]);
}

#[test]
fn a_used_home_is_fine_and_is_left_as_it_was() {
    let home = Home::new();
    home.fake_browser();
    home.run(&["enroll", "cna-training", "--partner", "Certiport", "--student", "maya@example.org"]).ends(0);
    let log = home.path().join(".local/state/coursevia/coursevia.log");
    assert_eq!(std::fs::metadata(log).expect("a log").permissions().mode() & 0o777, 0o600);
    let before = tree(home.path());
    let told = home.run(&["doctor"]).ends(0);
    assert!(tree(home.path()) == before, "something was changed");
    assert_eq!(told.stderr, "");
    for words in [
        "Database\n",
        "SQLite 3",
        "no damage",
        "all 22 can be read",
        "the only one can be read",
        "Nothing is wrong",
    ] {
        assert!(told.stdout.contains(words), "{words:?} is not in:\n{}", told.stdout);
    }
    assert!(told.stdout.lines().all(|line| line.chars().count() <= 80), "{}", told.stdout);
    let found = report(&home, 0);
    for (area, name) in [
        ("database", "tables"),
        ("database", "durability"),
        ("database", "integrity"),
        ("jobs", "given_up"),
        ("jobs", "open"),
        ("mail", "folder"),
        ("clock", "events"),
        ("files", "data"),
        ("files", "disk"),
    ] {
        assert_eq!(check(&found, area, name).0, "ok", "{area} {name}");
    }
}

#[test]
fn an_app_that_runs_is_not_disturbed_and_its_partners_are_asked() {
    let home = Home::new();
    let port = nobody().to_string();
    let home = home.with("COURSEVIA_SANDBOX__PORT", &port);
    home.run(&["programs"]).ends(0);
    let quiet = report(&home, 0);
    let played = checks(&quiet, "partners", "reachable");
    assert!(played.iter().any(|(name, state, _)| name == "Certiport" && state == "skipped"), "{played:?}");
    let mut sandbox = std::process::Command::new(env!("CARGO_BIN_EXE_coursevia"))
        .arg("sandbox")
        .env_clear()
        .envs(home.environment())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(sandbox.stdout.as_mut().expect("it is piped")).read_line(&mut line).expect("its address");
    let found = report(&home, 0);
    sandbox.kill().expect("it ends");
    sandbox.wait().expect("it ends");
    let asked = checks(&found, "partners", "reachable");
    assert!(asked.iter().any(|(name, state, _)| name == "Certiport" && state == "ok"), "{asked:?}");
    assert_eq!(check(&found, "clock", "partner").0, "ok");
}

#[test]
fn a_broken_configuration_is_what_is_told() {
    let home = Home::new();
    std::fs::write(home.path().join("bad.toml"), "[ui]\ntheme = \"pink\"\n").expect("written");
    let ran = home.run(&["doctor", "--json", "--config", "bad.toml"]).ends(1).says("one thing is wrong");
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let (state, words) = check(&found, "configuration", "file");
    assert_eq!(state, "wrong");
    assert!(words.contains("bad.toml:2"), "{words}");
    home.run(&["doctor", "--config", "none.toml"]).ends(1);
}

#[test]
fn settings_without_effect_are_named_with_their_line() {
    let home = Home::new();
    std::fs::write(home.path().join("odd.toml"), "[ui]\n\ncolour = 3\n").expect("written");
    let ran = home.run(&["doctor", "--json", "--config", "odd.toml"]).ends(0);
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let (state, words) = check(&found, "configuration", "setting");
    assert_eq!(state, "warning");
    assert!(words.contains("odd.toml:3: ui.colour"), "{words}");
    assert_eq!(ran.stderr, "", "it is told once");
}

#[test]
fn keys_that_can_not_be_used_are_named() {
    let home = Home::new();
    let keys = "[keys]\nserch = \"f2\"\nrefresh = \"x\"\n";
    std::fs::write(home.path().join("keys.toml"), keys).expect("written");
    let ran = home.run(&["doctor", "--json", "--config", "keys.toml"]).ends(0);
    let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let told = checks(&found, "configuration", "keys");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().all(|(_, state, _)| state == "warning"));
    assert!(told[0].2.contains("serch") && told[1].2.contains("refresh"), "{told:?}");
}

#[test]
fn a_database_that_is_none_is_wrong_and_the_rest_is_told() {
    let home = Home::new();
    std::fs::write(home.path().join("note.txt"), "not a database at all").expect("written");
    let url = format!("sqlite://{}", home.path().join("note.txt").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &url);
    let found = report(&home, 1);
    assert_eq!(check(&found, "database", "reachable").0, "wrong");
    assert_eq!(check(&found, "mail", "folder").0, "ok");
    let home = home.with("COURSEVIA_DATABASE_URL", &format!("postgres://maya:hush@127.0.0.1:{}/x", nobody()));
    let ran = home.run(&["doctor"]).ends(1);
    assert!(ran.stdout.contains("can't be reached"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("hush") && !ran.stderr.contains("hush"));
}

#[tokio::test]
async fn a_row_nobody_can_read_is_named() {
    use sqlx::Connection as _;
    let home = named();
    home.run(&["catalog", "import", "partner.toml"]).ends(1);
    with_partner(&home, &format!("http://127.0.0.1:{}", nobody()));
    let url = format!("sqlite://{}", home.path().join("own.db").display());
    let mut db = sqlx::SqliteConnection::connect(&url).await.expect("it opens");
    sqlx::query("UPDATE programs SET slug = 'No Slug'").execute(&mut db).await.expect("it runs");
    db.close().await.expect("it closes");
    let found = report(&home, 1);
    let (state, words) = check(&found, "database", "programs");
    assert_eq!(state, "wrong");
    assert!(words.starts_with("1 of 1 can't be read: ") && words.contains("program name"), "{words}");
    assert_eq!(check(&found, "database", "enrollments").0, "ok");
}

#[test]
fn partners_are_told_apart_by_what_is_wrong_with_them() {
    let gone = "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    let no = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let down = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let home = named().with("CERTIPORT_API_KEY", "not-to-be-seen");
    for (address, code, state, words) in [
        (format!("http://127.0.0.1:{}", answering(gone)), 0, "ok", "accepts our key"),
        (format!("http://127.0.0.1:{}", answering(no)), 1, "wrong", "does not accept CERTIPORT_API_KEY"),
        (format!("http://127.0.0.1:{}", answering(down)), 1, "wrong", "error 503"),
        (format!("http://127.0.0.1:{}", nobody()), 1, "wrong", "refuses the connection"),
        (format!("https://127.0.0.1:{}", chatty()), 1, "wrong", "no safe connection: it does not speak TLS"),
    ] {
        with_partner(&home, &address);
        let ran = home.run(&["doctor", "--json"]).ends(code);
        assert!(!ran.stdout.contains("not-to-be-seen"));
        let found: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let (is, said) = check(&found, "partners", "reachable");
        assert!(is == state && said.contains(words), "{address}: {is}, {said}");
        assert_eq!(check(&found, "partners", "key").0, "ok");
    }
}

#[test]
fn a_partner_whose_clock_shows_another_time_is_a_warning() {
    let late = "HTTP/1.1 404 Not Found\r\nDate: Thu, 15 Jan 2015 09:00:00 GMT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let home = named().with("CERTIPORT_API_KEY", "x");
    with_partner(&home, &format!("http://127.0.0.1:{}", answering(late)));
    let (state, words) = check(&report(&home, 0), "clock", "partner");
    assert_eq!((state.as_str(), words.contains("ahead of that of Certiport")), ("warning", true), "{words}");
}

#[test]
fn a_partner_that_says_nothing_does_not_hold_us_up() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let home = named().with("CERTIPORT_API_KEY", "x");
    with_partner(&home, &format!("http://{}", silent.local_addr().expect("an address")));
    let found = report(&home, 1);
    assert!(check(&found, "partners", "reachable").1.contains("no answer in time"));
}

#[test]
fn keys_are_missing_or_not_bound() {
    let home = named();
    // Nobody has this name (RFC 6761), so nothing is sent anywhere.
    with_partner(&home, "https://partner.invalid");
    let found = report(&home, 1);
    assert_eq!(check(&found, "partners", "key").0, "wrong");
    assert_eq!(check(&found, "partners", "reachable").0, "wrong");
    let home = home.with("COURSEVIA_SECRETS__CERTIPORT_API_KEY", "partner.invalid");
    let (state, words) = check(&report(&home, 1), "partners", "key");
    assert_eq!(state, "warning");
    assert!(words.contains("CERTIPORT_API_KEY is not set"), "{words}");
    let home =
        home.with("CERTIPORT_API_KEY", "x").with("COURSEVIA_SECRETS__CERTIPORT_API_KEY", "other.invalid");
    assert!(check(&report(&home, 1), "partners", "key").1.contains("belongs to other.invalid"));
}

#[test]
fn partners_with_their_own_sign_in_are_not_asked() {
    let home = named();
    std::fs::write(home.path().join("link.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "link.toml"]).ends(0);
    let (state, words) = check(&report(&home, 0), "partners", "reachable");
    assert_eq!((state.as_str(), words.contains("nds.example.org")), ("skipped", true), "{words}");
}

#[test]
fn a_sandbox_that_can_not_start_is_told() {
    let other = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").to_string();
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = (silent.local_addr().expect("an address").port().to_string(), silent);
    let mut home = home;
    for port in [&other, &silent.0] {
        home = home.with("COURSEVIA_SANDBOX__PORT", port);
        let found = report(&home, 1);
        let played = checks(&found, "partners", "reachable");
        assert!(
            played.iter().any(|(_, state, words)| state == "wrong" && words.contains(port)),
            "{played:?}"
        );
    }
}

#[test]
fn mail_leaves_or_it_is_told_why_not() {
    let home = Home::new().with("COURSEVIA_MAIL__SMTP_URL_ENV", "MAIL_SERVER");
    let (state, words) = check(&report(&home, 0), "mail", "route");
    assert_eq!((state.as_str(), words.contains("smtp_url_env")), ("warning", true));
    let home = home.with("MAIL_SERVER", &format!("smtp://127.0.0.1:{}", mail_server()));
    assert_eq!(check(&report(&home, 0), "mail", "server").0, "ok");
    let home = home.with("MAIL_SERVER", &format!("smtp://maya:hush@127.0.0.1:{}", nobody()));
    let found = report(&home, 1);
    assert_eq!(check(&found, "mail", "server").0, "wrong");
    assert!(!found.to_string().contains("hush"));
    let home = home.with("MAIL_SERVER", "mail.college.example");
    assert_eq!(check(&report(&home, 1), "mail", "route").0, "wrong");

    let home = Home::new();
    std::fs::write(home.path().join("file"), "").expect("written");
    let folder = home.path().join("file/mail").display().to_string();
    let home = home.with("COURSEVIA_MAIL__FOLDER", &folder);
    assert_eq!(check(&report(&home, 1), "mail", "folder").0, "wrong");
}

#[test]
fn files_that_others_can_read_are_wrong() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let data = home.path().join(".local/share/coursevia");
    let open = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    open(&data.join("coursevia.db"), 0o644);
    let of_database = |found: &Value| {
        let mut all = checks(found, "files", "rights");
        all.retain(|(_, state, words)| {
            words.contains("coursevia.db") || (state == "ok" && words.contains("database,"))
        });
        all.remove(0).1
    };
    assert_eq!(of_database(&report(&home, 0)), "ok", "the folders above keep others out");
    for folder in data.ancestors().take_while(|folder| folder.starts_with(home.path())) {
        open(folder, 0o755);
    }
    let found = report(&home, 1);
    assert_eq!(of_database(&found), "wrong");
    let todo = format!("chmod go= {}", data.join("coursevia.db").display());
    assert!(found["checks"].as_array().expect("checks").iter().any(|check| check["todo"] == json!(todo)));
}

#[test]
fn what_happened_in_the_future_is_wrong() {
    let home = Home::new();
    let url = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &url);
    std::fs::write(home.path().join("link.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "link.toml"]).ends(0);
    let keys = "<enter><enter>maya@example.org<enter><enter>";
    home.run(&["snapshot", "--now", "2099-01-15T09:00:00Z", "--keys", keys]).ends(0);
    let (state, words) = check(&report(&home, 1), "clock", "events");
    assert_eq!((state.as_str(), words.contains("days from now")), ("wrong", true), "{words}");
}

#[tokio::test]
async fn a_postgresql_is_looked_at_before_and_after_its_first_use() {
    let Some(database) = postgres::database().await else { return };
    let home = Home::new().with("COURSEVIA_DATABASE_URL", &database.url);
    let found = report(&home, 0);
    let (state, words) = check(&found, "database", "reachable");
    assert_eq!((state.as_str(), words.contains("reached and empty")), ("skipped", true), "{words}");
    std::fs::write(home.path().join("link.toml"), LINK_PARTNER).expect("written");
    home.run(&["catalog", "import", "link.toml"]).ends(0);
    let found = report(&home, 0);
    let (state, words) = check(&found, "database", "reachable");
    assert!(state == "ok" && words.starts_with("PostgreSQL 1"), "{words}");
    for (area, name) in [("database", "tables"), ("database", "integrity"), ("clock", "database")] {
        assert_eq!(check(&found, area, name).0, "ok", "{area} {name}");
    }
    assert_eq!(check(&found, "database", "programs").1, "the only one can be read");
}

#[test]
fn seats_and_ratings_that_were_changed_by_hand_are_found() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let found = report(&home, 0);
    assert_eq!(check(&found, "database", "seats").0, "ok");
    assert_eq!(check(&found, "database", "ratings").0, "ok");
    let file = home.path().join(".local/share/coursevia/coursevia.db");
    let change = |statement: &str| {
        let db = rusqlite::Connection::open(&file).expect("it opens");
        assert_eq!(db.execute(statement, ()).expect("it is written"), 1, "{statement}");
    };
    change("UPDATE cohorts SET taken = 2 WHERE id = (SELECT id FROM cohorts ORDER BY starts_on, id LIMIT 1)");
    let found = report(&home, 1);
    let (state, words) = check(&found, "database", "seats");
    assert_eq!(state, "wrong");
    assert!(words.starts_with("1 of 12 dated starts count"), "{words}");
    assert_eq!(check(&found, "database", "ratings").0, "ok");
    change("UPDATE cohorts SET taken = 0 WHERE taken = 2");
    change(
        "INSERT INTO review_totals (course_id, rating, reviews) SELECT id, 5, 3 FROM partner_courses LIMIT 1",
    );
    let found = report(&home, 1);
    let (state, words) = check(&found, "database", "ratings");
    assert_eq!(state, "wrong");
    assert!(words.starts_with("1 of the totals of reviews"), "{words}");
    assert_eq!(check(&found, "database", "seats").0, "ok");
}

#[test]
fn the_payment_processor_is_asked_with_its_key_which_is_not_shown() {
    let home = Home::new();
    home.run(&["programs"]).ends(0);
    let (state, found) = check(&report(&home, 0), "payment", "processor");
    assert!(state == "skipped" && found.contains("play money"), "{state}: {found}");
    let answers = |status: &'static str| format!("http://127.0.0.1:{}", answering(status));
    let yes = answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    let home = home.with("COURSEVIA_PAYMENT__BASE_URL", &yes);
    let (state, found) = check(&report(&home, 0), "payment", "key");
    assert!(state == "warning" && found.contains("STRIPE_SECRET_KEY"), "{state}: {found}");
    let home = home.with("STRIPE_SECRET_KEY", "sk_test_of_nobody");
    let told = report(&home, 0);
    assert!(check(&told, "payment", "key").1.contains("test mode"), "{told:#}");
    assert!(check(&told, "payment", "processor").1.contains("accepts our key"), "{told:#}");
    let no = answers("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let home = home.with("COURSEVIA_PAYMENT__BASE_URL", &no);
    let told = report(&home, 1);
    assert_eq!(check(&told, "payment", "processor").0, "wrong");
    assert!(!told.to_string().contains("of_nobody"));
}

#[test]
fn a_key_for_real_money_is_refused_until_it_is_allowed() {
    let home = Home::new()
        .with("COURSEVIA_PAYMENT__BASE_URL", "https://api.stripe.com")
        .with("COURSEVIA_PAYMENT__RETURN_URL", "https://college.example/paid")
        .with("STRIPE_SECRET_KEY", "sk_live_of_nobody");
    let ran = home.run(&["programs"]).ends(2).says("STRIPE_SECRET_KEY takes real money");
    assert!(!ran.stderr.contains("of_nobody"));
    home.with("COURSEVIA_PAYMENT__ALLOW_LIVE", "true").run(&["programs"]).ends(0);
}
