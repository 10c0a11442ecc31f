//! What can have the keys, and which actions work there.

use super::Action;

/// What has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The list of programs.
    Programs,
    /// The search field over it.
    Search,
    /// One program.
    Program,
    /// The dates of a program.
    Dates,
    /// The partners of one program side by side.
    Compare,
    /// My courses.
    Courses,
    /// One course.
    Course,
    /// What others say about a partner.
    Reviews,
    /// The reports.
    Reports,
    /// The statement of a partner.
    Statement,
    /// A review of one's own.
    Review,
    /// "I have finished."
    Finish,
    /// Really withdraw it?
    Withdraw,
    /// Before something is paid.
    Checkout,
    /// An enrollment waits for its payment.
    Pay,
    /// To another partner.
    Switch,
    /// Why an advisor decides it all the same.
    Reason,
    /// The partner did not open a course: what now?
    Away,
    /// The help.
    Help,
    /// The search field of the help.
    HelpSearch,
    /// The messages.
    Messages,
    /// Really cancel?
    Confirm,
    /// The start is full: wait for a seat?
    Join,
    /// The e-mail field.
    Email,
    /// What narrows and orders the programs.
    Filter,
    /// What the student needs.
    Fits,
    /// The student switcher.
    Picker,
    /// A link to take along.
    Link,
    /// The text of a lesson.
    Lesson,
    /// The search field of a lesson.
    LessonSearch,
    /// The text of a lesson in which something is found.
    Found,
    /// The links of a lesson.
    Links,
    /// The lessons of a course.
    Outline,
    /// A question with options, or items to put in order.
    Quiz,
    /// A question that asks for words.
    Answer,
    /// What came of an answer, or of a quiz.
    Told,
    /// A course taught here is completed.
    Completed,
    /// All actions.
    Palette,
    /// The terminal is too small to show anything.
    TooSmall,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 39] = [
        Self::Programs,
        Self::Search,
        Self::Program,
        Self::Dates,
        Self::Compare,
        Self::Courses,
        Self::Course,
        Self::Reviews,
        Self::Reports,
        Self::Statement,
        Self::Review,
        Self::Finish,
        Self::Withdraw,
        Self::Checkout,
        Self::Pay,
        Self::Switch,
        Self::Reason,
        Self::Away,
        Self::Help,
        Self::HelpSearch,
        Self::Messages,
        Self::Confirm,
        Self::Join,
        Self::Email,
        Self::Filter,
        Self::Fits,
        Self::Picker,
        Self::Link,
        Self::Lesson,
        Self::LessonSearch,
        Self::Found,
        Self::Links,
        Self::Outline,
        Self::Quiz,
        Self::Answer,
        Self::Told,
        Self::Completed,
        Self::Palette,
        Self::TooSmall,
    ];

    /// Letters are text here.
    pub fn is_typing(self) -> bool {
        matches!(
            self,
            Self::Search
                | Self::HelpSearch
                | Self::Email
                | Self::Filter
                | Self::Fits
                | Self::Picker
                | Self::Palette
                | Self::Review
                | Self::Finish
                | Self::Reason
                | Self::LessonSearch
                | Self::Answer
        )
    }

    /// A part of the player of a course taught here.
    pub fn is_in_player(self) -> bool {
        matches!(
            self,
            Self::Lesson
                | Self::LessonSearch
                | Self::Found
                | Self::Outline
                | Self::Quiz
                | Self::Answer
                | Self::Told
                | Self::Completed
        )
    }

    /// Lies over a screen.
    pub fn is_overlay(self) -> bool {
        !matches!(
            self,
            Self::Programs
                | Self::Search
                | Self::Program
                | Self::Dates
                | Self::Compare
                | Self::Courses
                | Self::Course
                | Self::Reviews
                | Self::Checkout
                | Self::Pay
                | Self::Switch
                | Self::Reports
                | Self::Statement
                | Self::TooSmall
        ) && !self.is_in_player()
    }

    /// Where that is, in words.
    pub fn place(self) -> &'static str {
        match self {
            Self::Programs => "in the list of programs",
            Self::Search => "in the search",
            Self::Program => "on a program",
            Self::Dates => "where dates are shown",
            Self::Compare => "where partners are compared",
            Self::Courses => "on My courses",
            Self::Course => "on a course",
            Self::Reviews => "in the reviews",
            Self::Reports => "in the reports",
            Self::Statement => "in a statement",
            Self::Review => "where a review is written",
            Self::Finish => "where you say that you have finished",
            Self::Withdraw => "where you are asked whether to withdraw a review",
            Self::Checkout => "at the checkout",
            Self::Pay => "where a payment is awaited",
            Self::Switch => "where partners are switched",
            Self::Reason => "where a reason is written",
            Self::Away => "where a course does not open",
            Self::Help | Self::HelpSearch => "in the help",
            Self::Messages => "in the messages",
            Self::Confirm => "where you are asked whether to cancel",
            Self::Join => "where you are asked whether to wait",
            Self::Email => "in the e-mail field",
            Self::Filter => "where the programs are filtered",
            Self::Fits => "where you say what you need",
            Self::Picker => "where a student is picked",
            Self::Link => "where a link is shown",
            Self::Lesson => "in a lesson",
            Self::LessonSearch | Self::Found => "where a lesson is searched",
            Self::Links => "in the links of a lesson",
            Self::Outline => "in the list of lessons",
            Self::Quiz | Self::Answer | Self::Told => "in a quiz",
            Self::Completed => "where a course is completed",
            Self::Palette => "in the list of actions",
            Self::TooSmall => "in a small terminal",
        }
    }
}

