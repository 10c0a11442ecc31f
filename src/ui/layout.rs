//! Where everything is: asked by the drawing and by the mouse, so that both agree.

pub mod dates;

mod compare;
mod hit;
mod money;
mod player;
mod review;

pub use compare::{CompareAreas, columns_that_fit, compare, comparison_scrolls, fits_questions};
pub use hit::{Hit, hit};
pub(in crate::ui) use money::switch;
pub use money::{SwitchAreas, page_code};
pub use player::{
    LessonRows, PlayerAreas, lesson_rows, lesson_scroll_room, links_rows, measured_lesson, outline_first,
    outline_parts, player, player_scroll_room, quiz_focus,
};
pub use review::{ReviewAreas, review, reviews_scroll};

use crate::domain::ids::ProgramId;
use crate::domain::time::Instant;
use crate::domain::views::{Offer, ProgramView};
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::ui::app::{App, Group, Overlay, Screen};
use crate::ui::fit;
use crate::ui::keymap::{self, Action, Hint};
use crate::ui::msg::Who;
use crate::ui::palette;
use crate::ui::text;
use crate::ui::view;
use qrcode::{EcLevel, QrCode};
use ratatui::layout::Rect;

/// The narrowest terminal that is drawn on.
pub const MIN_WIDTH: u16 = 40;
/// The lowest terminal that is drawn on.
pub const MIN_HEIGHT: u16 = 10;

/// Which room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Under 40×10.
    TooSmall,
    /// 40 to 79 columns: one column.
    Compact,
    /// 80 to 99 columns: a list, its detail below.
    Regular,
    /// From 100 columns on: list and detail.
    Wide,
}

impl Size {
    /// The class of a terminal.
    pub fn of(width: u16, height: u16) -> Self {
        match width {
            _ if width < MIN_WIDTH || height < MIN_HEIGHT => Self::TooSmall,
            0..80 => Self::Compact,
            80..100 => Self::Regular,
            _ => Self::Wide,
        }
    }
}

/// The parts every screen has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// Where am I, who am I.
    pub header: Rect,
    /// The line under it; empty on low terminals.
    pub top_rule: Rect,
    /// For whom an advisor acts; empty for everybody else.
    pub banner: Rect,
    /// The screen.
    pub body: Rect,
    /// What was said last, what is under way; empty when nothing is.
    pub message: Rect,
    /// The line above the footer; empty on low terminals.
    pub bottom_rule: Rect,
    /// The keys.
    pub footer: Rect,
}

/// Divides the terminal.
pub fn areas(app: &App) -> Areas {
    let (width, height) = app.size;
    let rules = u16::from(height >= 16);
    let banner = u16::from(matches!(app.who, Who::Advisor { .. }));
    let message = fit::cells(view::message_lines(app, width).len()).min(message_rows(app));
    let strip = |y: u16, rows: u16| Rect::new(0, y.min(height), width, rows.min(height.saturating_sub(y)));
    let top = 1 + rules + banner;
    let bottom = message + rules + 1;
    let body = height.saturating_sub(top + bottom);
    Areas {
        header: strip(0, 1),
        top_rule: strip(1, rules),
        banner: strip(1 + rules, banner),
        body: strip(top, body),
        message: strip(top + body, message),
        bottom_rule: strip(top + body + message, rules),
        footer: strip(height.saturating_sub(1), 1),
    }
}

/// How many rows a message may take.
pub fn message_rows(app: &App) -> u16 {
    if app.size.1 >= 16 { 3 } else { 2 }
}

/// `area` without `left` and `right` columns.
pub fn inset(area: Rect, left: u16, right: u16) -> Rect {
    let left = left.min(area.width);
    Rect { x: area.x + left, width: (area.width - left).saturating_sub(right), ..area }
}

/// `area` without its first rows.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// The first rows of `area`.
pub fn top(area: Rect, rows: u16) -> Rect {
    Rect { height: area.height.min(rows), ..area }
}

