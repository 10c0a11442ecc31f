//! What each element looks like.

use super::{ASCII, all, set};
use crate::ui::page::{Hit, HitPart, Marks, Page, Target};
use crate::ui::theme::{Skin, Theme};
use ratatui::style::{Color, Modifier};

#[test]
fn headings_of_every_level_differ_in_shape() {
    let source = "# One\n## Two\n### Three\n#### Four\n##### Five\n###### Six\n";
    assert_eq!(
        set(source, 20),
        ["One", "━━━", "", "Two", "───", "", "■ Three", "", "▪ Four", "", "□ Five", "", "▫ Six"]
    );
    let page = Page::of(source, 20);
    let found: Vec<_> = page.headings().iter().map(|h| (h.depth, h.text.as_str(), h.line)).collect();
    assert_eq!(found[..3], [(1, "One", 0), (2, "Two", 3), (3, "Three", 6)]);
}

#[test]
fn a_long_heading_hangs_and_its_rule_is_as_wide_as_it_is() {
    assert_eq!(set("# one two three four", 12), ["one two", "three four", "━━━━━━━━━━"]);
    assert_eq!(set("### one two three four", 12), ["■ one two", "  three four"]);
}

#[test]
fn paragraphs_wrap_and_the_author_may_break_a_line() {
    assert_eq!(
        set("one two\nthree  \nfour\\\nfive\n\nsix", 9),
        ["one two", "three", "four", "five", "", "six"]
    );
}

#[test]
fn every_emphasis_has_an_attribute_or_a_sign() {
    let page = Page::of("*a* **b** ***c*** ~~d~~ `e` f", 40);
    let skin = Skin { theme: Theme::None, ascii: false };
    let line = &all(&page, skin)[0];
    assert_eq!(line.to_string(), "a b c ~~d~~ `e` f");
    let of =
        |text: &str| line.spans.iter().find(|span| span.content == text).map(|span| span.style.add_modifier);
    assert_eq!(of("a"), Some(Modifier::ITALIC));
    assert_eq!(of("b"), Some(Modifier::BOLD));
    assert_eq!(of("c"), Some(Modifier::BOLD | Modifier::ITALIC));
    assert_eq!(of("d"), Some(Modifier::CROSSED_OUT));
}

#[test]
fn lists_hang_under_their_text() {
    assert_eq!(
        set("- one two three\n  - four five six\n    - seven\n- eight", 12),
        ["• one two", "  three", "  ◦ four", "    five six", "    – seven", "• eight"]
    );
    assert_eq!(set("8. a bb\n9. a bb\n10. a bb", 12), [" 8. a bb", " 9. a bb", "10. a bb"]);
    assert_eq!(set("- [x] done it all\n- [ ] open", 14), ["[x] done it", "    all", "[ ] open"]);
    assert_eq!(set("- a\n\n  b\n- c", 20), ["• a", "", "  b", "", "• c"], "loose");
    assert_eq!(set("-\n- a", 20), ["•", "• a"]);
}

#[test]
fn what_is_too_deep_is_not_moved_in_further() {
    let source = format!("{}deep", "> ".repeat(40));
    assert_eq!(set(&source, 12), ["▎ ▎ deep"]);
    assert_eq!(set("- - - - a", 12), ["• ◦ –", "    • a"], "its sign stands in the line");
}

#[test]
fn quotes_have_a_bar_on_every_line() {
    assert_eq!(
        set("> one two three\n>\n> > four\n\nfive", 12),
        ["▎ one two", "▎ three", "▎", "▎ ▎ four", "", "five"]
    );
    assert_eq!(set("> - a\n> - b", 12), ["▎ • a", "▎ • b"]);
}

#[test]
fn code_says_its_language_and_is_never_broken_without_a_sign() {
    assert_eq!(
        set("```py\n\tx = 1\n\nlong_name(12)\n```", 12),
        ["╭─ py", "│     x = 1", "│", "│ long_name(", "│↳12)", "╰─"]
    );
    assert_eq!(set("    indented", 20), ["╭─", "│ indented", "╰─"]);
    assert_eq!(set("- a\n\n  ```\n  b\n  ```", 20), ["• a", "", "  ╭─", "  │ b", "  ╰─"]);
}

