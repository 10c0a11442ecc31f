//! Reading reviews, and writing one.

use super::stage::{Stage, advisor, confirmed, down, requested, student};
use crate::domain::failure::Failure;
use crate::domain::progress::Percent;
use crate::domain::review::{
    Rating, RatingSummary, Review, ReviewCursor, ReviewPage, ReviewSort, ReviewView,
};
use crate::domain::views::CourseView;
use crate::ui::effect::{Effect, ReviewChange};
use crate::ui::msg::{Msg, Who};
use uuid::Uuid;

/// A course with some progress.
pub fn begun() -> CourseView {
    let mut course = confirmed();
    course.enrollment.progress.percent = Percent::new(45).unwrap();
    course
}

fn view(nth: u128, stars: i64) -> ReviewView {
    ReviewView {
        id: Uuid::from_u128(nth).into(),
        rating: Rating::new(stars).unwrap(),
        text: "Good teachers.".into(),
        hidden: None,
        author: "Lee P.".to_owned(),
        partner: "Certiport".into(),
        completed_at: None,
        own: false,
        edited: false,
        at: super::stage::start(),
    }
}

fn page(next: bool) -> ReviewPage {
    let items: Vec<_> = (0..20).map(|nth| view(nth, 4)).collect();
    let last = &items[19];
    let next = next.then_some(ReviewCursor { rating: last.rating, at: last.at, id: last.id });
    ReviewPage { summary: RatingSummary { counts: [1, 0, 0, 38, 1] }, items, next }
}

fn loads(effect: &Effect) -> bool {
    matches!(effect, Effect::LoadReviews { .. })
}

fn answer(stage: &mut Stage, result: Result<ReviewPage, Failure>) -> Vec<Effect> {
    let request = stage.request(loads);
    stage.send(Msg::Reviews { request, result })
}

/// The reviews of a partner, read.
pub fn reading() -> Stage {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter>v");
    answer(&mut stage, Ok(page(false)));
    stage
}

fn standing() -> Review {
    let course = begun().enrollment;
    Review {
        id: Uuid::from_u128(9).into(),
        enrollment_id: course.id,
        student_id: course.student_id,
        delivery: course.delivery.unwrap(),
        program_id: course.program_id,
        rating: Rating::new(2).unwrap(),
        text: "Slow.".into(),
        hidden: None,
    }
}

/// The box of one's own review, with one that stands or without.
pub fn writing(stands: bool) -> Stage {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![begun()]);
    stage.keys("2v");
    own(&mut stage, Ok(stands.then(standing)));
    stage
}

fn own(stage: &mut Stage, result: Result<Option<Review>, Failure>) {
    let request = stage.request(|effect| matches!(effect, Effect::LoadOwnReview { .. }));
    stage.send(Msg::OwnReview { request, result });
}

fn changed(stage: &mut Stage, result: Result<(), Failure>) -> Vec<Effect> {
    let request = stage.request(|effect| matches!(effect, Effect::ChangeReview { .. }));
    stage.send(Msg::ReviewChanged { request, enrollment: begun().enrollment.id, result })
}

fn change(effects: &[Effect]) -> Option<&ReviewChange> {
    effects.iter().find_map(|effect| match effect {
        Effect::ChangeReview { change, .. } => Some(change),
        _ => None,
    })
}

#[test]
fn the_next_page_is_read_when_its_place_comes_near() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter>v");
    assert!(!answer(&mut stage, Ok(page(true))).iter().any(loads), "there is more than a screen below");
    let effects = stage.keys("<end>");
    assert!(matches!(effects.as_slice(), [Effect::LoadReviews { after: Some(_), .. }]), "{effects:?}");
    answer(&mut stage, Ok(page(false)));
    assert_eq!(stage.app.reviews().unwrap().items.len(), 40);
    assert!(!stage.keys("<end>").iter().any(loads), "that was all");
}

