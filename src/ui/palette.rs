//! The list of all actions: what can be done where the app stands, and why the rest can't.

use crate::ui::app::{App, Overlay};
use crate::ui::field::Field;
use crate::ui::key::Key;
use crate::ui::keymap::{Action, Binding, Here, State, actions};
use crate::ui::mark::{self, Kind};

/// The list of all actions, as it is open.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    /// What was typed.
    pub field: Field,
    /// The chosen row.
    pub selected: usize,
    /// Why the chosen one can't be done, once somebody tried.
    pub said: Option<&'static str>,
}

/// One action of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub binding: &'static Binding,
    /// Whether it can be done under the list.
    pub state: State,
    /// Its key, as it works under the list.
    pub sign: String,
    /// The letters of its title that match.
    pub marks: Vec<usize>,
}

/// The rows: best match first; with nothing typed, those that can be done.
pub fn entries(app: &App) -> Vec<Entry> {
    let here = Here::under_palette(app);
    let query = open(app).map(|palette| palette.field.text()).unwrap_or_default();
    let mut found: Vec<((u32, bool, bool), Entry)> = actions()
        .filter_map(|binding| {
            let state = match here.state(binding.action)? {
                // It would close this list to open it again.
                _ if binding.action == Action::Palette => State::Elsewhere("you see it"),
                state => state,
            };
            // What the footer calls it finds it too: "enroll" is what Enter does on a partner.
            let label = || Some((mark::find(state.label()?, query, Kind::Fuzzy)?.0, Vec::new()));
            let (score, marks) = mark::find(binding.title, query, Kind::Fuzzy).or_else(label)?;
            let rank = (u32::MAX - score, state.reason().is_some(), binding.action.is_motion());
            let typed = |key: &Key| here.layer.is_typing() && key.is_text();
            let keys = || app.keymap.keys(binding.action);
            let key = keys().find(|key| !typed(key)).or_else(|| keys().next());
            let sign = key.map(Key::sign).unwrap_or_default();
            Some((rank, Entry { binding, state, sign, marks }))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// How many rows there are when nothing is typed.
pub fn most(app: &App) -> usize {
    let here = Here::under_palette(app);
    actions().filter(|binding| here.state(binding.action).is_some()).count()
}

/// The chosen row.
pub fn chosen(app: &App) -> Option<Entry> {
    let place = open(app)?.selected;
    entries(app).into_iter().nth(place)
}

/// Whether the reason of the chosen row is said already.
pub fn has_said(app: &App) -> bool {
    open(app).is_some_and(|palette| palette.said.is_some())
}

fn open(app: &App) -> Option<&Palette> {
    app.overlays.iter().rev().find_map(|overlay| match overlay {
        Overlay::Palette(palette) => Some(palette),
        _ => None,
    })
}
