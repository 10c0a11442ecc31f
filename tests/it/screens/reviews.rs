//! Reviews, and the box in which one is written.

use super::harness::Stage;
use super::world::{self, course};
use coursevia::domain::failure::Failure;
use coursevia::domain::review::{Rating, RatingSummary, ReviewPage, ReviewView};
use coursevia::ui::msg::{Msg, Who};
use coursevia::ui::{Effect, Theme};
use insta::{assert_debug_snapshot, assert_snapshot};
use uuid::Uuid;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

fn asked(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::LoadReviews { request, .. }
        | Effect::LoadOwnReview { request, .. }
        | Effect::ChangeReview { request, .. } => Some(*request),
        _ => None,
    }
}

fn view(nth: u128, stars: i64, author: &str, text: &str) -> ReviewView {
    ReviewView {
        id: Uuid::from_u128(nth).into(),
        rating: Rating::new(stars).expect("a rating"),
        text: text.into(),
        hidden: None,
        author: author.to_owned(),
        partner: "Certiport".into(),
        completed_at: None,
        own: false,
        edited: false,
        at: world::now() - chrono::TimeDelta::days(3),
    }
}

fn page() -> ReviewPage {
    let long = "The labs are close to the real work. Two evenings a week were enough, and whoever fell behind \
        was called by the teacher. Only the book is expensive.";
    let items = vec![
        ReviewView { completed_at: Some(world::now()), own: true, ..view(1, 4, "Maya O.", long) },
        ReviewView { hidden: Some("names a teacher".into()), ..view(2, 1, "Lee P.", "") },
        ReviewView { edited: true, ..view(3, 5, "a student", "Clear and quick.") },
    ];
    ReviewPage { summary: RatingSummary { counts: [1, 0, 2, 7, 12] }, items, next: None }
}

fn reading(stage: Stage, page: &ReviewPage) -> Stage {
    let stage = stage.programs().courses(vec![]).keys("1/cna<enter>v");
    stage.reply(asked, |request| Msg::Reviews { request, result: Ok(page.clone()) })
}

fn writing(stage: Stage) -> Stage {
    let stage = stage.programs().courses(vec![course("CNA Training", "Certiport", Some(45), 4)]).keys("2v");
    stage.reply(asked, |request| Msg::OwnReview { request, result: Ok(None) })
}

#[test]
fn what_others_say() {
    at_all_sizes!("reviews", |s| reading(s, &page()));
}

#[test]
fn nobody_has_said_anything() {
    at_all_sizes!("reviews_none", |s| reading(s, &ReviewPage::default()));
}

#[test]
fn reviews_that_are_read_or_can_not_be() {
    let open = |s: Stage| s.programs().courses(vec![]).keys("1/cna<enter>v");
    assert_snapshot!("reviews_reading_80x24", open(Stage::new(80, 24)).screen());
    let down = Failure::new("database_unavailable", "The database can't be reached.");
    let failed = open(Stage::new(80, 24));
    let failed = failed.reply(asked, |request| Msg::Reviews { request, result: Err(down.clone()) });
    assert_snapshot!("reviews_failed_80x24", failed.screen());
}

#[test]
fn the_box_of_ones_own_review() {
    at_all_sizes!("review_new", writing);
    let text = "4<enter>The labs are close to the real work. Two evenings a week were enough, and whoever \
        fell behind was called.";
    at_all_sizes!("review_stars", |s| writing(s).keys("4"));
    at_all_sizes!("review_written", |s| writing(s).keys(text));
    let down =
        Failure::new("database_unavailable", "The database can't be reached. Press Enter to try again.");
    at_all_sizes!("review_failed", |s| writing(s).keys("4<enter>Good.<enter>").reply(asked, |request| {
        let enrollment = course("CNA Training", "Certiport", Some(45), 4).enrollment.id;
        Msg::ReviewChanged { request, enrollment, result: Err(down.clone()) }
    }));
}

#[test]
fn colours_and_ascii() {
    for (name, theme) in [("dark", Theme::Dark), ("none", Theme::None)] {
        let stage = Stage::with(Who::Student(world::maya()), 60, 16, false, theme);
        assert_debug_snapshot!(format!("style_reviews_{name}"), reading(stage, &page()).screen().buffer());
    }
    let ascii = || Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::Dark);
    assert_snapshot!("ascii_reviews_80x24", reading(ascii(), &page()).screen());
    let written = writing(ascii()).keys("4<enter>Good.");
    assert_snapshot!("ascii_review_80x24", written.screen());
    assert!(written.screen().to_string().is_ascii());
}
