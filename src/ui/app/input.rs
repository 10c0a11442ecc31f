//! Keys, clicks and pasted text.

use super::{App, DashId, Overlay, Screen};
use crate::domain::fits::Question;
use crate::ui::effect::Effect;
use crate::ui::field::{Field, Taken};
use crate::ui::keymap::{self, Action, Layer, Pressed};
use crate::ui::layout;
use crate::ui::msg::Level;
use crate::ui::{palette, text};
use crossterm::event::{KeyCode, KeyEvent};

impl App {
    /// What has the keys.
    pub(in crate::ui) fn layer(&self) -> Layer {
        self.layer_over(&self.overlays)
    }

    /// What has the keys when nothing but these lies over the screen.
    pub(in crate::ui) fn layer_over(&self, overlays: &[Overlay]) -> Layer {
        if self.size_class() == layout::Size::TooSmall {
            return Layer::TooSmall;
        }
        match (overlays.last(), self.screen()) {
            (Some(Overlay::Help { typing: true, .. }), _) => Layer::HelpSearch,
            (Some(Overlay::Help { .. }), _) => Layer::Help,
            (Some(Overlay::Palette(_)), _) => Layer::Palette,
            (Some(Overlay::Messages { .. }), _) => Layer::Messages,
            (Some(Overlay::Confirm { .. }), _) => Layer::Confirm,
            (Some(Overlay::Join { .. }), _) => Layer::Join,
            (Some(Overlay::Email { .. }), _) => Layer::Email,
            (Some(Overlay::Filter(_)), _) => Layer::Filter,
            (Some(Overlay::Fits(_)), _) => Layer::Fits,
            (Some(Overlay::Picker(_)), _) => Layer::Picker,
            (Some(Overlay::Review(_)), _) => Layer::Review,
            (Some(Overlay::Finish(_)), _) => Layer::Finish,
            (Some(Overlay::Withdraw), _) => Layer::Withdraw,
            (Some(Overlay::Reason { .. }), _) => Layer::Reason,
            (Some(Overlay::Away(_)), _) => Layer::Away,
            (Some(Overlay::Link { .. }), _) => Layer::Link,
            (Some(Overlay::Links(_)), _) => Layer::Links,
            (None, Screen::Programs) if self.list.typing => Layer::Search,
            (None, Screen::Programs) => Layer::Programs,
            (None, Screen::Program { .. }) => Layer::Program,
            (None, Screen::Dates { .. }) => Layer::Dates,
            (None, Screen::Compare(_)) => Layer::Compare,
            (None, Screen::Courses) => Layer::Courses,
            (None, Screen::Course { .. }) => Layer::Course,
            (None, Screen::Reviews(_)) => Layer::Reviews,
            (None, Screen::Checkout { .. }) => Layer::Checkout,
            (None, Screen::Pay { .. }) => Layer::Pay,
            (None, Screen::Switch(_)) => Layer::Switch,
            (None, Screen::Player(player)) => player.layer(),
            (None, Screen::Reports) => Layer::Reports,
            (None, Screen::Statement(_)) => Layer::Statement,
        }
    }

    pub(super) fn on_key(&mut self, key: KeyEvent) -> Vec<Effect> {
        self.touched = true;
        self.said.hint = None;
        let pressed = keymap::pressed(self, key);
        if self.holds(key, pressed) {
            return Vec::new();
        }
        match pressed {
            Pressed::Do(action) => self.act(action),
            Pressed::Off(reason) => {
                self.hint(text::sentence(reason));
                Vec::new()
            }
            Pressed::Nothing => self.on_typed(key),
        }
    }

    fn on_typed(&mut self, key: KeyEvent) -> Vec<Effect> {
        if self.layer() == Layer::Fits {
            self.answer(&key);
            return Vec::new();
        }
        match self.layer() {
            Layer::Quiz => self.type_option(key),
            Layer::Lesson | Layer::Found if key.code == KeyCode::Char(' ') => self.step(self.page()),
            Layer::Links => return self.type_link(key),
            Layer::Answer => {
                self.type_answer(|field| field.key(key));
                return Vec::new();
            }
            _ => {}
        }
        self.type_in_review(key);
        self.type_in_finish(key);
        let taken = self.focused_field().map(|field| field.key(key));
        self.on_taken(taken)
    }

