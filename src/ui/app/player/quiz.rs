//! The quiz of a lesson: one question at a time.

use super::super::App;
use super::{Mode, Player, Sending};
use crate::domain::lesson::Feedback;
use crate::domain::quiz::{Answer, GivenAnswer, Question, QuestionKind, Quiz, QuizStanding, Score};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::ui::app::input::moved;
use crate::ui::effect::Effect;
use crate::ui::field::{Field, Taken};
use crate::ui::layout;
use crate::ui::text;
use crossterm::event::{KeyCode, KeyEvent};

/// A quiz as it is looked at.
#[derive(Clone, Debug)]
pub(in crate::ui) struct QuizScreen {
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The question on screen, by its place in the quiz.
    pub place: usize,
    /// How far it is.
    pub phase: Phase,
    /// The options or items as they are shown: places in the lesson's own order.
    pub order: Vec<u8>,
    /// The one in focus, by its place in `order`. None at first where it would be the answer: one Enter too many
    /// must not give it.
    pub focus: Option<usize>,
    /// An item was taken into the hand: the order is one the student has made.
    pub arranged: bool,
    /// The options that are marked, where several may be.
    pub marked: Vec<u8>,
    /// The item in focus moves with the keys.
    pub held: bool,
    /// What is typed, where words are asked for.
    pub field: Field,
    /// Why it was not taken.
    pub error: Option<String>,
    /// The first line on screen.
    pub scroll: usize,
}

/// How far a quiz is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Phase {
    /// The question is asked.
    Asking,
    /// It was answered, and it is said whether that is right.
    Told,
    /// All questions are answered.
    Ended,
}

impl QuizScreen {
    fn new(attempt: u32, phase: Phase) -> Self {
        Self {
            attempt,
            place: 0,
            phase,
            order: Vec::new(),
            focus: Some(0),
            arranged: false,
            marked: Vec::new(),
            held: false,
            field: Field::default(),
            error: None,
            scroll: 0,
        }
    }

    /// Whether an option is part of the answer so far.
    pub fn is_marked(&self, option: u8) -> bool {
        self.marked.contains(&option)
    }

    fn mark(&mut self, option: u8) {
        self.error = None;
        if self.is_marked(option) {
            self.marked.retain(|other| *other != option);
        } else {
            self.marked.push(option);
        }
    }

    /// Says why an answer was not taken, which stands below the options: there it has to be in sight.
    pub(super) fn refuse(&mut self, why: String) {
        (self.error, self.scroll) = (Some(why), usize::MAX);
    }

    /// The option or item in focus, by its place in the lesson's own order.
    fn in_focus(&self) -> Option<u8> {
        self.order.get(self.focus?).copied()
    }

    /// The answer as it stands; `None` while nothing is chosen or written.
    fn answer(&self, question: &Question) -> Option<Answer> {
        let answer = match question.kind {
            QuestionKind::Single { .. } => Answer::Chosen(self.in_focus().into_iter().collect()),
            QuestionKind::Multiple { .. } => {
                let mut chosen = self.marked.clone();
                chosen.sort_unstable();
                Answer::Chosen(chosen)
            }
            QuestionKind::Text { .. } => Answer::Typed(Text::clean(self.field.text())),
            QuestionKind::Order { .. } if !self.arranged => return None,
            QuestionKind::Order { .. } => Answer::Ordered(self.order.clone()),
        };
        question.takes(&answer).then_some(answer)
    }
}

impl Player {
    /// The quiz of the lesson that is open.
    pub fn questions(&self) -> Option<&Quiz> {
        self.opened.as_ref()?.lesson.quiz.as_ref()
    }

    /// The question on screen.
    pub fn question(&self) -> Option<&Question> {
        self.questions()?.questions.get(self.quiz()?.place)
    }

    /// What was answered to a question at the attempt on screen.
    pub fn given(&self, question: &Question) -> Option<&GivenAnswer> {
        let attempt = self.quiz()?.attempt;
        let given = self.opened.as_ref()?.lesson.given.iter();
        given.filter(|given| given.attempt == attempt).find(|given| given.question == question.id)
    }

    /// What came of the attempt on screen; `None` while questions are open.
    pub fn score(&self) -> Option<Score> {
        let opened = self.opened.as_ref()?;
        let (quiz, mark) = (opened.lesson.quiz.as_ref()?, opened.outline.rules.pass_mark);
        let attempt = self.quiz()?.attempt;
        // Whether it is passed was decided by the rules of its day.
        let passed = self.is_passed();
        let score = quiz.score_of(mark, &opened.lesson.given, attempt);
        score.map(|score| Score { passed, ..score }).or_else(|| {
            let answers = || opened.lesson.given.iter().filter(|given| given.attempt == attempt);
            let right = answers().filter(|given| given.right).count();
            passed.then(|| Score { right, of: answers().count(), passed })
        })
    }