#[test]
fn another_order_and_all_partners_are_read_anew() {
    let mut stage = reading();
    let effects = stage.keys("s");
    let [Effect::LoadReviews { query, after: None, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(query.sort, ReviewSort::Lowest);
    assert!(query.course.is_some());
    let first = stage.request(loads);
    let effects = stage.keys("p");
    let [Effect::LoadReviews { query, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((query.course, query.sort), (None, ReviewSort::Lowest));
    stage.send(Msg::Reviews { request: first, result: Ok(ReviewPage::default()) });
    assert_eq!(stage.app.reviews().unwrap().items.len(), 20, "an answer to an older question is dropped");
}

#[test]
fn a_failure_is_said_and_tried_again() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<enter>v");
    answer(&mut stage, Err(down()));
    assert!(stage.picture().contains("can't be reached"));
    assert!(stage.keys("r").iter().any(loads));
    answer(&mut stage, Ok(page(false)));
    assert!(stage.picture().contains("4.0 of 5"), "{}", stage.picture());
}

#[test]
fn a_review_is_stars_then_text_then_enter() {
    let mut stage = writing(false);
    assert_eq!(change(&stage.keys("<enter>")), None);
    assert!(stage.picture().contains("Choose from 1 to 5 stars"));
    let effects = stage.keys("35<enter>4 good 5<enter>");
    let wanted = ReviewChange::Post(Rating::new(5).unwrap(), "4 good 5".to_owned());
    assert_eq!(change(&effects), Some(&wanted));
    assert_eq!(change(&stage.keys("<enter>more")), None, "nothing is saved twice");
    changed(&mut stage, Ok(()));
    assert!(stage.app.overlays.is_empty());
    assert!(stage.message().contains("Certiport"), "{}", stage.message());
}

#[test]
fn what_stands_is_changed_or_withdrawn() {
    let mut stage = writing(true);
    let effects = stage.keys("<tab><end> But kind.<enter>");
    let wanted = ReviewChange::Edit(Rating::new(2).unwrap(), "Slow. But kind.".to_owned());
    assert_eq!(change(&effects), Some(&wanted));
    let mut stage = writing(true);
    assert_eq!(change(&stage.keys("<c-d><esc>")), None);
    assert_eq!(change(&stage.keys("<c-d><enter>")), Some(&ReviewChange::Withdraw));
}

#[test]
fn an_error_stands_in_the_box_and_loses_nothing() {
    let mut stage = writing(false);
    stage.keys("4<enter>Good.<enter>");
    changed(&mut stage, Err(down()));
    let picture = stage.picture();
    assert!(picture.contains("Good.") && picture.contains("can't be reached"), "{picture}");
    stage.keys("<esc>");
    assert!(stage.message().contains("kept"), "{}", stage.message());
    stage.keys("v");
    own(&mut stage, Ok(None));
    assert!(stage.picture().contains("Good."), "{}", stage.picture());
    assert!(change(&stage.keys("<enter><enter>")).is_some());
}

#[test]
fn a_review_written_elsewhere_meanwhile_is_replaced_only_on_purpose() {
    let mut stage = writing(false);
    stage.keys("4<enter>Good.<enter>");
    let effects = changed(&mut stage, Err(Failure::new("already_reviewed", "You have reviewed it.")));
    assert!(matches!(effects.as_slice(), [Effect::LoadOwnReview { .. }]), "{effects:?}");
    own(&mut stage, Ok(Some(standing())));
    assert!(stage.picture().contains("elsewhere"), "{}", stage.picture());
    let wanted = ReviewChange::Edit(Rating::new(4).unwrap(), "Good.".to_owned());
    assert_eq!(change(&stage.keys("<enter>")), Some(&wanted));
}

#[test]
fn a_paste_is_text_and_one_that_is_too_long_changes_nothing() {
    let mut stage = writing(false);
    stage.keys("4<enter>Good.");
    stage.send(Msg::Paste(" q\u{1b}[31m\u{202e}\nv".to_owned()));
    stage.send(Msg::Paste("long ".repeat(200_000)));
    assert!(stage.picture().contains("Nothing was pasted"), "{}", stage.picture());
    let Some(ReviewChange::Post(_, text)) = change(&stage.keys("<enter>")).cloned() else { panic!("saved") };
    assert_eq!(text, "Good.q v");
}

#[test]
fn what_can_not_be_reviewed_says_why() {
    for (who, course, words) in [
        (Who::Student(student("Maya")), requested(), "after you have started"),
        (advisor(Some(student("Maya"))), begun(), "only the student"),
    ] {
        let mut stage = Stage::ready(who, vec![course]);
        assert_eq!(stage.keys("2v").iter().filter(|e| matches!(e, Effect::LoadOwnReview { .. })).count(), 0);
        assert!(stage.message().to_lowercase().contains(words), "{}", stage.message());
    }
}

#[test]
fn stars_and_text_can_be_clicked() {
    let mut stage = writing(false);
    let area = crate::ui::layout::overlay(&stage.app).unwrap();
    let parts = crate::ui::layout::review(area);
    stage.keys(&format!("<click:{},{}>", parts.stars.x + 2, parts.stars.y));
    stage.keys(&format!("<click:{},{}>Ok<enter>", parts.text.x, parts.text.y));
    let wanted = ReviewChange::Post(Rating::new(3).unwrap(), "Ok".to_owned());
    assert_eq!(change(&stage.asked), Some(&wanted));
}

#[test]
fn a_box_that_is_closed_while_it_saves_hears_what_came_of_it() {
    let mut stage = writing(false);
    stage.keys("4<enter>Good.<enter><esc>");
    assert!(!stage.message().contains("not saved"), "{}", stage.message());
    changed(&mut stage, Ok(()));
    assert!(stage.message().contains("is saved"), "{}", stage.message());
    stage.keys("v");
    own(&mut stage, Ok(Some(standing())));
    assert!(stage.picture().contains("Slow."), "what stands, not what was typed: {}", stage.picture());

    let mut stage = writing(false);
    stage.keys("4<enter>Good.<enter><esc>");
    changed(&mut stage, Err(down()));
    assert!(stage.message().contains("can't be reached"), "{}", stage.message());
    stage.keys("v");
    own(&mut stage, Ok(None));
    assert!(stage.picture().contains("Good."), "{}", stage.picture());
}

#[test]
fn what_is_withdrawn_is_not_called_saved() {
    let mut stage = writing(true);
    stage.keys("<c-d><enter>");
    changed(&mut stage, Ok(()));
    assert_eq!(stage.message(), "Your review of Certiport is withdrawn.");
}

#[test]
fn every_course_keeps_its_own_draft() {
    let mut other = begun();
    other.enrollment.id = Uuid::from_u128(77).into();
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![begun(), other]);
    stage.keys("2<home>v");
    own(&mut stage, Ok(None));
    stage.keys("4<enter>First.<esc><down>v");
    own(&mut stage, Ok(None));
    assert!(!stage.picture().contains("First."), "{}", stage.picture());
    stage.keys("<esc><up>v");
    own(&mut stage, Ok(None));
    assert!(stage.picture().contains("First."), "{}", stage.picture());
}

#[test]
fn the_next_student_hears_nothing_of_a_review_under_way() {
    let mut stage = writing(false);
    stage.keys("4<enter>Good.<enter>");
    stage.app.leave_student();
    let said = stage.message().to_owned();
    changed(&mut stage, Err(down()));
    assert_eq!(stage.message(), said);
}