/// The one row of `area` at `index`; empty when there is none.
pub fn line(area: Rect, index: u16) -> Rect {
    top(below(area, index), 1)
}

/// The parts of tab 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramsAreas {
    /// The search field.
    pub search: Rect,
    /// What narrows the list; empty on low terminals.
    pub words: Rect,
    /// The rows.
    pub list: Rect,
    /// Where it stands how many rows are hidden; empty when none is.
    pub more: Rect,
    /// The line down between list and detail, or across above it; empty without detail.
    pub divider: Rect,
    /// The program in focus; empty where there is no room.
    pub detail: Rect,
}

/// Divides tab 1.
pub fn programs(app: &App, body: Rect) -> ProgramsAreas {
    const DETAIL_ROWS: u16 = 5;
    let none = Rect { width: 0, height: 0, ..body };
    let count = app.hits();
    let search = line(body, 0);
    let words = if body.height >= 8 { line(body, 1) } else { none };
    // What narrows the list is no part of it: a row between, where there is one to spare.
    let air = u16::from(!text::narrowed(&app.list.filters, app.list.sort).is_empty() && body.height >= 12);
    let rest = below(body, 1 + words.height + air);
    match app.size_class() {
        Size::Wide => {
            let left = (body.width * 58 / 100).min(72);
            let list = Rect { width: left, ..rest };
            let divider = Rect { x: body.x + left + 1, width: 1, ..rest };
            let (list, more) = with_more(list, count);
            ProgramsAreas { search, words, list, more, divider, detail: inset(rest, left + 4, 2) }
        }
        Size::Regular if rest.height >= DETAIL_ROWS + 8 => {
            let rows = rest.height - DETAIL_ROWS;
            let under = below(rest, rows);
            let divider = line(under, 0);
            ProgramsAreas {
                search,
                words,
                list: top(rest, rows),
                more: if count > usize::from(rows) { inset(divider, 4, 4) } else { none },
                divider,
                detail: inset(below(under, 1), 2, 2),
            }
        }
        _ => {
            let (list, more) = with_more(rest, count);
            ProgramsAreas { search, words, list, more, divider: none, detail: none }
        }
    }
}

/// A list of `count` rows, and its last row kept for "more below" where it is too long.
fn with_more(list: Rect, count: usize) -> (Rect, Rect) {
    if count <= usize::from(list.height) {
        return (list, Rect { width: 0, height: 0, ..list });
    }
    let rows = list.height.saturating_sub(1);
    (top(list, rows), inset(line(list, rows), 2, 2))
}

/// Blocks of different heights under each other, of which only whole ones are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stacked {
    /// Where.
    pub area: Rect,
    /// How high each is.
    pub heights: Vec<u16>,
}

impl Stacked {
    /// How many are shown whole when the first is `first`. A row is kept for "more below".
    pub fn fits(&self, first: usize) -> usize {
        let rest = self.heights.get(first..).unwrap_or_default();
        let count = |room: u16| {
            let mut used = 0_u16;
            rest.iter()
                .take_while(|height| {
                    used = used.saturating_add(**height);
                    used <= room
                })
                .count()
        };
        let all = count(self.area.height);
        if all == rest.len() && first == 0 { all } else { count(self.area.height.saturating_sub(1)) }
    }

    /// Where the visible ones are.
    pub fn places(&self, first: usize) -> Vec<(usize, Rect)> {
        let mut y = self.area.y;
        (first..first + self.fits(first))
            .map(|index| {
                let place = Rect { y, height: self.heights[index], ..self.area };
                y += place.height;
                (index, place)
            })
            .collect()
    }
}

/// The rows of tab 2.
pub fn dash(app: &App, body: Rect) -> Stacked {
    let card = card_rows(app);
    let heights: Vec<u16> = app
        .dash_items()
        .iter()
        .enumerate()
        .map(|(index, item)| match item.group {
            Group::Offer | Group::Live | Group::Waiting => card,
            Group::Completed | Group::Cancelled => 1 + u16::from(item.leads && index > 0),
        })
        .collect();
    let failed = app.courses.failure.is_some() && app.courses.items.is_some();
    // A little air at the top, where all of it is on screen anyway.
    let air = heights.iter().sum::<u16>() < body.height;
    Stacked { area: inset(below(body, u16::from(failed || air)), 1, 1), heights }
}

