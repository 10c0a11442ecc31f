//! Who sits at this terminal, as the runtime knows them.

use crate::domain::person::{Advisor, Student};
use crate::ui::msg::Who;
use std::sync::{Mutex, PoisonError};

/// The person at this terminal. One session is one terminal: nothing of it is shared.
#[derive(Debug)]
pub struct Session {
    who: Mutex<Who>,
}

impl Session {
    /// A session of `who`.
    pub fn new(who: Who) -> Self {
        Self { who: Mutex::new(who) }
    }

    /// Who sits here.
    pub fn who(&self) -> Who {
        self.who.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The student who sits here or is acted for.
    pub fn student(&self) -> Option<Student> {
        match self.who() {
            Who::Student(student) => Some(student),
            Who::Advisor { student, .. } => student,
            Who::Nobody => None,
        }
    }

    /// The advisor who sits here.
    pub fn advisor(&self) -> Option<Advisor> {
        match self.who() {
            Who::Advisor { advisor, .. } => Some(advisor),
            Who::Student(_) | Who::Nobody => None,
        }
    }

    /// From now on it is about this student, or about nobody.
    pub fn set_student(&self, student: Option<Student>) {
        let mut who = self.who.lock().unwrap_or_else(PoisonError::into_inner);
        *who = match (&*who, student) {
            (Who::Advisor { advisor, .. }, student) => Who::Advisor { advisor: advisor.clone(), student },
            (_, Some(student)) => Who::Student(student),
            (_, None) => Who::Nobody,
        };
    }
}
