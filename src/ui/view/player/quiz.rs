//! The quiz of a lesson: a question, what came of an answer, and what came of all of them.

use super::super::paint::Paint;
use super::super::{Line, in_focus};
use super::{hanging, paragraph};
use crate::domain::quiz::{Answer, GivenAnswer, Question, QuestionKind};
use crate::domain::text::Text;
use crate::ui::app::{App, Phase, Player, QuizScreen};
use crate::ui::layout::{self, PlayerAreas};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Position;

/// A line of a quiz, with the option it belongs to, by its place on screen.
#[derive(Clone, Debug)]
pub(in crate::ui) struct QuizLine {
    /// What stands there.
    pub line: Line,
    /// Of which option; the field of a question that asks for words is its first.
    pub choice: Option<usize>,
}

impl From<Line> for QuizLine {
    fn from(line: Line) -> Self {
        Self { line, choice: None }
    }
}

pub(super) fn draw(app: &App, paint: &mut Paint, parts: &PlayerAreas, player: &Player, quiz: &QuizScreen) {
    let area = parts.text;
    let lines = lines(app, player, area.width);
    let (first, rows) = (quiz.scroll, usize::from(area.height));
    let acts = if quiz.phase == Phase::Asking { quiz.focus } else { Some(0) };
    let mut cursor = None;
    let hidden = lines.len().saturating_sub(first + rows);
    for (row, line) in (0..).zip(lines.into_iter().skip(first).take(rows)) {
        if acts.is_some() && line.choice == acts && cursor.is_none() {
            cursor = Some(Position::new(area.x, area.y + row));
        }
        paint.spans(layout::line(area, row), line.line);
    }
    if in_focus(app) {
        let typing = quiz.phase == Phase::Asking && quiz.order.is_empty();
        let column = if typing { 2 + field(quiz, area.width).1 } else { 0 };
        paint.cursor = cursor.map(|at| Position::new(at.x + column, at.y)).or(Some(area.as_position()));
    }
    let title = player.lesson().map(|lesson| lesson.title.to_string()).unwrap_or_default();
    let left = vec![paint.span(&title, Role::Muted)];
    let right = text::more(first, hidden).map(|words| paint.span(&words, Role::Muted));
    paint.row(parts.status, left, right.into_iter().collect());
}

/// What is typed, as far as it fits, and where the cursor stands in it.
fn field(quiz: &QuizScreen, width: u16) -> (String, u16) {
    quiz.field.visible(usize::from(width.saturating_sub(2)))
}

/// Everything that scrolls.
pub(in crate::ui) fn lines(app: &App, player: &Player, width: u16) -> Vec<QuizLine> {
    let (Some(questions), Some(quiz)) = (player.questions(), player.quiz()) else {
        return Vec::new();
    };
    if quiz.phase == Phase::Ended {
        return ended(app, player, width);
    }
    let Some(question) = player.question() else {
        return Vec::new();
    };
    let mut head = Vec::new();
    paragraph(
        app.skin,
        &text::question_place(questions, quiz.place, quiz.attempt),
        width,
        Role::Muted,
        &mut head,
    );
    head.push(Vec::new());
    let mut out: Vec<QuizLine> = Vec::new();
    if quiz.phase == Phase::Told {
        let mut lines = head;
        if let Some(given) = player.given(question) {
            paragraph(app.skin, verdict(given).0, width, verdict(given).1, &mut lines);
            lines.push(Vec::new());
            paragraph(app.skin, question.ask.as_str(), width, Role::Strong, &mut lines);
            lines.push(Vec::new());
            answered(app, question, given, &quiz.order, width, &mut lines);
        }
        lines.push(Vec::new());
        out.extend(lines.into_iter().map(QuizLine::from));
        acts(app, player, width, &mut out);
        return out;
    }
    paragraph(app.skin, question.ask.as_str(), width, Role::Strong, &mut head);
    paragraph(app.skin, &text::how_to_answer(&question.kind, &app.keymap), width, Role::Muted, &mut head);
    head.push(Vec::new());
    out.extend(head.into_iter().map(QuizLine::from));
    options(app, question, quiz, width, &mut out);
    if let Some(error) = &quiz.error {
        let mut lines = vec![Vec::new()];
        paragraph(app.skin, error, width, Role::Bad, &mut lines);
        out.extend(lines.into_iter().map(QuizLine::from));
    }
    out
}

/// The options, the items or the field of a question that is asked.
fn options(app: &App, question: &Question, quiz: &QuizScreen, width: u16, out: &mut Vec<QuizLine>) {
    let skin = app.skin;
    let bar = |focused: bool| if focused { skin.marker() } else { " " };
    let words: Vec<&str> = match &question.kind {
        QuestionKind::Single { options, .. } | QuestionKind::Multiple { options, .. } => {
            options.iter().map(|option| option.text.as_str()).collect()
        }
        QuestionKind::Order { items, .. } => items.iter().map(Text::as_str).collect(),
        QuestionKind::Text { .. } => {
            let (typed, _) = field(quiz, width);
            let line =
                vec![skin.span(&format!("{} ", skin.marker()), Role::Accent), skin.span(&typed, Role::Plain)];
            out.push(QuizLine { line, choice: Some(0) });
            return;
        }
    };
    for (place, option) in quiz.order.iter().enumerate() {
        let focused = Some(place) == quiz.focus;
        let sign = match &question.kind {
            QuestionKind::Multiple { .. } => {
                let mark = if quiz.is_marked(*option) { "[x]" } else { "[ ]" };
                format!("{} {mark} {}  ", bar(focused), place + 1)
            }
            _ => format!("{} {}  ", bar(focused), place + 1),
        };
        let role = match (focused, quiz.held) {
            (true, true) => Role::Accent,
            (true, false) => Role::Selected,
            _ => Role::Plain,
        };
        let text = words.get(usize::from(*option)).copied().unwrap_or_default();
        let text = if focused && quiz.held { format!("{text}  (moving)") } else { text.to_owned() };
        let mut lines = Vec::new();
        hanging(
            skin,
            (&sign, if focused { Role::Accent } else { Role::Muted }),
            (&text, role),
            width,
            &mut lines,
        );
        out.extend(lines.into_iter().map(|line| QuizLine { line, choice: Some(place) }));
    }
}

