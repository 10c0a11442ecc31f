//! `kill -9` at any moment loses no money and charges nobody twice.

use crate::support::{kills, office};
use std::process::Command;

const ROUNDS: usize = 50;

/// Not a test of its own: the process that is killed.
#[tokio::test]
#[ignore = "run by the tests that kill it"]
async fn victim() {
    office::be_a_victim().await;
}

/// This program, as a victim.
pub fn a_victim() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "kills::victim", "--ignored", "--quiet", "--nocapture"]);
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stderr, reason = "a failure of any kind shall name its seed")]
async fn a_kill_at_any_moment_loses_no_money_and_charges_nobody_twice() {
    // Another one every time; a failure names the one to play again.
    let seed = seed();
    eprintln!("COURSEVIA_TEST_SEED={seed}");
    let tally = Box::pin(kills::play(ROUNDS, seed, a_victim)).await;
    assert!(tally.wrongs.is_empty(), "seed {seed}: {tally:#?}");
    assert!(tally.killed > 0 && tally.paid > 0, "seed {seed}: nothing happened: {tally:#?}");
}

#[expect(clippy::disallowed_methods, reason = "tests have no platform layer")]
fn seed() -> u64 {
    let wanted = std::env::var("COURSEVIA_TEST_SEED").ok();
    wanted.map_or_else(rand::random, |seed| seed.parse().expect("a number"))
}
