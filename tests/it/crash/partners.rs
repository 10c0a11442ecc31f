//! Killed while a partner is paused, watched, found to have problems; and while a certificate runs out.

use super::{RIGHT, STUDENT, World, count, courses, enroll, work};
use crate::support::http;
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::event::EventKind;
use coursevia::domain::provider::Provider;
use coursevia::service::Services;
use coursevia::store::FailPoint;

const RUTH: [&str; 2] = ["--advisor", "ruth@college.example"];

async fn certiport(services: &Services) -> Provider {
    let all = services.store.list_providers().await.expect("they read");
    all.into_iter().find(|provider| provider.name.as_str() == "Certiport").expect("the partner")
}

pub(super) async fn pause(world: &World, point: FailPoint) {
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let command = [&["partner", "pause", "Certiport", "--reason", "it moves"], &RUTH[..]].concat();
    world.dies_at(point, RIGHT, &command);
    let paused = !certiport(services).await.availability.is_active();
    assert_eq!(paused, point == FailPoint::PartnerAfterCommit);
    if !paused {
        world.home.run(&command).ends(0);
    }
    assert!(!certiport(services).await.availability.is_active());
}

pub(super) async fn watch(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    world.home.run(&[&["partner", "pause", "Certiport", "--reason", "it moves"], &RUTH[..]].concat()).ends(0);
    let command = [&["watch", "cna-training"], &STUDENT[..]].concat();
    world.dies_at(point, RIGHT, &command);
    world.home.run(&command).ends(0);
    let mails = world.mails();
    world.home.run(&[&["partner", "resume", "Certiport"], &RUTH[..]].concat()).ends(0);
    work(services).await;
    assert_eq!(world.mails(), mails + 1, "whoever asked is told, and once");
}

pub(super) async fn fail(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    let url = format!("{}_control/fail", world.sandbox.url());
    http::post(&url, &serde_json::json!({ "fail": "partner-down" })).await;
    world.dies_at(point, RIGHT, &[&["sync"], &STUDENT[..]].concat());
    for _ in 0..3 {
        world.home.run(&[&["sync"], &STUDENT[..]].concat()).ends(1);
    }
    assert!(certiport(services).await.health.troubled_since.is_some());
    http::post(&url, &serde_json::json!({ "fail": "" })).await;
    for _ in 0..3 {
        world.home.run(&[&["sync"], &STUDENT[..]].concat()).ends(0);
    }
    assert!(certiport(services).await.health.troubled_since.is_none());
}

pub(super) async fn expire(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    world.finish_everything().await;
    services.sync(Actor::System, None).await.expect("asked");
    work(services).await;
    let ends = (services.clock.now() + TimeDelta::days(9)).to_rfc3339();
    let db = rusqlite::Connection::open(world.home.path().join(".local/share/coursevia/coursevia.db"));
    db.expect("it opens").execute("UPDATE certificates SET expires_at = ?1", [ends]).expect("it is written");
    let mails = world.mails();
    world.dies_at(point, RIGHT, &["work", "--once"]);
    world.home.run(&["work", "--once"]).ends(0);
    work(services).await;
    assert_eq!(world.mails(), mails + 1, "told, and once");
    let view = courses(services, &student).await.remove(0);
    assert_eq!(count(services, &view, EventKind::CertificateExpiring).await, 1);
}
