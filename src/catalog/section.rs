//! One table of the file, read key by key; every reading error goes into the report.

use super::names::closest;
use super::problem::{choices, quoted};
use super::report::Report;
use crate::domain::catalog::Day;
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use chrono::NaiveDate;
use toml_edit::{Item, Table, TableLike, Value};

mod list;

/// The largest number of hours that is believed.
const MAX_HOURS: u32 = 100_000;

/// The furthest day after an import that is believed.
const MAX_DAYS: u16 = 3_650;

/// What a table is, and the keys it may have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// As messages call it.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [&'static str],
}

/// A value and the byte where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<T> {
    /// The value.
    pub(super) value: T,
    /// Its first byte.
    pub(super) at: usize,
}

/// A table of the file.
#[derive(Clone, Copy)]
pub(super) struct Section<'d> {
    table: &'d dyn TableLike,
    kind: &'static Kind,
    /// Whether it is all there is, and in no other table.
    top: bool,
    /// Where it starts.
    pub(super) at: usize,
}

impl<'d> Section<'d> {
    /// All that was written.
    pub(super) fn root(table: &'d Table, kind: &'static Kind) -> Self {
        Self { table, kind, top: true, at: 0 }
    }

    /// The same table, now that it is known what it is.
    pub(super) fn of(self, kind: &'static Kind) -> Self {
        Self { kind, ..self }
    }

    /// Whether the key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where a key's value stands; where the table starts if there is none.
    pub(super) fn at(&self, key: &str) -> usize {
        let item = self.table.get(key).and_then(Item::span);
        let name = || self.table.key(key).and_then(toml_edit::Key::span);
        item.or_else(name).map_or(self.at, |span| span.start)
    }

