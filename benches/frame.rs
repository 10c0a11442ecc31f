//! Drawing a frame: model to cells, and the difference to what is on the screen.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "the title of the first program matters in a terminal only")]
mod catalogs;
#[path = "support/desk.rs"]
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
#[path = "support/starts.rs"]
mod starts;

use desk::Desk;
use report::Report;
use samples::Samples;

const FRAMES: usize = 2_000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    let database = files::with_programs(10_000).await;
    enrollments::fill_sqlite(&files::url(&database), 8).await;
    for size in [(80, 24), (200, 60)] {
        starts::measure(&report, size, FRAMES);
        for (screen, keys) in [("programs", "1"), ("program", "1<enter>"), ("courses", "2")] {
            let name = format!("frame/{screen}/{}x{}", size.0, size.1);
            if !report.wants(&name) {
                continue;
            }
            let mut desk = Desk::open(&database, &enrollments::email(0), size).await;
            desk.keys(keys).await;
            let (mut same, mut whole) = (Samples::new(), Samples::new());
            for _ in 0..FRAMES {
                same.time(|| desk.draw());
                desk.forget();
                whole.time(|| desk.draw());
                desk.draw();
            }
            report.say(&name, same, None);
            report.say(&format!("{name}/whole"), whole, None);
        }
    }
}
