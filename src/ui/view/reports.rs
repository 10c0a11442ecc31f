//! Reports: a table of numbers, and a partner's statement.

use super::paint::Paint;
use super::{Line, failure_words, in_focus};
use crate::domain::enrollment::Status;
use crate::domain::money::{Currency, Money};
use crate::domain::report::{By, ReportRows, RevenueRow, StatementLine};
use crate::domain::time::Instant;
use crate::ui::app::{App, ReportSpan, StatementScreen};
use crate::ui::layout;
use crate::ui::theme::{Role, Skin};
use crate::ui::{fit, text};
use ratatui::layout::Rect;

/// The narrowest column of names.
const NARROWEST: usize = 12;
/// The widest.
const WIDEST: usize = 40;

pub(super) fn draw(app: &App, paint: &mut Paint, body: Rect) {
    let reports = &app.reports;
    let area = layout::inset(body, 2, 2);
    let mut title: Line = Vec::new();
    for kind in crate::domain::report::ReportKind::ALL.iter().copied() {
        let role = if kind == reports.kind { Role::Tab } else { Role::Muted };
        if !title.is_empty() {
            title.push(paint.span("   ", Role::Plain));
        }
        title.push(paint.span(text::report(kind), role));
    }
    paint.spans(layout::line(area, 0), title);
    let about = format!("{} · {}", span_words(app, reports.span), text::report_by(reports.by));
    let about = vec![paint.span(&about, Role::Plain)];
    paint.spans(layout::line(area, 1), about);
    let mut rest = layout::below(area, if body.height >= 12 { 3 } else { 2 });
    if let Some(words) = text::reports_wait(app.proofs, app.now).filter(|_| body.height >= 12) {
        let used = paint.paragraph(layout::top(rest, 2), &words, Role::Warn);
        rest = layout::below(rest, used + 1);
    }
    match (&reports.rows, &reports.failure) {
        (_, Some(failure)) => {
            paint.paragraph(rest, &failure_words(app, failure, None), Role::Bad);
        }
        (None, None) => {
            let words = format!("{} {}", app.skin.spinner(app.ticks), text::READING_REPORT);
            paint.text(layout::line(rest, 0), &words, Role::Muted);
        }
        (Some(rows), None) if rows.subjects().is_empty() => {
            paint.paragraph(rest, &text::nothing_reported(&app.keymap), Role::Muted);
        }
        (Some(rows), None) => table(app, paint, rest, rows),
    }
}

/// A period in words: `this month, November 2026`.
fn span_words(app: &App, span: ReportSpan) -> String {
    let period = span.period(app.now);
    let month = || period.from().map(|day| day.format("%B %Y").to_string()).unwrap_or_default();
    match span {
        ReportSpan::Month => format!("this month, {}", month()),
        ReportSpan::LastMonth => format!("last month, {}", month()),
        ReportSpan::Year => format!("this year, {}", app.now.format("%Y")),
        ReportSpan::Ever => "all time".to_owned(),
    }
}

