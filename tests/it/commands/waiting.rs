//! A start that is full: what is said, waiting for a seat, and what becomes of it.

use super::keys;
use crate::support::cli::Home;
use serde_json::{Value, json};

/// A class with two starts, the first with one seat, and a course at a partner that starts any time.
const SCHOOL: &str = r#"[[partner]]
name = "City College"
type = "college"
api = { protocol = "link", login_url = "https://college.example/login" }
[[partner]]
name = "Distance"
type = "distance"
api = { protocol = "link", login_url = "https://distance.example/login" }
[[program]]
slug = "welding"
title = "Welding"
category = "Trades"
summary = "Join metal."
[[program.course]]
partner = "City College"
name = "Welding in Class"
code = "W-1"
format = "in_person"
pacing = "instructor_led"
price = "0.00"
currency = "USD"
[[program.course.cohort]]
starts = "+14d"
schedule = "Mon + Wed 18:00"
time_zone = "America/Chicago"
location = "Hall 3"
seats = 1
[[program.course.cohort]]
starts = "+30d"
time_zone = "America/Chicago"
seats = 5
[[program.course]]
partner = "Distance"
name = "Welding by Post"
code = "W-2"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#;

/// The school, and the days of its two starts. Maya has the only seat of the first one.
struct School {
    home: Home,
    starts: [String; 2],
}

impl School {
    fn with_a_full_start() -> Self {
        let home = Home::new();
        let url = format!("sqlite://{}", home.path().join("own.db").display());
        let home = home.with("COURSEVIA_DATABASE_URL", &url);
        std::fs::write(home.path().join("school.toml"), SCHOOL).expect("written");
        home.run(&["catalog", "import", "school.toml"]).ends(0);
        let listed = home.json(&["calendar", "welding", "--json"]);
        let starts = [0, 1].map(|nth: usize| listed[nth]["starts_on"].as_str().expect("a day").to_owned());
        let school = Self { home, starts };
        school.done(&["enroll", "welding", "--cohort", school.full()], "maya");
        school
    }

    /// The day of the start that is full.
    fn full(&self) -> &str {
        &self.starts[0]
    }

    /// What a student's command prints.
    fn told(&self, args: &[&str], who: &str, code: i32) -> Value {
        let address = format!("{who}@example.org");
        let ran = self.home.run(&[args, &["--json", "--student", &address]].concat()).ends(code);
        serde_json::from_str(&ran.stdout).expect("JSON")
    }

    fn done(&self, args: &[&str], who: &str) -> Value {
        self.told(args, who, 0)
    }

    fn refused(&self, args: &[&str], who: &str) -> Value {
        self.told(args, who, 3)["error"].clone()
    }

    fn waits(&self, who: &str) -> Value {
        self.done(&["enroll", "welding", "--cohort", self.full(), "--waitlist"], who)
    }

    /// State and place of the only thing a student waits for.
    fn stands(&self, who: &str) -> (String, Option<u64>) {
        let list = self.done(&["waitlist", "list"], who);
        assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
        (list[0]["status"].as_str().expect("a state").to_owned(), list[0]["place"].as_u64())
    }

    /// Seats left, and how many wait, for the start that was full.
    fn seats(&self) -> (Value, Value) {
        let listed = self.home.json(&["calendar", "welding", "--json"]);
        (listed[0]["seats_left"].clone(), listed[0]["waitlist"].clone())
    }

    /// The mails to a student, in no order.
    fn mails(&self, who: &str) -> Vec<String> {
        let folder = self.home.path().join(".local/share/coursevia/mail");
        let all = std::fs::read_dir(folder).expect("mail");
        let all = all.map(|mail| std::fs::read_to_string(mail.expect("a file").path()).expect("a mail"));
        all.filter(|mail| mail.contains(&format!("To: {who}@example.org"))).collect()
    }

    /// Lets the offer that stands run out.
    fn offer_runs_out(&self) {
        let db = rusqlite::Connection::open(self.home.path().join("own.db")).expect("it opens");
        let rows =
            db.execute("UPDATE waitlist_entries SET offer_until = offered_at WHERE status = 'offered'", ());
        assert_eq!(rows.expect("it is written"), 1);
    }
}

