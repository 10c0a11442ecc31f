//! What a course says of itself, the same on its card, on its screen and in the footer.

use crate::domain::enrollment::{Link, Status};
use crate::domain::provider::Protocol;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;

/// What Enter does on a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Opens the partner's page for the first time.
    Start,
    /// Opens it again.
    Continue,
    /// Opens a course that is over.
    OpenAgain,
    /// Opens the lessons of a course that is completed.
    ReadAgain,
    /// Opens the page where the student signs in.
    OpenSignIn,
    /// Waits until the place is prepared, then opens.
    OpenWhenReady,
    /// Asks once more for what was given up.
    TryAgain,
    /// Opens the page on which it is paid.
    Pay,
    /// Opens another page, because the last one is over.
    PayAgain,
    /// Shows the program again, because the place was given back.
    EnrollAgain,
    /// The partner lets nobody in now, or nobody begin: says why, and what the student can do.
    WhatNow,
    /// There is nothing to open: shows what is known.
    Details,
}

impl Next {
    /// As the card says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Continue => "Continue",
            Self::OpenAgain => "Open again",
            Self::ReadAgain => "Read again",
            Self::OpenSignIn => "Open sign-in page",
            Self::OpenWhenReady => "Open when ready",
            Self::TryAgain => "Try again",
            Self::Pay => "Pay",
            Self::PayAgain => "Pay again",
            Self::EnrollAgain => "Enroll again",
            Self::WhatNow => "What now",
            Self::Details => "Details",
        }
    }

    /// As the footer says it.
    pub fn footer(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Continue => "continue",
            Self::OpenAgain => "open again",
            Self::ReadAgain => "read again",
            Self::OpenSignIn => "sign in",
            Self::OpenWhenReady => "open when ready",
            Self::TryAgain => "try again",
            Self::Pay => "pay",
            Self::PayAgain => "pay again",
            Self::EnrollAgain => "enroll again",
            Self::WhatNow => "what now",
            Self::Details => "details",
        }
    }
}

/// What Enter does on this course.
pub fn next(course: &CourseView, now: Instant) -> Next {
    let Some(provider) = course.provider() else {
        return next_lesson(course);
    };
    let cancelled = course.enrollment.status == Status::Cancelled;
    if course.untold().is_some() || (cancelled && course.unreturned().is_some()) {
        return Next::TryAgain;
    }
    let open = provider.stage(now).opens();
    let enrollment = &course.enrollment;
    match (enrollment.status, &provider.protocol) {
        (Status::Pending, _) if course.unpayable(now) => Next::WhatNow,
        (Status::Pending, _) if course.awaited().is_some() => Next::Pay,
        (Status::Pending, _) if course.unpaid() => Next::PayAgain,
        (Status::Cancelled, _) if course.lapsed() => Next::EnrollAgain,
        (Status::Pending | Status::Cancelled, _) | (_, Protocol::Unknown) => Next::Details,
        _ if !open => Next::WhatNow,
        (_, Protocol::Link(_)) => Next::OpenSignIn,
        (status, _) => match (enrollment.link, status) {
            (Link::Requested, _) if provider.capabilities().launch => Next::OpenWhenReady,
            (Link::Failed, _) => Next::TryAgain,
            (Link::None | Link::Requested, _) => Next::Details,
            _ if !provider.capabilities().launch => Next::Details,
            // A tool needs no place beforehand: the first launch makes it.
            (Link::Manual, _) if !matches!(provider.protocol, Protocol::Lti13(_)) => Next::Details,
            (Link::Confirmed | Link::Manual, Status::Completed) => Next::OpenAgain,
            (Link::Confirmed | Link::Manual, _)
                if course.launched || enrollment.progress.percent.get() > 0 =>
            {
                Next::Continue
            }
            (Link::Confirmed | Link::Manual, _) => Next::Start,
        },
    }
}

/// What Enter does on a course taught here.
fn next_lesson(course: &CourseView) -> Next {
    let Some(taught) = &course.taught else {
        return Next::Details;
    };
    match course.enrollment.status {
        Status::Pending | Status::Cancelled => Next::Details,
        Status::Completed => Next::ReadAgain,
        Status::Active if has_begun(course) || taught.read > 0 => Next::Continue,
        Status::Active => Next::Start,
    }
}

/// Whether a course taught here was opened, as far as a card knows.
fn has_begun(course: &CourseView) -> bool {
    course.launched
        || course.enrollment.last_accessed_at.is_some()
        || course.enrollment.progress.as_of.is_some()
}
