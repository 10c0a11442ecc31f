//! The lessons of a course: what is done, what is open, what opens what.

use super::super::in_focus;
use super::super::paint::Paint;
use crate::domain::learning::LessonState;
use crate::ui::app::{App, Mode, Player};
use crate::ui::layout::{self, Size};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, player: &Player) {
    let Some(outline) = player.outline() else {
        return;
    };
    let (chosen, chooses) = match player.mode {
        Mode::Outline { selected } => (Some(selected), true),
        _ => (player.number(), false),
    };
    let selected = chosen.unwrap_or(0);
    let count = outline.lessons.len();
    let (rows, told) = layout::outline_parts(area, count);
    let first = layout::outline_first(selected, count, rows.height);
    let beside = app.size_class() == Size::Wide;
    let digits = count.to_string().len();
    for (row, (number, lesson)) in (0..rows.height).zip(outline.lessons.iter().enumerate().skip(first)) {
        let row = layout::line(rows, row);
        let state = outline.state(number);
        let here = player.number() == Some(number);
        if number == selected && chooses && in_focus(app) {
            paint.marker(row);
        }
        let loud = if number == selected && chooses {
            Role::Selected
        } else if here {
            Role::Strong
        } else {
            quiet(state)
        };
        let left = vec![
            paint.span(text::lesson_sign(state), sign_role(state)),
            paint.span(&format!(" {:>digits$} ", number + 1), Role::Muted),
            paint.span(lesson.title.as_str(), loud),
        ];
        let word = if here && !matches!(state, LessonState::Done | LessonState::QuizWaits) {
            "here"
        } else {
            text::lesson_word(state)
        };
        let all = format!("{word} · {}", text::minutes(lesson.minutes));
        let words = if beside || area.width < 56 { word } else { &all };
        let right =
            vec![paint.span(words, if state == LessonState::Done { Role::Good } else { Role::Muted })];
        paint.row(layout::inset(row, 2, 1), left, right);
    }
    let told = layout::inset(told, 2, 1);
    if chooses || !beside {
        paint.paragraph(layout::below(told, 1), &text::lesson_told(outline, selected), Role::Plain);
    } else {
        paint.paragraph(layout::below(told, 1), &text::outline_progress(outline), Role::Muted);
    }
    if count > usize::from(rows.height) {
        let (above, below) = (first, count.saturating_sub(first + usize::from(rows.height)));
        if let Some(words) = text::more(above, below) {
            let right = vec![paint.span(&words, Role::Muted)];
            paint.row(layout::line(told, 0), Vec::new(), right);
        }
    }
}

fn quiet(state: LessonState) -> Role {
    if state == LessonState::Locked { Role::Muted } else { Role::Plain }
}

fn sign_role(state: LessonState) -> Role {
    match state {
        LessonState::Done => Role::Good,
        LessonState::Begun | LessonState::QuizWaits => Role::Accent,
        LessonState::Open => Role::Plain,
        LessonState::Locked => Role::Muted,
    }
}
