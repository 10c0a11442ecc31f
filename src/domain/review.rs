//! Reviews of partners by those who learned with them (`partner_reviews`).

use crate::domain::enrollment::Delivery;
use crate::domain::ids::{CourseId, EnrollmentId, ProgramId, ReviewId, StudentId};
use crate::domain::program::codes;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use std::fmt;
use unicode_segmentation::UnicodeSegmentation;

/// The most characters a review has, counted as people see them.
pub const MAX_REVIEW: usize = 2_000;

/// The most characters the reason of a hidden text has.
pub const MAX_REASON: usize = 200;

/// One to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rating(u8);

impl Rating {
    /// All of them, the worst first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Reads a number; `None` for anything but 1 to 5.
    pub fn new(stars: i64) -> Option<Self> {
        u8::try_from(stars).ok().filter(|stars| (1..=5).contains(stars)).map(Self)
    }

    /// How many stars.
    pub fn get(self) -> u8 {
        self.0
    }

    /// `4 of 5`.
    pub fn words(self) -> String {
        format!("{} of 5", self.0)
    }
}

impl fmt::Display for Rating {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// How many characters a person counts.
pub fn characters(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Cleans what somebody wrote. All of it is cleaned before it is measured: what is removed does not
/// count, and nothing is cut off without a word.
pub fn review_text(raw: &str) -> Result<Text, Refusal> {
    let text = Text::clean_to(raw, usize::MAX);
    match characters(text.as_str()) {
        0..=MAX_REVIEW => Ok(text),
        characters => Err(Refusal::ReviewTooLong { characters }),
    }
}

/// A student's own review of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Which.
    pub id: ReviewId,
    /// Of which enrollment.
    pub enrollment_id: EnrollmentId,
    /// Who wrote it.
    pub student_id: StudentId,
    /// About whom, and which of their courses.
    pub delivery: Delivery,
    /// In which program.
    pub program_id: ProgramId,
    /// The score.
    pub rating: Rating,
    /// What they wrote; may be empty.
    pub text: Text,
    /// Why an advisor hid the text.
    pub hidden: Option<Text>,
}

/// A review as everybody sees it: never more of its author than a first name and an initial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewView {
    /// Which.
    pub id: ReviewId,
    /// The score; it counts also where the text is hidden.
    pub rating: Rating,
    /// What they wrote; empty where it is hidden.
    pub text: Text,
    /// Why an advisor hid the text.
    pub hidden: Option<Text>,
    /// `Maya O.`, or "a student".
    pub author: String,
    /// With whom they learned.
    pub partner: Text,
    /// When they completed it; `None`: they have started.
    pub completed_at: Option<Instant>,
    /// Written by whoever reads it.
    pub own: bool,
    /// Changed after it was written.
    pub edited: bool,
    /// When it was written or changed last.
    pub at: Instant,
}

impl ReviewView {
    /// How we know that they learned there: `verified, completed via Certiport, Mar 2026`.
    pub fn verified(&self) -> String {
        match self.completed_at {
            Some(at) => format!("verified, completed via {}, {}", self.partner, at.format("%b %Y")),
            None => format!("verified, started with {}", self.partner),
        }
    }
}

/// In which order reviews are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ReviewSort {
    /// Written or changed last.
    #[default]
    Newest,
    /// The lowest score first, then the newest.
    Lowest,
    /// The highest score first, then the newest.
    Highest,
}

codes!(ReviewSort { Newest = "newest", Lowest = "lowest", Highest = "highest" });

impl ReviewSort {
    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Newest => Self::Lowest,
            Self::Lowest => Self::Highest,
            Self::Highest => Self::Newest,
        }
    }

    /// The scores in the order they are read, where it goes by score.
    pub fn ratings(self) -> Option<Vec<Rating>> {
        match self {
            Self::Newest => None,
            Self::Lowest => Some(Rating::ALL.to_vec()),
            Self::Highest => Some(Rating::ALL.into_iter().rev().collect()),
        }
    }
}

/// Which reviews are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewQuery {
    /// Of which program.
    pub program: ProgramId,
    /// Of one partner's course only.
    pub course: Option<CourseId>,
    /// In which order.
    pub sort: ReviewSort,
}

/// Where a page of reviews ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewCursor {
    /// The score of the last one.
    pub rating: Rating,
    /// When it was written.
    pub at: Instant,
    /// Which it was.
    pub id: ReviewId,
}

/// A page of reviews.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ReviewPage {
    /// What all of them say together, not only those of the page.
    pub summary: RatingSummary,
    /// The reviews, in their order.
    pub items: Vec<ReviewView>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<ReviewCursor>,
}

/// How many reviews of a course gave each rating (`review_totals`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RatingSummary {
    /// How many gave 1, 2, 3, 4 and 5.
    pub counts: [u32; 5],
}

impl RatingSummary {
    /// How many reviews there are.
    pub fn reviews(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many gave this score.
    pub fn of(&self, rating: Rating) -> u32 {
        self.counts[usize::from(rating.get()) - 1]
    }

    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
        self
    }

    /// The average as people write it: `4.3`.
    pub fn average(&self) -> Option<String> {
        self.average_tenths().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// The average in tenths, rounded half up: 43 is 4.3. `None` without a review.
    pub fn average_tenths(&self) -> Option<u32> {
        let sum: u64 =
            (1..).zip(self.counts).map(|(rating, count): (u64, u32)| rating * u64::from(count)).sum();
        let reviews = u64::from(self.reviews());
        (reviews > 0).then(|| u32::try_from((sum * 20 + reviews) / (reviews * 2)).unwrap_or(50))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_tenths() {
        let average = |counts| RatingSummary { counts }.average_tenths();
        assert_eq!(average([0; 5]), None);
        assert_eq!(average([0, 0, 0, 0, 7]), Some(50));
        assert_eq!(average([1, 0, 0, 0, 1]), Some(30));
        assert_eq!(average([0, 0, 0, 3, 1]), Some(43));
        assert!(average([u32::MAX; 5]).is_some());
        assert_eq!(RatingSummary { counts: [0, 0, 0, 3, 1] }.average().as_deref(), Some("4.3"));
    }

    #[test]
    fn there_are_five_ratings_and_no_others() {
        assert!((1..=5).all(|stars| Rating::new(stars).is_some()));
        for none in [i64::MIN, -1, 0, 6, 256, 257, i64::MAX] {
            assert_eq!(Rating::new(none), None);
        }
    }

    #[test]
    fn what_was_cleaned_away_does_not_count_and_nothing_is_cut() {
        let long = "é".repeat(MAX_REVIEW);
        assert_eq!(
            characters(review_text(&format!("\u{1b}[31m{long}\u{1b}[0m\n\n")).expect("it fits").as_str()),
            2_000
        );
        let refused = review_text(&format!("{long}!")).expect_err("one too many");
        assert_eq!(refused, Refusal::ReviewTooLong { characters: 2_001 });
        assert!(refused.to_string().contains("2,001"), "{refused}");
        let megabyte = "word ".repeat(200_000);
        assert_eq!(review_text(&megabyte), Err(Refusal::ReviewTooLong { characters: 999_999 }));
        assert_eq!(review_text(" \u{202e}\u{7} ").expect("nothing is left").as_str(), "");
    }
}
