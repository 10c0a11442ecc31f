//! The player of a course taught here: what its keys do at the moment.

use super::state::{BUSY, Here, State};
use super::{Action, Layer};
use crate::domain::enrollment::Status;
use crate::domain::quiz::{QuestionKind, QuizStanding};
use crate::ui::app::{Mode, Phase, Player};
use crate::ui::{layout, text};
use State::{Elsewhere, Off, Ready};

const OPENING: State = Elsewhere("the lesson is being opened");

impl Here<'_> {
    /// What an action of the player is here.
    pub(super) fn learning(&self, action: Action) -> State {
        let Some(player) = self.app.player() else {
            return Elsewhere("not here");
        };
        let (Some(outline), Some(number)) = (player.outline(), player.number()) else {
            return OPENING;
        };
        match action {
            Action::NextLesson | Action::LessonBefore if player.is_busy() => Off(BUSY),
            Action::NextLesson if number + 1 >= outline.lessons.len() => Off("this is the last lesson"),
            Action::NextLesson if outline.blocked_by(number + 1).is_some() => {
                Off("the next lesson opens when this one is done")
            }
            Action::NextLesson => Ready("next lesson"),
            Action::LessonBefore if number == 0 => Off("this is the first lesson"),
            Action::LessonBefore => Ready("lesson before"),
            Action::Lessons => Ready(if self.layer == Layer::Outline { "to the text" } else { "lessons" }),
            Action::Links => {
                State::when(!player.page.links().is_empty(), "links", "this lesson has no links")
            }
            Action::NextFind | Action::FindBefore if player.finding.hits.len() < 2 => {
                Off("it is found only once")
            }
            Action::NextFind => Ready("next"),
            Action::FindBefore => Ready("before"),
            Action::Mark => match player.question().map(|question| &question.kind) {
                _ if player.is_busy() => Off(BUSY),
                Some(QuestionKind::Multiple { .. }) => Ready("mark"),
                Some(QuestionKind::Order { .. }) => {
                    Ready(if player.quiz().is_some_and(|quiz| quiz.held) { "put down" } else { "take" })
                }
                _ => Elsewhere("one answer is enough here"),
            },
            Action::Quiz => self.quiz(player),
            _ => Elsewhere("not here"),
        }
    }

    fn quiz(&self, player: &Player) -> State {
        match player.standing(self.app.now) {
            None => Off("this lesson has no quiz"),
            Some(QuizStanding::Passed(_) | QuizStanding::Pausing(_)) => Ready("see the quiz"),
            Some(_) if player.outline().is_some_and(|outline| outline.status == Status::Completed) => {
                Off("the course is completed: nothing is asked any more")
            }
            Some(_) if !player.is_read() => Off("the quiz comes at the end of the lesson"),
            Some(QuizStanding::UnderWay(..)) => Ready("go on with the quiz"),
            Some(QuizStanding::Next(_)) => Ready("take the quiz"),
        }
    }

    /// What Enter does in the player.
    pub(super) fn go_on_learning(&self) -> State {
        let app = self.app;
        if self.layer == Layer::Links {
            return Ready("follow");
        }
        let Some(player) = app.player() else {
            return Elsewhere("not here");
        };
        if player.opened.is_none() {
            return OPENING;
        }
        let label = match self.layer {
            Layer::Lesson if !app.at_lesson_end() => Some("read on"),
            Layer::LessonSearch if player.finding.hits.is_empty() => Some("leave search"),
            Layer::LessonSearch => Some("done"),
            Layer::Found if player.finding.hits.len() < 2 => return Elsewhere("it is found only once"),
            Layer::Found => Some("next"),
            Layer::Completed => Some("my courses"),
            // The spinner says it.
            _ if player.is_busy() => return Elsewhere(BUSY),
            Layer::Lesson => text::next_step_label(player, app.now),
            Layer::Outline => return go_on_in_outline(player),
            Layer::Quiz | Layer::Answer if player.quiz().is_some_and(|quiz| quiz.held) => Some("put down"),
            Layer::Quiz | Layer::Answer => Some("answer"),
            _ => text::after_quiz_label(player, app.now),
        };
        label.map_or(Elsewhere("not here"), Ready)
    }

    /// What the keys that move do in the player.
    pub(super) fn motion_in_player(&self) -> (bool, &'static str) {
        let app = self.app;
        if self.layer == Layer::Links {
            return (app.lesson_links().len() > 1, "choose");
        }
        let Some(player) = app.player() else {
            return (false, "");
        };
        let scrolls = layout::player_scroll_room(app) > 0;
        match &player.mode {
            Mode::Outline { .. } => {
                (player.outline().is_some_and(|outline| outline.lessons.len() > 1), "choose")
            }
            Mode::Quiz(quiz) if player.is_busy() && quiz.phase == Phase::Asking => (false, ""),
            Mode::Quiz(quiz) if quiz.order.len() > 1 && quiz.phase == Phase::Asking => {
                (true, if quiz.held { "move" } else { "choose" })
            }
            Mode::Reading | Mode::Quiz(_) => (scrolls, "scroll"),
            Mode::Completed => (false, ""),
        }
    }

    /// What Esc does in the player.
    pub(super) fn back_in_player(&self) -> State {
        Ready(match self.layer {
            Layer::LessonSearch | Layer::Found => "stop searching",
            Layer::Quiz | Layer::Answer | Layer::Told => "to the lesson",
            _ => "back",
        })
    }
}

/// What Enter does with the chosen lesson.
fn go_on_in_outline(player: &Player) -> State {
    let Mode::Outline { selected } = player.mode else {
        return Elsewhere("not here");
    };
    let locked = player.outline().is_some_and(|outline| outline.blocked_by(selected).is_some());
    match player.number() {
        _ if locked => Ready("why not"),
        Some(number) if number == selected => Ready("read on"),
        _ => Ready("open"),
    }
}
