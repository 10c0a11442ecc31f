//! The partners of a program side by side.

use crate::domain::candidate::{Candidate, NextStart};
use crate::domain::ids::CourseId;
use crate::domain::money::{counted, grouped};
use crate::domain::program::DeliveryFormat;
use crate::domain::text::Text;
use crate::domain::time::{Instant, day};
use crate::domain::views::Unavailable;
use chrono::Datelike as _;

/// A table: one column per partner, one row per fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The partners: those that can be taken first, then by name.
    pub columns: Vec<Column>,
    /// The facts.
    pub rows: Vec<Row>,
}

/// A partner at the head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its course.
    pub course: CourseId,
    /// Its name.
    pub name: Text,
    /// Why it can't be taken now.
    pub unavailable: Option<Unavailable>,
    /// Since when its platform has problems.
    pub troubled: Option<Instant>,
}

/// A fact about every partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub fact: Fact,
    /// One per column.
    pub cells: Vec<Cell>,
    /// It tells partners apart.
    pub differs: bool,
}

/// What a row says of one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// In words.
    pub words: String,
    /// The larger the better; `None` where nothing is known or nothing is better.
    pub value: Option<i64>,
    /// No other partner is better here, and some are worse.
    pub best: bool,
}

/// What is compared, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Where.
    Format,
    /// At whose pace.
    Pacing,
    /// What the student pays.
    Price,
    /// How long it takes.
    Length,
    /// When one could begin.
    NextStart,
    /// Seats of that start.
    Seats,
    /// What those who learned there say.
    Rating,
    /// How many complete it.
    Completion,
    /// What one has at the end.
    Credential,
    /// Whom one asks.
    Support,
    /// How it opens.
    Access,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Format,
        Self::Pacing,
        Self::Price,
        Self::Length,
        Self::NextStart,
        Self::Seats,
        Self::Rating,
        Self::Completion,
        Self::Credential,
        Self::Support,
        Self::Access,
    ];

    /// As a student reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Format => "Format",
            Self::Pacing => "Pacing",
            Self::Price => "Price",
            Self::Length => "Length",
            Self::NextStart => "Next start",
            Self::Seats => "Seats left",
            Self::Rating => "Rating",
            Self::Completion => "Completed",
            Self::Credential => "Credential",
            Self::Support => "Support",
            Self::Access => "Access",
        }
    }

    /// What the best of a row is called; `None` where nothing is better than the rest.
    pub fn best(self) -> Option<&'static str> {
        match self {
            Self::Price => Some("lowest"),
            Self::NextStart => Some("soonest"),
            Self::Seats => Some("most"),
            Self::Rating | Self::Completion => Some("highest"),
            Self::Format | Self::Pacing | Self::Length | Self::Credential | Self::Support | Self::Access => {
                None
            }
        }
    }

    fn cell(self, candidate: &Candidate<'_>) -> Cell {
        let (words, value) = match self {
            Self::Format => (format(candidate.format).to_owned(), None),
            Self::Pacing => (candidate.pacing.label().to_owned(), None),
            Self::Price => (candidate.price.to_string(), Some(candidate.price.cents.saturating_neg())),
            Self::Length => (length(candidate), None),
            Self::NextStart => next_start(candidate.next_start()),
            Self::Seats => seats(candidate.next_start()),
            Self::Rating => rating(candidate),
            Self::Completion => completion(candidate),
            Self::Credential => {
                (candidate.credential.map_or_else(|| "none named".to_owned(), ToString::to_string), None)
            }
            Self::Support => (candidate.support.clone().unwrap_or_else(|| "none named".to_owned()), None),
            Self::Access => (candidate.access.label().to_owned(), None),
        };
        Cell { words, value, best: false }
    }
}

fn format(format: DeliveryFormat) -> &'static str {
    let label = format.label();
    label.split(" (").next().unwrap_or(label)
}

fn length(candidate: &Candidate<'_>) -> String {
    let hours = candidate.hours.map(|hours| counted(hours.into(), "hour"));
    match (candidate.length, hours) {
        // A length such as "10 hours" already says what the hours say.
        (Some(length), Some(hours)) if *length.as_str() == hours => hours,
        (Some(length), Some(hours)) => format!("{length}, {hours}"),
        (Some(length), None) => length.to_string(),
        (None, Some(hours)) => hours,
        (None, None) => "not said".to_owned(),
    }
}

/// Sooner is better, and nothing is sooner than at once.
fn next_start(next: NextStart<'_>) -> (String, Option<i64>) {
    match next {
        NextStart::AnyTime => ("any time".to_owned(), Some(0)),
        NextStart::On(start) => (day(start.starts_on), Some(-i64::from(start.starts_on.num_days_from_ce()))),
        // Nobody can begin then.
        NextStart::Full(start) => (day(start.starts_on), None),
        NextStart::NotOpen => ("no open start".to_owned(), None),
    }
}

