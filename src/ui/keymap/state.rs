//! What every action is at the moment: ready, off for a reason, or at home elsewhere.

use super::layer::elsewhere;
use super::{Action, Layer, works_in};
use crate::domain::enrollment::{Link, Status};
use crate::domain::report::By;
use crate::domain::views::{CourseView, Offer};
use crate::domain::waitlist::WaitlistStatus;
use crate::ui::app::{App, DashId, Overlay, Screen, Way};
use crate::ui::card::{Next, next};
use crate::ui::msg::Who;
use crate::ui::{layout, palette};
use std::cell::OnceCell;

/// What an action is where the app stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It works, and this is what the footer calls it.
    Ready(&'static str),
    /// It belongs here, but not now: why.
    Off(&'static str),
    /// It does not belong here: where it does. Its keys are silent.
    Elsewhere(&'static str),
}

impl State {
    /// What the footer calls it, where it works.
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::Ready(label) => Some(label),
            Self::Off(_) | Self::Elsewhere(_) => None,
        }
    }

    /// Why it does not work.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Ready(_) => None,
            Self::Off(reason) | Self::Elsewhere(reason) => Some(reason),
        }
    }

    pub(super) fn when(fits: bool, label: &'static str, reason: &'static str) -> Self {
        if fits { Self::Ready(label) } else { Self::Off(reason) }
    }
}

use State::{Elsewhere, Off, Ready};

pub(super) const BUSY: &str = "one moment, something is under way";
pub(super) const READING: &str = "the program is being read";
pub(super) const TAUGHT_HERE: &str = "it is taught here, without partners";
const CHOOSE: &str = "choose a course first";
const NOTHING_TO_MOVE: State = Elsewhere("there is nothing to choose");

/// The app as what has the keys sees it.
#[derive(Clone, Debug)]
pub struct Here<'a> {
    pub(super) app: &'a App,
    pub(super) overlays: &'a [Overlay],
    /// To measure what scrolls takes time, and is the same for all keys that move.
    motion: OnceCell<State>,
    /// What has the keys.
    pub layer: Layer,
}

/// What only an advisor ever has.
fn is_for_desk(action: Action) -> bool {
    matches!(
        action,
        Action::PickStudent
            | Action::LeaveStudent
            | Action::Reports
            | Action::NextReport
            | Action::Period
            | Action::ReportRows
    )
}

impl<'a> Here<'a> {
    fn of(app: &'a App, overlays: &'a [Overlay]) -> Self {
        Self { app, overlays, motion: OnceCell::new(), layer: app.layer_over(overlays) }
    }

    /// What lies on top.
    pub fn top(app: &'a App) -> Self {
        Self::of(app, &app.overlays)
    }

    /// What lies under the list of actions: that is where a chosen one is done.
    pub fn under_palette(app: &'a App) -> Self {
        let palette = app.overlays.iter().rposition(|overlay| matches!(overlay, Overlay::Palette(_)));
        Self::of(app, &app.overlays[..palette.unwrap_or(app.overlays.len())])
    }

