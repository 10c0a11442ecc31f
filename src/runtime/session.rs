//! Who sits at this terminal, as the runtime knows them.
//!
//! Work runs beside the loop, and an advisor may have moved on to the next student before it
//! begins. So whoever asks for something takes a copy of [`Who`] at once and acts by that copy.

use crate::domain::person::Student;
use crate::ui::msg::Who;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The person at this terminal. One session is one terminal: nothing of it is shared.
#[derive(Debug)]
pub struct Session {
    seat: Mutex<Seat>,
}

#[derive(Debug)]
struct Seat {
    who: Who,
    /// Counts the wishes to change the student: only the last one counts.
    turn: u64,
}

/// A wish to act for another student. A later one makes it void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

impl Session {
    /// A session of `who`.
    pub fn new(who: Who) -> Self {
        Self { seat: Mutex::new(Seat { who, turn: 0 }) }
    }

    /// Who sits here now.
    pub fn who(&self) -> Who {
        self.seat().who.clone()
    }

    /// From now on it is about nobody until a student is chosen.
    pub fn leave(&self) {
        let mut seat = self.seat();
        seat.turn += 1;
        seat.set(None);
    }

    /// Somebody begins to look for the student to act for next.
    pub fn begin_turn(&self) -> Turn {
        let mut seat = self.seat();
        seat.turn += 1;
        Turn(seat.turn)
    }

    /// From now on it is about this student, unless something later was wished for meanwhile.
    pub fn end_turn(&self, turn: Turn, student: Student) {
        let mut seat = self.seat();
        if seat.turn == turn.0 {
            seat.set(Some(student));
        }
    }

    fn seat(&self) -> MutexGuard<'_, Seat> {
        self.seat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn set(&mut self, student: Option<Student>) {
        self.who = match (&self.who, student) {
            (Who::Advisor { advisor, .. }, student) => Who::Advisor { advisor: advisor.clone(), student },
            (_, Some(student)) => Who::Student(student),
            (_, None) => Who::Nobody,
        };
    }
}

/// The student who sits there or is acted for.
pub fn student_of(who: &Who) -> Option<&Student> {
    match who {
        Who::Student(student) => Some(student),
        Who::Advisor { student, .. } => student.as_ref(),
        Who::Nobody => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{Advisor, Email};
    use uuid::Uuid;

    fn student(id: u128) -> Student {
        Student { id: Uuid::from_u128(id).into(), email: None, name: None }
    }

    fn desk() -> Session {
        let email = Email::parse("advisor@college.example").expect("an address");
        let advisor = Advisor { id: Uuid::nil().into(), email, name: None };
        Session::new(Who::Advisor { advisor, student: None })
    }

    #[test]
    fn the_last_wish_counts_however_late_the_answers_come() {
        let (session, maya, lena) = (desk(), student(1), student(2));
        let (first, second) = (session.begin_turn(), session.begin_turn());
        session.end_turn(second, lena.clone());
        session.end_turn(first, maya.clone());
        assert_eq!(student_of(&session.who()), Some(&lena));
        let late = session.begin_turn();
        session.leave();
        session.end_turn(late, maya);
        assert_eq!(student_of(&session.who()), None, "whoever left is not brought back");
    }
}
