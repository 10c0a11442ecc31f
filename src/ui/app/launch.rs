//! From Enter on a course to the partner's page.

use super::{App, Doing, Overlay, Screen};
use crate::domain::enrollment::{Link, Status};
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::web::LaunchUrl;
use crate::ui::card::{Next, next};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::{LaunchOutcome, Level};
use crate::ui::text;

impl App {
    /// Enter on a course: whatever its card says.
    pub(super) fn go_on(&mut self, id: EnrollmentId) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        let Some(course) = self.course(id) else {
            return Vec::new();
        };
        match next(course, self.now) {
            Next::OpenWhenReady => {
                let sentence = text::waits(course, &self.keymap);
                self.work.waiting = Some(id);
                self.hush();
                self.say(Level::Info, sentence);
                Vec::new()
            }
            Next::TryAgain => self.retry(id),
            Next::Pay => self.await_payment(id),
            Next::PayAgain => self.pay_again(id),
            Next::EnrollAgain => {
                let program = course.enrollment.program_id;
                self.hush();
                self.stack.push(Screen::Program { id: program, focus: 0, first: 0 });
                Vec::new()
            }
            Next::Details => self.open_details(id),
            _ if course.taught.is_some() => self.open_player(id),
            _ => self.launch(id),
        }
    }

    fn launch(&mut self, enrollment: EnrollmentId) -> Vec<Effect> {
        self.hush();
        self.work.waiting = None;
        let request = self.next_request();
        self.work.launching = Some(Doing { request, enrollment });
        vec![Effect::Launch { request, enrollment }]
    }

    /// The place somebody waits for may be ready now.
    pub(super) fn open_if_ready(&mut self) -> Vec<Effect> {
        let Some(id) = self.work.waiting else {
            return Vec::new();
        };
        let Some(course) = self.course(id) else {
            self.work.waiting = None;
            return Vec::new();
        };
        match (course.enrollment.status, course.enrollment.link) {
            (Status::Active | Status::Completed, Link::Confirmed | Link::Manual) => {
                if self.is_acting() {
                    Vec::new()
                } else {
                    self.launch(id)
                }
            }
            (Status::Active, Link::Requested) => Vec::new(),
            _ => {
                let sentence = text::not_prepared(course, &self.keymap);
                self.work.waiting = None;
                self.say(Level::Bad, sentence);
                Vec::new()
            }
        }
    }

    /// Esc while a course waits to be opened.
    pub(super) fn stop_waiting(&mut self) {
        self.work.waiting = None;
        self.say(Level::Info, text::STOPPED_WAITING);
    }

    pub(super) fn on_launched(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<LaunchOutcome, Failure>,
    ) -> Vec<Effect> {
        if self.work.launching != Some(Doing { request, enrollment }) {
            return Vec::new();
        }
        self.work.launching = None;
        let partner = self.course(enrollment).and_then(|course| course.provider());
        let partner = partner.map(|provider| provider.name.to_string());
        match result {
            Ok(LaunchOutcome::Opened(url)) => {
                self.work.link = Some((enrollment, url));
                self.say(Level::Good, text::opened(partner.as_deref(), &self.keymap));
                vec![self.load_courses()]
            }
            Ok(LaunchOutcome::Show(url)) => {
                vec![self.hand_over(enrollment, url), self.load_courses()]
            }
            Ok(LaunchOutcome::Wait) => {
                self.work.waiting = Some(enrollment);
                if let Some(sentence) =
                    self.course(enrollment).map(|course| text::waits(course, &self.keymap))
                {
                    self.say(Level::Info, sentence);
                }
                vec![self.load_courses()]
            }
            Err(failure) => {
                self.not_opened(enrollment, failure);
                vec![self.load_courses()]
            }
        }
    }

    /// There is no browser: the link goes on screen, as a picture too where that fits.
    fn hand_over(&mut self, enrollment: EnrollmentId, url: LaunchUrl) -> Effect {
        self.work.link = Some((enrollment, url.clone()));
        self.overlays.push(Overlay::Link { enrollment, url: url.clone(), copied: true });
        Effect::CopyLink(url)
    }

    /// The link that was given last, while it can still work.
    pub(in crate::ui) fn given_link(&self) -> Option<&(EnrollmentId, LaunchUrl)> {
        let fresh = |url: &LaunchUrl| url.expires_at().is_none_or(|at| at > self.now);
        self.work.link.as_ref().filter(|(_, url)| fresh(url))
    }

    /// `y`: shows the link that was given last.
    pub(super) fn show_link(&mut self) {
        if let Some((enrollment, url)) = self.given_link().cloned() {
            self.overlays.push(Overlay::Link { enrollment, url, copied: false });
        }
    }

    /// `y` where the link is shown: puts it on the clipboard.
    pub(super) fn copy_link(&mut self) -> Vec<Effect> {
        match self.overlays.last_mut() {
            Some(Overlay::Link { url, copied, .. }) => {
                *copied = true;
                vec![Effect::CopyLink(url.clone())]
            }
            None => self.copy_page(),
            _ => Vec::new(),
        }
    }
}
