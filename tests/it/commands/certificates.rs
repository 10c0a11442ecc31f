//! `certificate`, and what `courses` says of exams and certificates.

use super::{MAYA, keys};
use crate::support::cli::Home;
use crate::support::http;
use coursevia::platform::{Clock, IdSource};
use coursevia::sandbox::{FailPlan, Sandbox, SandboxOptions};
use serde_json::json;

fn args<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [words, &MAYA[..]].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_printed_and_opened() {
    let home = Home::new();
    let options = SandboxOptions {
        port: 0,
        link_port: None,
        file: home.path().join("partners.db"),
        key: None,
        fail: FailPlan::default(),
        clock: Clock::System,
        ids: IdSource::Random,
        lti: None,
    };
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let port = sandbox.url().as_url().port().expect("a port").to_string();
    let home = home.with("COURSEVIA_SANDBOX__PORT", &port);
    home.run(&args(&["enroll", "cna-training", "--partner", "Certiport"])).ends(0);
    let none = home.run(&args(&["certificate", "cna-training"])).ends(1);
    assert!(
        none.stderr.contains("it comes when Certiport reports the course as completed"),
        "{}",
        none.stderr
    );
    let refused = home.run(&args(&["certificate", "cna-training", "--json"])).ends(1);
    let refused: serde_json::Value = serde_json::from_str(&refused.stdout).expect("JSON");
    assert_eq!(refused["error"]["code"], "no_certificate");

    let at_partner = http::json(&format!("{}_control/enrollments", sandbox.url())).await;
    let report = |percent: u8, failed: bool| json!({ "partner": "certiport", "enrollment_id": at_partner[0]["id"], "percent": percent, "failed": failed });
    let control = format!("{}_control/progress", sandbox.url());
    http::post(&control, &report(80, true)).await;
    home.run(&args(&["sync"])).ends(0);
    let courses = home.json(&args(&["courses", "--json"]));
    assert_eq!(
        (&courses[0]["progress_percentage"], &courses[0]["progress_source"]),
        (&json!(80), &json!("partner"))
    );
    assert!(courses[0]["exam_failed_at"].is_string());
    let listed = home.run(&args(&["courses"])).ends(0).stdout;
    assert!(listed.contains("exam not passed on"), "{listed}");

    http::post(&control, &report(100, false)).await;
    home.run(&args(&["sync"])).ends(0);
    let certificate = home.json(&args(&["certificate", "cna-training", "--json"]));
    let shape = [
        "code",
        "enrollment_id",
        "expires_at",
        "issued_at",
        "number",
        "partner",
        "program",
        "url",
        "verify_url",
    ];
    assert_eq!(keys(&certificate), shape);
    let printed = home.run(&args(&["certificate", "cna-training"])).ends(0).stdout;
    assert!(printed.contains("Number") && printed.contains("Expires"), "{printed}");
    let away = home.with("SSH_CONNECTION", "a 1 b 2");
    let ran = away.run(&args(&["certificate", "cna-training", "--open"])).ends(1);
    assert!(ran.stderr.contains("Open it yourself: http://127.0.0.1"), "{}", ran.stderr);
}
