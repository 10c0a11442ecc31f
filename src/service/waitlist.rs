//! Waitlists of full starts: join, take or decline what is offered, leave; and giving back what
//! ran out.

use crate::domain::actor::Actor;
use crate::domain::decide::{decide_accept, decide_join};
use crate::domain::event::EventKind;
use crate::domain::ids::{StudentId, WaitlistId};
use crate::domain::person::Student;
use crate::domain::plan::{EnrollmentPlan, JoinPlan, LeavePlan};
use crate::domain::program::Slug;
use crate::domain::proof::ProofQueue;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::views::{CourseView, Dashboard};
use crate::domain::waitlist::{WaitlistEntry, WaitlistView};
use crate::service::enroll::ATTEMPTS;
use crate::service::{Enroll, ServiceError, Services};
use crate::store::{Conflict, StoreError};
use uuid::Uuid;

impl Services {
    /// Joins the waitlist of the start that is chosen, or of the next one that is full.
    pub async fn join_waitlist(&self, request: &Enroll<'_>) -> Result<WaitlistView, ServiceError> {
        let mut lost = Conflict::Changed;
        for _ in 0..ATTEMPTS {
            let plan = self.plan_join(request).await?;
            match self.store.join_waitlist(&plan).await {
                Ok(()) => return self.waitlist_entry(Actor::System, plan.entry.id).await,
                // Somebody gave a seat back, or was faster: decide again on what is there now.
                Err(StoreError::Conflict(race)) => lost = race,
                // The connection may have ended after the commit: the id is ours, so look.
                Err(error) => {
                    return match self.store.find_waitlist_entry(plan.entry.id).await {
                        Ok(Some(written)) => Ok(written),
                        Ok(None) | Err(_) => Err(error.into()),
                    };
                }
            }
        }
        Err(StoreError::Conflict(lost).into())
    }

    async fn plan_join(&self, request: &Enroll<'_>) -> Result<JoinPlan, ServiceError> {
        let case = self.case_of(request).await?;
        let at = self.now();
        let waiting = match &case.known {
            Some(student) => self.store.list_waitlist(student.id, at).await?,
            None => Vec::new(),
        };
        let cohort =
            decide_join(&case.view, request.choice, case.live.as_ref(), &waiting, self.processor.till(), at)?;
        let student = case.known.as_ref().unwrap_or(request.student);
        let entry = WaitlistEntry {
            id: self.ids.new_id(),
            cohort_id: cohort.id,
            student_id: student.id,
            joined_at: at,
        };
        let offer = case.view.offers.iter().find(|offer| offer.course.id == cohort.course_id);
        let mut event =
            self.event(request.actor.acting_for(student.id), Some(student.id), EventKind::WaitlistJoined, at);
        event.provider = offer.map(|offer| offer.provider.id);
        event.payload = serde_json::json!({ "entry": entry.id, "cohort": cohort.id });
        Ok(JoinPlan {
            new_student: case.known.is_none().then(|| request.student.clone()),
            entry,
            program_id: case.view.program.id,
            offers_last: self.offers_last,
            event,
        })
    }

    /// Takes an offered seat: enrolls with it.
    pub async fn accept_offer(&self, actor: Actor, id: WaitlistId) -> Result<CourseView, ServiceError> {
        let mut lost = Conflict::OfferOver;
        for _ in 0..ATTEMPTS {
            let plan = self.plan_accept(actor, id).await?;
            match self.store.enroll(&plan).await {
                Ok(()) => return self.course(Actor::System, plan.enrollment.id).await,
                Err(StoreError::Conflict(race)) => lost = race,
                Err(error) => {
                    return match self.store.find_course(plan.enrollment.id).await {
                        Ok(Some(written)) => Ok(written),
                        Ok(None) | Err(_) => Err(error.into()),
                    };
                }
            }
        }
        Err(StoreError::Conflict(lost).into())
    }