    pub(super) fn on_paste(&mut self, raw: &str) -> Vec<Effect> {
        if self.holds_paste(raw) {
            return Vec::new();
        }
        self.touched = true;
        self.said.hint = None;
        if self.paste_in_review(raw) || self.paste_in_finish(raw) {
            return Vec::new();
        }
        if self.layer() == Layer::Answer {
            self.type_answer(|field| field.paste(raw));
            return Vec::new();
        }
        let taken = self.focused_field().map(|field| field.paste(raw));
        if taken.is_none() {
            self.hint(text::NO_FIELD);
        }
        self.on_taken(taken)
    }

    fn on_taken(&mut self, taken: Option<Taken>) -> Vec<Effect> {
        match taken {
            Some(Taken::Changed) => return self.on_text_changed(),
            Some(Taken::TooLong) => match self.overlays.last_mut() {
                Some(Overlay::Email { error, .. } | Overlay::Reason { error, .. }) => {
                    *error = Some(text::too_long());
                }
                Some(Overlay::Picker(picker)) => picker.error = Some(text::too_long()),
                _ => self.hint(text::too_long()),
            },
            Some(Taken::Nothing) | None => {}
        }
        Vec::new()
    }

    /// The text field that has the keys. Nothing may be typed while its text is being saved.
    fn focused_field(&mut self) -> Option<&mut Field> {
        let (saving, acting) = (self.work.saving.is_some(), self.work.acting.is_some());
        match self.layer() {
            Layer::Search => return Some(&mut self.list.search),
            Layer::LessonSearch => return self.player_mut().map(|player| &mut player.finding.field),
            layer if !layer.is_typing() => return None,
            _ => {}
        }
        match self.overlays.last_mut() {
            Some(Overlay::Email { field, .. }) if !saving => Some(field),
            Some(Overlay::Filter(filter)) => Some(&mut filter.field),
            Some(Overlay::Picker(picker)) if !acting => Some(&mut picker.field),
            Some(Overlay::Help { field, .. } | Overlay::Reason { field, .. }) => Some(field),
            Some(Overlay::Palette(palette)) => Some(&mut palette.field),
            _ => None,
        }
    }

