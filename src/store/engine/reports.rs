//! Reading what reports count. What one report needs is read side by side, on several connections.

use super::Backend;
use crate::domain::event::EventKind;
use crate::domain::ids::ProviderId;
use crate::domain::ledger::Account;
use crate::domain::report::{
    EventCount, Figure, LedgerSum, Names, Period, RatingCount, StatementFacts, StatementSum,
};
use crate::store::error::StoreError;
use crate::store::rows::{
    EventCountRow, FigureRow, LedgerSumRow, ProgramNameRow, ProviderNameRow, RatingCountRow,
    StatementFactsRow, StatementSumRow,
};
use crate::store::sql;
use futures_util::future::{join_all, try_join};

impl Backend {
    pub(in crate::store) async fn count_events(
        &self,
        kinds: &[EventKind],
        period: Period,
    ) -> Result<Vec<EventCount>, StoreError> {
        let counts = join_all(kinds.iter().map(|kind| self.count_kind(*kind, period))).await;
        let mut all = Vec::new();
        for counted in counts {
            all.extend(counted?);
        }
        Ok(all)
    }

    async fn count_kind(&self, kind: EventKind, period: Period) -> Result<Vec<EventCount>, StoreError> {
        let rows: Vec<EventCountRow> = sqlx::query_as(sql::COUNT_EVENTS)
            .bind(kind.code())
            .bind(period.begins())
            .bind(period.ends())
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|row| row.count(kind)).collect())
    }

    pub(in crate::store) async fn sum_revenue(&self, period: Period) -> Result<Vec<LedgerSum>, StoreError> {
        let (mut lines, platform) = try_join(
            self.sum_account(Account::PartnerPayable, period),
            self.sum_account(Account::PlatformRevenue, period),
        )
        .await?;
        lines.extend(platform);
        Ok(lines)
    }

    async fn sum_account(&self, account: Account, period: Period) -> Result<Vec<LedgerSum>, StoreError> {
        let rows: Vec<LedgerSumRow> = sqlx::query_as(sql::SUM_REVENUE)
            .bind(account.code())
            .bind(period.begins())
            .bind(period.ends())
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(|row| row.sum(account)).collect()
    }

    pub(in crate::store) async fn list_figures(&self) -> Result<Vec<Figure>, StoreError> {
        let rows: Vec<FigureRow> = sqlx::query_as(sql::LIST_FIGURES).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub(in crate::store) async fn sum_ratings(&self) -> Result<Vec<RatingCount>, StoreError> {
        let rows: Vec<RatingCountRow> = sqlx::query_as(sql::SUM_RATINGS).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    pub(in crate::store) async fn list_names(&self) -> Result<Names, StoreError> {
        let providers: Vec<ProviderNameRow> =
            sqlx::query_as(sql::LIST_PROVIDER_NAMES).fetch_all(&self.pool).await?;
        let programs: Vec<ProgramNameRow> =
            sqlx::query_as(sql::LIST_PROGRAM_NAMES).fetch_all(&self.pool).await?;
        Ok(Names {
            providers: providers.into_iter().map(ProviderNameRow::named).collect(),
            programs: programs.into_iter().map(ProgramNameRow::named).collect(),
        })
    }

    pub(in crate::store) async fn list_statement(
        &self,
        provider: ProviderId,
        period: Period,
    ) -> Result<(Vec<StatementFacts>, Vec<StatementSum>), StoreError> {
        // Of one moment: the sums are of the enrollments that are listed.
        let mut tx = self.begin_read().await?;
        let facts: Vec<StatementFactsRow> = sqlx::query_as(sql::LIST_STATEMENT)
            .bind(provider.as_uuid())
            .bind(period.begins())
            .bind(period.ends())
            .fetch_all(&mut *tx)
            .await?;
        let sums: Vec<StatementSumRow> = sqlx::query_as(sql::SUM_STATEMENT)
            .bind(provider.as_uuid())
            .bind(period.begins())
            .bind(period.ends())
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        let sums = sums.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Ok((facts.into_iter().map(Into::into).collect(), sums))
    }
}
