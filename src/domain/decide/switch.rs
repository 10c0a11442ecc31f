//! May this student switch to another partner, and what changes?

use super::Choice;
use super::enroll::{check_available, check_start, check_till, chosen, names};
use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{StartFacts, Started, Status};
use crate::domain::money::Money;
use crate::domain::payment::Till;
use crate::domain::progress::Percent;
use crate::domain::provider::Stage;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::ago;
use crate::domain::units::to_units;
use crate::domain::views::{CourseView, Offer, ProgramView};
use chrono::NaiveDate;

/// What changes with a switch, before anything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchQuote {
    /// The partner now.
    pub from: Text,
    /// The partner then.
    pub to: Text,
    /// What is paid so far.
    pub paid: Money,
    /// What the new partner costs.
    pub price: Money,
    /// What is still to be paid.
    pub due: Money,
    /// What is not asked for although the new partner costs more, because the old one failed.
    pub waived: Money,
    /// Why it is free, and what becomes of the progress there; `None` where the old partner works.
    pub failed: Option<FailedPartner>,
    /// What goes back.
    pub refund: Money,
    /// The start that is given up.
    pub old_start: Option<NaiveDate>,
    /// The new start.
    pub new_start: Option<NaiveDate>,
    /// How many seats are free there, where it has any number of them.
    pub seats_left: Option<u32>,
    /// What is paid back when, at the new partner.
    pub policy: String,
}

/// The partner a student leaves because nothing opens there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedPartner {
    /// How it stands: paused or retired.
    pub stage: Stage,
    /// How far the student has come there.
    pub progress: Percent,
}

impl FailedPartner {
    /// Why nothing is charged: "Certiport is paused, so switching is free."
    pub fn because(&self, from: &Text) -> String {
        let how = if self.stage == Stage::Retired { "closed" } else { "paused" };
        format!("{from} is {how}, so switching is free, also after the start.")
    }

    /// What becomes of what was done there.
    pub fn progress_words(&self, quote: &SwitchQuote) -> String {
        let (from, to) = (&quote.from, &quote.to);
        match self.progress.get() {
            0 => format!("{to} starts at 0%."),
            _ => format!("Your {} at {from} does not move along; {to} starts at 0%.", self.progress),
        }
    }
}

/// What to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SwitchDecision<'a> {
    /// Switch to this.
    Switch {
        /// With whom.
        offer: &'a Offer,
        /// The dated start, where the course has dates.
        cohort: Option<&'a Cohort>,
    },
    /// The last report is too old to say that nothing was begun: sync, then decide again.
    AskPartner,
}

/// Who overrules what the partner does not say: an advisor, with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overrule(pub Text);

/// What a decision about a switch rests on.
#[derive(Clone, Copy, Debug)]
pub struct SwitchCase<'v, 'p> {
    /// The enrollment now.
    pub view: &'v CourseView,
    /// Its program with everybody who delivers it.
    pub program: &'p ProgramView,
    /// What the student wants.
    pub choice: Choice,
    /// What tells whether they have begun.
    pub facts: StartFacts,
    /// How money can be taken.
    pub till: Till,
    /// An advisor's word where the partner is silent.
    pub overrule: Option<&'v Overrule>,
}

/// What would change, allowed or not. An error says that it is not even clear what is wanted.
pub fn quote_switch(case: &SwitchCase<'_, '_>) -> Result<SwitchQuote, Refusal> {
    let offer = wanted(case)?;
    let cohort = check_start(case.program, offer, case.choice, case.facts.now).ok().flatten();
    let price = offer.course.price;
    let paid = case.view.money.paid().unwrap_or(Money::zero(price.currency));
    let same = paid.currency == price.currency || paid.is_zero();
    let over = match (price.is_zero(), same) {
        (true, _) => -paid.cents,
        (_, true) => price.cents - paid.cents,
        (_, false) => 0,
    };
    let failed = failed(case);
    let more = over.max(0);
    let waived = if failed.is_some() { more } else { 0 };
    Ok(SwitchQuote {
        from: case.view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
        to: offer.provider.name.clone(),
        paid,
        price,
        due: Money { cents: more - waived, ..price },
        waived: Money { cents: waived, ..price },
        failed,
        refund: Money { cents: (-over).max(0), ..paid },
        old_start: case.view.cohort.as_ref().map(|cohort| cohort.starts_on),
        new_start: cohort.map(|cohort| cohort.starts_on),
        seats_left: cohort.map(Cohort::seats_left),
        policy: offer.provider.refunds.sentence(),
    })
}

