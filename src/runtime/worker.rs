//! The background worker of every running app and of `coursevia work`.

use crate::domain::time::Instant;
use crate::runtime::Backend;
use crate::service::{ServiceError, Services};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

/// The longest nap: other terminals leave work in the same table without ringing here.
const LONGEST_NAP: Duration = Duration::from_secs(15);
/// After a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Does outside work as it falls due until `stop`; `done` hears after every job.
pub async fn work(backend: Arc<Backend>, done: UnboundedSender<()>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let nap = match backend.services().await {
            Ok(services) => turn(services, &done).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "outside work is interrupted");
                AFTER_FAILURE
            }),
            // Whoever asks for something on screen is told; the worker just tries again.
            Err(_) => AFTER_FAILURE,
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = backend.work.notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// Does what is due now; says how long nothing else will be.
async fn turn(services: &Services, done: &UnboundedSender<()>) -> Result<Duration, ServiceError> {
    while let Some(worked) = services.work_once().await? {
        tracing::info!(?worked, "outside work");
        // Nobody listens any more when the app is about to end; the work counts all the same.
        let _ = done.send(());
    }
    let next = services.next_work_at().await?;
    Ok(next.map_or(LONGEST_NAP, |at| nap_until(services.clock.now(), at)))
}

fn nap_until(now: Instant, at: Instant) -> Duration {
    let wait = at.signed_duration_since(now).to_std().unwrap_or_default();
    wait.clamp(Duration::from_millis(20), LONGEST_NAP)
}
