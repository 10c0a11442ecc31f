//! Keys of one's own: names and keys of the configuration, checked against the table.

use super::table::{ALWAYS_QUITS, Binding, actions};
use super::{Action, Keymap, Layer, works_in};
use crate::ui::key::{Key, KeyError};
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a line of `[keys]` was not used. What it would have changed stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyProblem {
    /// There is no such action.
    #[error("keys.{name}: no action has this name. The names are {}.", names())]
    UnknownAction {
        /// What was written.
        name: String,
    },
    /// There is no such key.
    #[error(
        "keys.{name}: \"{key}\" is no key. Write a character, ctrl+x, alt+x or a name such as enter, pgup \
         or f5. {name} keeps {kept}."
    )]
    UnknownKey {
        /// The action.
        name: &'static str,
        /// What was written.
        key: String,
        /// Its keys.
        kept: String,
    },
    /// A terminal sends the same for two keys.
    #[error("keys.{name}: a terminal can't tell {key} from {same}. {name} keeps {kept}.")]
    SameKey {
        /// The action.
        name: &'static str,
        /// What was written.
        key: String,
        /// What arrives.
        same: &'static str,
        /// Its keys.
        kept: String,
    },
    /// An action needs a key.
    #[error("keys.{name}: this names no key. {name} keeps {kept}.")]
    NoKey {
        /// The action.
        name: &'static str,
        /// Its keys.
        kept: String,
    },
    /// The key does something else in the same place.
    #[error("keys.{name}: {key} already belongs to {owner} {place}. {name} keeps {kept}.")]
    Taken {
        /// The action.
        name: &'static str,
        /// The key.
        key: String,
        /// The action that has it.
        owner: &'static str,
        /// Where both work.
        place: &'static str,
        /// Its keys.
        kept: String,
    },
}

fn names() -> String {
    actions().map(|binding| binding.name).collect::<Vec<_>>().join(", ")
}

fn kept(action: Action) -> String {
    let keys: Vec<String> = Keymap::default().keys(action).map(|key| key.to_string()).collect();
    keys.join(" or ")
}

/// What somebody wants for one action.
struct Wish {
    binding: &'static Binding,
    keys: Vec<Key>,
}

impl Keymap {
    /// The keys of the table with those of the configuration (action → keys) laid over them, and
    /// what could not be used. A key belongs to one action where both could work; what the table
    /// itself shares may be shared.
    pub fn configured(wanted: &BTreeMap<String, Vec<String>>) -> (Self, Vec<KeyProblem>) {
        let (mut wishes, mut problems) = (Vec::new(), Vec::new());
        for (name, keys) in wanted {
            match wish(name, keys) {
                Ok(wish) => wishes.push(wish),
                Err(problem) => problems.push(problem),
            }
        }
        loop {
            let mut map = Self::default();
            for wish in &wishes {
                map.set(wish);
            }
            let refused = |at_home: bool| {
                let wishes = wishes.iter().enumerate().rev();
                wishes
                    .map(|(place, wish)| (place, map.taken(wish, at_home)))
                    .find(|(_, found)| found.is_some())
            };
            // Whoever only writes down a key the action always had is not the one at fault.
            let Some((place, Some(problem))) = refused(false).or_else(|| refused(true)) else {
                return (map, problems);
            };
            wishes.remove(place);
            problems.push(problem);
        }
    }

    fn set(&mut self, wish: &Wish) {
        let mut keys = Some(wish.keys.clone());
        for (_, row) in self.rows.iter_mut().filter(|(action, _)| *action == wish.binding.action) {
            *row = keys.take().unwrap_or_default();
        }
    }

    /// The first key of a wish that another action has in the same place; `at_home` also asks
    /// about the keys the action has in the table.
    fn taken(&self, wish: &Wish, at_home: bool) -> Option<KeyProblem> {
        let (name, action) = (wish.binding.name, wish.binding.action);
        let table = Self::default();
        // Its own fixed key is nobody else's: who takes it is at fault.
        for key in wish.keys.iter().filter(|key| wish.binding.fixed != Some(**key)) {
            if !at_home && table.keys(action).any(|its| its == *key) {
                continue;
            }
            for other in actions().filter(|other| other.action != action) {
                let shared = table.keys(action).any(|key| table.keys(other.action).any(|its| its == key));
                let has_it = self.keys(other.action).any(|its| its == *key);
                if !has_it || (shared && *key != ALWAYS_QUITS) {
                    continue;
                }
                let both = |layer: &Layer| {
                    let typed = layer.is_typing() && key.is_text();
                    works_in(action, *layer) && works_in(other.action, *layer) && !typed
                };
                if let Some(layer) = Layer::ALL.into_iter().find(both) {
                    let place = if *key == ALWAYS_QUITS { "everywhere" } else { layer.place() };
                    let (key, owner) = (key.to_string(), other.name);
                    return Some(KeyProblem::Taken { name, key, owner, place, kept: kept(action) });
                }
            }
        }
        None
    }
}

