//! The model: what the app knows, and what it is waiting for.

mod advisor;
mod answers;
mod away;
mod compare;
mod courses;
mod dates;
mod enroll;
mod filter;
mod finish;
mod fits;
mod input;
mod launch;
mod messages;
mod mouse;
mod palette;
mod parts;
mod pay;
mod player;
mod programs;
mod reading;
mod reports;
mod review;
mod reviews;
mod settle;
mod switch;
mod waiting;

pub(super) use away::{AwayBox, Way};
pub(super) use compare::CompareScreen;
pub(super) use courses::{DashId, Group};
pub(super) use dates::{Dates, Start};
pub(super) use filter::{FilterBox, Wish as FilterWish};
pub(super) use finish::{FinishBox, FinishField};
pub(super) use fits::{FitsBox, Needs};
pub(super) use parts::{
    Asked, Dash, Doing, Loaded, Messages, Overlay, Picker, ProgramList, Screen, Wish, Work,
};
pub(super) use player::{LinkBox, Mode, NextStep, Phase, Player, QuizScreen};
pub(super) use reading::{Details, Reading};
pub(super) use reports::{Reports, Span as ReportSpan, StatementScreen};
pub(super) use review::ReviewBox;
pub(super) use reviews::Reviews;
pub(super) use switch::SwitchScreen;

use crate::domain::calendar::WeekStart;
use crate::domain::ids::{CohortId, CourseId, EnrollmentId, ProgramId};
use crate::domain::listing::ProgramEntry;
use crate::domain::payment::Till;
use crate::domain::person::Student;
use crate::domain::proof::ProofQueue;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, ProgramView};
use crate::domain::waitlist::WaitlistView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::keymap::Keymap;
use crate::ui::layout::Size;
use crate::ui::msg::{Msg, Notice, Who};
use crate::ui::theme::{Skin, Theme};
use crate::ui::{text, view};
use chrono::{FixedOffset, TimeDelta};
use ratatui::Frame;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long to wait before the database is tried again.
pub const RETRY_AFTER: TimeDelta = TimeDelta::seconds(5);
/// How often coming back to My courses asks the partners, at most.
pub const SYNC_EVERY: TimeDelta = TimeDelta::minutes(1);

/// What the app starts with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Who sits here.
    pub who: Who,
    /// Draw with ASCII signs only.
    pub ascii: bool,
    /// The colours.
    pub theme: Theme,
    /// The time zone dates are shown in.
    pub utc_offset: FixedOffset,
    /// Columns of the terminal.
    pub width: u16,
    /// Rows of the terminal.
    pub height: u16,
    /// The time.
    pub now: Instant,
    /// A short label of the database; empty for the default one.
    pub database: String,
    /// Which keys do what.
    pub keymap: Keymap,
    /// The mouse is ours, not the terminal's.
    pub mouse: bool,
    /// The first day of a week in calendars.
    pub week_starts: WeekStart,
    /// How money can be taken.
    pub till: Till,
    /// What is to be said at once.
    pub notices: Vec<Notice>,
}

/// The whole model.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) skin: Skin,
    pub(super) utc_offset: FixedOffset,
    pub(super) size: (u16, u16),
    pub(super) database: String,
    pub(super) keymap: Keymap,
    /// The mouse is ours, not the terminal's.
    pub(super) mouse: bool,
    pub(super) week_starts: WeekStart,
    pub(super) till: Till,
    pub(super) now: Instant,
    pub(super) who: Who,
    /// The list, as far as it is read.
    pub(super) programs: Loaded<Arc<ProgramEntry>>,
    pub(super) reading: Reading,
    pub(super) details: Details,
    pub(super) courses: Loaded<CourseView>,
    /// What the student waits for, read with the courses.
    pub(super) waiting: Vec<WaitlistView>,
    /// At an advisor's desk: the reports of finished courses that wait for a decision.
    pub(super) proofs: ProofQueue,
    /// Never empty; the first is a tab.
    pub(super) stack: Vec<Screen>,
    /// The last one has the keys.
    pub(super) overlays: Vec<Overlay>,
    pub(super) list: ProgramList,
    pub(super) dash: Dash,
    pub(super) reports: Reports,
    /// The start somebody chose on a partner's card.
    pub(super) chosen_starts: BTreeMap<CourseId, CohortId>,
    pub(super) needs: Needs,
    pub(super) said: Messages,
    pub(super) work: Work,
    pub(super) ticks: usize,
    last_request: RequestId,
    /// Somebody has pressed a key: the first answer no longer decides the first screen.
    touched: bool,
    /// The first screen is decided.
    decided: bool,
}

