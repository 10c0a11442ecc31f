//! Students and advisors.

use crate::domain::actor::Actor;
use crate::domain::event::EventKind;
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::service::{ServiceError, Services};

/// How many students a search shows.
const FOUND: i64 = 20;

impl Services {
    /// The student with this address, or a new one that the first enrollment will create.
    pub async fn learner(&self, email: &Email, name: Option<&Text>) -> Result<Student, ServiceError> {
        Ok(match self.store.find_student_by_email(email).await? {
            Some(known) => known,
            None => self.new_student(email, name),
        })
    }

    /// The student as the database knows them by now, else as they are.
    pub async fn as_known(&self, student: Student) -> Result<Student, ServiceError> {
        Ok(self.known(&student).await?.unwrap_or(student))
    }

    /// The student as the database knows them, by id or by address.
    pub(super) async fn known(&self, student: &Student) -> Result<Option<Student>, ServiceError> {
        if let Some(known) = self.store.find_student(student.id).await? {
            return Ok(Some(known));
        }
        match &student.email {
            Some(email) => Ok(self.store.find_student_by_email(email).await?),
            None => Ok(None),
        }
    }

    /// Somebody the database does not know yet.
    pub fn new_student(&self, email: &Email, name: Option<&Text>) -> Student {
        Student { id: self.ids.new_id(), email: Some(email.clone()), name: name.cloned() }
    }

    /// Keeps a changed name or address of a student the database knows.
    pub async fn save_student(&self, actor: Actor, student: &Student) -> Result<(), ServiceError> {
        if !actor.may_touch(student.id) {
            return Err(Refusal::NotYours.into());
        }
        let event = self.event(actor, Some(student.id), EventKind::ProfileChanged, self.now());
        Ok(self.store.save_student(student, &event).await?)
    }

    /// The advisor with this address; noted on first sight.
    pub async fn advisor(&self, email: &Email) -> Result<Advisor, ServiceError> {
        let fresh = Advisor { id: self.ids.new_id(), email: email.clone(), name: None };
        Ok(self.store.ensure_advisor(&fresh, self.now()).await?)
    }

    /// Students whose name or address holds `text`. For advisors only: the caller has one.
    pub async fn find_students(&self, _advisor: &Advisor, text: &str) -> Result<Vec<Student>, ServiceError> {
        Ok(self.store.search_students(text.trim(), FOUND).await?)
    }
}
