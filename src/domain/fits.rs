//! Which partners fit what a student needs, and why.
//!
//! What the platform earns is not among the inputs: a [`Candidate`] does not carry it.

use crate::domain::candidate::Candidate;
use crate::domain::ids::CourseId;
use crate::domain::money::{Currency, Money};
use crate::domain::program::{DeliveryFormat, Pacing};
use crate::domain::text::Text;
use crate::domain::time::day;

/// What a student told us they need (`student_preferences`). What is not answered counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Preferences {
    /// Only evenings are free.
    pub evenings: Option<bool>,
    /// With a teacher, or on one's own.
    pub teacher: Option<bool>,
    /// They can come to a campus.
    pub campus: Option<bool>,
    /// The most it may cost, in whole units of whatever currency an offer has.
    pub budget: Option<u32>,
}

/// The most somebody may want to pay, to choose from.
pub const BUDGETS: [u32; 5] = [0, 50, 100, 250, 500];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Question {
    /// Evenings only?
    Evenings,
    /// A teacher?
    Teacher,
    /// Can you come to campus?
    Campus,
    /// At most how much?
    Budget,
}

impl Question {
    /// All of them, in the order they are asked.
    pub const ALL: [Self; 4] = [Self::Evenings, Self::Teacher, Self::Campus, Self::Budget];

    /// As it is asked.
    pub fn words(self) -> &'static str {
        match self {
            Self::Evenings => "Only in the evening?",
            Self::Teacher => "With a teacher?",
            Self::Campus => "Can you come to campus?",
            Self::Budget => "At most how much?",
        }
    }

    /// How many answers there are.
    pub fn answers(self) -> usize {
        if self == Self::Budget { BUDGETS.len() } else { 2 }
    }

    /// An answer in words; amounts in `currency`, where the offers have only one.
    pub fn answer(self, place: usize, currency: Option<Currency>) -> String {
        let words = match (self, place) {
            (Self::Evenings | Self::Teacher | Self::Campus, 0) => "yes",
            (Self::Evenings, _) => "any time of day",
            (Self::Teacher, _) => "on my own",
            (Self::Campus, _) => "no",
            (Self::Budget, _) => {
                let units = BUDGETS.get(place).copied().unwrap_or_default();
                return match currency {
                    _ if units == 0 => "nothing".to_owned(),
                    Some(currency) => amount(units, currency).to_string(),
                    None => units.to_string(),
                };
            }
        };
        words.to_owned()
    }
}

/// Whole units of a currency as money.
fn amount(units: u32, currency: Currency) -> Money {
    Money { cents: i64::from(units) * 10_i64.pow(currency.digits()), currency }
}

impl Preferences {
    /// Nothing is answered.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Which answer was given.
    pub fn answered(&self, question: Question) -> Option<usize> {
        let place = |yes: bool| usize::from(!yes);
        match question {
            Question::Evenings => self.evenings.map(place),
            Question::Teacher => self.teacher.map(place),
            Question::Campus => self.campus.map(place),
            Question::Budget => self.budget.and_then(|most| BUDGETS.iter().position(|band| *band == most)),
        }
    }

    /// The same with another answer, or with none.
    #[must_use]
    pub fn with(mut self, question: Question, place: Option<usize>) -> Self {
        let yes = place.map(|place| place == 0);
        match question {
            Question::Evenings => self.evenings = yes,
            Question::Teacher => self.teacher = yes,
            Question::Campus => self.campus = yes,
            Question::Budget => self.budget = place.and_then(|place| BUDGETS.get(place).copied()),
        }
        self
    }

    /// These, and where nothing is answered what `other` says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            evenings: self.evenings.or(other.evenings),
            teacher: self.teacher.or(other.teacher),
            campus: self.campus.or(other.campus),
            budget: self.budget.or(other.budget),
        }
    }
}

/// How well a partner fits, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// All that was asked for.
    Fits,
    /// Nothing speaks against it, but something has to be asked.
    MayFit,
    /// Something speaks against it.
    DoesNotFit,
    /// It can't be taken now.
    NotNow,
}

/// Why a partner fits or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// For it, to be asked, or against it.
    pub verdict: Verdict,
    /// In words.
    pub words: String,
}

/// How one partner fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Its course.
    pub course: CourseId,
    /// Its name.
    pub name: Text,
    /// All in all.
    pub verdict: Verdict,
    /// What speaks against it first, then what has to be asked, then what speaks for it.
    pub reasons: Vec<Reason>,
}

