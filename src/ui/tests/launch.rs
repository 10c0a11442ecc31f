//! Opening a course.

use super::stage::{Stage, confirmed, count, failed, is_launch, other, requested, start, student, url};
use crate::domain::decide::fixtures::{course_of, program, rest_offer};
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::progress::{Percent, Progress};
use crate::domain::provider::{Disclosure, LtiAccess, LtiTool, Protocol};
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::ui::app::Overlay;
use crate::ui::card::{Next, next};
use crate::ui::effect::Effect;
use crate::ui::msg::{LaunchOutcome, Msg, Who};
use chrono::TimeDelta;

fn maya(courses: Vec<crate::domain::views::CourseView>) -> Stage {
    Stage::ready(Who::Student(student("Maya")), courses)
}

#[test]
fn one_key_opens_and_says_so_at_once() {
    let mut stage = maya(vec![confirmed()]);
    let effects = stage.keys("<enter>");
    let id = confirmed().enrollment.id;
    assert!(matches!(effects[..], [Effect::Launch { enrollment, .. }] if enrollment == id));
    assert!(stage.picture().contains("Opening Certiport…"));
    assert!(stage.app.wants_tick());
    stage.launched(Ok(LaunchOutcome::Opened(url())));
    assert_eq!(stage.message(), "Opened Certiport in your browser. y shows the link.");
}

#[test]
fn a_tool_opens_from_here_though_it_prepared_nothing() {
    let mut offer = rest_offer("Local Community College");
    offer.provider.protocol = Protocol::Lti13(LtiAccess {
        tool: LtiTool::Sandbox,
        client_id: "college".into(),
        deployment_id: "1".into(),
        discloses: Disclosure::default(),
    });
    let mut course = course_of(&program(vec![offer]), 0);
    let mut stage = maya(vec![course.clone()]);
    assert!(stage.picture().contains("Start ⏎"), "{}", stage.picture());
    assert_eq!(count(&stage.keys("<enter>"), is_launch), 1);
    course.launched = true;
    let mut stage = maya(vec![course.clone()]);
    assert!(stage.picture().contains("Continue ⏎"), "{}", stage.picture());
    stage.keys("o");
    assert!(stage.picture().contains("Opens from here"), "{}", stage.picture());
    assert!(!stage.picture().contains("You sign in"), "{}", stage.picture());
    course.enrollment.status = Status::Completed;
    assert_eq!(next(&course, start()), Next::OpenAgain);
}

#[test]
fn a_double_enter_opens_once() {
    let mut stage = maya(vec![confirmed(), other()]);
    assert_eq!(count(&stage.keys("<enter><enter>j<enter>"), is_launch), 1);
}

#[test]
fn waits_for_the_partner_and_then_opens_by_itself() {
    let mut stage = maya(vec![requested()]);
    assert_eq!(stage.keys("<enter><enter>"), []);
    assert!(stage.message().starts_with("Certiport is still preparing your place; it opens by itself"));
    stage.send(Msg::WorkDone);
    assert_eq!(count(&stage.courses(vec![requested()]), is_launch), 0);
    stage.send(Msg::WorkDone);
    assert_eq!(count(&stage.courses(vec![confirmed()]), is_launch), 1);
    assert_eq!(count(&stage.courses(vec![confirmed()]), is_launch), 0);
}

#[test]
fn esc_stops_waiting() {
    let mut stage = maya(vec![requested()]);
    stage.keys("<enter><esc>");
    stage.send(Msg::WorkDone);
    assert_eq!(count(&stage.courses(vec![confirmed()]), is_launch), 0);
}

#[test]
fn a_place_that_fails_while_waiting_says_what_to_do() {
    let mut stage = maya(vec![requested()]);
    stage.keys("<enter>");
    stage.send(Msg::WorkDone);
    stage.courses(vec![failed()]);
    assert_eq!(stage.message(), "Certiport could not prepare your place. t tries again.");
    assert!(matches!(stage.keys("t")[..], [Effect::Retry { .. }]));
}

#[test]
fn the_service_may_tell_to_wait() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    let effects = stage.launched(Ok(LaunchOutcome::Wait));
    assert!(matches!(effects[..], [Effect::LoadCourses { .. }]));
    assert_eq!(count(&stage.courses(vec![confirmed()]), is_launch), 1);
}

