//! Clicks and the wheel.

use super::{App, Overlay, Screen};
use crate::ui::effect::Effect;
use crate::ui::keymap::Layer;
use crate::ui::layout::{self, Hit};
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

impl App {
    pub(super) fn on_mouse(&mut self, event: MouseEvent) -> Vec<Effect> {
        self.touched |= !matches!(event.kind, MouseEventKind::Moved);
        match event.kind {
            MouseEventKind::ScrollDown if self.layer() == Layer::Dates => self.step_month(1),
            MouseEventKind::ScrollUp if self.layer() == Layer::Dates => self.step_month(-1),
            MouseEventKind::ScrollDown => self.step(self.wheel()),
            MouseEventKind::ScrollUp => self.step(-self.wheel()),
            MouseEventKind::ScrollRight if self.layer() == Layer::Compare => self.step_aside(1),
            MouseEventKind::ScrollLeft if self.layer() == Layer::Compare => self.step_aside(-1),
            MouseEventKind::Down(MouseButton::Left) => {
                self.said.hint = None;
                // Who points at something has not waited for what the keys before would do.
                self.list.held.clear();
                if let Some(hit) = layout::hit(self, event.column, event.row) {
                    return self.on_click(hit);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// How far one notch of the wheel goes: lines of text go faster than what is chosen.
    fn wheel(&self) -> isize {
        match self.layer() {
            Layer::Help
            | Layer::HelpSearch
            | Layer::Messages
            | Layer::Course
            | Layer::Reviews
            | Layer::Statement
            | Layer::Lesson
            | Layer::LessonSearch
            | Layer::Found
            | Layer::Told => 3,
            _ => 1,
        }
    }

    /// The first click chooses, a click on what is chosen goes on.
    fn on_click(&mut self, hit: Hit) -> Vec<Effect> {
        match hit {
            Hit::Action(action) => return self.act(action),
            Hit::Program(row) => {
                if std::mem::replace(&mut self.list.selected, row) == row {
                    return self.go();
                }
            }
            Hit::Offer(place) => {
                if let Some(Screen::Program { focus, .. }) = self.stack.last_mut()
                    && std::mem::replace(focus, place) == place
                {
                    return self.go();
                }
            }
            Hit::Partner(place) => {
                if let Some(screen) = self.switch_screen_mut()
                    && std::mem::replace(&mut screen.focus, place) == place
                {
                    return self.go();
                }
            }
            Hit::Day(day) => self.choose_day(day),
            Hit::Start(row) => {
                if self.choose_place(row) {
                    return self.go();
                }
            }
            Hit::Column(place) => {
                if let Some(screen) = self.compare_screen_mut()
                    && std::mem::replace(&mut screen.focus, place) == place
                {
                    return self.go();
                }
            }
            Hit::Question(place) => {
                if let Some(Overlay::Fits(asked)) = self.overlays.last_mut() {
                    asked.question = place;
                }
            }
            Hit::Course(id) => {
                if self.dash.selected.replace(id) == Some(id) {
                    return self.go();
                }
                self.hush();
            }
            Hit::Entry(row) => {
                if let Some(palette) = self.palette_mut() {
                    if std::mem::replace(&mut palette.selected, row) == row {
                        return self.go();
                    }
                    palette.said = None;
                }
            }
            Hit::Filter(row) => {
                if let Some(Overlay::Filter(filter)) = self.overlays.last_mut() {
                    filter.selected = row;
                }
                return self.toggle_wish();
            }
            Hit::Way(row) => {
                if let Some(Overlay::Away(away)) = self.overlays.last_mut()
                    && std::mem::replace(&mut away.selected, row) == row
                {
                    return self.go();
                }
            }
            Hit::Lesson(number) => return self.click_lesson(number),
            Hit::Choice(_) if self.layer() == Layer::Told => return self.go_on_in_quiz(),
            Hit::Choice(place) => {
                if self.choose_option(place) {
                    return self.answer_by_click();
                }
            }
            Hit::NextStep => return self.read_on(),
            Hit::Link(index) => {
                let target = self.lesson_links().get(index).map(|link| link.target.clone());
                return target.map(|target| self.follow(target)).unwrap_or_default();
            }
            Hit::LinkRow(row) => {
                if let Some(Overlay::Links(links)) = self.overlays.last_mut()
                    && std::mem::replace(&mut links.selected, row) == row
                {
                    return self.go();
                }
            }
            Hit::Star(rating) => self.rate(rating),
            Hit::ReviewText => self.write_text(),
            Hit::Student(row) => {
                if let Some(Overlay::Picker(picker)) = self.overlays.last_mut()
                    && std::mem::replace(&mut picker.selected, row) == row
                {
                    return self.go();
                }
            }
        }
        Vec::new()
    }
}