/// How high a course's card is: compact terminals lose the third line.
pub fn card_rows(app: &App) -> u16 {
    if app.size_class() == Size::Compact || app.size.1 < 16 { 4 } else { 5 }
}

/// The parts of a program's screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramAreas {
    /// Facts and summary.
    pub intro: Rect,
    /// "Choose your learning format".
    pub heading: Rect,
    /// The partners.
    pub cards: Stacked,
}

/// The offers of a program as its screen shows them: those that can be taken first.
pub fn offers(view: &ProgramView, now: Instant) -> Vec<&Offer> {
    let mut offers: Vec<&Offer> = view.offers.iter().collect();
    offers.sort_by_key(|offer| offer.unavailable(now).is_some());
    offers
}

/// Divides a program's screen.
pub fn program(app: &App, id: ProgramId, body: Rect) -> ProgramAreas {
    let count = app.program(id).map_or(1, |view| view.offers.len().max(1));
    let wanted = match app.program(id) {
        Some(view) => fit::cells(view::program_intro(app, view, body.width).len()),
        None => 1,
    };
    let full = |card: u16, intro: u16| intro + 2 + card * fit::cells(count) <= body.height;
    // Room goes first to the partners: then the summary shrinks, then the cards.
    let (card, intro) = if full(5, wanted) && (count == 1 || app.size_class() != Size::Compact) {
        (5, wanted)
    } else if full(4, wanted) {
        (4, wanted)
    } else {
        (4, wanted.min(body.height.saturating_sub(3 + 4 + 4)).max(1))
    };
    let gap = u16::from(body.height >= 12);
    let intro_area = inset(top(body, intro), 2, 2);
    let heading = inset(line(body, intro + gap), 2, 2);
    let cards = inset(below(body, intro + gap + 1), 1, 1);
    let mut heights = vec![card; count];
    if let Some(view) = app.program(id) {
        // A reason needs the room that facts can do without.
        for (height, offer) in heights.iter_mut().zip(offers(view, app.now)) {
            *height = if offer.unavailable(app.now).is_some() {
                cards.height.saturating_sub(1).clamp(4, 5)
            } else {
                card
            };
        }
    }
    ProgramAreas { intro: intro_area, heading, cards: Stacked { area: cards, heights } }
}

/// A box in the middle of the terminal, as large as asked where that fits: under the header, or
/// over it where it needs the room. The footer speaks for it and stays visible.
pub fn centered(app: &App, width: u16, height: u16) -> Rect {
    let room = under_header(app);
    let all = Rect::new(0, 0, app.size.0, app.size.1.saturating_sub(1));
    let (width, height) = (width.min(all.width), height.min(all.height));
    let middle = all.y + (all.height - height) / 2;
    let y = if height <= room.height { middle.clamp(room.y, room.bottom() - height) } else { middle };
    Rect::new((all.width - width) / 2, y, width, height)
}

/// What lies between header and footer: the room of the boxes that can do with less.
fn under_header(app: &App) -> Rect {
    let parts = areas(app);
    let footer = parts.bottom_rule.height + parts.footer.height;
    let height = app.size.1.saturating_sub(parts.body.y + footer);
    if parts.top_rule.height == 0 {
        // No row is to spare on a low terminal.
        return Rect::new(0, 0, app.size.0, app.size.1.saturating_sub(1));
    }
    Rect::new(0, parts.body.y, app.size.0, height)
}

/// The widest box of the e-mail address: what is said there takes one line each.
const EMAIL: u16 = 68;