fn wish(name: &str, words: &[String]) -> Result<Wish, KeyProblem> {
    let plain = name.to_lowercase().replace('_', "-");
    let Some(binding) = actions().find(|binding| binding.name == plain) else {
        let name = crate::domain::text::Text::clean_to(name, 40).to_string();
        return Err(KeyProblem::UnknownAction { name });
    };
    let (name, kept) = (binding.name, || kept(binding.action));
    let mut keys = Vec::new();
    for word in words.iter().flat_map(|word| word.split_whitespace()) {
        let key = crate::domain::text::Text::clean_to(word, 20).to_string();
        match word.parse::<Key>() {
            Ok(key) if keys.contains(&key) => {}
            Ok(key) => keys.push(key),
            Err(KeyError::Unknown) => return Err(KeyProblem::UnknownKey { name, key, kept: kept() }),
            Err(KeyError::SameAs(same)) => return Err(KeyProblem::SameKey { name, key, same, kept: kept() }),
        }
    }
    if keys.is_empty() {
        return Err(KeyProblem::NoKey { name, kept: kept() });
    }
    // Nobody is locked out: Enter, Esc, the arrows, F1 and ctrl+c stay what they are.
    keys.extend(binding.fixed.filter(|key| !keys.contains(key)));
    Ok(Wish { binding, keys })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::keymap::BINDINGS;
    use crossterm::event::KeyCode;

    fn configured(lines: &[(&str, &str)]) -> (Keymap, Vec<String>) {
        let wanted =
            lines.iter().map(|(name, keys)| ((*name).to_owned(), vec![(*keys).to_owned()])).collect();
        let (map, problems) = Keymap::configured(&wanted);
        (map, problems.iter().map(ToString::to_string).collect())
    }

    fn keys(map: &Keymap, action: Action) -> Vec<String> {
        map.keys(action).map(|key| key.to_string()).collect()
    }

    #[test]
    fn the_table_has_no_conflict_of_its_own() {
        for binding in BINDINGS {
            let keys = binding.keys.to_vec();
            assert_eq!(Keymap::default().taken(&Wish { binding, keys }, true), None, "{:?}", binding.action);
        }
    }

    #[test]
    fn a_key_written_down_where_it_always_was_is_not_at_fault() {
        let (map, problems) = configured(&[("help", "q"), ("quit", "q")]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("keys.help: q already belongs to"), "{problems:?}");
        assert_eq!(keys(&map, Action::Quit), ["q", "ctrl+c"]);
    }

    #[test]
    fn names_of_actions_are_unique_and_written_with_hyphens() {
        let mut names: Vec<_> = actions().map(|binding| binding.name).collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }

    #[test]
    fn a_key_of_ones_own_replaces_those_of_the_table() {
        let (map, problems) = configured(&[("details", "D"), ("search", "/ ctrl+f"), ("try_again", "T")]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(keys(&map, Action::Details), ["D"]);
        assert_eq!(keys(&map, Action::Search), ["/", "ctrl+f"]);
        assert_eq!(keys(&map, Action::TryAgain), ["T"]);
        assert_eq!(map.sign(Action::Details), "D");
    }

    #[test]
    fn two_actions_may_change_keys() {
        let (map, problems) = configured(&[("switch", "x"), ("cancel", "s")]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((map.sign(Action::Switch), map.sign(Action::Cancel)), ("x".to_owned(), "s".to_owned()));
    }

    #[test]
    fn nobody_is_locked_out() {
        let all = [("quit", "ctrl+q"), ("help", "H"), ("back", "b"), ("close", "c"), ("go", "z")];
        let (map, problems) = configured(&all);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(keys(&map, Action::Quit), ["ctrl+q", "ctrl+c"]);
        assert_eq!(keys(&map, Action::Help), ["H", "f1"]);
        assert_eq!(keys(&map, Action::Back), ["b", "esc"]);
        assert_eq!(keys(&map, Action::Close), ["c", "esc"]);
        assert_eq!(map.keys(Action::Go).last(), Some(Key::plain(KeyCode::Enter)));
    }

    #[test]
    fn a_key_that_is_taken_is_named_and_not_used() {
        let (map, problems) = configured(&[("details", "x"), ("search", "enter"), ("refresh", "ctrl+c")]);
        assert_eq!(
            problems,
            [
                "keys.search: enter already belongs to go in the list of programs. search keeps /.",
                "keys.refresh: ctrl+c already belongs to quit everywhere. refresh keeps r.",
                "keys.details: x already belongs to cancel on My courses. details keeps o.",
            ]
        );
        assert_eq!(map, Keymap::default());
    }

    #[test]
    fn an_override_that_falls_takes_no_other_with_it() {
        let (map, problems) = configured(&[("cancel", "s"), ("switch", "x x"), ("undo", "s")]);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(map.sign(Action::Undo), "u");
        assert_eq!(map.sign(Action::Cancel), "s");
    }

    #[test]
    fn the_same_key_may_work_in_different_places() {
        let (_, problems) = configured(&[("copy-link", "x"), ("close", "x")]);
        assert_eq!(problems.len(), 1, "both work where a link is shown: {problems:?}");
        let (_, problems) = configured(&[("copy-link", "o")]);
        assert_eq!(problems, Vec::<String>::new());
    }

    #[test]
    fn what_nobody_knows_is_named() {
        let (map, problems) =
            configured(&[("serach", "s"), ("search", "entr"), ("undo", ""), ("go", "ctrl+m")]);
        assert!(
            problems.iter().any(|p| p.starts_with("keys.serach: no action has this name. The names are up,"))
        );
        assert!(problems.iter().any(|p| p.starts_with("keys.search: \"entr\" is no key.")));
        assert!(problems.iter().any(|p| p == "keys.undo: this names no key. undo keeps u."));
        assert!(problems.iter().any(|p| p.starts_with("keys.go: a terminal can't tell ctrl+m from enter.")));
        assert_eq!(map, Keymap::default());
    }
}
