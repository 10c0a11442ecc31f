//! May this enrollment be cancelled?

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, StartFacts, Started, Status};
use crate::domain::ids::PaymentId;
use crate::domain::money::Money;
use crate::domain::payment::PaymentView;
use crate::domain::refund::RefundFacts;
use crate::domain::refusal::Refusal;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;

/// What to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CancelDecision {
    /// Cancel it.
    Cancel {
        /// Whether the partner may know of the enrollment and has to be told.
        withdraw: bool,
        /// What goes back, the newest payment first.
        back: Vec<(PaymentId, Money)>,
    },
    /// Its payment page is open: it has to be known to be over first.
    ClosePayment(PaymentId),
    /// The last report is too old to say that nothing was begun: sync, then decide again.
    AskPartner,
}

/// Decides a cancellation.
pub fn decide_cancel(view: &CourseView, actor: Actor, facts: &StartFacts) -> Result<CancelDecision, Refusal> {
    let enrollment = &view.enrollment;
    let title = || view.program_title.clone();
    if !actor.may_touch(enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    match enrollment.status {
        Status::Completed => return Err(Refusal::AlreadyCompleted { title: title() }),
        Status::Cancelled => return Err(Refusal::AlreadyCancelled { title: title() }),
        Status::Pending | Status::Active => {}
    }
    if let Some(parked) = view.money.parked() {
        return Err(Refusal::PaymentParked { title: title(), why: parked.note.clone().unwrap_or_default() });
    }
    if let Some(open) = view.money.open() {
        return Ok(CancelDecision::ClosePayment(open.id));
    }
    if view.switching.is_some() {
        return Err(Refusal::SwitchOpen { title: title() });
    }
    let started = match enrollment.status {
        // Nobody begins before it is paid.
        Status::Pending => Started::No,
        _ => enrollment.started(facts),
    };
    let back = if started == Started::AskPartner { Vec::new() } else { going_back(view, started, facts.now) };
    match started {
        Started::AskPartner => Ok(CancelDecision::AskPartner),
        Started::Yes if back.is_empty() => Err(Refusal::AlreadyStarted {
            title: title(),
            partner: view.provider().map(|provider| provider.name.clone()),
            contact: view.provider().and_then(|provider| provider.support.contact()),
        }),
        Started::Yes | Started::No => {
            let known = matches!(enrollment.link, Link::Requested | Link::Confirmed | Link::Failed);
            let tells = facts.capabilities.is_some_and(|can| can.withdraw);
            Ok(CancelDecision::Cancel { withdraw: known && tells, back })
        }
    }
}

/// What goes back of each payment by the policy that was shown before it was paid, the newest first.
pub fn going_back(view: &CourseView, started: Started, now: Instant) -> Vec<(PaymentId, Money)> {
    let enrollment = &view.enrollment;
    let (progress, enrolled_at) = (enrollment.progress.percent, enrollment.enrolled_at);
    let facts = RefundFacts { started, progress, enrolled_at, now };
    let of = |payment: &PaymentView| {
        let most = payment.left();
        let back = payment.policy.refundable(payment.amount, payment.refunded_cents, &facts);
        (payment.id, Money { cents: back.cents.min(most.cents), ..back })
    };
    view.money.payments.iter().map(of).filter(|(_, back)| !back.is_zero()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        confirmed, course_of, link_offer, now, owner, paid, program, rest_offer, stranger, unpaid,
    };
    use crate::domain::enrollment::Payment;
    use crate::domain::payment::PaymentStatus;
    use crate::domain::progress::{Percent, Progress};
    use crate::domain::provider::Provider;
    use crate::domain::refund::{RefundPolicy, RefundStep, RefundWhen};
    use chrono::TimeDelta;

    fn facts(view: &CourseView) -> StartFacts {
        StartFacts {
            capabilities: view.provider().map(Provider::capabilities),
            cohort_begins: None,
            launched: view.launched,
            now: now(),
        }
    }

    #[test]
    fn not_started_is_cancelled_and_the_partner_told() {
        let view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        assert_eq!(
            decide_cancel(&view, owner(&view), &facts(&view)),
            Ok(CancelDecision::Cancel { withdraw: true, back: Vec::new() })
        );
    }

    #[test]
    fn progress_means_started() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.enrollment.progress = Progress {
            percent: Percent::new(5).expect("a percent"),
            as_of: Some(now()),
            ..Progress::default()
        };
        assert_eq!(
            decide_cancel(&view, owner(&view), &facts(&view)).expect_err("started").code(),
            "already_started"
        );
    }

    #[test]
    fn an_old_zero_after_a_launch_asks_the_partner() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.launched = true;
        view.enrollment.progress.as_of = Some(now() - TimeDelta::hours(1));
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), Ok(CancelDecision::AskPartner));
    }

    #[test]
    fn a_figure_from_before_the_last_minutes_proves_nothing_after_a_launch() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.launched = true;
        view.enrollment.progress.as_of = Some(now() - TimeDelta::minutes(5));
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), Ok(CancelDecision::AskPartner));
        view.enrollment.progress.as_of = Some(now());
        let cancels = Ok(CancelDecision::Cancel { withdraw: true, back: Vec::new() });
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), cancels);
    }

    #[test]
    fn whoever_enrolled_long_ago_may_have_begun_without_us() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.enrollment.enrolled_at = now() - TimeDelta::hours(1);
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), Ok(CancelDecision::AskPartner));
        view.enrollment.progress.as_of = Some(now() - TimeDelta::minutes(5));
        let cancels = Ok(CancelDecision::Cancel { withdraw: true, back: Vec::new() });
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), cancels);
    }

    #[test]
    fn a_link_partner_has_begun_once_opened() {
        let mut view = course_of(&program(vec![link_offer("NDS")]), 0);
        assert_eq!(
            decide_cancel(&view, owner(&view), &facts(&view)),
            Ok(CancelDecision::Cancel { withdraw: false, back: Vec::new() })
        );
        view.launched = true;
        assert_eq!(
            decide_cancel(&view, owner(&view), &facts(&view)).expect_err("opened").code(),
            "already_started"
        );
    }

    #[test]
    fn strangers_terminal_states_and_money_are_refused() {
        let base = course_of(&program(vec![rest_offer("Certiport")]), 0);
        assert_eq!(decide_cancel(&base, stranger(), &facts(&base)), Err(Refusal::NotYours));
        let code = |change: fn(&mut CourseView)| {
            let mut view = base.clone();
            change(&mut view);
            decide_cancel(&view, owner(&view), &facts(&view)).expect_err("refused").code()
        };
        assert_eq!(code(|v| v.enrollment.status = Status::Completed), "already_completed");
        assert_eq!(code(|v| v.enrollment.status = Status::Cancelled), "already_cancelled");
        assert_eq!(code(|v| v.switching = Some(v.enrollment.id)), "switch_open");
        let parked = |v: &mut CourseView| {
            *v = unpaid(v.clone(), 5_900);
            v.money.payments[0].status = PaymentStatus::Parked;
        };
        assert_eq!(code(parked), "payment_parked");
    }

    fn back_of(view: &CourseView) -> Vec<i64> {
        match decide_cancel(view, owner(view), &facts(view)) {
            Ok(CancelDecision::Cancel { back, .. }) => back.iter().map(|(_, money)| money.cents).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn before_the_start_everything_goes_back_the_newest_payment_first() {
        let base = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        let mut view = paid(paid(base, 5_900), 1_000);
        assert_eq!(back_of(&view), [1_000, 5_900]);
        view.money.payments[1].refunded_cents = 5_000;
        view.money.payments[1].status = PaymentStatus::PartRefunded;
        assert_eq!(back_of(&view), [1_000, 900]);
    }

    #[test]
    fn after_the_start_what_the_partner_promised_goes_back() {
        let mut view = paid(confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0)), 5_900);
        view.enrollment.progress = Progress {
            percent: Percent::new(20).expect("a share"),
            as_of: Some(now()),
            ..Progress::default()
        };
        assert_eq!(
            decide_cancel(&view, owner(&view), &facts(&view)).expect_err("started").code(),
            "already_started"
        );
        let step = RefundWhen::ProgressUpTo(Percent::new(25).expect("a share"));
        let half = RefundStep { percent: Percent::new(50).expect("a share"), when: step };
        view.money.payments[0].policy = RefundPolicy::new(vec![half]);
        assert_eq!(back_of(&view), [2_950]);
    }

    #[test]
    fn a_page_that_is_open_is_closed_first() {
        let view = unpaid(course_of(&program(vec![rest_offer("Certiport")]), 0), 5_900);
        let page = view.money.payments[0].id;
        assert_eq!(decide_cancel(&view, owner(&view), &facts(&view)), Ok(CancelDecision::ClosePayment(page)));
        let mut over = view;
        over.money.payments[0].status = PaymentStatus::Expired;
        over.enrollment.payment = Payment::Expired;
        assert_eq!(back_of(&over), Vec::<i64>::new());
    }
}
