//! A partner as a student weighs them.
//!
//! What the platform earns with a partner is not among it, so nothing that orders or recommends
//! candidates can depend on it.

use crate::domain::cohort::{Cohort, next_of, open_starts};
use crate::domain::ids::CourseId;
use crate::domain::money::Money;
use crate::domain::program::{DeliveryFormat, Pacing, codes};
use crate::domain::review::RatingSummary;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{Offer, ProgramView, Unavailable};
use std::collections::BTreeMap;

/// One partner's offer, as far as it matters to a student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The course.
    pub course: CourseId,
    /// Who delivers it.
    pub name: &'a Text,
    /// Where.
    pub format: DeliveryFormat,
    /// At whose pace.
    pub pacing: Pacing,
    /// What the student pays.
    pub price: Money,
    /// Hours of work.
    pub hours: Option<u32>,
    /// How long it takes: `6 weeks`.
    pub length: Option<&'a Text>,
    /// What one has at the end.
    pub credential: Option<&'a Text>,
    /// Whom one asks.
    pub support: Option<String>,
    /// How it is opened.
    pub access: Access,
    /// It has dated starts; without, it starts any time.
    pub dated: bool,
    /// The starts that take enrollments, seats permitting, in their order.
    pub starts: Vec<&'a Cohort>,
    /// What those who learned with it say.
    pub rating: RatingSummary,
    /// What became of those who enrolled; `None` before it is read.
    pub outcome: Option<Outcome>,
    /// Why it can't be taken now.
    pub unavailable: Option<Unavailable>,
    /// Since when its platform has problems.
    pub troubled: Option<Instant>,
}

/// How a course is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// We ask for a link that signs the student in.
    FromHere,
    /// The student signs in at the partner.
    OwnLogin,
    /// The student goes there.
    InPerson,
}

codes!(Access { FromHere = "opens_from_here", OwnLogin = "own_login", InPerson = "in_person" });

impl Access {
    fn of(offer: &Offer) -> Self {
        if offer.provider.capabilities().launch {
            Self::FromHere
        } else if offer.course.format == DeliveryFormat::InPerson {
            Self::InPerson
        } else {
            Self::OwnLogin
        }
    }

    /// As a student reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::FromHere => "opens from here",
            Self::OwnLogin => "own login",
            Self::InPerson => "in person",
        }
    }
}

/// What became of those who enrolled in a partner course and did not cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    /// How many have completed it.
    pub completed: u32,
    /// How many are still at it.
    pub active: u32,
}

/// Fewer enrollments than this say nothing about a partner.
const ENOUGH: u32 = 10;

impl Outcome {
    /// How many of how many have completed it; `None` where they are too few to say.
    pub fn completion(self) -> Option<(u32, u32)> {
        let all = self.completed.saturating_add(self.active);
        (all >= ENOUGH).then_some((self.completed, all))
    }
}

/// The outcomes of a program's courses; a course nobody enrolled in may be missing.
pub type Outcomes = BTreeMap<CourseId, Outcome>;

/// When a student could begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStart<'a> {
    /// At once.
    AnyTime,
    /// On that day: the start an enrollment without a wish goes into.
    On(&'a Cohort),
    /// Every open start is full; this is the first.
    Full(&'a Cohort),
    /// No start takes enrollments.
    NotOpen,
}

impl<'a> Candidate<'a> {
    fn of(offer: &'a Offer, view: &'a ProgramView, outcomes: Option<&Outcomes>, now: Instant) -> Self {
        let (course, program) = (&offer.course, &view.program);
        Self {
            course: course.id,
            name: &offer.provider.name,
            format: course.format,
            pacing: course.pacing,
            price: course.price,
            hours: course.hours.or(program.hours),
            length: program.length.as_ref(),
            credential: course.credential.as_ref().or(program.credential.as_ref()),
            support: offer.provider.support.contact(),
            access: Access::of(offer),
            dated: offer.dated,
            starts: open_starts(&offer.cohorts, now).collect(),
            rating: offer.rating,
            outcome: outcomes.map(|all| all.get(&course.id).copied().unwrap_or_default()),
            unavailable: offer.unavailable(now),
            troubled: offer.provider.troubled(now),
        }
    }

    /// When a student could begin.
    pub fn next_start(&self) -> NextStart<'a> {
        if !self.dated {
            return NextStart::AnyTime;
        }
        match next_of(self.starts.iter().copied()) {
            Some(full) if full.is_full() => NextStart::Full(full),
            Some(free) => NextStart::On(free),
            None => NextStart::NotOpen,
        }
    }
}

/// Everybody who delivers a program, as a student weighs them. Without `outcomes` they are not
/// read yet.
pub fn candidates<'a>(
    view: &'a ProgramView,
    outcomes: Option<&Outcomes>,
    now: Instant,
) -> Vec<Candidate<'a>> {
    view.offers.iter().map(|offer| Candidate::of(offer, view, outcomes, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{cohort, link_offer, now, program, rest_offer};
    use chrono::Days;

    #[test]
    fn how_it_opens_depends_on_protocol_and_place() {
        let mut class = link_offer("College");
        assert_eq!(Access::of(&class), Access::OwnLogin);
        class.course.format = DeliveryFormat::InPerson;
        assert_eq!(Access::of(&class), Access::InPerson);
        assert_eq!(Access::of(&rest_offer("Certiport")), Access::FromHere);
    }

    #[test]
    fn nine_are_too_few_to_say() {
        let outcome = |completed, active| Outcome { completed, active }.completion();
        assert_eq!(outcome(8, 1), None);
        assert_eq!(outcome(8, 4), Some((8, 12)));
        assert_eq!(outcome(0, 10), Some((0, 10)));
    }

    #[test]
    fn the_next_start_is_the_one_with_a_free_seat() {
        let day = |days| now().date_naive() + Days::new(days);
        let mut offer = rest_offer("Milady");
        let next = |offer: &Offer| {
            let view = program(vec![offer.clone()]);
            match candidates(&view, None, now())[0].next_start() {
                NextStart::On(start) => Some((true, start.starts_on)),
                NextStart::Full(start) => Some((false, start.starts_on)),
                NextStart::AnyTime | NextStart::NotOpen => None,
            }
        };
        assert_eq!(next(&offer), None);
        offer.dated = true;
        assert_eq!(next(&offer), None);
        offer.cohorts = vec![cohort(day(5), 12, 12)];
        assert_eq!(next(&offer), Some((false, day(5))));
        offer.cohorts.push(cohort(day(40), 12, 3));
        assert_eq!(next(&offer), Some((true, day(40))));
    }
}
