//! The app as a pure machine: (model, message) -> (model, effects), and model -> frame.
//! Nothing here awaits, reads a clock or knows where data comes from.
//!
//! [`App::update`] takes one [`Msg`] and returns the [`Effect`]s it causes; [`App::view`] draws
//! what the model says and changes nothing. Keys, footer, help and palette come from one table
//! ([`keymap`]); where things are drawn and where they are clicked come from one place
//! ([`layout`]); what is said comes from one place ([`text`]).

pub mod app;
pub mod card;
pub mod effect;
pub mod field;
pub mod finder;
pub mod fit;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod mark;
pub mod msg;
pub mod page;
pub mod palette;
pub mod text;
pub mod theme;
mod view;

#[cfg(test)]
mod tests;

pub use app::{App, Setup};
pub use effect::{Effect, RequestId};
pub use keymap::Keymap;
pub use msg::Msg;
pub use theme::Theme;