    /// What an action is here; `None` where this person never has it.
    #[expect(clippy::too_many_lines, reason = "one arm for every action")]
    pub fn state(&self, action: Action) -> Option<State> {
        let (app, layer) = (self.app, self.layer);
        let desk = matches!(app.who, Who::Advisor { .. });
        if !desk && is_for_desk(action) {
            return None;
        }
        if !works_in(action, layer) {
            return Some(Elsewhere(elsewhere(action, layer)));
        }
        Some(match action {
            Action::Move
            | Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last => *self.motion.get_or_init(|| self.motion()),
            Action::Go => self.go(),
            Action::Back => self.back(),
            Action::Close => self.close(),
            Action::Quit => Ready("quit"),
            Action::Suspend => Ready("shell"),
            Action::Help => Ready("help"),
            Action::Palette => Ready("actions"),
            Action::Mouse => Ready(if app.mouse { "leave the mouse" } else { "take the mouse" }),
            Action::Messages => {
                State::when(!app.said.all.is_empty(), "messages", "nothing has been said yet")
            }
            Action::Programs if matches!(app.stack.as_slice(), [Screen::Programs]) => {
                Elsewhere("you are there")
            }
            Action::Programs => Ready(if matches!(layer, Layer::Program | Layer::Dates | Layer::Compare) {
                "back"
            } else {
                "programs"
            }),
            Action::Courses if matches!(app.stack.as_slice(), [Screen::Courses]) => {
                Elsewhere("you are there")
            }
            Action::Courses => Ready(if layer == Layer::Course { "back" } else { "my courses" }),
            Action::Reports | Action::NextReport | Action::Period | Action::ReportRows => {
                self.of_reports(action)
            }
            Action::Left | Action::Right if layer == Layer::Reports => Ready("report"),
            Action::Mark
            | Action::NextFind
            | Action::FindBefore
            | Action::Lessons
            | Action::NextLesson
            | Action::LessonBefore
            | Action::Links
            | Action::Quiz => self.learning(action),
            Action::Search if layer.is_in_player() => {
                let there = app.player().is_some_and(|player| player.opened.is_some());
                State::when(there, "search", "the lesson is being opened")
            }
            Action::Search => State::when(
                layer == Layer::Help || !app.programs.all().is_empty(),
                "search",
                "there are no programs to search",
            ),
            Action::Filter => {
                State::when(!app.programs.all().is_empty(), "filter", "there are no programs to filter")
            }
            Action::Compare
            | Action::Fits
            | Action::Left
            | Action::Right
            | Action::Dates
            | Action::NextStart
            | Action::StartBefore
            | Action::OtherPartner
            | Action::Reviews
            | Action::SortReviews
            | Action::NextField
            | Action::WithdrawReview => self.choosing(action),
            Action::Refresh => Ready("refresh"),
            Action::Undo | Action::PickStudent if app.is_acting() => Off(BUSY),
            Action::Undo => State::when(app.work.undo.is_some(), "undo", "nothing to undo"),
            Action::PickStudent => Ready("student"),
            Action::LeaveStudent => {
                State::when(app.student().is_some(), "leave student", "no student is picked")
            }
            Action::ShowLink => {
                State::when(app.given_link().is_some(), "show link", "no link yet: open a course first")
            }
            Action::CopyContact => {
                State::when(app.away_contact().is_some(), "copy contact", "this partner names no contact")
            }
            Action::CopyLink if layer == Layer::Pay => {
                State::when(app.page_on_screen().is_some(), "copy link", "the page is being opened")
            }
            Action::CopyLink => Ready("copy link"),
            Action::Cancelled => {
                let any = app.courses.all().iter().any(|c| c.enrollment.status == Status::Cancelled);
                let words = if app.dash.cancelled { "hide cancelled" } else { "show cancelled" };
                State::when(any, words, "no course is cancelled")
            }
            Action::Cancel if app.focused_place().is_some() => self.of_place(),
            Action::Details
            | Action::SaveDates
            | Action::Review
            | Action::Finish
            | Action::Cancel
            | Action::Switch
            | Action::TryAgain
            | Action::CopyCertificate
            | Action::SaveCertificate
            | Action::OpenCertificate => match app.focused_course() {
                Some(course) => self.of_course(action, course),
                None if app.focused_place().is_some() => {
                    Off("this is a place on a waitlist, not a course yet")
                }
                None => Off(CHOOSE),
            },
        })
    }

    fn of_reports(&self, action: Action) -> State {
        match action {
            Action::NextReport => Ready("next report"),
            Action::Period => Ready("period"),
            Action::ReportRows => Ready(match self.app.reports.by {
                By::Partner => "per program",
                By::Program => "per partner",
            }),
            _ if matches!(self.app.stack.as_slice(), [Screen::Reports]) => Elsewhere("you are there"),
            _ => Ready(if self.layer == Layer::Statement { "back" } else { "reports" }),
        }
    }

    fn of_place(&self) -> State {
        match self.app.focused_place() {
            Some(_) if self.app.is_acting() => Off(BUSY),
            Some(entry) if entry.is_offer(self.app.now) => Ready("decline"),
            Some(entry) if entry.status == WaitlistStatus::Waiting => Ready("leave the waitlist"),
            _ => Off("there is nothing to leave any more"),
        }
    }

