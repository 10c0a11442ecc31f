//! A course does not open because of its partner: why, and what the student can do.

use super::{App, Doing, Overlay};
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::provider::Provider;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::Level;
use crate::ui::text;

/// The partner lets nobody in, or nobody begin: students may go, for free.
const CLOSED: [&str; 3] = ["partner_paused", "partner_retired", "partner_retiring"];
/// The partner's platform failed.
const FAILED: [&str; 6] = [
    "partner_unreachable",
    "partner_timeout",
    "partner_down",
    "partner_bad_answer",
    "partner_answer_too_large",
    "partner_redirected",
];

/// The box that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct AwayBox {
    /// Which course.
    pub enrollment: EnrollmentId,
    /// Why it does not open.
    pub failure: Failure,
    /// It is not paid, and nobody should pay for it.
    pub unpaid: bool,
    /// The student has asked to be told when the partner is back.
    pub watched: bool,
    /// The way in focus.
    pub selected: usize,
}

/// What the student can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Way {
    /// To another partner: its place among those of the switch, and its name.
    Switch(usize, String),
    /// Once more.
    TryAgain,
    /// Not at all: nobody should pay for it.
    GiveBack,
    /// Get a mail when it is back.
    Tell,
}

impl AwayBox {
    /// Whether the partner lets nobody in, as opposed to having problems.
    pub fn is_closed(&self) -> bool {
        CLOSED.contains(&self.failure.code)
    }

    /// The ways, in the order of the box.
    pub fn ways(&self) -> Vec<Way> {
        if self.unpaid {
            return vec![Way::GiveBack];
        }
        let others = self.failure.alternatives.iter().enumerate();
        let others = others.map(|(place, name)| Way::Switch(place, name.clone()));
        let again = (!self.is_closed()).then_some(Way::TryAgain);
        let tell = (!self.watched).then_some(Way::Tell);
        again.into_iter().chain(others).chain(tell).collect()
    }

    /// The way in focus; `None` where there is none left to choose.
    pub fn chosen(&self) -> Option<Way> {
        self.ways().into_iter().nth(self.selected)
    }

    /// What is said beside the reason.
    pub fn told(&self) -> Option<&'static str> {
        match (self.unpaid, self.watched) {
            (true, _) => Some(text::NOT_CHARGED),
            (false, true) => Some(text::IS_TOLD),
            (false, false) => None,
        }
    }

    /// The heading.
    pub fn heading(&self, provider: &Provider, now: Instant) -> String {
        match self.failure.code {
            "partner_retiring" => text::takes_nobody(provider),
            _ => text::away(provider, now),
        }
    }

    /// A way in words.
    pub fn words(&self, way: &Way) -> String {
        match way {
            Way::Switch(_, name) => text::switch_to(name, self.is_closed()),
            Way::TryAgain => text::TRY_ONCE_MORE.to_owned(),
            Way::GiveBack => text::GIVE_BACK.to_owned(),
            Way::Tell => text::TELL_ME.to_owned(),
        }
    }
}

impl App {
    /// The box on top.
    pub(in crate::ui) fn away(&self) -> Option<&AwayBox> {
        match self.overlays.last() {
            Some(Overlay::Away(away)) => Some(away),
            _ => None,
        }
    }

    /// The partner it is about.
    pub(in crate::ui) fn away_partner(&self) -> Option<&Provider> {
        self.course(self.away()?.enrollment).and_then(CourseView::provider)
    }

    /// The contact that can be copied.
    pub(in crate::ui) fn away_contact(&self) -> Option<String> {
        let support = &self.away_partner()?.support;
        let email = support.email.as_ref().map(ToString::to_string);
        email.or_else(|| support.url.as_ref().map(ToString::to_string))
    }

    /// A course did not open. What the partner did needs an answer; all else is said.
    pub(super) fn not_opened(&mut self, enrollment: EnrollmentId, failure: Failure) {
        let partners = CLOSED.contains(&failure.code) || FAILED.contains(&failure.code);
        if partners && self.overlays.is_empty() {
            let course = self.course(enrollment);
            let unpaid = course.is_some_and(|course| course.unpayable(self.now));
            let watched = course.is_some_and(|course| course.watched);
            let away = AwayBox { enrollment, failure, unpaid, watched, selected: 0 };
            self.overlays.push(Overlay::Away(Box::new(away)));
        } else {
            self.say_failure(&failure);
        }
    }

    /// Enter in the box.
    pub(super) fn take_way(&mut self) -> Vec<Effect> {
        let Some(away) = self.away().cloned() else {
            return Vec::new();
        };
        if self.is_acting() {
            return Vec::new();
        }
        let Some(way) = away.chosen() else {
            return Vec::new();
        };
        match way {
            Way::Switch(place, _) => {
                self.overlays.pop();
                self.open_switch_of(away.enrollment, place)
            }
            Way::TryAgain => {
                self.overlays.pop();
                self.go_on(away.enrollment)
            }
            Way::GiveBack => {
                self.overlays.pop();
                self.ask_cancel_of(away.enrollment);
                Vec::new()
            }
            Way::Tell => {
                let request = self.next_request();
                self.work.watching = Some(Doing { request, enrollment: away.enrollment });
                vec![Effect::Watch { request, enrollment: away.enrollment }]
            }
        }
    }

    pub(super) fn on_watched(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<bool, Failure>,
    ) -> Vec<Effect> {
        if self.work.watching.take_if(|doing| *doing == Doing { request, enrollment }).is_none() {
            return Vec::new();
        }
        self.overlays.pop_if(|top| matches!(top, Overlay::Away(away) if away.enrollment == enrollment));
        let partner = self.course(enrollment).and_then(CourseView::provider);
        let partner = partner.map(|provider| provider.name.to_string()).unwrap_or_default();
        match result {
            Ok(first) => {
                // Shown at once; the read that follows has the last word.
                let course = self.courses.items.iter_mut().flatten().find(|c| c.enrollment.id == enrollment);
                if let Some(course) = course {
                    course.watched = true;
                }
                self.say(Level::Good, text::watching(&partner, first));
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }

    /// `y` in the box.
    pub(super) fn copy_contact(&mut self) -> Vec<Effect> {
        let Some(contact) = self.away_contact() else {
            return Vec::new();
        };
        self.say(Level::Good, text::COPIED_CONTACT);
        vec![Effect::CopyText(contact)]
    }

    pub(super) fn step_away(&mut self, by: isize) {
        if let Some(Overlay::Away(away)) = self.overlays.last_mut() {
            away.selected = super::input::moved(away.selected, by, away.ways().len());
        }
    }
}
