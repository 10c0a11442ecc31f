//! The screen as SVG 1.1.

use super::palette::Palette;
use super::{Look, ink, shown};
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use std::fmt::Write as _;

/// A cell, in the picture's units.
pub(super) const CELL_W: f64 = 8.0;
pub(super) const CELL_H: f64 = 17.0;
/// Around the screen.
const MARGIN: f64 = 16.0;
/// Most monospaced fonts are 0.6 of their size wide.
const FONT_SIZE: &str = "13.33";
/// Where letters stand in a cell.
const BASELINE: f64 = 12.8;
const FONTS: &str =
    "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// Some cells of a row that look alike.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
}

/// The screen with its cursor, as a picture without anything from outside: no fonts, no links.
pub fn svg(buffer: &Buffer, cursor: Option<(u16, u16)>, palette: Palette) -> String {
    let (width, height) = (f64::from(buffer.area.width), f64::from(buffer.area.height));
    let [width, height] = [width * CELL_W, height * CELL_H].map(|inner| ink::short(inner + 2.0 * MARGIN));
    let [fg, bg] = [palette.foreground(), palette.background()].map(hex);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>coursevia</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{bg}\"/>\n\
         <g font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\" fill=\"{fg}\" xml:space=\"preserve\" style=\"white-space:pre\">\n"
    );
    for y in buffer.area.top()..buffer.area.bottom() {
        let cursor = cursor.filter(|(_, row)| *row == y).map(|(column, _)| column);
        let top = MARGIN + f64::from(y - buffer.area.top()) * CELL_H;
        for run in runs(buffer, y, cursor) {
            draw(&mut out, &run, top, palette);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// What is drawn in one go. Text is cut at every sign that a font may not have, because its
/// stand-in may be wider than a cell and push what follows.
fn runs(buffer: &Buffer, y: u16, cursor: Option<u16>) -> Vec<Run> {
    let mut cells = shown(buffer, y);
    if let Some(column) = cursor.filter(|column| cells.iter().all(|(x, ..)| x != column)) {
        cells.push((column, " ", Look::default(), 1));
    }
    let mut runs: Vec<Run> = Vec::new();
    for (x, symbol, mut look, width) in cells {
        if cursor == Some(x) {
            look.modifier.toggle(Modifier::REVERSED);
        }
        if let Some(run) = runs.last_mut()
            && run.look == look
            && run.x + run.cells == x
            && continues(&run.text, symbol)
        {
            run.cells += width;
            run.text.push_str(symbol);
        } else {
            runs.push(Run { x, cells: width, text: symbol.to_owned(), look });
        }
    }
    runs
}

fn continues(text: &str, symbol: &str) -> bool {
    if ink::joins(symbol) {
        return text.ends_with(symbol);
    }
    // Latin letters with their marks are in every font.
    let everywhere = |c: char| c < '\u{250}' && !c.is_control();
    symbol.chars().all(everywhere) && text.chars().all(everywhere)
}

fn draw(out: &mut String, run: &Run, top: f64, palette: Palette) {
    let left = MARGIN + f64::from(run.x) * CELL_W;
    let mut fg = palette.rgb(run.look.fg, palette.foreground());
    let mut bg = palette.rgb(run.look.bg, palette.background());
    if run.look.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut fg, &mut bg);
    }
    let width = f64::from(run.cells) * CELL_W;
    if bg != palette.background() {
        let [x, y, width, height] = [left, top, width, CELL_H].map(ink::short);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
            hex(bg)
        );
    }
    if run.look.modifier.contains(Modifier::HIDDEN) {
        return;
    }
    let first = run.text.chars().next().map(String::from).unwrap_or_default();
    let fill = hex(fg);
    if let Some(shape) = ink::draw(&first, run.cells, left, top, &fill) {
        out.push_str(&shape);
    } else {
        letters(out, run, left, top, (fg != palette.foreground()).then_some(&fill));
    }
}

fn letters(out: &mut String, run: &Run, left: f64, top: f64, fill: Option<&String>) {
    let underlined = run.look.modifier.contains(Modifier::UNDERLINED);
    // Blanks show nothing but an underline.
    let text = if underlined { run.text.as_str() } else { run.text.trim_end_matches(' ') };
    let start = if underlined { text } else { text.trim_start_matches(' ') };
    if start.is_empty() {
        return;
    }
    // Blanks are one byte and one cell each.
    let cells = |bytes: usize| u32::try_from(bytes).map_or(0.0, f64::from) * CELL_W;
    let x = left + cells(text.len() - start.len());
    let width = f64::from(run.cells) * CELL_W - (x - left) - cells(run.text.len() - text.len());
    let [x, y, width] = [x, top + BASELINE, width].map(ink::short);
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"");
    if let Some(fill) = fill {
        let _ = write!(out, " fill=\"{fill}\"");
    }
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::DIM, " fill-opacity=\"0.65\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
    ] {
        if run.look.modifier.contains(modifier) {
            out.push_str(attribute);
        }
    }
    // Blanks that meet become one where a page shows the picture; no-break ones stay.
    let _ = writeln!(out, ">{}</text>", escape(&start.replace("  ", "\u{a0}\u{a0}")));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn hex((r, g, b): (u8, u8, u8)) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
