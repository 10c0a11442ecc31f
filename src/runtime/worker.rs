//! The background worker of every running app and of `coursevia work`.

use crate::runtime::Backend;
use crate::service::{ServiceError, Services};
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

/// The longest nap: other terminals leave work in the same table without ringing here.
const LONGEST_NAP: Duration = Duration::from_secs(30);
/// The shortest: what is due and can't be taken is in somebody else's hands.
const SHORTEST_NAP: Duration = Duration::from_millis(20);
/// While somebody here waits for a place at a partner: the process that holds the partner's key,
/// or another terminal, may have prepared it.
const NAP_OF_WAITING: Duration = Duration::from_secs(2);
/// How many jobs are done side by side: a partner that hangs must not keep the others waiting.
const LANES: usize = 3;
/// How often payments that ended without money are looked at, since one may have come at the last moment;
/// and certificates that run out.
const BETWEEN_LATE_LOOKS: TimeDelta = TimeDelta::hours(1);
/// After a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Does outside work as it falls due until `stop`; `done` hears after every job, and now and then
/// while somebody here waits for what another process may be doing.
pub async fn work(backend: Arc<Backend>, done: UnboundedSender<()>, stop: CancellationToken) {
    // Beside the jobs: there may be many to look at, and nobody's course waits for that.
    let late_due = Notify::new();
    tokio::join!(
        Box::pin(do_jobs(&backend, &done, &stop, &late_due)),
        Box::pin(look_for_late(&backend, &done, &stop, &late_due)),
    );
}

async fn do_jobs(backend: &Backend, done: &UnboundedSender<()>, stop: &CancellationToken, late_due: &Notify) {
    let mut late_look = backend.clock().now();
    // A database that does not answer must not keep the app from ending.
    while let Some(services) = stop.run_until_cancelled(backend.services()).await {
        let nap = match services {
            Ok(services) => {
                let nap = turn(backend, services, done, stop).await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "outside work is interrupted");
                    AFTER_FAILURE
                });
                let now = services.clock.now();
                if late_look <= now {
                    late_look = now + BETWEEN_LATE_LOOKS;
                    late_due.notify_one();
                }
                nap
            }
            // Whoever asks for something on screen is told; the worker just tries again.
            Err(_) => AFTER_FAILURE,
        };
        let waits = backend.waits.load(Ordering::Relaxed);
        tokio::select! {
            () = stop.cancelled() => {}
            () = backend.work.notified() => {}
            () = tokio::time::sleep(if waits { nap.min(NAP_OF_WAITING) } else { nap }) => {
                if waits {
                    let _ = done.send(());
                }
            }
        }
    }
}

/// Finds money that came after its payment was closed, and announces certificates that run out. It may take a while, and can be cut short: each
/// payment is written down in one transaction or not at all, and is looked at again.
async fn look_for_late(
    backend: &Backend,
    done: &UnboundedSender<()>,
    stop: &CancellationToken,
    due: &Notify,
) {
    let look = || async {
        due.notified().await;
        let services = backend.services().await.map_err(|error| error.to_string())?;
        // First what takes no time: the processor may.
        let announced = services.announce_expiring().await.map_err(|error| error.to_string());
        if announced.as_ref().is_ok_and(|count| *count > 0) {
            backend.work.notify_one();
        }
        let late = services.find_late_payments().await.map_err(|error| error.to_string());
        Ok::<usize, String>(announced? + late?)
    };
    while let Some(found) = Box::pin(stop.run_until_cancelled(look())).await {
        match found {
            Ok(0) => {}
            Ok(_) => {
                let _ = done.send(());
            }
            Err(error) => {
                tracing::warn!(error, "late payments and ends of certificates are looked at another time");
            }
        }
    }
}

/// Does what is due now; says how long nothing else will be. A job that was begun is finished,
/// but none is begun any more once `stop` was said.
async fn turn(
    backend: &Backend,
    services: &Services,
    done: &UnboundedSender<()>,
    stop: &CancellationToken,
) -> Result<Duration, ServiceError> {
    backend.provide_sandbox(services).await?;
    // Before the jobs: an offer that is made now is told by one of them.
    if services.settle_seats().await? > 0 {
        let _ = done.send(());
    }
    // Mostly nothing is due, and to look takes one question where the lanes would ask one each.
    if let Some(nap) = nap(services).await? {
        return Ok(nap);
    }
    let lane = || async {
        while !stop.is_cancelled()
            && let Some(worked) = services.work_once().await?
        {
            tracing::info!(?worked, "outside work");
            // Nobody listens any more when the app is about to end; the work counts all the same.
            let _ = done.send(());
        }
        Ok(())
    };
    // Not `try_join_all`: an error in one lane must not cut off what the others have begun.
    let lanes = futures_util::future::join_all((0..LANES).map(|_| lane())).await;
    lanes.into_iter().collect::<Result<(), ServiceError>>()?;
    Ok(nap(services).await?.unwrap_or(SHORTEST_NAP))
}

/// How long nothing is due; `None` where something is.
async fn nap(services: &Services) -> Result<Option<Duration>, ServiceError> {
    let Some(at) = services.next_work_at().await? else {
        return Ok(Some(LONGEST_NAP));
    };
    let wait = at.signed_duration_since(services.clock.now()).to_std().unwrap_or_default();
    Ok((!wait.is_zero()).then(|| wait.clamp(SHORTEST_NAP, LONGEST_NAP)))
}