#[test]
fn code_is_coloured_by_what_it_is() {
    let page = Page::of("```py\nif x: # no\n  'y'\n```", 40);
    let lines = all(&page, Skin::default());
    let colour = |line: usize, text: &str| {
        let line: &ratatui::text::Line<'_> = &lines[line];
        line.spans.iter().find(|span| span.content == text).map(|span| span.style.fg)
    };
    assert_eq!(colour(1, "if"), Some(Some(Color::Cyan)));
    assert_eq!(colour(1, "# no"), Some(None));
    assert_eq!(colour(2, "'y'"), Some(Some(Color::Green)));
}

#[test]
fn a_quiz_is_not_part_of_what_is_read() {
    assert_eq!(set("a\n\n```quiz\n[[question]]\n```\n\nb", 20), ["a", "", "b"]);
}

const TABLE: &str =
    "| Name | What it is | No. |\n|:--|:-:|--:|\n| txt | plain text and more | 1 |\n| jpg | picture | 22 |\n";

#[test]
fn a_table_fits_its_columns_to_the_width() {
    assert_eq!(
        set(TABLE, 60),
        [
            "Name │     What it is      │ No.",
            "─────┼─────────────────────┼────",
            "txt  │ plain text and more │   1",
            "jpg  │       picture       │  22",
        ]
    );
    assert_eq!(
        set(TABLE, 25),
        [
            "Name │  What it is  │ No.",
            "─────┼──────────────┼────",
            "txt  │  plain text  │   1",
            "     │   and more   │",
            "─────┼──────────────┼────",
            "jpg  │   picture    │  22",
        ]
    );
}

#[test]
fn a_table_that_does_not_fit_is_read_row_by_row() {
    assert_eq!(
        set(TABLE, 15),
        [
            "Name: txt",
            "What it is:",
            "plain text and",
            "more",
            "No.: 1",
            "",
            "Name: jpg",
            "What it is:",
            "picture",
            "No.: 22",
        ]
    );
}

#[test]
fn links_and_images_have_numbers() {
    let page = Page::of(
        "See [the *web*](https://example.org/a), [files](02-files.md), [no](../etc/passwd) and\n\
         ![a map](https://example.org/m.png) ![x](x.png) <https://example.org/b> [![p](https://example.org/p)](01-a.md)",
        30,
    );
    let lines: Vec<_> = all(&page, Skin::default()).iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "See the web [1], files [2], no",
            "and [image: a map] [3] [image:",
            "x] https://example.org/b [4]",
            "[image: p] [6] [5]",
        ]
    );
    let links: Vec<_> = page.links().iter().map(|link| (link.text.as_str(), link.image, link.line)).collect();
    assert_eq!(
        links,
        [
            ("the web", false, 0),
            ("files", false, 0),
            ("a map", true, 1),
            ("https://example.org/b", false, 2),
            ("p", false, 3),
            ("p", true, 3),
        ]
    );
    assert_eq!(page.links()[1].target, Target::Lesson("02-files.md".to_owned()));
    assert_eq!(page.link_at(0, 5), Some(0));
    assert_eq!((page.link_at(0, 0), page.link_at(0, 90), page.link_at(9, 0)), (None, None, None));
}

#[test]
fn a_link_leads_to_https_or_a_lesson_only() {
    for bad in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "../a.md",
        "a/b.md",
        ".md",
        "https://a:b@c.example",
        "a",
    ] {
        assert_eq!(Target::parse(bad), None, "{bad}");
    }
}

#[test]
fn html_and_footnotes_are_shown_as_they_are_written() {
    assert_eq!(set("a <b>c</b>", 20), ["a <b>c</b>"]);
    assert_eq!(
        set("<div>\n  <p>a</p>\n</div>", 20),
        ["╭─ html", "│ <div>", "│   <p>a</p>", "│ </div>", "╰─"]
    );
    assert_eq!(set("a[^1]\n\n[^1]: one two three", 16), ["a[^1]", "", "[^1]: one two", "      three"]);
}

