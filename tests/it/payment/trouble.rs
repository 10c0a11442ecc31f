//! Days on which the processor, or the way to it, is not well.

use super::world::{impatient, world, world_with};
use coursevia::payment::ProcessorError;

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let world = world().await;
    let (body, hasty) = (world.body(1, 500), world.with(impatient()));
    world.fail("processor:timeout").await;
    assert_eq!(hasty.open_session(&body, "key").await, Err(ProcessorError::TimedOut));
    world.fail("").await;
    let session = world.processor.open_session(&body, "key").await.expect("the session");
    let all = world.payments().await;
    assert_eq!(all.len(), 1);
    assert_eq!(Some(all[0]["session"].as_str().expect("an id").into()), session.id);
}

#[tokio::test]
async fn an_error_after_the_work_is_mended_by_the_same_key() {
    let world = world().await;
    let body = world.body(1, 500);
    world.fail("processor:500-then-success").await;
    let first = world.processor.open_session(&body, "key").await;
    assert_eq!(first, Err(ProcessorError::Server { status: 500 }));
    assert!(world.processor.open_session(&body, "key").await.is_ok());
    assert_eq!(world.payments().await.len(), 1);
}

#[tokio::test]
async fn an_error_that_is_kept_is_told_apart_and_looked_up() {
    let world = world().await;
    let (body, from) = (world.body(1, 500), world.clock.now());
    world.fail("processor:500-kept").await;
    let first = world.processor.open_session(&body, "key").await;
    assert_eq!(first, Err(ProcessorError::Server { status: 500 }));
    world.fail("").await;
    let again = world.processor.open_session(&body, "key").await;
    assert_eq!(again, Err(ProcessorError::Kept { status: 500 }));
    let found = world.processor.find_session(super::world::payment(1), from, world.clock.now()).await;
    assert!(found.expect("a list").is_some());
}

#[tokio::test]
async fn what_the_network_delivers_twice_is_done_once() {
    let world = world().await;
    world.fail("processor:duplicate-delivery").await;
    let intent = world.paid(1).await.payment_intent.expect("it is paid");
    let body = world.refund_body(&intent, 1, 100);
    world.processor.create_refund(&body, "refund").await.expect("a refund");
    let open = world.opened(2).await.id.expect("an id");
    assert!(world.processor.expire_session(&open).await.is_ok());
    let all = world.payments().await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["refunds"].as_array().expect("a list").len(), 1);
}

#[tokio::test]
async fn cut_off_answers_and_a_processor_that_is_away_are_passing_troubles() {
    let world = world().await;
    let body = world.body(1, 500);
    for (plan, slow) in [("processor:truncated-json", false), ("processor:partner-down", true)] {
        world.fail(plan).await;
        let error = world.processor.open_session(&body, "key").await.expect_err(plan);
        assert!(error.is_transient(), "{plan}: {error:?}");
        assert_eq!(matches!(error, ProcessorError::Server { .. }), slow);
    }
    world.fail("").await;
    assert!(world.processor.open_session(&body, "key").await.is_ok());
    assert_eq!(world.payments().await.len(), 1);
}

#[tokio::test]
async fn troubles_of_partners_are_none_of_the_processors() {
    let world = world().await;
    world.fail("partner-down,timeout,truncated-json").await;
    assert!(world.opened(1).await.id.is_some());
}

#[tokio::test]
async fn payments_outlive_the_sandbox() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let file = dir.path().join("sandbox.db");
    let world = world_with(|options| options.file.clone_from(&file)).await;
    let paid = world.paid(1).await;
    world.sandbox.shutdown().await;
    let again = world_with(|options| options.file.clone_from(&file)).await;
    assert_eq!(again.processor.session(&paid.id.clone().expect("an id")).await, Ok(paid));
}

#[tokio::test]
async fn a_sandbox_that_does_not_run_is_said_so() {
    let world = world().await;
    world.processor.set_sandbox(Err("port 8766 is used by another program".into()));
    let error = world.processor.session(&"cs_1".into()).await.expect_err("it is off");
    assert!(error.is_transient() && error.to_string().contains("port 8766"), "{error}");
}
