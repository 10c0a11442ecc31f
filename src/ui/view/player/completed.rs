//! A course taught here is completed.

use super::super::in_focus;
use super::super::paint::Paint;
use crate::domain::views::CourseView;
use crate::ui::app::{App, Player};
use crate::ui::fit;
use crate::ui::keymap::Action;
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// How wide the names of the facts are.
const LABEL: u16 = 13;

pub(super) fn draw(app: &App, paint: &mut Paint, area: Rect, player: &Player) {
    let course = app.course(player.enrollment);
    let title = course.map(|course| course.program_title.clone());
    let title = title.or_else(|| player.outline().map(|outline| outline.title.clone())).unwrap_or_default();
    let mut used = 0;
    let done = format!("✓ {}", text::course_completed(&title));
    used += paint.paragraph(area, &done, Role::Good) + u16::from(area.height >= 8);
    let Some(issued) = course.and_then(CourseView::issued) else {
        paint.paragraph(layout::below(area, used), text::READING_CERTIFICATE, Role::Muted);
        return;
    };
    let day = text::date(issued.issued_at.with_timezone(&app.utc_offset()).date_naive());
    for (name, value, role) in [
        ("Certificate", issued.number.to_string(), Role::Strong),
        ("Code", issued.code.to_string(), Role::Strong),
        ("Issued to", issued.holder.to_string(), Role::Plain),
        ("On", day, Role::Plain),
    ] {
        let row = layout::below(area, used);
        paint.text(layout::line(row, 0), name, Role::Muted);
        used += paint.paragraph(layout::inset(row, LABEL, 0), &value, role).max(1);
    }
    let (save, copy) = (app.keymap.word(Action::SaveCertificate), app.keymap.word(Action::CopyCertificate));
    let keys = text::certificate_keys(&save, &copy);
    let check = text::how_to_check(&issued.code.to_string());
    let nameless = course.is_some_and(|course| course.student.name.is_none());
    let nameless = nameless.then(|| (text::NO_NAME.to_owned(), Role::Warn));
    let said = [(keys, Role::Plain)].into_iter().chain(nameless);
    let said = said.chain([(check, Role::Muted), (text::WHERE_CERTIFICATE_IS.to_owned(), Role::Muted)]);
    let go = format!("{}: to My courses", app.keymap.word(Action::Go));
    // What Enter does is never pushed out.
    let last = area.height.saturating_sub(1);
    for (words, role) in said {
        let air = u16::from(area.height >= 14);
        let room = layout::below(area, used + air);
        let lines = fit::wrap(&paint.skin.ink(&words), usize::from(room.width), usize::MAX, "").len();
        if used + air + fit::cells(lines) <= last {
            used += air + paint.paragraph(room, &words, role);
        }
    }
    let row = (used + 1).min(last);
    let line = layout::line(area, row);
    let before = paint.cursor;
    paint.marker(line);
    if !in_focus(app) {
        paint.cursor = before;
    }
    paint.text(layout::inset(line, 2, 0), &go, Role::Accent);
}