fn seats(next: NextStart<'_>) -> (String, Option<i64>) {
    match next {
        NextStart::AnyTime => ("no limit".to_owned(), Some(i64::MAX)),
        NextStart::On(start) => (
            format!("{} of {}", grouped(start.seats_left().into()), grouped(start.seats.into())),
            Some(start.seats_left().into()),
        ),
        NextStart::Full(start) if start.waiting > 0 => {
            (format!("full, {} waiting", grouped(start.waiting.into())), Some(0))
        }
        NextStart::Full(_) => ("full".to_owned(), Some(0)),
        NextStart::NotOpen => ("none".to_owned(), None),
    }
}

fn rating(candidate: &Candidate<'_>) -> (String, Option<i64>) {
    let reviews = candidate.rating.reviews();
    candidate.rating.average_tenths().map_or_else(
        || ("no reviews yet".to_owned(), None),
        |tenths| {
            let words = format!("{}.{} of 5 ({})", tenths / 10, tenths % 10, grouped(reviews.into()));
            (words, Some(tenths.into()))
        },
    )
}

fn completion(candidate: &Candidate<'_>) -> (String, Option<i64>) {
    let Some(outcome) = candidate.outcome else {
        return ("…".to_owned(), None);
    };
    outcome.completion().map_or_else(
        || ("too few to say".to_owned(), None),
        |(done, all)| {
            let rate = u64::from(done) * 1_000_000 / u64::from(all).max(1);
            let words = format!("{} of {}", grouped(done.into()), grouped(all.into()));
            (words, i64::try_from(rate).ok())
        },
    )
}

/// Puts candidates side by side.
pub fn compare(candidates: &[Candidate<'_>]) -> Comparison {
    let mut order: Vec<&Candidate<'_>> = candidates.iter().collect();
    order.sort_by_cached_key(|one| (one.unavailable.is_some(), one.name.as_str().to_lowercase(), one.course));
    let column = |one: &&Candidate<'_>| Column {
        course: one.course,
        name: one.name.clone(),
        unavailable: one.unavailable,
        troubled: one.troubled,
    };
    let rows = Fact::ALL.into_iter().map(|fact| row(fact, &order)).collect();
    Comparison { columns: order.iter().map(column).collect(), rows }
}

