//! May this student enroll in this program with this partner?

use super::launch::shut;
use crate::domain::cohort::{Cohort, next_start, open_starts};
use crate::domain::enrollment::{Link, Payment, Status};
use crate::domain::ids::{CohortId, CourseId};
use crate::domain::money::Money;
use crate::domain::payment::Till;
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;
use crate::domain::units::to_units;
use crate::domain::views::{CourseView, Offer, ProgramView, Unavailable};
use crate::domain::waitlist::{WaitlistStatus, WaitlistView};

/// What the student chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing: fine where there is only one way.
    Unmade,
    /// A partner's course of this program; where it has dates, the next start with a free seat.
    Course(CourseId),
    /// One of its dated starts.
    Cohort(CourseId, CohortId),
}

impl Choice {
    /// The partner's course, where one was chosen.
    pub fn course(self) -> Option<CourseId> {
        match self {
            Self::Unmade => None,
            Self::Course(course) | Self::Cohort(course, _) => Some(course),
        }
    }
}

/// What to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrollDecision<'a> {
    /// With whom; `None` when taught here.
    pub offer: Option<&'a Offer>,
    /// The dated start, where the course has dates.
    pub cohort: Option<&'a Cohort>,
    /// Where it starts.
    pub status: Status,
    /// Where the money starts.
    pub payment: Payment,
    /// Where the partner's side starts.
    pub link: Link,
    /// What has to be paid first.
    pub price: Option<Money>,
}

/// Decides an enrollment. `live` is the student's live enrollment in the same program.
pub fn decide_enroll<'a>(
    view: &'a ProgramView,
    choice: Choice,
    live: Option<&CourseView>,
    till: Till,
    now: Instant,
) -> Result<EnrollDecision<'a>, Refusal> {
    let Some(offer) = check_offer(view, choice, live, till, now)? else {
        return Ok(EnrollDecision {
            offer: None,
            cohort: None,
            status: Status::Active,
            payment: Payment::None,
            link: Link::None,
            price: None,
        });
    };
    let cohort = check_start(view, offer, choice, now)?;
    Ok(enrolled_with(offer, cohort))
}

/// Decides to take an offered seat: nobody else can have it, so it may be the last one.
pub fn decide_accept<'a>(
    view: &'a ProgramView,
    entry: &WaitlistView,
    live: Option<&CourseView>,
    till: Till,
    now: Instant,
) -> Result<EnrollDecision<'a>, Refusal> {
    let choice = Choice::Cohort(entry.cohort.course_id, entry.cohort.id);
    if entry.status == WaitlistStatus::Waiting {
        return Err(Refusal::StillWaiting {
            title: entry.program_title.clone(),
            partner: entry.partner.clone(),
            place: entry.place,
        });
    }
    if !entry.is_offer(now) {
        return Err(Refusal::OfferOver {
            title: entry.program_title.clone(),
            partner: entry.partner.clone(),
            starts_on: entry.cohort.starts_on,
        });
    }
    let offer = check_offer(view, choice, live, till, now)?;
    let start = offer.and_then(|offer| {
        let cohort = offer.cohorts.iter().find(|cohort| cohort.id == entry.cohort.id)?;
        cohort.is_open(now).then_some((offer, cohort))
    });
    let (offer, cohort) = start.ok_or_else(|| Refusal::StartClosed {
        title: entry.program_title.clone(),
        partner: entry.partner.clone(),
        starts: Vec::new(),
    })?;
    Ok(enrolled_with(offer, Some(cohort)))
}

/// Decides to wait for a seat of a full start.
pub fn decide_join<'a>(
    view: &'a ProgramView,
    choice: Choice,
    live: Option<&CourseView>,
    waiting: &[WaitlistView],
    till: Till,
    now: Instant,
) -> Result<&'a Cohort, Refusal> {
    let title = view.program.title.clone();
    let Some(offer) = check_offer(view, choice, live, till, now)? else {
        return Err(Refusal::NoDates { title, partner: None });
    };
    let cohort = match check_start(view, offer, choice, now) {
        Ok(Some(cohort)) => {
            let partner = offer.provider.name.clone();
            return Err(Refusal::SeatFree { partner, starts_on: cohort.starts_on });
        }
        Ok(None) => {
            return Err(Refusal::NoDates { title, partner: Some(offer.provider.name.clone()) });
        }
        Err(Refusal::StartFull { cohort, .. }) => cohort,
        Err(other) => return Err(other),
    };
    match waiting.iter().find(|entry| entry.entry.cohort_id == cohort && entry.status.is_live()) {
        Some(entry) => Err(Refusal::AlreadyWaiting {
            title,
            partner: offer.provider.name.clone(),
            place: entry.place,
            offered: entry.is_offer(now),
        }),
        None => offer.cohorts.iter().find(|known| known.id == cohort).ok_or_else(|| Refusal::StartClosed {
            title,
            partner: offer.provider.name.clone(),
            starts: Vec::new(),
        }),
    }
}

