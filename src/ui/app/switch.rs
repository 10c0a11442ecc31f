//! To another partner: what changes first, then one decision.

use super::input::moved;
use super::{App, DashId, Doing, Overlay, Screen};
use crate::domain::cohort::open_starts;
use crate::domain::decide::Choice;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::{EnrollmentId, ProgramId};
use crate::domain::text::Text;
use crate::domain::views::{CourseView, Offer};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::field::Field;
use crate::ui::layout;
use crate::ui::msg::{Level, SwitchOffer, Who};
use crate::ui::text;

/// The screen of a switch.
#[derive(Clone, Debug)]
pub(in crate::ui) struct SwitchScreen {
    /// Which enrollment.
    pub enrollment: EnrollmentId,
    /// Of which program.
    pub program: ProgramId,
    /// The partner in focus, among the others.
    pub focus: usize,
    /// What was asked about last.
    pub asked: Option<Choice>,
    /// The request under way.
    pub request: Option<RequestId>,
    /// What came of it.
    pub offer: Option<Result<SwitchOffer, Failure>>,
}

/// What an advisor may overrule.
const UNKNOWN: &str = "progress_unknown";

impl App {
    pub(in crate::ui) fn switch_screen(&self) -> Option<&SwitchScreen> {
        match self.screen() {
            Screen::Switch(screen) => Some(screen),
            _ => None,
        }
    }

    pub(super) fn switch_screen_mut(&mut self) -> Option<&mut SwitchScreen> {
        match self.stack.last_mut() {
            Some(Screen::Switch(screen)) => Some(screen),
            _ => None,
        }
    }