/// How the candidates fit, best first; those that fit alike stay in their order. Empty where
/// nothing that was answered asks for anything.
pub fn fits(candidates: &[Candidate<'_>], preferences: &Preferences) -> Vec<Fit> {
    if !asks(preferences) {
        return Vec::new();
    }
    let mut fits: Vec<Fit> = candidates.iter().map(|candidate| fit(candidate, preferences)).collect();
    let count = |fit: &Fit, verdict| fit.reasons.iter().filter(|reason| reason.verdict == verdict).count();
    fits.sort_by_key(|fit| (fit.verdict, count(fit, Verdict::DoesNotFit), count(fit, Verdict::MayFit)));
    fits
}

/// Whether an answer asks for anything: who can come to campus and has the whole day rules nobody out.
fn asks(preferences: &Preferences) -> bool {
    preferences.evenings == Some(true)
        || preferences.teacher.is_some()
        || preferences.campus == Some(false)
        || preferences.budget.is_some()
}

fn fit(candidate: &Candidate<'_>, preferences: &Preferences) -> Fit {
    let evenings = preferences.evenings.filter(|only| *only).map(|_| evening(candidate));
    let teacher = preferences.teacher.map(|wanted| teacher(candidate.pacing, wanted));
    let campus = preferences.campus.filter(|can| !can).map(|_| from_home(candidate.format));
    let budget = preferences.budget.map(|most| budget(candidate.price, most));
    let mut reasons: Vec<Reason> =
        [evenings, teacher, campus, budget, start(candidate)].into_iter().flatten().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.verdict));
    let worst = reasons.first().map_or(Verdict::Fits, |reason| reason.verdict);
    let verdict = if candidate.unavailable.is_some() { Verdict::NotNow } else { worst };
    Fit { course: candidate.course, name: candidate.name.clone(), verdict, reasons }
}

fn good(words: impl Into<String>) -> Reason {
    Reason { verdict: Verdict::Fits, words: words.into() }
}

fn unsure(words: impl Into<String>) -> Reason {
    Reason { verdict: Verdict::MayFit, words: words.into() }
}

fn bad(words: impl Into<String>) -> Reason {
    Reason { verdict: Verdict::DoesNotFit, words: words.into() }
}

fn evening(candidate: &Candidate<'_>) -> Reason {
    if candidate.pacing == Pacing::SelfPaced {
        return good("any hour you like");
    }
    let times = || candidate.starts.iter().filter_map(|start| start.schedule.as_ref());
    let known = || times().filter_map(|schedule| Some((schedule, is_evening(schedule.as_str())?)));
    if let Some((schedule, _)) = known().find(|(_, evening)| *evening) {
        return good(format!("evenings: {schedule}"));
    }
    // A start that says nothing may be in the evening.
    match known().next() {
        Some((schedule, _)) if known().count() == candidate.starts.len() => {
            bad(format!("not in the evening: {schedule}"))
        }
        _ => unsure("ask for the times"),
    }
}

/// Whether every time of a schedule such as `Mon + Wed 18:00` is in the evening; `None` where it
/// names no time.
fn is_evening(schedule: &str) -> Option<bool> {
    let mut hours = schedule.match_indices(':').filter_map(|(place, _)| hour(schedule, place)).peekable();
    hours.peek()?;
    Some(hours.all(|hour| hour >= EVENING))
}

/// When the evening begins.
const EVENING: u8 = 17;

/// The hour before the colon at `place`, on a clock of 24 hours.
fn hour(schedule: &str, place: usize) -> Option<u8> {
    let (before, after) = (schedule.get(..place)?, schedule.get(place + 1..)?);
    let start = before
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let hour: u8 = before[start..].parse().ok().filter(|hour| *hour < 24)?;
    let minutes = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let rest = after[minutes.len()..].trim_start().to_ascii_lowercase();
    Some(match hour {
        12 if rest.starts_with("am") => 0,
        1..12 if rest.starts_with("pm") => hour + 12,
        hour => hour,
    })
}

fn teacher(pacing: Pacing, wanted: bool) -> Reason {
    match (pacing, wanted) {
        (Pacing::InstructorLed, true) => good("with a teacher"),
        (Pacing::SelfPaced, true) => bad("without a teacher"),
        (Pacing::SelfPaced, false) => good("at your own pace"),
        (Pacing::InstructorLed, false) => bad("with a teacher, at set times"),
    }
}

fn from_home(format: DeliveryFormat) -> Reason {
    match format {
        DeliveryFormat::Online => good("online, from anywhere"),
        DeliveryFormat::Hybrid => bad("partly on campus"),
        DeliveryFormat::InPerson => bad("on campus"),
    }
}

