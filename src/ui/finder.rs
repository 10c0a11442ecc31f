//! Fuzzy search, filters and order over the whole list of programs, by nucleo's pool of threads.
//!
//! A [`Finder`] takes milliseconds where a frame has none to spare: the runtime asks it, beside
//! the frames, and the app gets places in the list.

use crate::domain::listing::{ProgramEntry, Query, Sort};
use crate::domain::money::Currency;
use crate::domain::text::Text;
use crate::domain::views::PriceLabel;
use nucleo::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo::{Config, Injector, Matcher, Nucleo, Utf32Str, Utf32String};
use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

/// Below this score per letter a match is letters strewn over the text, not a word: two letters
/// in a row score 18 each, and only the beginning of a word makes up for a gap.
const LEAST_PER_LETTER: usize = 17;
/// What a hit in the title is worth more than one in the other fields.
const TITLE_BONUS: u32 = 40;
/// Up to so many letters only the beginnings of words are looked at.
const SHORT: usize = 2;
/// How many of the best matches are looked at once more, title by title.
const RANKED: usize = 256;
/// How long one wait for the pool lasts, in milliseconds.
const WAIT: u64 = 10;

/// Finds programs in a list that may still be growing.
pub struct Finder {
    entries: Vec<Arc<ProgramEntry>>,
    initials: Vec<Initials>,
    /// All fields, for words as they are typed. Letters strewn over a hundred thousand long texts
    /// would take three times as long to look for.
    words: Pool,
    /// Titles and other names, letter by letter: for what no word is found for. Made when it is
    /// first needed, because most people type words.
    letters: Option<Pool>,
    matcher: Matcher,
    /// The place of every program by title; empty until somebody sorts.
    by_title: Vec<u32>,
}

impl fmt::Debug for Finder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finder").field("entries", &self.entries.len()).finish_non_exhaustive()
    }
}

impl Default for Finder {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            initials: Vec::new(),
            words: Pool::new("'"),
            letters: None,
            matcher: Matcher::new(Config::DEFAULT),
            by_title: Vec::new(),
        }
    }
}

/// Threads that look through the same texts, with what they were asked last.
struct Pool {
    nucleo: Nucleo<u32>,
    injector: Injector<u32>,
    /// What nucleo calls the kind of match.
    kind: &'static str,
    asked: String,
    /// Nothing was found, so that nothing can be by asking for more.
    is_exhausted: bool,
}

impl Pool {
    fn new(kind: &'static str) -> Self {
        let nucleo = Nucleo::new(Config::DEFAULT, Arc::new(|| {}), None, 1);
        Self { injector: nucleo.injector(), nucleo, kind, asked: String::new(), is_exhausted: false }
    }

    fn add(&mut self, place: u32, text: String) {
        self.injector.push(place, |_, columns| columns[0] = Utf32String::from(text));
        self.is_exhausted = false;
    }

    /// The places of all texts with all words, best first, without what scores too little.
    fn find(&mut self, text: &str, matcher: &mut Matcher) -> Vec<u32> {
        let words: Vec<String> = text.split_whitespace().map(|word| plain(self.kind, word)).collect();
        let wanted = words.join(" ");
        let grows = !self.asked.is_empty() && wanted.starts_with(&self.asked);
        if grows && self.is_exhausted {
            return Vec::new();
        }
        self.nucleo.pattern.reparse(0, &wanted, CaseMatching::Ignore, Normalization::Smart, grows);
        self.asked = wanted;
        while self.nucleo.tick(WAIT).running {}
        let found = self.matches(least(text), matcher);
        self.is_exhausted = self.nucleo.snapshot().matched_item_count() == 0;
        found
    }

