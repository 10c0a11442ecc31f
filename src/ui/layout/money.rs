//! Where things are on the screens about money.

use super::{BESIDE_QR, Qr, below, inset, line, qr_code, top};
use crate::domain::web::WebUrl;
use crate::ui::app::{App, SwitchScreen};
use crate::ui::fit;
use crate::ui::view;
use ratatui::layout::Rect;

/// The parts of the screen of a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwitchAreas {
    /// What is switched.
    pub head: Rect,
    /// The partners, one row each.
    pub list: Rect,
    /// The first partner that is shown.
    pub first: usize,
    /// What changes.
    pub changes: Rect,
    /// The one decision, or why there is none.
    pub decision: Rect,
}

/// Divides the screen of a switch: the decision is never pushed out.
pub(in crate::ui) fn switch(app: &App, screen: &SwitchScreen, body: Rect) -> SwitchAreas {
    let count = app.switch_offers(screen).len().max(1);
    let inner = inset(body, 2, 2);
    // What Enter does, or why it can't be done, takes the rows it needs, before any is left empty.
    let wide = usize::from(inner.width);
    let lines = |words: &str| fit::wrap(&app.skin.ink(words), wide, usize::MAX, app.skin.ellipsis()).len();
    let needed: usize = view::switch_decision(app, screen).iter().map(|(words, _)| lines(words)).sum();
    let air = u16::from(usize::from(body.height) >= 13 + needed.max(1));
    let rows = fit::cells(count).min((body.height / 4).max(2));
    let list_at = 1 + 2 * air;
    let first = (screen.focus + 1).saturating_sub(usize::from(rows));
    let changes_at = list_at + rows + air;
    let decision_rows = fit::cells(needed).min(body.height.saturating_sub(changes_at));
    let changes_rows = body.height.saturating_sub(changes_at + decision_rows + air);
    SwitchAreas {
        head: line(inner, air),
        list: top(below(inner, list_at), rows),
        first: first.min(count - 1),
        changes: top(below(inner, changes_at), changes_rows),
        decision: below(inner, body.height.saturating_sub(decision_rows)),
    }
}

/// The QR code of a payment page, where it fits beside the words and a phone can reach the page.
pub fn page_code(app: &App, url: &WebUrl, body: Rect) -> Option<Qr> {
    let qr = qr_code(app.skin.ascii, url, app.size.0, app.size.1)?;
    (qr.height <= body.height && qr.width + BESIDE_QR + 6 <= body.width).then_some(qr)
}