fn enrolled_with<'a>(offer: &'a Offer, cohort: Option<&'a Cohort>) -> EnrollDecision<'a> {
    let price = offer.course.price;
    let free = price.is_zero();
    EnrollDecision {
        offer: Some(offer),
        cohort,
        status: if free { Status::Active } else { Status::Pending },
        payment: if free { Payment::None } else { Payment::Open },
        // The partner hears of it when it is paid.
        link: if free { first_link(offer) } else { Link::None },
        price: (!free).then_some(price),
    }
}

/// Where the partner's side of an active enrollment starts.
pub fn first_link(offer: &Offer) -> Link {
    if offer.provider.capabilities().enroll { Link::Requested } else { Link::Manual }
}

/// What holds whatever the start is; `None` when the program is taught here.
fn check_offer<'a>(
    view: &'a ProgramView,
    choice: Choice,
    live: Option<&CourseView>,
    till: Till,
    now: Instant,
) -> Result<Option<&'a Offer>, Refusal> {
    let title = view.program.title.clone();
    if let Some(live) = live {
        return Err(has_live(live, now));
    }
    if !view.program.active {
        return Err(Refusal::ProgramInactive { title });
    }
    let Some(offer) = chosen(view, choice, now)? else {
        return Ok(None);
    };
    check_available(view, offer, now)?;
    check_till(view, offer, offer.course.price, till, now)?;
    Ok(Some(offer))
}

/// Why nobody enrolls in what they are in.
fn has_live(live: &CourseView, now: Instant) -> Refusal {
    if let Some(provider) = live.provider().filter(|_| live.unpayable(now)) {
        return shut(provider, now);
    }
    let title = live.program_title.clone();
    let partner = live.provider().map(|provider| provider.name.clone());
    match (live.enrollment.status, live.money.open()) {
        (Status::Pending, Some(payment)) => Refusal::PaymentOpen {
            title,
            partner,
            amount: payment.amount.to_string(),
            url: payment.url.clone().map(Box::new),
        },
        (Status::Pending, None) => Refusal::AwaitingPayment { title },
        _ => Refusal::AlreadyEnrolled { enrollment: live.enrollment.id, title, partner },
    }
}

/// Whether money can be taken for an offer, where any is asked for.
pub(super) fn check_till(
    view: &ProgramView,
    offer: &Offer,
    due: Money,
    till: Till,
    now: Instant,
) -> Result<(), Refusal> {
    let (title, partner) = (view.program.title.clone(), offer.provider.name.clone());
    let price = due.to_string();
    let partners = || names(view.available(now).filter(|other| other.course.price.is_zero()));
    match till {
        _ if due.is_zero() => Ok(()),
        _ if till.sells(offer.provider.demo) && to_units(due).is_some() => Ok(()),
        _ if till.sells(offer.provider.demo) => {
            Err(Refusal::PriceNotCounted { title, partner, price, partners: partners() })
        }
        Till::Closed => Err(Refusal::PaymentUnavailable { title, partner, price, partners: partners() }),
        Till::Sandbox => Err(Refusal::PlayMoneyOnly { title, partner, price, partners: partners() }),
        Till::Open { .. } => Err(Refusal::DemoForRealMoney { title, partner, partners: partners() }),
    }
}

