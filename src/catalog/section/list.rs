//! Lists: entries such as `[[partner]]`, and plain lists of texts.

use super::{Placed, Section, clean, type_name};
use crate::catalog::problem::{choices, quoted};
use crate::catalog::report::Report;
use crate::domain::text::Text;
use toml_edit::{Item, TableLike, Value};

impl<'d> Section<'d> {
    /// The `[[key]]` entries, in file order. Their kind is set with [`Section::of`].
    pub(in crate::catalog) fn list(&self, report: &mut Report<'_>, key: &str) -> Vec<Self> {
        let heading = match self.kind.name {
            _ if self.top => key.to_owned(),
            "course" => format!("program.course.{key}"),
            name => format!("{name}.{key}"),
        };
        let mend = format!("Start each one with [[{heading}]], in double brackets.");
        let at = self.at(key);
        let entry = |table: &'d dyn TableLike, place: Option<std::ops::Range<usize>>| Self {
            table,
            kind: self.kind,
            top: false,
            at: place.map_or(at, |span| span.start),
        };
        match self.table.get(key) {
            None => Vec::new(),
            Some(Item::ArrayOfTables(tables)) => {
                tables.iter().map(|table| entry(table, table.span())).collect()
            }
            Some(Item::Value(Value::Array(values))) => {
                let mut entries = Vec::with_capacity(values.len());
                for value in values {
                    let place = value.span();
                    match value.as_inline_table() {
                        Some(table) => entries.push(entry(table, place)),
                        None => report.error(
                            place.map_or(at, |span| span.start),
                            format!("this {} is a value, not a table", key.trim_end_matches('s')),
                            mend.as_str(),
                        ),
                    }
                }
                entries
            }
            Some(other) => {
                report.error(at, format!("{key} is {}, not a list of tables", type_name(other)), mend);
                Vec::new()
            }
        }
    }

    /// A list of at most `count` texts of at most `max` characters; empty ones are left out.
    pub(in crate::catalog) fn texts(
        &self,
        report: &mut Report<'_>,
        key: &str,
        (count, max): (usize, usize),
        example: &str,
    ) -> Vec<Text> {
        let words = self.words(report, key, count, example).unwrap_or_default();
        let mut texts = Vec::with_capacity(words.len());
        for raw in words {
            let text = clean(report, raw, &format!("an entry of {key}"), max);
            texts.extend(text.and_then(Text::non_empty));
        }
        texts
    }

    /// A list of words of a closed set. Others are errors.
    pub(in crate::catalog) fn choices(
        &self,
        report: &mut Report<'_>,
        key: &str,
        known: &[&'static str],
    ) -> Option<Vec<Placed<&'static str>>> {
        let words = self.words(report, key, 2 * known.len(), &format!("\"{}\"", known.join("\", \"")))?;
        let mut chosen = Vec::with_capacity(words.len());
        for Placed { value, at } in words {
            if let Some(word) = known.iter().find(|word| **word == value) {
                chosen.push(Placed { value: *word, at });
            } else {
                let mend = format!("Choose among {}.", choices(known.iter().copied()));
                report.error(at, format!("{} is not known in {key}", quoted(value)), mend);
            }
        }
        Some(chosen)
    }

    /// A list of at most `count` texts as written, each with its place.
    pub(in crate::catalog) fn words(
        &self,
        report: &mut Report<'_>,
        key: &str,
        count: usize,
        example: &str,
    ) -> Option<Vec<Placed<&'d str>>> {
        let mend = format!("Write a list of texts, such as {key} = [{example}].");
        let list = self.read(report, key, "a list", &mend, Item::as_array)?;
        if list.value.len() > count {
            let what = format!("the list of {key} has {} entries", list.value.len());
            report.error(list.at, what, format!("Keep the {count} most useful ones."));
            return None;
        }
        let mut words = Vec::with_capacity(list.value.len());
        for value in list.value {
            let at = value.span().map_or(list.at, |span| span.start);
            match value.as_str() {
                Some(value) => words.push(Placed { value, at }),
                None => report.error(at, format!("an entry of {key} is not text"), "Write it in quotes."),
            }
        }
        Some(words)
    }
}