fn row(fact: Fact, order: &[&Candidate<'_>]) -> Row {
    let mut cells: Vec<Cell> = order.iter().map(|one| fact.cell(one)).collect();
    // Alone nothing is the same as elsewhere.
    let differs = cells.len() == 1 || cells.windows(2).any(|pair| pair[0].words != pair[1].words);
    let open = || order.iter().filter(|one| one.unavailable.is_none());
    // Amounts of several currencies say nothing about each other.
    let comparable = fact != Fact::Price
        || open().all(|one| Some(one.price.currency) == open().next().map(|first| first.price.currency));
    let values = || cells.iter().zip(order).filter(|(_, one)| one.unavailable.is_none());
    let known: Vec<i64> = values().filter_map(|(cell, _)| cell.value).collect();
    let (most, least) = (known.iter().max().copied(), known.iter().min().copied());
    if comparable && fact.best().is_some() && most != least {
        for (cell, one) in cells.iter_mut().zip(order) {
            cell.best = one.unavailable.is_none() && cell.value == most;
        }
    }
    Row { fact, cells, differs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::candidate::{Outcome, candidates};
    use crate::domain::decide::fixtures::{cohort, link_offer, now, paused, program, rest_offer};
    use crate::domain::money::{Currency, Money, Terms};
    use crate::domain::review::RatingSummary;
    use crate::domain::views::{Offer, ProgramView};
    use chrono::Days;
    use proptest::prelude::*;

    fn priced(name: &str, cents: i64) -> Offer {
        let mut offer = rest_offer(name);
        offer.course.price = Money { cents, currency: Currency::USD };
        offer
    }

    fn compared(view: &ProgramView) -> Comparison {
        compare(&candidates(view, None, now()))
    }

    /// The words of a row, those of the best with a star.
    fn words(comparison: &Comparison, fact: Fact) -> Vec<String> {
        let row = comparison.rows.iter().find(|row| row.fact == fact).expect("a row");
        row.cells.iter().map(|cell| format!("{}{}", cell.words, if cell.best { " *" } else { "" })).collect()
    }

    #[test]
    fn the_best_are_marked_where_there_is_a_better() {
        let mut view = program(vec![priced("Certiport", 3_500), priced("Milady", 0), priced("NDS", 0)]);
        view.offers[0].rating = RatingSummary { counts: [0, 0, 0, 1, 3] };
        view.offers[1].rating = RatingSummary { counts: [0, 0, 0, 1_200, 0] };
        let all = compared(&view);
        assert_eq!(words(&all, Fact::Price), ["$35.00", "Free *", "Free *"]);
        assert_eq!(words(&all, Fact::Rating), ["4.8 of 5 (4) *", "4.0 of 5 (1,200)", "no reviews yet"]);
        assert_eq!(words(&all, Fact::Format), ["Online"; 3]);
        assert_eq!(words(&all, Fact::NextStart), ["any time"; 3]);
        assert_eq!(words(&all, Fact::Completion), ["…"; 3]);
    }

    #[test]
    fn only_what_can_be_taken_is_best() {
        let view = program(vec![paused(priced("Certiport", 0)), priced("Milady", 500), priced("NDS", 900)]);
        let all = compared(&view);
        let names: Vec<_> = all.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["Milady", "NDS", "Certiport"]);
        assert_eq!(words(&all, Fact::Price), ["$5.00 *", "$9.00", "Free"]);
    }

    #[test]
    fn several_currencies_are_shown_as_they_are() {
        let mut view = program(vec![priced("Certiport", 3_500), priced("Milady", 3_600)]);
        view.offers[1].course.price.currency = Currency::parse("EUR").expect("a currency");
        assert_eq!(words(&compared(&view), Fact::Price), ["$35.00", "€36.00"]);
    }

    #[test]
    fn starts_and_seats_are_those_of_the_next_start() {
        let on = |days| now().date_naive() + Days::new(days);
        let mut view = program(vec![rest_offer("Certiport"), rest_offer("Milady"), link_offer("NDS")]);
        for (offer, starts) in view.offers.iter_mut().zip([&[(5, 12, 12), (40, 12, 9)][..], &[(9, 8, 8)]]) {
            offer.dated = true;
            offer.cohorts =
                starts.iter().map(|(days, seats, taken)| cohort(on(*days), *seats, *taken)).collect();
        }
        view.offers[1].cohorts[0].waiting = 2;
        let all = compared(&view);
        assert_eq!(words(&all, Fact::NextStart), ["Tue 18 Nov 2025", "Sat 18 Oct 2025", "any time *"]);
        assert_eq!(words(&all, Fact::Seats), ["3 of 12", "full, 2 waiting", "no limit *"]);
    }

    #[test]
    fn completion_is_said_when_there_are_enough() {
        let view = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let outcomes = [(view.offers[0].course.id, Outcome { completed: 8, active: 4 })].into();
        let all = compare(&candidates(&view, Some(&outcomes), now()));
        assert_eq!(words(&all, Fact::Completion), ["8 of 12", "too few to say"]);
    }

    #[test]
    fn one_partner_alone_does_not_recede() {
        let all = compared(&program(vec![rest_offer("Milady")]));
        assert!(all.rows.iter().all(|row| row.differs));
    }

    #[test]
    fn what_is_the_same_everywhere_does_not_differ() {
        let all = compared(&program(vec![priced("A", 0), priced("B", 500)]));
        let differing: Vec<_> = all.rows.iter().filter(|row| row.differs).map(|row| row.fact).collect();
        assert_eq!(differing, [Fact::Price]);
    }

    fn terms() -> impl Strategy<Value = Terms> {
        prop_oneof![
            Just(Terms::None),
            any::<u16>().prop_map(Terms::Share),
            (0..1_000_000_i64).prop_map(Terms::Wholesale)
        ]
    }

    proptest! {
        #[test]
        fn what_a_partner_pays_changes_nothing(
            agreed in proptest::collection::vec(terms(), 4),
            prices in proptest::collection::vec(0..3_i64, 4),
        ) {
            let names = ["Certiport", "Milady", "NDS", "College"];
            let offers = names.iter().zip(&prices).map(|(name, price)| priced(name, price * 1_000));
            let mut view = program(offers.collect());
            let before = compared(&view);
            for (offer, terms) in view.offers.iter_mut().zip(agreed) {
                offer.course.terms = terms;
            }
            prop_assert_eq!(compared(&view), before);
        }

        #[test]
        fn the_order_does_not_depend_on_the_order_given(order in Just([0, 1, 2, 3]).prop_shuffle()) {
            let names = ["Certiport", "milady", "NDS", "College"];
            let view = program(names.iter().map(|name| priced(name, 0)).collect());
            let shuffled = program(order.iter().map(|place| view.offers[*place].clone()).collect());
            prop_assert_eq!(compared(&shuffled), compared(&view));
        }
    }
}
