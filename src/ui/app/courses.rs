//! Tab 2 and the course screen: reading, asking the partners, cancelling, trying again.

use super::{App, Doing, Overlay, SYNC_EVERY, Screen};
use crate::domain::actor::Actor;
use crate::domain::decide::decide_cancel;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::{EnrollmentId, WaitlistId};
use crate::domain::views::{Certificate, CourseHistory, CourseView, Dashboard};
use crate::domain::web::WebUrl;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::{Level, SyncSummary};
use crate::ui::text;

/// One row of My courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) struct DashItem {
    /// Which.
    pub id: DashId,
    /// Which group it belongs to.
    pub group: Group,
    /// The first of its group.
    pub leads: bool,
}

/// What a row of My courses is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DashId {
    /// An enrollment.
    Course(EnrollmentId),
    /// A place in a queue, or a seat that is kept.
    Place(WaitlistId),
}

/// The groups of My courses, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ui) enum Group {
    /// A seat is kept for the student: a card.
    Offer,
    /// Pending or active: a card.
    Live,
    /// In a queue, or an offer that ran out: a card.
    Waiting,
    /// A line.
    Completed,
    /// A line, on demand; always while the partner does not know of it.
    Cancelled,
}

impl App {
    /// The rows of My courses, top to bottom.
    pub(in crate::ui) fn dash_items(&self) -> Vec<DashItem> {
        let rank = |status: Status| match status {
            Status::Pending => (Group::Live, 0),
            Status::Active => (Group::Live, 1),
            Status::Completed => (Group::Completed, 2),
            Status::Cancelled => (Group::Cancelled, 3),
        };
        let mut courses: Vec<&CourseView> = self
            .courses
            .all()
            .iter()
            .filter(|course| {
                let over = course.enrollment.status == Status::Cancelled;
                self.dash.cancelled || !over || course.still_matters(self.now)
            })
            .collect();
        courses.sort_by_key(|course| rank(course.enrollment.status).1);
        let courses = beside_their_old(courses);
        let group = |course: &CourseView| rank(course.enrollment.status).0;
        let courses = courses.into_iter().map(|course| (DashId::Course(course.enrollment.id), group(course)));
        let waiting = self.waiting.iter().map(|entry| {
            let offered = entry.is_offer(self.now);
            (DashId::Place(entry.entry.id), if offered { Group::Offer } else { Group::Waiting })
        });
        let mut rows: Vec<_> = courses.chain(waiting).collect();
        rows.sort_by_key(|(_, group)| *group);
        let mut before = None;
        rows.into_iter()
            .map(|(id, group)| DashItem { id, group, leads: before.replace(group) != Some(group) })
            .collect()
    }

    /// Where the row in focus stands.
    pub(in crate::ui) fn dash_place(&self) -> Option<usize> {
        let selected = self.dash.selected?;
        self.dash_items().iter().position(|item| item.id == selected)
    }

    /// The course that the keys are about.
    pub(in crate::ui) fn focused_course(&self) -> Option<&CourseView> {
        match self.screen() {
            Screen::Courses => match self.dash.selected? {
                DashId::Course(id) => self.course(id),
                DashId::Place(_) => None,
            },
            Screen::Course { id, .. } | Screen::Pay { id } => self.course(*id),
            Screen::Player(player) => self.course(player.enrollment),
            Screen::Switch(screen) => self.course(screen.enrollment),
            Screen::Checkout { .. }
            | Screen::Programs
            | Screen::Program { .. }
            | Screen::Dates { .. }
            | Screen::Compare(_)
            | Screen::Reviews(_)
            | Screen::Reports
            | Screen::Statement(_) => None,
        }
    }