    fn on_text_changed(&mut self) -> Vec<Effect> {
        if self.layer() == Layer::LessonSearch {
            self.find_typed();
            return Vec::new();
        }
        match self.overlays.last_mut() {
            Some(Overlay::Picker(_)) => self.find_students(),
            Some(Overlay::Filter(filter)) => {
                filter.selected = 0;
                Vec::new()
            }
            Some(Overlay::Email { error, .. } | Overlay::Reason { error, .. }) => {
                *error = None;
                Vec::new()
            }
            Some(Overlay::Help { scroll, .. }) => {
                *scroll = 0;
                Vec::new()
            }
            Some(Overlay::Palette(palette)) => {
                (palette.selected, palette.said) = (0, None);
                Vec::new()
            }
            _ => self.search_again(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for every action")]
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Move => {}
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp if self.layer() == Layer::Dates => self.step_month(-1),
            Action::PageDown if self.layer() == Layer::Dates => self.step_month(1),
            Action::PageUp => self.step(-self.page()),
            Action::PageDown => self.step(self.page()),
            Action::First => self.step(isize::MIN),
            Action::Last => self.step(isize::MAX),
            Action::Left | Action::Right => {
                let by = if action == Action::Left { -1 } else { 1 };
                if self.layer() == Layer::Reports {
                    return self.other_report(by);
                }
                if self.layer() == Layer::Compare { self.step_aside(by) } else { self.step_across(by) }
            }
            Action::NextStart => self.step_start(true),
            Action::StartBefore => self.step_start(false),
            Action::OtherPartner if self.layer() == Layer::Reviews => return self.widen_reviews(),
            Action::OtherPartner => self.other_partner(),
            Action::Dates => return self.open_dates_here(),
            Action::SaveDates => return self.save_dates(),
            Action::Go => return self.go(),
            Action::Back => return self.back(),
            Action::Close => return self.close(),
            Action::Quit => {
                let mut effects = self.keep_all_places();
                effects.push(Effect::Quit);
                return effects;
            }
            Action::Mark => self.mark_option(),
            Action::NextFind => self.next_find(true),
            Action::FindBefore => self.next_find(false),
            Action::Lessons => self.switch_outline(),
            Action::NextLesson => return self.open_beside(true),
            Action::LessonBefore => return self.open_beside(false),
            Action::Links => self.open_links(),
            Action::Quiz => self.open_quiz(),
            Action::SaveCertificate => return self.save_certificate(),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Palette => self.open_palette(),
            Action::Mouse => return self.switch_mouse(),
            Action::Help => self.open_help(),
            Action::Messages => {
                self.said.shown = false;
                self.overlays.push(Overlay::Messages { scroll: 0 });
            }
            Action::Programs => {
                self.hush();
                self.list.typing = false;
                self.stack = vec![Screen::Programs];
            }
            Action::Courses => {
                self.hush();
                self.list.typing = false;
                self.stack = vec![Screen::Courses];
                return self.come_to_courses();
            }
            Action::Reports => return self.open_reports(),
            Action::NextReport => return self.other_report(1),
            Action::Period => return self.other_period(),
            Action::ReportRows => return self.other_rows(),
            Action::Search if self.layer().is_in_player() => self.find_in_lesson(),
            Action::Search => match self.overlays.last_mut() {
                Some(Overlay::Help { typing, .. }) => *typing = true,
                _ => self.list.typing = true,
            },
            Action::Filter => {
                self.list.typing = false;
                self.open_filters();
            }
            Action::Compare => return self.open_comparison(),
            Action::Fits => self.open_fits(),
            Action::Refresh => return self.refresh(),
            Action::Details => {
                let id = self.focused_course().map(|course| course.enrollment.id);
                return id.map(|id| self.open_details(id)).unwrap_or_default();
            }
            Action::Reviews => return self.open_focused_reviews(),
            Action::SortReviews => return self.sort_reviews(),
            Action::Review => return self.write_review(),
            Action::NextField => {
                if !self.next_finish_field() {
                    self.next_review_field();
                }
            }
            Action::Finish => self.open_finish(),
            Action::WithdrawReview => self.ask_withdraw(),
            Action::Cancel => self.ask_cancel(),
            Action::Switch => return self.open_switch(),
            Action::Undo => {
                let undo = self.work.undo;
                return undo.map(|id| self.cancel(id)).unwrap_or_default();
            }
            Action::TryAgain => {
                let id = self.focused_course().map(|course| course.enrollment.id);
                return id.map(|id| self.retry(id)).unwrap_or_default();
            }
            Action::ShowLink => self.show_link(),
            Action::CopyContact => return self.copy_contact(),
            Action::CopyLink => return self.copy_link(),
            Action::OpenCertificate => return self.open_certificate(),
            Action::CopyCertificate => return self.copy_certificate(),
            Action::Cancelled => self.dash.cancelled = !self.dash.cancelled,
            Action::PickStudent => self.open_picker(),
            Action::LeaveStudent => return self.leave_student(),
        }
        Vec::new()
    }

    pub(super) fn go(&mut self) -> Vec<Effect> {
        match self.layer() {
            Layer::Programs | Layer::Search => {
                self.open_program();
                Vec::new()
            }
            Layer::Program => self.choose_offer(),
            Layer::Courses if self.focused_place().is_some() => self.go_on_with_place(),
            Layer::Dates => self.choose_start(),
            Layer::Compare => self.choose_column(),
            Layer::Courses | Layer::Course => {
                let id = self.focused_course().map(|course| course.enrollment.id);
                id.map(|id| self.go_on(id)).unwrap_or_default()
            }
            Layer::Confirm => match self.overlays.pop() {
                Some(Overlay::Confirm { what: DashId::Course(id) }) => self.cancel(id),
                Some(Overlay::Confirm { what: DashId::Place(id) }) => self.leave_waitlist(id),
                _ => Vec::new(),
            },
            Layer::Join => match self.overlays.pop() {
                Some(Overlay::Join { wish }) => self.join(wish),
                _ => Vec::new(),
            },
            Layer::Reports => self.open_statement(),
            Layer::Review => self.save_review(),
            Layer::Finish => self.send_finish(),
            Layer::Withdraw => self.withdraw_review(),
            Layer::Email => self.save_email(),
            Layer::Checkout => self.pay_at_checkout(),
            Layer::Pay => self.pay_here(),
            Layer::Switch => self.decide_switch(),
            Layer::Reason => self.overrule(),
            Layer::Lesson => self.read_on(),
            Layer::LessonSearch => {
                self.stop_typing_find();
                Vec::new()
            }
            Layer::Found => {
                self.next_find(true);
                Vec::new()
            }
            Layer::Links => self.follow_link(),
            Layer::Outline => self.open_chosen_lesson(),
            Layer::Quiz | Layer::Answer | Layer::Told => self.go_on_in_quiz(),
            Layer::Completed => self.leave_player(),
            Layer::Away => self.take_way(),
            Layer::Filter => self.toggle_wish(),
            Layer::Picker => self.pick_student(),
            Layer::Palette => self.do_chosen(),
            Layer::HelpSearch => {
                if let Some(Overlay::Help { typing, .. }) = self.overlays.last_mut() {
                    *typing = false;
                }
                Vec::new()
            }
            Layer::Help
            | Layer::Messages
            | Layer::Link
            | Layer::Fits
            | Layer::Reviews
            | Layer::Statement
            | Layer::TooSmall => self.close(),
        }
    }

    fn back(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Help { scroll, field, .. }) = self.overlays.last_mut() {
            field.clear();
            *scroll = 0;
        } else if self.list.typing && matches!(self.screen(), Screen::Programs) {
            if !self.list.search.text().is_empty() {
                return self.clear_search();
            }
            self.list.typing = false;
        } else if self.player().is_some() {
            return self.leave_player_part();
        } else if self.stack.len() > 1 {
            self.hush();
            let compared = self.compared_offer().map(|offer| offer.course.id);
            self.stack.pop();
            self.focus_card(compared);
        } else if self.work.waiting.is_some() && self.on_courses() {
            self.stop_waiting();
        } else if matches!(self.screen(), Screen::Programs) && self.is_narrowed() {
            return self.show_all();
        }
        Vec::new()
    }

