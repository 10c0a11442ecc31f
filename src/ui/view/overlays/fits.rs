//! The questions of "Fits you", and what comes of the answers.

use super::{bottom, title};
use crate::domain::fits::Question;
use crate::ui::app::{App, FitsBox};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::compare::mark_role;
use crate::ui::view::paint::Paint;
use ratatui::layout::Rect;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, asked: FitsBox) {
    title(paint, area, "What fits you");
    let currency = app.currency_on_screen();
    let told = &app.needs.preferences;
    let rows = layout::fits_questions(area);
    for (row, (place, question)) in (0..).zip(Question::ALL.into_iter().enumerate()) {
        let line = layout::line(rows, row);
        let chosen = place == asked.question;
        if chosen {
            paint.marker(Rect { width: 1, ..line });
        }
        let role = if chosen { Role::Selected } else { Role::Plain };
        let left = vec![paint.span(question.words(), role)];
        let right = match told.answered(question) {
            Some(place) => paint.span(&format!("✓ {}", question.answer(place, currency)), Role::Accent),
            None => paint.span("not answered", Role::Muted),
        };
        paint.row(layout::inset(line, 2, 0), left, vec![right]);
    }
    let cursor = paint.cursor;
    let roomy = inner.height >= 10;
    let mut next = fit::cells(Question::ALL.len()) + u16::from(roomy);
    let question = asked.asked();
    let answers =
        (0..question.answers()).map(|place| format!("{} {}", place + 1, question.answer(place, currency)));
    let answers = answers.collect::<Vec<_>>().join(" · ");
    let room = layout::top(layout::inset(layout::below(inner, next), 2, 0), 2);
    next += paint.paragraph(room, &answers, Role::Accent) + u16::from(roomy);
    let rest = layout::below(inner, next);
    let rest = Rect { height: rest.height.saturating_sub(1), ..rest };
    results(app, paint, layout::inset(rest, 2, 0));
    bottom(
        paint,
        inner,
        &format!("{} closes · {}", sign_here(app, Action::Close), text::HOW_TO_ANSWER),
        &format!("Done {}", sign_here(app, Action::Go)),
    );
    paint.cursor = cursor;
}

fn results(app: &App, paint: &mut Paint, area: Rect) {
    let Some(view) = app.program_on_screen().and_then(|id| app.program(id)) else {
        return;
    };
    let fits = app.fits(view);
    for (row, found) in (0..area.height).zip(&fits) {
        let line = layout::line(area, row);
        let name = paint.span(found.name.as_str(), Role::Strong);
        let why = paint.span(&format!("  {}", text::mark_with_reasons(found)), mark_role(found));
        paint.spans(line, vec![name, why]);
    }
}
