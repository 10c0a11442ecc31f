//! The dated starts: on a partner's card, as a month, and into the student's own calendar.

use super::{App, Screen};
use crate::domain::calendar::{days_later, months_later};
use crate::domain::cohort::{Cohort, next_of, next_start, open_starts};
use crate::domain::decide::Choice;
use crate::domain::failure::Failure;
use crate::domain::ids::{CourseId, ProgramId};
use crate::domain::views::{Offer, ProgramView};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::layout::offers;
use crate::ui::msg::Level;
use crate::ui::text;
use chrono::NaiveDate;

/// One start, with whom it is.
#[derive(Clone, Copy, Debug)]
pub(in crate::ui) struct Start<'a> {
    /// The partner's offer.
    pub offer: &'a Offer,
    /// The start.
    pub cohort: &'a Cohort,
}

/// The screen of dates, put together from what is known.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Dates<'a> {
    /// The program.
    pub view: &'a ProgramView,
    /// The one partner whose starts are shown; `None` shows all.
    pub only: Option<&'a Offer>,
    /// All starts that are shown, by day.
    pub starts: Vec<Start<'a>>,
    /// Today, where the student is.
    pub today: NaiveDate,
    /// The day in focus.
    pub day: NaiveDate,
    place: usize,
}

impl<'a> Dates<'a> {
    /// The starts on a day.
    pub fn on(&self, day: NaiveDate) -> &[Start<'a>] {
        let begin = self.starts.partition_point(|start| start.cohort.starts_on < day);
        let end = self.starts.partition_point(|start| start.cohort.starts_on <= day);
        &self.starts[begin..end]
    }

    /// Which start of the day is in focus.
    pub fn place(&self) -> usize {
        self.place.min(self.on(self.day).len().saturating_sub(1))
    }

    /// The start in focus.
    pub fn focused(&self) -> Option<Start<'a>> {
        self.on(self.day).get(self.place()).copied()
    }

    /// The nearest day with a start after the one in focus, or before it.
    pub fn next_day(&self, forward: bool) -> Option<NaiveDate> {
        let mut days = self.starts.iter().map(|start| start.cohort.starts_on);
        if forward { days.find(|day| *day > self.day) } else { days.rfind(|day| *day < self.day) }
    }
}

