//! Reviews: written, changed, taken back, hidden; and what they say together.
//!
//! What holds after every transaction: `review_totals` counts the reviews that were not withdrawn,
//! per course and score. Hidden texts count like all others.

use super::steps::append_event;
use super::{Backend, Tx};
use crate::domain::ids::{CourseId, EnrollmentId, ReviewId, StudentId};
use crate::domain::plan::{EditReviewPlan, ModerationPlan, PostReviewPlan, WithdrawReviewPlan};
use crate::domain::review::{Rating, Review, ReviewCursor, ReviewPage, ReviewQuery, ReviewView};
use crate::domain::text::Text;
use crate::domain::time::{Instant, to_micros};
use crate::store::error::{Conflict, StoreError};
use crate::store::fail::FailPoint;
use crate::store::rows::{RatingRow, ReviewRow, ReviewViewRow};
use crate::store::sql;
use chrono::DateTime;
use uuid::Uuid;

impl Backend {
    pub(in crate::store) async fn post_review(&self, plan: &PostReviewPlan) -> Result<(), StoreError> {
        let review = &plan.review;
        let mut tx = self.begin().await?;
        let posted = sqlx::query(sql::POST_REVIEW)
            .bind(review.id.as_uuid())
            .bind(review.enrollment_id.as_uuid())
            .bind(review.student_id.as_uuid())
            .bind(review.delivery.provider_id.as_uuid())
            .bind(review.delivery.course_id.as_uuid())
            .bind(review.program_id.as_uuid())
            .bind(i64::from(review.rating.get()))
            .bind(review.text.as_str())
            .bind(to_micros(plan.event.at))
            .execute(&mut *tx)
            .await?;
        if posted.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::AlreadyReviewed));
        }
        self.fail.hit(FailPoint::ReviewPostAfterRow);
        append_event(&mut tx, &plan.event).await?;
        // Last: whoever reviews the same course waits from here on.
        count(&mut tx, review.delivery.course_id.as_uuid(), review.rating).await?;
        self.fail.hit(FailPoint::ReviewPostAfterTotals);
        self.commit(tx, FailPoint::ReviewPostBeforeCommit, FailPoint::ReviewPostAfterCommit).await
    }

    pub(in crate::store) async fn edit_review(&self, plan: &EditReviewPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (course, before) = lock(&mut tx, plan.enrollment_id).await?;
        let rating = plan.rating.unwrap_or(before);
        sqlx::query(sql::EDIT_REVIEW)
            .bind(plan.enrollment_id.as_uuid())
            .bind(i64::from(rating.get()))
            .bind(plan.text.as_ref().map(Text::as_str))
            .bind(to_micros(plan.event.at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::ReviewEditAfterRow);
        append_event(&mut tx, &plan.event).await?;
        // Always the lower score first: two that change in opposite ways don't wait for each other.
        match before.cmp(&rating) {
            std::cmp::Ordering::Less => {
                uncount(&mut tx, course, before).await?;
                count(&mut tx, course, rating).await?;
            }
            std::cmp::Ordering::Greater => {
                count(&mut tx, course, rating).await?;
                uncount(&mut tx, course, before).await?;
            }
            std::cmp::Ordering::Equal => {}
        }
        self.fail.hit(FailPoint::ReviewEditAfterTotals);
        self.commit(tx, FailPoint::ReviewEditBeforeCommit, FailPoint::ReviewEditAfterCommit).await
    }

    pub(in crate::store) async fn withdraw_review(
        &self,
        plan: &WithdrawReviewPlan,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (course, rating) = lock(&mut tx, plan.enrollment_id).await?;
        sqlx::query(sql::WITHDRAW_REVIEW)
            .bind(plan.enrollment_id.as_uuid())
            .bind(to_micros(plan.event.at))
            .execute(&mut *tx)
            .await?;
        self.fail.hit(FailPoint::ReviewWithdrawAfterRow);
        append_event(&mut tx, &plan.event).await?;
        uncount(&mut tx, course, rating).await?;
        self.fail.hit(FailPoint::ReviewWithdrawAfterTotals);
        self.commit(tx, FailPoint::ReviewWithdrawBeforeCommit, FailPoint::ReviewWithdrawAfterCommit).await
    }

    pub(in crate::store) async fn moderate_review(&self, plan: &ModerationPlan) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let query = match &plan.hide {
            Some((advisor, reason)) => sqlx::query(sql::HIDE_REVIEW)
                .bind(plan.review_id.as_uuid())
                .bind(to_micros(plan.event.at))
                .bind(advisor.as_uuid())
                .bind(reason.as_str()),
            None => sqlx::query(sql::UNHIDE_REVIEW).bind(plan.review_id.as_uuid()),
        };
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Err(StoreError::Conflict(Conflict::Changed));
        }
        self.fail.hit(FailPoint::ReviewModerateAfterRow);
        append_event(&mut tx, &plan.event).await?;
        self.commit(tx, FailPoint::ReviewModerateBeforeCommit, FailPoint::ReviewModerateAfterCommit).await
    }

    pub(in crate::store) async fn find_review(&self, id: ReviewId) -> Result<Option<Review>, StoreError> {
        let row: Option<ReviewRow> =
            sqlx::query_as(sql::FIND_REVIEW).bind(id.as_uuid()).fetch_optional(&self.pool).await?;
        row.map(Review::try_from).transpose()
    }

    pub(in crate::store) async fn find_review_of(
        &self,
        enrollment: EnrollmentId,
    ) -> Result<Option<Review>, StoreError> {
        let row: Option<ReviewRow> = sqlx::query_as(sql::FIND_REVIEW_OF_ENROLLMENT)
            .bind(enrollment.as_uuid())
            .fetch_optional(&self.pool)
            .await?;
        row.map(Review::try_from).transpose()
    }

    pub(in crate::store) async fn list_reviews(
        &self,
        query: &ReviewQuery,
        viewer: Option<StudentId>,
        after: Option<&ReviewCursor>,
        limit: u16,
    ) -> Result<ReviewPage, StoreError> {
        let wanted = usize::from(limit);
        let mut tx = self.begin_read().await?;
        let totals = match query.course {
            Some(course) => sqlx::query_as(sql::LIST_RATINGS_OF_COURSE).bind(course.as_uuid()),
            None => sqlx::query_as(sql::LIST_RATINGS_OF_PROGRAM).bind(query.program.as_uuid()),
        };
        let totals: Vec<RatingRow> = totals.fetch_all(&mut *tx).await?;
        let summary = RatingRow::sum(&totals);
        let mut items = Vec::with_capacity(wanted + 1);
        match query.sort.ratings() {
            None => list_some(&mut tx, query, None, after, wanted + 1, &mut items).await?,
            // One score after the other: each is in its order in the index already.
            Some(ratings) => {
                let begins = |rating: &Rating| after.is_some_and(|after| after.rating != *rating);
                for rating in ratings.into_iter().skip_while(begins) {
                    let left = wanted + 1 - items.len();
                    let after = after.filter(|after| after.rating == rating);
                    list_some(&mut tx, query, Some(rating), after, left, &mut items).await?;
                    if items.len() > wanted {
                        break;
                    }
                }
            }
        }
        tx.commit().await?;
        let more = items.len() > wanted;
        items.truncate(wanted);
        let items: Vec<ReviewView> =
            items.into_iter().map(|row| row.view(viewer)).collect::<Result<_, _>>()?;
        let last = items.last().map(|last| ReviewCursor { rating: last.rating, at: last.at, id: last.id });
        Ok(ReviewPage { summary, next: last.filter(|_| more), items })
    }

    pub(in crate::store) async fn count_wrong_ratings(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(sql::COUNT_WRONG_RATINGS).fetch_one(&self.pool).await?)
    }
}