/// The start meant by the choice: for a course with dates one that is open and has a free seat.
pub(super) fn check_start<'a>(
    view: &ProgramView,
    offer: &'a Offer,
    choice: Choice,
    now: Instant,
) -> Result<Option<&'a Cohort>, Refusal> {
    let title = || view.program.title.clone();
    let partner = || offer.provider.name.clone();
    let free = || open_starts(&offer.cohorts, now).filter(|cohort| !cohort.is_full());
    let others = || {
        let others = view.available(now).filter(|other| other.course.id != offer.course.id);
        names(others.filter(|other| !other.dated || open_starts(&other.cohorts, now).any(|c| !c.is_full())))
    };
    let wanted = match choice {
        Choice::Cohort(_, id) => {
            let found = open_starts(&offer.cohorts, now).find(|cohort| cohort.id == id);
            found.ok_or_else(|| Refusal::StartClosed {
                title: title(),
                partner: partner(),
                starts: free().map(|cohort| cohort.starts_on).collect(),
            })?
        }
        Choice::Unmade | Choice::Course(_) if !offer.dated => return Ok(None),
        Choice::Unmade | Choice::Course(_) => next_start(&offer.cohorts, now)
            .ok_or_else(|| Refusal::NoOpenStart { title: title(), partner: partner(), partners: others() })?,
    };
    if wanted.is_full() {
        return Err(Refusal::StartFull {
            cohort: wanted.id,
            title: title(),
            partner: partner(),
            starts_on: wanted.starts_on,
            waiting: wanted.waiting,
            starts: free().map(|cohort| cohort.starts_on).collect(),
            partners: others(),
        });
    }
    Ok(Some(wanted))
}

/// The offer meant by the choice; `None` when the program is taught here.
pub(super) fn chosen(view: &ProgramView, choice: Choice, now: Instant) -> Result<Option<&Offer>, Refusal> {
    let ambiguous =
        || Refusal::ChoosePartner { title: view.program.title.clone(), partners: names(view.available(now)) };
    match choice {
        // An id that is not of this program is treated as no choice: the client may not pair
        // a program with any course it likes.
        Choice::Course(id) | Choice::Cohort(id, _) => {
            view.offers.iter().find(|offer| offer.course.id == id).map(Some).ok_or_else(ambiguous)
        }
        Choice::Unmade if view.self_hosted() => Ok(None),
        Choice::Unmade => {
            let mut open = view.available(now);
            match (open.next(), open.next(), view.offers.as_slice()) {
                (Some(only), None, _) => Ok(Some(only)),
                // Nobody takes enrollments: let the first partner's reason be said.
                (None, _, [first, ..]) => Ok(Some(first)),
                _ => Err(ambiguous()),
            }
        }
    }
}

pub(super) fn check_available(view: &ProgramView, offer: &Offer, now: Instant) -> Result<(), Refusal> {
    let partner = offer.provider.name.clone();
    let partners = || names(view.available(now));
    match offer.unavailable(now) {
        None => Ok(()),
        Some(Unavailable::PartnerPaused | Unavailable::PartnerRetiring | Unavailable::PartnerRetired) => {
            Err(shut(&offer.provider, now).instead_of_partner(partners()))
        }
        Some(Unavailable::CourseInactive) => {
            Err(Refusal::CourseInactive { partner, title: view.program.title.clone(), partners: partners() })
        }
        Some(Unavailable::NotConfigured) => {
            Err(Refusal::PartnerNotConfigured { partner, partners: partners() })
        }
    }
}

