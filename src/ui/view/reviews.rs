//! What others say about a partner.

use super::paint::Paint;
use super::{Line, failure_words};
use crate::domain::review::{Rating, RatingSummary, ReviewView};
use crate::ui::app::{App, Reviews};
use crate::ui::fit;
use crate::ui::layout;
use crate::ui::text;
use crate::ui::theme::{Role, Skin};
use ratatui::layout::Rect;

/// How long the longest bar is.
const CELLS: u32 = 24;
/// The widest lines of text: longer ones are hard to read.
const WIDEST: usize = 84;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect, reviews: &Reviews) {
    let area = layout::reviews_scroll(body);
    let lines = review_lines(app, reviews, body.width);
    let rows = usize::from(area.height);
    let hidden = lines.len().saturating_sub(reviews.scroll + rows);
    for (row, line) in (0..).zip(lines.into_iter().skip(reviews.scroll).take(rows)) {
        paint.spans(layout::line(area, row), line);
    }
    if let Some(words) = text::more(reviews.scroll, hidden) {
        let last = layout::inset(layout::line(body, body.height.saturating_sub(1)), 2, 2);
        let right = vec![paint.span(&words, Role::Muted)];
        paint.row(last, Vec::new(), right);
    }
}

/// `★★★★☆`, and the same said in words beside it.
pub(in crate::ui) fn stars(skin: Skin, rating: Option<Rating>) -> String {
    let full = rating.map_or(0, |rating| usize::from(rating.get()));
    format!("{}{}", skin.star().repeat(full), skin.no_star().repeat(5 - full))
}

/// Everything that scrolls: what they say together, then each of them.
pub(in crate::ui) fn review_lines(app: &App, reviews: &Reviews, width: u16) -> Vec<Line> {
    let skin = app.skin;
    let room = usize::from(width.saturating_sub(4)).clamp(10, WIDEST);
    let mut out: Vec<Line> = Vec::new();
    let about = app.reviewed(reviews);
    match &reviews.summary {
        Some(summary) if summary.reviews() > 0 => {
            totals(skin, summary, about.as_deref(), reviews, room, &mut out);
        }
        Some(_) => {
            out.push(vec![skin.span(&text::no_reviews(about.as_deref()), Role::Strong)]);
            paragraph(skin, &text::who_reviews(&app.keymap), room, Role::Muted, &mut out);
        }
        None => {}
    }
    for review in &reviews.items {
        out.push(Vec::new());
        one(app, review, room, &mut out);
    }
    if let Some(failure) = &reviews.failure {
        out.push(Vec::new());
        paragraph(skin, &failure_words(app, failure, None), room, Role::Bad, &mut out);
    } else if reviews.request.is_some() && (reviews.summary.is_none() || reviews.next.is_some()) {
        let words = format!("{} {}", skin.spinner(app.ticks), text::READING_REVIEWS);
        out.push(vec![skin.span(&words, Role::Muted)]);
    }
    out
}

fn totals(
    skin: Skin,
    summary: &RatingSummary,
    about: Option<&str>,
    reviews: &Reviews,
    room: usize,
    out: &mut Vec<Line>,
) {
    let average = summary.average().unwrap_or_default();
    let words = text::reviews_of(summary.reviews(), about);
    let left = vec![
        skin.span(&average, Role::Strong),
        skin.span(" of 5", Role::Strong),
        skin.span(&format!(" · {words}"), Role::Plain),
    ];
    let order = skin.span(text::review_sort(reviews.query.sort), Role::Muted);
    let wide = fit::width_of(&left) + 2 + fit::width(&order.content);
    if wide <= room {
        let gap = skin.span(&" ".repeat(room + 2 - wide), Role::Plain);
        out.push(left.into_iter().chain([gap, order]).collect());
    } else {
        out.push(left);
        out.push(vec![order]);
    }
    let most = summary.counts.into_iter().max().unwrap_or_default().max(1);
    let digits = text::grouped(most as usize).len();
    for rating in Rating::ALL.into_iter().rev() {
        let count = summary.of(rating);
        // Whoever is there is seen: one voice among thousands is no empty bar.
        let cells = u64::from(count) * u64::from(CELLS) / u64::from(most);
        let cells = usize::try_from(cells).unwrap_or_default().max(usize::from(count > 0));
        let number = text::grouped(count as usize);
        out.push(vec![
            skin.span(&format!("{rating} {} ", skin.star()), Role::Plain),
            skin.span(&skin.full().repeat(cells), Role::Accent),
            skin.span(&skin.open().repeat(CELLS as usize - cells), Role::Muted),
            skin.span(&format!("  {number:>digits$}"), Role::Plain),
        ]);
    }
}

fn one(app: &App, review: &ReviewView, room: usize, out: &mut Vec<Line>) {
    let skin = app.skin;
    let day = text::date((review.at + app.utc_offset).date_naive());
    let edited = if review.edited { ", edited" } else { "" };
    let mut head = vec![
        skin.span(&stars(skin, Some(review.rating)), Role::Accent),
        skin.span(&format!(" {}", review.rating.words()), Role::Strong),
        skin.span(&format!("  {}", review.author), Role::Plain),
    ];
    if review.own {
        head.push(skin.span(" · yours", Role::Good));
    }
    head.push(skin.span(&format!(" · {day}{edited}"), Role::Muted));
    out.push(head);
    paragraph(skin, &text::upper_first(&review.verified()), room, Role::Muted, out);
    match &review.hidden {
        Some(reason) => paragraph(skin, &text::review_hidden(reason), room, Role::Warn, out),
        None => paragraph(skin, review.text.as_str(), room, Role::Plain, out),
    }
}

fn paragraph(skin: Skin, words: &str, room: usize, role: Role, out: &mut Vec<Line>) {
    if words.is_empty() {
        return;
    }
    let ink = skin.ink(words).into_owned();
    let lines = fit::wrap(&ink, room, usize::MAX, skin.ellipsis());
    out.extend(lines.into_iter().map(|line| vec![skin.span(&line, role)]));
}