    /// Why a course can't be switched from here; `None` when it is worth a look.
    pub(in crate::ui) fn why_no_switch(&self, course: &CourseView) -> Option<&'static str> {
        let Some(provider) = course.provider() else {
            return Some("it is taught here, without a partner");
        };
        match course.enrollment.status {
            Status::Cancelled => return Some("this course is cancelled"),
            Status::Completed => return Some("this course is completed"),
            Status::Pending if course.money.parked().is_some() => {
                return Some("an advisor looks at your payment");
            }
            Status::Pending => return Some("pay for it or cancel it first"),
            Status::Active if course.switching.is_some() => return Some("a switch waits for its payment"),
            Status::Active => {}
        }
        let listed = self.programs.all().iter().find(|entry| entry.id == course.enrollment.program_id);
        let other = listed
            .is_some_and(|entry| entry.offers.iter().any(|offer| offer.partner.as_ref() != &provider.name));
        (!other).then_some("no other partner delivers this program")
    }

    /// The partners a switch can go to, those that can be taken first.
    pub(in crate::ui) fn switch_offers(&self, screen: &SwitchScreen) -> Vec<&Offer> {
        let now_with = self.course(screen.enrollment).and_then(CourseView::provider).map(|p| p.id);
        let view = self.program(screen.program);
        let all = view.map(|view| layout::offers(view, self.now)).unwrap_or_default();
        all.into_iter().filter(|offer| Some(offer.provider.id) != now_with).collect()
    }

    /// The partner in focus.
    pub(in crate::ui) fn switch_offer(&self) -> Option<&Offer> {
        let screen = self.switch_screen()?;
        let offers = self.switch_offers(screen);
        offers.get(screen.focus.min(offers.len().checked_sub(1)?)).copied()
    }

    /// The partner in focus, where there are starts to choose among.
    pub(in crate::ui) fn switch_starts(&self) -> Option<&Offer> {
        let several = |offer: &&Offer| open_starts(&offer.cohorts, self.now).nth(1).is_some();
        self.switch_offer().filter(|offer| offer.unavailable(self.now).is_none()).filter(several)
    }

    pub(super) fn open_switch(&mut self) -> Vec<Effect> {
        let Some(course) = self.focused_course() else {
            return Vec::new();
        };
        let id = course.enrollment.id;
        self.open_switch_of(id, 0)
    }

    /// The switch of a course, with this one of the other partners in focus.
    pub(super) fn open_switch_of(&mut self, enrollment: EnrollmentId, focus: usize) -> Vec<Effect> {
        let Some(program) = self.course(enrollment).map(|course| course.enrollment.program_id) else {
            return Vec::new();
        };
        self.hush();
        self.details.read_again(program);
        let (asked, request, offer) = (None, None, None);
        self.stack.push(Screen::Switch(Box::new(SwitchScreen {
            enrollment,
            program,
            focus,
            asked,
            request,
            offer,
        })));
        Vec::new()
    }

    pub(super) fn step_switch(&mut self, by: isize) {
        let count = self.switch_screen().map_or(0, |screen| self.switch_offers(screen).len());
        if let Some(screen) = self.switch_screen_mut() {
            screen.focus = moved(screen.focus, by, count);
        }
    }

    /// Asks what changes, whenever another partner or start is in focus.
    pub(super) fn read_switch(&mut self) -> Option<Effect> {
        let choice = self.choice_of(self.switch_offer()?);
        if self.switch_screen()?.asked == Some(choice) || self.work.switching.is_some() {
            return None;
        }
        let request = self.next_request();
        let screen = self.switch_screen_mut()?;
        (screen.asked, screen.request, screen.offer) = (Some(choice), Some(request), None);
        Some(Effect::LoadSwitch { request, enrollment: screen.enrollment, choice })
    }

    pub(super) fn on_switch_quoted(
        &mut self,
        request: RequestId,
        result: Result<Box<SwitchOffer>, Failure>,
    ) -> Vec<Effect> {
        if let Some(screen) = self.switch_screen_mut()
            && screen.request.take_if(|of| *of == request).is_some()
        {
            screen.offer = Some(result.map(|offer| *offer));
        }
        Vec::new()
    }

    /// The decision that Enter makes, once it is known what changes and nothing forbids it.
    pub(in crate::ui) fn switch_ready(&self) -> Option<&SwitchOffer> {
        let offer = self.switch_screen()?.offer.as_ref()?.as_ref().ok()?;
        offer.refusal.is_none().then_some(offer)
    }

    /// Only an advisor may decide it, because the partner does not say whether it was begun.
    pub(in crate::ui) fn may_overrule(&self) -> bool {
        let offer = self.switch_screen().and_then(|screen| screen.offer.as_ref());
        let refusal = match offer {
            Some(Ok(offer)) => offer.refusal.as_ref(),
            Some(Err(failure)) => Some(failure),
            None => None,
        };
        matches!(self.who, Who::Advisor { .. }) && refusal.is_some_and(|refusal| refusal.code == UNKNOWN)
    }

    /// Enter: the one decision.
    pub(super) fn decide_switch(&mut self) -> Vec<Effect> {
        if self.is_acting() {
            return Vec::new();
        }
        if self.switch_ready().is_some() {
            return self.send_switch(None);
        }
        if self.may_overrule() {
            self.overlays.push(Overlay::Reason { field: Field::default(), error: None });
        }
        Vec::new()
    }

    /// Enter in the field of the reason.
    pub(super) fn overrule(&mut self) -> Vec<Effect> {
        let Some(Overlay::Reason { field, error }) = self.overlays.last_mut() else {
            return Vec::new();
        };
        let reason = Text::clean(field.text().trim());
        if reason.is_empty() {
            *error = Some(text::NO_REASON.to_owned());
            return Vec::new();
        }
        self.overlays.pop();
        self.send_switch(Some(reason))
    }

    fn send_switch(&mut self, overrule: Option<Text>) -> Vec<Effect> {
        let Some((enrollment, choice)) =
            self.switch_screen().and_then(|screen| Some((screen.enrollment, screen.asked?)))
        else {
            return Vec::new();
        };
        if self.is_acting() {
            return Vec::new();
        }
        self.hush();
        let request = self.next_request();
        self.work.switching = Some(Doing { request, enrollment });
        vec![Effect::Switch { request, enrollment, choice, overrule }]
    }

    pub(super) fn on_switched(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<Box<CourseView>, Failure>,
    ) -> Vec<Effect> {
        if self.work.switching.take_if(|doing| *doing == Doing { request, enrollment }).is_none() {
            return Vec::new();
        }
        let watching = self.overlays.is_empty()
            && self.switch_screen().is_some_and(|screen| screen.enrollment == enrollment);
        match result {
            Ok(course) if course.enrollment.status == Status::Pending => {
                return self.placed(*course, watching);
            }
            Ok(course) => {
                let back = self.refund_of_switch();
                let sentence = text::switched(&course, back);
                let id = course.enrollment.id;
                self.details.read_again(course.enrollment.program_id);
                self.put_course(*course);
                // Shown at once; the read that follows has the last word.
                let old = self.courses.items.iter_mut().flatten().find(|c| c.enrollment.id == enrollment);
                if let Some(old) = old {
                    old.enrollment.status = Status::Cancelled;
                }
                if watching {
                    self.stack = vec![Screen::Courses];
                    self.dash.selected = Some(DashId::Course(id));
                }
                self.say(Level::Good, sentence);
            }
            Err(failure) => {
                self.say_failure(&failure);
                if let Some(screen) = self.switch_screen_mut() {
                    screen.asked = None;
                    let program = screen.program;
                    self.details.read_again(program);
                }
            }
        }
        vec![self.load_courses()]
    }

    fn refund_of_switch(&self) -> Option<crate::domain::money::Money> {
        let offer = self.switch_screen()?.offer.as_ref()?.as_ref().ok()?;
        Some(offer.quote.refund).filter(|refund| !refund.is_zero())
    }
}