    pub(super) async fn plan_accept(
        &self,
        actor: Actor,
        id: WaitlistId,
    ) -> Result<EnrollmentPlan, ServiceError> {
        let entry = self.waitlist_entry(actor, id).await?;
        let student = self.store.find_student(entry.entry.student_id).await?.ok_or_else(|| {
            ServiceError::UnknownStudent { who: Text::clean(&entry.entry.student_id.to_string()) }
        })?;
        let view = self.program(entry.program_slug.as_str()).await?;
        let live = self.store.find_live_enrollment(student.id, view.program.id).await?;
        let at = self.now();
        let decision = decide_accept(&view, &entry, live.as_ref(), self.processor.till(), at)?;
        let plan = self.enrollment_plan(&view, &student, &decision, actor, at);
        Ok(EnrollmentPlan { offer: Some(id), ..plan })
    }

    /// Leaves a waitlist; an offered seat goes to the next one.
    pub async fn leave_waitlist(&self, actor: Actor, id: WaitlistId) -> Result<(), ServiceError> {
        let entry = self.waitlist_entry(actor, id).await?;
        if !entry.status.is_live() {
            return Err(offer_over(&entry).into());
        }
        let at = self.now();
        let student = entry.entry.student_id;
        let mut event = self.event(actor.acting_for(student), Some(student), EventKind::WaitlistLeft, at);
        event.payload = serde_json::json!({ "entry": id, "cohort": entry.cohort.id });
        Ok(self.store.leave_waitlist(&LeavePlan { entry: id, offers_last: self.offers_last, event }).await?)
    }

    /// What a student waits for, newest first.
    pub async fn waitlist(
        &self,
        actor: Actor,
        student: StudentId,
    ) -> Result<Vec<WaitlistView>, ServiceError> {
        if !actor.may_touch(student) {
            return Err(Refusal::NotYours.into());
        }
        Ok(self.store.list_waitlist(student, self.now()).await?)
    }

    /// Enrollments and waitlists of the actor's student.
    pub async fn dashboard(&self, actor: Actor, student: StudentId) -> Result<Dashboard, ServiceError> {
        let courses = self.courses(actor, student).await?;
        let waiting = self.waitlist(actor, student).await?;
        Ok(Dashboard { courses, waiting, proofs: ProofQueue::default() })
    }

    /// The entry a person means: by its id, or by program, an offer first.
    pub async fn waitlist_named(
        &self,
        actor: Actor,
        student: &Student,
        named: &str,
    ) -> Result<WaitlistView, ServiceError> {
        if let Ok(id) = Uuid::parse_str(named.trim()) {
            return self.waitlist_entry(actor, id.into()).await;
        }
        let slug = Slug::parse(named.trim()).ok();
        let mut mine = self.waitlist(actor, student.id).await?;
        mine.retain(|entry| Some(&entry.program_slug) == slug.as_ref());
        mine.sort_by_key(|entry| (!entry.is_offer(self.now()), !entry.status.is_live()));
        if let Some(entry) = mine.into_iter().next() {
            return Ok(entry);
        }
        // Whoever accepts twice is enrolled by now.
        let courses = self.courses(actor, student.id).await?;
        let enrolled = |course: &&CourseView| {
            Some(&course.program_slug) == slug.as_ref() && course.enrollment.status.is_live()
        };
        Err(match courses.iter().find(enrolled) {
            Some(course) => Refusal::AlreadyEnrolled {
                enrollment: course.enrollment.id,
                title: course.program_title.clone(),
                partner: course.provider().map(|provider| provider.name.clone()),
            }
            .into(),
            None => ServiceError::UnknownWaitlistEntry { what: Text::clean_to(named, 60) },
        })
    }

    pub(super) async fn waitlist_entry(
        &self,
        actor: Actor,
        id: WaitlistId,
    ) -> Result<WaitlistView, ServiceError> {
        let found = self.store.find_waitlist_entry(id).await?;
        let entry =
            found.ok_or_else(|| ServiceError::UnknownWaitlistEntry { what: Text::clean(&id.to_string()) })?;
        if actor.may_touch(entry.entry.student_id) { Ok(entry) } else { Err(Refusal::NotYours.into()) }
    }

    /// Gives back the seats of what ran out, and offers them to those who wait.
    pub async fn settle_seats(&self) -> Result<usize, ServiceError> {
        Ok(self.store.settle_seats(self.now(), self.offers_last).await?)
    }
}

fn offer_over(entry: &WaitlistView) -> Refusal {
    Refusal::OfferOver {
        title: entry.program_title.clone(),
        partner: entry.partner.clone(),
        starts_on: entry.cohort.starts_on,
    }
}
