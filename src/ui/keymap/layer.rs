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
    /// My courses.
    Courses,
    /// One course.
    Course,
    /// What others say about a partner.
    Reviews,
    /// A review of one's own.
    Review,
    /// Really withdraw it?
    Withdraw,
    /// The help.
    Help,
    /// The search field of the help.
    HelpSearch,
    /// The messages.
    Messages,
    /// Really cancel?
    Confirm,
    /// The e-mail field.
    Email,
    /// What narrows and orders the programs.
    Filter,
    /// The student switcher.
    Picker,
    /// A link to take along.
    Link,
    /// All actions.
    Palette,
    /// The terminal is too small to show anything.
    TooSmall,
}

impl Layer {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Programs,
        Self::Search,
        Self::Program,
        Self::Courses,
        Self::Course,
        Self::Reviews,
        Self::Review,
        Self::Withdraw,
        Self::Help,
        Self::HelpSearch,
        Self::Messages,
        Self::Confirm,
        Self::Email,
        Self::Filter,
        Self::Picker,
        Self::Link,
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
                | Self::Picker
                | Self::Palette
                | Self::Review
        )
    }

    /// Lies over a screen.
    pub fn is_overlay(self) -> bool {
        !matches!(
            self,
            Self::Programs
                | Self::Search
                | Self::Program
                | Self::Courses
                | Self::Course
                | Self::Reviews
                | Self::TooSmall
        )
    }

    /// Where that is, in words.
    pub fn place(self) -> &'static str {
        match self {
            Self::Programs => "in the list of programs",
            Self::Search => "in the search",
            Self::Program => "on a program",
            Self::Courses => "on My courses",
            Self::Course => "on a course",
            Self::Reviews => "in the reviews",
            Self::Review => "where a review is written",
            Self::Withdraw => "where you are asked whether to withdraw a review",
            Self::Help | Self::HelpSearch => "in the help",
            Self::Messages => "in the messages",
            Self::Confirm => "where you are asked whether to cancel",
            Self::Email => "in the e-mail field",
            Self::Filter => "where the programs are filtered",
            Self::Picker => "where a student is picked",
            Self::Link => "where a link is shown",
            Self::Palette => "in the list of actions",
            Self::TooSmall => "in a small terminal",
        }
    }
}

/// Whether an action can ever work in a layer. What the configuration binds twice is judged by
/// this, and [`super::Here::state`] starts from it.
pub fn works_in(action: Action, layer: Layer) -> bool {
    use Layer::{Confirm, Course, Courses, Email, Help, HelpSearch, Link, Palette, Program, Programs};
    use Layer::{Messages, Review, Reviews, Search, TooSmall, Withdraw};
    let screen = matches!(layer, Programs | Search | Program | Courses | Course | Reviews);
    match action {
        Action::Quit | Action::Suspend => true,
        _ if layer == TooSmall => false,
        Action::Move
        | Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last => !matches!(layer, Confirm | Email | Link | Review | Withdraw),
        Action::Go => !matches!(layer, Help | Messages | Link | Reviews),
        Action::Back => screen || matches!(layer, Help | HelpSearch),
        Action::Close => layer.is_overlay(),
        Action::Search => matches!(layer, Programs | Help),
        Action::Filter => matches!(layer, Programs | Search),
        Action::Undo
        | Action::PickStudent
        | Action::LeaveStudent
        | Action::Programs
        | Action::Courses
        | Action::Messages => screen,
        Action::TryAgain | Action::Cancel | Action::ShowLink => matches!(layer, Courses | Course),
        Action::Details | Action::Cancelled => layer == Courses,
        Action::Reviews => layer == Program,
        Action::SortReviews | Action::AllReviews => layer == Reviews,
        Action::Review => matches!(layer, Courses | Course),
        Action::NextField | Action::WithdrawReview => layer == Review,
        Action::CopyLink => layer == Link,
        Action::CopyCertificate => layer == Course,
        Action::Refresh => screen && layer != Program,
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
        | Action::Last => "there is nothing to choose",
        Action::Help | Action::Palette => "you see it",
        Action::Close => "no box is open",
        Action::CopyLink => "open a link first",
        Action::NextField | Action::WithdrawReview => "open your review first",
        Action::Back => "there is none from here",
        _ if layer.is_overlay() => "close this box first",
        Action::Search | Action::Filter => "go to the programs first",
        Action::Reviews => "open a program first",
        Action::SortReviews | Action::AllReviews => "open the reviews of a program first",
        Action::Cancelled => "go to My courses first",
        Action::CopyCertificate => "open a completed course first",
        Action::Details if layer == Layer::Course => "you see them",
        Action::TryAgain | Action::Cancel | Action::ShowLink | Action::Details | Action::Review => {
            "choose a course first"
        }
        Action::Refresh => "go back to the list first",
        _ => "not here",
    }
}
