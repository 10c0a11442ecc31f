//! Switching partners: the new enrollment becomes active and the old one ends, in one transaction.

use super::enroll::{insert_enrollment, settle_jobs};
use super::ledger::{holdings, post};
use super::refunds::{self, Source};
use super::seats::Leaving;
use super::steps::{append_event, insert_jobs};
use super::{Backend, Tx, seats};
use crate::domain::ids::{CohortId, EnrollmentId};
use crate::domain::ledger::{About, Posting, Split, split_revenue};
use crate::domain::money::{Currency, Money};
use crate::domain::plan::SwitchPlan;
use crate::domain::time::to_micros;
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::sql;
use uuid::Uuid;

const CHANGED: StoreError = StoreError::Conflict(Conflict::Changed);

impl Backend {
    pub(in crate::store) async fn switch(&self, plan: &SwitchPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        self.switch_in(&mut tx, plan, None).await?;
        self.commit(tx, FailPoint::SwitchBeforeCommit, FailPoint::SwitchAfterCommit).await
    }

    /// All of a switch but the commit: a payment may be part of it, of what `came`.
    pub(super) async fn switch_in(
        &self,
        tx: &mut Tx,
        plan: &SwitchPlan,
        came: Option<Money>,
    ) -> Result<(), StoreError> {
        let (new, at) = (&plan.new, plan.here.at);
        seats::lock_student(tx, new.student_id).await?;
        let old_cohort = give_up(tx, plan).await?;
        self.fail.hit(FailPoint::SwitchAfterOld);
        if plan.candidate {
            let here = sqlx::query(sql::SWITCH_HERE)
                .bind(new.id.as_uuid())
                .bind(new.payment.code())
                .bind(new.link.code())
                .bind(plan.old.as_uuid())
                .execute(&mut **tx)
                .await?;
            if here.rows_affected() == 0 {
                return Err(CHANGED);
            }
        } else {
            insert_enrollment(tx, new).await?;
        }
        self.fail.hit(FailPoint::SwitchAfterNew);
        self.move_money(tx, plan, came).await?;
        self.fail.hit(FailPoint::SwitchAfterMoney);
        insert_jobs(tx, &plan.jobs, at).await?;
        self.fail.hit(FailPoint::SwitchAfterJobs);
        append_event(tx, &plan.away).await?;
        append_event(tx, &plan.here).await?;
        let leaving = Leaving { enrollment: new, accepted: None, actor: plan.here.actor, at };
        seats::leave_others(tx, &leaving, plan.offers_last).await?;
        if let (Some(cohort), false) = (new.cohort_id, plan.candidate) {
            seats::take_free(tx, cohort).await?;
        }
        match old_cohort {
            Some(cohort) => seats::give_back(tx, cohort, at, plan.offers_last).await,
            None => Ok(()),
        }
    }

    /// The old division becomes the student's credit, the full new price is divided anew, and what
    /// is left of the credit goes back.
    async fn move_money(
        &self,
        tx: &mut Tx,
        plan: &SwitchPlan,
        came: Option<Money>,
    ) -> Result<(), StoreError> {
        let (old, new, at) = (plan.old, plan.new.id, plan.here.at);
        let held = holdings(tx, old).await?;
        // Some of it may have gone back since the switch was decided.
        if !adds_up(plan, &held, came) {
            return Err(CHANGED);
        }
        let moved = sqlx::query(sql::MOVE_PAYMENTS).bind(old.as_uuid()).bind(new.as_uuid());
        moved.execute(&mut **tx).await?;
        let posting = |enrollment: EnrollmentId, provider, currency| Posting {
            at,
            provider,
            about: About { enrollment: Some(enrollment), ..About::default() },
            currency,
        };
        // In the currency it was paid in: a free course has a price in any.
        for (currency, held) in held {
            let id = new.posting(&format!("unsplit {currency}"));
            post(tx, posting(old, plan.away.provider, currency).unsplit(id, held)).await?;
        }
        if !plan.price.is_zero() {
            let split = split_revenue(plan.price.cents, plan.terms).short_of(plan.waived_cents);
            let here = posting(new, plan.here.provider, plan.price.currency);
            post(tx, here.split(new.posting("split"), split)).await?;
        }
        let from = Source::Credit { enrollment: new, provider: plan.here.provider };
        refunds::request(tx, &plan.refunds, from, at).await
    }
}

/// Whether what is there and what came make up the price and what goes back, in every currency.
fn adds_up(plan: &SwitchPlan, held: &[(Currency, Split)], came: Option<Money>) -> bool {
    let there = held.iter().map(|(currency, held)| Money { cents: held.sum(), currency: *currency });
    let back = plan.refunds.iter().map(|refund| refund.amount);
    let gone = back.chain([charged(plan)]).map(|money| Money { cents: -money.cents, ..money });
    let all: Vec<Money> = there.chain(came).chain(gone).collect();
    all.iter().all(|one| {
        let same = all.iter().filter(|money| money.currency == one.currency);
        same.map(|money| money.cents).sum::<i64>() == 0
    })
}

/// What of the new price is covered by the student's money.
fn charged(plan: &SwitchPlan) -> Money {
    Money { cents: plan.price.cents - plan.waived_cents, ..plan.price }
}

/// Ends the old enrollment, if it stands where the decision saw it.
async fn give_up(tx: &mut Tx, plan: &SwitchPlan) -> Result<Option<CohortId>, StoreError> {
    let seen = &plan.seen;
    let ended: Option<(Option<Uuid>,)> = sqlx::query_as(sql::SWITCH_AWAY)
        .bind(plan.old.as_uuid())
        .bind(seen.status.code())
        .bind(seen.payment.code())
        .bind(seen.progress.as_of.map(to_micros))
        .bind(seen.last_accessed_at.map(to_micros))
        .fetch_optional(&mut **tx)
        .await?;
    let (cohort,) = ended.ok_or(CHANGED)?;
    let withdraws: Vec<_> =
        plan.jobs.iter().filter(|job| job.enrollment_id == Some(plan.old)).cloned().collect();
    settle_jobs(tx, plan.old, &withdraws, plan.away.at).await?;
    Ok(cohort.map(CohortId::from))
}
