//! The player: a course taught here on screen, from its first lesson to its certificate.

mod finding;
mod going;
mod links;
mod places;
mod quiz;
mod reading;

pub(in crate::ui) use finding::Finding;
pub(in crate::ui) use going::NextStep;
pub(in crate::ui) use links::LinkBox;
pub(in crate::ui) use places::Places;
pub(in crate::ui) use quiz::{Phase, QuizScreen};

use super::{App, DashId, Screen};
use crate::domain::actor::Actor;
use crate::domain::decide::decide_learn;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::learning::{Learned, OpenedLesson, Outline, OutlineLesson};
use crate::domain::lesson::LessonKey;
use crate::domain::quiz::QuizStanding;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::keymap::Layer;
use crate::ui::layout::{self, LessonRows};
use crate::ui::msg::{Level, Who};
use crate::ui::page::Page;

/// The player of one course.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Player {
    /// Whose lessons.
    pub enrollment: EnrollmentId,
    /// The request for a lesson.
    pub opening: Option<RequestId>,
    /// The lesson, within its course; `None` before the first answer.
    pub opened: Option<Box<OpenedLesson>>,
    /// Its text at the width it has now.
    pub page: Page,
    /// What is looked at.
    pub mode: Mode,
    /// An answer that is not given yet, of whoever looks something up in the lesson.
    pub draft: Option<(LessonKey, Box<QuizScreen>)>,
    /// The first line on screen.
    pub top: usize,
    /// Byte of the lesson's text with which that line begins: stays where it is when the width changes.
    pub place: usize,
    /// The place that was kept last, or is on its way.
    pub kept: usize,
    /// What is searched for in the lesson.
    pub finding: Finding,
    /// The step that is being written down: a lesson read, or an answer.
    pub sending: Option<Sending>,
    /// The course was completed just now, and the student has not seen it yet.
    pub news: bool,
    /// How many lines the lesson has at the width it has now.
    pub rows: LessonRows,
}

/// A step that is being written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Sending {
    /// The lesson was read to its end.
    Read(RequestId),
    /// A question was answered.
    Answer(RequestId),
}

impl Sending {
    fn is(self, request: RequestId) -> bool {
        let (Self::Read(mine) | Self::Answer(mine)) = self;
        mine == request
    }

    /// Whether the student still is where they did it: whoever left is not pulled back.
    fn is_of(self, mode: &Mode) -> bool {
        matches!((self, mode), (Self::Read(_), Mode::Reading) | (Self::Answer(_), Mode::Quiz(_)))
    }
}

/// What of a course is looked at.
#[derive(Clone, Debug)]
pub(in crate::ui) enum Mode {
    /// The text.
    Reading,
    /// The lessons.
    Outline {
        /// The chosen one.
        selected: usize,
    },
    /// The quiz.
    Quiz(Box<QuizScreen>),
    /// The certificate.
    Completed,
}

impl Player {
    fn new(enrollment: EnrollmentId, request: RequestId) -> Self {
        Self {
            enrollment,
            opening: Some(request),
            opened: None,
            page: Page::of("", 1),
            mode: Mode::Reading,
            draft: None,
            top: 0,
            place: 0,
            kept: 0,
            finding: Finding::default(),
            sending: None,
            news: false,
            rows: LessonRows::default(),
        }
    }

    /// All lessons.
    pub fn outline(&self) -> Option<&Outline> {
        self.opened.as_ref().map(|opened| &opened.outline)
    }

    /// The number of the lesson that is open, from 0.
    pub fn number(&self) -> Option<usize> {
        let opened = self.opened.as_ref()?;
        opened.outline.number_of(&opened.lesson.key)
    }

    /// The lesson that is open, as the outline knows it.
    pub fn lesson(&self) -> Option<&OutlineLesson> {
        self.outline()?.lessons.get(self.number()?)
    }

    /// What has the keys.
    pub fn layer(&self) -> Layer {
        match &self.mode {
            Mode::Reading if self.finding.typing => Layer::LessonSearch,
            Mode::Reading if self.finding.is_active() => Layer::Found,
            Mode::Reading => Layer::Lesson,
            Mode::Outline { .. } => Layer::Outline,
            Mode::Quiz(quiz) if quiz.phase != Phase::Asking => Layer::Told,
            Mode::Quiz(quiz) if quiz.order.is_empty() => Layer::Answer,
            Mode::Quiz(_) => Layer::Quiz,
            Mode::Completed => Layer::Completed,
        }
    }

    /// A step or a lesson is under way: nothing may be done twice.
    pub fn is_busy(&self) -> bool {
        self.sending.is_some() || self.opening.is_some()
    }

    /// The quiz, while it is looked at.
    pub fn quiz(&self) -> Option<&QuizScreen> {
        match &self.mode {
            Mode::Quiz(quiz) => Some(quiz),
            _ => None,
        }
    }