    fn matches(&self, least: usize, matcher: &mut Matcher) -> Vec<u32> {
        let snapshot = self.nucleo.snapshot();
        let mut enough = |nth: u32| {
            let item = snapshot.get_matched_item(nth);
            let score = item.and_then(|item| snapshot.pattern().score(item.matcher_columns, matcher));
            score.is_some_and(|score| score as usize >= least)
        };
        // Best first: where it gets too little is found in a few steps.
        let (mut low, mut high) = (0, snapshot.matched_item_count());
        while low < high {
            let middle = low + (high - low) / 2;
            if enough(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        snapshot.matched_items(..low).map(|item| *item.data).collect()
    }
}

impl Finder {
    /// More of the list, behind what is there.
    pub fn add(&mut self, entries: &[Arc<ProgramEntry>]) {
        for entry in entries {
            let place = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            self.words.add(place, joined(fields(entry)));
            if let Some(letters) = &mut self.letters {
                letters.add(place, joined(names(entry)));
            }
            self.initials.push(Initials::of(entry));
            self.entries.push(entry.clone());
        }
        self.by_title.clear();
    }

    /// The places of what the query asks for, in its order.
    pub fn find(&mut self, query: &Query) -> Vec<u32> {
        let mut found = self.search(&query.text);
        if !query.filters.is_empty() {
            found.retain(|place| query.filters.admits(&self.entries[index(*place)], query.at));
        }
        match query.sort {
            Sort::Catalogue => {}
            Sort::Title => {
                self.rank_titles();
                found.sort_by_key(|place| self.by_title[index(*place)]);
            }
            Sort::Price => found.sort_by_cached_key(|place| price(&self.entries[index(*place)])),
            Sort::Partners => found.sort_by_key(|place| Reverse(self.entries[index(*place)].offers.len())),
        }
        found
    }

    /// Everything that matches all words, best first; the whole list for no words.
    fn search(&mut self, text: &str) -> Vec<u32> {
        if text.trim().is_empty() {
            return (0..u32::try_from(self.entries.len()).unwrap_or(u32::MAX)).collect();
        }
        if text.trim().chars().count() <= SHORT {
            return self.beginning_with(text.trim());
        }
        let found = self.words.find(text, &mut self.matcher);
        let found = self.best_titles_first(text, &found);
        if !found.is_empty() {
            return found;
        }
        let letters = self.letters.get_or_insert_with(|| {
            let mut pool = Pool::new("");
            for (place, entry) in (0..).zip(&self.entries) {
                pool.add(place, joined(names(entry)));
            }
            pool
        });
        let found = letters.find(text, &mut self.matcher);
        self.best_titles_first(text, &found)
    }

    /// What has a word that begins like this, in the title first. One or two letters match nearly
    /// everything: to rank that takes longer than anybody looks at it.
    fn beginning_with(&self, start: &str) -> Vec<u32> {
        let start = start.to_lowercase();
        let Some(initial) = start.chars().next().map(bit) else {
            return Vec::new();
        };
        let exact = start.len() == 1 && start.chars().all(|letter| letter.is_ascii_alphanumeric());
        let begins_so = |text: &Text| text.as_str().split(' ').any(|word| begins(word, &start));
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for ((place, initials), entry) in (0..).zip(&self.initials).zip(&self.entries) {
            if initials.title & initial != 0 && (exact || begins_so(&entry.title)) {
                first.push(place);
            } else if initials.others & initial != 0 && (exact || fields(entry).skip(1).any(begins_so)) {
                rest.push(place);
            }
        }
        first.append(&mut rest);
        first
    }

    /// A pool sees all fields of a program as one text. The best are looked at field by field:
    /// a word strewn over several fields is no match, and one in the title comes first.
    fn best_titles_first(&mut self, text: &str, found: &[u32]) -> Vec<u32> {
        let words: Vec<Atom> = atoms(text).collect();
        let (mut letters, entries, matcher) = (Vec::new(), &self.entries, &mut self.matcher);
        let (head, tail) = found.split_at(found.len().min(RANKED));
        let mut worth_of = |place: &u32| -> Option<(u32, u32)> {
            let entry = &entries[index(*place)];
            let sum =
                words.iter().try_fold(0, |sum, word| Some(sum + worth(entry, word, matcher, &mut letters)?));
            Some((sum?, *place))
        };
        let mut ranked: Vec<(u32, u32)> = head.iter().filter_map(&mut worth_of).collect();
        ranked.sort_by_key(|(worth, _)| Reverse(*worth));
        ranked.into_iter().map(|(_, place)| place).chain(tail.iter().copied()).collect()
    }

    fn rank_titles(&mut self) {
        if !self.by_title.is_empty() {
            return;
        }
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        order.sort_by_cached_key(|place| self.entries[*place].title.as_str().to_lowercase());
        self.by_title = vec![0; order.len()];
        for (rank, place) in (0..).zip(order) {
            self.by_title[place] = rank;
        }
    }
}

fn index(place: u32) -> usize {
    place as usize
}

/// With which letters the words of a program begin, a bit for each: to look at the programs
/// themselves takes a hundred times as long.
#[derive(Clone, Copy)]
struct Initials {
    title: u64,
    others: u64,
}

impl Initials {
    fn of(entry: &ProgramEntry) -> Self {
        let of = |text: &Text| {
            let words = text.as_str().split(' ').filter_map(|word| word.chars().next());
            words.flat_map(char::to_lowercase).fold(0, |bits, letter| bits | bit(letter))
        };
        Self { title: of(&entry.title), others: fields(entry).skip(1).fold(0, |bits, text| bits | of(text)) }
    }
}

/// A bit of its own for every Latin letter and digit; the other letters share what is left.
fn bit(letter: char) -> u64 {
    1 << match letter {
        'a'..='z' => u32::from(letter) - u32::from('a'),
        '0'..='9' => 26 + u32::from(letter) - u32::from('0'),
        other => 36 + u32::from(other) % 28,
    }
}

/// Whether a text begins with `start`, which is in small letters.
fn begins(text: &str, start: &str) -> bool {
    if start.is_ascii() {
        return text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    }
    let mut letters = text.chars().flat_map(char::to_lowercase);
    start.chars().all(|letter| letters.next() == Some(letter))
}

fn joined<'a>(texts: impl Iterator<Item = &'a Text>) -> String {
    texts.map(Text::as_str).collect::<Vec<_>>().join(" ")
}

/// All that is searched, the title first.
fn fields(entry: &ProgramEntry) -> impl Iterator<Item = &Text> {
    names(entry).chain([&*entry.category]).chain(entry.offers.iter().map(|offer| &*offer.partner))
}

fn names(entry: &ProgramEntry) -> impl Iterator<Item = &Text> {
    [&entry.title].into_iter().chain(&entry.aliases)
}

/// A word as nucleo reads it, without the signs that it would take as its syntax.
fn plain(kind: &str, word: &str) -> String {
    let escape = if kind.is_empty() && word.starts_with(['!', '^', '\'']) { "\\" } else { "" };
    match word.strip_suffix('$') {
        Some(rest) => format!("{kind}{escape}{rest}\\$"),
        None => format!("{kind}{escape}{word}"),
    }
}

/// The words of a search, as nucleo looks for them.
fn atoms(text: &str) -> impl Iterator<Item = Atom> {
    text.split_whitespace()
        .map(|word| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false))
}