    /// From where the student stands: the first open question, or what came of the last attempt.
    pub(super) fn begin_quiz(&mut self, now: Instant) {
        let Some(standing) = self.standing(now) else {
            return;
        };
        let last = || {
            let given = self.opened.iter().flat_map(|opened| &opened.lesson.given);
            given.map(|given| given.attempt).max().unwrap_or(1)
        };
        let screen = match standing {
            QuizStanding::Next(attempt) | QuizStanding::UnderWay(attempt, _) => {
                QuizScreen::new(attempt, Phase::Asking)
            }
            QuizStanding::Pausing(_) => QuizScreen::new(last(), Phase::Ended),
            QuizStanding::Passed(attempt) => QuizScreen::new(attempt, Phase::Ended),
        };
        let asks = screen.phase == Phase::Asking;
        self.mode = Mode::Quiz(Box::new(screen));
        if asks {
            self.ask_next();
            self.take_draft();
        }
    }

    /// Keeps the answer that is not given yet, for whoever comes back to the question.
    pub(super) fn keep_draft(&mut self) {
        let lesson = self.opened.as_ref().map(|opened| opened.lesson.key.clone());
        if let (Some(lesson), Mode::Quiz(quiz)) = (lesson, &self.mode)
            && quiz.phase == Phase::Asking
        {
            self.draft = Some((lesson, quiz.clone()));
        }
    }

    /// Takes up the answer that was begun, if it is one to the question on screen.
    fn take_draft(&mut self) {
        let lesson = self.opened.as_ref().map(|opened| opened.lesson.key.clone());
        let Some((of, draft)) = self.draft.take().filter(|(of, _)| Some(of) == lesson.as_ref()) else {
            return;
        };
        match self.quiz_mut() {
            Some(quiz)
                if quiz.phase == Phase::Asking
                    && (quiz.attempt, quiz.place) == (draft.attempt, draft.place)
                    && quiz.order.len() == draft.order.len() =>
            {
                *quiz = QuizScreen { error: None, ..*draft };
            }
            _ => self.draft = Some((of, draft)),
        }
    }

    /// Asks the first open question; without one the quiz has ended.
    fn ask_next(&mut self) {
        let open = self
            .questions()
            .and_then(|quiz| quiz.questions.iter().position(|question| self.given(question).is_none()));
        let order = open.and_then(|place| {
            let opened = self.opened.as_ref()?;
            let question = opened.lesson.quiz.as_ref()?.questions.get(place)?;
            let attempt = self.quiz()?.attempt;
            Some(question.shown(&opened.outline.rules, self.enrollment, &opened.lesson.key, attempt))
        });
        let asked = open.and_then(|place| self.questions()?.questions.get(place));
        let single = asked.is_some_and(|question| matches!(question.kind, QuestionKind::Single { .. }));
        if let Some(quiz) = self.quiz_mut() {
            let phase = if open.is_some() { Phase::Asking } else { Phase::Ended };
            *quiz = QuizScreen {
                place: open.unwrap_or(0),
                order: order.unwrap_or_default(),
                focus: (!single).then_some(0),
                ..QuizScreen::new(quiz.attempt, phase)
            };
        }
    }
}

impl App {
    /// `t`: the quiz of the lesson, or what came of it.
    pub(in crate::ui::app) fn open_quiz(&mut self) {
        let now = self.now;
        if let Some(player) = self.player_mut() {
            player.begin_quiz(now);
        }
    }