    fn quiz_mut(&mut self) -> Option<&mut QuizScreen> {
        match &mut self.mode {
            Mode::Quiz(quiz) => Some(quiz),
            _ => None,
        }
    }
}

impl App {
    /// The player on screen.
    pub(in crate::ui) fn player(&self) -> Option<&Player> {
        match self.screen() {
            Screen::Player(player) => Some(player),
            _ => None,
        }
    }

    pub(super) fn player_mut(&mut self) -> Option<&mut Player> {
        match self.stack.last_mut() {
            Some(Screen::Player(player)) => Some(player),
            _ => None,
        }
    }

    /// Enter on a course taught here: to the lesson where the student was.
    pub(super) fn open_player(&mut self, id: EnrollmentId) -> Vec<Effect> {
        let Some(course) = self.course(id) else {
            return Vec::new();
        };
        let student = course.enrollment.student_id;
        let actor = match &self.who {
            Who::Advisor { advisor, .. } => Actor::Advisor { advisor: advisor.id, student },
            Who::Student(_) | Who::Nobody => Actor::Student(student),
        };
        // The service decides again.
        if let Err(refusal) = decide_learn(course, actor) {
            self.say(Level::Warn, refusal.to_string());
            return Vec::new();
        }
        self.hush();
        self.dash.selected = Some(DashId::Course(id));
        let request = self.next_request();
        self.stack.push(Screen::Player(Box::new(Player::new(id, request))));
        vec![Effect::OpenLesson { request, enrollment: id, lesson: None }]
    }