/// The least a whole search has to score.
fn least(text: &str) -> usize {
    atoms(text).map(|word| word.needle_text().len() * LEAST_PER_LETTER).sum()
}

/// What a word is worth for a program; `None` where no field of it has the word.
fn worth(entry: &ProgramEntry, word: &Atom, matcher: &mut Matcher, letters: &mut Vec<char>) -> Option<u32> {
    let mut of = |text: &Text| {
        let score = word.score(Utf32Str::new(text.as_str(), letters), matcher);
        score.filter(|score| usize::from(*score) >= word.needle_text().len() * LEAST_PER_LETTER)
    };
    let title = of(&entry.title).map(|score| u32::from(score) + TITLE_BONUS);
    let others = fields(entry).skip(1).filter_map(&mut of).max().map(u32::from);
    title.max(others)
}

/// What is free comes first, then one currency after the other, because amounts of two can't be
/// compared; what is not available comes last.
fn price(entry: &ProgramEntry) -> (bool, Option<Currency>, i64) {
    match entry.price() {
        PriceLabel::Exactly(money) | PriceLabel::From(money) => {
            (false, Some(money.currency).filter(|_| !money.is_zero()), money.cents)
        }
        PriceLabel::NotAvailable => (true, None, 0),
    }
}

/// Why a program was found, for the letters that are marked.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Marks {
    /// The graphemes of the title that match.
    pub title: Vec<usize>,
    /// What matches where the title does not: another name, the subject, a partner.
    pub other: Option<(Text, Vec<usize>)>,
}

