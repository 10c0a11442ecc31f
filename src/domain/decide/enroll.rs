//! May this student enroll in this program with this partner?

use crate::domain::enrollment::{Link, Payment, Status};
use crate::domain::ids::CourseId;
use crate::domain::provider::Availability;
use crate::domain::refusal::Refusal;
use crate::domain::views::{CourseView, Offer, ProgramView, Unavailable};

/// What the student chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing: fine where there is only one way.
    Unmade,
    /// A partner's course of this program.
    Course(CourseId),
}

/// What to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollDecision<'a> {
    /// With whom; `None` when taught here.
    pub offer: Option<&'a Offer>,
    /// Where it starts.
    pub status: Status,
    /// Where the money starts.
    pub payment: Payment,
    /// Where the partner's side starts.
    pub link: Link,
}

/// Decides an enrollment. `live` is the student's live enrollment in the same program.
pub fn decide_enroll<'a>(
    view: &'a ProgramView,
    choice: Choice,
    live: Option<&CourseView>,
) -> Result<EnrollDecision<'a>, Refusal> {
    let title = view.program.title.clone();
    if let Some(live) = live {
        return Err(Refusal::AlreadyEnrolled {
            enrollment: live.enrollment.id,
            title,
            partner: live.provider().map(|provider| provider.name.clone()),
        });
    }
    if !view.program.active {
        return Err(Refusal::ProgramInactive { title });
    }
    let Some(offer) = chosen(view, choice)? else {
        return Ok(EnrollDecision {
            offer: None,
            status: Status::Active,
            payment: Payment::None,
            link: Link::None,
        });
    };
    check_available(view, offer)?;
    if !offer.course.price.is_zero() {
        return Err(Refusal::PaymentUnavailable {
            title,
            partner: offer.provider.name.clone(),
            price: offer.course.price.to_string(),
            partners: names(view.available().filter(|other| other.course.price.is_zero())),
        });
    }
    let provision = offer.provider.protocol.capabilities().provision;
    Ok(EnrollDecision {
        offer: Some(offer),
        status: Status::Active,
        payment: Payment::None,
        link: if provision { Link::Requested } else { Link::Manual },
    })
}

/// The offer meant by the choice; `None` when the program is taught here.
fn chosen(view: &ProgramView, choice: Choice) -> Result<Option<&Offer>, Refusal> {
    let ambiguous =
        || Refusal::ChoosePartner { title: view.program.title.clone(), partners: names(view.available()) };
    match choice {
        // An id that is not of this program is treated as no choice: the client may not pair
        // a program with any course it likes.
        Choice::Course(id) => {
            view.offers.iter().find(|offer| offer.course.id == id).map(Some).ok_or_else(ambiguous)
        }
        Choice::Unmade if view.self_hosted() => Ok(None),
        Choice::Unmade => {
            let mut open = view.available();
            match (open.next(), open.next(), view.offers.as_slice()) {
                (Some(only), None, _) => Ok(Some(only)),
                // Nobody takes enrollments: let the first partner's reason be said.
                (None, _, [first, ..]) => Ok(Some(first)),
                _ => Err(ambiguous()),
            }
        }
    }
}

fn check_available(view: &ProgramView, offer: &Offer) -> Result<(), Refusal> {
    let partner = offer.provider.name.clone();
    let partners = || names(view.available());
    match offer.unavailable() {
        None => Ok(()),
        Some(Unavailable::PartnerPaused) => {
            let (note, until) = match &offer.provider.availability {
                Availability::Paused { note, until } => (note.clone(), *until),
                Availability::Active => (None, None),
            };
            Err(Refusal::PartnerPaused { partner, note, until, partners: partners() })
        }
        Some(Unavailable::CourseInactive) => {
            Err(Refusal::CourseInactive { partner, title: view.program.title.clone(), partners: partners() })
        }
        Some(Unavailable::NotConfigured) => {
            Err(Refusal::PartnerNotConfigured { partner, partners: partners() })
        }
    }
}

fn names<'a>(offers: impl Iterator<Item = &'a Offer>) -> Vec<String> {
    offers.map(|offer| offer.provider.name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{course_of, link_offer, paused, program, rest_offer};

    #[test]
    fn one_partner_needs_no_choice() {
        let view = program(vec![rest_offer("Milady")]);
        let decision = decide_enroll(&view, Choice::Unmade, None).expect("it may");
        assert_eq!(decision.offer, view.offers.first());
        assert_eq!((decision.status, decision.link), (Status::Active, Link::Requested));
    }

    #[test]
    fn a_program_without_partners_is_taught_here() {
        let view = program(vec![]);
        let decision = decide_enroll(&view, Choice::Unmade, None).expect("it may");
        assert_eq!((decision.offer, decision.link), (None, Link::None));
    }

    #[test]
    fn several_partners_need_a_choice() {
        let view = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let refusal = decide_enroll(&view, Choice::Unmade, None).expect_err("unclear");
        assert_eq!(refusal.code(), "choose_partner");
        assert_eq!(refusal.alternatives(), ["Certiport", "Milady"]);
    }

    #[test]
    fn a_course_of_another_program_is_no_choice() {
        let view = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let foreign = rest_offer("Other").course.id;
        let refusal = decide_enroll(&view, Choice::Course(foreign), None).expect_err("foreign");
        assert_eq!(refusal.code(), "choose_partner");
    }

    #[test]
    fn a_paused_partner_names_reason_and_alternatives() {
        let view = program(vec![paused(rest_offer("HSI")), rest_offer("Milady")]);
        let refusal =
            decide_enroll(&view, Choice::Course(view.offers[0].course.id), None).expect_err("paused");
        assert_eq!(refusal.code(), "partner_paused");
        assert_eq!(
            refusal.to_string(),
            "HSI is paused until 1 March 2026: renewing its accreditation. You can choose Milady instead."
        );
    }

    #[test]
    fn one_open_partner_among_paused_ones_needs_no_choice() {
        let view = program(vec![paused(rest_offer("HSI")), rest_offer("Milady")]);
        let decision = decide_enroll(&view, Choice::Unmade, None).expect("it may");
        assert_eq!(decision.offer, view.offers.get(1));
    }

    #[test]
    fn an_inactive_course_takes_nobody() {
        let mut view = program(vec![rest_offer("Milady")]);
        view.offers[0].course.active = false;
        assert_eq!(decide_enroll(&view, Choice::Unmade, None).expect_err("closed").code(), "course_inactive");
    }

    #[test]
    fn a_price_refuses_until_payment_exists() {
        let mut view = program(vec![rest_offer("Milady"), rest_offer("Free One")]);
        view.offers[0].course.price.cents = 5_900;
        let refusal =
            decide_enroll(&view, Choice::Course(view.offers[0].course.id), None).expect_err("costs");
        assert_eq!(refusal.code(), "payment_unavailable");
        assert_eq!(refusal.alternatives(), ["Free One"]);
    }

    #[test]
    fn a_second_live_enrollment_names_the_first() {
        let view = program(vec![rest_offer("Milady")]);
        let live = course_of(&view, 0);
        let refusal = decide_enroll(&view, Choice::Unmade, Some(&live)).expect_err("twice");
        assert_eq!(refusal.code(), "already_enrolled");
        assert!(refusal.to_string().contains("via Milady"));
    }

    #[test]
    fn a_link_partner_is_manual() {
        let view = program(vec![link_offer("NDS")]);
        assert_eq!(decide_enroll(&view, Choice::Unmade, None).expect("it may").link, Link::Manual);
    }
}
