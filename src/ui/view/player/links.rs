//! The links and images of a lesson, by their numbers.

use super::super::overlays::title;
use super::super::paint::Paint;
use crate::ui::app::{App, LinkBox};
use crate::ui::layout;
use crate::ui::page::{PageLink, Target};
use crate::ui::text;
use crate::ui::theme::Role;
use ratatui::layout::Rect;

/// What the row of a link says: its text, and where it leads.
fn rows(app: &App) -> Vec<(String, String)> {
    app.lesson_links().iter().map(|link| (name(link), leads_to(app, link))).collect()
}

fn name(link: &PageLink) -> String {
    if link.image { format!("picture: {}", link.text) } else { link.text.clone() }
}

fn leads_to(app: &App, link: &PageLink) -> String {
    match &link.target {
        Target::Web(url) => url.as_url().host_str().unwrap_or_default().to_owned(),
        Target::Lesson(file) => app.lesson_named(file).unwrap_or_else(|| file.clone()),
    }
}

pub(in crate::ui::view) fn draw(app: &App, paint: &mut Paint, area: Rect, inner: Rect, links: &LinkBox) {
    title(paint, area, text::LINKS);
    let rows = layout::links_rows(area);
    let all = self::rows(app);
    let first = layout::picker_first(links.selected, rows);
    let digits = all.len().to_string().len();
    for (row, (index, (name, leads))) in (0..rows.height).zip(all.into_iter().enumerate().skip(first)) {
        let line = layout::line(rows, row);
        let chosen = index == links.selected;
        if chosen {
            paint.marker(line);
        }
        let left = vec![
            paint.span(&format!("{:>digits$}  ", index + 1), Role::Muted),
            paint.span(&name, if chosen { Role::Selected } else { Role::Plain }),
        ];
        let right = vec![paint.span(&leads, Role::Muted)];
        paint.row(layout::inset(line, 2, 0), left, right);
    }
    // Whole, for whoever wants to know where it leads before going there.
    let target = app.lesson_links().get(links.selected).map(|link| match &link.target {
        Target::Web(url) => url.to_string(),
        Target::Lesson(_) => text::TO_A_LESSON.to_owned(),
    });
    let last = layout::line(inner, inner.height.saturating_sub(1));
    paint.text(last, &target.unwrap_or_default(), Role::Muted);
}