impl App {
    /// The app and what it wants first.
    pub fn new(setup: Setup) -> (Self, Vec<Effect>) {
        let mut app = Self {
            skin: Skin { theme: setup.theme, ascii: setup.ascii },
            utc_offset: setup.utc_offset,
            size: (setup.width, setup.height),
            database: setup.database,
            keymap: setup.keymap,
            mouse: setup.mouse,
            week_starts: setup.week_starts,
            till: setup.till,
            now: setup.now,
            who: setup.who,
            programs: Loaded::default(),
            reading: Reading::default(),
            details: Details::default(),
            courses: Loaded::default(),
            waiting: Vec::new(),
            proofs: ProofQueue::default(),
            stack: vec![Screen::Programs],
            overlays: Vec::new(),
            list: ProgramList::default(),
            dash: Dash::default(),
            reports: Reports::default(),
            chosen_starts: BTreeMap::new(),
            needs: Needs::default(),
            said: Messages::default(),
            work: Work::default(),
            ticks: 0,
            last_request: 0,
            touched: false,
            decided: false,
        };
        for notice in setup.notices {
            app.tell(notice);
        }
        let mut effects = vec![app.load_programs(), app.load_courses()];
        if app.student().is_some() {
            effects.extend(app.sync(false));
        }
        (app, effects)
    }

    /// Takes a message; says what is to be done outside.
    pub fn update(&mut self, msg: Msg, now: Instant) -> Vec<Effect> {
        self.now = now;
        let mut effects = match msg {
            Msg::Key(key) => self.on_key(key),
            Msg::Mouse(event) if self.mouse => self.on_mouse(event),
            Msg::Mouse(_) => Vec::new(),
            Msg::Paste(raw) => self.on_paste(&raw),
            Msg::Resize { width, height } => {
                self.size = (width, height);
                Vec::new()
            }
            Msg::Tick => self.on_tick(),
            Msg::WorkDone => match self.student() {
                Some(_) => vec![self.load_courses()],
                None => Vec::new(),
            },
            Msg::Notice(notice) => {
                self.tell(notice);
                Vec::new()
            }
            Msg::Background(background) => {
                self.skin.theme = self.skin.theme.on(background);
                Vec::new()
            }
            answer => self.on_answer(answer),
        };
        effects.extend(self.give_back_keys());
        self.settle();
        effects.extend(self.read_more_reviews());
        effects.extend(self.read_details());
        effects.extend(self.read_needs());
        effects.extend(self.open_page());
        effects.extend(self.read_switch());
        effects.extend(self.keep_place());
        effects
    }

    /// The time zone dates are shown in.
    pub fn utc_offset(&self) -> FixedOffset {
        self.utc_offset
    }

    /// Draws the model.
    pub fn view(&self, frame: &mut Frame) {
        view::draw(self, frame);
    }

    /// Whether something on screen moves by itself: a spinner or a countdown.
    pub fn wants_tick(&self) -> bool {
        self.busy().is_some()
            || self.is_loading()
            || self.is_finding()
            || self.programs.retry_at.is_some()
            || self.details.retry_at.is_some()
            || self.courses.retry_at.is_some()
            || self.is_preparing_on_screen()
            || self.awaits_on_screen()
            || self.keeps_trying()
            || self.pauses_on_screen()
    }

    /// What a person waits for, in words.
    pub(super) fn busy(&self) -> Option<String> {
        let work = &self.work;
        let partner = |id| self.course(id).and_then(|c| c.provider()).map(|p| p.name.to_string());
        if let Some((_, _, via)) = &work.enrolling {
            return Some(text::enrolling(via.as_deref()));
        }
        if let Some(doing) = work.launching {
            return Some(text::opening(partner(doing.enrollment).as_deref()));
        }
        if work.joining.is_some() {
            return Some(text::JOINING.to_owned());
        }
        if work.answering.is_some() {
            return Some(text::ANSWERING.to_owned());
        }
        if work.cancelling.is_some() {
            return Some(text::CANCELLING.to_owned());
        }
        if let Some(doing) = work.retrying {
            return Some(text::retrying(partner(doing.enrollment).as_deref()));
        }
        if work.paying.is_some() {
            return Some(text::PAYING.to_owned());
        }
        if work.switching.is_some() {
            return Some(text::SWITCHING.to_owned());
        }
        if work.watching.is_some() {
            return Some(text::WATCHING.to_owned());
        }
        if let Some(words) = self.player().and_then(text::learning) {
            return Some(words.to_owned());
        }
        if work.filing.is_some() {
            return Some(text::SAVING_CERTIFICATE.to_owned());
        }
        if work.dating.is_some() {
            return Some(text::SAVING_DATES.to_owned());
        }
        if work.saving.is_some() {
            return Some(text::SAVING.to_owned());
        }
        if work.acting.is_some() {
            return Some(text::PICKING.to_owned());
        }
        work.syncing.map(|_| match self.asking() {
            Some((done, total)) => text::asking_partners(done, total),
            None => text::ASKING_PARTNERS.to_owned(),
        })
    }

