//! "I have finished": said once, and nothing that was written is lost.

use super::stage::{Stage, confirmed, start, student};
use crate::domain::decide::fixtures::{course_of, link_offer, program};
use crate::domain::failure::Failure;
use crate::domain::views::CourseView;
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

/// A course whose partner reports nothing.
pub fn unreported() -> CourseView {
    let mut course = course_of(&program(vec![link_offer("NDS")]), 0);
    course.enrollment.enrolled_at = start();
    course
}

/// The box is open.
pub fn saying() -> Stage {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![unreported()]);
    stage.keys("2d");
    stage
}

fn sends(effect: &Effect) -> bool {
    matches!(effect, Effect::SendProof { .. })
}

fn answer(stage: &mut Stage, result: Result<(), Failure>) -> Vec<Effect> {
    let request = stage.request(sends);
    stage.send(Msg::ProofSent { request, enrollment: unreported().enrollment.id, result })
}

#[test]
fn two_keys_say_that_it_is_finished_today() {
    let mut stage = saying();
    stage.keys("<enter><enter>");
    let sent: Vec<_> = stage.asked.iter().filter(|effect| sends(effect)).collect();
    let [Effect::SendProof { finished_on, note, proof, .. }] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((finished_on.to_string(), note.as_str(), proof.as_str()), ("2025-10-09".to_owned(), "", ""));
    let next = answer(&mut stage, Ok(()));
    assert!(matches!(next.as_slice(), [Effect::LoadCourses { .. }]), "{next:?}");
    assert!(stage.app.overlays.is_empty());
    assert!(stage.app.message().is_some_and(|said| said.text.contains("An advisor looks at it")));
}

#[test]
fn a_day_that_can_not_be_is_refused_before_anything_is_sent() {
    for typed in ["<backspace>x", "<backspace><backspace>30", "<c-u>"] {
        let mut stage = saying();
        stage.keys(typed);
        stage.keys("<enter>");
        assert!(!stage.asked.iter().any(sends), "{typed}");
        assert_eq!(stage.app.overlays.len(), 1);
    }
}

#[test]
fn what_was_written_is_kept_when_the_box_is_closed_or_refused() {
    let mut stage = saying();
    stage.keys("<tab>All done<tab>missing.pdf<esc>d<enter>");
    let sent = stage.asked.iter().rev().find(|effect| sends(effect));
    let Some(Effect::SendProof { note, proof, .. }) = sent else { panic!("nothing was sent") };
    assert_eq!((note.as_str(), proof.as_str()), ("All done", "missing.pdf"));
    answer(&mut stage, Err(Failure::new("proof_file_unusable", "There is no such file.")));
    let [crate::ui::app::Overlay::Finish(asked)] = stage.app.overlays.as_slice() else { panic!("closed") };
    assert_eq!(asked.error.as_deref(), Some("There is no such file."));
    assert_eq!(asked.fields[2].text(), "missing.pdf");
}

#[test]
fn where_the_partner_reports_the_key_says_why_not() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![confirmed()]);
    stage.keys("2d");
    assert!(stage.app.overlays.is_empty());
    assert!(stage.app.message().is_some_and(|said| said.text.contains("reports your progress")));
}
