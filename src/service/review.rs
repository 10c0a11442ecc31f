//! Reviews: read by everybody, written by whoever learned there, hidden by advisors.

use crate::domain::actor::Actor;
use crate::domain::decide::{ReviewDecision, decide_moderation, decide_review};
use crate::domain::event::EventKind;
use crate::domain::ids::{EnrollmentId, ReviewId, StudentId};
use crate::domain::person::Advisor;
use crate::domain::plan::{EditReviewPlan, ModerationPlan, PostReviewPlan, WithdrawReviewPlan};
use crate::domain::refusal::Refusal;
use crate::domain::review::{Rating, Review, ReviewCursor, ReviewPage, ReviewQuery, review_text};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::{ServiceError, Services};
use crate::store::{Conflict, StoreError};

/// How many reviews a page has.
const PAGE: u16 = 20;

impl Services {
    /// A page of reviews, as `viewer` sees them.
    pub async fn reviews(
        &self,
        query: &ReviewQuery,
        viewer: Option<StudentId>,
        after: Option<&ReviewCursor>,
    ) -> Result<ReviewPage, ServiceError> {
        Ok(self.store.list_reviews(query, viewer, after, PAGE).await?)
    }

    /// The student's own review of a course, if there is one.
    pub async fn own_review(&self, actor: Actor, id: EnrollmentId) -> Result<Option<Review>, ServiceError> {
        self.course(actor, id).await?;
        Ok(self.store.find_review_of(id).await?)
    }

    /// Writes the review of a course; refused where there is one.
    pub async fn post_review(
        &self,
        actor: Actor,
        id: EnrollmentId,
        rating: Rating,
        raw: &str,
    ) -> Result<(), ServiceError> {
        let text = review_text(raw)?;
        let view = self.reviewable(actor, id).await?;
        let Some(delivery) = view.enrollment.delivery else {
            return Err(Refusal::NobodyToReview { title: view.program_title }.into());
        };
        let event = self.event_about(&view, actor, EventKind::ReviewPosted, self.now());
        let review = Review {
            id: self.ids.new_id(),
            enrollment_id: id,
            student_id: view.enrollment.student_id,
            delivery,
            program_id: view.enrollment.program_id,
            rating,
            text,
            hidden: None,
        };
        match self.store.post_review(&PostReviewPlan { review, event }).await {
            Err(StoreError::Conflict(Conflict::AlreadyReviewed)) => Err(Refusal::AlreadyReviewed {
                partner: view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
                title: view.program_title,
                course: id,
            }
            .into()),
            posted => Ok(posted?),
        }
    }

    /// Changes the review of a course; what is `None` stays.
    pub async fn edit_review(
        &self,
        actor: Actor,
        id: EnrollmentId,
        rating: Option<Rating>,
        raw: Option<&str>,
    ) -> Result<(), ServiceError> {
        let text = raw.map(review_text).transpose()?;
        let view = self.reviewable(actor, id).await?;
        let event = self.event_about(&view, actor, EventKind::ReviewEdited, self.now());
        let plan = EditReviewPlan { enrollment_id: id, rating, text, event };
        gone_means(self.store.edit_review(&plan).await, view)
    }

    /// Takes the review of a course back. It may be written again.
    pub async fn withdraw_review(&self, actor: Actor, id: EnrollmentId) -> Result<(), ServiceError> {
        let view = self.course(actor, id).await?;
        if !matches!(actor, Actor::Student(_)) {
            return Err(Refusal::ReviewNotOnBehalf.into());
        }
        let event = self.event_about(&view, actor, EventKind::ReviewWithdrawn, self.now());
        let plan = WithdrawReviewPlan { enrollment_id: id, event };
        gone_means(self.store.withdraw_review(&plan).await, view)
    }

    /// Hides the text of a review for a reason that everybody reads. The score counts as before.
    pub async fn hide_review(
        &self,
        advisor: &Advisor,
        id: ReviewId,
        reason: &Text,
    ) -> Result<(), ServiceError> {
        self.moderate(advisor, id, Some(reason)).await
    }

    /// Shows the text of a review again.
    pub async fn unhide_review(&self, advisor: &Advisor, id: ReviewId) -> Result<(), ServiceError> {
        self.moderate(advisor, id, None).await
    }

    async fn moderate(
        &self,
        advisor: &Advisor,
        id: ReviewId,
        reason: Option<&Text>,
    ) -> Result<(), ServiceError> {
        let review = self.store.find_review(id).await?;
        let unknown = || ServiceError::UnknownReview { what: Text::clean(&id.to_string()) };
        let review = review.ok_or_else(unknown)?;
        decide_moderation(&review, reason.is_some())?;
        let actor = Actor::Advisor { advisor: advisor.id, student: review.student_id };
        let kind = if reason.is_some() { EventKind::ReviewHidden } else { EventKind::ReviewUnhidden };
        let view = self.course(actor, review.enrollment_id).await?;
        let mut event = self.event_about(&view, actor, kind, self.now());
        event.payload = serde_json::json!({ "review": id, "reason": reason });
        let hide = reason.map(|reason| (advisor.id, reason.clone()));
        Ok(self.store.moderate_review(&ModerationPlan { review_id: id, hide, event }).await?)
    }

    /// The course, if the actor may say something about it.
    async fn reviewable(&self, actor: Actor, id: EnrollmentId) -> Result<CourseView, ServiceError> {
        let view = self.course(actor, id).await?;
        if decide_review(&view, actor, &view.start_facts(self.now()))? == ReviewDecision::Write {
            return Ok(view);
        }
        self.sync_one(&view).await?;
        let view = self.course(actor, id).await?;
        match decide_review(&view, actor, &view.start_facts(self.now()))? {
            ReviewDecision::Write => Ok(view),
            // It can't be asked from here, or it gave no figure.
            ReviewDecision::AskPartner => Err(Refusal::NotStarted {
                partner: view.provider().map(|provider| provider.name.clone()).unwrap_or_default(),
                title: view.program_title,
            }
            .into()),
        }
    }
}

/// A review that is not there can't be changed.
fn gone_means(done: Result<(), StoreError>, view: CourseView) -> Result<(), ServiceError> {
    match done {
        Err(StoreError::Conflict(Conflict::Changed)) => {
            Err(Refusal::NoReview { title: view.program_title }.into())
        }
        done => Ok(done?),
    }
}