#[test]
fn a_full_start_is_refused_with_what_can_be_done_instead() {
    let school = School::with_a_full_start();
    let refused = school.refused(&["enroll", "welding", "--cohort", school.full()], "noah");
    assert_eq!(refused["code"], "cohort_full");
    assert_eq!(refused["alternatives"], json!([school.starts[1], "Distance"]));
    let words = refused["message"].as_str().expect("words");
    let wait = format!("coursevia enroll welding --cohort {} --waitlist", school.full());
    assert!(words.contains("with City College is full.") && words.ends_with(&wait), "{words}");
    let quoted = ["enroll", "welding", "--partner", "city college", "--cohort", school.full()];
    let words = school.refused(&quoted, "noah")["message"].to_string();
    assert!(words.contains("--partner 'City College' --cohort"), "{words}");
    assert_eq!(school.seats(), (json!(0), json!(0)));
    let free = ["enroll", "welding", "--cohort", &school.starts[1], "--waitlist"];
    assert_eq!(school.refused(&free, "noah")["code"], "seat_free");
    let any_time = ["enroll", "welding", "--partner", "Distance", "--waitlist"];
    assert_eq!(school.refused(&any_time, "noah")["code"], "no_dates");
    let unknown = school.told(&["enroll", "welding", "--cohort", "soon"], "noah", 1)["error"].clone();
    assert_eq!(
        (&unknown["code"], &unknown["alternatives"]),
        (&json!("unknown_start"), &json!(school.starts))
    );
    assert!(
        unknown["message"].as_str().is_some_and(|words| words.starts_with("Welding has no start \"soon\"."))
    );
}

#[test]
fn who_waits_longest_gets_the_seat_that_frees() {
    let school = School::with_a_full_start();
    let entry = school.waits("noah");
    let shape = [
        "cohort_id",
        "currency",
        "entry_id",
        "offer_until",
        "partner",
        "place",
        "price_cents",
        "program",
        "starts_on",
        "status",
    ];
    assert_eq!(keys(&entry), shape);
    assert_eq!((&entry["status"], &entry["place"]), (&json!("waiting"), &json!(1)));
    assert_eq!((&entry["starts_on"], &entry["offer_until"]), (&json!(school.full()), &Value::Null));
    school.waits("lee");
    let again = ["enroll", "welding", "--cohort", school.full(), "--waitlist"];
    assert_eq!(school.refused(&again, "noah")["code"], "already_waiting");
    assert_eq!(school.refused(&["waitlist", "accept", "welding"], "noah")["code"], "still_waiting");
    assert_eq!(school.seats(), (json!(0), json!(2)));
    let listed = school.home.run(&["waitlist", "list", "--student", "lee@example.org"]).ends(0).stdout;
    assert!(listed.starts_with("PROGRAM") && listed.contains("place 2"), "{listed}");

    school.done(&["cancel", "welding"], "maya");
    assert_eq!(school.stands("noah"), ("offered".to_owned(), None));
    assert_eq!(school.stands("lee"), ("waiting".to_owned(), Some(1)));
    assert_eq!(school.seats(), (json!(0), json!(1)), "the seat is kept");
    let mails = school.mails("noah");
    assert_eq!(mails.len(), 1, "{mails:?}");
    for words in [
        "Subject: A seat is kept for you in Welding",
        "Partner  City College",
        "When     Mon + Wed 18:00",
        "Where    Hall 3",
        "coursevia waitlist accept welding",
        "coursevia waitlist decline welding",
    ] {
        assert!(mails[0].contains(words), "{words:?} is not in:\n{}", mails[0]);
    }
    assert_eq!(school.mails("lee"), [""; 0]);
    let past_the_queue = ["enroll", "welding", "--cohort", school.full()];
    assert_eq!(school.refused(&past_the_queue, "zoe")["code"], "cohort_full");

    let enrolled = school.done(&["waitlist", "accept", "welding"], "noah");
    assert_eq!(keys(&enrolled), ["cohort", "enrollment_id", "partner", "program", "status"]);
    assert_eq!((&enrolled["cohort"], &enrolled["status"]), (&json!(school.full()), &json!("active")));
    assert_eq!(school.done(&["waitlist", "list"], "noah"), json!([]));
    assert_eq!(school.refused(&["waitlist", "accept", "welding"], "noah")["code"], "already_enrolled");
    let id = entry["entry_id"].as_str().expect("an id");
    school.refused(&["waitlist", "accept", id], "noah");
    assert_eq!(school.done(&["courses"], "noah").as_array().map(Vec::len), Some(1));
    assert_eq!(school.mails("noah").len(), 2, "the enrollment is confirmed once");
}

#[test]
fn declining_and_leaving_move_the_queue_on() {
    let school = School::with_a_full_start();
    for who in ["noah", "lee", "zoe", "tom"] {
        school.waits(who);
    }
    assert_eq!(school.done(&["waitlist", "leave", "welding"], "zoe")["status"], "left");
    assert_eq!(school.stands("tom"), ("waiting".to_owned(), Some(3)));
    school.done(&["cancel", "welding"], "maya");
    let declined = school.done(&["waitlist", "decline", "welding"], "noah");
    assert_eq!((&declined["status"], &declined["offer_until"]), (&json!("declined"), &Value::Null));
    assert_eq!(
        school.told(&["waitlist", "decline", "welding"], "noah", 1)["error"]["code"],
        "unknown_waitlist_entry"
    );
    let id = declined["entry_id"].as_str().expect("an id");
    assert_eq!(school.refused(&["waitlist", "accept", id], "noah")["code"], "offer_over");
    assert_eq!(school.stands("lee").0, "offered");
    assert_eq!(school.mails("lee").len(), 1);

    school.offer_runs_out();
    assert_eq!(school.refused(&["waitlist", "accept", "welding"], "lee")["code"], "offer_over");
    assert_eq!(school.stands("lee"), ("expired".to_owned(), None));
    assert_eq!(school.stands("tom").0, "offered");
    let strangers = school.done(&["waitlist", "list"], "tom")[0]["entry_id"].clone();
    let strangers = strangers.as_str().expect("an id");
    let refused = school.refused(&["waitlist", "accept", strangers], "lee");
    assert_eq!(refused["code"], "not_yours");
    let advisor = ["waitlist", "accept", "welding", "--advisor", "ruth@college.example"];
    assert_eq!(school.done(&advisor, "tom")["status"], "active");
    assert_eq!(school.seats(), (json!(0), json!(0)));
}

