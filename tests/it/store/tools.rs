//! Partners that are set up as tools of LTI 1.3.

use super::conformance;
use super::world::{World, catalog};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::ProviderId;
use coursevia::domain::plan::ToolPlan;
use coursevia::domain::provider::{Capabilities, Disclosure, LtiAccess, LtiTool, Protocol, Provider};
use coursevia::domain::web::WebUrl;
use coursevia::store::{Conflict, StoreError};

conformance! {
    registers_a_tool_and_keeps_what_else_is_known,
    refuses_to_register_a_partner_that_is_not_there,
    an_import_that_says_something_else_wins,
}

fn access() -> LtiAccess {
    let url = |raw| WebUrl::parse(raw).expect("an address");
    LtiAccess {
        tool: LtiTool::Registered {
            login_url: url("https://tool.example/login"),
            redirect_urls: vec![url("https://tool.example/a"), url("https://tool.example/b")],
            target_link_url: Some(url("https://tool.example/a")),
        },
        client_id: "c-1".into(),
        deployment_id: "d-1".into(),
        discloses: Disclosure { name: false, email: true },
    }
}

fn plan(world: &World, provider_id: ProviderId) -> ToolPlan {
    let event = Event { provider: Some(provider_id), ..world.event(EventKind::LtiRegistered, None) };
    ToolPlan { provider_id, access: access(), event }
}

async fn provider(world: &World, name: &str) -> Provider {
    let all = world.store.list_providers().await.expect("they read");
    all.into_iter().find(|provider| provider.name.as_str() == name).expect("the partner")
}

/// Sets a partner up; a second time changes nothing.
pub(super) async fn register(world: &World, name: &str) {
    let id = provider(world, name).await.id;
    world.store.register_tool(&plan(world, id)).await.expect("it is written");
    assert_eq!(provider(world, name).await.protocol, Protocol::Lti13(access()));
}

async fn registers_a_tool_and_keeps_what_else_is_known(world: &World) {
    let mut wanted = catalog();
    wanted.partners[0].declares = Capabilities::of(["launch", "progress"]);
    world.import(&wanted, false).await;
    let before = provider(world, "Certiport").await;
    register(world, "Certiport").await;
    register(world, "Certiport").await;
    let declares = Capabilities::of(["launch"]);
    let after = Provider { protocol: Protocol::Lti13(access()), declares, ..before };
    assert_eq!(provider(world, "Certiport").await, after);
}

async fn refuses_to_register_a_partner_that_is_not_there(world: &World) {
    world.import(&catalog(), false).await;
    let refused = world.store.register_tool(&plan(world, world.ids.new_id())).await;
    assert!(matches!(refused, Err(StoreError::Conflict(Conflict::Changed))), "{refused:?}");
}

async fn an_import_that_says_something_else_wins(world: &World) {
    world.import(&catalog(), false).await;
    let before = provider(world, "NDS").await;
    register(world, "NDS").await;
    world.import(&catalog(), false).await;
    assert_eq!(provider(world, "NDS").await, before);
}