/// Marks the matches of a search. For the rows on screen only: it builds a matcher of its own.
#[derive(Debug)]
pub struct Marker {
    words: Vec<Atom>,
    matcher: Matcher,
}

impl Marker {
    /// For this search; `None` where nothing is searched for.
    pub fn of(text: &str) -> Option<Self> {
        let words: Vec<Atom> = atoms(text).collect();
        (!words.is_empty()).then(|| Self { words, matcher: Matcher::new(Config::DEFAULT) })
    }

    /// Why this program was found.
    pub fn marks(&mut self, entry: &ProgramEntry) -> Marks {
        let mut marks = Marks::default();
        let mut letters = Vec::new();
        for word in &self.words {
            let least = word.needle_text().len() * LEAST_PER_LETTER;
            let mut best: Option<(u16, &Text, Vec<usize>)> = None;
            for (nth, text) in fields(entry).enumerate() {
                let mut places = Vec::new();
                let score =
                    word.indices(Utf32Str::new(text.as_str(), &mut letters), &mut self.matcher, &mut places);
                let places: Vec<usize> = places.into_iter().map(|place| place as usize).collect();
                let Some(score) = score.filter(|score| usize::from(*score) >= least) else {
                    continue;
                };
                if nth == 0 {
                    marks.title.extend(places);
                    best = None;
                    break;
                }
                if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                    best = Some((score, text, places));
                }
            }
            if let Some((_, text, places)) = best {
                match &mut marks.other {
                    Some((shown, marked)) if shown == text => marked.extend(places),
                    Some(_) => {}
                    None => marks.other = Some((text.clone(), places)),
                }
            }
        }
        marks.title.sort_unstable();
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listing::{Filters, OfferEntry, PriceBand};
    use crate::domain::money::Money;
    use crate::domain::program::DeliveryFormat;
    use uuid::Uuid;

    fn entry(title: &str, aliases: &[&str], category: &str, partners: &[(&str, i64)]) -> Arc<ProgramEntry> {
        let offer = |(partner, cents): &(&str, i64)| OfferEntry {
            partner: Arc::new((*partner).into()),
            format: DeliveryFormat::Online,
            price: Money { cents: *cents, currency: Currency::USD },
            available: true,
            dated: false,
            starts: Box::default(),
            rating: None,
        };
        Arc::new(ProgramEntry {
            id: Uuid::nil().into(),
            title: title.into(),
            aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
            category: Arc::new(category.into()),
            demo: false,
            offers: partners.iter().map(offer).collect(),
        })
    }

    fn finder() -> Finder {
        let mut finder = Finder::default();
        finder.add(&[
            entry("Welding", &["welder"], "Trades", &[("City College", 95_000)]),
            entry(
                "CNA Training",
                &["nurse aide", "nursing assistant"],
                "Healthcare",
                &[("Certiport", 0), ("Milady", 500)],
            ),
            entry("Nurse Refresher", &[], "Healthcare", &[("Milady", 9_900)]),
            entry("Digital Literacy", &[], "Work skills", &[]),
        ]);
        finder
    }

    fn found(text: &str) -> Vec<u32> {
        finder().find(&Query { text: text.to_owned(), ..Query::default() })
    }