/// Right or not, by sign and word.
fn verdict(given: &GivenAnswer) -> (&'static str, Role) {
    if given.right { (text::RIGHT, Role::Good) } else { (text::WRONG, Role::Bad) }
}

/// What was answered, what is right, and why.
fn answered(
    app: &App,
    question: &Question,
    given: &GivenAnswer,
    order: &[u8],
    width: u16,
    out: &mut Vec<Line>,
) {
    let skin = app.skin;
    match (&question.kind, &given.answer) {
        (
            QuestionKind::Single { options, .. } | QuestionKind::Multiple { options, .. },
            Answer::Chosen(chosen),
        ) => {
            for place in order {
                let Some(option) = options.get(usize::from(*place)) else {
                    continue;
                };
                let mine = chosen.contains(place);
                let (sign, role) = match (option.right, mine) {
                    (true, _) => ("✓ ", Role::Good),
                    (false, true) => ("✗ ", Role::Bad),
                    (false, false) => ("  ", Role::Muted),
                };
                let said = match (option.right, mine) {
                    (true, true) => "  (right, your answer)",
                    (true, false) => "  (right)",
                    (false, true) => "  (your answer)",
                    (false, false) => "",
                };
                let quiet = if option.right || mine { Role::Strong } else { Role::Muted };
                hanging(skin, (sign, role), (&format!("{}{said}", option.text), quiet), width, out);
                if option.right || mine {
                    hanging(skin, ("  ", Role::Muted), (option.why.as_str(), Role::Plain), width, out);
                }
            }
        }
        (QuestionKind::Text { accept, .. }, Answer::Typed(typed)) => {
            let (sign, role) = if given.right { ("✓ ", Role::Good) } else { ("✗ ", Role::Bad) };
            hanging(skin, (sign, role), (&format!("{typed}  (your answer)"), Role::Plain), width, out);
            if let Some(right) = accept.first().filter(|_| !given.right) {
                hanging(skin, ("✓ ", Role::Good), (&format!("{right}  (right)"), Role::Plain), width, out);
            }
        }
        (QuestionKind::Order { items, .. }, Answer::Ordered(ordered)) => {
            for (place, item) in items.iter().enumerate() {
                let there = ordered.iter().position(|given| usize::from(*given) == place);
                let fits = there == Some(place);
                let (sign, role) = if fits { ("✓ ", Role::Good) } else { ("✗ ", Role::Bad) };
                let moved = there.filter(|_| !fits).map(|there| format!("  (you: {})", there + 1));
                let words = format!("{}  {item}{}", place + 1, moved.unwrap_or_default());
                hanging(skin, (sign, role), (&words, Role::Plain), width, out);
            }
        }
        _ => {}
    }
    if let Some(why) = question.why() {
        out.push(Vec::new());
        paragraph(skin, why.as_str(), width, Role::Plain, out);
    }
}

/// What Enter does, as an element that can be clicked.
fn acts(app: &App, player: &Player, width: u16, out: &mut Vec<QuizLine>) {
    let Some(words) = text::after_quiz(player, &app.keymap, app.now) else {
        return;
    };
    let mut lines = Vec::new();
    let bar = format!("{} ", app.skin.marker());
    hanging(app.skin, (&bar, Role::Accent), (&words, Role::Accent), width, &mut lines);
    out.extend(lines.into_iter().map(|line| QuizLine { line, choice: Some(0) }));
}

/// What came of the whole quiz, and all answers.
fn ended(app: &App, player: &Player, width: u16) -> Vec<QuizLine> {
    let mut out: Vec<QuizLine> = Vec::new();
    let (Some(opened), Some(quiz), Some(score)) = (&player.opened, player.quiz(), player.score()) else {
        return out;
    };
    let rules = &opened.outline.rules;
    let mut lines = Vec::new();
    let role = if score.passed { Role::Good } else { Role::Warn };
    paragraph(app.skin, &text::scored(score, rules.pass_mark.get()), width, role, &mut lines);
    lines.push(Vec::new());
    out.extend(lines.into_iter().map(QuizLine::from));
    acts(app, player, width, &mut out);
    let mut lines = vec![Vec::new(), vec![app.skin.span(text::YOUR_ANSWERS, Role::Muted)]];
    for question in player.questions().iter().flat_map(|quiz| &quiz.questions) {
        let Some(given) = player.given(question) else {
            continue;
        };
        lines.push(Vec::new());
        let (words, role) = verdict(given);
        let sign = format!("{} ", words.chars().next().unwrap_or(' '));
        hanging(app.skin, (&sign, role), (question.ask.as_str(), Role::Strong), width, &mut lines);
        let order = question.shown(rules, player.enrollment, &opened.lesson.key, quiz.attempt);
        let mut inner = Vec::new();
        answered(app, question, given, &order, width.saturating_sub(2), &mut inner);
        lines.extend(inner.into_iter().map(|line| {
            let indent = app.skin.span(if line.is_empty() { "" } else { "  " }, Role::Plain);
            std::iter::once(indent).chain(line).collect::<Line>()
        }));
    }
    out.extend(lines.into_iter().map(QuizLine::from));
    out
}
