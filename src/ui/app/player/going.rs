//! What follows at the end of a lesson.

use super::super::App;
use super::{Mode, Player, Sending};
use crate::domain::enrollment::Status;
use crate::domain::quiz::QuizStanding;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::ui::effect::Effect;
use crate::ui::msg::Level;
use crate::ui::text;

/// What Enter does at the end of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) enum NextStep {
    /// The quiz: at this attempt so many questions are answered.
    Quiz {
        /// From 1.
        attempt: u32,
        /// Of the questions.
        answered: usize,
    },
    /// The quiz has to wait until then.
    Pause(Instant),
    /// To this lesson, by its place in the outline.
    Lesson(usize),
    /// Nothing is left to do: the course is completed by it.
    Completes,
    /// The course is completed.
    Certificate,
}

impl Player {
    /// Whether the lesson was read to its end before.
    pub fn is_read(&self) -> bool {
        self.lesson().is_some_and(|lesson| lesson.record.read_at.is_some())
    }

    /// Whether the quiz of the lesson was passed, as it was written down then: the pass mark may be another by now.
    pub fn is_passed(&self) -> bool {
        self.lesson().is_some_and(|lesson| lesson.record.passed_at.is_some())
    }

    /// Where the student stands with the quiz of the lesson; `None` where it has none.
    pub fn standing(&self, now: Instant) -> Option<QuizStanding> {
        let opened = self.opened.as_ref()?;
        let quiz = opened.lesson.quiz.as_ref()?;
        Some(quiz.standing(&opened.outline.rules, &opened.lesson.given, self.is_passed(), now))
    }

    /// What follows when the lesson is read to its end.
    pub fn next_step(&self, now: Instant) -> Option<NextStep> {
        // Nothing is asked any more where the course is completed: a later version may have brought a quiz.
        let over = self.outline()?.status == Status::Completed;
        match self.standing(now).filter(|_| !over) {
            Some(QuizStanding::Next(attempt)) => Some(NextStep::Quiz { attempt, answered: 0 }),
            Some(QuizStanding::UnderWay(attempt, answered)) => Some(NextStep::Quiz { attempt, answered }),
            Some(QuizStanding::Pausing(until)) => Some(NextStep::Pause(until)),
            Some(QuizStanding::Passed(_)) | None => self.after_lesson(),
        }
    }

    /// What follows when all of the lesson is done.
    fn after_lesson(&self) -> Option<NextStep> {
        let (outline, number) = (self.outline()?, self.number()?);
        let key = &outline.lessons[number].key;
        // This lesson is done with it, and opens the one after.
        let opens = |next: usize| outline.blocked_by(next).is_none_or(|before| before.key == *key);
        if number + 1 < outline.lessons.len() && opens(number + 1) {
            return Some(NextStep::Lesson(number + 1));
        }
        let open = |(other, lesson): &(usize, &crate::domain::learning::OutlineLesson)| {
            *other != number && !lesson.is_done()
        };
        if let Some((other, _)) = outline.lessons.iter().enumerate().find(open) {
            return Some(NextStep::Lesson(other));
        }
        let completed = outline.status == Status::Completed;
        Some(if completed { NextStep::Certificate } else { NextStep::Completes })
    }
}

impl App {
    /// Enter while reading: on through the text, and at its end to what follows.
    pub(in crate::ui::app) fn read_on(&mut self) -> Vec<Effect> {
        if !self.at_lesson_end() {
            self.step_player(self.player_page());
            return Vec::new();
        }
        let Some(player) = self.player().filter(|player| !player.is_busy()) else {
            return Vec::new();
        };
        // Where all is done and the course is not completed, the service is asked to look at it once more.
        if player.is_read() && player.next_step(self.now) != Some(NextStep::Completes) {
            return self.go_to_next_step();
        }
        let Some(lesson) = player.lesson().map(|lesson| lesson.key.clone()) else {
            return Vec::new();
        };
        let enrollment = player.enrollment;
        let request = self.next_request();
        if let Some(player) = self.player_mut() {
            player.sending = Some(Sending::Read(request));
        }
        self.hush();
        vec![Effect::FinishLesson { request, enrollment, lesson }]
    }

    /// A step was written down: on to what follows it.
    pub(super) fn after_step(&mut self) -> Vec<Effect> {
        if self.player().is_some_and(|player| player.quiz().is_some()) {
            self.after_answer();
            return Vec::new();
        }
        self.go_to_next_step()
    }

    /// To what follows this lesson.
    pub(super) fn go_to_next_step(&mut self) -> Vec<Effect> {
        let now = self.now;
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        // Said once; whoever reads again goes from lesson to lesson.
        if std::mem::take(&mut player.news) {
            return self.show_completed(true);
        }
        match player.next_step(now) {
            Some(NextStep::Quiz { .. } | NextStep::Pause(_)) => {
                player.begin_quiz(now);
                Vec::new()
            }
            Some(NextStep::Lesson(number)) => self.open_number_anew(number),
            Some(NextStep::Certificate) => self.show_completed(false),
            Some(NextStep::Completes) => {
                player.mode = Mode::Reading;
                self.say(Level::Info, text::NOT_COMPLETED_YET);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// The end of the course; its certificate comes with the courses, where they were read before it was issued.
    /// Where that is `news` they are asked for already.
    fn show_completed(&mut self, news: bool) -> Vec<Effect> {
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        player.mode = Mode::Completed;
        let enrollment = player.enrollment;
        let known = self.course(enrollment).and_then(CourseView::issued).is_some();
        let comes = news && self.courses.request.is_some();
        if known || comes { Vec::new() } else { vec![self.load_courses()] }
    }

    fn open_number_anew(&mut self, number: usize) -> Vec<Effect> {
        if let Some(player) = self.player_mut() {
            player.mode = Mode::Reading;
        }
        self.open_number(number)
    }
}