    fn of_course(&self, action: Action, course: &CourseView) -> State {
        let live = course.enrollment.status.is_live();
        let busy = self.app.is_acting();
        match action {
            Action::Details => Ready("details"),
            Action::SaveDates if course.cohort.is_none() => Elsewhere("this course has no dates"),
            Action::SaveDates if matches!(self.app.who, Who::Advisor { .. }) => {
                Off("at an advisor's desk nothing is saved")
            }
            Action::SaveDates if self.app.work.dating.is_some() => Off(BUSY),
            Action::SaveDates => Ready("add to my calendar"),
            Action::Review => self.app.why_no_review(course).map_or(Ready("review"), Off),
            Action::Finish if self.app.work.finishing.is_some() => Off(BUSY),
            Action::Finish => self.app.why_not_finished(course).map_or(Ready("I have finished"), Off),
            Action::SaveCertificate if course.issued().is_none() => {
                Elsewhere("no certificate was issued here")
            }
            Action::SaveCertificate if matches!(self.app.who, Who::Advisor { .. }) => {
                Off("at an advisor's desk nothing is saved")
            }
            Action::SaveCertificate if self.app.work.filing.is_some() => Off(BUSY),
            Action::SaveCertificate => Ready("save the certificate"),
            Action::CopyCertificate if course.issued().is_some() => Ready("copy the code"),
            Action::CopyCertificate | Action::OpenCertificate => match &course.certificate {
                Some(certificate) => State::when(
                    certificate.page().is_some(),
                    if action == Action::OpenCertificate {
                        "open certificate"
                    } else {
                        "copy certificate link"
                    },
                    "this certificate has no link",
                ),
                None => Elsewhere("there is no certificate yet"),
            },
            Action::Cancel if live && busy => Off(BUSY),
            Action::Switch if busy => Off(BUSY),
            Action::Switch => self.app.why_no_switch(course).map_or(Ready("switch partner"), Off),
            Action::Cancel => match course.enrollment.status {
                Status::Completed => Off("this course is completed"),
                Status::Cancelled => Off("this course is cancelled already"),
                Status::Pending if course.enrollment.replaces_id.is_some() => Ready("end the switch"),
                Status::Pending if course.money.parked().is_some() => Off("an advisor looks at your payment"),
                Status::Pending => Ready("give the place back"),
                Status::Active
                    if course.provider().is_none() && course.enrollment.progress.percent.get() > 0 =>
                {
                    Off("you have started it")
                }
                Status::Active => Ready("cancel"),
            },
            _ => {
                let failed = live && course.enrollment.link == Link::Failed;
                let undone = course.undone().is_some() || course.unreturned().is_some();
                match failed || undone {
                    true if busy => Off(BUSY),
                    any => State::when(any, "try again", "nothing has failed here"),
                }
            }
        }
    }

