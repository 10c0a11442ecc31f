//! A partner that fails, is paused and comes back, with somebody who waits for it.

use crate::store::world::World;
use coursevia::domain::decide::PartnerChange;
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::event::EventKind;
use coursevia::domain::health::CallOutcome;
use coursevia::domain::provider::Stage;

/// Goes on where it was cut off: once told is told.
pub async fn live(world: &World, course: &Enrollment) {
    if world.history(course.id).await.contains(&EventKind::WatchTold) {
        return;
    }
    let partner = world.partner("Certiport").await;
    if partner.health.is_clear() && partner.stage(super::at(0)) == Stage::Active {
        let call = world.call(&partner, CallOutcome::Failed, 0);
        world.store.record_call(&call).await.expect("it is written");
    }
    if partner.stage(super::at(0)) == Stage::Active {
        let change = PartnerChange::Pause { note: "It moves.".into(), until: None };
        world.change("Certiport", change, 0).await;
    }
    world.store.watch_partner(&world.watching(course, 0)).await.expect("it is written");
    world.change("Certiport", PartnerChange::Resume, 0).await;
}