fn table(app: &App, paint: &mut Paint, area: Rect, rows: &ReportRows) {
    let (headings, cells) = columns(rows);
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| {
            let cells = cells.iter().map(|row| fit::width(&row[column]));
            cells.chain([fit::width(headings[column])]).max().unwrap_or_default()
        })
        .collect();
    let room = usize::from(area.width);
    let labels = rows.subjects();
    let widest = labels.iter().map(|subject| fit::width(subject.label())).max().unwrap_or_default();
    let named = widest.clamp(NARROWEST, WIDEST);
    // Numbers are whole or not there: columns go from the right until the names have room.
    let mut shown = widths.len();
    let wide = |shown: usize| widths[..shown].iter().map(|width| width + 2).sum::<usize>();
    while shown > 1 && 2 + named.min(NARROWEST) + wide(shown) > room {
        shown -= 1;
    }
    let name_room = room.saturating_sub(2 + wide(shown)).min(named);
    let heading = if app.reports.by == By::Partner { "partner" } else { "program" };
    let line = |name: &str, row: &dyn Fn(usize) -> String| {
        let cut = fit::cut(name, name_room, app.skin.ellipsis());
        let mut words = format!("{cut}{}", " ".repeat(name_room.saturating_sub(fit::width(&cut))));
        for (column, width) in widths[..shown].iter().enumerate() {
            let cell = row(column);
            words.push_str(&" ".repeat(2 + width.saturating_sub(fit::width(&cell))));
            words.push_str(&cell);
        }
        words
    };
    let top = line(heading, &|column| headings[column].to_owned());
    paint.text(layout::inset(layout::line(area, 0), 2, 0), &top, Role::Muted);
    let list = layout::below(area, 1);
    let hides = shown < widths.len();
    let notes = if list.height > 6 { 3 + 2 * u16::from(hides) } else { u16::from(hides) * 3 };
    let visible = usize::from(list.height.saturating_sub(notes)).max(1);
    let selected = app.reports.selected;
    let first = (selected + 1).saturating_sub(visible);
    for (row, place) in (0_u16..).zip(first..labels.len().min(first + visible)) {
        let at = layout::line(list, row);
        let words = line(labels[place].label(), &|column| cells[place][column].clone());
        let focused = place == selected && in_focus(app);
        if focused {
            paint.marker(Rect { width: 1, ..at });
        }
        let role = if focused { Role::Strong } else { Role::Plain };
        paint.text(layout::inset(at, 2, 0), &words, role);
    }
    if notes > 0 {
        let under = list.y + fit::cells(labels.len().min(visible)) + 1;
        let note = Rect { y: under, height: list.bottom().saturating_sub(under), ..list };
        // What has no room in its column stands under the table, for the row in focus.
        let mut used = 0;
        if shown < widths.len()
            && let (Some(subject), Some(row)) = (labels.get(selected), cells.get(selected))
        {
            let rest = (shown..widths.len()).map(|column| format!("{} {}", headings[column], row[column]));
            let words = format!("{}: {}", subject.label(), rest.collect::<Vec<_>>().join(" · "));
            used = paint.paragraph(note, &words, Role::Plain);
        }
        let note = layout::below(note, used);
        paint.paragraph(note, text::report_note(app.reports.kind, app.reports.by), Role::Muted);
    }
}

/// What is paid out is known per partner only: elsewhere the names have that room.
fn revenue_columns(rows: &[RevenueRow]) -> usize {
    let known = rows.iter().any(|row| row.paid_out.is_some() || row.payable.is_some());
    if known { 7 } else { 5 }
}

/// Headings and cells of a table, without its names.
fn columns(rows: &ReportRows) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let tenths = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| format!("{number:.1}"));
    match rows {
        ReportRows::Completion(rows) => (
            vec!["enrolled", "started", "completed", "cancelled", "switched", "days"],
            rows.iter()
                .map(|row| {
                    let counts = [row.enrolled, row.started, row.completed, row.cancelled, row.switched_away];
                    let counts = counts.into_iter().map(crate::domain::money::grouped);
                    counts.chain([tenths(row.median_days)]).collect()
                })
                .collect(),
        ),
        ReportRows::Revenue(rows) => (
            ["", "gross", "refunded", "partner", "platform", "paid out", "payable"][..revenue_columns(rows)]
                .to_vec(),
            rows.iter()
                .map(|row| {
                    let optional = |cents: Option<i64>| {
                        cents.map_or_else(|| "–".to_owned(), |cents| amount(cents, row.currency))
                    };
                    let sums = [row.gross, row.refunded, row.partner_share, row.platform_share];
                    [row.currency.code().to_owned()]
                        .into_iter()
                        .chain(sums.map(|cents| amount(cents, row.currency)))
                        .chain([optional(row.paid_out), optional(row.payable)])
                        .take(revenue_columns(rows))
                        .collect()
                })
                .collect(),
        ),
        ReportRows::Performance(rows) => (
            vec!["completed", "days", "rating", "not opened", "no place", "figures"],
            rows.iter()
                .map(|row| {
                    let rate = row.completion_rate.map(|rate| rate * 100.0);
                    vec![
                        rate.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.0}%")),
                        tenths(row.median_days),
                        tenths(row.rating),
                        crate::domain::money::grouped(row.launch_failures),
                        crate::domain::money::grouped(row.provision_failures),
                        row.figures_age_minutes.map_or_else(|| "–".to_owned(), age),
                    ]
                })
                .collect(),
        ),
    }
}

/// `35 min`, `4 h`, `12 d`.
fn age(minutes: f64) -> String {
    match minutes {
        ..120.0 => format!("{minutes:.0} min"),
        120.0..2_880.0 => format!("{:.0} h", minutes / 60.0),
        _ => format!("{:.0} d", minutes / 1_440.0),
    }
}

