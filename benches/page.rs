//! Reading a lesson: Markdown to the first window of lines, scrolling through a course, searching; then the same
//! through the app, from a message to the frame.

#[path = "support/reader.rs"]
mod reader;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
mod samples;

use coursevia::ui::keys;
use coursevia::ui::page::{Marks, Page};
use coursevia::ui::theme::Skin;
use reader::Reader;
use report::Report;
use samples::Samples;
use std::hint::black_box;
use std::time::Duration;

const LESSON: usize = 100 * 1024;
const LESSONS: usize = 100;
const ROWS: usize = 40;
const OPENINGS: usize = 200;
const KEYS: usize = 500;

fn main() {
    let report = Report::of_arguments();
    let lesson = lesson(0);
    for width in [80, 56, 30] {
        let name = format!("page/open/{width}");
        if report.wants(&name) {
            let mut samples = Samples::new();
            for _ in 0..OPENINGS {
                samples.time(|| first_window(&lesson, width));
            }
            let reached = samples.at(0.99) <= Duration::from_millis(16);
            report.say(&name, samples, Some(("p99 ≤ 16 ms", reached)));
        }
    }
    for (name, step) in [("page/scroll/line", 1), ("page/scroll/page", ROWS)] {
        if report.wants(name) {
            let samples = scroll(step);
            let reached = samples.at(0.99) <= Duration::from_millis(8);
            report.say(name, samples, Some(("p99 ≤ 8 ms", reached)));
        }
    }
    through_the_app(&report, &lesson);
    let page = Page::of(&lesson, 80);
    for (name, text) in [("often", "the"), ("once", "the last words"), ("never", "no such words")] {
        let name = format!("page/find/{name}");
        if report.wants(&name) {
            let mut samples = Samples::new();
            for _ in 0..OPENINGS {
                samples.time(|| black_box(page.find(text)));
            }
            let reached = samples.at(0.99) <= Duration::from_millis(16);
            report.say(&name, samples, Some(("p99 ≤ 16 ms", reached)));
        }
    }
}

/// What a student waits for: the lesson on screen after it was read, and each key in it.
fn through_the_app(report: &Report, lesson: &str) {
    for size in [(80, 24), (200, 60)] {
        let name = format!("page/app/open/{}x{}", size.0, size.1);
        if report.wants(&name) {
            let mut samples = Samples::new();
            for _ in 0..OPENINGS {
                let mut reader = Reader::waiting(size);
                let opened = reader.lesson(lesson);
                samples.time(|| reader.show(opened));
            }
            let reached = samples.at(0.99) <= Duration::from_millis(16);
            report.say(&name, samples, Some(("p99 ≤ 16 ms", reached)));
        }
        for (what, script) in [("line", "j"), ("page", "<pgdn>")] {
            let name = format!("page/app/scroll/{what}/{}x{}", size.0, size.1);
            if !report.wants(&name) {
                continue;
            }
            let mut reader = Reader::waiting(size);
            let opened = reader.lesson(lesson);
            reader.show(opened);
            let key = keys::parse_script(script).expect("a good script");
            let mut samples = Samples::new();
            for msg in key.into_iter().cycle().take(KEYS) {
                samples.time(|| reader.show(msg));
            }
            let reached = samples.at(0.99) <= Duration::from_millis(8);
            report.say(&name, samples, Some(("p99 ≤ 8 ms", reached)));
        }
    }
}

fn first_window(lesson: &str, width: u16) -> Page {
    let page = Page::of(lesson, width);
    black_box(page.lines(0..ROWS, Skin::default(), Marks::default()));
    page
}

/// Every step through a course of 10 MB, those included that open the next lesson.
fn scroll(step: usize) -> Samples {
    let mut samples = Samples::new();
    for number in 0..LESSONS {
        let lesson = lesson(number);
        let page = samples.time(|| first_window(&lesson, 80));
        let mut line = step;
        while line < page.height() {
            samples.time(|| black_box(page.lines(line..line + ROWS, Skin::default(), Marks::default())));
            line += step;
        }
    }
    samples
}

/// A lesson of about 100 KB with everything lessons are made of.
fn lesson(number: usize) -> String {
    let mut out = format!("# Lesson {number}\n\n");
    let mut part = 0;
    while out.len() < LESSON {
        part += 1;
        out.push_str(&section(number, part));
    }
    out.push_str("\nThese are the last words.\n");
    out
}

fn section(number: usize, part: usize) -> String {
    let mut out = format!(
        "## {number}.{part} Files and folders\n\n\
         A **file** has a name and, mostly, an *ending* that says what is in it: `letter.txt` is plain text, \
         `photo.jpg` a picture. Names may have blanks, but programs find it easier to read names without \
         them — and so do people. See [how names work](https://example.org/names/{part}) and the lesson \
         [about the web](03-web.md).\n\n\
         > A copy of a file is a file of its own: what you change in one, you don’t change in the other.\n\
         > Keep *one* place for what you change.\n\n\
         1. Open the folder, and choose **New folder**.\n\
         2. Give it a name that says what is in it,\n   such as `taxes-{number}`.\n   \
            - Small letters are the same as large ones on some computers,\n   - and not on others.\n\
         3. Move the files into it.\n\n\
         - [x] You can say what a folder is\n- [ ] You can find a file you lost\n\n\
         | Ending | What it is | Opens with |\n|:-------|------------|-----------:|\n\
         | `.txt` | Plain text, letters and nothing else | every editor |\n\
         | `.jpg` | A picture as a camera takes it | every browser |\n\
         | `.pdf` | Pages as they are printed, with everything that is on them | a reader of documents |\n"
    );
    out.push_str(match part % 3 {
        0 => {
            "\n```python\n# All files of a folder, the largest first\nfrom pathlib import Path\n\n\
             for file in sorted(Path('.').iterdir(), key=lambda f: -f.stat().st_size):\n    \
             if file.is_file():\n        print(f\"{file.name:<30} {file.stat().st_size:>10}\")\n```\n\n"
        }
        1 => {
            "\n```html\n<!-- A page with one link -->\n<p class=\"note\">Go to <a href=\"https://example.org\">the \
             example</a>.</p>\n```\n\n![A folder with three files](https://example.org/folder.png)\n\n"
        }
        _ => {
            "\n```sh\n# What takes the most room?\ndu -sh -- * | sort -h | tail -n 5\n```\n\nIn Japanese: \
             ファイルはフォルダーに入れます。フォルダーの中にフォルダーを作ることもできます。\n\n"
        }
    });
    out
}
