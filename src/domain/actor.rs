//! Who acts, and on whose behalf.

use crate::domain::ids::{AdvisorId, StudentId};

/// Who makes a service call. Every service checks what the actor may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A student, for themselves.
    Student(StudentId),
    /// An advisor, on behalf of one student.
    Advisor {
        /// The advisor.
        advisor: AdvisorId,
        /// The student they act for.
        student: StudentId,
    },
    /// An advisor, in what concerns no student: paying a partner.
    Staff(AdvisorId),
    /// The program itself: the worker, an import.
    System,
}

impl Actor {
    /// Whether the actor may see and change what belongs to `student`.
    pub fn may_touch(self, student: StudentId) -> bool {
        match self {
            Self::Student(id) | Self::Advisor { student: id, .. } => id == student,
            Self::Staff(_) => false,
            Self::System => true,
        }
    }

    /// The same actor with the id the database knows the student by.
    #[must_use]
    pub fn acting_for(self, student: StudentId) -> Self {
        match self {
            Self::Student(_) => Self::Student(student),
            Self::Advisor { advisor, .. } | Self::Staff(advisor) => Self::Advisor { advisor, student },
            Self::System => Self::System,
        }
    }

    /// The student the actor is or acts for.
    pub fn student(self) -> Option<StudentId> {
        match self {
            Self::Student(student) | Self::Advisor { student, .. } => Some(student),
            Self::Staff(_) | Self::System => None,
        }
    }
}
