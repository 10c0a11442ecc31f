//! Frames, bars and blocks as shapes: fonts draw them in heights of their own, and lines that
//! should meet don't.

use super::svg::{CELL_H, CELL_W};
use std::fmt::Write as _;

/// Half of a line's width, in the picture's units.
const THIN: f64 = 0.6;
const THICK: f64 = 1.4;

/// A part of a cell, in eighths: left, top, width, height.
type Eighths = (f64, f64, f64, f64);

/// Draws `count` cells that show `symbol`, the first at `(x, y)`; `None` for what is text.
pub(super) fn draw(symbol: &str, count: u16, x: f64, y: f64, fill: &str) -> Option<String> {
    let mut chars = symbol.chars();
    let (sign, None) = (chars.next()?, chars.next()) else {
        return None;
    };
    if let Some((parts, opacity)) = blocks(sign) {
        return Some(fill_parts(parts, opacity, count, x, y, fill));
    }
    if let Some(arc) = arc(sign) {
        return Some(curve(arc, x, y, fill));
    }
    let arms = arms(sign)?;
    let mut out = String::new();
    let (middle_x, middle_y) = (x + CELL_W / 2.0, y + CELL_H / 2.0);
    let [left, up, right, down] = arms.map(|weight| match weight {
        0 => 0.0,
        1 => THIN,
        _ => THICK,
    });
    if left > 0.0 || right > 0.0 {
        let half = left.max(right);
        let from = if left > 0.0 { x } else { middle_x - up.max(down) };
        let to = if right > 0.0 { x + CELL_W * f64::from(count) } else { middle_x + up.max(down) };
        rect(&mut out, (from, middle_y - half, to - from, 2.0 * half), fill, 1.0);
    }
    if up > 0.0 || down > 0.0 {
        let half = up.max(down);
        let from = if up > 0.0 { y } else { middle_y - left.max(right) };
        let to = if down > 0.0 { y + CELL_H } else { middle_y + left.max(right) };
        rect(&mut out, (middle_x - half, from, 2.0 * half, to - from), fill, 1.0);
    }
    Some(out)
}

/// Whether cells that show it side by side make one shape.
pub(super) fn joins(symbol: &str) -> bool {
    matches!(symbol, "─" | "━" | "█" | "░" | "▀" | "▄")
}

fn fill_parts(parts: &[Eighths], opacity: f64, count: u16, x: f64, y: f64, fill: &str) -> String {
    let (w, h) = (CELL_W / 8.0, CELL_H / 8.0);
    let mut out = String::new();
    for (left, top, width, height) in parts {
        let width = width * w * f64::from(count);
        rect(&mut out, (x + left * w, y + top * h, width, height * h), fill, opacity);
    }
    out
}

fn rect(out: &mut String, (x, y, width, height): (f64, f64, f64, f64), fill: &str, opacity: f64) {
    let opacity = if opacity < 1.0 { format!(" fill-opacity=\"{opacity}\"") } else { String::new() };
    let [x, y, width, height] = [x, y, width, height].map(short);
    let _ = writeln!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{opacity}/>"
    );
}

/// At most two decimals, none that say nothing.
pub(super) fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Block elements (Unicode 2580 to 259F) that are drawn here, and how solid they are.
fn blocks(sign: char) -> Option<(&'static [Eighths], f64)> {
    const WHOLE: Eighths = (0.0, 0.0, 8.0, 8.0);
    Some(match sign {
        '█' => (&[WHOLE], 1.0),
        '░' => (&[WHOLE], 0.22),
        '▒' => (&[WHOLE], 0.45),
        '▓' => (&[WHOLE], 0.7),
        '▀' => (&[(0.0, 0.0, 8.0, 4.0)], 1.0),
        '▄' => (&[(0.0, 4.0, 8.0, 4.0)], 1.0),
        '▌' => (&[(0.0, 0.0, 4.0, 8.0)], 1.0),
        '▐' => (&[(4.0, 0.0, 4.0, 8.0)], 1.0),
        '▖' => (&[(0.0, 4.0, 4.0, 4.0)], 1.0),
        '▗' => (&[(4.0, 4.0, 4.0, 4.0)], 1.0),
        '▘' => (&[(0.0, 0.0, 4.0, 4.0)], 1.0),
        '▝' => (&[(4.0, 0.0, 4.0, 4.0)], 1.0),
        _ => return None,
    })
}

