//! Comparing, dates and reviews: what their keys do at the moment.

use super::state::{BUSY, Here, READING, State, TAUGHT_HERE};
use super::{Action, Layer};
use crate::ui::app::Overlay;
use State::{Elsewhere, Off, Ready};

impl Here<'_> {
    /// What an action about choosing is here.
    pub(super) fn choosing(&self, action: Action) -> State {
        let (app, layer) = (self.app, self.layer);
        match action {
            Action::NextStart | Action::StartBefore => self.among_dates(action),
            Action::OtherPartner if layer == Layer::Dates => self.among_dates(action),
            Action::Dates => match app.program_on_screen().and_then(|id| app.program(id)) {
                Some(view) if view.self_hosted() => Off(TAUGHT_HERE),
                Some(_) => Ready("dates"),
                None => Off(READING),
            },
            Action::Reviews => self.of_offer(),
            Action::SortReviews => match app.reviews().and_then(|reviews| reviews.summary) {
                Some(summary) if summary.reviews() > 1 => Ready("sort"),
                _ => Off("there is nothing to sort"),
            },
            Action::OtherPartner => match app.reviews() {
                Some(reviews) if reviews.partner.is_none() => Off("you see all partners"),
                Some(reviews)
                    if app.program(reviews.query.program).is_some_and(|view| view.offers.len() < 2) =>
                {
                    Elsewhere("one partner delivers this program")
                }
                Some(reviews) if reviews.query.course.is_some() => Ready("all partners"),
                _ => Ready("one partner"),
            },
            Action::NextField => match self.overlays.last() {
                Some(Overlay::Finish(_)) => Ready("next field"),
                Some(Overlay::Review(review)) if review.writing => Ready("stars"),
                _ => Ready("text"),
            },
            Action::WithdrawReview => match self.overlays.last() {
                Some(Overlay::Review(review)) if review.is_busy() => Off(BUSY),
                Some(Overlay::Review(review)) if review.standing.is_some() => Ready("withdraw"),
                _ => Off("there is no review yet"),
            },
            Action::Compare => self.compare(),
            Action::Fits => match app.program_on_screen().and_then(|id| app.program(id)) {
                Some(view) if view.self_hosted() => Off(TAUGHT_HERE),
                // Above several cards it stands already: the footer has room for another key.
                Some(view) if layer == Layer::Program && view.offers.len() > 1 => Ready("what fits you"),
                Some(_) => Ready("fits you"),
                None => Off(READING),
            },
            Action::Left | Action::Right if layer == Layer::Switch => match app.switch_starts() {
                Some(_) => Ready("start"),
                None => Elsewhere("there is no other start to choose"),
            },
            // Also with one partner: the key must not fall through to what Enter does.
            Action::Left | Action::Right if layer != Layer::Compare => self.among_dates(action),
            Action::Left | Action::Right => {
                let view = app.program_on_screen().and_then(|id| app.program(id));
                Ready(if view.is_some_and(|view| view.offers.len() > 1) { "choose" } else { "" })
            }
            _ => Elsewhere("not here"),
        }
    }

    fn compare(&self) -> State {
        let app = self.app;
        let partners = match app.program_on_screen() {
            Some(id) => app.program(id).map(|view| view.offers.len()),
            None => app.chosen_entry().map(|entry| entry.offers.len()),
        };
        match partners {
            None if self.layer == Layer::Program => Off(READING),
            None => Off("choose a program first"),
            Some(0) => Off(TAUGHT_HERE),
            Some(_) => Ready("compare"),
        }
    }

    fn of_offer(&self) -> State {
        match self.app.program_on_screen().and_then(|id| self.app.program(id)) {
            Some(view) if view.self_hosted() => Off(TAUGHT_HERE),
            Some(_) => Ready("reviews"),
            None => Off(READING),
        }
    }

    pub(super) fn go_on_dates(&self) -> State {
        let app = self.app;
        let Some(dates) = app.dates() else {
            return Elsewhere("the program is being read");
        };
        if app.live_course(dates.view.program.id).is_some() {
            return Ready("go to course");
        }
        match dates.focused() {
            None => Elsewhere("choose a day with a start first"),
            Some(start) if !start.cohort.is_open(app.now) => Off("this start is over"),
            Some(start) if start.offer.unavailable(app.now).is_some() => Ready("why not"),
            Some(start) if start.cohort.is_full() => Ready("join the waitlist"),
            Some(_) => Ready("enroll"),
        }
    }

    /// The keys of the screen of dates, and of a card with several starts.
    fn among_dates(&self, action: Action) -> State {
        let Some(dates) = self.app.dates() else {
            return if self.app.card_with_starts().is_some() {
                Ready("start")
            } else if self.app.has_starts_beside() {
                // On the card beside these keys choose a start: here they must not enroll or leave.
                Ready("")
            } else {
                Elsewhere("there is no other start to choose")
            };
        };
        let dated = dates.view.offers.iter().filter(|offer| offer.dated).count();
        match action {
            Action::Right | Action::Left if dates.starts.is_empty() => {
                Elsewhere("there is nothing to choose")
            }
            Action::Right | Action::Left => Ready("day"),
            Action::NextStart => {
                State::when(dates.next_day(true).is_some(), "next start", "there is no later start")
            }
            Action::StartBefore => {
                State::when(dates.next_day(false).is_some(), "start before", "there is no earlier start")
            }
            _ if dated > 1 => Ready("partner"),
            _ => Elsewhere("there is no other partner with dates"),
        }
    }

    pub(super) fn go_on_column(&self) -> State {
        let app = self.app;
        match (app.program_on_screen(), app.compared_offer()) {
            (Some(program), Some(_)) if app.live_course(program).is_some() => Ready("go to course"),
            (_, Some(offer)) => self.go_on_offer(offer),
            (Some(program), None) if app.details.is_gone(program) => Off("this program is no longer here"),
            (_, None) => Off(READING),
        }
    }
}