fn budget(price: Money, most: u32) -> Reason {
    let most = amount(most, price.currency);
    if price.is_zero() {
        good("free")
    } else if price.cents <= most.cents {
        good(format!("{price} of at most {most}"))
    } else if most.is_zero() {
        bad(format!("costs {price}"))
    } else {
        bad(format!("costs {price}, more than {most}"))
    }
}

/// When it begins is no question, but who can't begin is not helped; and beginning at once helps.
fn start(candidate: &Candidate<'_>) -> Option<Reason> {
    use crate::domain::candidate::NextStart;
    match candidate.next_start() {
        NextStart::AnyTime => Some(good("starts any time")),
        NextStart::On(_) => None,
        NextStart::Full(start) => Some(bad(format!("{} is full", day(start.starts_on)))),
        NextStart::NotOpen => Some(bad("no open start")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::candidate::candidates;
    use crate::domain::decide::fixtures::{cohort, now, paused, program, rest_offer};
    use crate::domain::money::Terms;
    use crate::domain::views::{Offer, ProgramView};
    use chrono::Days;
    use proptest::prelude::*;

    fn class(name: &str, schedule: Option<&str>) -> Offer {
        let mut offer = rest_offer(name);
        offer.course.pacing = Pacing::InstructorLed;
        offer.course.format = DeliveryFormat::InPerson;
        offer.dated = true;
        let mut start = cohort(now().date_naive() + Days::new(5), 12, 3);
        start.schedule = schedule.map(Text::clean);
        offer.cohorts = vec![start];
        offer
    }

    fn priced(mut offer: Offer, cents: i64) -> Offer {
        offer.course.price.cents = cents;
        offer
    }

    fn found(view: &ProgramView, preferences: &Preferences) -> Vec<Fit> {
        fits(&candidates(view, None, now()), preferences)
    }

    /// "Certiport fits: any hour you like, starts any time".
    fn lines(view: &ProgramView, preferences: &Preferences) -> Vec<String> {
        found(view, preferences)
            .into_iter()
            .map(|fit| {
                let reasons: Vec<_> = fit.reasons.into_iter().map(|reason| reason.words).collect();
                format!("{} {:?}: {}", fit.name, fit.verdict, reasons.join(", "))
            })
            .collect()
    }

    #[test]
    fn evenings_are_read_from_the_schedule() {
        for (schedule, evening) in [
            ("Mon + Wed 18:00", Some(true)),
            ("Tue 17:00–20:00, Thu 17:30", Some(true)),
            ("Mon 18:00, Sat 9:00", Some(false)),
            ("Mon 16:59", Some(false)),
            ("Mon 6:00 pm", Some(true)),
            ("Mon 11:30 PM", Some(true)),
            ("Mon 12:30 am", Some(false)),
            ("Mon 12:30 pm", Some(false)),
            ("weekday evenings", None),
            ("Ratio 1:x", None),
            ("", None),
        ] {
            assert_eq!(is_evening(schedule), evening, "{schedule}");
        }
    }

    #[test]
    fn partners_are_marked_with_their_reasons_best_first() {
        let view = program(vec![
            class("Day School", Some("Mon 9:00")),
            class("Night School", Some("Mon + Wed 18:00")),
            class("Quiet School", None),
            priced(rest_offer("Certiport"), 8_900),
        ]);
        let wants = Preferences { evenings: Some(true), budget: Some(50), ..Preferences::default() };
        assert_eq!(
            lines(&view, &wants),
            [
                "Night School Fits: evenings: Mon + Wed 18:00, free",
                "Quiet School MayFit: ask for the times, free",
                "Day School DoesNotFit: not in the evening: Mon 9:00, free",
                "Certiport DoesNotFit: costs $89.00, more than $50.00, any hour you like, starts any time",
            ]
        );
    }

    #[test]
    fn who_can_not_come_learns_from_home() {
        let mut view = program(vec![class("College", None), rest_offer("Certiport"), rest_offer("Milady")]);
        view.offers[2].course.format = DeliveryFormat::Hybrid;
        let wants = Preferences { campus: Some(false), teacher: Some(false), ..Preferences::default() };
        assert_eq!(
            lines(&view, &wants),
            [
                "Certiport Fits: at your own pace, online, from anywhere, starts any time",
                "Milady DoesNotFit: partly on campus, at your own pace, starts any time",
                "College DoesNotFit: with a teacher, at set times, on campus",
            ]
        );
    }

    #[test]
    fn what_can_not_be_taken_fits_nobody() {
        let view = program(vec![paused(rest_offer("Certiport")), rest_offer("Milady")]);
        let wants = Preferences { budget: Some(0), ..Preferences::default() };
        assert_eq!(
            lines(&view, &wants),
            ["Milady Fits: free, starts any time", "Certiport NotNow: free, starts any time"]
        );
        let mut full = class("College", Some("Mon 18:00"));
        full.cohorts[0].taken = 12;
        let wants = Preferences { evenings: Some(true), ..Preferences::default() };
        assert_eq!(
            lines(&program(vec![full]), &wants),
            ["College DoesNotFit: Tue 14 Oct 2025 is full, evenings: Mon 18:00"]
        );
    }

    #[test]
    fn an_answer_that_rules_nobody_out_marks_nobody() {
        let view = program(vec![rest_offer("Certiport")]);
        let wants = Preferences { evenings: Some(false), campus: Some(true), ..Preferences::default() };
        assert_eq!(found(&view, &wants), []);
    }

    #[test]
    fn an_answer_can_be_given_and_taken_back() {
        for question in Question::ALL {
            for place in 0..question.answers() {
                let told = Preferences::default().with(question, Some(place));
                assert_eq!(told.answered(question), Some(place));
                assert!(!told.is_empty() && told.with(question, None).is_empty());
                assert!(!question.answer(place, None).is_empty());
            }
        }
        assert_eq!(Question::Budget.answer(1, Some(Currency::USD)), "$50.00");
    }

    fn preferences() -> impl Strategy<Value = Preferences> {
        let yes = || proptest::option::of(any::<bool>());
        let most = proptest::option::of(proptest::sample::select(BUDGETS.to_vec()));
        (yes(), yes(), yes(), most).prop_map(|(evenings, teacher, campus, budget)| Preferences {
            evenings,
            teacher,
            campus,
            budget,
        })
    }

    fn world() -> impl Strategy<Value = ProgramView> {
        let offer = (any::<bool>(), 0..4_i64, proptest::option::of(0..24_u32), 0..3_usize, any::<bool>());
        proptest::collection::vec(offer, 1..6).prop_map(|offers| {
            let make = |(place, (led, price, hour, format, open)): (
                usize,
                (bool, i64, Option<u32>, usize, bool),
            )| {
                let name = format!("Partner {place}");
                let offer = if led {
                    class(&name, hour.map(|hour| format!("Mon {hour}:00")).as_deref())
                } else {
                    rest_offer(&name)
                };
                let mut offer = priced(offer, price * 4_000);
                offer.course.format = DeliveryFormat::ALL[format];
                if open { offer } else { paused(offer) }
            };
            program(offers.into_iter().enumerate().map(make).collect())
        })
    }

    proptest! {
        #[test]
        fn an_unanswered_question_changes_nothing(
            view in world(), wants in preferences(), question in proptest::sample::select(Question::ALL.to_vec()),
        ) {
            // Every reason comes from an answer, or is about the start.
            let without = wants.with(question, None);
            let all: Vec<_> = candidates(&view, None, now());
            for candidate in &all {
                let (some, more) = (fit(candidate, &without), fit(candidate, &wants));
                prop_assert!(some.reasons.iter().all(|reason| more.reasons.contains(reason)));
                prop_assert!(more.reasons.len() <= some.reasons.len() + 1);
            }
            prop_assert_eq!(fits(&all, &Preferences::default()), []);
        }

        #[test]
        fn everybody_is_there_once_best_first_and_otherwise_in_order(view in world(), wants in preferences()) {
            let fits = found(&view, &wants);
            let known: Vec<_> = view.offers.iter().map(|offer| offer.course.id).collect();
            prop_assert!(fits.is_empty() || fits.len() == known.len());
            for pair in fits.windows(2) {
                prop_assert!(pair[0].verdict <= pair[1].verdict);
                let alike = |fit: &Fit| fit.reasons.iter().map(|reason| reason.verdict).collect::<Vec<_>>();
                if pair[0].verdict == pair[1].verdict && alike(&pair[0]) == alike(&pair[1]) {
                    let place = |fit: &Fit| known.iter().position(|id| *id == fit.course);
                    prop_assert!(place(&pair[0]) < place(&pair[1]));
                }
            }
        }

        #[test]
        fn what_a_partner_pays_changes_nothing(view in world(), wants in preferences(), share in any::<u16>()) {
            let mut other = view.clone();
            for (offer, turn) in other.offers.iter_mut().zip(1_u16..) {
                offer.course.terms = Terms::Share(share.wrapping_mul(turn));
            }
            prop_assert_eq!(found(&other, &wants), found(&view, &wants));
        }
    }
}