/// Box drawing (Unicode 2500 to 257F): how thick the arms to the left, up, right and down are.
fn arms(sign: char) -> Option<[u8; 4]> {
    Some(match sign {
        '─' => [1, 0, 1, 0],
        '│' => [0, 1, 0, 1],
        '┌' => [0, 0, 1, 1],
        '┐' => [1, 0, 0, 1],
        '└' => [0, 1, 1, 0],
        '┘' => [1, 1, 0, 0],
        '├' => [0, 1, 1, 1],
        '┤' => [1, 1, 0, 1],
        '┬' => [1, 0, 1, 1],
        '┴' => [1, 1, 1, 0],
        '┼' => [1, 1, 1, 1],
        '━' => [2, 0, 2, 0],
        '┃' => [0, 2, 0, 2],
        '┏' => [0, 0, 2, 2],
        '┓' => [2, 0, 0, 2],
        '┗' => [0, 2, 2, 0],
        '┛' => [2, 2, 0, 0],
        '┣' => [0, 2, 2, 2],
        '┫' => [2, 2, 0, 2],
        '┳' => [2, 0, 2, 2],
        '┻' => [2, 2, 2, 0],
        '╋' => [2, 2, 2, 2],
        _ => return None,
    })
}

/// Round corners: the horizontal and the vertical side they connect, as -1 or 1 from the middle.
fn arc(sign: char) -> Option<(f64, f64)> {
    Some(match sign {
        '╭' => (1.0, 1.0),
        '╮' => (-1.0, 1.0),
        '╰' => (1.0, -1.0),
        '╯' => (-1.0, -1.0),
        _ => return None,
    })
}

fn curve((across, along): (f64, f64), x: f64, y: f64, fill: &str) -> String {
    let (middle_x, middle_y) = (x + CELL_W / 2.0, y + CELL_H / 2.0);
    let radius = CELL_W / 2.0;
    let numbers = [
        middle_x,
        middle_y + along * CELL_H / 2.0,
        middle_y + along * radius,
        middle_x,
        middle_y,
        middle_x + across * radius,
        middle_y,
        2.0 * THIN,
    ];
    let [x0, y0, y1, cx, cy, x2, y2, width] = numbers.map(short);
    format!(
        "<path d=\"M{x0} {y0}V{y1}Q{cx} {cy} {x2} {y2}\" fill=\"none\" stroke=\"{fill}\" stroke-width=\"{width}\"/>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Theme;
    use crate::ui::theme::Skin;

    #[test]
    fn every_sign_of_our_frames_and_bars_is_drawn() {
        let skin = Skin { theme: Theme::Dark, ascii: false };
        let mut signs = vec![skin.marker(), skin.full(), skin.open(), skin.rule(), skin.divider()];
        signs.extend((0..4).map(|tick| skin.spinner(tick)));
        for focused in [true, false] {
            let frame = skin.frame(focused);
            signs.extend(frame.corners);
            signs.extend([frame.across, frame.down]);
        }
        for sign in signs {
            assert!(draw(sign, 1, 0.0, 0.0, "#fff").is_some_and(|shape| !shape.is_empty()), "{sign}");
        }
        assert_eq!(draw("a", 1, 0.0, 0.0, "#fff"), None);
    }

    #[test]
    fn lines_of_neighbours_meet() {
        let right_end = draw("─", 3, 0.0, 0.0, "#fff").expect("a line");
        assert!(right_end.contains(&format!("width=\"{}\"", short(3.0 * CELL_W))), "{right_end}");
        let corner = draw("┏", 1, 0.0, 0.0, "#fff").expect("a corner");
        assert_eq!(corner.lines().count(), 2, "{corner}");
    }
}