/// Whether an action can ever work in a layer. What the configuration binds twice is judged by
/// this, and [`super::Here::state`] starts from it.
pub fn works_in(action: Action, layer: Layer) -> bool {
    use Layer::{
        Away, Compare, Completed, Confirm, Course, Courses, Dates, Email, Finish, Found, Help, HelpSearch,
        Join, Lesson, LessonSearch, Link, Outline, Palette, Program, Quiz,
    };
    use Layer::{
        Checkout, Messages, Pay, Programs, Reason, Reports, Review, Reviews, Search, Statement, Switch,
        TooSmall, Withdraw,
    };
    let screen = matches!(
        layer,
        Programs
            | Search
            | Program
            | Compare
            | Dates
            | Reviews
            | Courses
            | Course
            | Checkout
            | Pay
            | Switch
            | Reports
            | Statement
    );
    // The digits of a quiz are its options; where a lesson is read they lead to the tabs.
    let tabs = screen || matches!(layer, Lesson | Found | Outline | Completed);
    match action {
        Action::Quit | Action::Suspend => true,
        _ if layer == TooSmall => false,
        Action::Move
        | Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last => !matches!(
            layer,
            Confirm
                | Join
                | Email
                | Link
                | Review
                | Finish
                | Withdraw
                | Checkout
                | Pay
                | Reason
                | LessonSearch
                | Completed
        ),
        Action::Mark => layer == Quiz,
        Action::NextFind | Action::FindBefore => layer == Found,
        Action::NextLesson | Action::LessonBefore | Action::Links | Action::Quiz => layer == Lesson,
        Action::Lessons => matches!(layer, Lesson | Outline),
        Action::SaveCertificate => matches!(layer, Course | Completed),
        Action::NextStart | Action::StartBefore => layer == Dates,
        Action::OtherPartner => matches!(layer, Dates | Reviews),
        Action::Dates => matches!(layer, Program | Compare),
        Action::SaveDates => matches!(layer, Courses | Course),
        Action::Go => !matches!(layer, Help | Messages | Link | Reviews | Statement),
        Action::Back => screen || layer.is_in_player() || matches!(layer, Help | HelpSearch),
        Action::Close => layer.is_overlay(),
        Action::Search => matches!(layer, Programs | Help | Lesson | Found),
        Action::Filter => matches!(layer, Programs | Search),
        Action::Compare => matches!(layer, Programs | Program | Dates),
        Action::Fits => matches!(layer, Program | Compare),
        Action::Left | Action::Right => matches!(layer, Program | Compare | Dates | Switch | Reports),
        Action::NextReport | Action::ReportRows => layer == Reports,
        Action::Period => matches!(layer, Reports | Statement),
        Action::Undo | Action::PickStudent | Action::LeaveStudent => screen,
        Action::Programs | Action::Courses | Action::Reports => tabs,
        Action::Messages => screen || layer.is_in_player(),
        Action::Cancel => matches!(layer, Courses | Course | Pay),
        Action::TryAgain | Action::ShowLink | Action::Switch => matches!(layer, Courses | Course),
        Action::Details | Action::Cancelled => layer == Courses,
        Action::Reviews => matches!(layer, Program | Compare),
        Action::SortReviews => layer == Reviews,
        Action::Review | Action::Finish => matches!(layer, Courses | Course),
        Action::NextField => matches!(layer, Review | Finish),
        Action::WithdrawReview => layer == Review,
        Action::CopyLink => matches!(layer, Link | Pay),
        Action::CopyContact => layer == Away,
        Action::CopyCertificate => matches!(layer, Course | Completed),
        Action::OpenCertificate => layer == Course,
        Action::Refresh => screen && !matches!(layer, Program | Compare | Checkout),
        Action::Help => !matches!(layer, Help | HelpSearch),
        Action::Palette => layer != Palette,
        Action::Mouse => true,
    }
}

