//! Paying: the checkout, and the wait until it is paid. Nothing here takes money: the worker follows
//! the payment, and what is read from the database says how it stands.

use super::{App, DashId, Doing, Screen, Wish};
use crate::domain::cohort::Cohort;
use crate::domain::decide::Choice;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Offer, ProgramView};
use crate::domain::web::WebUrl;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::Level;
use crate::ui::text;

/// What a checkout is about.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Checkout<'a> {
    /// The program.
    pub view: &'a ProgramView,
    /// With whom.
    pub offer: &'a Offer,
    /// The dated start, where there is one.
    pub cohort: Option<&'a Cohort>,
}

impl App {
    /// What the checkout on screen is about, once it is read.
    pub(in crate::ui) fn checkout(&self) -> Option<Checkout<'_>> {
        let Screen::Checkout { program, choice, .. } = *self.screen() else {
            return None;
        };
        let view = self.program(program)?;
        let offer = offer_of(view, choice, self.now)?;
        let cohort = match choice {
            Choice::Cohort(_, id) => offer.cohorts.iter().find(|cohort| cohort.id == id),
            Choice::Unmade | Choice::Course(_) => self.shown_start(offer),
        };
        Some(Checkout { view, offer, cohort })
    }

    /// Whether what is wanted costs something.
    pub(super) fn costs(&self, (program, choice): Wish) -> bool {
        let offer = self.program(program).and_then(|view| offer_of(view, choice, self.now));
        offer.is_some_and(|offer| !offer.course.price.is_zero())
    }

    /// Enter at the checkout: only this takes the place.
    pub(super) fn pay_at_checkout(&mut self) -> Vec<Effect> {
        let Screen::Checkout { program, choice, seat } = *self.screen() else {
            return Vec::new();
        };
        if self.is_acting() || self.checkout().is_none() {
            return Vec::new();
        }
        self.hush();
        match seat {
            Some(entry) => self.accept(entry),
            None if self.student().is_none() => {
                self.ask_who((program, choice), false);
                Vec::new()
            }
            None => self.send_enroll((program, choice)),
        }
    }

    /// A place is held until it is paid.
    pub(super) fn placed(&mut self, course: CourseView, watching: bool) -> Vec<Effect> {
        let id = course.enrollment.id;
        let sentence = text::held_elsewhere(&course);
        self.put_course(course);
        if watching {
            self.show_payment(id);
        } else {
            self.say(Level::Info, sentence);
        }
        let mut effects = vec![self.load_courses()];
        effects.extend(self.keep_needs());
        effects
    }

    pub(super) fn put_course(&mut self, course: CourseView) {
        let items = self.courses.items.get_or_insert_default();
        items.retain(|other| other.enrollment.id != course.enrollment.id);
        items.insert(0, course);
    }

    /// Goes to the screen that waits for a payment.
    pub(super) fn show_payment(&mut self, id: EnrollmentId) {
        self.hush();
        self.stack = vec![Screen::Courses, Screen::Pay { id }];
        self.dash.selected = Some(DashId::Course(id));
    }

    /// Goes to the course of whoever is enrolled already, or to what it waits for.
    pub(super) fn show_live(&mut self, id: EnrollmentId) -> Vec<Effect> {
        if self.course(id).is_some_and(|course| course.awaited().is_some() && !course.unpayable(self.now)) {
            return self.await_payment(id);
        }
        self.show_course(id)
    }

    /// Enter on a course that waits for payment: the same page again, never another payment.
    pub(super) fn await_payment(&mut self, id: EnrollmentId) -> Vec<Effect> {
        self.show_payment(id);
        self.page_again(id);
        vec![self.load_courses()]
    }

    /// The page may be opened once more: somebody asked for it.
    fn page_again(&mut self, id: EnrollmentId) {
        let payment = self.course(id).and_then(|course| course.money.open()).map(|payment| payment.id);
        if self.work.paging.is_none() {
            self.work.paged.retain(|paged| Some(*paged) != payment);
        }
    }

    /// The course, unless nobody should pay for it.
    fn payable(&self, id: EnrollmentId) -> Option<&CourseView> {
        self.course(id).filter(|course| !course.unpayable(self.now))
    }

    /// The address of the page that is waited for on screen.
    pub(in crate::ui) fn page_on_screen(&self) -> Option<&WebUrl> {
        let Screen::Pay { id } = self.screen() else {
            return None;
        };
        self.payable(*id)?.awaited()?.url.as_ref()
    }

    /// As soon as the page is there it is opened, once.
    pub(super) fn open_page(&mut self) -> Option<Effect> {
        let Screen::Pay { id } = *self.screen() else {
            return None;
        };
        let payment = self.payable(id)?.awaited()?;
        let (payment, url) = (payment.id, payment.url.clone()?);
        if self.work.paging.is_some() || self.work.paged.contains(&payment) {
            return None;
        }
        let request = self.next_request();
        self.work.paged.push(payment);
        self.work.paging = Some(Doing { request, enrollment: id });
        (self.work.browser, self.work.page_copied) = (None, false);
        Some(Effect::OpenPage { request, enrollment: id, url })
    }

    pub(super) fn on_page_opened(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        opened: bool,
    ) -> Vec<Effect> {
        if self.work.paging.take_if(|doing| *doing == Doing { request, enrollment }).is_none() {
            return Vec::new();
        }
        self.work.browser = Some(opened);
        if opened { Vec::new() } else { self.copy_page() }
    }

    /// Puts the address of the payment page on the clipboard.
    pub(super) fn copy_page(&mut self) -> Vec<Effect> {
        let Some(url) = self.page_on_screen().map(ToString::to_string) else {
            return Vec::new();
        };
        self.work.page_copied = true;
        vec![Effect::CopyText(url)]
    }

    /// Enter on the screen that waits: the page again, or another one where the last is over.
    pub(super) fn pay_here(&mut self) -> Vec<Effect> {
        let Screen::Pay { id } = *self.screen() else {
            return Vec::new();
        };
        match self.course(id).map(|course| crate::ui::card::next(course, self.now)) {
            Some(crate::ui::card::Next::Pay) => {
                self.page_again(id);
                Vec::new()
            }
            Some(_) => self.go_on(id),
            None => Vec::new(),
        }
    }

    /// The last page is over: asks for another one.
    pub(super) fn pay_again(&mut self, enrollment: EnrollmentId) -> Vec<Effect> {
        self.hush();
        let request = self.next_request();
        self.work.paying = Some(Doing { request, enrollment });
        vec![Effect::Pay { request, enrollment }]
    }

    pub(super) fn on_paying(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<Box<CourseView>, Failure>,
    ) -> Vec<Effect> {
        if self.work.paying.take_if(|doing| *doing == Doing { request, enrollment }).is_none() {
            return Vec::new();
        }
        match result {
            Ok(course) => {
                let watching = self.overlays.is_empty() && self.on_courses();
                self.put_course(*course);
                if watching {
                    self.show_payment(enrollment);
                }
            }
            Err(failure) => self.say_failure(&failure),
        }
        vec![self.load_courses()]
    }

    /// What waited for its payment when it was read last, and is paid now.
    pub(super) fn newly_paid(&self, courses: &[CourseView]) -> Vec<(CourseView, bool)> {
        let before = |course: &CourseView| {
            let before = self.course(course.enrollment.id)?;
            (before.enrollment.status == Status::Pending).then_some(before.enrollment.replaces_id.is_some())
        };
        let paid = courses.iter().filter(|course| course.enrollment.status == Status::Active);
        paid.filter_map(|course| Some((course.clone(), before(course)?))).collect()
    }

    /// Says that it is paid, and goes on for whoever waits for it.
    pub(super) fn tell_paid(&mut self, paid: &[(CourseView, bool)]) {
        for (course, switches) in paid {
            let id = course.enrollment.id;
            let watching = matches!(self.screen(), Screen::Pay { id: of } if *of == id);
            if watching {
                self.stack = vec![Screen::Courses];
                self.dash.selected = Some(DashId::Course(id));
            }
            let sentence = match (switches, watching) {
                (true, _) => format!("Paid. {}", text::switched(course, None)),
                (false, true) => text::paid(course, &self.keymap),
                (false, false) => text::paid_elsewhere(course),
            };
            self.say(Level::Good, sentence);
        }
    }

    /// The payment that another terminal began is found: its page is shown.
    pub(super) fn find_payment(&mut self) {
        let Some(program) = self.work.look_for.take() else {
            return;
        };
        let awaited = self.live_course(program).filter(|course| course.awaited().is_some());
        if let Some(id) = awaited.map(|course| course.enrollment.id)
            && self.overlays.is_empty()
            && self.program_on_screen() == Some(program)
        {
            self.show_payment(id);
        }
    }

    /// Something on the screen that waits moves: the spinner and the time that is left.
    pub(super) fn awaits_on_screen(&self) -> bool {
        match self.screen() {
            Screen::Pay { id } => self.payable(*id).is_some_and(|course| course.awaited().is_some()),
            _ => false,
        }
    }
}

fn offer_of(view: &ProgramView, choice: Choice, now: Instant) -> Option<&Offer> {
    match choice.course() {
        Some(id) => view.offers.iter().find(|offer| offer.course.id == id),
        None => view.available(now).next(),
    }
}
