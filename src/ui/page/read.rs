//! From the events of the parser to set lines.

use super::code::Code;
use super::flow::{Flow, Place, clean};
use super::ink::{self, GLUE, Ink};
use super::sheet::Sheet;
use super::table::Table;
use super::{Heading, PageLink, Target};
use crate::ui::fit;
use crate::ui::theme::Role;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ratatui::style::Modifier;
use std::collections::VecDeque;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A marker that is wider than this stands in the line: a text moved in so far would be hard to read.
const WIDEST_MARKER: usize = 12;
/// An image within a link is as deep as links go; who writes a thousand within each other gets less.
const DEEPEST: usize = 2;
/// The fence of a lesson's quiz, which is not part of what is read.
const QUIZ: &str = "quiz";

/// What was read.
pub(super) struct Read {
    pub(super) sheet: Sheet,
    pub(super) links: Vec<PageLink>,
    pub(super) headings: Vec<Heading>,
}

/// Reads and sets a source.
pub(super) fn read(source: &str, width: usize) -> Read {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let events: Vec<_> = Parser::new_ext(source, options).into_offset_iter().collect();
    let mut reader = Reader {
        source,
        sheet: Sheet::new(width, source.len()),
        flow: Flow::default(),
        inks: Vec::new(),
        links: Vec::new(),
        headings: Vec::new(),
        open: Vec::new(),
        moved: Vec::new(),
        lists: Vec::new(),
        counts: item_counts(&events),
        table: None,
        code: None,
    };
    for (index, (event, range)) in events.iter().enumerate() {
        reader.event(event, range, &events[index + 1..]);
    }
    let linked = std::mem::take(&mut reader.sheet.linked);
    for (link, row) in reader.links.iter_mut().zip(linked) {
        link.line = row.unwrap_or_default();
    }
    Read { sheet: reader.sheet, links: reader.links, headings: reader.headings }
}

type Events<'a> = [(Event<'a>, Range<usize>)];

/// How many items each list has, in the order in which they begin.
fn item_counts(events: &Events<'_>) -> VecDeque<u64> {
    let (mut counts, mut open) = (VecDeque::new(), Vec::new());
    for (event, _) in events {
        match event {
            Event::Start(Tag::List(_)) => {
                open.push(counts.len());
                counts.push_back(0);
            }
            Event::Start(Tag::Item) => {
                if let Some(count) = open.last().and_then(|index| counts.get_mut(*index)) {
                    *count += 1;
                }
            }
            Event::End(TagEnd::List(_)) => drop(open.pop()),
            _ => {}
        }
    }
    counts
}

/// A list that is open.
struct List {
    /// The number of its next item, and how wide the widest is.
    number: Option<(u64, usize)>,
    /// How many lists with bullets are open, this one included.
    bullets: usize,
}

/// A link or an image that is open.
struct Open {
    /// Its index, where it leads anywhere.
    link: Option<usize>,
    /// Its text, without our signs.
    text: String,
}

struct Reader<'a> {
    source: &'a str,
    sheet: Sheet,
    flow: Flow,
    inks: Vec<Ink>,
    links: Vec<PageLink>,
    headings: Vec<Heading>,
    open: Vec<Open>,
    /// Of each open quote, item and footnote: whether it moved its lines in.
    moved: Vec<bool>,
    lists: Vec<List>,
    counts: VecDeque<u64>,
    table: Option<Table>,
    code: Option<Code>,
}

