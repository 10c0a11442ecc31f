//! What is a comment, a string or a keyword in the languages that lessons show.

use std::ops::Range;

/// What a part of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Comment,
    Quoted,
    Word,
}

/// How a language is written.
struct Tongue {
    /// What authors call it.
    names: &'static [&'static str],
    /// What a comment begins with that ends with its line.
    line: &'static [&'static str],
    /// What a comment begins and ends with that may take several lines.
    block: Option<(&'static str, &'static str)>,
    /// What strings begin and end with, the longest first.
    quotes: &'static [&'static str],
    /// Its keywords, parted by blanks.
    words: &'static str,
    /// Keywords are the same in capital letters.
    any_case: bool,
    /// Words and strings are such within `<…>` only.
    markup: bool,
}

const PLAIN: Tongue =
    Tongue { names: &[], line: &[], block: None, quotes: &[], words: "", any_case: false, markup: false };

const C_BLOCK: Option<(&str, &str)> = Some(("/*", "*/"));

const TONGUES: &[Tongue] = &[
    Tongue {
        names: &["html", "xml", "svg", "htm"],
        block: Some(("<!--", "-->")),
        quotes: &["\"", "'"],
        markup: true,
        ..PLAIN
    },
    Tongue {
        names: &["css", "scss", "less"],
        block: C_BLOCK,
        quotes: &["\"", "'"],
        words: "important media import font-face from to auto none inherit initial",
        ..PLAIN
    },
    Tongue {
        names: &["js", "javascript", "ts", "typescript", "jsx", "tsx"],
        line: &["//"],
        block: C_BLOCK,
        quotes: &["`", "\"", "'"],
        words: "async await break case catch class const continue default delete do else enum export extends \
                false finally for from function if import in instanceof interface let new null of return \
                static super switch this throw true try type typeof undefined var void while yield",
        ..PLAIN
    },
    Tongue {
        names: &["py", "python", "python3"],
        line: &["#"],
        quotes: &["\"\"\"", "'''", "\"", "'"],
        words: "and as assert async await break class continue def del elif else except False finally for \
                from global if import in is lambda match None nonlocal not or pass raise return True try \
                while with yield",
        ..PLAIN
    },
    Tongue {
        names: &["sh", "bash", "shell", "zsh", "console"],
        line: &["#"],
        quotes: &["\"", "'"],
        words: "case do done elif else esac exit export fi for function if in local read return select set \
                shift then unset until while cd echo sudo",
        ..PLAIN
    },
    Tongue {
        names: &["powershell", "ps1", "pwsh"],
        line: &["#"],
        block: Some(("<#", "#>")),
        quotes: &["\"", "'"],
        words: "begin break catch continue do else elseif end exit filter finally for foreach function if in \
                param process return switch throw try until while",
        any_case: true,
        ..PLAIN
    },
    Tongue {
        names: &["sql", "sqlite", "postgresql", "mysql"],
        line: &["--"],
        block: C_BLOCK,
        quotes: &["'", "\""],
        words: "all alter and as asc begin between by case commit create cross delete desc distinct drop else \
                end exists from full group having if in inner insert into is join key left like limit not \
                null offset on or order outer primary references right rollback select set table then union \
                unique update values view when where with",
        any_case: true,
        ..PLAIN
    },
    Tongue { names: &["json", "jsonc", "json5"], quotes: &["\""], words: "true false null", ..PLAIN },
    Tongue {
        names: &["toml", "yaml", "yml", "ini", "conf", "env"],
        line: &["#", ";"],
        quotes: &["\"", "'"],
        words: "true false null yes no on off",
        ..PLAIN
    },
    Tongue {
        names: &["rs", "rust"],
        line: &["//"],
        block: C_BLOCK,
        quotes: &["\""],
        words: "as async await break const continue crate dyn else enum extern false fn for if impl in let \
                loop match mod move mut pub ref return self Self static struct super trait true type unsafe \
                use where while",
        ..PLAIN
    },
    Tongue {
        names: &[
            "c", "h", "cpp", "c++", "hpp", "java", "kotlin", "kt", "cs", "csharp", "go", "golang", "swift",
        ],
        line: &["//"],
        block: C_BLOCK,
        quotes: &["\"", "'"],
        words: "abstract auto bool boolean break byte case catch chan char class const continue default defer \
                do double else enum extends false final finally float for fun func go if implements import \
                in int interface let long map namespace new nil null nullptr override package private \
                protected public range return short signed sizeof static string struct super switch this \
                throw throws true try type typedef union unsigned using val var void when while",
        ..PLAIN
    },
];

/// The parts of `text` that are set off, in order; none where the language is not known.
pub(super) fn tones(text: &str, language: &str) -> Vec<(Range<usize>, Tone)> {
    let known = |tongue: &&Tongue| tongue.names.iter().any(|name| name.eq_ignore_ascii_case(language));
    match TONGUES.iter().find(known) {
        Some(tongue) => Scan { tongue, text, at: 0, in_tag: false, out: Vec::new() }.run(),
        None => Vec::new(),
    }
}

