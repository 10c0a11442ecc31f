//! Where a student is in a lesson is written down as they go: one write at a time, the latest place wins.

use super::super::{App, RETRY_AFTER};
use super::Player;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::lesson::LessonKey;
use crate::domain::time::Instant;
use crate::ui::effect::Effect;
use crate::ui::msg::Level;
use crate::ui::text;

/// A place in a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Place {
    enrollment: EnrollmentId,
    lesson: LessonKey,
    byte: usize,
}

impl Place {
    fn is_in(&self, enrollment: EnrollmentId, lesson: &LessonKey) -> bool {
        self.enrollment == enrollment && self.lesson == *lesson
    }

    fn effect(self) -> Effect {
        Effect::KeepPlace { enrollment: self.enrollment, lesson: self.lesson, place: self.byte }
    }
}

/// The places that are not written down yet. They outlive the player.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Places {
    /// The one that is being written.
    under_way: Option<Place>,
    /// The newest of each lesson.
    next: Vec<Place>,
    /// When the next try is, after one that failed.
    pub retry_at: Option<Instant>,
}

impl Places {
    fn note(&mut self, place: Place) {
        self.next.retain(|old| !old.is_in(place.enrollment, &place.lesson));
        self.next.push(place);
    }

    /// The newest place in a lesson that is not written down yet.
    pub(super) fn newest(&self, enrollment: EnrollmentId, lesson: &LessonKey) -> Option<usize> {
        let places = self.next.iter().rev().chain(&self.under_way);
        places.into_iter().find(|place| place.is_in(enrollment, lesson)).map(|place| place.byte)
    }
}

impl App {
    /// Notes where the student is, if that is somewhere else than before.
    pub(super) fn note_place(&mut self) {
        let Some(player) = self.player_mut().filter(|player| player.place != player.kept) else {
            return;
        };
        let (enrollment, byte) = (player.enrollment, player.place);
        if let Some(opened) = &mut player.opened {
            let lesson = opened.lesson.key.clone();
            if let Some(number) = opened.outline.number_of(&lesson) {
                opened.outline.lessons[number].record.place = byte;
            }
            player.kept = byte;
            self.work.places.note(Place { enrollment, lesson, byte });
        }
    }

    /// The next place to be written down, when none is under way.
    pub(in crate::ui::app) fn keep_place(&mut self) -> Option<Effect> {
        self.note_place();
        let places = &mut self.work.places;
        if places.under_way.is_some()
            || places.retry_at.is_some_and(|at| at > self.now)
            || places.next.is_empty()
        {
            return None;
        }
        let place = places.next.remove(0);
        places.under_way = Some(place.clone());
        Some(place.effect())
    }

    /// Everything that is not written down yet: the app ends.
    pub(in crate::ui::app) fn keep_all_places(&mut self) -> Vec<Effect> {
        self.note_place();
        std::mem::take(&mut self.work.places.next).into_iter().map(Place::effect).collect()
    }

    pub(in crate::ui::app) fn on_place_kept(
        &mut self,
        enrollment: EnrollmentId,
        lesson: &LessonKey,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        let Some(place) = self.work.places.under_way.take_if(|place| place.is_in(enrollment, lesson)) else {
            return Vec::new();
        };
        match result {
            Ok(()) => {
                if self.work.places.retry_at.take().is_some() {
                    self.say(Level::Good, text::PLACE_KEPT_AGAIN);
                }
            }
            // Another try would be refused as well.
            Err(failure) if failure.refused => self.say_failure(&failure),
            Err(_) => {
                let (first, due) = (self.work.places.retry_at.is_none(), self.now + RETRY_AFTER);
                let places = &mut self.work.places;
                places.retry_at = Some(due);
                if !places.next.iter().any(|next| next.is_in(enrollment, lesson)) {
                    places.next.insert(0, place);
                }
                if first {
                    self.say(Level::Warn, text::PLACE_NOT_KEPT);
                }
            }
        }
        Vec::new()
    }

    /// A place waits for its next try, or for its turn.
    pub(in crate::ui) fn keeps_trying(&self) -> bool {
        self.work.places.retry_at.is_some()
    }
}

impl Player {
    /// The byte of the text that a line on screen begins with; the beginning above the text.
    pub(super) fn place_of(&self, line: usize, head: usize) -> usize {
        line.checked_sub(head).map_or(0, |line| self.page.place_of(line))
    }
}
