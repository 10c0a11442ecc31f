//! Seats that are kept, queues, and starts that are full.

use super::harness::Stage;
use super::world::{self, course, dated, offer, place};
use coursevia::domain::views::{Offer, ProgramView};
use coursevia::domain::waitlist::{WaitlistStatus, WaitlistView};
use insta::assert_snapshot;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

fn college(program: &str) -> Offer {
    dated(offer("Local Community College", program, 0), &[(9, 12, 12)])
}

fn places() -> Vec<WaitlistView> {
    let of = |title, status| place(&college(title), title, status);
    vec![
        of("CPR/AED + First Aid", WaitlistStatus::Waiting),
        of("CNA Training", WaitlistStatus::Offered),
        of("OSHA 10 General Industry", WaitlistStatus::Closed),
    ]
}

fn dashboard(stage: Stage) -> Stage {
    let courses = vec![course("Microsoft Office Specialist: Word", "Certiport", Some(45), 3)];
    stage.programs().waiting(courses, places()).synced()
}

fn again(stage: Stage) -> Stage {
    let courses = vec![course("Microsoft Office Specialist: Word", "Certiport", Some(45), 3)];
    dashboard(stage).waiting(courses, places())
}

#[test]
fn an_offer_comes_first_and_queues_after_the_courses() {
    at_all_sizes!("waiting", again);
}

#[test]
fn queues_further_down() {
    at_all_sizes!("waiting_down", |s: Stage| again(s).keys("G"));
}

#[test]
fn declining_says_what_it_means() {
    at_all_sizes!("waiting_decline", |s: Stage| again(s).keys("x"));
}

#[test]
fn leaving_says_what_it_means() {
    at_all_sizes!("waiting_leave", |s: Stage| again(s).keys("jjx"));
}

#[test]
fn taking_the_seat_shows_at_once() {
    at_all_sizes!("waiting_accept", |s: Stage| again(s).keys("<enter>"));
}

#[test]
fn a_full_start_asks_whether_to_wait() {
    let mut cna: ProgramView = world::cna();
    cna.offers = vec![college("CNA Training"), offer("Certiport", "CNA Training", 0)];
    at_all_sizes!("waiting_join", |s: Stage| {
        s.answer_programs(Ok(vec![cna.clone()])).courses(vec![]).keys("<enter><enter>")
    });
}
