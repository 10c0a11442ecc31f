//! The links and images of a lesson, by their numbers.

use super::super::{App, Overlay};
use super::Player;
use crate::domain::lesson::LessonKey;
use crate::domain::program::Slug;
use crate::domain::web::WebUrl;
use crate::ui::effect::Effect;
use crate::ui::msg::Level;
use crate::ui::page::{PageLink, Target};
use crate::ui::text;
use crossterm::event::{KeyCode, KeyEvent};

/// The links of the lesson on screen.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct LinkBox {
    /// The chosen row.
    pub selected: usize,
    /// The number that is being typed.
    pub typed: usize,
}

/// The lesson that the name of a file means: "03-files.md" is "files".
pub(in crate::ui) fn lesson_of(file: &str) -> Option<LessonKey> {
    let name = file.strip_suffix(".md")?;
    let key = name.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('-')?;
    Slug::parse(key).ok()
}

impl App {
    /// The links of the lesson on screen.
    pub(in crate::ui) fn lesson_links(&self) -> &[PageLink] {
        self.player().map_or(&[], |player| player.page.links())
    }

    /// `f`: the list, at the first link that is in sight.
    pub(in crate::ui::app) fn open_links(&mut self) {
        let top = self.player().map_or(0, |player| {
            let head = crate::ui::layout::lesson_rows(self).head;
            player.top.saturating_sub(head)
        });
        let links = self.lesson_links();
        if links.is_empty() {
            return;
        }
        let selected = links.iter().position(|link| link.line >= top).unwrap_or(links.len() - 1);
        self.overlays.push(Overlay::Links(LinkBox { selected, typed: 0 }));
    }

    /// A digit in the list: its number, which opens as soon as no other can be meant.
    pub(in crate::ui::app) fn type_link(&mut self, key: KeyEvent) -> Vec<Effect> {
        let count = self.lesson_links().len();
        let KeyCode::Char(c) = key.code else {
            return Vec::new();
        };
        let Some(Overlay::Links(links)) = self.overlays.last_mut() else {
            return Vec::new();
        };
        let Some(digit) = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) else {
            return Vec::new();
        };
        let longer = links.typed * 10 + digit;
        links.typed = if (1..=count).contains(&longer) { longer } else { digit };
        if !(1..=count).contains(&links.typed) {
            links.typed = 0;
            self.hint(text::no_such_link(count));
            return Vec::new();
        }
        links.selected = links.typed - 1;
        if links.typed * 10 > count { self.follow_link() } else { Vec::new() }
    }

    /// Enter in the list.
    pub(in crate::ui::app) fn follow_link(&mut self) -> Vec<Effect> {
        let Some(Overlay::Links(links)) = self.overlays.last() else {
            return Vec::new();
        };
        let target = self.lesson_links().get(links.selected).map(|link| link.target.clone());
        self.overlays.pop();
        target.map(|target| self.follow(target)).unwrap_or_default()
    }

    /// To where a link leads: into the browser, or to another lesson.
    pub(in crate::ui::app) fn follow(&mut self, target: Target) -> Vec<Effect> {
        match target {
            Target::Web(url) => vec![Effect::OpenLessonLink { url }],
            Target::Lesson(file) => {
                let outline = self.player().and_then(Player::outline);
                let number = lesson_of(&file).and_then(|key| outline?.number_of(&key));
                if let Some(number) = number {
                    return self.open_number(number);
                }
                self.hint(text::NO_SUCH_LESSON);
                Vec::new()
            }
        }
    }

    pub(in crate::ui::app) fn on_lesson_link_opened(&mut self, url: &WebUrl, opened: bool) -> Vec<Effect> {
        if opened {
            self.say(Level::Info, text::LINK_OPENED);
            return Vec::new();
        }
        self.say(Level::Warn, text::no_browser_for(url));
        vec![Effect::CopyText(url.to_string())]
    }
}

#[cfg(test)]
mod tests {
    use super::lesson_of;

    #[test]
    fn the_name_of_a_file_means_a_lesson() {
        let key = |file| lesson_of(file).map(|key| key.to_string());
        assert_eq!(key("03-files.md").as_deref(), Some("files"));
        assert_eq!(key("003-safe-passwords.md").as_deref(), Some("safe-passwords"));
        for other in ["files.md", "03-.md", "03-files", "../03-files.md", ""] {
            assert_eq!(key(other), None, "{other}");
        }
    }
}