/// The box of the overlay on top, if there is one.
pub fn overlay(app: &App) -> Option<Rect> {
    Some(match app.overlays.last()? {
        overlay @ (Overlay::Help { .. } | Overlay::Messages { .. }) => scrolled_box(app, overlay),
        Overlay::Palette(_) => {
            let rows = fit::cells(palette::most(app)) + 5;
            centered(app, 72, rows.min(under_header(app).height).max(6))
        }
        Overlay::Confirm { .. } => centered(app, 64, if view::confirm_is_long(app) { 12 } else { 9 }),
        Overlay::Join { .. } => centered(app, 64, 9),
        // Where its words take a line more, it is a row higher.
        Overlay::Email { .. } => centered(app, EMAIL, if app.size.0 < EMAIL { 10 } else { 9 }),
        Overlay::Review(_) => centered(app, 76, 16),
        Overlay::Finish(_) => centered(app, 68, 13),
        Overlay::Withdraw => centered(app, 60, 7),
        Overlay::Reason { .. } => centered(app, EMAIL, 10),
        Overlay::Away(away) => {
            let width = AWAY.min(app.size.0);
            let rows = view::away_lines(app, away, width.saturating_sub(4)).len() + away.ways().len() + 5;
            centered(app, width, fit::cells(rows))
        }
        Overlay::Filter(filter) => {
            let rows = fit::cells(filter.most()) + 5;
            centered(app, 60, rows.min(under_header(app).height).max(6))
        }
        Overlay::Fits(_) => centered(app, 68, 16),
        Overlay::Picker(_) => centered(app, 64, 14),
        Overlay::Links(_) => {
            centered(app, 76, player::links_height(app).min(under_header(app).height).max(5))
        }
        Overlay::Link { url, copied, .. } => link_box(app, url, *copied),
    })
}

/// The widest box of a course that does not open.
const AWAY: u16 = 70;

/// The rows of its ways: above the last row, however little room there is.
pub(in crate::ui) fn away_rows(app: &App, area: Rect) -> Rect {
    let inner = inside(area);
    let ways = app.away().map_or(0, |away| fit::cells(away.ways().len()));
    let last = inner.height.saturating_sub(1);
    let air = u16::from(last > ways + 1);
    let rows = ways.min(last.saturating_sub(air));
    Rect { y: inner.y + last.saturating_sub(rows + air), height: rows, ..inner }
}

/// The widest box of help or messages.
const SCROLLED: u16 = 76;

/// The box of help or messages. That of the help keeps its height while somebody searches.
fn scrolled_box(app: &App, overlay: &Overlay) -> Rect {
    let rows = match overlay {
        Overlay::Help { .. } => view::help_lines(app, "").len() + 2,
        other => view::overlay_lines(app, other).len(),
    };
    centered(app, SCROLLED, (fit::cells(rows) + 2).min(under_header(app).height).max(5))
}

/// How many columns the lines of such a box have.
pub(in crate::ui) fn scrolled_width(app: &App) -> u16 {
    SCROLLED.min(app.size.0).saturating_sub(4)
}

/// The part of such a box that scrolls: under the search field of the help.
pub(in crate::ui) fn scrolled(overlay: &Overlay, area: Rect) -> Rect {
    match overlay {
        Overlay::Help { .. } => below(inside(area), 2),
        _ => inside(area),
    }
}

/// The box of a link: as high as what it says, the footer stays visible.
fn link_box(app: &App, url: &LaunchUrl, copied: bool) -> Rect {
    let (width, height) = app.size;
    if let Some(qr) = qr_code(app.skin.ascii, url.expose(), width, height) {
        return centered(app, (qr.width + 64).min(width), qr.height + 2);
    }
    let width = width.min(76);
    let parts = view::link_parts(app, url, copied, false, width.saturating_sub(4));
    // The name, three empty rows, how to leave, the frame.
    let rows = parts.how.len() + parts.address.len() + parts.note.len() + 7;
    centered(app, width, fit::cells(rows))
}

/// The inside of a framed box.
pub fn inside(area: Rect) -> Rect {
    let inner = inset(area, 2, 2);
    Rect { y: inner.y + 1, height: inner.height.saturating_sub(2), ..inner }
}

