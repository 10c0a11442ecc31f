//! The parts of the model: screens, boxes over them, what is read and what is under way.

use super::away::AwayBox;
use super::compare::CompareScreen;
use super::courses::DashId;
use super::filter::FilterBox;
use super::finish::FinishBox;
use super::fits::FitsBox;
use super::player::{LinkBox, Places, Player};
use super::reports::StatementScreen;
use super::review::{Draft, ReviewBox};
use super::reviews::Reviews;
use super::switch::SwitchScreen;
use crate::domain::decide::Choice;
use crate::domain::failure::Failure;
use crate::domain::ids::{CourseId, EnrollmentId, PaymentId, ProgramId, WaitlistId};
use crate::domain::listing::{Filters, Sort};
use crate::domain::person::Student;
use crate::domain::time::Instant;
use crate::domain::views::CourseHistory;
use crate::domain::web::LaunchUrl;
use crate::ui::effect::RequestId;
use crate::ui::field::Field;
use crate::ui::msg::{Msg, Notice};
use crate::ui::palette::Palette;
use chrono::NaiveDate;
use std::collections::VecDeque;

/// A list that is read from outside.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Loaded<T> {
    /// What was read last; `None` before the first answer.
    pub items: Option<Vec<T>>,
    /// The request that is under way.
    pub request: Option<RequestId>,
    /// Why the last read failed.
    pub failure: Option<Failure>,
    /// When it is read again by itself.
    pub retry_at: Option<Instant>,
}

impl<T> Default for Loaded<T> {
    fn default() -> Self {
        Self { items: None, request: None, failure: None, retry_at: None }
    }
}

impl<T> Loaded<T> {
    /// What is there.
    pub fn all(&self) -> &[T] {
        self.items.as_deref().unwrap_or_default()
    }
}

/// A screen of the stack.
#[derive(Clone, Debug)]
pub(in crate::ui) enum Screen {
    /// Tab 1.
    Programs,
    /// One program: choose a partner.
    Program {
        /// Which.
        id: ProgramId,
        /// The offer in focus, in the order of the screen.
        focus: usize,
        /// The first offer on screen.
        first: usize,
    },
    /// The dated starts of a program as a month.
    Dates {
        /// Of which program.
        program: ProgramId,
        /// Of one partner's course; `None` of all.
        course: Option<CourseId>,
        /// The day in focus; `None` until somebody moves: the next open start.
        day: Option<NaiveDate>,
        /// Which of the starts on that day.
        place: usize,
    },
    /// The partners of a program side by side.
    Compare(CompareScreen),
    /// Tab 2.
    Courses,
    /// One enrollment in detail.
    Course {
        /// Which.
        id: EnrollmentId,
        /// The first line on screen.
        scroll: usize,
        /// The request for its history.
        request: Option<RequestId>,
        /// Its history.
        history: Option<CourseHistory>,
    },
    /// What others say about a partner.
    Reviews(Box<Reviews>),
    /// What it is, and what it costs, before it is paid.
    Checkout {
        /// Of which program.
        program: ProgramId,
        /// With whom, and which start.
        choice: Choice,
        /// The seat that is kept for the student, where they come from one.
        seat: Option<WaitlistId>,
    },
    /// An enrollment waits for its payment.
    Pay {
        /// Which.
        id: EnrollmentId,
    },
    /// To another partner: what changes, then one decision.
    Switch(Box<SwitchScreen>),
    /// A course taught here: its lessons, quizzes and certificate.
    Player(Box<Player>),
    /// Tab 3, at an advisor's desk.
    Reports,
    /// The statement of a partner.
    Statement(Box<StatementScreen>),
}

/// What lies over the screen.
#[derive(Clone, Debug)]
pub(in crate::ui) enum Overlay {
    /// All keys.
    Help {
        /// The first line on screen.
        scroll: usize,
        /// What is searched for.
        field: Field,
        /// The field has the keys.
        typing: bool,
    },
    /// Everything that was said.
    Messages {
        /// The first line on screen.
        scroll: usize,
    },
    /// Really give it up?
    Confirm {
        /// What.
        what: DashId,
    },
    /// The start is full: wait for a seat?
    Join {
        /// Which.
        wish: Wish,
    },
    /// Who are you?
    Email {
        /// What was typed.
        field: Field,
        /// Why it was not taken.
        error: Option<String>,
    },
    /// What narrows and orders the programs.
    Filter(FilterBox),
    /// What does the student need?
    Fits(FitsBox),
    /// A review of one's own.
    Review(Box<ReviewBox>),
    /// "I have finished."
    Finish(Box<FinishBox>),
    /// Really withdraw it?
    Withdraw,
    /// Why does an advisor switch what the partner says nothing about?
    Reason {
        /// What was typed.
        field: Field,
        /// Why it was not taken.
        error: Option<String>,
    },
    /// The partner did not open a course: what now?
    Away(Box<AwayBox>),
    /// Whom do you act for?
    Picker(Picker),
    /// The links and images of a lesson.
    Links(LinkBox),
    /// All actions.
    Palette(Palette),
    /// A link to take along.
    Link {
        /// Of which enrollment.
        enrollment: EnrollmentId,
        /// The link.
        url: LaunchUrl,
        /// It was put on the clipboard.
        copied: bool,
    },
}