struct Scan<'a> {
    tongue: &'static Tongue,
    text: &'a str,
    at: usize,
    /// Within `<…>`.
    in_tag: bool,
    out: Vec<(Range<usize>, Tone)>,
}

impl Scan<'_> {
    fn run(mut self) -> Vec<(Range<usize>, Tone)> {
        let words: Vec<&str> = self.tongue.words.split_ascii_whitespace().collect();
        while let Some(c) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            let starts = |sign: &&&str| rest.starts_with(**sign);
            if let Some((begin, end)) = self.tongue.block
                && rest.starts_with(begin)
            {
                let length = rest[begin.len()..].find(end).map(|at| begin.len() + at + end.len());
                self.take(length.unwrap_or(rest.len()), Tone::Comment);
            } else if self.tongue.line.iter().any(|sign| rest.starts_with(sign)) && self.may_comment() {
                self.take(rest.find('\n').unwrap_or(rest.len()), Tone::Comment);
            } else if self.tongue.markup && !self.in_tag {
                self.markup(rest, c);
            } else if let Some(quote) = self.tongue.quotes.iter().find(starts) {
                self.take(quoted(rest, quote), Tone::Quoted);
            } else if self.tongue.markup {
                self.in_tag = c != '>';
                self.take_or_skip(c.len_utf8(), !self.in_tag);
            } else if c.is_alphanumeric() || c == '_' {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                let word = &rest[..length];
                let is_word = words.iter().any(|known| {
                    if self.tongue.any_case { known.eq_ignore_ascii_case(word) } else { *known == word }
                });
                self.take_or_skip(length, is_word);
            } else {
                self.at += c.len_utf8();
            }
        }
        self.out
    }

    fn take(&mut self, length: usize, tone: Tone) {
        self.out.push((self.at..self.at + length, tone));
        self.at += length;
    }

    fn take_or_skip(&mut self, length: usize, is_word: bool) {
        if is_word {
            self.take(length, Tone::Word);
        } else {
            self.at += length;
        }
    }

    /// A sign that begins comments is part of a word elsewhere: `https://`, `$#`, `a#b`.
    fn may_comment(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, ';' | ',' | '{' | '}' | ')' | ']'))
    }

    /// Between tags: the beginning of one is set off with its name.
    fn markup(&mut self, rest: &str, c: char) {
        let name = rest[c.len_utf8()..].trim_start_matches('/');
        self.in_tag = c == '<' && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?');
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '<' | '/' | '!' | '?' | '-' | ':');
        let length = rest.find(|c: char| !in_name(c)).unwrap_or(rest.len());
        self.take_or_skip(if self.in_tag { length } else { c.len_utf8() }, self.in_tag);
    }
}

/// How long the string is that begins here. One that is not closed ends with its line, so that an
/// apostrophe does not colour the rest of the block.
fn quoted(rest: &str, quote: &str) -> usize {
    let over_lines = quote.len() > 1 || quote == "`";
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(quote.len()) {
        if c == '\n' && !over_lines {
            return at;
        }
        if !escaped && rest[at..].starts_with(quote) {
            return at + quote.len();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toned(text: &str, language: &str) -> Vec<(String, Tone)> {
        tones(text, language).into_iter().map(|(range, tone)| (text[range].to_owned(), tone)).collect()
    }

    #[test]
    fn tells_comments_strings_and_keywords_apart() {
        use Tone::{Comment, Quoted, Word};
        let owned = |parts: &[(&str, Tone)]| -> Vec<_> {
            parts.iter().map(|(text, tone)| ((*text).to_owned(), *tone)).collect()
        };
        assert_eq!(
            toned("def f(x):  # say \"hi\"\n    return 'a\\'b' + x", "Python"),
            owned(&[("def", Word), ("# say \"hi\"", Comment), ("return", Word), ("'a\\'b'", Quoted)])
        );
        assert_eq!(
            toned("SELECT a FROM b -- all\nwhere c = 'x'", "sql"),
            owned(&[("SELECT", Word), ("FROM", Word), ("-- all", Comment), ("where", Word), ("'x'", Quoted)])
        );
        assert_eq!(
            toned("<p class=\"x\">it's</p><!-- no -->", "html"),
            owned(&[
                ("<p", Word),
                ("\"x\"", Quoted),
                (">", Word),
                ("</p", Word),
                (">", Word),
                ("<!-- no -->", Comment)
            ])
        );
        assert_eq!(
            toned("curl https://a.example  # it's\necho $#", "sh"),
            owned(&[("# it's", Comment), ("echo", Word)])
        );
        assert_eq!(toned("let x", "klingon"), []);
    }

    #[test]
    fn an_apostrophe_colours_its_line_only() {
        assert_eq!(
            toned("echo don't\nexit", "sh").last().map(|(text, tone)| (text.as_str(), *tone)),
            Some(("exit", Tone::Word))
        );
        assert_eq!(toned("\"\"\"a\nb\"\"\" c", "py"), [("\"\"\"a\nb\"\"\"".to_owned(), Tone::Quoted)]);
    }
}
