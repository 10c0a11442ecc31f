//! Fuzzy search while a word is typed, letter by letter.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "support/files.rs"]
mod files;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
mod samples;

use coursevia::domain::listing::Query;
use coursevia::store::{FailPoints, Store};
use coursevia::ui::finder::Finder;
use report::Report;
use samples::Samples;
use std::time::Duration;

/// What people type: a title, another name, a category, a partner, two words, a slip, nothing there.
const TYPED: [&str; 8] =
    ["nursing", "caregiver", "skilled trades", "lakeside", "advanced welding", "hvca", "osha", "zzzz"];
const ROUNDS: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    for count in [10_000, 100_000] {
        let name = format!("search/{count}");
        if !report.wants(&name) {
            continue;
        }
        let database = files::with_programs(count).await;
        let store = Store::open(&files::url(&database), FailPoints::none()).await.expect("it opens");
        let (mut finder, mut after, now) = (Finder::default(), None, chrono::DateTime::UNIX_EPOCH);
        loop {
            let page = store.page_of_programs(after.as_ref(), 2_000, now).await.expect("it reads");
            finder.add(&page.entries);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        store.close().await;
        let mut times = Samples::new();
        for word in TYPED.into_iter().cycle().take(TYPED.len() * ROUNDS) {
            for (end, letter) in word.char_indices() {
                let query = Query { text: word[..end + letter.len_utf8()].to_owned(), ..Query::default() };
                times.time(|| finder.find(&query));
            }
        }
        let fluid = times.at(0.95) <= Duration::from_millis(16);
        report.say(&name, times, Some(("p95 ≤ 16 ms", fluid)));
    }
}