    /// Says that a key is missing, with a line one could write.
    pub(super) fn require(&self, report: &mut Report<'_>, key: &str, example: &str) {
        if !self.has(key) {
            report.error(
                self.at,
                format!("the {} has no {key}", self.kind.name),
                format!("Add {key} = {example}."),
            );
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, report: &mut Report<'_>, key: &str, default: bool) -> bool {
        let read =
            self.read(report, key, "true or false", "Write true or false without quotes.", Item::as_bool);
        read.map_or(default, |flag| flag.value)
    }

    /// The text as written.
    pub(super) fn raw(&self, report: &mut Report<'_>, key: &str) -> Option<Placed<&'d str>> {
        self.read(report, key, "text", "Write it in quotes.", Item::as_str)
    }

    /// A text of at most `max` characters for people; what a terminal must not see is removed.
    pub(super) fn text(&self, report: &mut Report<'_>, key: &str, max: usize) -> Option<Text> {
        let raw = self.raw(report, key)?;
        clean(report, raw, &format!("the {key}"), max)
    }

    /// A text that was read as written, for people; what a terminal must not see is removed.
    pub(super) fn cleaned(
        report: &mut Report<'_>,
        raw: Placed<&str>,
        what: &str,
        max: usize,
    ) -> Option<Text> {
        clean(report, raw, what, max)
    }

    /// A text that a machine must get exactly as it was meant: nothing is removed from it.
    pub(super) fn exact(&self, report: &mut Report<'_>, key: &str, max: usize) -> Option<Text> {
        let raw = self.raw(report, key)?;
        let text = fit(report, raw, &format!("the {key}"), max)?;
        if loses(raw.value, &text) {
            let what = format!("the {key} has control or invisible characters");
            report.error(raw.at, what, "Remove them; it is sent to the partner as it stands.");
            return None;
        }
        Some(text)
    }

    /// A text that must not be empty. The absence of the key is reported too.
    pub(super) fn filled(
        &self,
        report: &mut Report<'_>,
        key: &str,
        max: usize,
        example: &str,
    ) -> Option<Text> {
        self.require(report, key, example);
        let text = self.text(report, key, max)?;
        self.some(report, key, text, example)
    }

    /// An exact text that must not be empty.
    pub(super) fn filled_exact(
        &self,
        report: &mut Report<'_>,
        key: &str,
        max: usize,
        example: &str,
    ) -> Option<Text> {
        self.require(report, key, example);
        let text = self.exact(report, key, max)?;
        self.some(report, key, text, example)
    }

    fn some(&self, report: &mut Report<'_>, key: &str, text: Text, example: &str) -> Option<Text> {
        if text.is_empty() {
            report.error(self.at(key), format!("the {key} is empty"), format!("Write {key} = {example}."));
        }
        text.non_empty()
    }

    /// One of a closed set of words.
    pub(super) fn one_of<T>(
        &self,
        report: &mut Report<'_>,
        key: &str,
        words: &[&str],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let raw = self.raw(report, key)?;
        let read = parse(raw.value);
        if read.is_none() {
            let mend = format!("Write {}.", choices(words.iter().copied()));
            report.error(raw.at, format!("the {key} {} is not known", quoted(raw.value)), mend);
        }
        read
    }

    /// Hours, a whole number above zero.
    pub(super) fn hours(&self, report: &mut Report<'_>) -> Option<u32> {
        let mend = "Write a whole number without quotes, such as hours = 120.";
        let hours = self.read(report, "hours", "a whole number", mend, Item::as_integer)?;
        let read = u32::try_from(hours.value).ok().filter(|hours| (1..=MAX_HOURS).contains(hours));
        if read.is_none() {
            let mend = format!("Write a whole number from 1 to {MAX_HOURS}, or leave hours out.");
            report.error(hours.at, format!("hours is {}", hours.value), mend);
        }
        read
    }

    /// A day of the calendar.
    pub(super) fn date(&self, report: &mut Report<'_>, key: &str) -> Option<NaiveDate> {
        let mend = format!("Write a day without quotes, such as {key} = 2027-03-01.");
        let written = self.read(report, key, "a date", &mend, Item::as_datetime)?;
        let day = written.value.date.filter(|_| written.value.time.is_none());
        let read = day.and_then(|day| {
            NaiveDate::from_ymd_opt(i32::from(day.year), u32::from(day.month), u32::from(day.day))
        });
        if read.is_none() {
            report.error(written.at, format!("{key} is not a day of the calendar"), mend);
        }
        read
    }

    /// A day of the calendar, or `"+14d"`: so many days after the import.
    pub(super) fn day(&self, report: &mut Report<'_>, key: &str) -> Option<Placed<Day>> {
        let Some(raw) = self.peek(key) else {
            let at = self.at(key);
            return self.date(report, key).map(|day| Placed { value: Day::On(day), at });
        };
        let at = self.at(key);
        let read = days_after(raw).map(Day::After).or_else(|| plain_date(raw).map(Day::On));
        if read.is_none() {
            let mend = format!(
                "Write a day, such as {key} = 2027-03-01, or days after the import, such as {key} = \"+14d\"."
            );
            report.error(at, format!("{key} is {}, which is no day", quoted(raw)), mend);
        }
        read.map(|value| Placed { value, at })
    }

    /// How many of something, from 1 to `most`.
    pub(super) fn count(&self, report: &mut Report<'_>, key: &str, most: i64) -> Option<u32> {
        self.whole(report, key, 1..=most).and_then(|count| u32::try_from(count).ok())
    }

    /// A whole number within a range.
    pub(super) fn whole(
        &self,
        report: &mut Report<'_>,
        key: &str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let mend = format!("Write a whole number without quotes, such as {key} = 12.");
        let number = self.read(report, key, "a whole number", &mend, Item::as_integer)?;
        if range.contains(&number.value) {
            return Some(number.value);
        }
        let mend = format!("Write a whole number from {} to {}.", range.start(), range.end());
        report.error(number.at, format!("{key} is {}", number.value), mend);
        None
    }

    /// An address. Its text is never repeated: people paste secrets into addresses.
    pub(super) fn url(&self, report: &mut Report<'_>, key: &str) -> Option<WebUrl> {
        let raw = self.raw(report, key)?;
        let read = WebUrl::parse(raw.value);
        let why = |error| format!("the {key} can't be used: {error}");
        read.map_err(|error| report.error(raw.at, why(error), "Write an https:// address.")).ok()
    }

    /// A table inside this one.
    pub(super) fn table(&self, report: &mut Report<'_>, key: &str, kind: &'static Kind) -> Option<Self> {
        let mend = format!("Write it in braces: {key} = {{ … }}.");
        let table = self.read(report, key, "a table", &mend, Item::as_table_like)?;
        Some(Self { table: table.value, kind, top: false, at: table.at })
    }

    /// Warns of every key that nobody reads.
    pub(super) fn finish(&self, report: &mut Report<'_>) {
        for (key, item) in self.table.iter().filter(|(key, _)| !self.kind.keys.contains(key)) {
            let place = self.table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
            let at = place.map_or(self.at, |span| span.start);
            let mend = match closest(key, self.kind.keys.iter().copied()) {
                Some(meant) => format!("Did you mean {meant}? Otherwise remove it."),
                None => "Remove it, or correct its spelling.".to_owned(),
            };
            let article = if self.kind.name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let what = format!("{article} {} has no key {}", self.kind.name, quoted(key));
            // Whole entries under a misspelt heading: ignoring them would lose rows.
            if self.top && item.is_array_of_tables() {
                report.error(at, what, mend);
            } else {
                report.warn(at, format!("{what}; it is ignored"), mend);
            }
        }
    }

    /// A text, without a report if it is none.
    pub(super) fn peek(&self, key: &str) -> Option<&'d str> {
        self.table.get(key)?.as_str()
    }

    /// Its keys, in file order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.table.iter().map(|(key, _)| key)
    }

