//! The table: every action with its name, its keys and its words.

use super::Action;
use crate::ui::key::Key;
use crossterm::event::KeyCode::{Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up};

/// The headings of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Getting around.
    Around,
    /// Finding and choosing.
    Choose,
    /// Learning.
    Learn,
    /// At an advisor's desk.
    Desk,
    /// The app.
    App,
}

impl Group {
    /// In the order of the help.
    pub const ALL: [Self; 5] = [Self::Around, Self::Choose, Self::Learn, Self::Desk, Self::App];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Around => "Getting around",
            Self::Choose => "Finding and enrolling",
            Self::Learn => "Learning",
            Self::Desk => "At an advisor's desk",
            Self::App => "The app",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// What the configuration calls it; empty where it can't be bound.
    pub name: &'static str,
    /// The keys that do it when nobody says otherwise.
    pub keys: &'static [Key],
    /// The one of them that nobody can take away.
    pub fixed: Option<Key>,
    /// What the palette calls it.
    pub title: &'static str,
    /// Where the help lists it; `None`: another row speaks for it.
    pub group: Option<Group>,
    /// What the help says.
    pub help: &'static str,
}

impl Binding {
    const fn keeps(mut self, key: Key) -> Self {
        self.fixed = Some(key);
        self
    }

    /// Only at an advisor's desk.
    pub fn is_for_advisors(&self) -> bool {
        self.group == Some(Group::Desk)
    }
}

