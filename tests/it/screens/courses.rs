//! Tab 2 and the course screen.

use super::harness::Stage;
use super::world::{self, course};
use coursevia::domain::event::EventKind;
use coursevia::domain::failure::Failure;
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::views::{CourseHistory, HistoryEntry};
use coursevia::ui::msg::{LaunchOutcome, Msg, SyncSummary};
use coursevia::ui::{Effect, effect::RequestId};
use insta::assert_snapshot;

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

/// One snapshot per size.
macro_rules! at_all_sizes {
    ($name:literal, $stage:expr) => {
        for (width, height) in SIZES {
            let stage: Stage = $stage(Stage::new(width, height).programs());
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

fn enrollment_states() -> Vec<coursevia::domain::views::CourseView> {
    vec![
        world::requested(course("CNA Training", "Certiport", None, 0)),
        world::failed(course("HVAC Fundamentals", "HSI Safety", None, 1)),
        course("Dental Office Safety", "NDS", None, 2),
        world::paused_course(course("Infection Control", "CareerSafe", Some(30), 5)),
        world::taught_here("Digital Literacy"),
        course("Job Readiness", "Certiport", None, 9),
        world::fell(course("OSHA 10 General Industry", "CareerSafe", Some(45), 11)),
    ]
}

fn history() -> CourseHistory {
    let at = |minutes| world::now() - chrono::TimeDelta::minutes(minutes);
    let entries = vec![
        HistoryEntry { at: at(20), kind: EventKind::Launched, by_advisor: false },
        HistoryEntry { at: at(90), kind: EventKind::Provisioned, by_advisor: false },
        HistoryEntry { at: at(91), kind: EventKind::Enrolled, by_advisor: true },
    ];
    CourseHistory { entries, samples: Vec::new() }
}

fn with_history(stage: Stage) -> Stage {
    let request = |effect: &Effect| match effect {
        Effect::LoadHistory { request, enrollment } => Some((*request, *enrollment)),
        _ => None,
    };
    stage.reply(request, |(request, enrollment)| Msg::History { request, enrollment, result: Ok(history()) })
}

#[test]
fn the_dashboard() {
    at_all_sizes!("courses", |s: Stage| s.courses(world::some_courses()));
}

#[test]
fn cancelled_ones_on_demand() {
    at_all_sizes!("courses_cancelled", |s: Stage| s.courses(world::some_courses()).keys("hG"));
}

#[test]
fn nothing_yet_says_how_to_begin() {
    at_all_sizes!("courses_empty", |s: Stage| s.courses(vec![]).keys("2").courses(vec![]));
}

#[test]
fn before_anything_is_read() {
    at_all_sizes!("courses_loading", |s: Stage| s.synced().keys("2"));
}

#[test]
fn asking_several_partners_shows_how_far_it_is() {
    let asked = |effect: &Effect| match effect {
        Effect::Sync { request } => Some(*request),
        _ => None,
    };
    at_all_sizes!("courses_asking", |s: Stage| s
        .answer_courses(Ok(world::some_courses()))
        .reply(asked, |request| Msg::SyncProgress { request, done: 2, total: 5 }));
    let stale = Stage::new(80, 24).programs().answer_courses(Ok(world::some_courses()));
    let stale = stale.reply(asked, |request| Msg::SyncProgress { request: request + 9, done: 2, total: 5 });
    assert!(stale.screen().to_string().contains("Asking partners…"), "{}", stale.screen());
    let one = stale.reply(asked, |request| Msg::SyncProgress { request, done: 0, total: 1 });
    assert!(one.screen().to_string().contains("Asking partners…"), "{}", one.screen());
}

#[test]
fn every_state_of_the_partners_side() {
    at_all_sizes!("courses_states", |s: Stage| s.courses(enrollment_states()));
}

#[test]
fn every_state_further_down() {
    at_all_sizes!("courses_states_end", |s: Stage| s.courses(enrollment_states()).keys("G"));
}

#[test]
fn just_enrolled_can_be_undone() {
    at_all_sizes!("courses_just_enrolled", |s: Stage| {
        let new = world::requested(course("CNA Training", "Certiport", None, 0));
        s.courses(vec![]).keys("jj<enter><enter>").enrolled(Ok(new.clone())).courses(vec![new])
    });
}

#[test]
fn opening_shows_at_once() {
    at_all_sizes!("courses_opening", |s: Stage| s.courses(world::some_courses()).keys("<enter>"));
}

#[test]
fn opened_in_the_browser() {
    at_all_sizes!("courses_opened", |s: Stage| {
        let opened = Ok(LaunchOutcome::Opened(world::launch_url()));
        s.courses(world::some_courses()).keys("<enter>").launched(opened)
    });
}

#[test]
fn waiting_for_the_partner() {
    at_all_sizes!("courses_waiting", |s: Stage| s.courses(enrollment_states()).keys("<enter>"));
}

#[test]
fn a_launch_that_fails_says_what_to_do() {
    let failure = Failure::new(
        "partner_unavailable",
        "Certiport does not answer at the moment. Try again in a minute, or ask help@certiport.example.",
    );
    at_all_sizes!("courses_launch_failed", |s: Stage| {
        s.courses(world::some_courses()).keys("<enter>").launched(Err(failure.clone()))
    });
}

#[test]
fn some_partners_did_not_answer() {
    at_all_sizes!("courses_sync_failed", |s: Stage| {
        let sync = |effect: &Effect| match effect {
            Effect::Sync { request } => Some(*request),
            _ => None,
        };
        let failed = vec![("HVAC Fundamentals".into(), "HSI Safety does not answer.".to_owned())];
        let answer = |request: RequestId| Msg::Synced {
            request,
            result: Ok(SyncSummary { checked: 2, failed: failed.clone(), ..SyncSummary::default() }),
        };
        s.courses(world::some_courses()).keys("r").reply(sync, answer)
    });
}

#[test]
fn asking_the_partners() {
    at_all_sizes!("courses_syncing", |s: Stage| {
        s.courses(world::some_courses()).keys("r").answer_courses(Ok(world::some_courses()))
    });
}

#[test]
fn the_database_goes_away() {
    at_all_sizes!("courses_down", |s: Stage| {
        let down = Failure::new("database_unavailable", "The database can't be reached.");
        s.courses(world::some_courses()).keys("r").synced().answer_courses(Err(down))
    });
}

#[test]
fn one_course_in_detail() {
    at_all_sizes!("course", |s: Stage| with_history(s.courses(world::some_courses()).keys("o")));
}

#[test]
fn one_course_that_needs_help() {
    at_all_sizes!("course_failed", |s: Stage| with_history(s.courses(enrollment_states()).keys("jo")));
}

#[test]
fn one_course_that_is_prepared() {
    at_all_sizes!("course_requested", |s: Stage| s.courses(enrollment_states()).keys("o"));
}

#[test]
fn one_course_at_a_link_partner() {
    at_all_sizes!("course_manual", |s: Stage| with_history(s.courses(enrollment_states()).keys("jjo")));
}

#[test]
fn one_course_at_a_paused_partner() {
    at_all_sizes!("course_paused", |s: Stage| with_history(s.courses(enrollment_states()).keys("jjjo")));
}

#[test]
fn one_course_taught_here() {
    at_all_sizes!("course_taught_here", |s: Stage| with_history(
        s.courses(vec![world::taught_here("Digital Literacy")]).keys("<enter>")
    ));
}

#[test]
fn one_course_that_is_completed() {
    at_all_sizes!("course_completed", |s: Stage| with_history(s.courses(world::some_courses()).keys("Go")));
}

#[test]
fn one_course_with_a_pace_and_a_failed_exam() {
    let report = |hours: i64, percent: i64, failed: bool| ProgressSample {
        id: uuid::Uuid::nil().into(),
        percent: Percent::new(percent),
        completed: false,
        failed: Some(failed),
        at: world::now() - chrono::TimeDelta::hours(hours),
        source: ProgressSource::Partner,
    };
    let samples =
        vec![report(1, 45, true), report(30, 45, false), report(50, 41, false), report(90, 38, false)];
    let failed = world::exam_failed(course("CNA Training", "Certiport", Some(45), 11));
    at_all_sizes!("course_exam_failed", |s: Stage| {
        let stage = s.courses(vec![failed.clone()]).keys("o");
        let request = |effect: &Effect| match effect {
            Effect::LoadHistory { request, enrollment } => Some((*request, *enrollment)),
            _ => None,
        };
        let result = CourseHistory { samples: samples.clone(), ..history() };
        stage.reply(request, |(request, enrollment)| Msg::History {
            request,
            enrollment,
            result: Ok(result.clone()),
        })
    });
}

#[test]
fn exams_and_certificates_on_the_dashboard() {
    at_all_sizes!("courses_exam_failed", |s: Stage| s.courses(vec![
        world::exam_failed(course("CNA Training", "Certiport", Some(45), 11)),
        world::ends(world::completed(course("Forklift Operator", "CareerSafe", Some(100), 90)), 40),
        world::ends(world::completed(course("HVAC Fundamentals", "HSI Safety", Some(100), 90)), -3),
    ]));
}

#[test]
fn a_certificate_that_runs_out() {
    let ends = world::ends(world::completed(course("CNA Training", "Certiport", Some(100), 90)), 40);
    let courses = vec![world::taught_here("Digital Literacy"), ends];
    at_all_sizes!("course_certificate_ends", |s: Stage| with_history(s.courses(courses.clone()).keys("Go")));
}

#[test]
fn the_smallest_terminal() {
    let stage = Stage::new(40, 10).programs().courses(world::some_courses());
    assert_snapshot!("smallest_courses_40x10", stage.screen());
}
