//! Input that nobody means: far too long, invisible, too fast, too small a terminal, two at once.

use crate::support::cli::Home;
use crate::support::desk::Campus;
use crate::support::pty::Pty;

const SIZE: (u16, u16) = (100, 30);

fn long_address() -> String {
    format!("{}@example.org", "m".repeat(10_000))
}

#[test]
fn an_address_of_ten_thousand_characters_is_refused_in_one_sentence() {
    let (home, long) = (Home::new(), long_address());
    for arguments in [
        &["enroll", "dental-safety", "--student", &long][..],
        &["profile", "--email", &long],
        &["enroll", "dental-safety", "--student", "maya@example.org", "--advisor", &long],
    ] {
        let ran = home.run(arguments).ends(2).says("write it like maya@example.org");
        assert!(ran.stderr.chars().count() < 200, "{}", ran.stderr);
    }
    home.run(&["profile"]).ends(2).says("there is no profile yet");
}

#[tokio::test]
async fn an_address_of_ten_thousand_characters_leaves_the_dialog_open() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk().await;
    let paste = format!("<paste:{}>", long_address());
    // A paste that does not fit is refused whole: half an address would be somebody else's.
    desk.keys("<enter><enter>maya@ex").await.keys(&paste).await.sees("This is too long").sees("maya@ex");
    desk.keys("ample.org<enter>").await.sees("Enrolled via");
}

#[test]
fn names_keep_nothing_invisible() {
    let home = Home::new();
    home.run(&[
        "profile",
        "--email",
        "maya@example.org",
        "--name",
        "Ma\u{200b}ya\u{202e} O\u{feff}k\u{1b}[31mafor",
    ])
    .ends(0);
    assert_eq!(home.run(&["profile"]).ends(0).stdout, "maya@example.org\nMaya Okafor\n");
    // A name of which nothing can be seen is none: the one before stays.
    home.run(&["profile", "--name", "\u{200b}\u{202e}\u{feff}"]).ends(0);
    assert_eq!(home.run(&["profile"]).ends(0).stdout, "maya@example.org\nMaya Okafor\n");
}

#[test]
fn a_catalogue_keeps_nothing_invisible() {
    let home = Home::new();
    let url = format!("sqlite://{}", home.path().join("own.db").display());
    let home = home.with("COURSEVIA_DATABASE_URL", &url);
    let file = home.path().join("catalog.toml");
    let import = |source: &str| {
        std::fs::write(&file, source).expect("written");
        home.run(&["catalog", "import", &file.display().to_string()])
    };
    let source = crate::support::catalogs::LINK_PARTNER;
    let hidden = source.replace("Dental Office Safety", "Dental \\u202EOffice\\u200B Safety");
    import(&hidden).ends(0);
    let programs = home.json(&["programs", "--json"]);
    assert_eq!(programs[0]["title"], "Dental Office Safety");
    // Two partners whose names look the same are one written twice.
    let twin = source.replacen("[[program]]", "[[partner]]\nname = \"N\\u200BDS\"\ntype = \"nds\"\napi = { protocol = \"link\", login_url = \"https://nds.example.org/2\" }\n[[program]]", 1);
    import(&twin).ends(1);
    let nothing = source.replace("\"Dental Office Safety\"", "\"\\u200B\\u202E\"");
    import(&nothing).ends(1).says("catalog.toml:");
}

#[tokio::test]
async fn what_was_typed_survives_a_terminal_of_one_cell() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk().await;
    desk.keys("<enter><enter>maya@exam").await.sees("maya@exam");
    desk.keys("<resize:1x1>zz<enter><esc><click:0,0><wheel:down><paste:zz>").await;
    desk.keys("<resize:40x10>").await.sees("maya@exam").keys("<resize:100x30>").await.sees("maya@exam");
    desk.keys("ple.org<enter>").await.sees("Enrolled via");
}

#[test]
fn a_dialog_survives_a_terminal_of_one_cell() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs")
        .types("\r")
        .waits_for("Choose your learning format")
        .types("\r")
        .waits_for("e-mail");
    app.types("maya@exam").waits_for("maya@exam");
    // There is room for one sign only.
    app.resize(1, 1);
    app.waits_for("…");
    app.resize(100, 30);
    app.waits_for("maya@exam");
    // Back before anybody has looked: what did not fit is gone from the terminal all the same.
    for _ in 0..20 {
        app.resize(1, 1);
        app.resize(100, 30);
    }
    app.waits_for("maya@exam").waits_for("Your e-mail address");
    app.types("ple.org\r").waits_for("Enrolled via");
    app.types("q");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn a_paste_of_a_megabyte_is_text_and_the_app_goes_on() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    let paste = |text: &str| format!("\u{1b}[200~{text}\u{1b}[201~");
    let megabyte = "weld q\r\n".repeat(128 * 1024);
    // Where no text is wanted it is dropped, and none of its letters is a key.
    app.waits_for("22 programs").types(&paste(&megabyte)).types("/").types("nurse").waits_for("1 of 22");
    app.types("\u{1b}")
        .waits_for("subject or partner")
        .types(&paste(&megabyte))
        .waits_for("This is too long");
    app.types("weld").waits_for("▌Welding").types("\u{3}");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[test]
fn keys_held_down_do_not_pile_up() {
    let home = Home::new();
    let mut app = Pty::start(&home, &[], SIZE);
    app.waits_for("22 programs");
    // Ten seconds at thirty keys a second are three hundred; this is four times as many, at once.
    app.types(&"j".repeat(1_000)).waits_for("▌Job Readiness").types(&"k".repeat(200)).types("/weld");
    app.waits_for("/ weld").waits_for("▌Welding").types("\u{3}");
    assert_eq!(app.ends(), 0);
    app.is_restored();
}

#[tokio::test]
async fn keys_held_down_do_each_thing_once() {
    let campus = Campus::demo().await;
    let mut desk = campus.desk_of_student("maya@example.org").await;
    desk.keys("/nurse<enter>").await;
    desk.keys_at_once(&"<enter>".repeat(300)).await;
    assert_eq!(campus.at_partners().await.len(), 1);
}

#[test]
fn two_apps_on_one_database_make_one_enrollment() {
    let home = Home::new();
    home.run(&["profile", "--email", "maya@example.org"]).ends(0);
    let mut apps = [Pty::start(&home, &[], SIZE), Pty::start(&home, &[], SIZE)];
    for app in &mut apps {
        app.waits_for("22 programs").types("/nurse").waits_for("CNA Training").types("\r");
        app.waits_for("Choose your learning format");
    }
    for app in &mut apps {
        app.types("\r");
    }
    for app in &mut apps {
        app.waits_for("via Certiport").types("2").waits_for("0% complete").types("q");
        assert_eq!(app.ends(), 0);
        app.is_restored();
    }
    let courses = home.json(&["courses", "--all", "--json"]);
    assert_eq!(courses.as_array().expect("a list").len(), 1, "{courses}");
}

#[test]
fn without_a_terminal_the_app_names_the_other_ways() {
    let home = Home::new();
    let ran = home.run(&[]).ends(2).says("this is no terminal").says("coursevia snapshot").says("--help");
    assert_eq!(ran.stdout, "");
    // Only one end is a terminal: stdin of this one is.
    let mut app = Pty::start_shell(&home, "exec '$COURSEVIA' >out 2>err", SIZE);
    assert_eq!(app.ends(), 2);
    let said = std::fs::read_to_string(home.path().join("err")).expect("it was said");
    assert!(said.contains("this is no terminal"), "{said}");
    assert_eq!(std::fs::read(home.path().join("out")).expect("the file"), b"");
}
