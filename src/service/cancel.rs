//! Cancel an enrollment that has not been started.

use crate::domain::actor::Actor;
use crate::domain::decide::{CancelDecision, decide_cancel};
use crate::domain::enrollment::Status;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, PaymentId};
use crate::domain::job::JobKind;
use crate::domain::money::Money;
use crate::domain::plan::CancelPlan;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// Once more than a fresh report and a lost race can cost.
const ATTEMPTS: usize = 4;

impl Services {
    /// Cancels: the program is open for another choice, the partner is told and money goes back by
    /// jobs. A payment page that is open is closed first.
    pub async fn cancel(&self, actor: Actor, id: EnrollmentId) -> Result<(), ServiceError> {
        let (mut asked, mut closed, mut candidate) = (false, false, false);
        for _ in 0..ATTEMPTS {
            let view = self.course(actor, id).await?;
            // A switch that is not paid for ends with its payment page.
            if closed && view.enrollment.status == Status::Cancelled {
                return Ok(());
            }
            // It was paid at the last moment, so the switch is done. To cancel what it led to would leave
            // the student with no course at all, which nobody has asked for.
            if candidate && view.enrollment.status == Status::Active {
                return Err(StoreError::Conflict(Conflict::Changed).into());
            }
            candidate = view.enrollment.replaces_id.is_some();
            match decide_cancel(&view, actor, &view.start_facts(self.now()))? {
                // It can't be asked from here, or it gave no figure: asking again would not help.
                CancelDecision::AskPartner if asked => return Err(progress_unknown(&view).into()),
                CancelDecision::AskPartner => {
                    asked = true;
                    self.sync_one(&view).await?;
                }
                CancelDecision::ClosePayment(payment) => {
                    closed = true;
                    Box::pin(self.close_page(&view, payment)).await?;
                }
                CancelDecision::Cancel { withdraw, back } => {
                    match self.store.cancel(&self.plan_cancel(&view, actor, withdraw, &back)).await {
                        // A report or a launch came in between: look again.
                        Err(StoreError::Conflict(_)) => {}
                        done => return Ok(done?),
                    }
                }
            }
        }
        Err(StoreError::Conflict(Conflict::Changed).into())
    }

    fn plan_cancel(
        &self,
        view: &CourseView,
        actor: Actor,
        withdraw: bool,
        back: &[(PaymentId, Money)],
    ) -> CancelPlan {
        let at = self.now();
        // Reports count what was begun; this never was.
        let unpaid = view.enrollment.status == Status::Pending;
        let kind = if unpaid { EventKind::CheckoutAbandoned } else { EventKind::Cancelled };
        let (refunds, refund_jobs) = self.new_refunds(view, back, &Text::from("cancelled"), at);
        let mail = self.mail_about(view.enrollment.id, &refunds, at);
        let cents: i64 = back.iter().map(|(_, amount)| amount.cents).sum();
        let job = withdraw.then(|| {
            let needs = self.needs_of(view.partner.as_ref());
            self.new_job(JobKind::Withdraw, view.enrollment.id, needs, at)
        });
        CancelPlan {
            enrollment_id: view.enrollment.id,
            seen: (&view.enrollment).into(),
            offers_last: self.offers_last,
            refunds,
            jobs: job.into_iter().chain(refund_jobs).chain(mail).collect(),
            event: Event {
                payload: serde_json::json!({ "refund_cents": cents }),
                ..self.event_about(view, actor, kind, at)
            },
        }
    }
}

fn progress_unknown(view: &CourseView) -> Refusal {
    Refusal::ProgressUnknown {
        title: view.program_title.clone(),
        partner: view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
        contact: view.provider().and_then(|provider| provider.support.contact()),
    }
}