    /// How far the asking of several partners is, where that is what a person waits for.
    pub(super) fn asking(&self) -> Option<(usize, usize)> {
        let asks_only = self.work.syncing.is_some() && !self.is_acting();
        self.work.synced_of.filter(|(_, total)| asks_only && *total > 1)
    }

    /// A list is read for the first time; its spinner stands where the list will be.
    fn is_loading(&self) -> bool {
        (self.programs.items.is_none() && self.programs.request.is_some())
            || (self.courses.items.is_none() && self.courses.request.is_some())
            || self.reviews().is_some_and(|reviews| reviews.request.is_some())
            || self.switch_screen().is_some_and(|screen| screen.request.is_some())
            || self.is_reading_report()
            || (self.details.is_loading()
                && self.program_on_screen().is_some_and(|id| self.program(id).is_none()))
    }

    /// A request that Enter would double is under way.
    pub(super) fn is_acting(&self) -> bool {
        let work = &self.work;
        work.enrolling.is_some()
            || work.joining.is_some()
            || work.answering.is_some()
            || work.launching.is_some()
            || work.cancelling.is_some()
            || work.retrying.is_some()
            || work.paying.is_some()
            || work.switching.is_some()
            || work.watching.is_some()
            || work.saving.is_some()
            || work.acting.is_some()
    }

    fn is_finding(&self) -> bool {
        match self.overlays.last() {
            Some(Overlay::Picker(picker)) => picker.request.is_some(),
            Some(Overlay::Review(review)) => review.is_busy(),
            Some(Overlay::Finish(asked)) => asked.sending.is_some(),
            _ => false,
        }
    }

    fn is_preparing_on_screen(&self) -> bool {
        use crate::domain::enrollment::{Link, Status};
        self.on_courses()
            && self.courses.all().iter().any(|course| {
                course.enrollment.status == Status::Active && course.enrollment.link == Link::Requested
            })
    }

    /// Whether the courses are looked at.
    pub(super) fn on_courses(&self) -> bool {
        matches!(self.screen(), Screen::Courses | Screen::Course { .. } | Screen::Pay { .. })
    }

    pub(super) fn screen(&self) -> &Screen {
        self.stack.last().unwrap_or(&Screen::Programs)
    }

    /// The student on whose behalf everything happens.
    pub(super) fn student(&self) -> Option<&Student> {
        match &self.who {
            Who::Nobody => None,
            Who::Student(student) => Some(student),
            Who::Advisor { student, .. } => student.as_ref(),
        }
    }

    /// A program with all a screen needs, once it is read.
    pub(super) fn program(&self, id: ProgramId) -> Option<&ProgramView> {
        self.details.get(id)
    }

    pub(super) fn course(&self, id: EnrollmentId) -> Option<&CourseView> {
        self.courses.all().iter().find(|view| view.enrollment.id == id)
    }

    /// The student's live enrollment in a program.
    pub(super) fn live_course(&self, program: ProgramId) -> Option<&CourseView> {
        self.courses.all().iter().find(|view| {
            view.enrollment.program_id == program
                && view.enrollment.status.is_live()
                && view.enrollment.replaces_id.is_none()
        })
    }

    /// Which room there is to draw in.
    pub(super) fn size_class(&self) -> Size {
        Size::of(self.size.0, self.size.1)
    }

    #[cfg(test)]
    pub(super) fn last_request(&self) -> RequestId {
        self.last_request
    }

    fn next_request(&mut self) -> RequestId {
        self.last_request += 1;
        self.last_request
    }

    fn load_courses(&mut self) -> Effect {
        let request = self.next_request();
        self.courses.request = Some(request);
        self.courses.retry_at = None;
        Effect::LoadCourses { request }
    }

    fn on_tick(&mut self) -> Vec<Effect> {
        self.ticks = self.ticks.wrapping_add(1);
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= self.now);
        let (programs, courses) = (due(self.programs.retry_at), due(self.courses.retry_at));
        if due(self.details.retry_at) {
            self.details.retry_at = None;
        }
        let mut effects = Vec::new();
        if programs {
            effects.push(self.load_programs());
        }
        if courses {
            effects.push(self.load_courses());
        }
        effects
    }
}