/// `1,234.50`: the currency stands in its own column.
fn amount(cents: i64, currency: Currency) -> String {
    let plain = Money { cents: cents.saturating_abs(), currency }.decimal();
    let (whole, rest) = plain
        .split_once('.')
        .map_or((plain.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), crate::domain::money::grouped);
    format!("{}{whole}{rest}", if cents < 0 { "-" } else { "" })
}

pub(super) fn draw_statement(app: &App, paint: &mut Paint, body: Rect, screen: &StatementScreen) {
    let area = layout::reviews_scroll(body);
    let lines = statement_lines(app, screen, body.width);
    let rows = usize::from(area.height);
    let hidden = lines.len().saturating_sub(screen.scroll + rows);
    for (row, line) in (0..).zip(lines.into_iter().skip(screen.scroll).take(rows)) {
        paint.spans(layout::line(area, row), line);
    }
    if let Some(words) = text::more(screen.scroll, hidden) {
        let last = layout::inset(layout::line(body, body.height.saturating_sub(1)), 2, 2);
        let right = vec![paint.span(&words, Role::Muted)];
        paint.row(last, Vec::new(), right);
    }
}

/// Everything that scrolls on a statement.
pub(in crate::ui) fn statement_lines(app: &App, screen: &StatementScreen, width: u16) -> Vec<Line> {
    let skin = app.skin;
    let room = usize::from(width.saturating_sub(4)).max(20);
    let heading = text::statement_of(screen.partner.as_str(), &span_words(app, screen.span));
    let mut out: Vec<Line> = Vec::new();
    paragraph(skin, &heading, room, Role::Strong, &mut out);
    out.push(Vec::new());
    if let Some(failure) = &screen.failure {
        paragraph(skin, &failure_words(app, failure, None), room, Role::Bad, &mut out);
        return out;
    }
    let Some(statement) = &screen.statement else {
        let words = format!("{} {}", skin.spinner(app.ticks), text::READING_REPORT);
        out.push(vec![skin.span(&words, Role::Muted)]);
        return out;
    };
    if statement.rows.is_empty() {
        paragraph(skin, text::EMPTY_STATEMENT, room, Role::Muted, &mut out);
        return out;
    }
    for total in &statement.totals {
        out.push(sides(skin, "Total", &money_words(total), room, Role::Strong));
    }
    for row in &statement.rows {
        let facts = row.facts.as_ref();
        let student = facts.map_or("not known", |facts| facts.student.as_str());
        let money = row.line.as_ref().map(money_words).unwrap_or_default();
        out.push(Vec::new());
        out.push(sides(skin, student, &money, room, Role::Plain));
        if let Some(facts) = facts {
            let day = |at: Instant| text::date((at + app.utc_offset).date_naive());
            let enrolled = facts.enrolled_at.map(|at| format!(" · enrolled {}", day(at)));
            let state = match (facts.completed_at, facts.status) {
                (Some(at), _) => format!(" · completed {}", day(at)),
                (None, Some(Status::Pending)) => " · waiting for payment".to_owned(),
                (None, Some(Status::Cancelled)) => " · cancelled".to_owned(),
                _ => String::new(),
            };
            let words = format!("{}{}{state}", facts.program, enrolled.unwrap_or_default());
            paragraph(skin, &words, room, Role::Muted, &mut out);
        }
    }
    out
}

fn money_words(line: &StatementLine) -> String {
    let refunded = match line.refunded {
        0 => String::new(),
        cents => format!(" − {}", amount(cents, line.currency)),
    };
    let share = amount(line.partner_share, line.currency);
    format!("{}{refunded} {}, share {share}", amount(line.paid, line.currency), line.currency)
}

/// Words at the left edge, numbers at the right one; numbers never lose a digit.
fn sides(skin: Skin, left: &str, right: &str, room: usize, role: Role) -> Line {
    let right = skin.ink(right).into_owned();
    let left = fit::cut(&skin.ink(left), room.saturating_sub(fit::width(&right) + 2), skin.ellipsis());
    let gap = room.saturating_sub(fit::width(&left) + fit::width(&right));
    vec![skin.span(&left, role), skin.span(&" ".repeat(gap), Role::Plain), skin.span(&right, role)]
}

fn paragraph(skin: Skin, words: &str, room: usize, role: Role, out: &mut Vec<Line>) {
    let ink = skin.ink(words).into_owned();
    let lines = fit::wrap(&ink, room, usize::MAX, skin.ellipsis());
    out.extend(lines.into_iter().map(|line| vec![skin.span(&line, role)]));
}
