//! Killed while a partner is set up as a tool.

use super::{RIGHT, World};
use coursevia::store::FailPoint;

pub(super) async fn register(world: &World, point: FailPoint) {
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let support = |all: Vec<coursevia::domain::provider::Provider>| {
        let nds = all.into_iter().find(|provider| provider.name.as_str() == "NDS").expect("the partner");
        nds.support
    };
    let before = support(services.store.list_providers().await.expect("they read"));
    let addresses =
        ["--login-url", "https://nds.example.org/l", "--redirect-url", "https://nds.example.org/r"];
    let ids = ["--client-id", "c", "--deployment-id", "1", "--advisor", "ruth@college.example"];
    let command = [&["lti", "register", "NDS"], &addresses[..], &ids].concat();
    world.dies_at(point, RIGHT, &command);
    assert_eq!(services.tool_of("NDS").await.is_ok(), point == FailPoint::RegisterAfterCommit);
    world.home.run(&command).ends(0);
    assert_eq!(services.tool_of("NDS").await.expect("a tool").access.client_id.as_str(), "c");
    assert_eq!(support(services.store.list_providers().await.expect("they read")), before);
}