const fn row(
    (action, name): (Action, &'static str),
    keys: &'static [Key],
    title: &'static str,
    group: Option<Group>,
    help: &'static str,
) -> Binding {
    Binding { action, name, keys, fixed: None, title, group, help }
}

const fn c(c: char) -> Key {
    Key::char(c)
}

const ENTER: Key = Key::plain(Enter);
const ESC: Key = Key::plain(Esc);
const UP: Key = Key::plain(Up);
const DOWN: Key = Key::plain(Down);
const LEFT: Key = Key::plain(Left);
const RIGHT: Key = Key::plain(Right);
const F1: Key = Key::plain(F(1));
/// Ends the app everywhere, whatever the configuration says.
pub const ALWAYS_QUITS: Key = Key::ctrl('c');

/// The table, in the order of the footer: most useful first.
pub const BINDINGS: &[Binding] = &[
    row((Action::Move, ""), &[], "", Some(Group::Around), "choose or scroll"),
    row((Action::Up, "up"), &[UP, c('k')], "One up", None, "").keeps(UP),
    row((Action::Down, "down"), &[DOWN, c('j')], "One down", None, "").keeps(DOWN),
    // Before Enter and Esc: side by side, these keys only move.
    row(
        (Action::Left, "left"),
        &[LEFT, c('h')],
        "To the left",
        Some(Group::Around),
        "the partner or day beside; on a card, another start",
    ),
    row((Action::Right, "right"), &[RIGHT, c('l')], "To the right", None, ""),
    row(
        (Action::Go, "go"),
        &[ENTER, RIGHT, c('l')],
        "Go on",
        Some(Group::Around),
        "do what the marked row or card says",
    )
    .keeps(ENTER),
    row((Action::Back, "back"), &[ESC], "One step back", Some(Group::Around), "one step back").keeps(ESC),
    row((Action::Close, "close"), &[ESC, c('q')], "Close this box", Some(Group::Around), "close a box")
        .keeps(ESC),
    row(
        (Action::Mark, "mark"),
        &[c(' ')],
        "Mark an option, or move an item",
        Some(Group::Learn),
        "in a quiz: mark an option, or take an item to move it",
    ),
    row(
        (Action::NextFind, "next-find"),
        &[c('n')],
        "To the next find",
        Some(Group::Learn),
        "in a lesson: to the next find",
    ),
    row(
        (Action::FindBefore, "find-before"),
        &[c('N')],
        "To the find before",
        Some(Group::Learn),
        "in a lesson: to the find before",
    ),
    row(
        (Action::Lessons, "lessons"),
        &[c('o'), Key::plain(Tab)],
        "All lessons of the course",
        Some(Group::Learn),
        "all lessons of a course taught here",
    ),
    row(
        (Action::NextLesson, "next-lesson"),
        &[c('n')],
        "The next lesson",
        Some(Group::Learn),
        "the next lesson",
    ),
    row(
        (Action::LessonBefore, "lesson-before"),
        &[c('p')],
        "The lesson before",
        Some(Group::Learn),
        "the lesson before",
    ),
    row(
        (Action::Quiz, "quiz"),
        &[c('t')],
        "The quiz of this lesson",
        Some(Group::Learn),
        "the quiz of a lesson, or what came of it",
    ),
    row(
        (Action::Search, "search"),
        &[c('/')],
        "Search",
        Some(Group::Choose),
        "search programs by title, subject or partner; a lesson; or these keys",
    ),
    row(
        (Action::Links, "links"),
        &[c('f')],
        "Links and images of this lesson",
        Some(Group::Learn),
        "the links and images of a lesson",
    ),
    row(
        (Action::SaveCertificate, "save-certificate"),
        &[c('w')],
        "Save the certificate",
        Some(Group::Learn),
        "save a certificate issued here as files",
    ),
    row(
        (Action::Filter, "filter"),
        &[c('f')],
        "Filter and sort the programs",
        Some(Group::Choose),
        "filter and sort the programs",
    ),
    row((Action::Dates, "dates"), &[c('a')], "Dates", Some(Group::Choose), "all dates, month by month"),
    row(
        (Action::NextStart, "next-start"),
        &[c('n')],
        "To the next start",
        Some(Group::Choose),
        "to the next day with a start",
    ),
    row(
        (Action::StartBefore, "start-before"),
        &[c('N')],
        "To the start before",
        Some(Group::Choose),
        "to the start before",
    ),
    row(
        (Action::OtherPartner, "other-partner"),
        &[c('p')],
        "One partner, or all",
        Some(Group::Choose),
        "dates and reviews of one partner, or of all",
    ),
    row(
        (Action::Compare, "compare"),
        &[c('c')],
        "Compare the partners",
        Some(Group::Choose),
        "see the partners of a program side by side",
    ),
    row(
        (Action::Fits, "fits-you"),
        &[c('w')],
        "What fits you",
        Some(Group::Choose),
        "say what you need, see which partners fit",
    ),
    row(
        (Action::Undo, "undo"),
        &[c('u')],
        "Undo the enrollment",
        Some(Group::Choose),
        "undo the enrollment just made",
    ),
    row(
        (Action::TryAgain, "try-again"),
        &[c('t')],
        "Try again",
        Some(Group::Learn),
        "try again what could not be done",
    ),
    row((Action::CopyLink, "copy-link"), &[c('y')], "Copy this link", Some(Group::Learn), "copy a link"),
    row(
        (Action::CopyContact, "copy-contact"),
        &[c('y')],
        "Copy the support contact",
        Some(Group::Learn),
        "copy the contact of the partner's support",
    ),
    // Before the link: whoever looks at a certificate has finished the course.
    row(
        (Action::CopyCertificate, "copy-certificate"),
        &[c('y')],
        "Copy the certificate's link or code",
        Some(Group::Learn),
        "copy the link or the code of a certificate",
    ),
    row(
        (Action::ShowLink, "show-link"),
        &[c('y')],
        "Show the link given last",
        Some(Group::Learn),
        "show the link given last",
    ),
    row(
        (Action::OpenCertificate, "open-certificate"),
        &[c('o')],
        "Open the certificate",
        Some(Group::Learn),
        "open a certificate in the browser",
    ),
    row(
        (Action::Finish, "finished"),
        &[c('d')],
        "I have finished",
        Some(Group::Learn),
        "say that you finished, where the partner does not",
    ),
    row(
        (Action::Details, "details"),
        &[c('o')],
        "Details of a course",
        Some(Group::Learn),
        "everything about a course",
    ),
    row(
        (Action::SaveDates, "save-dates"),
        &[c('i')],
        "Add to my calendar",
        Some(Group::Learn),
        "save the dates of a course for your calendar",
    ),
    row(
        (Action::Reviews, "reviews"),
        &[c('v')],
        "Reviews of a partner",
        Some(Group::Choose),
        "what others say about a partner",
    ),
    row(
        (Action::SortReviews, "sort-reviews"),
        &[c('s')],
        "Sort the reviews",
        Some(Group::Choose),
        "sort the reviews: newest, lowest, highest",
    ),
    row(
        (Action::Review, "review"),
        &[c('v')],
        "Write or change your review",
        Some(Group::Learn),
        "write or change your review of a course",
    ),
    row(
        (Action::NextField, "next-field"),
        &[Key::plain(Tab)],
        "To the next field",
        Some(Group::Learn),
        "to the next field of a box",
    ),
    row(
        (Action::WithdrawReview, "withdraw-review"),
        &[Key::ctrl('d')],
        "Withdraw your review",
        Some(Group::Learn),
        "withdraw your review",
    ),
    row(
        (Action::Period, "period"),
        &[c('p')],
        "Another period",
        Some(Group::Desk),
        "this month, last month, this year, all time",
    ),
    row(
        (Action::ReportRows, "report-rows"),
        &[c('e')],
        "Per partner or per program",
        Some(Group::Desk),
        "one row per partner, or per program",
    ),
    row(
        (Action::PickStudent, "pick-student"),
        &[c('S')],
        "Pick a student",
        Some(Group::Desk),
        "pick the student you act for",
    ),
    row(
        (Action::LeaveStudent, "leave-student"),
        &[c('L')],
        "Leave the student",
        Some(Group::Desk),
        "leave the student and clear the screen",
    ),
    row((Action::Programs, "programs"), &[c('1')], "Programs", Some(Group::Around), "programs"),
    row((Action::Courses, "courses"), &[c('2')], "My courses", Some(Group::Around), "my courses"),
    row(
        (Action::Reports, "reports"),
        &[c('3')],
        "Reports",
        Some(Group::Desk),
        "completion, revenue, performance",
    ),
    row(
        (Action::NextReport, "next-report"),
        &[Key::plain(Tab)],
        "The next report",
        Some(Group::Desk),
        "the next of the three reports",
    ),
    row(
        (Action::Refresh, "refresh"),
        &[c('r')],
        "Refresh, ask for progress",
        Some(Group::Learn),
        "refresh; on My courses, ask the partners for progress",
    ),
    row(
        (Action::Switch, "switch"),
        &[c('s')],
        "Switch to another partner",
        Some(Group::Learn),
        "switch a course to another partner before you start",
    ),
    row(
        (Action::Cancel, "cancel"),
        &[c('x')],
        "Cancel a course",
        Some(Group::Learn),
        "cancel a course you have not started",
    ),
    row(
        (Action::Cancelled, "cancelled"),
        &[c('h')],
        "Show or hide cancelled",
        Some(Group::Learn),
        "show or hide cancelled courses",
    ),
    // After `h` for cancelled courses, so that it has the key where both work.
    row((Action::Back, "back"), &[LEFT, c('h')], "", None, ""),
    row((Action::Messages, "messages"), &[c('m')], "Messages", Some(Group::App), "read the messages again"),
    row(
        (Action::PageUp, "page-up"),
        &[Key::plain(PageUp), c('[')],
        "A page up",
        Some(Group::Around),
        "a page, or a month, up or down",
    ),
    row((Action::PageDown, "page-down"), &[Key::plain(PageDown), c(']')], "A page down", None, ""),
    row(
        (Action::First, "first"),
        &[Key::plain(Home), c('g')],
        "To the first",
        Some(Group::Around),
        "to the first or the last",
    ),
    row((Action::Last, "last"), &[Key::plain(End), c('G')], "To the last", None, ""),
    row((Action::Help, "help"), &[c('?'), F1], "Help: all keys", Some(Group::App), "this help").keeps(F1),
    row((Action::Quit, "quit"), &[c('q'), ALWAYS_QUITS], "Quit", Some(Group::App), "quit")
        .keeps(ALWAYS_QUITS),
    row(
        (Action::Palette, "palette"),
        &[Key::ctrl('p'), c(':')],
        "All actions",
        Some(Group::App),
        "find any action by its name",
    ),
    row(
        (Action::Mouse, "mouse"),
        &[c('M')],
        "Mouse on or off",
        Some(Group::App),
        "leave the mouse to the terminal, or take it back",
    ),
    row(
        (Action::Suspend, "suspend"),
        &[Key::ctrl('z')],
        "Back to the shell for a while",
        Some(Group::App),
        "back to the shell for a while",
    ),
];

/// Every action a person can do, with the row that speaks for it.
pub fn actions() -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(|binding| !binding.title.is_empty())
}
