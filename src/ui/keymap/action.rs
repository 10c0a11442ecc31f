//! Everything a key can do.

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Only for footer and help: up and down together.
    Move,
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To the next day with a start.
    NextStart,
    /// To the day with a start before.
    StartBefore,
    /// The dates of another partner.
    OtherPartner,
    /// Go on: what the element in focus says.
    Go,
    /// To the field of the search.
    Search,
    /// What narrows and orders the programs.
    Filter,
    /// The dated starts as a month.
    Dates,
    /// The partners side by side.
    Compare,
    /// What does the student need?
    Fits,
    /// To what stands at the left: another partner, the day before, another start.
    Left,
    /// To what stands at the right.
    Right,
    /// Takes back the enrollment just made.
    Undo,
    /// Asks the partner once more.
    TryAgain,
    /// Marks an option of a quiz, or takes an item to move it.
    Mark,
    /// To the next find in a lesson.
    NextFind,
    /// To the find before.
    FindBefore,
    /// All lessons of the course.
    Lessons,
    /// The next lesson.
    NextLesson,
    /// The lesson before.
    LessonBefore,
    /// The links and images of a lesson.
    Links,
    /// The quiz of a lesson.
    Quiz,
    /// Writes a certificate issued here into files.
    SaveCertificate,
    /// Everything about a course.
    Details,
    /// Writes the dates of a course into a calendar file.
    SaveDates,
    /// What others say about a partner.
    Reviews,
    /// In another order.
    SortReviews,
    /// Writes or changes one's own review.
    Review,
    /// From the stars to the text and back.
    NextField,
    /// Takes one's own review back.
    WithdrawReview,
    /// Says that a course is finished, where the partner does not report it.
    Finish,
    /// Shows the link that was given last.
    ShowLink,
    /// Copies the link that is shown.
    CopyLink,
    /// Copies the contact of a partner's support.
    CopyContact,
    /// Copies the address of the certificate.
    CopyCertificate,
    /// Opens the certificate in the browser.
    OpenCertificate,
    /// To another partner.
    Switch,
    /// Gives a course up.
    Cancel,
    /// Reads anew.
    Refresh,
    /// Shows or hides cancelled courses.
    Cancelled,
    /// Picks the student (advisors).
    PickStudent,
    /// Leaves the student (advisors).
    LeaveStudent,
    /// Tab 1.
    Programs,
    /// Tab 2.
    Courses,
    /// Tab 3 (advisors).
    Reports,
    /// The table beside (advisors).
    NextReport,
    /// Of another time (advisors).
    Period,
    /// Partners, or programs (advisors).
    ReportRows,
    /// Everything that was said.
    Messages,
    /// One step back.
    Back,
    /// Closes what lies over the screen.
    Close,
    /// All keys.
    Help,
    /// All actions.
    Palette,
    /// Takes the mouse, or leaves it to the terminal.
    Mouse,
    /// Back to the shell for a while.
    Suspend,
    /// Ends the app.
    Quit,
}

impl Action {
    /// Only moves the focus: the footer says it once, the palette says it last.
    pub fn is_motion(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown | Self::First | Self::Last)
    }

    /// The actions whose keys stand in one line of the help.
    pub fn together(self) -> Vec<Self> {
        match self {
            Self::Move => vec![Self::Up, Self::Down],
            Self::PageUp => vec![Self::PageUp, Self::PageDown],
            Self::First => vec![Self::First, Self::Last],
            Self::Left => vec![Self::Left, Self::Right],
            alone => vec![alone],
        }
    }
}