impl App {
    /// Today, where the student is.
    pub(in crate::ui) fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.utc_offset).date_naive()
    }

    /// The start a partner's card shows: the one somebody chose, else the next open one.
    pub(in crate::ui) fn shown_start<'a>(&self, offer: &'a Offer) -> Option<&'a Cohort> {
        let chosen = self.chosen_starts.get(&offer.course.id);
        let mut open = open_starts(&offer.cohorts, self.now);
        let chosen = chosen.and_then(|id| open.find(|cohort| cohort.id == *id));
        chosen.or_else(|| next_start(&offer.cohorts, self.now))
    }

    /// The card in focus, where it has starts to choose among.
    pub(in crate::ui) fn card_with_starts(&self) -> Option<&Offer> {
        let Screen::Program { id, focus, .. } = self.screen() else {
            return None;
        };
        let offer = *offers(self.program(*id)?, self.now).get(*focus)?;
        let several = open_starts(&offer.cohorts, self.now).nth(1).is_some();
        (several && offer.unavailable(self.now).is_none() && self.live_course(*id).is_none()).then_some(offer)
    }

    /// Whether another card of the program on screen has starts to choose among.
    pub(in crate::ui) fn has_starts_beside(&self) -> bool {
        let Screen::Program { id, .. } = self.screen() else {
            return false;
        };
        let several = |offer: &Offer| open_starts(&offer.cohorts, self.now).nth(1).is_some();
        self.live_course(*id).is_none()
            && self.program(*id).is_some_and(|view| view.available(self.now).any(several))
    }

    /// The screen of dates, once its program is read.
    pub(in crate::ui) fn dates(&self) -> Option<Dates<'_>> {
        let Screen::Dates { program, course, day, place } = *self.screen() else {
            return None;
        };
        let view = self.program(program)?;
        let only = course.and_then(|id| view.offers.iter().find(|offer| offer.course.id == id));
        let shown =
            view.offers.iter().filter(|offer| only.is_none_or(|only| only.course.id == offer.course.id));
        let mut starts: Vec<Start<'_>> =
            shown.flat_map(|offer| offer.cohorts.iter().map(move |cohort| Start { offer, cohort })).collect();
        starts.sort_by_key(|start| start.cohort.starts_on);
        let today = self.today();
        let offered = starts.iter().filter(|start| start.offer.unavailable(self.now).is_none());
        let open = offered.map(|start| start.cohort).filter(|cohort| cohort.is_open(self.now));
        let day = day.or_else(|| next_of(open).map(|cohort| cohort.starts_on)).unwrap_or(today);
        Some(Dates { view, only, starts, today, day, place })
    }

    /// Shows the starts of a program, of one partner or of all of them. Seats are read anew.
    pub(super) fn open_dates(&mut self, program: ProgramId, course: Option<CourseId>) -> Vec<Effect> {
        self.hush();
        self.details.read_again(program);
        let dated = course.filter(|id| {
            let offer = |view: &ProgramView| view.offers.iter().any(|o| o.course.id == *id && o.dated);
            self.program(program).is_some_and(offer)
        });
        self.stack.push(Screen::Dates { program, course: dated, day: None, place: 0 });
        self.look_at_chosen(dated);
        Vec::new()
    }

    pub(super) fn open_dates_here(&mut self) -> Vec<Effect> {
        let course = self.focused_partner();
        self.program_on_screen().map(|id| self.open_dates(id, course)).unwrap_or_default()
    }

    /// The start somebody chose on a card is in focus here too.
    fn look_at_chosen(&mut self, course: Option<CourseId>) {
        let Some(chosen) = course.and_then(|course| self.chosen_starts.get(&course)).copied() else {
            return;
        };
        let found = self.dates().and_then(|dates| {
            let day = dates.starts.iter().find(|start| start.cohort.id == chosen)?.cohort.starts_on;
            Some((day, dates.on(day).iter().position(|start| start.cohort.id == chosen)?))
        });
        if let Some((day, place)) = found {
            self.look_at(day, place);
        }
    }

    fn look_at(&mut self, wanted: NaiveDate, row: usize) {
        if let Some(Screen::Dates { day, place, .. }) = self.stack.last_mut() {
            (*day, *place) = (Some(wanted), row);
        }
    }

    /// Left and right: the day before or after; on a card the start before or after.
    pub(super) fn step_across(&mut self, by: isize) {
        if let Some(day) = self.dates().map(|dates| dates.day) {
            return self.look_at(days_later(day, i64::try_from(by).unwrap_or_default()), 0);
        }
        let Some(offer) = self.card_with_starts().or_else(|| self.switch_starts()) else {
            return self.say(Level::Info, text::no_other_start(&self.keymap));
        };
        let open: Vec<_> = open_starts(&offer.cohorts, self.now).map(|cohort| cohort.id).collect();
        let shown = self.shown_start(offer).map(|cohort| cohort.id);
        let place = open.iter().position(|id| Some(*id) == shown).unwrap_or(0);
        // Past the last comes the first: a key that ends somewhere would leave the screen there.
        let next = if by > 0 { (place + 1) % open.len() } else { (place + open.len() - 1) % open.len() };
        let course = offer.course.id;
        self.chosen_starts.insert(course, open[next]);
        self.hush();
    }

    /// Up and down: among the starts of the day, then a week further; far away: first and last.
    pub(super) fn step_down(&mut self, by: isize) {
        let Some(dates) = self.dates() else {
            return;
        };
        let days = || dates.starts.iter().map(|start| start.cohort.starts_on);
        let (place, last) = (dates.place(), dates.on(dates.day).len().saturating_sub(1));
        let up = by < 0;
        let (day, place) = match by {
            isize::MIN => (days().next().unwrap_or(dates.day), 0),
            isize::MAX => (days().next_back().unwrap_or(dates.day), 0),
            _ if up && place > 0 => (dates.day, place - 1),
            _ if !up && place < last => (dates.day, place + 1),
            _ if up => {
                let day = days_later(dates.day, -7);
                (day, dates.on(day).len().saturating_sub(1))
            }
            _ => (days_later(dates.day, 7), 0),
        };
        self.look_at(day, place);
    }

    pub(super) fn step_month(&mut self, by: i32) {
        if let Some(day) = self.dates().map(|dates| dates.day) {
            self.look_at(months_later(day, by), 0);
        }
    }

    pub(super) fn step_start(&mut self, forward: bool) {
        if let Some(day) = self.dates().and_then(|dates| dates.next_day(forward)) {
            self.look_at(day, 0);
        }
    }

    /// A click on a day.
    pub(super) fn choose_day(&mut self, day: NaiveDate) {
        if self.dates().is_some_and(|dates| dates.day != day) {
            self.look_at(day, 0);
        }
    }

    /// A click on a start of the day; whether it was in focus already.
    pub(super) fn choose_place(&mut self, row: usize) -> bool {
        let Some((day, place)) = self.dates().map(|dates| (dates.day, dates.place())) else {
            return false;
        };
        self.look_at(day, row);
        row == place
    }

    /// All partners, then each of them that has dates.
    pub(super) fn other_partner(&mut self) {
        let Some(dates) = self.dates() else {
            return;
        };
        let dated: Vec<CourseId> =
            dates.view.offers.iter().filter(|offer| offer.dated).map(|offer| offer.course.id).collect();
        let shown = dates.only.and_then(|only| dated.iter().position(|id| *id == only.course.id));
        let next = shown.map_or(0, |place| place + 1);
        if let Some(Screen::Dates { course, day, place, .. }) = self.stack.last_mut() {
            *course = dated.get(next).copied();
            (*day, *place) = (None, 0);
        }
    }

    /// Enter on a start.
    pub(super) fn choose_start(&mut self) -> Vec<Effect> {
        let Some(dates) = self.dates() else {
            return Vec::new();
        };
        let program = dates.view.program.id;
        let chosen = dates.focused().map(|start| Choice::Cohort(start.offer.course.id, start.cohort.id));
        if let Some(live) = self.live_course(program) {
            let enrollment = live.enrollment.id;
            return self.show_live(enrollment);
        }
        chosen.map(|choice| self.enroll((program, choice))).unwrap_or_default()
    }

    /// Writes the dates of the course in focus into a file of one's own calendar.
    pub(super) fn save_dates(&mut self) -> Vec<Effect> {
        if self.work.dating.is_some() {
            return Vec::new();
        }
        let course = self.focused_course().filter(|course| course.cohort.is_some());
        let Some(enrollment) = course.map(|course| course.enrollment.id) else {
            return Vec::new();
        };
        self.hush();
        let request = self.next_request();
        self.work.dating = Some(request);
        vec![Effect::SaveDates { request, enrollment }]
    }

    pub(super) fn on_dates_saved(
        &mut self,
        request: RequestId,
        result: Result<String, Failure>,
    ) -> Vec<Effect> {
        if self.work.dating.take_if(|of| *of == request).is_some() {
            match result {
                Ok(path) => self.say(Level::Good, text::dates_saved(&path)),
                Err(failure) => self.say_failure(&failure),
            }
        }
        Vec::new()
    }
}