    fn read<T>(
        &self,
        report: &mut Report<'_>,
        key: &str,
        wanted: &str,
        mend: &str,
        take: impl Fn(&'d Item) -> Option<T>,
    ) -> Option<Placed<T>> {
        let item = self.table.get(key)?;
        let at = self.at(key);
        let value = take(item);
        if value.is_none() {
            report.error(at, format!("{key} is {}, not {wanted}", type_name(item)), mend);
        }
        value.map(|value| Placed { value, at })
    }
}

/// `+14d`: up to ten years.
fn days_after(raw: &str) -> Option<u16> {
    let digits = raw.strip_prefix('+')?.strip_suffix('d')?;
    let plain = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|days| plain && *days <= MAX_DAYS)
}

/// `2026-12-01`, in full.
fn plain_date(raw: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(raw, "%Y-%m-%d").ok()?;
    (day.to_string() == raw && raw.len() == 10).then_some(day)
}

/// A TOML type as messages call it.
fn type_name(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Table(_) | Item::Value(Value::InlineTable(_)) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
        Item::Value(Value::String(_)) => "text",
        Item::Value(Value::Integer(_)) => "a whole number",
        Item::Value(Value::Float(_)) => "a decimal number",
        Item::Value(Value::Boolean(_)) => "true or false",
        Item::Value(Value::Datetime(_)) => "a date or time",
        Item::Value(Value::Array(_)) => "a list",
    }
}

/// Cleans a text and warns when that took something away.
fn clean(report: &mut Report<'_>, raw: Placed<&str>, what: &str, max: usize) -> Option<Text> {
    let text = fit(report, raw, what, max)?;
    if loses(raw.value, &text) {
        let what = format!("{what} has control or invisible characters; they are left out");
        report.warn(raw.at, what, "Remove them.");
    }
    Some(text)
}

/// Cleans a text that is not longer than `max` characters.
fn fit(report: &mut Report<'_>, raw: Placed<&str>, what: &str, max: usize) -> Option<Text> {
    let length = raw.value.chars().count();
    if length > max {
        let mend = format!("Shorten it to {max} or fewer.");
        report.error(raw.at, format!("{what} is {length} characters long"), mend);
        return None;
    }
    Some(Text::clean(raw.value))
}

/// Whether cleaning removed more than white space.
fn loses(raw: &str, clean: &Text) -> bool {
    !raw.split_whitespace().eq(clean.as_str().split_whitespace())
}