/// The rows of the student switcher.
pub fn picker_rows(area: Rect) -> Rect {
    let inner = inside(area);
    let rows = below(inner, 4);
    Rect { height: rows.height.saturating_sub(1), ..rows }
}

/// The rows of the list of actions.
pub fn palette_rows(area: Rect) -> Rect {
    let rows = below(inside(area), 2);
    Rect { height: rows.height.saturating_sub(1), ..rows }
}

/// The rows of the filters.
pub fn filter_rows(area: Rect) -> Rect {
    palette_rows(area)
}

/// The first row of the student switcher that is shown, so that the chosen one is.
pub fn picker_first(selected: usize, rows: Rect) -> usize {
    (selected + 1).saturating_sub(usize::from(rows.height).max(1))
}

/// A QR code and its size in cells, with its quiet zone.
#[derive(Clone)]
pub struct Qr {
    /// The code.
    pub code: QrCode,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// How many columns the words beside a QR code need.
pub const BESIDE_QR: u16 = 30;

/// The QR code of an address, where a phone can reach it and the terminal can show it whole.
pub fn qr_code(ascii: bool, address: &WebUrl, width: u16, height: u16) -> Option<Qr> {
    const QUIET: usize = 8;
    if ascii || address.is_loopback() {
        return None;
    }
    let code = QrCode::with_error_correction_level(address.as_str(), EcLevel::L).ok()?;
    let modules = code.width() + QUIET;
    let qr = Qr { width: fit::cells(modules), height: fit::cells(modules.div_ceil(2)), code };
    (qr.width + BESIDE_QR + 6 <= width && qr.height + 2 < height).then_some(qr)
}

/// How many lines of what scrolls are hidden, when nothing but `overlays` lies over the screen.
pub(in crate::ui) fn scroll_room(app: &App, overlays: &[Overlay], body: Rect) -> usize {
    let (lines, rows) = match (overlays.last(), app.screen()) {
        (Some(overlay @ (Overlay::Help { .. } | Overlay::Messages { .. })), _) => {
            let area = scrolled(overlay, scrolled_box(app, overlay));
            (view::overlay_lines(app, overlay).len(), area.height)
        }
        (None, Screen::Course { id, .. }) => match app.course(*id) {
            Some(course) => (view::course_lines(app, course, body.width).len(), course_scroll(body).height),
            None => (0, 0),
        },
        (None, Screen::Reviews(reviews)) => {
            (view::review_lines(app, reviews, body.width).len(), reviews_scroll(body).height)
        }
        (None, Screen::Statement(screen)) => {
            (view::statement_lines(app, screen, body.width).len(), reviews_scroll(body).height)
        }
        _ => (0, 0),
    };
    lines.saturating_sub(usize::from(rows))
}

/// The part of the course screen that scrolls.
pub fn course_scroll(body: Rect) -> Rect {
    let rest = inset(below(body, if body.height >= 12 { 4 } else { 3 }), 2, 2);
    // The last row is kept for "more below".
    Rect { height: rest.height.saturating_sub(1), ..rest }
}

/// The keys of the footer with their places. It drops from the right when narrow, the help last.
pub fn footer_places(app: &App, width: u16) -> Vec<(u16, u16, Hint)> {
    let hints = keymap::footer(app);
    let wide = |hint: &Hint| fit::cells(fit::width(&app.skin.ink(&hint.sign)) + 1 + fit::width(hint.label));
    let help = hints.iter().find(|hint| hint.action == Action::Help).map_or(0, |hint| wide(hint) + 3);
    let gap = 3;
    let (mut x, mut out) = (1, Vec::new());
    let total: u16 = hints.iter().map(|hint| wide(hint) + gap).sum();
    let tight = total >= width;
    for hint in hints {
        let needed = wide(&hint);
        let reserve =
            if tight && hint.action != Action::Help && hint.action != Action::Quit { help } else { 0 };
        if x + needed + reserve >= width {
            if hint.action == Action::Help || !tight {
                break;
            }
            continue;
        }
        out.push((x, needed, hint));
        x += needed + gap;
    }
    out
}