    pub(super) fn on_courses_read(
        &mut self,
        request: RequestId,
        result: Result<Dashboard, Failure>,
    ) -> Vec<Effect> {
        if self.courses.request != Some(request) {
            return Vec::new();
        }
        self.courses.request = None;
        match result {
            Ok(Dashboard { courses, waiting, proofs }) => {
                self.proofs = proofs;
                self.courses.failure = None;
                let finished: Vec<String> =
                    courses.iter().filter(|course| self.has_finished(course)).map(text::completed).collect();
                let offered: Vec<String> = waiting
                    .iter()
                    .filter(|entry| self.is_news(entry))
                    .map(|e| text::offered(e, &self.keymap))
                    .collect();
                let paid = self.newly_paid(&courses);
                self.courses.items = Some(courses);
                self.waiting = waiting;
                for sentence in offered {
                    self.say(Level::Good, sentence);
                }
                for sentence in finished {
                    self.say(Level::Good, sentence);
                }
                self.tell_paid(&paid);
                self.find_payment();
                self.decide_first_screen();
                let mut effects = self.open_if_ready();
                effects.extend(self.reread_history());
                effects
            }
            Err(failure) => {
                self.courses.retry_at = self.retry_time(&failure);
                self.courses.failure = Some(failure);
                Vec::new()
            }
        }
    }

    /// The course was being learned when it was read last, and is completed now.
    fn has_finished(&self, course: &CourseView) -> bool {
        // The player says it itself.
        if self.player().is_some_and(|player| player.enrollment == course.enrollment.id) {
            return false;
        }
        let before = self.course(course.enrollment.id).map(|before| before.enrollment.status);
        before == Some(Status::Active) && course.enrollment.status == Status::Completed
    }

    /// Whoever is learning starts where they left off, unless they already went somewhere.
    fn decide_first_screen(&mut self) {
        if !std::mem::replace(&mut self.decided, true) && !self.touched {
            let offer = self.waiting.iter().find(|entry| entry.is_offer(self.now));
            let offer = offer.map(|entry| DashId::Place(entry.entry.id));
            self.dash.selected = offer.or_else(|| self.last_used().map(DashId::Course));
            if offer.is_some() || self.courses.all().iter().any(|c| c.enrollment.status.is_live()) {
                self.stack = vec![Screen::Courses];
            }
        }
    }

    /// Reads the courses and asks the partners, but not more often than once a minute.
    pub(super) fn come_to_courses(&mut self) -> Vec<Effect> {
        if self.student().is_none() {
            return Vec::new();
        }
        let mut effects = vec![self.load_courses()];
        let old = self.work.synced_at.is_none_or(|at| self.now - at >= SYNC_EVERY);
        if old {
            effects.extend(self.sync(false));
        }
        effects
    }

    pub(super) fn sync(&mut self, asked: bool) -> Option<Effect> {
        if self.work.syncing.is_some() {
            return None;
        }
        let request = self.next_request();
        self.work.syncing = Some((request, asked));
        self.work.synced_of = None;
        self.work.synced_at = Some(self.now);
        Some(Effect::Sync { request })
    }

    pub(super) fn on_sync_progress(&mut self, request: RequestId, done: usize, total: usize) {
        if self.work.syncing.is_some_and(|(of, _)| of == request) {
            self.work.synced_of = Some((done, total));
        }
    }

    pub(super) fn on_synced(
        &mut self,
        request: RequestId,
        result: Result<SyncSummary, Failure>,
    ) -> Vec<Effect> {
        let Some((_, asked)) = self.work.syncing.take_if(|(of, _)| *of == request) else {
            return Vec::new();
        };
        match result {
            Ok(summary) => {
                if !summary.failed.is_empty() {
                    let words = text::sync_failed(&summary.failed, &summary.left, &self.keymap);
                    self.say(Level::Warn, words);
                } else if asked {
                    self.say(Level::Info, text::synced(summary.checked, summary.payments));
                }
                vec![self.load_courses()]
            }
            // The database's own message stands on the screen; saying it twice helps nobody.
            Err(failure) if failure.code == "database_unavailable" => Vec::new(),
            Err(failure) => {
                self.say_failure(&failure);
                Vec::new()
            }
        }
    }

