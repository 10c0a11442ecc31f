//! The demo's college opens by LTI 1.3, from the command to the course in the browser.

use super::browser::{Browser, Waiting};
use crate::support::cli::Home;
use crate::support::till::free_port;

const MAYA: [&str; 2] = ["--student", "maya@example.org"];

fn enrolled() -> Home {
    let home = Home::new().with("COURSEVIA_LTI__PORT", &free_port());
    let home = home.with("COURSEVIA_SANDBOX__PORT", &free_port());
    let college = ["enroll", "cna-training", "--partner", "Local Community College"];
    home.run(&[&college[..], &MAYA].concat()).ends(0);
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn the_college_opens_signed_in() {
    let home = enrolled();
    let shown = home.run(&[&["courses"][..], &MAYA].concat()).ends(0).stdout;
    assert!(shown.contains("ready") && !shown.contains("sign in"), "{shown}");
    let waiting = Waiting::start(&home, "cna-training");
    let mut browser = Browser::new();
    let question = browser.question(waiting.link()).await;
    let form = browser.form(&question).await;
    let answer = browser.send_form(&form).await;
    assert_eq!(answer.status(), 303);
    let page = url::Url::parse(&form.action).expect("an address").join(super::world::location(&answer));
    let page = browser.go(page.expect("an address").as_str()).await.text().await.expect("a page");
    for shown in
        ["Local Community College", "Course Nursing Assistant (CNA)", "Signed in as maya@example.org"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    // The answer does not work a second time.
    assert_eq!(browser.send_form(&form).await.status(), 403);
}