    #[test]
    fn finds_by_title_other_names_subject_and_partner_the_title_first() {
        assert_eq!(found("nurse"), [2, 1]);
        assert_eq!(found("milady"), [2, 1]);
        assert_eq!(found("trades"), [0]);
        assert_eq!(found("CNA"), [1]);
        assert_eq!(found("nurse certiport"), [1], "every word counts");
        assert_eq!(found(""), [0, 1, 2, 3]);
        assert_eq!(found("qqqq"), [0; 0]);
        assert_eq!(found("n"), [2, 1], "the title first");
        assert_eq!(found("Ci"), [0]);
        assert_eq!(found("é"), [0; 0]);
        assert_eq!(found("cnatrain"), [1], "letters with gaps, where no word has them");
    }

    #[test]
    fn letters_strewn_over_the_text_are_no_match() {
        assert_eq!(found("wgtrds"), [0; 0]);
    }

    #[test]
    fn signs_of_the_matcher_are_plain_letters() {
        for text in ["!", "^", "'", "$", "!nurse", "nurse$", "\\", "'zz"] {
            assert_eq!(found(text), [0; 0], "{text}");
        }
    }

    #[test]
    fn a_list_that_grows_and_a_search_that_changes_find_the_same_as_a_new_one() {
        let mut finder = finder();
        for text in [
            "n", "nu", "nur", "nurs", "nurse", "nurse a", "nur", "mil", "milady n", "nrsng", "nrsng as",
            "wldr", "",
        ] {
            let query = Query { text: text.to_owned(), ..Query::default() };
            assert_eq!(finder.find(&query), found(text), "{text}");
        }
        finder.add(&[entry("Nurse", &[], "Healthcare", &[])]);
        assert_eq!(finder.find(&Query { text: "nurse".to_owned(), ..Query::default() })[0], 4);
    }

    #[test]
    fn filters_and_order_hold_with_and_without_words() {
        let mut finder = finder();
        let healthcare = Filters { category: Some(Arc::new("Healthcare".into())), ..Filters::default() };
        let mut query = Query { filters: healthcare, sort: Sort::Title, ..Query::default() };
        assert_eq!(finder.find(&query), [1, 2]);
        query.text = "nurse".to_owned();
        query.sort = Sort::Catalogue;
        query.filters.price = Some(PriceBand::Free);
        assert_eq!(finder.find(&query), [1]);
        let by = |finder: &mut Finder, sort| finder.find(&Query { sort, ..Query::default() });
        assert_eq!(by(&mut finder, Sort::Price), [1, 3, 2, 0]);
        assert_eq!(by(&mut finder, Sort::Partners), [1, 0, 2, 3]);
        assert_eq!(by(&mut finder, Sort::Title), [1, 3, 2, 0]);
    }

    #[test]
    fn prices_of_two_currencies_are_not_compared() {
        let mut finder = Finder::default();
        let of = |title, cents, code| {
            let mut entry = Arc::unwrap_or_clone(entry(title, &[], "", &[("Certiport", cents)]));
            entry.offers[0].price.currency = Currency::parse(code).unwrap();
            Arc::new(entry)
        };
        finder.add(&[of("A", 900, "USD"), of("B", 100, "USD"), of("C", 500, "EUR"), of("D", 0, "USD")]);
        assert_eq!(finder.find(&Query { sort: Sort::Price, ..Query::default() }), [3, 2, 1, 0]);
    }

    #[test]
    fn marks_the_letters_of_the_title_or_says_what_else_matches() {
        let finder = finder();
        let marks = |text: &str, place: usize| Marker::of(text).unwrap().marks(&finder.entries[place]);
        assert_eq!(marks("cna", 1), Marks { title: vec![0, 1, 2], other: None });
        let other = marks("nurse", 1).other.unwrap();
        assert_eq!((other.0.as_str(), other.1), ("nurse aide", vec![0, 1, 2, 3, 4]));
        assert_eq!(marks("train milady", 1).title, [4, 5, 6, 7, 8]);
        assert_eq!(marks("train milady", 1).other.unwrap().0.as_str(), "Milady");
        assert!(Marker::of("  ").is_none());
    }
}
