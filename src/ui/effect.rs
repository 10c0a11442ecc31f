//! What the app asks the outside to do. Plain values, so that a test can compare them.

use crate::domain::decide::Choice;
use crate::domain::fits::Preferences;
use crate::domain::ids::{EnrollmentId, ProgramId, WaitlistId};
use crate::domain::lesson::LessonKey;
use crate::domain::listing::{ListCursor, Query};
use crate::domain::person::{Email, Student};
use crate::domain::quiz::{Answer, QuestionId};
use crate::domain::report::{Period, ReportKind, ReportQuery};
use crate::domain::review::{Rating, ReviewCursor, ReviewQuery};
use crate::domain::text::Text;
use crate::domain::web::{LaunchUrl, WebUrl};
use chrono::{FixedOffset, NaiveDate};

/// Tells replies apart: a reply to an older request than the last is stale.
pub type RequestId = u64;

/// Something to be done outside; the answer comes back as a [`crate::ui::Msg`].
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read a page of the programs. Answer: `Msg::Programs`.
    LoadPrograms {
        /// Comes back with the answer; the same for all pages of one list.
        request: RequestId,
        /// Where the page before ended; `None` for the first.
        after: Option<ListCursor>,
        /// The list on screen meanwhile, which can still be searched.
        shown: RequestId,
    },
    /// Read some programs with all a screen needs. Answer: `Msg::Details`.
    LoadDetails {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        programs: Vec<ProgramId>,
    },
    /// Find in the list of programs. Answer: `Msg::Found`.
    Find {
        /// Comes back with the answer.
        request: RequestId,
        /// The request the list came by.
        list: RequestId,
        /// What is wanted.
        query: Query,
    },
    /// Read the courses of the student. Answer: `Msg::Courses`.
    LoadCourses {
        /// Comes back with the answer.
        request: RequestId,
    },
    /// Read the history of an enrollment. Answer: `Msg::History`.
    LoadHistory {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
    },
    /// Read the partners of a program side by side. Answer: `Msg::Compared`.
    LoadComparison {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which program.
        program: ProgramId,
    },
    /// Read what the student needs. Answer: `Msg::Preferences`.
    LoadPreferences {
        /// Comes back with the answer.
        request: RequestId,
    },
    /// Keep what the student needs. Answer: `Msg::PreferencesSaved`.
    SavePreferences {
        /// Comes back with the answer.
        request: RequestId,
        /// What they need.
        preferences: Preferences,
    },
    /// Enroll the student. Answer: `Msg::Enrolled`.
    Enroll {
        /// Comes back with the answer.
        request: RequestId,
        /// In what.
        program: ProgramId,
        /// With whom.
        choice: Choice,
    },
    /// Join the waitlist of a full start. Answer: `Msg::Joined`.
    JoinWaitlist {
        /// Comes back with the answer.
        request: RequestId,
        /// In what.
        program: ProgramId,
        /// Which start.
        choice: Choice,
    },
    /// Take the seat that is kept for the student. Answer: `Msg::Accepted`.
    AcceptOffer {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        entry: WaitlistId,
    },
    /// Leave a waitlist, or decline what is offered. Answer: `Msg::LeftWaitlist`.
    LeaveWaitlist {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        entry: WaitlistId,
    },
    /// Cancel an enrollment. Answer: `Msg::Cancelled`.
    Cancel {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
    },
    /// Pay for what waits for payment: the page that is open, or another one. Answer: `Msg::Paying`.
    Pay {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
    },
    /// Open a payment page in the browser. Answer: `Msg::PageOpened`.
    OpenPage {
        /// Comes back with the answer.
        request: RequestId,
        /// What is paid for.
        enrollment: EnrollmentId,
        /// The page.
        url: WebUrl,
    },
    /// Open the page of a certificate in the browser. Answer: `Msg::CertificateOpened`.
    OpenCertificate(WebUrl),
    /// Ask what a switch to another partner would change. Answer: `Msg::SwitchQuoted`.
    LoadSwitch {
        /// Comes back with the answer.
        request: RequestId,
        /// Which enrollment.
        enrollment: EnrollmentId,
        /// To what.
        choice: Choice,
    },
    /// Switch to another partner. Answer: `Msg::Switched`.
    Switch {
        /// Comes back with the answer.
        request: RequestId,
        /// Which enrollment.
        enrollment: EnrollmentId,
        /// To what.
        choice: Choice,
        /// Why an advisor decides it although the partner does not say whether it was begun.
        overrule: Option<Text>,
    },
    /// Open a course: get the link, note the launch, start the browser. Answer: `Msg::Launched`.
    Launch {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
    },
    /// Ask the partners about all live enrollments of the student. Answer: `Msg::Synced`.
    Sync {
        /// Comes back with the answer.
        request: RequestId,
    },
    /// Try again what was given up. Answer: `Msg::Retried`.
    Retry {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
    },
    /// Tell the student by mail when the partner of a course is back. Answer: `Msg::Watched`.
    Watch {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which course.
        enrollment: EnrollmentId,
    },
    /// Write the dates of a course into a calendar file. Answer: `Msg::DatesSaved`.
    SaveDates {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
    },
    /// Open a lesson of a course taught here; `None`: the one where the student goes on. Answer:
    /// `Msg::LessonOpened`.
    OpenLesson {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// Which.
        lesson: Option<LessonKey>,
    },
    /// Write down where in a lesson the student is. Answer: `Msg::PlaceKept`.
    KeepPlace {
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// In which lesson.
        lesson: LessonKey,
        /// The byte of its text with which the screen begins.
        place: usize,
    },
    /// A lesson is read to its end. Answer: `Msg::Learned`.
    FinishLesson {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// Which.
        lesson: LessonKey,
    },
    /// Answer a question of a lesson's quiz. Answer: `Msg::Learned`.
    AnswerQuestion {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// Of which lesson.
        lesson: LessonKey,
        /// At which attempt the student sees it.
        attempt: u32,
        /// In which version of the course.
        version: u32,
        /// Which question.
        question: QuestionId,
        /// What is answered.
        answer: Answer,
    },
    /// Open a link of a lesson in the browser. Answer: `Msg::LessonLinkOpened`.
    OpenLessonLink {
        /// Where it leads.
        url: WebUrl,
    },
    /// Write a certificate that was issued here into files. Answer: `Msg::CertificateSaved`.
    SaveCertificate {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which enrollment.
        enrollment: EnrollmentId,
    },
    /// Read a page of reviews. Answer: `Msg::Reviews`.
    LoadReviews {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        query: ReviewQuery,
        /// Where the page before ended; `None` for the first.
        after: Option<ReviewCursor>,
    },
    /// Read the student's own review of a course. Answer: `Msg::OwnReview`.
    LoadOwnReview {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which.
        enrollment: EnrollmentId,
    },
    /// Write, change or withdraw the review of a course. Answer: `Msg::ReviewChanged`.
    ChangeReview {
        /// Comes back with the answer.
        request: RequestId,
        /// Of which.
        enrollment: EnrollmentId,
        /// What.
        change: ReviewChange,
    },
    /// Read a report (advisors). Answer: `Msg::Report`.
    LoadReport {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        kind: ReportKind,
        /// About what.
        query: ReportQuery,
    },
    /// Read the statement of a partner (advisors). Answer: `Msg::Statement`.
    LoadStatement {
        /// Comes back with the answer.
        request: RequestId,
        /// Whose.
        partner: Text,
        /// Of when.
        period: Period,
    },
    /// Say that a course is finished whose partner reports nothing. Answer: `Msg::ProofSent`.
    SendProof {
        /// Comes back with the answer.
        request: RequestId,
        /// Which.
        enrollment: EnrollmentId,
        /// The day it was finished.
        finished_on: NaiveDate,
        /// What is added; may be empty.
        note: String,
        /// A link, or the path of a file; may be empty.
        proof: String,
        /// What the clock on the wall shows: it says which day is today.
        zone: FixedOffset,
    },
    /// Remember who sits at this terminal. Answer: `Msg::ProfileSaved`.
    SaveProfile {
        /// Comes back with the answer.
        request: RequestId,
        /// The address.
        email: Email,
        /// The name, if given.
        name: Option<Text>,
    },
    /// Look for students by name or address (advisors). Answer: `Msg::Students`.
    FindStudents {
        /// Comes back with the answer.
        request: RequestId,
        /// What was typed.
        text: String,
    },
    /// Act for a student from now on (advisors). Answer: `Msg::ActingFor`.
    ActFor {
        /// Comes back with the answer.
        request: RequestId,
        /// For whom.
        student: StudentPick,
    },
    /// Act for nobody any more (advisors). No answer: the app has already forgotten them.
    LeaveStudent,
    /// Copy a link to the clipboard (OSC 52). No answer.
    CopyLink(LaunchUrl),
    /// Copy a text to the clipboard (OSC 52). No answer.
    CopyText(String),
    /// Take the mouse, or leave it to the terminal. No answer.
    Mouse(bool),
    /// Give the terminal back to the shell until somebody comes back (ctrl-z). No answer.
    Suspend,
    /// End the app.
    Quit,
}

/// What is done to a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewChange {
    /// It is new.
    Post(Rating, String),
    /// It replaces the one that stands.
    Edit(Rating, String),
    /// It is taken back.
    Withdraw,
}

/// Whom an advisor picked.
#[derive(Clone, Debug, PartialEq)]
pub enum StudentPick {
    /// Somebody the database knows.
    Known(Student),
    /// Somebody new; created by the first enrollment.
    New(Email),
}
