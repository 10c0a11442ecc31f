//! Money that has come: what it pays for begins, in one transaction.

use super::enroll::insert_enrollment;
use super::ledger::{post, post_all};
use super::refunds::{self, Source};
use super::seats::Leaving;
use super::steps::{append_both, append_event, insert_jobs};
use super::{Backend, PAY, PAY_AND_BEGIN, Tx, seats};
use crate::domain::enrollment::Payment;
use crate::domain::ids::EnrollmentId;
use crate::domain::ledger::{About, Posting, Transaction, Unbalanced, split_revenue};
use crate::domain::money::Terms;
use crate::domain::plan::{EnrollmentPlan, GiveBack, PaidOutcome, PaidPlan};
use crate::domain::text::Text;
use crate::domain::time::to_micros;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::sql;
use uuid::Uuid;

const CHANGED: StoreError = StoreError::Conflict(Conflict::Changed);

/// The columns `terms_kind`, `share_bp` and `wholesale_cents`.
fn terms_columns(terms: Terms) -> (&'static str, Option<i64>, Option<i64>) {
    match terms {
        Terms::None => ("none", None, None),
        Terms::Share(points) => ("share", Some(i64::from(points)), None),
        Terms::Wholesale(cents) => ("wholesale", None, Some(cents)),
    }
}

impl Backend {
    pub(in crate::store) async fn record_paid(&self, plan: &PaidPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let Paid { enrollment, waits } = pay(&mut tx, plan).await?;
        self.fail.hit(FailPoint::PaidAfterPayment);
        let posting = posting_of(plan, enrollment);
        let came = posting.payment(plan.payment_id.posting("payment"), plan.amount.cents);
        match &plan.outcome {
            PaidOutcome::Begin { enrollment, jobs, offers_last, event } => {
                let split = split_revenue(plan.amount.cents, plan.terms);
                post_all(&mut tx, [came, posting.split(plan.payment_id.posting("split"), split)]).await?;
                append_both(&mut tx, &plan.event, event).await?;
                insert_jobs(&mut tx, jobs, event.at).await?;
                if waits {
                    let leaving = Leaving { enrollment, accepted: None, actor: event.actor, at: event.at };
                    seats::leave_others(&mut tx, &leaving, *offers_last).await?;
                }
            }
            PaidOutcome::Switch(switch) => {
                write_down(&mut tx, plan, came).await?;
                self.switch_in(&mut tx, switch, Some(plan.amount)).await?;
            }
            PaidOutcome::EnrollAnew(anew) => {
                write_down(&mut tx, plan, came).await?;
                enroll_anew(&mut tx, plan, anew).await?;
            }
            PaidOutcome::GiveBack(back) => {
                write_down(&mut tx, plan, came).await?;
                give_back(&mut tx, plan, back, enrollment).await?;
            }
        }
        self.fail.hit(FailPoint::PaidAfterOutcome);
        self.commit(tx, FailPoint::PaidBeforeCommit, FailPoint::PaidAfterCommit).await
    }
}

/// That the money came, before what becomes of it.
async fn write_down(
    tx: &mut Tx,
    plan: &PaidPlan,
    came: Result<Transaction, Unbalanced>,
) -> Result<(), StoreError> {
    post(tx, came).await?;
    append_event(tx, &plan.event).await
}

fn posting_of(plan: &PaidPlan, enrollment: EnrollmentId) -> Posting {
    let about = About { enrollment: Some(enrollment), payment: Some(plan.payment_id), ..About::default() };
    Posting { at: plan.event.at, provider: plan.event.provider, about, currency: plan.amount.currency }
}

/// What was paid.
struct Paid {
    /// The enrollment it was made for.
    enrollment: EnrollmentId,
    /// Whether the student of what begins waits for a start of the same program.
    waits: bool,
}

/// The payment is paid, its job is over, and what is to begin has begun.
async fn pay(tx: &mut Tx, plan: &PaidPlan) -> Result<Paid, StoreError> {
    let (kind, share, wholesale) = terms_columns(plan.terms);
    let begins = match &plan.outcome {
        PaidOutcome::Begin { enrollment, .. } => Some(enrollment),
        _ => None,
    };
    let statement = if begins.is_some() { PAY_AND_BEGIN } else { PAY };
    let mut query = sqlx::query_as(statement)
        .bind(plan.payment_id.as_uuid())
        .bind(plan.amount.cents)
        .bind(plan.amount.currency.code())
        .bind(plan.payment_intent.as_ref().map(Text::as_str))
        .bind(to_micros(plan.event.at))
        .bind(kind)
        .bind(share)
        .bind(wholesale)
        .bind(plan.is_decision());
    if let Some(enrollment) = begins {
        query = query
            .bind(enrollment.id.as_uuid())
            .bind(enrollment.link.code())
            .bind(enrollment.student_id.as_uuid())
            .bind(enrollment.program_id.as_uuid());
    }
    let changed: Vec<(Uuid, bool)> = query.fetch_all(&mut **tx).await?;
    let wanted = 1 + usize::from(begins.is_some());
    let [(enrollment, _), ..] = changed[..] else {
        // Another process has written it down already.
        return Err(CHANGED);
    };
    if changed.len() != wanted || changed.iter().any(|(id, _)| *id != enrollment) {
        return Err(CHANGED);
    }
    Ok(Paid { enrollment: enrollment.into(), waits: changed.iter().any(|(_, waits)| *waits) })
}

/// The enrollment it was made for is over; the same place is taken once more.
async fn enroll_anew(tx: &mut Tx, plan: &PaidPlan, anew: &EnrollmentPlan) -> Result<(), StoreError> {
    let new = &anew.enrollment;
    seats::lock_student(tx, new.student_id).await?;
    seats::expire_due(tx, anew).await?;
    insert_enrollment(tx, new).await?;
    let funds = sqlx::query(sql::FUND).bind(plan.payment_id.as_uuid()).bind(new.id.as_uuid());
    funds.execute(&mut **tx).await?;
    let split = split_revenue(plan.amount.cents, plan.terms);
    post(tx, posting_of(plan, new.id).split(plan.payment_id.posting("split"), split)).await?;
    insert_jobs(tx, &anew.jobs, anew.event.at).await?;
    append_event(tx, &anew.event).await?;
    seats::take(tx, anew).await
}

/// Nobody waits for it any more: it goes back, and what still stands open of it ends.
async fn give_back(
    tx: &mut Tx,
    plan: &PaidPlan,
    back: &GiveBack,
    enrollment: EnrollmentId,
) -> Result<(), StoreError> {
    let GiveBack { refund, jobs, ended, offers_last, event } = back;
    let at = event.at;
    let from = Source::Credit { enrollment, provider: plan.event.provider };
    refunds::request(tx, std::slice::from_ref(refund), from, at).await?;
    insert_jobs(tx, jobs, at).await?;
    append_event(tx, event).await?;
    let query = sqlx::query_as(sql::END_PENDING).bind(enrollment.as_uuid()).bind(Payment::Refunded.code());
    let pending: Option<(Option<Uuid>,)> = query.fetch_optional(&mut **tx).await?;
    let Some((cohort,)) = pending else {
        return Ok(());
    };
    if let Some(ended) = ended {
        append_event(tx, ended).await?;
    }
    match cohort {
        Some(cohort) => seats::give_back(tx, cohort.into(), at, *offers_last).await,
        None => Ok(()),
    }
}
