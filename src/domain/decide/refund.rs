//! May this much be paid back, and out of which payments?

use crate::domain::actor::Actor;
use crate::domain::ids::PaymentId;
use crate::domain::money::Money;
use crate::domain::payment::PaymentView;
use crate::domain::refusal::Refusal;
use crate::domain::units::{countable_from, to_units};
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
    if amount.is_some() && to_units(asked).is_none() {
        let near = countable_from(asked).filter(|near| near.cents <= left.cents);
        let near = near.map(|near| near.to_string());
        return Err(Refusal::RefundNotCounted { title: title(), asked: asked.to_string(), near });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{confirmed, course_of, paid, program, rest_offer};
    use crate::domain::ids::AdvisorId;
    use crate::domain::money::Currency;

    #[test]
    fn an_amount_that_the_processor_can_t_count_is_refused() {
        let mut view = paid(confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0)), 5_120);
        let kwd = |cents| Money { cents, currency: Currency::parse("KWD").expect("a currency") };
        view.money.payments[0].amount = kwd(5_120);
        let student = view.enrollment.student_id;
        let actor = Actor::Advisor { advisor: AdvisorId::from(uuid::Uuid::from_u128(7)), student };
        let refused = decide_refund(&view, actor, Some(kwd(1_234))).expect_err("not counted");
        assert_eq!(refused.code(), "refund_not_counted");
        assert!(refused.to_string().contains("1.240"), "{refused}");
        let id = view.money.payments[0].id;
        assert_eq!(decide_refund(&view, actor, Some(kwd(1_240))), Ok(vec![(id, kwd(1_240))]));
        assert_eq!(decide_refund(&view, actor, None), Ok(vec![(id, kwd(5_120))]));
    }
}
