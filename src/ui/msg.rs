//! What reaches the app: input, answers, time.

use crate::domain::decide::SwitchQuote;
use crate::domain::failure::Failure;
use crate::domain::fits::Preferences;
use crate::domain::ids::EnrollmentId;
use crate::domain::learning::{Learned, OpenedLesson};
use crate::domain::lesson::LessonKey;
use crate::domain::listing::ProgramPage;
use crate::domain::person::{Advisor, Student};
use crate::domain::report::{ReportRows, Statement};
use crate::domain::review::{Review, ReviewPage};
use crate::domain::text::Text;
use crate::domain::views::{Compared, CourseHistory, CourseView, Dashboard, ProgramView};
use crate::domain::waitlist::WaitlistView;
use crate::domain::web::LaunchUrl;
use crate::domain::web::WebUrl;
use crate::ui::effect::RequestId;
use crossterm::event::{KeyEvent, MouseEvent};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed (never a release).
    Key(KeyEvent),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// Text was pasted: text only, never keys.
    Paste(String),
    /// The terminal has a new size.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Time went by; sent only while `App::wants_tick` says so.
    Tick,
    /// Answer to `Effect::LoadPrograms`.
    Programs {
        /// Of the request.
        request: RequestId,
        /// The next page of the list.
        result: Result<ProgramPage, Failure>,
    },
    /// Answer to `Effect::LoadDetails`.
    Details {
        /// Of the request.
        request: RequestId,
        /// Those that are still there.
        result: Result<Vec<ProgramView>, Failure>,
    },
    /// Answer to `Effect::Find`.
    Found {
        /// Of the request.
        request: RequestId,
        /// Places in the list, in the order they are shown.
        places: Vec<u32>,
    },
    /// Answer to `Effect::LoadCourses`.
    Courses {
        /// Of the request.
        request: RequestId,
        /// What the student has under way.
        result: Result<Dashboard, Failure>,
    },
    /// Answer to `Effect::LoadReport`.
    Report {
        /// Of the request.
        request: RequestId,
        /// Its rows.
        result: Result<ReportRows, Failure>,
    },
    /// Answer to `Effect::LoadStatement`.
    Statement {
        /// Of the request.
        request: RequestId,
        /// The statement.
        result: Result<Statement, Failure>,
    },
    /// Answer to `Effect::LoadHistory`.
    History {
        /// Of the request.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// What happened, and how it went on.
        result: Result<CourseHistory, Failure>,
    },
    /// Answer to `Effect::LoadComparison`.
    Compared {
        /// Of the request.
        request: RequestId,
        /// The program with its partners; `None` when it is gone.
        result: Result<Option<Box<Compared>>, Failure>,
    },
    /// Answer to `Effect::LoadPreferences`.
    Preferences {
        /// Of the request.
        request: RequestId,
        /// What the student needs.
        result: Result<Preferences, Failure>,
    },
    /// Answer to `Effect::SavePreferences`.
    PreferencesSaved {
        /// Of the request.
        request: RequestId,
        /// Whether it is kept: not before the student's first enrollment.
        result: Result<bool, Failure>,
    },
    /// Answer to `Effect::Enroll`.
    Enrolled {
        /// Of the request.
        request: RequestId,
        /// The new enrollment as the dashboard shows it.
        result: Result<Box<CourseView>, Failure>,
    },
    /// Answer to `Effect::JoinWaitlist`.
    Joined {
        /// Of the request.
        request: RequestId,
        /// The place in the queue.
        result: Result<Box<WaitlistView>, Failure>,
    },
    /// Answer to `Effect::AcceptOffer`.
    Accepted {
        /// Of the request.
        request: RequestId,
        /// The enrollment it became.
        result: Result<Box<CourseView>, Failure>,
    },
    /// Answer to `Effect::LeaveWaitlist`.
    LeftWaitlist {
        /// Of the request.
        request: RequestId,
        /// Done, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::Cancel`.
    Cancelled {
        /// Of the request.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
        /// Done, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::Pay`.
    Paying {
        /// Of the request.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
        /// The course as it waits now.
        result: Result<Box<CourseView>, Failure>,
    },
    /// Answer to `Effect::OpenPage`.
    PageOpened {
        /// Of the request.
        request: RequestId,
        /// What is paid for.
        enrollment: EnrollmentId,
        /// Whether there was a browser.
        opened: bool,
    },
    /// Answer to `Effect::OpenCertificate`.
    CertificateOpened {
        /// The page.
        url: WebUrl,
        /// Whether there was a browser.
        opened: bool,
    },
    /// Answer to `Effect::LoadSwitch`.
    SwitchQuoted {
        /// Of the request.
        request: RequestId,
        /// What would change.
        result: Result<Box<SwitchOffer>, Failure>,
    },
    /// Answer to `Effect::Switch`.
    Switched {
        /// Of the request.
        request: RequestId,
        /// Which was to be switched.
        enrollment: EnrollmentId,
        /// The enrollment that replaces it, or is to.
        result: Result<Box<CourseView>, Failure>,
    },
    /// Answer to `Effect::Launch`.
    Launched {
        /// Of the request.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
        /// What came of it.
        result: Result<LaunchOutcome, Failure>,
    },
    /// How far `Effect::Sync` is.
    SyncProgress {
        /// Of the request.
        request: RequestId,
        /// How many courses were asked about.
        done: usize,
        /// Of how many.
        total: usize,
    },
    /// Answer to `Effect::Sync`.
    Synced {
        /// Of the request.
        request: RequestId,
        /// What came of it.
        result: Result<SyncSummary, Failure>,
    },
    /// Answer to `Effect::Retry`.
    Retried {
        /// Of the request.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
        /// Asked for, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::Watch`.
    Watched {
        /// Of the request.
        request: RequestId,
        /// Of which course.
        enrollment: EnrollmentId,
        /// Whether they had not asked before; or why not.
        result: Result<bool, Failure>,
    },
    /// Answer to `Effect::SaveDates`.
    DatesSaved {
        /// Of the request.
        request: RequestId,
        /// Where the file is, as a person reads it.
        result: Result<String, Failure>,
    },
    /// Answer to `Effect::OpenLesson`.
    LessonOpened {
        /// Of the request.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// The lesson, within its course.
        result: Result<Box<OpenedLesson>, Failure>,
    },
    /// Answer to `Effect::KeepPlace`.
    PlaceKept {
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// In which lesson.
        lesson: LessonKey,
        /// Written down, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::FinishLesson` and `Effect::AnswerQuestion`.
    Learned {
        /// Of the request.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// What came of the step.
        result: Result<Box<Learned>, Failure>,
    },
    /// Answer to `Effect::OpenLessonLink`.
    LessonLinkOpened {
        /// Where it leads.
        url: WebUrl,
        /// Whether there was a browser.
        opened: bool,
    },
    /// Answer to `Effect::SaveCertificate`.
    CertificateSaved {
        /// Of the request.
        request: RequestId,
        /// Where the files are, as a person reads it.
        result: Result<String, Failure>,
    },
    /// Answer to `Effect::LoadReviews`.
    Reviews {
        /// Of the request.
        request: RequestId,
        /// The next page.
        result: Result<ReviewPage, Failure>,
    },
    /// Answer to `Effect::LoadOwnReview`.
    OwnReview {
        /// Of the request.
        request: RequestId,
        /// What stands, if anything.
        result: Result<Option<Review>, Failure>,
    },
    /// Answer to `Effect::ChangeReview`.
    ReviewChanged {
        /// Of the request.
        request: RequestId,
        /// Of which course.
        enrollment: EnrollmentId,
        /// Done, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::SendProof`.
    ProofSent {
        /// Of the request.
        request: RequestId,
        /// Of which course.
        enrollment: EnrollmentId,
        /// Sent, or why not.
        result: Result<(), Failure>,
    },
    /// Answer to `Effect::SaveProfile`.
    ProfileSaved {
        /// Of the request.
        request: RequestId,
        /// Who sits here.
        result: Result<Student, Failure>,
    },
    /// Answer to `Effect::FindStudents`.
    Students {
        /// Of the request.
        request: RequestId,
        /// Those that match, best first.
        result: Result<Vec<Student>, Failure>,
    },
    /// Answer to `Effect::ActFor`.
    ActingFor {
        /// Of the request.
        request: RequestId,
        /// For whom.
        result: Result<Student, Failure>,
    },
    /// The terminal has told which background it has. It is only asked where the theme is `auto`.
    Background(Background),
    /// The worker has finished something: what is on screen may be old.
    WorkDone,
    /// Something to be said that answers no request.
    Notice(Notice),
}

/// What a switch would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchOffer {
    /// What changes.
    pub quote: SwitchQuote,
    /// Why it can't be done, if it can't.
    pub refusal: Option<Failure>,
}

/// What the terminal's own background is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Light text on it.
    Dark,
    /// Dark text on it.
    Light,
}

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It worked.
    Good,
    /// For your information.
    Info,
    /// Needs you soon.
    Warn,
    /// Did not work.
    Bad,
}

/// Something to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How grave.
    pub level: Level,
    /// What happened and what to do next.
    pub text: String,
}

/// What came of opening a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaunchOutcome {
    /// The browser was started with this link.
    Opened(LaunchUrl),
    /// There is no browser here: hand the link over on screen.
    Show(LaunchUrl),
    /// The partner is still preparing the place; ask again after the next `WorkDone`.
    Wait,
}

/// What came of asking the partners.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SyncSummary {
    /// How many enrollments were asked about.
    pub checked: usize,
    /// How many open payments are looked at.
    pub payments: usize,
    /// Which could not be read: the program's title and why.
    pub failed: Vec<(Text, String)>,
    /// The partners that did not answer any more, and about how many enrollments they were not asked.
    pub left: Vec<(Text, usize)>,
}

/// Who sits at this terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Not known yet; asked at the first enrollment.
    Nobody,
    /// A student.
    Student(Student),
    /// An advisor, and the student they act for.
    Advisor {
        /// The advisor.
        advisor: Advisor,
        /// For whom, once picked.
        student: Option<Student>,
    },
}
