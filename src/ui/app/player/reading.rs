//! Reading: the text at its width, and moving through it.

use super::super::App;
use super::{Mode, Player};
use crate::ui::app::input::moved;
use crate::ui::effect::Effect;
use crate::ui::layout;
use crate::ui::msg::Level;
use crate::ui::page::Page;

impl App {
    /// Lays the lesson out at the width there is.
    pub(super) fn lay_page(&mut self) {
        let width = layout::player(self, layout::areas(self).body).text.width;
        let Some(player) = self.player_mut() else {
            return;
        };
        if let Some(opened) = &player.opened {
            player.page = Page::of(opened.lesson.body.as_str(), width);
        }
        player.finding.find_again(&player.page);
        self.measure_lesson();
    }

    /// Counts the lines of the lesson, once for everything that asks for them until the next message.
    pub(super) fn measure_lesson(&mut self) {
        let rows = layout::measured_lesson(self);
        if let Some(player) = self.player_mut() {
            player.rows = rows;
        }
    }

    /// Puts the place of the student at the top.
    pub(super) fn show_kept_place(&mut self) {
        let head = layout::lesson_rows(self).head;
        let most = layout::lesson_scroll_room(self);
        if let Some(player) = self.player_mut() {
            let line = if player.place == 0 { 0 } else { head + player.page.line_of(player.place) };
            player.top = line.min(most);
        }
    }

    /// Puts a line of the text on screen, with some of what stands before it.
    pub(super) fn show_line(&mut self, line: usize) {
        let rows = layout::lesson_rows(self);
        let room = usize::from(layout::player(self, layout::areas(self).body).text.height);
        let line = rows.head + line;
        let Some(player) = self.player() else {
            return;
        };
        if !(player.top..player.top + room).contains(&line) {
            self.scroll_lesson_to(line.saturating_sub(room / 3));
        }
    }

    fn scroll_lesson_to(&mut self, top: usize) {
        let head = layout::lesson_rows(self).head;
        let most = layout::lesson_scroll_room(self);
        if let Some(player) = self.player_mut() {
            player.top = top.min(most);
            player.place = player.place_of(player.top, head);
        }
    }

    /// Moves through what is looked at.
    pub(in crate::ui::app) fn step_player(&mut self, by: isize) {
        let most = layout::player_scroll_room(self);
        let lessons = self.player().and_then(Player::outline).map_or(0, |outline| outline.lessons.len());
        let Some(player) = self.player_mut() else {
            return;
        };
        match &mut player.mode {
            Mode::Reading => {
                let top = moved(player.top, by, most + 1);
                if top != player.top {
                    self.scroll_lesson_to(top);
                    self.hush_what_was_well();
                }
            }
            Mode::Outline { selected } => *selected = moved(*selected, by, lessons),
            Mode::Quiz(_) => self.step_quiz(by),
            Mode::Completed => {}
        }
    }

    /// What went well has been read by now; what did not stays.
    fn hush_what_was_well(&mut self) {
        if self.message().is_some_and(|notice| matches!(notice.level, Level::Good | Level::Info)) {
            self.hush();
        }
    }

    /// How far one page goes: a line of the page before stays in sight.
    pub(in crate::ui::app) fn player_page(&self) -> isize {
        let rows = layout::player(self, layout::areas(self).body).text.height;
        isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Whether the end of the lesson is on screen.
    pub(in crate::ui) fn at_lesson_end(&self) -> bool {
        self.player().is_some_and(|player| player.top >= layout::lesson_scroll_room(self))
    }

    /// The lesson beside, as an effect.
    pub(in crate::ui::app) fn open_beside(&mut self, forward: bool) -> Vec<Effect> {
        let number = self.player().and_then(Player::number);
        let beside = number.and_then(|number| if forward { Some(number + 1) } else { number.checked_sub(1) });
        beside.map(|number| self.open_number(number)).unwrap_or_default()
    }
}
