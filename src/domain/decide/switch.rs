//! May this student switch to another partner, and what changes?

use super::Choice;
use super::enroll::{check_available, check_start, check_till, chosen, names};
use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{StartFacts, Started, Status};
use crate::domain::money::Money;
use crate::domain::payment::Till;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::ago;
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
    Ok(SwitchQuote {
        from: case.view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
        to: offer.provider.name.clone(),
        paid,
        price,
        due: Money { cents: over.max(0), ..price },
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
        let others = program.available().filter(|other| Some(other.provider.id) != now_with);
        let partner = offer.provider.name.clone();
        return Err(Refusal::SamePartner { title: title(), partner, partners: names(others) });
    }
    // First whether it can be at all: nobody is told of full seats who may not switch.
    match view.enrollment.started(&case.facts) {
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
    check_available(program, offer)?;
    let quote = quote_switch(case)?;
    if quote.paid.currency != quote.price.currency && !quote.paid.is_zero() && !quote.price.is_zero() {
        return Err(Refusal::CurrencyDiffers {
            title: title(),
            partner: quote.to,
            price: quote.price.to_string(),
            paid: quote.paid.to_string(),
        });
    }
    check_till(program, offer, quote.due, case.till)?;
    let cohort = check_start(program, offer, case.choice, case.facts.now)?;
    Ok(SwitchDecision::Switch { offer, cohort })
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
    match view.enrollment.status {
        Status::Completed => return Err(Refusal::AlreadyCompleted { title }),
        Status::Cancelled => return Err(Refusal::AlreadyCancelled { title }),
        Status::Pending => return Err(Refusal::AwaitingPayment { title }),
        Status::Active => {}
    }
    if let Some(parked) = view.money.parked() {
        return Err(Refusal::PaymentParked { title, why: parked.note.clone().unwrap_or_default() });
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
        return chosen(case.program, case.choice)?.ok_or_else(nobody);
    }
    let now_with = case.view.provider().map(|provider| provider.id);
    let mut others = case.program.available().filter(|offer| Some(offer.provider.id) != now_with);
    match (others.next(), others.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(nobody()),
        (Some(first), Some(second)) => {
            let partners = names([first, second].into_iter().chain(others));
            Err(Refusal::ChoosePartner { title: title(), partners })
        }
    }
}
