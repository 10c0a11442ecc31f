//! `kill -9` at random moments of checkout, switch and refund, a thousand times: the test of the
//! suite, for longer. A number on the command line says how many rounds instead.

#[path = "../tests/it/support/audit.rs"]
mod audit;
#[path = "../tests/it/support/books.rs"]
mod books;
#[path = "../tests/it/support/http.rs"]
#[expect(dead_code, reason = "nobody reads a page here")]
mod http;
#[path = "../tests/it/support/kills.rs"]
mod kills;
#[path = "../tests/it/support/lessons.rs"]
#[expect(dead_code, reason = "nobody learns here")]
mod lessons;
#[path = "../tests/it/support/office.rs"]
mod office;
#[path = "support/report.rs"]
mod report;

use kills::Tally;
use report::Report;
use std::process::Command;

const ROUNDS: usize = 1_000;
/// Rounds of one world: its clock moves on between them, and a hold is short.
const EACH: usize = 50;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    if office::be_a_victim().await {
        return;
    }
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let mut left: usize = wanted.unwrap_or(ROUNDS);
    let mut all = Tally::default();
    let mut played = 0;
    while left > 0 {
        let (rounds, seed) = (left.min(EACH), rand::random());
        let tally = Box::pin(kills::play(rounds, seed, a_victim)).await;
        all.killed += tally.killed;
        all.done += tally.done;
        all.paid += tally.paid;
        all.refunded += tally.refunded;
        all.switched += tally.switched;
        all.wrongs.extend(tally.wrongs.into_iter().map(|wrong| format!("seed {seed}: {wrong}")));
        (left, played) = (left - rounds, played + rounds);
    }
    let report = Report::of_arguments();
    report.say("crash/rounds", played, None);
    report.say("crash/processes killed", format!("{} of {}", all.killed, all.killed + all.done), None);
    report.say("crash/pages paid", format!("{}, {} refunded in full", all.paid, all.refunded), None);
    report.say("crash/switches", all.switched, None);
    for wrong in &all.wrongs {
        report.say("crash/wrong", wrong, None);
    }
    let wrong = all.wrongs.len();
    report.say("crash/wrong in the end", wrong, Some(("0", wrong == 0)));
}

/// This program, as a victim.
fn a_victim() -> Command {
    Command::new(std::env::current_exe().expect("this program"))
}
