//! A key until its frame is written: update, draw, difference, bytes.

#[path = "support/bytes.rs"]
mod bytes;
#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "support/desk.rs"]
#[expect(dead_code, reason = "the screen is never forgotten between keys")]
mod desk;
#[path = "support/enrollments.rs"]
#[expect(dead_code, reason = "one engine is enough to draw what was read")]
mod enrollments;
#[path = "support/files.rs"]
mod files;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
mod samples;

use bytes::Bytes;
use coursevia::ui::keys;
use desk::Desk;
use report::Report;
use samples::Samples;
use std::time::Duration;

/// What is pressed, again and again; each line begins where it ends.
const SCRIPTS: [(&str, &str); 5] = [
    ("move", "jjjjjjjjjjkkkkkkkkkk"),
    ("page", "<pgdn><pgdn><pgdn><pgup><pgup><pgup>"),
    ("search", "/nursing<backspace><backspace><backspace><backspace><backspace><backspace><backspace><esc>"),
    ("open", "<enter><esc>j<enter><esc>k"),
    ("tab", "21"),
];
const KEYS: usize = 1_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    let database = files::with_programs(10_000).await;
    enrollments::fill_sqlite(&files::url(&database), 8).await;
    for size in [(80, 24), (200, 60)] {
        for (what, script) in SCRIPTS {
            let name = format!("key/{what}/{}x{}", size.0, size.1);
            if !report.wants(&name) {
                continue;
            }
            let mut desk = Desk::open(&database, &enrollments::email(0), size).await;
            desk.keys("1").await;
            let (mut times, mut bytes) = (Samples::new(), Bytes::new());
            let keys = keys::parse_script(script).expect("a good script");
            for msg in keys.into_iter().cycle().take(KEYS) {
                let (effects, count) = times.time(|| (desk.update(msg), desk.draw()));
                // What a search finds comes with a second frame.
                desk.settle(effects).await;
                bytes.add(count + desk.draw());
            }
            let fast = times.at(0.5) <= Duration::from_millis(3);
            let few = bytes.median() <= 500;
            // What replaces a whole screen is as large as that screen.
            let aim = (what == "move" && size == (80, 24)).then_some(("p50 ≤ 500 bytes", few));
            report.say(&name, times, Some(("p50 ≤ 3 ms", fast)));
            report.say(&format!("{name}/bytes"), bytes, aim);
        }
    }
}
