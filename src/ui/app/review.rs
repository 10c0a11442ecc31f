//! Writing a review of one's own.

use super::{App, Overlay, parts::Reviewing};
use crate::domain::actor::Actor;
use crate::domain::decide::decide_review;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::refusal::Refusal;
use crate::domain::review::{MAX_REVIEW, Rating, Review, characters};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::ui::effect::{Effect, RequestId, ReviewChange};
use crate::ui::layout;
use crate::ui::msg::{Level, Who};
use crate::ui::text;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, TextArea, WrapMode};

/// The box in which a review is written.
#[derive(Clone, Debug)]
pub(in crate::ui) struct ReviewBox {
    /// Of which course.
    pub enrollment: EnrollmentId,
    /// The score, once chosen.
    pub rating: Option<Rating>,
    /// The text.
    pub area: TextArea<'static>,
    /// The text has the keys, not the stars.
    pub writing: bool,
    /// What is written down already.
    pub standing: Option<Review>,
    /// It is not known yet what is written down.
    pub reading: Option<RequestId>,
    /// It is being saved or withdrawn.
    pub saving: Option<RequestId>,
    /// Why it was not taken.
    pub error: Option<String>,
}

/// What was written in a box that was closed before it was saved.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Draft {
    enrollment: EnrollmentId,
    rating: Option<Rating>,
    text: String,
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(vec![text.to_owned()]);
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.move_cursor(CursorMove::End);
    area
}

impl ReviewBox {
    /// What was written, as one paragraph.
    pub fn text(&self) -> String {
        self.area.lines().join(" ")
    }

    /// How many characters may be added.
    pub fn left(&self) -> usize {
        MAX_REVIEW.saturating_sub(characters(&self.text()))
    }

    /// Nothing may be changed while it is read or saved.
    pub fn is_busy(&self) -> bool {
        self.reading.is_some() || self.saving.is_some()
    }

    /// Whether there is something that would be lost.
    fn draft(&self) -> Option<Draft> {
        let (rating, text) = (self.rating, self.text());
        let same = match &self.standing {
            Some(review) => rating == Some(review.rating) && text == review.text.as_str(),
            None => rating.is_none() && text.trim().is_empty(),
        };
        (!same && self.reading.is_none()).then_some(Draft { enrollment: self.enrollment, rating, text })
    }

    fn rate(&mut self, rating: Option<Rating>) {
        if let Some(rating) = rating.filter(|_| !self.is_busy()) {
            (self.rating, self.error) = (Some(rating), None);
        }
    }

    fn key(&mut self, key: KeyEvent) {
        let stars = self.rating.map_or(0, |rating| i64::from(rating.get()));
        match key.code {
            _ if self.is_busy() => {}
            KeyCode::Char(digit @ '1'..='5') if !self.writing => {
                self.rate(digit.to_digit(10).and_then(|stars| Rating::new(stars.into())));
            }
            KeyCode::Left if !self.writing => self.rate(Rating::new(stars - 1)),
            KeyCode::Right if !self.writing => self.rate(Rating::new(stars + 1)),
            KeyCode::Down if !self.writing => self.writing = true,
            KeyCode::Char(_) if !self.writing => {}
            KeyCode::Up if self.area.screen_cursor().row == 0 => self.writing = false,
            KeyCode::Char(c) => {
                let seen = c == ' ' || !Text::clean(&c.to_string()).is_empty();
                if self.left() == 0 {
                    self.error = Some(text::REVIEW_FULL.to_owned());
                } else if seen && key.modifiers.difference(crossterm::event::KeyModifiers::SHIFT).is_empty() {
                    self.error = None;
                    self.area.insert_char(c);
                }
            }
            KeyCode::Tab | KeyCode::Enter | KeyCode::Esc => {}
            _ => {
                if self.area.input(key) {
                    self.error = None;
                }
            }
        }
    }