/// The student switcher.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Picker {
    /// What was typed.
    pub field: Field,
    /// Who matches.
    pub found: Option<Vec<Student>>,
    /// The search under way.
    pub request: Option<RequestId>,
    /// The chosen row.
    pub selected: usize,
    /// Why it did not work.
    pub error: Option<String>,
}

/// The state of tab 1.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct ProgramList {
    /// What is searched for.
    pub search: Field,
    /// The field has the keys.
    pub typing: bool,
    /// What narrows the list.
    pub filters: Filters,
    /// Its order.
    pub sort: Sort,
    /// What matches: places in `programs`; `None` shows all of them.
    pub found: Option<Vec<u32>>,
    /// The search under way.
    pub finding: Option<RequestId>,
    /// What stays in focus when it answers, if it is found.
    pub keep: Option<ProgramId>,
    /// Keys and what was pasted after them: meant for what it finds.
    pub held: VecDeque<Msg>,
    /// The chosen row of `found`.
    pub selected: usize,
    /// The first row on screen.
    pub first: usize,
}

/// The state of tab 2.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Dash {
    /// The card in focus.
    pub selected: Option<DashId>,
    /// Cancelled ones are shown too.
    pub cancelled: bool,
    /// The first item on screen.
    pub first: usize,
}

/// What was said.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Messages {
    /// All of it, oldest first.
    pub all: Vec<(Instant, Notice)>,
    /// The newest still stands above the footer.
    pub shown: bool,
    /// Why the last key did nothing; stands until the next key, and is not kept.
    pub hint: Option<Notice>,
}

/// A request about one enrollment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Doing {
    /// The request.
    pub request: RequestId,
    /// About which.
    pub enrollment: EnrollmentId,
}

/// An enrollment somebody wants, while something else is asked first.
pub(in crate::ui) type Wish = (ProgramId, Choice);

/// A wish that waits until we know who it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Asked {
    /// What.
    pub wish: Wish,
    /// To join the waitlist, not to enroll.
    pub joins: bool,
}

/// A review under way: its box may be closed before the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Reviewing {
    /// The request.
    pub request: RequestId,
    /// It is being withdrawn.
    pub withdraws: bool,
}

/// What is under way outside.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Work {
    /// The enrollment being made, and the name of its partner.
    pub enrolling: Option<(RequestId, Wish, Option<String>)>,
    /// The course being opened.
    pub launching: Option<Doing>,
    /// The course that opens as soon as its place is prepared.
    pub waiting: Option<EnrollmentId>,
    /// The course being cancelled.
    pub cancelling: Option<Doing>,
    /// The course being tried again.
    pub retrying: Option<Doing>,
    /// The course another payment page is asked for.
    pub paying: Option<Doing>,
    /// The course whose payment page is being opened in the browser.
    pub paging: Option<Doing>,
    /// The payments whose page was opened already: that happens once by itself.
    pub paged: Vec<PaymentId>,
    /// Whether there was a browser for the last of them.
    pub browser: Option<bool>,
    /// The address of the payment page was put on the clipboard.
    pub page_copied: bool,
    /// The course that is being switched.
    pub switching: Option<Doing>,
    /// The program whose payment is found elsewhere: its page is shown as soon as it is read.
    pub look_for: Option<ProgramId>,
    /// The partners are being asked; whether a person asked for it.
    pub syncing: Option<(RequestId, bool)>,
    /// How many of them have answered, of how many, once that is known.
    pub synced_of: Option<(usize, usize)>,
    /// When they were asked last.
    pub synced_at: Option<Instant>,
    /// The course whose student wants to be told when its partner is back.
    pub watching: Option<Doing>,
    /// The calendar file being written.
    pub dating: Option<RequestId>,
    /// The places in lessons that are not written down yet.
    pub places: Places,
    /// The certificate being written into files.
    pub filing: Option<RequestId>,
    /// The profile being saved.
    pub saving: Option<RequestId>,
    /// The student being picked.
    pub acting: Option<RequestId>,
    /// The waitlist being joined.
    pub joining: Option<RequestId>,
    /// The waitlist entry being accepted, declined or left.
    pub answering: Option<(RequestId, WaitlistId)>,
    /// What goes on once we know who it is for.
    pub wish: Option<Asked>,
    /// The enrollment that can be undone with one key.
    pub undo: Option<EnrollmentId>,
    /// The review being saved or withdrawn.
    pub reviewing: Option<Reviewing>,
    /// Reviews that were not saved, one of a course.
    pub drafts: Vec<Draft>,
    /// The report that a course is finished, being sent.
    pub finishing: Option<RequestId>,
    /// Such a report that was not sent.
    pub finish_draft: Option<Box<FinishBox>>,
    /// The last link that was given.
    pub link: Option<(EnrollmentId, LaunchUrl)>,
}
