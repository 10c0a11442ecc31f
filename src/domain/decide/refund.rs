//! May this much be paid back, and out of which payments?

use crate::domain::actor::Actor;
use crate::domain::ids::PaymentId;
use crate::domain::money::Money;
use crate::domain::payment::PaymentView;
use crate::domain::refusal::Refusal;
use crate::domain::views::CourseView;

/// Decides an advisor's refund; with no amount all that is left goes back.
pub fn decide_refund(
    view: &CourseView,
    actor: Actor,
    amount: Option<Money>,
) -> Result<Vec<(PaymentId, Money)>, Refusal> {
    let title = || view.program_title.clone();
    if !actor.may_touch(view.enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    if matches!(actor, Actor::Student(_)) {
        return Err(Refusal::AdvisorOnly);
    }
    let left = view.money.paid().filter(|left| !left.is_zero());
    let left = left.ok_or_else(|| Refusal::NothingToRefund { title: title() })?;
    let asked = amount.unwrap_or(left);
    if asked.currency != left.currency || asked.cents > left.cents || asked.cents <= 0 {
        let (asked, left) = (asked.to_string(), left.to_string());
        return Err(Refusal::RefundTooLarge { title: title(), asked, left });
    }
    Ok(newest_first(&view.money.payments, asked))
}

/// An amount out of payments, which are the newest first; never more of one than is left of it.
pub fn newest_first(payments: &[PaymentView], amount: Money) -> Vec<(PaymentId, Money)> {
    let mut rest = amount.cents;
    let mut out = Vec::new();
    for payment in payments.iter().filter(|payment| payment.amount.currency == amount.currency) {
        let cents = payment.left().cents.min(rest);
        if cents > 0 {
            out.push((payment.id, Money { cents, ..amount }));
            rest -= cents;
        }
    }
    out
}
