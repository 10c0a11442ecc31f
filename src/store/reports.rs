//! The ledger and reports, of whichever engine it is.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::ProviderId;
use crate::domain::ledger::{Balance, LedgerFaults, LedgerQuery, PostedTransaction};
use crate::domain::money::{Currency, Money};
use crate::domain::plan::{PayoutPlan, ToolPlan};
use crate::domain::report::{
    EventCount, Figure, LedgerSum, Names, Period, RatingCount, StatementFacts, StatementSum,
};

impl Store {
    /// Writes down what happened, where nothing else changes.
    pub async fn note(&self, event: &Event) -> Result<(), StoreError> {
        transact!(self, note(event))
    }

    /// Posts what a partner was paid. `Conflict::PayoutExists` when it was posted under this
    /// reference before, `Changed` when less is payable by now.
    pub async fn post_payout(&self, plan: &PayoutPlan) -> Result<(), StoreError> {
        transact!(self, post_payout(plan))
    }

    /// Sets a partner up as a tool of LTI 1.3. `Conflict::Changed` when there is no such partner any
    /// more.
    pub async fn register_tool(&self, plan: &ToolPlan) -> Result<(), StoreError> {
        transact!(self, register_tool(plan))
    }

    /// At most `limit` transactions, newest first; those before the one with this place.
    pub async fn list_transactions(
        &self,
        query: &LedgerQuery,
        before: Option<i64>,
        limit: u16,
    ) -> Result<Vec<PostedTransaction>, StoreError> {
        call!(self, list_transactions(query, before, limit))
    }

    /// What a partner is owed in this currency.
    pub async fn sum_payable(&self, provider: ProviderId, currency: Currency) -> Result<Money, StoreError> {
        call!(self, sum_payable(provider, currency))
    }

    /// What every account holds.
    pub async fn sum_balances(&self) -> Result<Vec<Balance>, StoreError> {
        call!(self, sum_balances())
    }

    /// What does not add up in the ledger.
    pub async fn find_ledger_faults(&self) -> Result<LedgerFaults, StoreError> {
        call!(self, find_ledger_faults())
    }

    /// How often each of these happened, by partner and program.
    pub async fn count_events(
        &self,
        kinds: &[EventKind],
        period: Period,
    ) -> Result<Vec<EventCount>, StoreError> {
        call!(self, count_events(kinds, period))
    }

    /// What was posted for partners and platform, by partner and program.
    pub async fn sum_revenue(&self, period: Period) -> Result<Vec<LedgerSum>, StoreError> {
        call!(self, sum_revenue(period))
    }

    /// When the figure of each active enrollment was reported.
    pub async fn list_figures(&self) -> Result<Vec<Figure>, StoreError> {
        call!(self, list_figures())
    }

    /// How many reviews gave which rating, by partner and program.
    pub async fn sum_ratings(&self) -> Result<Vec<RatingCount>, StoreError> {
        call!(self, sum_ratings())
    }

    /// The names of partners and programs.
    pub async fn list_names(&self) -> Result<Names, StoreError> {
        call!(self, list_names())
    }

    /// A partner's enrollments that began or whose money moved in the period, and that money.
    pub async fn list_statement(
        &self,
        provider: ProviderId,
        period: Period,
    ) -> Result<(Vec<StatementFacts>, Vec<StatementSum>), StoreError> {
        call!(self, list_statement(provider, period))
    }
}