pub(super) fn names<'a>(offers: impl Iterator<Item = &'a Offer>) -> Vec<String> {
    offers.map(|offer| offer.provider.name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        self, course_of, link_offer, now, paused, priced, program, rest_offer, unpaid, waiting,
    };
    use crate::domain::money::Currency;
    use crate::domain::payment::PaymentStatus;
    use crate::domain::web::WebUrl;

    #[test]
    fn one_partner_needs_no_choice() {
        let view = program(vec![rest_offer("Milady")]);
        let decision = decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect("it may");
        assert_eq!(decision.offer, view.offers.first());
        assert_eq!((decision.status, decision.link), (Status::Active, Link::Requested));
    }

    #[test]
    fn a_program_without_partners_is_taught_here() {
        let view = program(vec![]);
        let decision = decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect("it may");
        assert_eq!((decision.offer, decision.link), (None, Link::None));
    }

    #[test]
    fn several_partners_need_a_choice() {
        let view = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let refusal = decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect_err("unclear");
        assert_eq!(refusal.code(), "choose_partner");
        assert_eq!(refusal.alternatives(), ["Certiport", "Milady"]);
    }

    #[test]
    fn a_course_of_another_program_is_no_choice() {
        let view = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let foreign = rest_offer("Other").course.id;
        let refusal =
            decide_enroll(&view, Choice::Course(foreign), None, Till::Sandbox, now()).expect_err("foreign");
        assert_eq!(refusal.code(), "choose_partner");
    }

    #[test]
    fn a_paused_partner_names_reason_and_alternatives() {
        let view = program(vec![paused(rest_offer("HSI")), rest_offer("Milady")]);
        let refusal =
            decide_enroll(&view, Choice::Course(view.offers[0].course.id), None, Till::Sandbox, now())
                .expect_err("paused");
        assert_eq!(refusal.code(), "partner_paused");
        assert_eq!(
            refusal.to_string(),
            "HSI is paused until 1 March 2026: renewing its accreditation. You can choose Milady instead."
        );
    }

    #[test]
    fn one_open_partner_among_paused_ones_needs_no_choice() {
        let view = program(vec![paused(rest_offer("HSI")), rest_offer("Milady")]);
        let decision = decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect("it may");
        assert_eq!(decision.offer, view.offers.get(1));
    }

    #[test]
    fn an_inactive_course_takes_nobody() {
        let mut view = program(vec![rest_offer("Milady")]);
        view.offers[0].course.active = false;
        assert_eq!(
            decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect_err("closed").code(),
            "course_inactive"
        );
    }

    #[test]
    fn a_price_is_paid_before_the_partner_hears_of_it() {
        let view = program(vec![priced(rest_offer("Milady"), 5_900)]);
        let decision = decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect("it may");
        assert_eq!((decision.status, decision.payment), (Status::Pending, Payment::Open));
        assert_eq!((decision.link, decision.price), (Link::None, Some(view.offers[0].course.price)));
        let free = program(vec![rest_offer("Milady")]);
        let decision = decide_enroll(&free, Choice::Unmade, None, Till::Closed, now()).expect("it may");
        assert_eq!((decision.status, decision.price), (Status::Active, None));
    }

    #[test]
    fn what_the_processor_cannot_count_is_not_sold() {
        let mut view = program(vec![priced(rest_offer("Milady"), 5_124)]);
        let decide = |view: &ProgramView| {
            let refused = decide_enroll(view, Choice::Unmade, None, Till::Open { live: false }, now());
            refused.map(|_| ()).map_err(|refusal| refusal.code())
        };
        assert_eq!(decide(&view), Ok(()));
        for (code, taken) in [("KWD", false), ("IQD", false), ("JPY", true)] {
            view.offers[0].course.price.currency = Currency::parse(code).expect("a currency");
            assert_eq!(decide(&view).is_ok(), taken, "{code}");
        }
        view.offers[0].course.price =
            Money { cents: 5_124, currency: Currency::parse("KWD").expect("known") };
        assert_eq!(decide(&view), Err("price_not_counted"));
    }

    #[test]
    fn play_money_buys_nothing_real_and_real_money_no_demo() {
        let mut view = program(vec![priced(rest_offer("Milady"), 5_900), rest_offer("Free One")]);
        let refused = |view: &ProgramView, till| {
            let choice = Choice::Course(view.offers[0].course.id);
            decide_enroll(view, choice, None, till, now()).map(|_| ()).map_err(|refusal| {
                assert_eq!(refusal.alternatives(), ["Free One"]);
                refusal.code()
            })
        };
        assert_eq!(refused(&view, Till::Closed), Err("payment_unavailable"));
        assert_eq!(refused(&view, Till::Open { live: true }), Err("demo_for_real_money"));
        assert_eq!(refused(&view, Till::Open { live: false }), Ok(()));
        view.offers[0].provider.demo = false;
        assert_eq!(refused(&view, Till::Sandbox), Err("play_money_only"));
        assert_eq!(refused(&view, Till::Open { live: true }), Ok(()));
    }

    #[test]
    fn what_waits_for_payment_is_paid_not_taken_twice() {
        let view = program(vec![priced(rest_offer("Milady"), 5_900)]);
        let mut live = unpaid(course_of(&view, 0), 5_900);
        live.money.payments[0].url = WebUrl::parse("https://pay.example/cs_1").ok();
        let again = |live: &CourseView| {
            decide_enroll(&view, Choice::Unmade, Some(live), Till::Sandbox, now()).expect_err("twice")
        };
        let refusal = again(&live);
        assert_eq!(refusal.code(), "payment_open");
        assert_eq!(refusal.payment_url().expect("the page").as_str(), "https://pay.example/cs_1");
        live.money.payments[0].status = PaymentStatus::Expired;
        assert_eq!(again(&live).code(), "awaiting_payment");
    }

    #[test]
    fn a_second_live_enrollment_names_the_first() {
        let view = program(vec![rest_offer("Milady")]);
        let live = course_of(&view, 0);
        let refusal =
            decide_enroll(&view, Choice::Unmade, Some(&live), Till::Sandbox, now()).expect_err("twice");
        assert_eq!(refusal.code(), "already_enrolled");
        assert!(refusal.to_string().contains("via Milady"));
    }

    #[test]
    fn a_link_partner_is_manual() {
        let view = program(vec![link_offer("NDS")]);
        assert_eq!(
            decide_enroll(&view, Choice::Unmade, None, Till::Sandbox, now()).expect("it may").link,
            Link::Manual
        );
    }

    fn dated(seats: &[(u32, u32)]) -> ProgramView {
        program(vec![fixtures::dated(link_offer("College"), seats), rest_offer("Certiport")])
    }

    fn of(view: &ProgramView, index: usize) -> Choice {
        Choice::Cohort(view.offers[0].course.id, view.offers[0].cohorts[index].id)
    }

    #[test]
    fn a_dated_course_starts_at_the_next_start_with_a_free_seat() {
        let view = dated(&[(2, 2), (2, 1), (9, 0)]);
        let decision =
            decide_enroll(&view, Choice::Course(view.offers[0].course.id), None, Till::Sandbox, now());
        assert_eq!(decision.expect("it may").cohort, view.offers[0].cohorts.get(1));
    }

    #[test]
    fn a_full_start_names_other_starts_and_partners() {
        let view = dated(&[(2, 2), (2, 1)]);
        let refusal = decide_enroll(&view, of(&view, 0), None, Till::Sandbox, now()).expect_err("full");
        assert_eq!(refusal.code(), "cohort_full");
        let day = view.offers[0].cohorts[1].starts_on.to_string();
        assert_eq!(refusal.alternatives(), [day, "Certiport".to_owned()]);
    }

    #[test]
    fn a_free_seat_belongs_to_those_who_wait() {
        let mut view = dated(&[(2, 1)]);
        view.offers[0].cohorts[0].waiting = 1;
        assert_eq!(
            decide_enroll(&view, of(&view, 0), None, Till::Sandbox, now()).expect_err("full").code(),
            "cohort_full"
        );
    }

    #[test]
    fn a_start_that_is_over_takes_nobody() {
        let view = dated(&[(2, 0)]);
        let later = now() + chrono::TimeDelta::days(9);
        let refusal = decide_enroll(&view, of(&view, 0), None, Till::Sandbox, later).expect_err("over");
        assert_eq!(refusal.code(), "start_closed");
        let any = Choice::Course(view.offers[0].course.id);
        assert_eq!(
            decide_enroll(&view, any, None, Till::Sandbox, later).expect_err("over").code(),
            "no_open_start"
        );
    }

    #[test]
    fn only_a_full_start_is_waited_for_and_only_once() {
        let view = dated(&[(2, 2), (2, 0)]);
        let join = |choice, waiting: &[_]| decide_join(&view, choice, None, waiting, Till::Sandbox, now());
        assert_eq!(join(of(&view, 0), &[]), Ok(&view.offers[0].cohorts[0]));
        let code = |choice, waiting: &[_]| join(choice, waiting).expect_err("refused").code();
        assert_eq!(code(of(&view, 1), &[]), "seat_free");
        assert_eq!(code(of(&view, 0), &[waiting(&view, 0, WaitlistStatus::Waiting)]), "already_waiting");
        assert_eq!(code(Choice::Course(view.offers[1].course.id), &[]), "no_dates");
        assert!(join(of(&view, 0), &[waiting(&view, 0, WaitlistStatus::Left)]).is_ok());
    }

    #[test]
    fn an_offer_is_taken_in_time_even_though_the_start_is_full() {
        let view = dated(&[(2, 2)]);
        let offered = waiting(&view, 0, WaitlistStatus::Offered);
        let taken = decide_accept(&view, &offered, None, Till::Sandbox, now()).expect("it may");
        assert_eq!(taken.cohort, view.offers[0].cohorts.first());
        let late = now() + chrono::TimeDelta::hours(1);
        assert_eq!(
            decide_accept(&view, &offered, None, Till::Sandbox, late).expect_err("late").code(),
            "offer_over"
        );
        let waiting = waiting(&view, 0, WaitlistStatus::Waiting);
        assert_eq!(
            decide_accept(&view, &waiting, None, Till::Sandbox, now()).expect_err("no offer").code(),
            "still_waiting"
        );
    }
}
