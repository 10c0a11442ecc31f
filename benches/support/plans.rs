//! Enrollments as the service hands them to the store: a new student, two jobs, one event.

use super::files;
use chrono::{DateTime, TimeDelta};
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Delivery, Enrollment, Link};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::ProgramId;
use coursevia::domain::job::{JobKind, Needs, NewJob};
use coursevia::domain::person::{Email, Student};
use coursevia::domain::plan::EnrollmentPlan;
use coursevia::platform::IdSource;
use coursevia::store::Store;

/// Makes one plan after the other, each for a new student, all for one course.
pub struct Plans {
    program: ProgramId,
    delivery: Delivery,
    ids: IdSource,
    number: u32,
}

impl Plans {
    /// Plans for a course of this database.
    pub async fn of(store: &Store) -> Self {
        let programs = store.list_programs(DateTime::UNIX_EPOCH).await.expect("it reads");
        let offer = programs.iter().find_map(|view| view.offers.first()).expect("an offer");
        let delivery = Delivery { provider_id: offer.provider.id, course_id: offer.course.id };
        Self { program: offer.course.program_id, delivery, ids: IdSource::Random, number: 0 }
    }

    /// The next one.
    pub fn next(&mut self) -> EnrollmentPlan {
        self.number += 1;
        let email = Email::parse(&format!("b{}@example.org", self.number)).expect("an address");
        let student = Student { id: self.ids.new_id(), email: Some(email), name: Some("Maya Okafor".into()) };
        let beginning = Enrollment::beginning(
            self.ids.new_id(),
            student.id,
            self.program,
            Some(self.delivery),
            files::now(),
        );
        let enrollment = Enrollment { link: Link::Requested, ..beginning };
        let job = |kind: JobKind, needs: Needs| NewJob {
            id: self.ids.new_id(),
            kind,
            enrollment_id: Some(enrollment.id),
            payload: serde_json::json!({}),
            idempotency_key: format!("{}:{}", kind.code(), enrollment.id),
            needs,
            run_at: files::now(),
        };
        let event = Event {
            id: self.ids.new_id(),
            at: files::now(),
            actor: Actor::Student(student.id),
            subject: Some(student.id),
            kind: EventKind::Enrolled,
            enrollment: Some(enrollment.id),
            provider: Some(self.delivery.provider_id),
            payload: serde_json::json!({}),
        };
        EnrollmentPlan {
            jobs: vec![job(JobKind::Provision, Needs::Nothing), job(JobKind::Mail, Needs::Mail)],
            new_student: Some(student),
            enrollment,
            payment: None,
            offer: None,
            offers_last: TimeDelta::hours(24),
            event,
        }
    }
}