impl Reader<'_> {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, next: &Events<'_>) {
        match event {
            Event::Start(tag) => self.start(tag, range, next),
            Event::End(tag) => self.end(*tag, range),
            Event::Text(text) | Event::Html(text) => {
                let place = self.place(text, range);
                match &mut self.code {
                    Some(code) => code.push(text, place.offset()),
                    None => self.write(text, place, self.ink()),
                }
            }
            Event::InlineHtml(text) => self.put(text, self.place(text, range), Ink::MUTED),
            Event::Code(text) => {
                let within = self.source.get(range.clone()).and_then(|source| source.find(text.as_ref()));
                let place = within.map_or(Place::About(range.start), |at| Place::At(range.start + at));
                let ink = self.ink().in_role(Role::Accent);
                self.put("`", Place::About(range.start), Ink::MUTED);
                self.write(text, place, ink);
                self.put("`", Place::About(place.offset() + text.len()), Ink::MUTED);
            }
            Event::FootnoteReference(label) => {
                self.put(&format!("[^{label}]"), Place::About(range.start), Ink::MUTED);
            }
            Event::SoftBreak => self.write(" ", Place::About(range.start), self.ink()),
            Event::HardBreak => self.flow.end_line(Place::About(range.start)),
            Event::Rule => {
                self.sheet.begin(range.start);
                self.sheet.fill(ink::RULE, self.sheet.room(), Ink::MUTED);
                self.sheet.end();
                self.sheet.part();
            }
            // The item shows it instead of its bullet; mathematics is not asked for.
            Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// Where an event's text stands.
    fn place(&self, text: &str, range: &Range<usize>) -> Place {
        let same = self.source.get(range.clone()).is_some_and(|source| source.starts_with(text));
        if same { Place::At(range.start) } else { Place::About(range.start) }
    }

    fn ink(&self) -> Ink {
        self.inks.last().copied().unwrap_or(Ink::PLAIN)
    }

    fn link(&self) -> Option<usize> {
        self.open.iter().rev().take(DEEPEST).find_map(|open| open.link)
    }

    /// Puts what the author wrote.
    fn write(&mut self, text: &str, place: Place, ink: Ink) {
        for open in self.open.iter_mut().rev().take(DEEPEST) {
            open.text.extend(text.graphemes(true).map(clean));
        }
        self.put(text, place, ink);
    }

    fn put(&mut self, text: &str, place: Place, ink: Ink) {
        let link = self.link();
        self.flow.push(text, place, ink, link);
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>, next: &Events<'_>) {
        let place = range.start;
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.inks.push(Ink::of(if *level == HeadingLevel::H1 { Role::Accent } else { Role::Strong }));
            }
            Tag::BlockQuote(_) => {
                self.flush();
                let moved = self.sheet.move_in(ink::QUOTE, ink::QUOTE, Ink::MUTED, place);
                self.moved.push(moved);
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let info: &str = if let CodeBlockKind::Fenced(info) = kind { info } else { "" };
                self.code = Some(Code::of(info));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.code = Some(Code::of("html"));
            }
            Tag::List(first) => {
                self.flush();
                let count = self.counts.pop_front().unwrap_or_default();
                let widest = |first: u64| first.saturating_add(count.saturating_sub(1)).to_string().len();
                let number = first.map(|first| (first, widest(first)));
                let outer = self.lists.last().map_or(0, |list| list.bullets);
                self.lists.push(List { number, bullets: outer + usize::from(number.is_none()) });
            }
            Tag::Item => {
                self.flush();
                self.start_item(place, next);
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.mark(&format!("[^{label}]: "), place);
            }
            Tag::Table(alignments) => {
                self.flush();
                self.table = Some(Table::of(alignments));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.begin_row(place);
                    if table.in_head() {
                        self.inks.push(Ink::of(Role::Strong));
                    }
                }
            }
            Tag::Emphasis => self.inks.push(self.ink().with(Modifier::ITALIC)),
            Tag::Strong => self.inks.push(self.ink().with(Modifier::BOLD)),
            Tag::Strikethrough => {
                // Not every terminal can strike through, and then it would say the opposite.
                self.put("~~", Place::About(place), Ink::MUTED);
                self.inks.push(self.ink().with(Modifier::CROSSED_OUT));
            }
            Tag::Link { dest_url, .. } => {
                let link = self.open_link(dest_url, false);
                self.open.push(Open { link, text: String::new() });
                let ink = self.ink().in_role(Role::Accent).with(Modifier::UNDERLINED);
                self.inks.push(if link.is_some() { ink } else { self.ink() });
            }
            Tag::Image { dest_url, .. } => {
                let link = self.open_link(dest_url, true);
                self.open.push(Open { link, text: String::new() });
                let described = !matches!(next.first(), Some((Event::End(TagEnd::Image), _)));
                self.put(if described { "[image: " } else { "[image" }, Place::About(place), Ink::MUTED);
                self.inks.push(self.ink());
            }
            // The last of these are not asked for.
            Tag::Paragraph
            | Tag::TableCell
            | Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Paragraph => {
                self.flush();
                self.sheet.part();
            }
            TagEnd::Heading(level) => {
                self.inks.pop();
                self.set_heading(level, range);
                self.sheet.part();
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.flush();
                self.move_out(range.start);
                self.sheet.part();
            }
            TagEnd::Item => {
                self.flush();
                self.move_out(range.start);
            }
            TagEnd::CodeBlock | TagEnd::HtmlBlock => {
                if let Some(code) = self.code.take().filter(|code| !code.is(QUIZ)) {
                    code.set(&mut self.sheet, range.start);
                    self.sheet.part();
                }
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.sheet.part();
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    table.set(&mut self.sheet);
                    self.sheet.part();
                }
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.flow);
                if let Some(table) = &mut self.table {
                    table.push(cell);
                }
            }
            TagEnd::TableHead | TagEnd::Emphasis | TagEnd::Strong => drop(self.inks.pop()),
            TagEnd::Strikethrough => {
                self.inks.pop();
                self.put("~~", Place::About(range.end.saturating_sub(1)), Ink::MUTED);
            }
            TagEnd::Link => {
                self.inks.pop();
                self.close_link(range, false);
            }
            TagEnd::Image => {
                self.inks.pop();
                self.close_link(range, true);
            }
            TagEnd::TableRow
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Sets the text that was gathered. The text of a tight item is in no paragraph of its own.
    fn flush(&mut self) {
        if !self.flow.is_blank() {
            self.sheet.set(&self.flow);
            self.sheet.join();
        }
        self.flow = Flow::default();
    }

    /// Levels differ in shape: a thick rule under the first, a thin one under the second, a sign before the others.
    fn set_heading(&mut self, level: HeadingLevel, range: &Range<usize>) {
        let flow = std::mem::take(&mut self.flow);
        if flow.is_blank() {
            return;
        }
        self.sheet.blank(range.start);
        let line = self.sheet.rows.len();
        let depth = level as usize;
        self.headings.push(Heading {
            depth,
            text: flow.text().replace(['\n', GLUE], " ").trim().to_owned(),
            line,
        });
        let rule = match depth {
            1 => ink::THICK_RULE,
            2 => ink::RULE,
            deeper => {
                let sign = ink::HEADINGS[(deeper - 3).min(ink::HEADINGS.len() - 1)];
                let moved = self.sheet.move_in(sign, "  ", Ink::MUTED, range.start);
                self.sheet.set(&flow);
                if moved {
                    self.sheet.move_out(range.start);
                }
                return;
            }
        };
        let widest = self.sheet.set(&flow);
        self.sheet.begin(range.end.saturating_sub(1));
        self.sheet.fill(rule, widest, Ink::MUTED);
        self.sheet.end();
    }

    fn start_item(&mut self, place: usize, next: &Events<'_>) {
        let task = next.iter().take(2).find_map(|(event, _)| match event {
            Event::TaskListMarker(done) => Some(*done),
            _ => None,
        });
        let task = task.filter(
            |_| !matches!(next.first(), Some((Event::Start(tag), _)) if !matches!(tag, Tag::Paragraph)),
        );
        let bullets = self.lists.last().map_or(1, |list| list.bullets);
        let number = self.lists.last_mut().and_then(|list| list.number.as_mut()).map(|(number, cells)| {
            let marker = format!("{number:>cells$}. ");
            *number = number.saturating_add(1);
            marker
        });
        let marker = match (task, number) {
            (Some(true), _) => "[x] ".to_owned(),
            (Some(false), _) => "[ ] ".to_owned(),
            (None, Some(number)) => number,
            (None, None) => ink::BULLETS[bullets.saturating_sub(1) % ink::BULLETS.len()].to_owned(),
        };
        self.mark(&marker, place);
    }

    /// A marker, with the lines under it moved in; where there is no room, it stands in the line.
    fn mark(&mut self, marker: &str, place: usize) {
        let cells = fit::width(marker);
        let moved =
            cells <= WIDEST_MARKER && self.sheet.move_in(marker, &" ".repeat(cells), Ink::MUTED, place);
        if !moved {
            self.put(marker.trim_start(), Place::About(place), Ink::MUTED);
        }
        self.moved.push(moved);
    }

    fn move_out(&mut self, place: usize) {
        if self.moved.pop() == Some(true) {
            self.sheet.move_out(place);
        }
    }

    /// A number for what this leads to, if it leads anywhere.
    fn open_link(&mut self, target: &CowStr<'_>, image: bool) -> Option<usize> {
        let target = Target::parse(target)?;
        self.links.push(PageLink { text: String::new(), target, image, line: 0 });
        Some(self.links.len() - 1)
    }

    fn close_link(&mut self, range: &Range<usize>, image: bool) {
        let Some(open) = self.open.pop() else { return };
        let end = Place::About(range.end.saturating_sub(1));
        if image {
            self.flow.push("]", end, Ink::MUTED, open.link);
        }
        if let Some(index) = open.link {
            if let Some(link) = self.links.get_mut(index) {
                open.text.trim().clone_into(&mut link.text);
            }
            let glue = if self.flow.text().ends_with([' ', '\n']) || self.flow.text().is_empty() {
                ""
            } else {
                "\u{a0}"
            };
            let number = format!("{glue}[{}]", index + 1);
            self.flow.push(&number, end, Ink::of(Role::Accent), Some(index));
        }
    }
}