    fn close(&mut self) -> Vec<Effect> {
        match self.overlays.pop() {
            Some(Overlay::Email { .. } | Overlay::Picker(_)) => {
                self.work.wish = None;
                self.work.acting = None;
                Vec::new()
            }
            Some(Overlay::Fits(_)) => self.keep_needs().into_iter().collect(),
            Some(Overlay::Review(review)) => {
                self.keep_draft(&review);
                Vec::new()
            }
            Some(Overlay::Finish(asked)) => {
                self.keep_finish(asked);
                Vec::new()
            }
            // By now it is written down that the link was handed over: the card says "Continue".
            Some(Overlay::Link { .. }) => vec![self.load_courses()],
            _ => Vec::new(),
        }
    }

    fn page(&self) -> isize {
        if self.layer().is_in_player() {
            return self.player_page();
        }
        let body = layout::areas(self).body;
        isize::try_from(body.height.saturating_sub(2).max(1)).unwrap_or(1)
    }

    /// Moves what has the focus, or scrolls what has none.
    pub(super) fn step(&mut self, by: isize) {
        match self.layer() {
            Layer::Programs | Layer::Search => {
                self.list.selected = moved(self.list.selected, by, self.hits());
            }
            Layer::Courses => {
                let items = self.dash_items();
                let by =
                    if by.unsigned_abs() > 1 && by != isize::MIN && by != isize::MAX { by / 4 } else { by };
                let place = moved(self.dash_place().unwrap_or(0), by, items.len());
                let next = items.get(place).map(|item| item.id);
                if next != self.dash.selected {
                    self.hush();
                    self.dash.selected = next;
                }
            }
            Layer::Reports => {
                let count = self.reports.rows.as_ref().map_or(0, |rows| rows.subjects().len());
                self.reports.selected = moved(self.reports.selected, by, count);
            }
            Layer::Dates => self.step_down(by),
            Layer::Filter => {
                if let Some(Overlay::Filter(filter)) = self.overlays.last_mut() {
                    filter.selected = moved(filter.selected, by, filter.wishes().len());
                }
            }
            Layer::Picker => {
                if let Some(Overlay::Picker(picker)) = self.overlays.last_mut() {
                    picker.selected = moved(picker.selected, by, picker.rows());
                }
            }
            Layer::Palette => {
                let rows = palette::entries(self).len();
                if let Some(palette) = self.palette_mut() {
                    let place = moved(palette.selected, by, rows);
                    if std::mem::replace(&mut palette.selected, place) != place {
                        palette.said = None;
                    }
                }
            }
            Layer::Program => {
                if let Some(Screen::Program { id, .. }) = self.stack.last() {
                    let count = self.program(*id).map_or(1, |view| view.offers.len().max(1));
                    if let Some(Screen::Program { focus, .. }) = self.stack.last_mut() {
                        *focus = moved(*focus, by, count);
                    }
                }
            }
            Layer::Switch => self.step_switch(by),
            layer if layer.is_in_player() => self.step_player(by),
            Layer::Links => {
                let count = self.lesson_links().len();
                if let Some(Overlay::Links(links)) = self.overlays.last_mut() {
                    links.selected = moved(links.selected, by, count);
                }
            }
            Layer::Away => self.step_away(by),
            Layer::Compare => self.scroll_comparison(by),
            Layer::Fits => {
                if let Some(Overlay::Fits(asked)) = self.overlays.last_mut() {
                    asked.question = moved(asked.question, by, Question::ALL.len());
                }
            }
            Layer::Help
            | Layer::HelpSearch
            | Layer::Messages
            | Layer::Course
            | Layer::Reviews
            | Layer::Statement => {
                self.scroll(by);
            }
            Layer::Confirm
            | Layer::Join
            | Layer::Email
            | Layer::Link
            | Layer::Review
            | Layer::Finish
            | Layer::Withdraw
            | Layer::Checkout
            | Layer::Pay
            | Layer::Reason
            | Layer::Lesson
            | Layer::LessonSearch
            | Layer::Found
            | Layer::Outline
            | Layer::Quiz
            | Layer::Answer
            | Layer::Told
            | Layer::Completed
            | Layer::TooSmall => {}
        }
    }