    /// Enter in a quiz.
    pub(in crate::ui::app) fn go_on_in_quiz(&mut self) -> Vec<Effect> {
        let now = self.now;
        self.hush();
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return Vec::new();
        };
        let phase = player.quiz().map(|quiz| quiz.phase);
        match phase {
            Some(Phase::Asking) => return self.send_answer(),
            Some(Phase::Told) => player.ask_next(),
            Some(Phase::Ended) if player.score().is_some_and(|score| score.passed) => {
                return self.go_to_next_step();
            }
            Some(Phase::Ended) => {
                if matches!(player.standing(now), Some(QuizStanding::Pausing(_))) {
                    player.mode = Mode::Reading;
                    self.step_player(isize::MIN);
                } else {
                    player.begin_quiz(now);
                }
            }
            None => {}
        }
        Vec::new()
    }

    fn send_answer(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        let Some(player) = self.player_mut() else {
            return Vec::new();
        };
        let (enrollment, lesson) = (player.enrollment, player.lesson().map(|lesson| lesson.key.clone()));
        let version = player.outline().map(|outline| outline.version);
        let (Some(question), Some(lesson), Some(version)) = (player.question().cloned(), lesson, version)
        else {
            return Vec::new();
        };
        let Some(quiz) = player.quiz_mut() else {
            return Vec::new();
        };
        if std::mem::take(&mut quiz.held) {
            return Vec::new();
        }
        let Some(answer) = quiz.answer(&question) else {
            quiz.refuse(text::no_answer(&question.kind).to_owned());
            return Vec::new();
        };
        quiz.error = None;
        let attempt = quiz.attempt;
        player.sending = Some(Sending::Answer(request));
        let question = question.id;
        vec![Effect::AnswerQuestion { request, enrollment, lesson, attempt, version, question, answer }]
    }

    /// An answer was written down.
    pub(super) fn after_answer(&mut self) {
        let Some(player) = self.player_mut() else {
            return;
        };
        let told = player.outline().is_some_and(|outline| outline.rules.feedback == Feedback::Immediate);
        let known = player.question().is_some_and(|question| player.given(question).is_some());
        match player.quiz_mut() {
            Some(quiz) if told && known => {
                (quiz.phase, quiz.scroll, quiz.error) = (Phase::Told, 0, None);
            }
            _ => player.ask_next(),
        }
    }

    /// Space: marks an option, or takes an item into the hand.
    pub(in crate::ui::app) fn mark_option(&mut self) {
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return;
        };
        let Some(kind) = player.question().map(|question| question.kind.clone()) else {
            return;
        };
        if let Some(quiz) = player.quiz_mut() {
            match (kind, quiz.in_focus()) {
                (QuestionKind::Multiple { .. }, Some(option)) => quiz.mark(option),
                (QuestionKind::Order { .. }, Some(_)) => {
                    (quiz.held, quiz.arranged, quiz.error) = (!quiz.held, true, None);
                }
                _ => return,
            }
        }
        self.show_focus();
    }

    /// A digit chooses an option by its number; where several may be right, it marks it.
    pub(in crate::ui::app) fn type_option(&mut self, key: KeyEvent) {
        let KeyCode::Char(digit @ '1'..='9') = key.code else {
            return;
        };
        let place = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(1) - 1;
        self.choose_option(place);
    }

    /// Chooses an option by its place on screen. Says whether it had the focus already.
    pub(in crate::ui::app) fn choose_option(&mut self, place: usize) -> bool {
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return false;
        };
        let several = matches!(player.question().map(|q| &q.kind), Some(QuestionKind::Multiple { .. }));
        let Some(quiz) = player.quiz_mut().filter(|quiz| quiz.phase == Phase::Asking) else {
            return false;
        };
        let Some(option) = quiz.order.get(place).copied() else {
            return false;
        };
        quiz.held = false;
        let before = quiz.focus.replace(place);
        if several {
            quiz.mark(option);
        } else if before.is_none() {
            quiz.error = None;
        }
        self.show_focus();
        before == Some(place)
    }

    /// The second click on an option: where one is enough, it is the answer.
    pub(in crate::ui::app) fn answer_by_click(&mut self) -> Vec<Effect> {
        let kind = self.player().and_then(Player::question).map(|question| &question.kind);
        if matches!(kind, Some(QuestionKind::Single { .. })) { self.send_answer() } else { Vec::new() }
    }

    /// Text that is typed as an answer.
    pub(in crate::ui::app) fn type_answer(&mut self, take: impl FnOnce(&mut Field) -> Taken) {
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return;
        };
        if let Some(quiz) = player.quiz_mut() {
            match take(&mut quiz.field) {
                Taken::Changed => quiz.error = None,
                Taken::TooLong => quiz.error = Some(text::too_long()),
                Taken::Nothing => return,
            }
        }
        self.show_focus();
    }

    /// Moves the focus, the item in the hand, or the lines.
    pub(super) fn step_quiz(&mut self, by: isize) {
        let (first, last) = layout::quiz_focus(self);
        let rows = usize::from(layout::player(self, layout::areas(self).body).text.height);
        let most = layout::player_scroll_room(self);
        let Some(player) = self.player_mut().filter(|player| !player.is_busy()) else {
            return;
        };
        let Some(quiz) = player.quiz_mut() else {
            return;
        };
        let count = quiz.order.len();
        let far = by == isize::MIN || by == isize::MAX;
        let hidden_below = last >= quiz.scroll + rows && last - first < rows;
        if quiz.phase != Phase::Asking || count == 0 {
            quiz.scroll = moved(quiz.scroll, by, most + 1);
        } else if by > 0 && hidden_below && !far {
            // A long question is read before what has the focus comes into sight.
            quiz.scroll = moved(quiz.scroll, by, most + 1);
        } else if by < 0 && quiz.focus.unwrap_or(0) == 0 && !quiz.held {
            quiz.scroll = moved(quiz.scroll, by, most + 1);
        } else {
            if let Some(from) = quiz.focus {
                let to = moved(from, by, count);
                if quiz.held {
                    let item = quiz.order.remove(from);
                    quiz.order.insert(to, item);
                }
                quiz.focus = Some(to);
            } else {
                let to = if by == isize::MAX { count - 1 } else { 0 };
                (quiz.focus, quiz.error) = (Some(to), None);
            }
            self.show_focus();
        }
    }

    /// What has the focus comes into sight.
    fn show_focus(&mut self) {
        let (first, last) = layout::quiz_focus(self);
        let rows = usize::from(layout::player(self, layout::areas(self).body).text.height).max(1);
        if let Some(quiz) = self.player_mut().and_then(Player::quiz_mut) {
            let least = (last + 1).saturating_sub(rows);
            quiz.scroll = quiz.scroll.max(least).min(first);
        }
    }

    pub(super) fn settle_quiz(&mut self) {
        let most = layout::player_scroll_room(self);
        if let Some(quiz) = self.player_mut().and_then(Player::quiz_mut) {
            quiz.scroll = quiz.scroll.min(most);
        }
    }
}