    fn paste(&mut self, raw: &str) {
        if self.is_busy() {
            return;
        }
        // What was typed stays whatever is pasted.
        let clean = Text::clean_to(raw, usize::MAX);
        let all = characters(&self.text()) + characters(clean.as_str());
        if all > MAX_REVIEW {
            self.error = Some(text::review_paste_too_long(all));
            return;
        }
        self.error = None;
        self.writing = true;
        self.area.insert_str(clean.as_str());
    }
}

impl App {
    /// Why a course can't be reviewed; `None` when it can, as far as is known here.
    pub(in crate::ui) fn why_no_review(&self, course: &CourseView) -> Option<&'static str> {
        if matches!(self.who, Who::Advisor { .. }) {
            return Some("only the student writes a review");
        }
        let owner = Actor::Student(course.enrollment.student_id);
        match decide_review(course, owner, &course.start_facts(self.now)) {
            Ok(_) => None,
            Err(Refusal::NobodyToReview { .. }) => Some("it is taught here, without a partner"),
            Err(_) => Some("you can review it after you have started"),
        }
    }

    /// `v` on a course: the box, filled with what stands as soon as it is read.
    pub(super) fn write_review(&mut self) -> Vec<Effect> {
        let Some(enrollment) = self.focused_course().map(|course| course.enrollment.id) else {
            return Vec::new();
        };
        self.hush();
        let request = self.next_request();
        self.overlays.push(Overlay::Review(Box::new(ReviewBox {
            enrollment,
            rating: None,
            area: area(""),
            writing: false,
            standing: None,
            reading: Some(request),
            saving: None,
            error: None,
        })));
        vec![Effect::LoadOwnReview { request, enrollment }]
    }

    /// The box, on top or under a question about it.
    pub(super) fn review_box(&mut self) -> Option<&mut ReviewBox> {
        self.overlays.iter_mut().rev().find_map(|overlay| match overlay {
            Overlay::Review(review) => Some(&mut **review),
            _ => None,
        })
    }

    pub(super) fn type_in_review(&mut self, key: KeyEvent) {
        if let Some(Overlay::Review(review)) = self.overlays.last_mut() {
            review.key(key);
        }
    }

    pub(super) fn paste_in_review(&mut self, raw: &str) -> bool {
        match self.overlays.last_mut() {
            Some(Overlay::Review(review)) => {
                review.paste(raw);
                true
            }
            _ => false,
        }
    }

    /// From the stars to the text and back.
    pub(super) fn next_review_field(&mut self) {
        if let Some(review) = self.review_box() {
            review.writing = !review.writing;
        }
    }

    pub(super) fn rate(&mut self, rating: Rating) {
        if let Some(review) = self.review_box() {
            review.writing = false;
            review.rate(Some(rating));
        }
    }

    pub(super) fn write_text(&mut self) {
        if let Some(review) = self.review_box() {
            review.writing = true;
        }
    }

    /// Enter: from the stars to the text, from the text to everybody.
    pub(super) fn save_review(&mut self) -> Vec<Effect> {
        let (request, saves) = (self.next_request(), self.work.reviewing.is_some());
        let Some(review) = self.review_box() else {
            return Vec::new();
        };
        if review.is_busy() || saves {
            return Vec::new();
        }
        let Some(rating) = review.rating else {
            (review.error, review.writing) = (Some(text::NO_STARS.to_owned()), false);
            return Vec::new();
        };
        if !review.writing {
            review.writing = true;
            return Vec::new();
        }
        (review.error, review.saving) = (None, Some(request));
        let (enrollment, text) = (review.enrollment, review.text());
        let change = match review.standing {
            Some(_) => ReviewChange::Edit(rating, text),
            None => ReviewChange::Post(rating, text),
        };
        self.work.reviewing = Some(Reviewing { request, withdraws: false });
        vec![Effect::ChangeReview { request, enrollment, change }]
    }

    pub(super) fn ask_withdraw(&mut self) {
        self.overlays.push(Overlay::Withdraw);
    }

    pub(super) fn withdraw_review(&mut self) -> Vec<Effect> {
        self.overlays.pop();
        let (request, saves) = (self.next_request(), self.work.reviewing.is_some());
        let Some(review) = self.review_box().filter(|review| !review.is_busy() && !saves) else {
            return Vec::new();
        };
        (review.error, review.saving) = (None, Some(request));
        let enrollment = review.enrollment;
        self.work.reviewing = Some(Reviewing { request, withdraws: true });
        vec![Effect::ChangeReview { request, enrollment, change: ReviewChange::Withdraw }]
    }

    /// What was not saved waits for the next time the box is opened.
    pub(super) fn keep_draft(&mut self, review: &ReviewBox) {
        if review.reading.is_none() {
            self.work.drafts.retain(|draft| draft.enrollment != review.enrollment);
            self.work.drafts.extend(review.draft());
        }
        let kept = self.work.drafts.iter().any(|draft| draft.enrollment == review.enrollment);
        // What is on its way is not lost either; what comes of it is said then.
        if kept && review.saving.is_none() {
            self.say(Level::Info, text::DRAFT_KEPT);
        }
    }

    pub(super) fn on_own_review(
        &mut self,
        request: RequestId,
        result: Result<Option<Review>, Failure>,
    ) -> Vec<Effect> {
        let drafts = self.work.drafts.clone();
        let Some(review) = self.review_box().filter(|review| review.reading == Some(request)) else {
            return Vec::new();
        };
        review.reading = None;
        match result {
            Ok(standing) => {
                if let Some(standing) = &standing {
                    review.rating = Some(standing.rating);
                    review.area = area(standing.text.as_str());
                }
                review.standing = standing;
            }
            Err(failure) => {
                self.overlays.retain(|overlay| !matches!(overlay, Overlay::Review(_)));
                self.say_failure(&failure);
                return Vec::new();
            }
        }
        if let Some(draft) = drafts.into_iter().find(|draft| draft.enrollment == review.enrollment) {
            review.rating = draft.rating;
            review.area = area(&draft.text);
        }
        Vec::new()
    }

    pub(super) fn on_review_changed(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        let Some(asked) = self.work.reviewing.take_if(|asked| asked.request == request) else {
            return Vec::new();
        };
        match result {
            Ok(()) => {
                self.work.drafts.retain(|draft| draft.enrollment != enrollment);
                // The box may be closed by now, or be another one.
                let done = |overlay: &Overlay| matches!(overlay, Overlay::Review(review) if review.saving == Some(request));
                if self.overlays.iter().any(done) {
                    self.overlays.retain(|overlay| !done(overlay) && !matches!(overlay, Overlay::Withdraw));
                }
                let words = if asked.withdraws { text::review_withdrawn } else { text::review_saved };
                let sentence = self.course(enrollment).map(words);
                if let Some(sentence) = sentence {
                    self.say(Level::Good, sentence);
                }
                // The history has a line more.
                vec![self.load_courses()]
            }
            Err(failure) => self.on_review_refused(request, enrollment, failure),
        }
    }

    fn on_review_refused(
        &mut self,
        request: RequestId,
        enrollment: EnrollmentId,
        failure: Failure,
    ) -> Vec<Effect> {
        let next = self.next_request();
        let Some(review) = self.review_box().filter(|review| review.saving == Some(request)) else {
            self.say_failure(&failure);
            return Vec::new();
        };
        review.saving = None;
        if failure.code != "already_reviewed" {
            review.error = Some(failure.message);
            return Vec::new();
        }
        // Written elsewhere a moment ago: what stands is looked up, what was typed stays.
        review.error = Some(text::REVIEWED_ELSEWHERE.to_owned());
        let draft = review.draft();
        review.reading = Some(next);
        self.work.drafts.retain(|draft| draft.enrollment != enrollment);
        self.work.drafts.extend(draft);
        vec![Effect::LoadOwnReview { request: next, enrollment }]
    }

    /// The text area learns how wide it is, so that up and down know its lines.
    pub(super) fn settle_review(&mut self) {
        let Some(area) = layout::overlay(self) else {
            return;
        };
        if let Some(Overlay::Review(review)) = self.overlays.last() {
            let text = layout::review(area).text;
            if !text.is_empty() {
                (&review.area).render(text, &mut Buffer::empty(text));
            }
        }
    }
}