#[test]
fn without_a_browser_the_link_is_shown_and_copied() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    let effects = stage.launched(Ok(LaunchOutcome::Show(url())));
    assert_eq!(effects[0], Effect::CopyLink(url()));
    assert!(matches!(effects[1..], [Effect::LoadCourses { .. }]), "{effects:?}");
    assert!(stage.picture().contains("https://sso.example.org/?t=1"));
}

#[test]
fn a_link_of_this_machine_is_no_code_for_a_phone() {
    let here = LaunchUrl::new(WebUrl::parse("http://127.0.0.1:8766/course/1").unwrap(), None);
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<resize:120x40><enter>");
    stage.launched(Ok(LaunchOutcome::Show(here)));
    assert!(stage.picture().contains("on the machine coursevia runs on"));
}

#[test]
fn y_shows_the_link_and_copies_it_there() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Ok(LaunchOutcome::Opened(url())));
    assert_eq!(stage.keys("y"), []);
    assert!(matches!(stage.app.overlays[..], [Overlay::Link { .. }]));
    assert_eq!(stage.keys("y"), [Effect::CopyLink(url())]);
}

#[test]
fn a_failure_stays_on_screen_with_its_next_step() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Err(Failure::new("partner_unavailable", "It does not answer. Try again in a minute.")));
    assert_eq!(stage.message(), "It does not answer. Try again in a minute.");
    assert_eq!(count(&stage.keys("<enter>"), is_launch), 1);
}

#[test]
fn answers_to_older_launches_are_dropped() {
    let mut stage = maya(vec![confirmed()]);
    let id = confirmed().enrollment.id;
    stage.send(Msg::Launched { request: 1, enrollment: id, result: Ok(LaunchOutcome::Opened(url())) });
    assert_eq!(stage.message(), "");
    assert!(stage.app.given_link().is_none());
}

#[test]
fn a_link_is_shown_whole_on_the_smallest_terminal() {
    let long = format!("https://sso.example.org/?token={}", "0123456789".repeat(12));
    let url = LaunchUrl::new(WebUrl::parse(&long).unwrap(), Some(start() + TimeDelta::minutes(5)));
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Ok(LaunchOutcome::Show(url)));
    for size in ["40x10", "60x20", "80x24"] {
        stage.keys(&format!("<resize:{size}>"));
        let picture = stage.picture();
        let shown: String = picture.chars().filter(|c| !" \"┃\n".contains(*c)).collect();
        assert!(shown.contains(&long), "{picture}");
        assert!(picture.contains("y copies"), "{picture}");
    }
}

#[test]
fn what_was_handed_over_is_read_again_when_the_link_is_closed() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Ok(LaunchOutcome::Show(url())));
    let effects = stage.keys("<esc>");
    assert!(matches!(effects[..], [Effect::LoadCourses { .. }]), "{effects:?}");
}

#[test]
fn the_link_of_a_cancelled_course_is_forgotten() {
    let mut stage = maya(vec![confirmed()]);
    stage.keys("<enter>");
    stage.launched(Ok(LaunchOutcome::Opened(url())));
    stage.courses(vec![confirmed()]);
    stage.keys("x<enter>");
    let request = stage.request(|effect| matches!(effect, Effect::Cancel { .. }));
    stage.send(Msg::Cancelled { request, enrollment: confirmed().enrollment.id, result: Ok(()) });
    assert!(!stage.picture().contains("show link"), "{}", stage.picture());
}

#[test]
fn a_course_that_has_begun_is_not_asked_about_but_refused() {
    let mut course = confirmed();
    course.enrollment.progress =
        Progress { percent: Percent::reported(40.0).unwrap(), as_of: Some(start()), ..Progress::default() };
    let mut stage = maya(vec![course]);
    assert_eq!(stage.keys("x"), []);
    assert!(stage.app.overlays.is_empty());
    assert!(stage.message().contains("already started"), "{}", stage.message());
}

#[test]
fn what_was_finished_is_said_once() {
    let mut done = confirmed();
    done.enrollment.status = Status::Completed;
    let mut stage = maya(vec![confirmed()]);
    for _ in 0..2 {
        stage.keys("r");
        stage.courses(vec![done.clone()]);
    }
    let said = stage.app.said.all.iter().filter(|(_, notice)| notice.text.starts_with("You have completed"));
    assert_eq!(said.count(), 1);
}