    /// Opens another lesson; the one on screen stays until it is there.
    pub(super) fn open_lesson(&mut self, lesson: LessonKey) -> Vec<Effect> {
        let request = self.next_request();
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return Vec::new();
        };
        player.opening = Some(request);
        let enrollment = player.enrollment;
        self.hush();
        vec![Effect::OpenLesson { request, enrollment, lesson: Some(lesson) }]
    }

    pub(super) fn on_lesson_opened(
        &mut self,
        request: RequestId,
        result: Result<Box<OpenedLesson>, Failure>,
    ) -> Vec<Effect> {
        let now = self.now;
        // A place that is not written down yet is newer than the one that was read.
        let newer = result
            .as_ref()
            .ok()
            .and_then(|opened| self.work.places.newest(opened.outline.enrollment_id, &opened.lesson.key));
        let Some(player) = self.player_mut().filter(|player| player.opening == Some(request)) else {
            return Vec::new();
        };
        player.opening = None;
        match result {
            Ok(mut opened) => {
                let number = opened.outline.number_of(&opened.lesson.key);
                if let (Some(number), Some(place)) = (number, newer) {
                    opened.outline.lessons[number].record.place = place;
                }
                let same = player.opened.as_ref().is_some_and(|old| old.lesson.key == opened.lesson.key);
                player.opened = Some(opened);
                if same && player.quiz().is_some() {
                    // Another terminal went on: the quiz is asked from where it stands now.
                    player.begin_quiz(now);
                }
                if !same {
                    player.mode = Mode::Reading;
                    player.place = player.lesson().map_or(0, |lesson| lesson.record.place);
                    player.kept = player.place;
                    player.finding = Finding::default();
                }
                self.lay_page();
                self.show_kept_place();
            }
            Err(failure) => {
                // Nothing is there to read: back to where it was opened.
                if player.opened.is_none() {
                    self.stack.pop();
                }
                self.say_failure(&failure);
            }
        }
        Vec::new()
    }

    pub(super) fn on_learned(
        &mut self,
        request: RequestId,
        result: Result<Box<Learned>, Failure>,
    ) -> Vec<Effect> {
        let mine = self.player_mut().filter(|player| player.sending.is_some_and(|step| step.is(request)));
        let Some((player, step)) = mine.and_then(|player| player.sending.take().map(|step| (player, step)))
        else {
            // The player was left meanwhile: the cards show what came of it.
            return vec![self.load_courses()];
        };
        let stays = step.is_of(&player.mode);
        match result {
            Ok(learned) => self.learned(*learned, stays),
            Err(failure) => self.not_learned(&failure),
        }
    }

    fn learned(&mut self, learned: Learned, stays: bool) -> Vec<Effect> {
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        let Some(opened) = &mut player.opened else {
            return Vec::new();
        };
        let current = opened.outline.version == learned.outline.version;
        if current {
            opened.outline = learned.outline;
            opened.lesson.given = learned.given;
        }
        let mut effects = Vec::new();
        if learned.completed {
            opened.outline.status = Status::Completed;
            player.news = true;
            // The certificate comes with the courses.
            effects.push(self.load_courses());
        }
        if !current {
            // The course was changed meanwhile: its text and questions have to be of the same version.
            effects.extend(self.open_again());
        } else if stays {
            effects.extend(self.after_step());
        }
        effects
    }

    fn not_learned(&mut self, failure: &Failure) -> Vec<Effect> {
        let asked = self.player().is_some_and(|player| player.quiz().is_some());
        // The quiz stands differently than this screen knows: somebody went on at another terminal.
        let stale = matches!(
            failure.code,
            "answered_already"
                | "changed_meanwhile"
                | "quiz_passed"
                | "quiz_pausing"
                | "unknown_question"
                | "already_completed"
        );
        if asked && !stale {
            if let Some(quiz) = self.player_mut().and_then(Player::quiz_mut) {
                quiz.refuse(failure.message.clone());
            }
            return Vec::new();
        }
        self.say_failure(failure);
        if stale { self.open_again() } else { Vec::new() }
    }

    /// Reads the lesson on screen once more, as it stands now.
    fn open_again(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        let Some(lesson) = player.opened.as_ref().map(|opened| opened.lesson.key.clone()) else {
            return Vec::new();
        };
        player.opening = Some(request);
        vec![Effect::OpenLesson { request, enrollment: player.enrollment, lesson: Some(lesson) }]
    }

    /// Esc in the player: one step back, at last to the courses.
    pub(super) fn leave_player_part(&mut self) -> Vec<Effect> {
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        if player.finding.is_active() {
            self.stop_finding();
            return Vec::new();
        }
        if matches!(player.mode, Mode::Outline { .. } | Mode::Quiz(_)) {
            player.keep_draft();
            player.mode = Mode::Reading;
            return Vec::new();
        }
        self.leave_player()
    }

    /// Back to where the player was opened; the cards show what was done.
    pub(super) fn leave_player(&mut self) -> Vec<Effect> {
        self.hush();
        self.stack.pop();
        vec![self.load_courses()]
    }

    /// `o`: to the lessons, or back to the text.
    pub(super) fn switch_outline(&mut self) {
        if let Some(player) = self.player_mut() {
            player.keep_draft();
            player.mode = match player.mode {
                Mode::Outline { .. } => Mode::Reading,
                _ => Mode::Outline { selected: player.number().unwrap_or(0) },
            };
        }
    }

    /// Enter in the outline.
    pub(super) fn open_chosen_lesson(&mut self) -> Vec<Effect> {
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        let Mode::Outline { selected } = player.mode else {
            return Vec::new();
        };
        self.open_number(selected)
    }

    /// A click on a lesson: the first chooses it, where the lessons have the keys; the next opens it.
    pub(super) fn click_lesson(&mut self, number: usize) -> Vec<Effect> {
        if let Some(player) = self.player_mut()
            && let Mode::Outline { selected } = &mut player.mode
            && std::mem::replace(selected, number) != number
        {
            return Vec::new();
        }
        self.open_number(number)
    }

    /// Whether a pause before the next try of a quiz is on screen: it ends by itself.
    pub(super) fn pauses_on_screen(&self) -> bool {
        let paused = |player: &Player| matches!(player.standing(self.now), Some(QuizStanding::Pausing(_)));
        self.player().is_some_and(paused)
    }

    /// The title of the lesson a link names.
    pub(in crate::ui) fn lesson_named(&self, file: &str) -> Option<String> {
        let outline = self.player()?.outline()?;
        let number = outline.number_of(&links::lesson_of(file)?)?;
        Some(outline.lessons[number].title.to_string())
    }

    /// Opens a lesson by its place in the outline; says why not where it is locked.
    pub(super) fn open_number(&mut self, number: usize) -> Vec<Effect> {
        let Some(outline) = self.player().and_then(Player::outline) else {
            return Vec::new();
        };
        let Some(lesson) = outline.lessons.get(number) else {
            return Vec::new();
        };
        let key = lesson.key.clone();
        if let Err(refusal) = crate::domain::decide::decide_open(outline, &key) {
            self.hint(refusal.to_string());
            return Vec::new();
        }
        if let Some(player) = self.player_mut().filter(|player| player.number() == Some(number)) {
            player.mode = Mode::Reading;
            return Vec::new();
        }
        self.open_lesson(key)
    }

    /// After every message: the text has the width there is, and what is chosen is there.
    pub(super) fn settle_player(&mut self) {
        let Some(player) = self.player() else {
            return;
        };
        if player.opened.is_some()
            && player.page.width() != layout::player(self, layout::areas(self).body).text.width
        {
            self.lay_page();
            self.show_kept_place();
        } else {
            self.measure_lesson();
        }
        let most = layout::lesson_scroll_room(self);
        let lessons = self.player().and_then(Player::outline).map_or(0, |outline| outline.lessons.len());
        let Some(player) = self.player_mut() else {
            return;
        };
        player.top = player.top.min(most);
        if let Mode::Outline { selected } = &mut player.mode {
            *selected = (*selected).min(lessons.saturating_sub(1));
        }
        self.settle_quiz();
    }
}