/// Why an action can't work in a layer, and where it could.
pub(super) fn elsewhere(action: Action, layer: Layer) -> &'static str {
    match action {
        _ if layer == Layer::TooSmall => "the terminal is too small",
        Action::Move
        | Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last
        | Action::Left
        | Action::Right => "there is nothing to choose",
        Action::Help | Action::Palette => "you see it",
        Action::Close => "no box is open",
        Action::CopyLink => "open a link first",
        Action::NextFind | Action::FindBefore => "search in a lesson first",
        Action::NextLesson | Action::LessonBefore | Action::Links | Action::Quiz | Action::Lessons
            if layer.is_in_player() =>
        {
            "go back to the lesson first"
        }
        Action::NextLesson | Action::LessonBefore | Action::Links | Action::Quiz | Action::Lessons => {
            "open a course taught here first"
        }
        Action::Mark => "open a quiz first",
        Action::CopyContact => "it is offered where a course does not open",
        Action::NextField => "open your review or your report first",
        Action::WithdrawReview => "open your review first",
        Action::Back => "there is none from here",
        _ if layer.is_overlay() => "close this box first",
        Action::Compare if layer == Layer::Compare => "you see it",
        Action::Search | Action::Filter => "go to the programs first",
        Action::NextStart | Action::StartBefore => "open the dates of a program first",
        Action::OtherPartner => "open the dates or the reviews of a program first",
        Action::SortReviews => "open the reviews of a program first",
        Action::Dates if layer == Layer::Dates => "you see them",
        Action::Compare | Action::Fits | Action::Dates | Action::Reviews => "open a program first",
        Action::Cancelled => "go to My courses first",
        Action::NextReport | Action::Period | Action::ReportRows => "go to the reports first",
        Action::CopyCertificate | Action::OpenCertificate | Action::SaveCertificate => {
            "open a completed course first"
        }
        Action::Details if layer == Layer::Course => "you see them",
        Action::TryAgain
        | Action::Cancel
        | Action::Switch
        | Action::ShowLink
        | Action::Details
        | Action::SaveDates
        | Action::Finish
        | Action::Review => "choose a course first",
        Action::Refresh if layer.is_in_player() => "there is nothing to refresh here",
        Action::Programs | Action::Courses | Action::Reports if layer.is_in_player() => {
            "go back to the lesson first"
        }
        Action::Refresh => "go back to the list first",
        _ => "not here",
    }
}