/// Decides a switch.
pub fn decide_switch<'p>(case: &SwitchCase<'_, 'p>, actor: Actor) -> Result<SwitchDecision<'p>, Refusal> {
    let (view, program) = (case.view, case.program);
    let title = || view.program_title.clone();
    if !actor.may_touch(view.enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    check_standing(view)?;
    let offer = wanted(case)?;
    let now_with = view.provider().map(|provider| provider.id);
    if now_with == Some(offer.provider.id) {
        let others = program.available(case.facts.now).filter(|other| Some(other.provider.id) != now_with);
        let partner = offer.provider.name.clone();
        return Err(Refusal::SamePartner { title: title(), partner, partners: names(others) });
    }
    // First whether it can be at all: nobody is told of full seats who may not switch.
    match view.enrollment.started(&case.facts) {
        // Nothing opens there: whoever has begun may go, and nobody can ask.
        _ if failed(case).is_some() => {}
        Started::No => {}
        Started::AskPartner if case.overrule.is_some() && matches!(actor, Actor::Advisor { .. }) => {}
        Started::AskPartner => return Ok(SwitchDecision::AskPartner),
        Started::Yes => {
            return Err(Refusal::SwitchStarted {
                title: title(),
                partner: view.provider().map(|provider| provider.name.clone()),
                contact: view.provider().and_then(|provider| provider.support.contact()),
            });
        }
    }
    if !program.program.active {
        return Err(Refusal::ProgramInactive { title: title() });
    }
    check_available(program, offer, case.facts.now)?;
    let quote = quote_switch(case)?;
    if quote.paid.currency != quote.price.currency && !quote.paid.is_zero() && !quote.price.is_zero() {
        return Err(Refusal::CurrencyDiffers {
            title: title(),
            partner: quote.to,
            price: quote.price.to_string(),
            paid: quote.paid.to_string(),
        });
    }
    check_till(program, offer, quote.due, case.till, case.facts.now)?;
    if to_units(quote.refund).is_none() && !quote.refund.is_zero() {
        let (title, partner, price) = (title(), quote.to, quote.price.to_string());
        return Err(Refusal::PriceNotCounted { title, partner, price, partners: Vec::new() });
    }
    let cohort = check_start(program, offer, case.choice, case.facts.now)?;
    Ok(SwitchDecision::Switch { offer, cohort })
}

/// The partner that does not let the student in any more, where it is so.
fn failed(case: &SwitchCase<'_, '_>) -> Option<FailedPartner> {
    let stage = case.view.provider()?.stage(case.facts.now);
    let progress = case.view.enrollment.progress.percent;
    (!stage.opens()).then_some(FailedPartner { stage, progress })
}

/// The refusal of whoever can't know, after the partner was asked in vain.
pub fn switch_unknown(case: &SwitchCase<'_, '_>) -> Refusal {
    let progress = case.view.enrollment.progress;
    let provider = case.view.provider();
    Refusal::SwitchUnknown {
        title: case.view.program_title.clone(),
        partner: provider.map(|provider| provider.name.clone()).unwrap_or_default(),
        figure: progress
            .as_of
            .map(|at| format!("{}, reported {}", progress.percent, ago(case.facts.now, at))),
        contact: provider.and_then(|provider| provider.support.contact()),
    }
}

fn check_standing(view: &CourseView) -> Result<(), Refusal> {
    let title = view.program_title.clone();
    // Before what waits for its payment: it came, and somebody has to look.
    if let Some(parked) = view.money.parked().filter(|_| view.enrollment.status.is_live()) {
        return Err(Refusal::PaymentParked { title, why: parked.note.clone().unwrap_or_default() });
    }
    match view.enrollment.status {
        Status::Completed => return Err(Refusal::AlreadyCompleted { title }),
        Status::Cancelled => return Err(Refusal::AlreadyCancelled { title }),
        Status::Pending => return Err(Refusal::AwaitingPayment { title }),
        Status::Active => {}
    }
    if view.switching.is_some() {
        return Err(Refusal::SwitchOpen { title });
    }
    Ok(())
}

/// The offer that is meant. With nobody named and one other partner it is that one.
fn wanted<'p>(case: &SwitchCase<'_, 'p>) -> Result<&'p Offer, Refusal> {
    let title = || case.program.program.title.clone();
    let nobody = || Refusal::NobodyToSwitchTo { title: title() };
    if case.choice != Choice::Unmade {
        return chosen(case.program, case.choice, case.facts.now)?.ok_or_else(nobody);
    }
    let now_with = case.view.provider().map(|provider| provider.id);
    let mut others =
        case.program.available(case.facts.now).filter(|offer| Some(offer.provider.id) != now_with);
    match (others.next(), others.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(nobody()),
        (Some(first), Some(second)) => {
            let partners = names([first, second].into_iter().chain(others));
            Err(Refusal::ChoosePartner { title: title(), partners })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        confirmed, course_of, dated, link_offer, now, owner, paid, paused, priced, program, rest_offer,
        stranger, unpaid,
    };
    use crate::domain::ids::AdvisorId;
    use crate::domain::money::Currency;
    use crate::domain::progress::Progress;
    use chrono::TimeDelta;
    use uuid::Uuid;

    /// Certiport at $40, Milady at $59, a free one.
    fn three() -> ProgramView {
        program(vec![
            priced(rest_offer("Certiport"), 4_000),
            priced(rest_offer("Milady"), 5_900),
            rest_offer("NDS"),
        ])
    }

    fn with_certiport(program: &ProgramView) -> CourseView {
        paid(confirmed(course_of(program, 0)), 4_000)
    }

    fn case<'v, 'p>(view: &'v CourseView, program: &'p ProgramView, to: usize) -> SwitchCase<'v, 'p> {
        SwitchCase {
            view,
            program,
            choice: Choice::Course(program.offers[to].course.id),
            facts: view.start_facts(now()),
            till: Till::Sandbox,
            overrule: None,
        }
    }

    fn refused(view: &CourseView, program: &ProgramView, to: usize) -> &'static str {
        decide_switch(&case(view, program, to), owner(view)).expect_err("refused").code()
    }

    #[test]
    fn the_difference_is_paid_or_goes_back() {
        let program = three();
        let view = with_certiport(&program);
        let quote = |to| quote_switch(&case(&view, &program, to)).expect("it is clear");
        let sums = |to| {
            let quote = quote(to);
            (quote.paid.cents, quote.price.cents, quote.due.cents, quote.refund.cents)
        };
        assert_eq!(sums(1), (4_000, 5_900, 1_900, 0));
        assert_eq!(sums(2), (4_000, 0, 0, 4_000));
        let nothing_paid = confirmed(course_of(&program, 2));
        let quote = quote_switch(&case(&nothing_paid, &program, 1)).expect("it is clear");
        assert_eq!((quote.paid.cents, quote.due.cents, quote.refund.cents), (0, 5_900, 0));
        assert!(matches!(
            decide_switch(&case(&view, &program, 1), owner(&view)),
            Ok(SwitchDecision::Switch { cohort: None, .. })
        ));
    }

    #[test]
    fn after_the_start_nobody_switches() {
        let program = three();
        let mut view = with_certiport(&program);
        view.enrollment.progress = Progress {
            percent: Percent::new(1).expect("a share"),
            as_of: Some(now()),
            ..Progress::default()
        };
        let refusal = decide_switch(&case(&view, &program, 1), owner(&view)).expect_err("started");
        assert_eq!(refusal.code(), "already_started");
        assert!(refusal.to_string().starts_with("Cannot switch partners after starting course"));
    }

    #[test]
    fn a_silent_partner_is_asked_and_only_an_advisor_decides_without_it() {
        let program = three();
        let mut view = with_certiport(&program);
        view.enrollment.enrolled_at = now() - TimeDelta::days(9);
        assert_eq!(decide_switch(&case(&view, &program, 1), owner(&view)), Ok(SwitchDecision::AskPartner));
        let word = Overrule("never opened, seen at the desk".into());
        let overruled = SwitchCase { overrule: Some(&word), ..case(&view, &program, 1) };
        let advisor =
            Actor::Advisor { advisor: AdvisorId::from(Uuid::nil()), student: view.enrollment.student_id };
        assert_eq!(decide_switch(&overruled, owner(&view)), Ok(SwitchDecision::AskPartner));
        assert!(matches!(decide_switch(&overruled, advisor), Ok(SwitchDecision::Switch { .. })));
        view.enrollment.progress = Progress {
            percent: Percent::ZERO,
            as_of: Some(now() - TimeDelta::days(2)),
            ..Progress::default()
        };
        assert!(switch_unknown(&case(&view, &program, 1)).to_string().contains("0%, reported 2 days ago"));
        // One that was never reached has nothing to say.
        view.enrollment.link = crate::domain::enrollment::Link::Failed;
        assert!(matches!(
            decide_switch(&case(&view, &program, 1), owner(&view)),
            Ok(SwitchDecision::Switch { .. })
        ));
    }

    #[test]
    fn the_same_a_foreign_a_paused_and_a_full_one_are_refused() {
        let mut program = three();
        program.offers.push(paused(rest_offer("Paused")));
        program.offers.push(dated(link_offer("College"), &[(12, 12)]));
        let view = with_certiport(&program);
        assert_eq!(refused(&view, &program, 0), "same_partner");
        assert_eq!(refused(&view, &program, 3), "partner_paused");
        assert_eq!(refused(&view, &program, 4), "cohort_full");
        let foreign =
            SwitchCase { choice: Choice::Course(Uuid::from_u128(9).into()), ..case(&view, &program, 1) };
        assert_eq!(decide_switch(&foreign, owner(&view)).expect_err("foreign").code(), "choose_partner");
        assert_eq!(decide_switch(&case(&view, &program, 1), stranger()), Err(Refusal::NotYours));
    }

    #[test]
    fn with_nobody_named_the_only_other_partner_is_meant() {
        let program = program(vec![rest_offer("Certiport"), rest_offer("Milady")]);
        let view = confirmed(course_of(&program, 0));
        let any = SwitchCase { choice: Choice::Unmade, ..case(&view, &program, 1) };
        assert_eq!(quote_switch(&any).expect("it is clear").to.as_str(), "Milady");
        let three = three();
        let view = with_certiport(&three);
        let any = SwitchCase { choice: Choice::Unmade, ..case(&view, &three, 1) };
        assert_eq!(quote_switch(&any).expect_err("unclear").alternatives(), ["Milady", "NDS"]);
    }

    #[test]
    fn two_currencies_are_not_set_off() {
        let mut program = three();
        program.offers[1].course.price.currency = Currency::parse("EUR").expect("a currency");
        let view = with_certiport(&program);
        assert_eq!(refused(&view, &program, 1), "currency_differs");
        program.offers[2].course.price.currency = Currency::parse("EUR").expect("a currency");
        let quote = quote_switch(&case(&view, &program, 2)).expect("it is clear");
        assert_eq!((quote.refund.cents, quote.refund.currency), (4_000, Currency::USD));
    }

    #[test]
    fn what_would_go_back_can_be_counted() {
        let kwd = Currency::parse("KWD").expect("a currency");
        let mut program = three();
        program.offers[1].course.price = Money { cents: 2_344, currency: kwd };
        let mut view = with_certiport(&program);
        for payment in &mut view.money.payments {
            payment.amount = Money { cents: 4_000, currency: kwd };
        }
        assert_eq!(refused(&view, &program, 1), "price_not_counted");
        program.offers[1].course.price.cents = 2_340;
        let decided = decide_switch(&case(&view, &program, 1), owner(&view));
        assert!(matches!(decided, Ok(SwitchDecision::Switch { .. })), "{decided:?}");
    }

    #[test]
    fn what_is_not_settled_is_settled_first() {
        let program = three();
        let mut waiting = unpaid(course_of(&program, 0), 4_000);
        assert_eq!(refused(&waiting, &program, 1), "awaiting_payment");
        waiting.money.payments[0].status = crate::domain::payment::PaymentStatus::Parked;
        assert_eq!(refused(&waiting, &program, 1), "payment_parked");
        let mut twice = with_certiport(&program);
        twice.switching = Some(twice.enrollment.id);
        assert_eq!(refused(&twice, &program, 1), "switch_open");
        let closed = SwitchCase { till: Till::Closed, ..case(&twice, &program, 1) };
        let mut view = with_certiport(&program);
        view.switching = None;
        let closed = SwitchCase { view: &view, ..closed };
        assert_eq!(decide_switch(&closed, owner(&view)).expect_err("no till").code(), "payment_unavailable");
    }
}