    /// What the keys that move do here.
    fn motion(&self) -> State {
        let app = self.app;
        let (many, label) = match self.layer {
            Layer::Programs | Layer::Search => (app.hits() > 1, "move"),
            Layer::Courses => (app.dash_items().len() > 1, "choose"),
            Layer::Program => match app.screen() {
                Screen::Program { id, .. } => {
                    (app.program(*id).is_some_and(|view| view.offers.len() > 1), "choose")
                }
                _ => (false, ""),
            },
            Layer::Switch => {
                (app.switch_screen().is_some_and(|screen| app.switch_offers(screen).len() > 1), "choose")
            }
            Layer::Reports => {
                (app.reports.rows.as_ref().is_some_and(|rows| rows.subjects().len() > 1), "choose")
            }
            Layer::Dates => (app.dates().is_some_and(|dates| !dates.starts.is_empty()), "move"),
            Layer::Compare => (layout::comparison_scrolls(app), "scroll"),
            Layer::Lesson
            | Layer::LessonSearch
            | Layer::Found
            | Layer::Links
            | Layer::Outline
            | Layer::Quiz
            | Layer::Answer
            | Layer::Told
            | Layer::Completed => self.motion_in_player(),
            Layer::Fits => (true, "choose"),
            Layer::Filter => match self.overlays.last() {
                Some(Overlay::Filter(filter)) => (filter.wishes().len() > 1, "choose"),
                _ => (false, ""),
            },
            Layer::Away => (app.away().is_some_and(|away| away.ways().len() > 1), "choose"),
            Layer::Picker => match self.overlays.last() {
                Some(Overlay::Picker(picker)) => (picker.rows() > 1, "choose"),
                _ => (false, ""),
            },
            Layer::Palette => (palette::entries(app).len() > 1, "choose"),
            Layer::Help
            | Layer::HelpSearch
            | Layer::Messages
            | Layer::Course
            | Layer::Reviews
            | Layer::Statement => {
                let room = layout::scroll_room(app, self.overlays, layout::areas(app).body);
                (room > 0, "scroll")
            }
            Layer::Confirm
            | Layer::Join
            | Layer::Email
            | Layer::Link
            | Layer::Review
            | Layer::Finish
            | Layer::Withdraw
            | Layer::Checkout
            | Layer::Pay
            | Layer::Reason
            | Layer::TooSmall => (false, ""),
        };
        if many { Ready(label) } else { NOTHING_TO_MOVE }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for every layer")]
    fn go(&self) -> State {
        let app = self.app;
        let acting = app.is_acting();
        match self.layer {
            Layer::Programs | Layer::Search => match app.chosen_entry() {
                Some(_) => Ready("open"),
                None => Elsewhere("choose a program first"),
            },
            Layer::HelpSearch | Layer::Fits => Ready("done"),
            Layer::Palette => match palette::chosen(app) {
                Some(entry) if entry.state.label().is_some() => Ready("do it"),
                Some(_) if palette::has_said(app) => Elsewhere("it can't be done now"),
                Some(_) => Ready("why not"),
                None => Elsewhere("nothing matches"),
            },
            Layer::Filter => match self.overlays.last() {
                Some(Overlay::Filter(filter)) => match filter.chosen() {
                    Some(wish) => app.granting(wish).map_or(Elsewhere("it is so already"), Ready),
                    None => Elsewhere("nothing matches"),
                },
                _ => Elsewhere("nothing matches"),
            },
            Layer::Lesson
            | Layer::LessonSearch
            | Layer::Found
            | Layer::Links
            | Layer::Outline
            | Layer::Quiz
            | Layer::Answer
            | Layer::Told
            | Layer::Completed => self.go_on_learning(),
            Layer::Review => match self.overlays.last() {
                Some(Overlay::Review(review)) if review.is_busy() => Elsewhere(BUSY),
                Some(Overlay::Review(review)) if review.writing => Ready("save"),
                _ => Ready("write"),
            },
            Layer::Finish => match self.overlays.last() {
                Some(Overlay::Finish(asked)) if asked.sending.is_some() => Elsewhere(BUSY),
                _ => Ready("send"),
            },
            Layer::Withdraw => Ready("withdraw"),
            Layer::Reason => match self.overlays.last() {
                Some(Overlay::Reason { field, error: Some(_) }) if field.is_empty() => {
                    Elsewhere("write a reason first")
                }
                _ => Ready("switch"),
            },
            // The spinner says it.
            _ if acting => Elsewhere(BUSY),
            Layer::Program => self.go_on_program(),
            Layer::Courses if app.focused_place().is_some_and(|entry| entry.is_offer(app.now)) => {
                Ready("take the seat")
            }
            Layer::Courses if app.focused_place().is_some() => Ready("see the program"),
            Layer::Checkout => match app.checkout() {
                Some(_) => Ready("pay in your browser"),
                None => Elsewhere(READING),
            },
            Layer::Pay => self.go_on_paying(),
            Layer::Switch if app.switch_ready().is_some() => Ready("switch"),
            Layer::Switch if app.may_overrule() => Ready("decide with a reason"),
            Layer::Switch => Elsewhere("the screen says why not"),
            Layer::Dates => self.go_on_dates(),
            Layer::Compare => self.go_on_column(),
            Layer::Courses | Layer::Course => {
                let Some(course) = app.focused_course() else {
                    return Elsewhere(CHOOSE);
                };
                let waits = app.work.waiting == Some(course.enrollment.id);
                match next(course, app.now) {
                    Next::OpenWhenReady if waits => Elsewhere("it opens by itself"),
                    Next::Details if self.layer == Layer::Course => Off("there is nothing to open here"),
                    next => Ready(next.footer()),
                }
            }
            Layer::Confirm => match self.overlays.last() {
                Some(Overlay::Confirm { what: DashId::Place(id) }) => {
                    let offered = app.place(*id).is_some_and(|entry| entry.is_offer(app.now));
                    Ready(if offered { "decline" } else { "leave the waitlist" })
                }
                Some(Overlay::Confirm { what: DashId::Course(id) }) => match app.course(*id) {
                    Some(course) if course.enrollment.replaces_id.is_some() => Ready("end the switch"),
                    Some(course) if course.enrollment.status == Status::Pending => {
                        Ready("give the place back")
                    }
                    _ => Ready("cancel the course"),
                },
                _ => Ready("cancel the course"),
            },
            Layer::Join => Ready("join the waitlist"),
            Layer::Away => match self.overlays.last() {
                Some(Overlay::Away(away)) => match away.chosen() {
                    Some(Way::Switch(..)) => Ready("switch partner"),
                    Some(Way::TryAgain) => Ready("try again"),
                    Some(Way::GiveBack) => Ready("give the place back"),
                    Some(Way::Tell) => Ready("tell me"),
                    None => Elsewhere("nothing is left to choose"),
                },
                _ => Elsewhere("not here"),
            },
            Layer::Email => Ready("go on"),
            Layer::Picker => match self.overlays.last() {
                Some(Overlay::Picker(picker)) if picker.pick().is_some() => Ready("act for"),
                _ => Elsewhere("choose a student first"),
            },
            Layer::Reports if app.reported_partner().is_some() => Ready("statement"),
            Layer::Reports => Elsewhere("choose a partner first"),
            Layer::Help
            | Layer::Messages
            | Layer::Link
            | Layer::Reviews
            | Layer::Statement
            | Layer::TooSmall => Elsewhere("not here"),
        }
    }

    fn go_on_paying(&self) -> State {
        let Some(course) = self.app.focused_course() else {
            return Elsewhere(CHOOSE);
        };
        match next(course, self.app.now) {
            Next::Pay if self.app.page_on_screen().is_none() || self.app.work.paging.is_some() => {
                Elsewhere("the page is being opened")
            }
            Next::Pay => Ready("open the page again"),
            Next::Details => Elsewhere("there is nothing to pay now"),
            next => Ready(next.footer()),
        }
    }

    fn go_on_program(&self) -> State {
        let app = self.app;
        let Screen::Program { id, focus, .. } = app.screen() else {
            return Elsewhere("choose a program first");
        };
        let Some(view) = app.program(*id) else {
            let gone = app.details.is_gone(*id);
            return Off(if gone { "this program is no longer here" } else { "the program is being read" });
        };
        if let Some(live) = app.live_course(*id) {
            return Ready(if live.awaited().is_some() { "pay" } else { "go to course" });
        }
        layout::offers(view, self.app.now)
            .get(*focus)
            .map_or(Ready("enroll"), |offer| self.go_on_offer(offer))
    }

    /// What Enter does with an offer, on its card and in its column.
    pub(super) fn go_on_offer(&self, offer: &Offer) -> State {
        let start = self.app.shown_start(offer);
        Ready(match start {
            _ if offer.unavailable(self.app.now).is_some() => "why not",
            None if offer.dated => "why not",
            Some(start) if start.is_full() => "join the waitlist",
            _ => "enroll",
        })
    }

    fn back(&self) -> State {
        let app = self.app;
        let searched = !app.list.search.text().is_empty();
        let filtered = match self.overlays.last() {
            Some(Overlay::Help { field, .. }) => !field.text().is_empty(),
            _ => false,
        };
        match self.layer {
            Layer::Search if searched => Ready("clear"),
            Layer::Search => Ready("leave search"),
            Layer::Program
            | Layer::Dates
            | Layer::Compare
            | Layer::Reviews
            | Layer::Statement
            | Layer::Course
            | Layer::Checkout
            | Layer::Pay
            | Layer::Switch => Ready("back"),
            layer if layer.is_in_player() => self.back_in_player(),
            Layer::Courses if app.work.waiting.is_some() => Ready("stop waiting"),
            Layer::Programs if app.is_narrowed() => Ready("show all"),
            Layer::Help if filtered => Ready("show all"),
            Layer::HelpSearch if filtered => Ready("clear"),
            _ => Elsewhere("this is the first screen"),
        }
    }

    fn close(&self) -> State {
        match self.layer {
            Layer::Confirm | Layer::Withdraw => Ready("keep it"),
            Layer::Join => Ready("don't wait"),
            // The choice of a student can't be taken back while it is on its way.
            Layer::Picker if self.app.work.acting.is_some() => Elsewhere(BUSY),
            _ => Ready("close"),
        }
    }
}
