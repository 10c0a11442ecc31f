//! Reports, the ledger, and payouts to partners.

use crate::domain::actor::Actor;
use crate::domain::decide::decide_payout;
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{EnrollmentId, ProgramId, ProviderId, TransactionId};
use crate::domain::ledger::{LedgerQuery, PostedTransaction};
use crate::domain::money::Money;
use crate::domain::person::Advisor;
use crate::domain::plan::PayoutPlan;
use crate::domain::refusal::Refusal;
use crate::domain::report::{
    CompletionRow, Names, PerformanceRow, Period, ReportQuery, RevenueRow, Statement, completion,
    performance, revenue, statement,
};
use crate::domain::text::Text;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// What the completion report counts.
const STEPS: &[EventKind] = &[
    EventKind::Enrolled,
    EventKind::SwitchedHere,
    EventKind::Started,
    EventKind::Completed,
    EventKind::Cancelled,
    EventKind::SwitchedAway,
];

/// What the performance report counts.
const PERFORMANCE: &[EventKind] = &[
    EventKind::Enrolled,
    EventKind::SwitchedHere,
    EventKind::Completed,
    EventKind::LaunchFailed,
    EventKind::ProvisionFailed,
];

/// How many transactions are read at once.
const PAGE: u16 = 500;

/// A payout that was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    /// Of the ledger's transaction.
    pub id: TransactionId,
    /// To whom.
    pub partner: Text,
    /// How much.
    pub amount: Money,
    /// What is still payable in this currency.
    pub payable: Money,
}

impl Services {
    /// Who enrolled, started, completed.
    pub async fn completion_report(&self, query: &ReportQuery) -> Result<Vec<CompletionRow>, ServiceError> {
        let events = self.store.count_events(STEPS, query.period).await?;
        Ok(completion(query, &self.store.list_names().await?, &events))
    }

    /// Where the money went.
    pub async fn revenue_report(&self, query: &ReportQuery) -> Result<Vec<RevenueRow>, ServiceError> {
        let lines = self.store.sum_revenue(query.period).await?;
        Ok(revenue(query, &self.store.list_names().await?, &lines))
    }

    /// How well it works.
    pub async fn performance_report(&self, query: &ReportQuery) -> Result<Vec<PerformanceRow>, ServiceError> {
        let events = self.store.count_events(PERFORMANCE, query.period).await?;
        let (ratings, figures) = (self.store.sum_ratings().await?, self.store.list_figures().await?);
        let names = self.store.list_names().await?;
        Ok(performance(query, &names, &events, &ratings, &figures, self.now()))
    }

    /// A partner's statement. It names students: only an advisor gets to see it.
    pub async fn partner_statement(
        &self,
        _advisor: &Advisor,
        named: &str,
        period: Period,
    ) -> Result<Statement, ServiceError> {
        let (id, name) = self.partner_named(named).await?;
        let (facts, sums) = self.store.list_statement(id, period).await?;
        Ok(statement(name, facts, &sums))
    }

    /// The partner with this name.
    pub async fn partner_named(&self, named: &str) -> Result<(ProviderId, Text), ServiceError> {
        let Names { providers, .. } = self.store.list_names().await?;
        let wanted = named.trim().to_lowercase();
        let found = providers.iter().find(|(_, name)| name.as_str().to_lowercase() == wanted);
        if let Some((id, name)) = found {
            return Ok((*id, name.clone()));
        }
        let mut partners: Vec<String> = providers.values().map(Text::to_string).collect();
        partners.sort_unstable();
        Err(ServiceError::NoSuchPartner { name: Text::clean_to(named, 60), partners })
    }

    /// The program with this short name, on offer or not.
    pub async fn program_named(&self, slug: &str) -> Result<ProgramId, ServiceError> {
        Ok(self.program(slug).await?.program.id)
    }

    /// Transactions of the ledger, newest first; at most `limit`, or all of them.
    pub async fn ledger(
        &self,
        query: &LedgerQuery,
        limit: Option<usize>,
    ) -> Result<Vec<PostedTransaction>, ServiceError> {
        let (mut all, limit) = (Vec::new(), limit.unwrap_or(usize::MAX));
        while all.len() < limit {
            let before = all.last().map(|last: &PostedTransaction| last.seq);
            let page = self.store.list_transactions(query, before, PAGE).await?;
            let last = page.len() < usize::from(PAGE);
            all.extend(page);
            if last {
                break;
            }
        }
        all.truncate(limit);
        Ok(all)
    }

    /// The enrollment a ledger is asked about. It must exist.
    pub async fn enrollment_named(&self, named: &str) -> Result<EnrollmentId, ServiceError> {
        let unknown = || ServiceError::UnknownEnrollment { what: Text::clean_to(named, 60) };
        let id: EnrollmentId = uuid::Uuid::parse_str(named.trim()).map_err(|_| unknown())?.into();
        self.store.find_course(id).await?.map(|_| id).ok_or_else(unknown)
    }

    /// Posts what a partner was paid.
    pub async fn pay_out(
        &self,
        advisor: &Advisor,
        partner: &str,
        amount: Money,
        reference: &Text,
    ) -> Result<Payout, ServiceError> {
        let (provider_id, name) = self.partner_named(partner).await?;
        let payable = self.store.sum_payable(provider_id, amount.currency).await?;
        decide_payout(&name, amount, payable)?;
        let event = Event {
            provider: Some(provider_id),
            payload: serde_json::json!({ "amount": amount.decimal(), "currency": amount.currency.code() }),
            ..self.event(Actor::Staff(advisor.id), None, EventKind::PaidOut, self.now())
        };
        let reference = reference.clone();
        let plan = PayoutPlan { id: self.ids.new_id(), provider_id, amount, reference, event };
        match self.store.post_payout(&plan).await {
            Err(StoreError::Conflict(Conflict::PayoutExists)) => {
                Err(Refusal::PayoutExists { partner: name, reference: plan.reference }.into())
            }
            // Another payout came in between: told with what is payable now.
            Err(StoreError::Conflict(Conflict::Changed)) => {
                let payable = self.store.sum_payable(provider_id, amount.currency).await?;
                Err(decide_payout(&name, amount, payable)
                    .err()
                    .map_or_else(|| StoreError::Conflict(Conflict::Changed).into(), ServiceError::from))
            }
            posted => {
                posted?;
                let payable = self.store.sum_payable(provider_id, amount.currency).await?;
                Ok(Payout { id: plan.id, partner: name, amount, payable })
            }
        }
    }
}