#[test]
fn entities_do_not_become_what_a_terminal_obeys() {
    assert_eq!(set("&#27;[31m &#x9b;2J &#x202e;a &amp; b &#9;", 40), ["[31m 2J a & b"]);
    assert_eq!(set("`\u{1b}[0m`\n\n    \u{1b}]0;x\u{7}", 40), ["`[0m`", "", "╭─", "│ ]0;x", "╰─"]);
}

#[test]
fn a_rule_goes_across() {
    assert_eq!(set("a\n\n***\n\nb", 5), ["a", "", "─────", "", "b"]);
}

#[test]
fn only_ascii_signs_where_only_those_are_drawn() {
    let source = "# A\n\n- b\n  - c\n    - d\n\n> “e” → f\n\n```\ng\n```\n\n|h|i|\n|-|-|\n|j|k|\n\n***";
    for line in all(&Page::of(source, 30), ASCII) {
        assert!(line.to_string().is_ascii(), "{line}");
    }
}

#[test]
fn finds_whatever_the_case_over_marks_and_over_the_ends_of_lines() {
    let page = Page::of("The **big** Straße of\nthe world.\n\nlong-long-word", 11);
    let parts = |text: &str| -> Vec<Vec<(usize, std::ops::Range<usize>)>> {
        let part = |part: &HitPart| (part.line, part.columns.clone());
        page.find(text).iter().map(|hit: &Hit| hit.parts.iter().map(part).collect()).collect()
    };
    let lines: Vec<_> = all(&page, Skin::default()).iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["The big", "Straße of", "the world.", "", "long-long-w", "ord"]);
    assert_eq!(parts("the"), [vec![(0, 0..3)], vec![(2, 0..3)]]);
    assert_eq!(parts("BIG straße"), [vec![(0, 4..7), (1, 0..6)]]);
    assert_eq!(parts("word"), [vec![(4, 10..11), (5, 0..3)]]);
    assert_eq!((parts(" "), parts("none")), (vec![], vec![]));
}

#[test]
fn a_cell_is_searched_as_it_is_read() {
    let page = Page::of(TABLE, 25);
    let hits = page.find("text and");
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].parts.iter().map(|part| part.line).collect::<Vec<_>>(), [2, 3]);
    let lines = page.lines(2..4, Skin::default(), Marks { hits: &hits, current: Some(0) });
    let marked: Vec<_> = lines
        .iter()
        .flat_map(|line| &line.spans)
        .filter(|span| span.style.add_modifier.contains(Modifier::REVERSED))
        .map(|span| span.content.as_ref())
        .collect();
    assert_eq!(marked, ["text", "and"]);
}

#[test]
fn only_the_window_is_drawn() {
    let page = Page::of("a\n\nb\n\nc", 20);
    assert_eq!(page.lines(1..3, Skin::default(), Marks::default()).len(), 2);
    assert_eq!(page.lines(4..90, Skin::default(), Marks::default()).len(), 1);
    assert_eq!(page.lines(90..99, Skin::default(), Marks::default()).len(), 0);
    let empty = Page::of("", 80);
    assert_eq!((empty.height(), empty.line_of(7), empty.place_of(7)), (0, 0, 0));
}

#[test]
fn a_place_is_where_the_line_begins() {
    let source = "# One\n\ntwo three `four`\n\n- five\n";
    let page = Page::of(source, 9);
    let starts: Vec<_> = (0..page.height()).map(|line| &source[page.place_of(line)..]).collect();
    assert_eq!(starts[0], &source[2..]);
    assert!(starts[3].starts_with("two"), "{starts:?}");
    assert!(starts[4].starts_with("`four`"), "{starts:?}");
    assert!(starts[6].starts_with("- five") || starts[6].starts_with("five"), "{starts:?}");
    assert_eq!(page.line_of(source.len()), 6);
}