    fn scroll(&mut self, by: isize) {
        let room = layout::scroll_room(self, &self.overlays, layout::areas(self).body);
        let place = match self.overlays.last_mut() {
            Some(Overlay::Help { scroll, .. } | Overlay::Messages { scroll }) => scroll,
            Some(_) => return,
            None => match self.stack.last_mut() {
                Some(Screen::Course { scroll, .. }) => scroll,
                Some(Screen::Reviews(reviews)) => &mut reviews.scroll,
                Some(Screen::Statement(screen)) => &mut screen.scroll,
                _ => return,
            },
        };
        *place = moved(*place, by, room + 1);
    }

    fn scroll_comparison(&mut self, by: isize) {
        let rows = crate::domain::compare::Fact::ALL.len();
        // A page goes by rows, not by lines; where it ends says `settle`.
        let by = if by.unsigned_abs() > 1 && by != isize::MIN && by != isize::MAX { by / 2 } else { by };
        if let Some(screen) = self.compare_screen_mut() {
            screen.scroll = moved(screen.scroll, by, rows);
        }
    }

    /// Takes the mouse, or leaves it to the terminal, which can mark text with it.
    fn switch_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        let sentence = text::mouse(self.mouse, &self.keymap);
        self.say(Level::Info, sentence);
        vec![Effect::Mouse(self.mouse)]
    }

    fn open_help(&mut self) {
        self.overlays.push(Overlay::Help { scroll: 0, field: Field::default(), typing: false });
    }
}

pub(super) fn moved(place: usize, by: isize, count: usize) -> usize {
    place.saturating_add_signed(by).min(count.saturating_sub(1))
}
