//! What the commands say of a course that is taught here.

use crate::support::cli::Home;
use crate::support::desk::Campus;
use crate::support::lessons::{CATALOG, PROGRAM, course, enrolled, key};
use coursevia::domain::actor::Actor;
use coursevia::domain::person::Email;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_course_with_lessons_says_how_to_begin_and_how_far_it_is() {
    let campus = Campus::with_catalog(CATALOG).await;
    let services = campus.services().await;
    services.import_course(&course(PROGRAM), false).await.expect("imported");
    let (home, url) = (Home::new(), campus.database_url());
    let who = ["--student", "maya@example.org", "--database-url", &url];
    home.run(&[&["enroll", PROGRAM], &who[..]].concat())
        .ends(0)
        .says("start coursevia and press Enter on it under My courses");
    let listed = home.run(&[&["courses"], &who[..]].concat()).ends(0).stdout;
    assert!(listed.contains("ready") && !listed.contains("coming soon"), "{listed}");
    home.run(&[&["launch", PROGRAM], &who[..]].concat()).ends(3).says("press Enter on it under My courses");
    let taught = || home.json(&[&["courses", "--json"], &who[..]].concat())[0]["taught"].clone();
    assert_eq!(taught(), json!({ "lessons": 3, "read": 0 }));

    let email = Email::parse("maya@example.org").expect("an address");
    let maya = services.learner(&email, None).await.expect("Maya");
    let id = enrolled(services, &maya).await.expect("enrolled");
    services.finish_lesson(Actor::Student(maya.id), id, &key("crane")).await.expect("it is read");
    assert_eq!(taught(), json!({ "lessons": 3, "read": 1 }));
    let shown = home.json(&[&["courses", "--json"], &who[..]].concat())[0].clone();
    assert_eq!((&shown["progress_percentage"], &shown["progress_source"]), (&json!(36), &json!("here")));
}
