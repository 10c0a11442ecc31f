//! What holds for every source at every width.

use super::{ASCII, all};
use crate::domain::text::is_hostile;
use crate::ui::fit;
use crate::ui::page::flow::Joint;
use crate::ui::page::{Marks, Page};
use crate::ui::theme::Skin;
use proptest::prelude::*;

/// Pieces of Markdown, of escape sequences and of scripts, in any order.
fn shards() -> impl Strategy<Value = String> {
    let shards = [
        "# ",
        "### ",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "  - ",
        "7. ",
        "- [x] ",
        "    ",
        "\t",
        "***",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "``",
        "```",
        "```py\n",
        "~~~html\n",
        "```quiz\n",
        "|",
        "a | b\n--|:-:\n",
        "|-|-|\n",
        "| c ",
        "[",
        "]",
        "](https://a.example)",
        "](02-b.md)",
        "](../x)",
        "![",
        "<https://b.example>",
        "[^1]",
        "[^1]: ",
        "<b>",
        "<div>\n",
        "</p>",
        "<!--",
        "-->",
        "&#27;",
        "&#x9b;",
        "&#x202e;",
        "&#0;",
        "&amp;",
        "&#x301;",
        "\\\n",
        "  \n",
        "\u{1b}[31m",
        "\u{9b}",
        "\u{202e}",
        "\u{7}",
        "\r\n",
        "\u{301}",
        "\u{200d}",
        "\u{fe0f}",
        "é",
        "李小龙",
        "。",
        "（",
        "👩\u{200d}💻",
        "🇩🇪",
        "\u{1F300}\u{0CBE}",
        "क्ष",
        "م",
        "\u{600}",
        "ﷺ",
        "a",
        "word",
        "long-long-long-word",
        "def f(x): # y",
        "\"",
        "'",
        "\u{a0}",
        " ",
    ];
    prop::collection::vec(prop::sample::select(shards.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

fn sources() -> impl Strategy<Value = String> {
    prop_oneof![3 => shards(), 1 => any::<String>(), 1 => "[ -~\n]{0,200}"]
}

/// What is read, without what depends on the width: blanks, and markers that had no room before the text.
fn reading(page: &Page) -> String {
    let mut out = String::new();
    for segment in &page.segments {
        if segment.joint == Joint::Start {
            out.push('/');
        }
        let text = page.text[segment.text.clone()].chars();
        out.extend(text.filter(|c| !c.is_whitespace() && !"•◦–".contains(*c)));
    }
    out.split('/').filter(|text| !text.is_empty()).collect::<Vec<_>>().join("/")
}

proptest! {
    #[test]
    fn no_line_is_wider_than_asked_and_nothing_a_terminal_obeys_gets_through(
        source in sources(),
        width in 1_u16..200,
    ) {
        let page = Page::of(&source, width);
        for skin in [Skin::default(), ASCII] {
            for line in all(&page, skin) {
                prop_assert!(line.width() <= usize::from(width), "{line:?}");
                prop_assert!(fit::width_of(&line.spans) <= usize::from(width), "{line:?}");
                prop_assert!(!line.spans.iter().any(|span| span.content.contains(is_hostile)), "{line:?}");
            }
        }
        for link in page.links() {
            prop_assert!(!link.text.contains(is_hostile));
            prop_assert!(link.line < page.height());
        }
        for heading in page.headings() {
            prop_assert!(!heading.text.contains(is_hostile));
        }
    }

    #[test]
    fn lines_go_down_the_source_and_a_place_comes_back(source in sources(), width in 1_u16..200) {
        let page = Page::of(&source, width);
        let places: Vec<_> = (0..page.height()).map(|line| page.place_of(line)).collect();
        prop_assert!(places.is_sorted());
        for (line, place) in places.iter().enumerate() {
            prop_assert!(*place <= source.len());
            let back = page.line_of(*place);
            prop_assert!(back <= line);
            prop_assert_eq!(page.place_of(back), *place);
        }
        let lines: Vec<_> = (0..=source.len()).map(|place| page.line_of(place)).collect();
        prop_assert!(lines.is_sorted());
    }

    #[test]
    fn a_place_survives_other_widths(source in shards(), widths in (20_u16..200, 20_u16..200)) {
        let (page, other) = (Page::of(&source, widths.0), Page::of(&source, widths.1));
        for line in 0..page.height() {
            let place = page.place_of(line);
            // The first line of the other page that may show it begins no later than it does.
            prop_assert!(other.place_of(other.line_of(place)) <= place.max(other.place_of(0)));
        }
    }

    #[test]
    fn the_text_is_the_same_at_any_width(
        source in "[a-cé李 \n\n*`>#~]{0,120}",
        widths in (4_u16..200, 4_u16..200),
    ) {
        prop_assert_eq!(reading(&Page::of(&source, widths.0)), reading(&Page::of(&source, widths.1)));
    }

    #[test]
    fn what_stands_on_the_page_is_found(source in shards(), width in 1_u16..100, at in any::<prop::sample::Index>()) {
        let page = Page::of(&source, width);
        let words: Vec<_> = page
            .segments
            .iter()
            .flat_map(|segment| page.text[segment.text.clone()].split_whitespace())
            .collect();
        if !words.is_empty() {
            let word = at.get(&words);
            let hits = page.find(&word.to_uppercase().to_lowercase());
            prop_assert!(word.to_uppercase().to_lowercase() != word.to_lowercase() || !hits.is_empty(), "{word:?}");
            for part in hits.iter().flat_map(|hit| &hit.parts) {
                prop_assert!(part.line < page.height() && part.columns.end <= usize::from(width));
            }
            let marks = Marks { hits: &hits, current: Some(0) };
            let marked = page.lines(0..page.height(), Skin::default(), marks);
            for (marked, plain) in marked.iter().zip(all(&page, Skin::default())) {
                prop_assert_eq!(marked.to_string(), plain.to_string());
            }
        }
    }
}
