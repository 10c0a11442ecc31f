//! The keys: one table says what they do, what footer, help and palette call them, where they work.
//!
//! The table ([`BINDINGS`]) is the one source; a [`Keymap`] is the table with the keys of the
//! configuration laid over it. What an action is at the moment says [`Here::state`]; what a key
//! does says [`pressed`], and the footer asks the same function, so that it shows nothing else.

mod action;
mod choosing;
mod configured;
mod layer;
mod learning;
mod state;
mod table;

pub use action::Action;
pub use configured::KeyProblem;
pub use layer::{Layer, works_in};
pub use state::{Here, State};
pub use table::{ALWAYS_QUITS, BINDINGS, Binding, Group, actions};

use crate::ui::app::App;
use crate::ui::key::Key;
use crossterm::event::KeyEvent;

/// Which keys do what, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<(Action, Vec<Key>)>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self { rows: BINDINGS.iter().map(|binding| (binding.action, binding.keys.to_vec())).collect() }
    }
}

impl Keymap {
    /// The keys of an action, the one that is shown first.
    pub fn keys(&self, action: Action) -> impl Iterator<Item = Key> {
        self.rows.iter().filter(move |(of, _)| *of == action).flat_map(|(_, keys)| keys.iter().copied())
    }

    /// The key of an action as cards and help show it; both keys of what stands in one line.
    pub fn sign(&self, action: Action) -> String {
        let signs = action.together().into_iter().filter_map(|one| self.keys(one).next());
        join(&signs.map(Key::sign).collect::<Vec<_>>())
    }

    /// The key of an action as a sentence says it: "Enter starts it".
    pub fn word(&self, action: Action) -> String {
        self.keys(action).next().map(Key::word).unwrap_or_default()
    }

    /// What the help adds: the other keys that do the same.
    pub fn others(&self, action: Action) -> String {
        let together = action.together();
        let text = self.keys(action).next().is_some_and(Key::is_text);
        let (mut also, mut everywhere) = (Vec::new(), Vec::new());
        for one in together {
            for key in self.keys(one).skip(1) {
                let typing = Layer::ALL.into_iter().any(|layer| layer.is_typing() && works_in(one, layer));
                if text && typing && !key.is_text() {
                    everywhere.push(format!("{} everywhere", key.word()));
                } else {
                    also.push(key.word());
                }
            }
        }
        let also = (!also.is_empty()).then(|| format!("also {}", also.join(" and ")));
        also.into_iter().chain(everywhere).collect::<Vec<_>>().join(", ")
    }
}

/// "↑↓", but "pgup pgdn".
fn join(signs: &[String]) -> String {
    let short = signs.iter().all(|sign| matches!(sign.as_str(), "↑" | "↓" | "←" | "→"));
    signs.join(if short { "" } else { " " })
}

/// What a key does here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// This.
    Do(Action),
    /// Nothing now, for this reason.
    Off(&'static str),
    /// Nothing, or it is text.
    Nothing,
}

/// What every row of the table is where the app stands.
struct Now<'a> {
    keymap: &'a Keymap,
    layer: Layer,
    states: Vec<Option<State>>,
}

impl<'a> Now<'a> {
    fn of(app: &'a App) -> Self {
        let here = Here::top(app);
        let states = app.keymap.rows.iter().map(|(action, _)| match action {
            Action::Move => None,
            action => here.state(*action),
        });
        Self { keymap: &app.keymap, layer: here.layer, states: states.collect() }
    }

    fn pressed(&self, key: Key) -> Pressed {
        if key == ALWAYS_QUITS {
            return Pressed::Do(Action::Quit);
        }
        if self.layer.is_typing() && key.is_text() {
            return Pressed::Nothing;
        }
        let rows = || {
            let rows = self.keymap.rows.iter().zip(&self.states);
            rows.filter(|((_, keys), _)| keys.contains(&key)).map(|((action, _), state)| (*action, *state))
        };
        let ready = rows().find(|(_, state)| matches!(state, Some(State::Ready(_))));
        let off = || {
            rows().find_map(|(_, state)| match state {
                Some(State::Off(reason)) => Some(Pressed::Off(reason)),
                _ => None,
            })
        };
        ready.map(|(action, _)| Pressed::Do(action)).or_else(off).unwrap_or(Pressed::Nothing)
    }

    /// The first key that does it here.
    fn key(&self, action: Action) -> Option<Key> {
        self.keymap.keys(action).find(|key| self.pressed(*key) == Pressed::Do(action))
    }

    fn label(&self, action: Action) -> Option<&'static str> {
        let place = self.keymap.rows.iter().position(|(of, _)| *of == action)?;
        self.states[place]?.label()
    }
}

/// What a key does here, or why it does nothing.
pub fn pressed(app: &App, key: KeyEvent) -> Pressed {
    Now::of(app).pressed(Key::of(key))
}

/// What a key does here, if anything.
pub fn action(app: &App, key: KeyEvent) -> Option<Action> {
    match pressed(app, key) {
        Pressed::Do(action) => Some(action),
        Pressed::Off(_) | Pressed::Nothing => None,
    }
}

/// What the action is called where the app stands; `None` where it does not work.
pub fn label(app: &App, action: Action) -> Option<&'static str> {
    Here::top(app).state(action)?.label()
}

/// The key that does it here, as a box shows it; where none does, the one that does it elsewhere.
pub fn sign_here(app: &App, action: Action) -> String {
    Now::of(app).key(action).map_or_else(|| app.keymap.sign(action), Key::sign)
}

/// One entry of the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The keys.
    pub sign: String,
    /// What they do here.
    pub label: &'static str,
    /// The action behind it.
    pub action: Action,
}

/// What the footer shows here, most useful first: nothing but keys that work.
pub fn footer(app: &App) -> Vec<Hint> {
    let now = Now::of(app);
    let boxed = now.layer.is_overlay() || now.layer.is_typing();
    let quiet = |action: Action| match action {
        Action::Mouse | Action::Suspend => true,
        Action::Quit | Action::Palette => boxed,
        action => action.is_motion(),
    };
    let mut out: Vec<Hint> = Vec::new();
    for binding in BINDINGS.iter().filter(|binding| !quiet(binding.action)) {
        let action = binding.action;
        let parts = action.together();
        let Some(label) = now.label(parts[0]) else {
            continue;
        };
        let signs: Vec<String> = parts.iter().filter_map(|part| now.key(*part)).map(Key::sign).collect();
        // Where two keys do the same, the first is said.
        if !signs.is_empty() && !label.is_empty() && out.iter().all(|hint| hint.label != label) {
            out.push(Hint { sign: join(&signs), label, action });
        }
    }
    out
}
