//! The box in which somebody says that they have finished.

use super::{bottom, input, title};
use crate::ui::app::{App, FinishBox, FinishField};
use crate::ui::keymap::{Action, sign_here};
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use crate::ui::view::paint::Paint;
use ratatui::layout::Rect;

/// How wide the names of the fields are.
const LABEL: u16 = 10;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, asked: &FinishBox) {
    title(paint, area, "I have finished");
    let roomy = inner.height >= 10;
    let mut used = 0;
    if let Some(course) = app.course(asked.enrollment).filter(|_| roomy) {
        used = paint.paragraph(layout::top(inner, 3), &text::finish_means(course), Role::Plain) + 1;
    }
    for (place, field) in (0..).zip(FinishField::ALL) {
        let line = layout::line(inner, used + place);
        let focused = field == asked.field();
        let role = if focused { Role::Strong } else { Role::Muted };
        paint.text(Rect { width: LABEL.min(line.width), ..line }, text::finish_label(field), role);
        let value = layout::inset(line, LABEL, 0);
        let typed = &asked.fields[usize::from(place)];
        let (shown, cursor) = typed.visible(usize::from(value.width.saturating_sub(2)));
        if focused {
            input(paint, value, &shown, cursor);
        } else {
            paint.text(layout::inset(value, 2, 0), &shown, Role::Plain);
        }
    }
    let under = layout::below(inner, used + 3 + u16::from(roomy));
    let under = Rect { height: under.height.saturating_sub(1), ..under };
    let today = app.now.with_timezone(&app.utc_offset()).date_naive();
    match &asked.error {
        Some(error) => paint.paragraph(under, error, Role::Bad),
        None => paint.paragraph(under, &text::finish_hint(asked.field(), asked.day(), today), Role::Muted),
    };
    let go = if asked.sending.is_some() {
        format!("{} {}", app.skin.spinner(app.ticks), text::SENDING)
    } else {
        format!("Send {}", sign_here(app, Action::Go))
    };
    bottom(paint, inner, &format!("{} closes", sign_here(app, Action::Close)), &go);
}
