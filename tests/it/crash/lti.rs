//! Killed while a course is opened by LTI 1.3.

use super::{MAYA, RIGHT, STUDENT, World, count, courses, enroll};
use crate::support::http;
use crate::support::lti::{asks, becomes_tool, encoded, hints, opens, put_key, question, times_told, tool};
use coursevia::domain::actor::Actor;
use coursevia::domain::event::EventKind;
use coursevia::domain::provider::Disclosure;
use coursevia::service::Launch;
use coursevia::service::lti::LtiAnswer;
use coursevia::store::FailPoint;
use reqwest::header::LOCATION;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use url::Url;

const CLIENT: &str = "client-of-certiport";

pub(super) async fn open(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    becomes_tool(services, "Certiport", tool(CLIENT, Disclosure::default())).await;
    enroll(services, &student).await;
    put_key(&world.home.path().join(".local/share/coursevia/lti-key.pem"));
    put_key(&office.config().lti.key_file);
    dies(world, point).await;
    let view = courses(services, &student).await.remove(0);
    let told = usize::from(point == FailPoint::LtiUseAfterCommit);
    for kind in [EventKind::Disclosed, EventKind::Launched, EventKind::Started] {
        assert_eq!(count(services, &view, kind).await, told, "{kind:?}");
    }
    assert_eq!(view.launched, told > 0);
    // The student opens it again.
    let (actor, id) = (Actor::Student(view.student.id), view.enrollment.id);
    let launch = office.launch(services, actor, id).await.expect("it launches");
    let Launch::Link(url) = launch else { panic!("it waits") };
    let answer = asks(services, &question(CLIENT, &opens(services, &url).await)).await;
    assert!(matches!(answer, LtiAnswer::Token(_)), "{answer:?}");
    assert_eq!(times_told(services, id).await, told + 1);
    assert_eq!(count(services, &view, EventKind::Started).await, 1, "{MAYA} began once");
}

/// The process that answers, as far as it gets.
async fn dies(world: &World, point: FailPoint) {
    let command = [&["launch", "cna-training", "--print-url"], &STUDENT[..]].concat();
    if point.code().starts_with("lti_begin_") {
        return world.dies_at(point, RIGHT, &command);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_coursevia"))
        .args(command)
        .env_clear()
        .envs(world.home.environment())
        .env("COURSEVIA_CRASH_AT", point.code())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("coursevia runs");
    let mut link = String::new();
    BufReader::new(child.stdout.as_mut().expect("piped")).read_line(&mut link).expect("a line");
    http::client();
    let policy = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(policy).build().expect("a client");
    let address = Url::parse(link.trim()).expect("an address");
    if let Ok(begun) = client.get(address.clone()).send().await {
        let login = Url::parse(begun.headers()[LOCATION].to_str().expect("text")).expect("an address");
        let query = encoded(&question(CLIENT, &hints(&login)));
        let auth = address.join("/lti/auth").expect("an address");
        assert!(client.get(format!("{auth}?{query}")).send().await.is_err(), "it died before it answered");
    }
    assert_eq!(child.wait().expect("it ends").code(), None, "{} was not reached", point.code());
}
