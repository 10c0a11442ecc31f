//! What lies over the screens.

use super::harness::Stage;
use super::world::{self, course};
use coursevia::domain::failure::Failure;
use coursevia::ui::msg::{LaunchOutcome, Level, Msg, Notice, Who};
use coursevia::ui::{Effect, Theme};
use insta::assert_snapshot;

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

/// One snapshot per size.
macro_rules! at_all_sizes {
    ($name:literal, $who:expr, $stage:expr) => {
        for (width, height) in SIZES {
            let stage: Stage = $stage(Stage::of($who, width, height).programs());
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

fn me() -> Who {
    Who::Student(world::maya())
}

fn saving(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::SaveProfile { request, .. } => Some(*request),
        _ => None,
    }
}

#[test]
fn help() {
    at_all_sizes!("help", me(), |s: Stage| s.courses(vec![]).keys("?"));
}

#[test]
fn cancelling_is_confirmed() {
    at_all_sizes!("confirm", me(), |s: Stage| s.courses(world::some_courses()).keys("x"));
}

#[test]
fn the_address_is_asked_once() {
    at_all_sizes!("email", Who::Nobody, |s: Stage| s.courses(vec![]).keys("jj<enter><enter>maya@exam"));
}

#[test]
fn a_wrong_address_is_said_beside_it() {
    at_all_sizes!("email_wrong", Who::Nobody, |s: Stage| s
        .courses(vec![])
        .keys("jj<enter><enter>maya<enter>"));
}

#[test]
fn an_address_that_can_not_be_saved_stays() {
    let down =
        || Failure::new("database_unavailable", "The database can't be reached. Press Enter to try again.");
    at_all_sizes!("email_failed", Who::Nobody, |s: Stage| s
        .courses(vec![])
        .keys("jj<enter><enter>maya@example.org<enter>")
        .reply(saving, |request| Msg::ProfileSaved { request, result: Err(down()) }));
}

#[test]
fn messages_can_be_read_again() {
    let say = |level, text: &str| Msg::Notice(Notice { level, text: text.to_owned() });
    at_all_sizes!("messages", me(), |s: Stage| s
        .courses(world::some_courses())
        .tell(say(Level::Good, "Enrolled via Certiport. Enter starts it · u undoes"))
        .tell(say(Level::Info, "HSI Safety is asked again. Your place is being prepared."))
        .tell(say(
            Level::Warn,
            "HVAC Fundamentals: HSI Safety does not answer. The other figures are up to date; r asks again."
        ))
        .tell(say(Level::Bad, "Certiport does not answer at the moment. Try again in a minute."))
        .keys("m"));
}

#[test]
fn no_messages_yet_means_no_key() {
    let stage = Stage::new(80, 24).programs().courses(vec![]).keys("m");
    assert_snapshot!("no_messages_80x24", stage.screen());
}

#[test]
fn a_link_where_there_is_no_browser() {
    at_all_sizes!("link", me(), |s: Stage| s
        .courses(world::some_courses())
        .keys("<enter>")
        .launched(Ok(LaunchOutcome::Show(world::launch_url()))));
}

#[test]
fn the_link_of_a_course_that_was_opened() {
    at_all_sizes!("link_again", me(), |s: Stage| s
        .courses(vec![course("CNA Training", "Certiport", Some(45), 4)])
        .keys("<enter>")
        .launched(Ok(LaunchOutcome::Opened(world::launch_url())))
        .keys("y"));
}

#[test]
fn ascii_needs_no_sign_of_ours() {
    let stage = |s: Stage| s.programs().courses(world::some_courses());
    let ascii = |w, h| Stage::with(me(), w, h, true, Theme::Dark);
    assert_snapshot!("ascii_courses_80x24", stage(ascii(80, 24)).screen());
    assert_snapshot!("ascii_programs_80x24", stage(ascii(80, 24)).keys("1").screen());
    assert_snapshot!("ascii_program_80x24", stage(ascii(80, 24)).keys("1<down><enter>").screen());
    assert_snapshot!("ascii_help_80x24", stage(ascii(80, 24)).keys("?").screen());
    let link = stage(ascii(120, 40)).keys("<enter>").launched(Ok(LaunchOutcome::Show(world::launch_url())));
    assert_snapshot!("ascii_link_120x40", link.screen());
    for stage in [stage(ascii(80, 24)), stage(ascii(120, 40)).keys("1"), stage(ascii(60, 20)).keys("?"), link]
    {
        assert!(stage.screen().to_string().is_ascii(), "{}", stage.screen());
    }
}
