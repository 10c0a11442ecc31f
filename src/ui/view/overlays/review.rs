//! The box in which a review is written, and the question before it is taken back.

use super::{bottom, title};
use crate::ui::app::{App, ReviewBox};
use crate::ui::fit;
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::paint::Paint;
use crate::ui::view::reviews::stars;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::widgets::Widget;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, review: &ReviewBox) {
    let partner = app.course(review.enrollment).and_then(|course| course.provider());
    let name = partner.map(|partner| partner.name.to_string()).unwrap_or_default();
    title(paint, area, &format!("Your review of {name}"));
    let inner = layout::inside(area);
    let parts = layout::review(area);
    let words = match review.rating {
        Some(rating) => format!("  {}", rating.words()),
        None => "  press 1 to 5".to_owned(),
    };
    let role = if review.rating.is_some() { Role::Strong } else { Role::Muted };
    let mut line =
        vec![paint.span(&stars(paint.skin, review.rating), Role::Accent), paint.span(&words, role)];
    if review.rating.is_some() && !review.writing {
        line.push(paint.span(" · 1 to 5 change it", Role::Muted));
    }
    paint.spans(parts.stars, line);
    if review.reading.is_some() {
        let words = format!("{} {}", app.skin.spinner(app.ticks), text::READING_REVIEW);
        paint.text(layout::line(parts.text, 0), &words, Role::Muted);
    } else {
        text_area(paint, parts.text, review);
    }
    note(app, paint, parts.note, review);
    let go = if review.saving.is_some() {
        format!("{} {}", app.skin.spinner(app.ticks), text::SAVING)
    } else if review.writing {
        format!("Save {}", sign_here(app, Action::Go))
    } else {
        format!("Write {}", sign_here(app, Action::Go))
    };
    bottom(paint, inner, &format!("{} closes", sign_here(app, Action::Close)), &go);
    // The element in focus carries the bar and the cursor.
    let (marked, cursor) = if review.writing {
        (parts.text, cursor(parts.text, review))
    } else {
        (parts.stars, Position::new(parts.stars.x, parts.stars.y))
    };
    paint.marker(Rect { x: marked.x.saturating_sub(2), width: 1, ..marked });
    paint.cursor = Some(cursor);
}

fn text_area(paint: &mut Paint, area: Rect, review: &ReviewBox) {
    // A copy takes the colours; the model stays as it is.
    let mut shown = review.area.clone();
    let plain = paint.skin.style(Role::Plain);
    shown.set_style(plain);
    shown.set_cursor_line_style(Style::new());
    shown.set_cursor_style(plain);
    if review.text().is_empty() {
        paint.paragraph(area, text::REVIEW_HINT, Role::Muted);
    } else if !area.is_empty() {
        (&shown).render(area, paint.buf);
    }
}

fn cursor(area: Rect, review: &ReviewBox) -> Position {
    let (at, (top, left)) = (review.area.screen_cursor(), review.area.scroll_offset());
    let x = area.x + fit::cells(at.col).saturating_sub(left);
    let y = area.y + fit::cells(at.row).saturating_sub(top);
    Position::new(x.min(area.right().saturating_sub(1)), y.min(area.bottom().saturating_sub(1)))
}

/// What is wrong, or how much room is left.
fn note(app: &App, paint: &mut Paint, area: Rect, review: &ReviewBox) {
    if let Some(error) = &review.error {
        paint.paragraph(area, error, Role::Bad);
        return;
    }
    let hidden = review.standing.as_ref().and_then(|review| review.hidden.as_ref());
    let left = match hidden {
        Some(reason) => format!("An advisor has hidden the text: {reason}"),
        None => text::review_is_public(
            app.student().and_then(|student| student.name.as_ref().map(|_| student.short())).as_deref(),
        ),
    };
    let right = vec![paint.span(&text::characters_left(review.left()), Role::Muted)];
    let role = if hidden.is_some() { Role::Warn } else { Role::Muted };
    let left = vec![paint.span(&left, role)];
    paint.row(layout::line(area, 0), left, right);
}

pub(super) fn withdraw(app: &App, paint: &mut Paint, area: Rect, inner: Rect) {
    title(paint, area, "Withdraw this review");
    let under = layout::top(inner, inner.height.saturating_sub(1));
    paint.paragraph(under, text::WITHDRAWING_MEANS, Role::Plain);
    let keep = format!("{} keeps it", sign_here(app, Action::Close));
    bottom(paint, inner, &keep, &format!("Withdraw it {}", sign_here(app, Action::Go)));
}