/// Before everything that is: the end of the year 9999.
const LATEST: i64 = 253_402_300_799;

async fn list_some(
    tx: &mut Tx,
    query: &ReviewQuery,
    rating: Option<Rating>,
    after: Option<&ReviewCursor>,
    limit: usize,
    items: &mut Vec<ReviewViewRow>,
) -> Result<(), StoreError> {
    let statement = match (query.course, rating) {
        (None, None) => sql::LIST_REVIEWS_OF_PROGRAM,
        (None, Some(_)) => sql::LIST_REVIEWS_OF_PROGRAM_RATED,
        (Some(_), None) => sql::LIST_REVIEWS_OF_COURSE,
        (Some(_), Some(_)) => sql::LIST_REVIEWS_OF_COURSE_RATED,
    };
    let of = query.course.map_or_else(|| query.program.as_uuid(), CourseId::as_uuid);
    let latest = DateTime::from_timestamp(LATEST, 0).unwrap_or(Instant::MAX_UTC);
    let (at, id) = after.map_or((latest, Uuid::max()), |after| (to_micros(after.at), after.id.as_uuid()));
    let mut rows =
        sqlx::query_as(statement).bind(of).bind(i64::try_from(limit).unwrap_or(i64::MAX)).bind(at).bind(id);
    if let Some(rating) = rating {
        rows = rows.bind(i64::from(rating.get()));
    }
    let rows: Vec<ReviewViewRow> = rows.fetch_all(&mut **tx).await?;
    items.extend(rows);
    Ok(())
}

/// From here to the end of the transaction nobody else changes this review.
async fn lock(tx: &mut Tx, enrollment: EnrollmentId) -> Result<(Uuid, Rating), StoreError> {
    let row: Option<(Uuid, i64)> =
        sqlx::query_as(sql::LOCK_REVIEW).bind(enrollment.as_uuid()).fetch_optional(&mut **tx).await?;
    let (course, rating) = row.ok_or(StoreError::Conflict(Conflict::Changed))?;
    Ok((course, Rating::new(rating).ok_or(StoreError::Row { what: "rating" })?))
}

async fn count(tx: &mut Tx, course: Uuid, rating: Rating) -> Result<(), StoreError> {
    let query = sqlx::query(sql::COUNT_RATING).bind(course).bind(i64::from(rating.get()));
    query.execute(&mut **tx).await?;
    Ok(())
}

async fn uncount(tx: &mut Tx, course: Uuid, rating: Rating) -> Result<(), StoreError> {
    let query = sqlx::query(sql::UNCOUNT_RATING).bind(course).bind(i64::from(rating.get()));
    query.execute(&mut **tx).await?;
    Ok(())
}
