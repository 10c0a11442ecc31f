//! What is said about reviews.

use crate::domain::review::{RatingSummary, ReviewSort};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::ui::keymap::{Action, Keymap};

/// While reviews are read.
pub const READING_REVIEWS: &str = "Reading the reviews…";
/// While one's own review is read.
pub const READING_REVIEW: &str = "Reading your review…";
/// No score was chosen.
pub const NO_STARS: &str = "Choose from 1 to 5 stars first.";
/// No character more.
pub const REVIEW_FULL: &str = "A review has at most 2,000 characters.";
/// In the empty field.
pub const REVIEW_HINT: &str = "What should others know? You may also leave this empty.";
/// The box was closed before it was saved.
pub const DRAFT_KEPT: &str =
    "Your review is not saved yet. What you wrote is kept until you leave coursevia.";
/// Somebody saved one in between.
pub const REVIEWED_ELSEWHERE: &str =
    "You reviewed this course elsewhere a moment ago. Saving again replaces that review.";
/// Before it is taken back.
pub const WITHDRAWING_MEANS: &str =
    "Your text is forgotten and your stars count no more. You can write a new review at any time.";

/// A paste that does not fit.
pub fn review_paste_too_long(characters: usize) -> String {
    let characters = super::grouped(characters);
    format!(
        "With this text it would have {characters} characters; a review has at most 2,000. Nothing was pasted."
    )
}

/// "1,987 left".
pub fn characters_left(left: usize) -> String {
    format!("{} left", super::grouped(left))
}

/// Under which name it appears.
pub fn review_is_public(name: Option<&str>) -> String {
    format!("Everybody can read it, signed: {}", name.unwrap_or("a student"))
}

/// It is written down.
pub fn review_saved(course: &CourseView) -> String {
    let partner = course.provider().map(|partner| partner.name.to_string()).unwrap_or_default();
    format!("Your word about {partner} is saved.")
}

/// After it was taken back.
pub fn review_withdrawn(course: &CourseView) -> String {
    let partner = course.provider().map(|partner| partner.name.to_string()).unwrap_or_default();
    format!("Your review of {partner} is withdrawn.")
}

/// "12 reviews of Certiport".
pub fn reviews_of(reviews: u32, about: Option<&str>) -> String {
    let count = super::grouped(reviews as usize);
    let plural = if reviews == 1 { "" } else { "s" };
    match about {
        Some(partner) => format!("{count} review{plural} of {partner}"),
        None => format!("{count} review{plural} of all partners"),
    }
}

/// Nobody has said anything.
pub fn no_reviews(about: Option<&str>) -> String {
    match about {
        Some(partner) => format!("Nobody has reviewed {partner} yet."),
        None => "Nobody has reviewed a partner of this program yet.".to_owned(),
    }
}

/// Who can say something.
pub fn who_reviews(keys: &Keymap) -> String {
    format!("Whoever has started there can: {} on the course under My courses.", keys.sign(Action::Review))
}

/// The order of the list.
pub fn review_sort(sort: ReviewSort) -> &'static str {
    match sort {
        ReviewSort::Newest => "newest first",
        ReviewSort::Lowest => "lowest first",
        ReviewSort::Highest => "highest first",
    }
}

/// Said in public.
pub fn review_hidden(reason: &Text) -> String {
    format!("Text hidden by an advisor: {reason}")
}

/// "4.6 ★ (12)".
pub fn rated(rating: &RatingSummary) -> Option<String> {
    rating.average().map(|average| format!("{average} ★ ({})", super::grouped(rating.reviews() as usize)))
}