    pub(super) fn open_details(&mut self, id: EnrollmentId) -> Vec<Effect> {
        if matches!(self.screen(), Screen::Course { .. }) {
            return Vec::new();
        }
        self.hush();
        let request = self.next_request();
        self.dash.selected = Some(DashId::Course(id));
        self.stack.push(Screen::Course { id, scroll: 0, request: Some(request), history: None });
        vec![Effect::LoadHistory { request, enrollment: id }]
    }

    /// Goes to a course on tab 2.
    pub(super) fn show_course(&mut self, id: EnrollmentId) -> Vec<Effect> {
        self.show_in_courses(DashId::Course(id))
    }

    /// Goes to a place in a queue on tab 2, where a seat that is kept can be taken.
    pub(super) fn show_place(&mut self, id: WaitlistId) -> Vec<Effect> {
        self.show_in_courses(DashId::Place(id))
    }

    fn show_in_courses(&mut self, id: DashId) -> Vec<Effect> {
        self.hush();
        self.stack = vec![Screen::Courses];
        self.dash.selected = Some(id);
        self.come_to_courses()
    }

    /// What happened to the course on screen may have grown; the old lines stay until then.
    fn reread_history(&mut self) -> Option<Effect> {
        let next = self.next_request();
        match self.stack.last_mut() {
            Some(Screen::Course { id, request, history: Some(_), .. }) => {
                *request = Some(next);
                Some(Effect::LoadHistory { request: next, enrollment: *id })
            }
            _ => None,
        }
    }

    pub(super) fn on_history(
        &mut self,
        request: RequestId,
        result: Result<CourseHistory, Failure>,
    ) -> Vec<Effect> {
        for screen in &mut self.stack {
            if let Screen::Course { request: asked, history, .. } = screen
                && *asked == Some(request)
            {
                *asked = None;
                match result {
                    Ok(entries) => *history = Some(entries),
                    Err(failure) => self.say_failure(&failure),
                }
                break;
            }
        }
        Vec::new()
    }

    /// The page of the certificate in focus, in the browser.
    pub(super) fn open_certificate(&mut self) -> Vec<Effect> {
        let certificate = self.focused_course().and_then(|course| course.certificate.as_ref());
        let page = certificate.and_then(Certificate::page).cloned();
        page.map(Effect::OpenCertificate).into_iter().collect()
    }

    /// `y` on a certificate: its page, or the code of one that was issued here.
    pub(super) fn copy_certificate(&mut self) -> Vec<Effect> {
        let certificate = self.focused_course().and_then(|course| course.certificate.as_ref());
        let page =
            certificate.and_then(Certificate::page).map(|page| (text::COPIED_CERTIFICATE, page.to_string()));
        let code = certificate.and_then(|certificate| certificate.code.as_ref());
        match page.or_else(|| code.map(|code| (text::COPIED_CODE, code.to_string()))) {
            Some((said, copied)) => {
                self.say(Level::Good, said);
                vec![Effect::CopyText(copied)]
            }
            None => Vec::new(),
        }
    }

    /// `s` on a certificate that was issued here: into files.
    pub(super) fn save_certificate(&mut self) -> Vec<Effect> {
        let Some(enrollment) = self.focused_course().map(|course| course.enrollment.id) else {
            return Vec::new();
        };
        let request = self.next_request();
        self.work.filing = Some(request);
        vec![Effect::SaveCertificate { request, enrollment }]
    }

    pub(super) fn on_certificate_saved(
        &mut self,
        request: RequestId,
        result: Result<String, Failure>,
    ) -> Vec<Effect> {
        if self.work.filing.take_if(|of| *of == request).is_some() {
            match result {
                Ok(paths) => self.say(Level::Good, text::certificate_saved(&paths)),
                Err(failure) => self.say_failure(&failure),
            }
        }
        Vec::new()
    }

    pub(super) fn on_certificate_opened(&mut self, url: &WebUrl, opened: bool) -> Vec<Effect> {
        if opened {
            self.say(Level::Info, text::CERTIFICATE_OPENED);
            return Vec::new();
        }
        self.say(Level::Warn, text::no_browser_for(url));
        vec![Effect::CopyText(url.to_string())]
    }

