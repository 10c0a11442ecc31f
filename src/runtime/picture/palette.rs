//! The colours a picture has where a terminal has its own.

use ratatui::style::Color;

/// What the 16 ANSI colours, the foreground and the background look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

type Rgb = (u8, u8, u8);

/// In the order of the SGR codes: black to white, then the bright ones.
const DARK: [Rgb; 16] = [
    (0x3b, 0x42, 0x4f),
    (0xf4, 0x7b, 0x7b),
    (0x8c, 0xc9, 0x7f),
    (0xe8, 0xc2, 0x5f),
    (0x7f, 0xaa, 0xf5),
    (0xcf, 0x9b, 0xe8),
    (0x5c, 0xcb, 0xdb),
    (0xc8, 0xce, 0xd8),
    (0x8d, 0x95, 0xa3),
    (0xff, 0x9c, 0x9c),
    (0xa8, 0xdf, 0x9a),
    (0xf6, 0xd7, 0x82),
    (0x9f, 0xc0, 0xff),
    (0xe0, 0xb5, 0xf4),
    (0x83, 0xe0, 0xed),
    (0xff, 0xff, 0xff),
];
const LIGHT: [Rgb; 16] = [
    (0x24, 0x29, 0x2f),
    (0xb4, 0x23, 0x1c),
    (0x1a, 0x73, 0x34),
    (0x85, 0x5c, 0x00),
    (0x0a, 0x55, 0xbd),
    (0x8b, 0x2f, 0x97),
    (0x0b, 0x69, 0x7a),
    (0x5b, 0x63, 0x6e),
    (0x61, 0x69, 0x74),
    (0x9c, 0x1c, 0x16),
    (0x14, 0x5f, 0x2a),
    (0x6e, 0x4c, 0x00),
    (0x08, 0x45, 0x9b),
    (0x74, 0x25, 0x7e),
    (0x08, 0x55, 0x63),
    (0x16, 0x1a, 0x1f),
];

impl Palette {
    /// The terminal's own foreground.
    pub(super) fn foreground(self) -> Rgb {
        match self {
            Self::Dark => (0xdd, 0xe1, 0xe8),
            Self::Light => (0x24, 0x29, 0x2f),
        }
    }

    /// The terminal's own background.
    pub(super) fn background(self) -> Rgb {
        match self {
            Self::Dark => (0x16, 0x19, 0x1f),
            Self::Light => (0xfd, 0xfc, 0xfa),
        }
    }

    /// A colour; `own` is what stands for the terminal's own one.
    pub(super) fn rgb(self, color: Color, own: Rgb) -> Rgb {
        let sixteen = match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
        };
        match color {
            Color::Reset => own,
            Color::Rgb(r, g, b) => (r, g, b),
            Color::Indexed(index @ 0..=15) => sixteen[usize::from(index)],
            Color::Indexed(index) => indexed(index),
            named => sixteen[usize::from(number(named))],
        }
    }
}

/// The number of a named colour among the sixteen.
pub(super) fn number(color: Color) -> u8 {
    match color {
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        _ => 0,
    }
}

/// The colours 16 to 255 of xterm: a cube of 6×6×6, then 24 greys.
fn indexed(index: u8) -> Rgb {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index.saturating_sub(16) {
        cube @ 0..=215 => {
            let step = |part: u8| STEPS[usize::from(part % 6)];
            (step(cube / 36), step(cube / 6), step(cube))
        }
        grey => {
            let level = 8 + (grey - 216) * 10;
            (level, level, level)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Theme;
    use crate::ui::theme::Role;

    fn luminance((r, g, b): Rgb) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    /// Contrast as the Web Content Accessibility Guidelines reckon it; 4.5 is readable (AA).
    #[test]
    fn every_role_can_be_read() {
        let roles =
            [Role::Plain, Role::Accent, Role::Muted, Role::Good, Role::Warn, Role::Bad, Role::Selected];
        for (palette, theme) in [(Palette::Dark, Theme::Dark), (Palette::Light, Theme::Light)] {
            for role in roles {
                let fg = palette.rgb(theme.style(role).fg.unwrap_or_default(), palette.foreground());
                let (fg, bg) = (luminance(fg), luminance(palette.background()));
                let contrast = (fg.max(bg) + 0.05) / (fg.min(bg) + 0.05);
                assert!(contrast >= 4.5, "{theme:?} {role:?}: {contrast}");
            }
        }
    }

    #[test]
    fn the_cube_and_the_greys_are_xterms() {
        assert_eq!((indexed(16), indexed(231), indexed(196)), ((0, 0, 0), (255, 255, 255), (255, 0, 0)));
        assert_eq!((indexed(232), indexed(255)), ((8, 8, 8), (238, 238, 238)));
    }
}