#[test]
fn two_who_accept_at_once_are_enrolled_once() {
    let school = School::with_a_full_start();
    school.waits("noah");
    school.done(&["cancel", "welding"], "maya");
    let accept = || school.home.run(&["waitlist", "accept", "welding", "--student", "noah@example.org"]).code;
    let mut codes = std::thread::scope(|scope| {
        let both = [scope.spawn(accept), scope.spawn(accept)];
        both.map(|one| one.join().expect("it ends"))
    });
    codes.sort_unstable();
    assert_eq!(codes, [0, 3]);
    assert_eq!(school.done(&["courses", "--all"], "noah").as_array().map(Vec::len), Some(1));
    assert_eq!(school.seats(), (json!(0), json!(0)));
}

#[test]
fn a_start_that_is_withdrawn_keeps_no_seat_for_anybody() {
    let school = School::with_a_full_start();
    for who in ["noah", "lee"] {
        school.waits(who);
    }
    school.done(&["cancel", "welding"], "maya");
    let (before, rest) = SCHOOL.split_once("[[program.course.cohort]]").expect("a start");
    let (_, later) = rest.split_once("[[program.course.cohort]]").expect("another start");
    let fewer = format!("{before}[[program.course.cohort]]{later}");
    std::fs::write(school.home.path().join("school.toml"), fewer).expect("written");
    school.home.run(&["catalog", "import", "school.toml", "--prune"]).ends(0);
    for who in ["noah", "lee"] {
        assert_eq!(school.stands(who), ("closed".to_owned(), None));
    }
    let listed = school.home.run(&["waitlist", "list", "--student", "noah@example.org"]).ends(0).stdout;
    assert!(listed.contains("not offered any more"), "{listed}");
    assert_eq!(school.refused(&["waitlist", "accept", "welding"], "noah")["code"], "offer_over");
    let checks = school.home.json(&["doctor", "--json"])["checks"].clone();
    let seats = checks.as_array().expect("checks").iter().find(|check| check["name"] == "seats").cloned();
    assert_eq!(seats.expect("it is looked at")["state"], "ok");
}

#[test]
fn enrolling_takes_the_seat_that_is_kept() {
    let school = School::with_a_full_start();
    for who in ["noah", "lee"] {
        school.waits(who);
    }
    let enroll = ["enroll", "welding", "--cohort", school.full()];
    assert_eq!(school.refused(&enroll, "noah")["code"], "cohort_full", "no seat is kept yet");
    school.done(&["cancel", "welding"], "maya");
    assert_eq!(school.refused(&enroll, "lee")["code"], "cohort_full", "it is kept for somebody else");
    assert_eq!(school.done(&enroll, "noah")["status"], "active");
    assert_eq!(school.done(&["waitlist", "list"], "noah"), json!([]));
    assert_eq!(school.stands("lee"), ("waiting".to_owned(), Some(1)));
    assert_eq!(school.seats(), (json!(0), json!(1)));
}

#[test]
fn two_starts_on_one_day_are_chosen_by_id() {
    let school = School::with_a_full_start();
    let other = "[[program.course.cohort]]\nstarts = \"+14d\"\ntime_zone = \"America/Chicago\"\nlocation = \"Hall 9\"\nseats = 2\n[[program.course]]\npartner = \"Distance\"";
    let both = SCHOOL.replace("[[program.course]]\npartner = \"Distance\"", other);
    std::fs::write(school.home.path().join("school.toml"), both).expect("written");
    school.home.run(&["catalog", "import", "school.toml"]).ends(0);
    let unclear = school.told(&["enroll", "welding", "--cohort", school.full()], "noah", 1)["error"].clone();
    assert_eq!(unclear["code"], "unclear_start");
    assert!(unclear["message"].as_str().is_some_and(|words| words.contains("(City College, Hall 9)")));
    let ids = unclear["alternatives"].as_array().expect("ids").clone();
    assert_eq!(ids.len(), 2);
    let enrolled = ids.iter().filter(|id| {
        let id = id.as_str().expect("an id");
        let args = ["enroll", "welding", "--cohort", id, "--student", "noah@example.org"];
        school.home.run(&args).code == 0
    });
    assert_eq!(enrolled.count(), 1, "one of the two has a seat");
}