    pub(super) fn ask_cancel(&mut self) {
        if let Some(entry) = self.focused_place() {
            let what = DashId::Place(entry.entry.id);
            self.overlays.push(Overlay::Confirm { what });
            return;
        }
        if let Some(course) = self.focused_course() {
            self.ask_cancel_of(course.enrollment.id);
        }
    }

    pub(super) fn ask_cancel_of(&mut self, enrollment: EnrollmentId) {
        let Some(course) = self.course(enrollment) else {
            return;
        };
        // Nobody is asked "really?" about what is refused anyway; the service decides again.
        let facts = course.start_facts(self.now);
        let owner = Actor::Student(course.enrollment.student_id);
        match decide_cancel(course, owner, &facts) {
            Ok(_) => {
                let what = DashId::Course(course.enrollment.id);
                self.overlays.push(Overlay::Confirm { what });
            }
            Err(refusal) => self.say(Level::Warn, refusal.to_string()),
        }
    }

    pub(super) fn cancel(&mut self, enrollment: EnrollmentId) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        if self.work.waiting == Some(enrollment) {
            self.work.waiting = None;
        }
        let request = self.next_request();
        self.work.cancelling = Some(Doing { request, enrollment });
        vec![Effect::Cancel { request, enrollment }]
    }

    pub(super) fn on_cancelled(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        if self.work.cancelling != Some(Doing { request, enrollment }) {
            return Vec::new();
        }
        self.work.cancelling = None;
        match result {
            Ok(()) => {
                if let Some(sentence) = self.course(enrollment).map(text::cancelled) {
                    self.say(Level::Good, sentence);
                }
                // Shown at once; the read that follows has the last word.
                let course = self.courses.items.iter_mut().flatten().find(|c| c.enrollment.id == enrollment);
                if let Some(course) = course {
                    course.enrollment.status = Status::Cancelled;
                }
                self.work.link.take_if(|(of, _)| *of == enrollment);
                if matches!(self.screen(), Screen::Course { id, .. } | Screen::Pay { id } if *id == enrollment)
                {
                    self.stack.pop();
                }
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }

    pub(super) fn retry(&mut self, enrollment: EnrollmentId) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        let request = self.next_request();
        self.work.retrying = Some(Doing { request, enrollment });
        vec![Effect::Retry { request, enrollment }]
    }

    pub(super) fn on_retried(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        if self.work.retrying != Some(Doing { request, enrollment }) {
            return Vec::new();
        }
        self.work.retrying = None;
        match result {
            Ok(()) => {
                if let Some(sentence) = self.course(enrollment).map(text::retried) {
                    self.say(Level::Info, sentence);
                }
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }

    /// `r`: reads anew what is on screen, and asks the partners where courses are.
    pub(super) fn refresh(&mut self) -> Vec<Effect> {
        if self.reviews().is_some() {
            return self.read_reviews();
        }
        if let Some(screen) = self.switch_screen_mut() {
            screen.asked = None;
            return Vec::new();
        }
        if let Some(effects) = self.refresh_report() {
            return effects;
        }
        if !self.on_courses() {
            return vec![self.load_programs()];
        }
        let mut effects = vec![self.load_courses()];
        if self.student().is_some() {
            effects.extend(self.sync(true));
        }
        effects
    }
}

/// A switch that waits for its payment stands right under the course it is to replace.
fn beside_their_old(courses: Vec<&CourseView>) -> Vec<&CourseView> {
    let waits = |course: &&CourseView| {
        course.enrollment.status == Status::Pending && course.enrollment.replaces_id.is_some()
    };
    let (candidates, mut out): (Vec<_>, Vec<_>) = courses.into_iter().partition(waits);
    for candidate in candidates {
        let old = |course: &&CourseView| Some(course.enrollment.id) == candidate.enrollment.replaces_id;
        let place = out.iter().position(old).map_or(0, |place| place + 1);
        out.insert(place, candidate);
    }
    out
}
