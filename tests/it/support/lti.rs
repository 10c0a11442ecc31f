//! A tool that is launched by LTI 1.3, as a browser and a tool's server would see us.

use chrono::TimeDelta;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::lti::LAUNCH_LASTS;
use coursevia::domain::provider::{Disclosure, LtiAccess, LtiTool, Protocol};
use coursevia::domain::web::{LaunchUrl, WebUrl};
use coursevia::partner::lti::LtiPlatform;
use coursevia::service::Services;
use coursevia::service::lti::{KeyFile, LtiAnswer};
use std::path::Path;
use std::sync::OnceLock;
use url::Url;

/// Where our tool takes its answers.
pub const REDIRECT: &str = "https://tool.example/launch";

/// A key for this run of the tests: making one takes a while.
pub fn put_key(path: &Path) {
    static KEY: OnceLock<String> = OnceLock::new();
    let text = KEY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = KeyFile::new(folder.path().join("key.pem"));
        file.make().expect("a key");
        std::fs::read_to_string(file.path()).expect("a key")
    });
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    coursevia::platform::files::replace(path, text).expect("written");
}

/// A tool at tool.example.
pub fn tool(client_id: &str, discloses: Disclosure) -> Protocol {
    let url = |raw: &str| WebUrl::parse(raw).expect("an address");
    Protocol::Lti13(LtiAccess {
        tool: LtiTool::Registered {
            login_url: url("https://tool.example/login?tenant=7"),
            redirect_urls: vec![url(REDIRECT), url("https://tool.example/other?x=1")],
            target_link_url: None,
        },
        client_id: client_id.into(),
        deployment_id: "d-1".into(),
        discloses,
    })
}

/// From now on this partner opens by LTI.
pub async fn becomes_tool(services: &Services, partner: &str, protocol: Protocol) {
    let mut catalog = services.export_catalog().await.expect("a catalogue");
    let found = catalog.partners.iter_mut().find(|known| known.name.as_str() == partner);
    let found = found.expect("the partner");
    found.protocol = protocol;
    found.declares = None;
    services.import_catalog(&catalog, false).await.expect("it imports");
}

/// The hints of a login that was begun.
#[derive(Clone, Debug)]
pub struct Hints {
    pub login: String,
    pub message: String,
}

/// What the address of a begun login says.
pub fn hints(login: &Url) -> Hints {
    let of = |name: &str| {
        login.query_pairs().find(|(known, _)| known == name).expect("it is there").1.into_owned()
    };
    Hints { login: of("login_hint"), message: of("lti_message_hint") }
}

/// The tool's question, as it should be.
pub fn question(client_id: &str, hints: &Hints) -> Vec<(&'static str, String)> {
    vec![
        ("scope", "openid".to_owned()),
        ("response_type", "id_token".to_owned()),
        ("response_mode", "form_post".to_owned()),
        ("prompt", "none".to_owned()),
        ("client_id", client_id.to_owned()),
        ("redirect_uri", REDIRECT.to_owned()),
        ("state", "of the tool".to_owned()),
        ("nonce", "n-1".to_owned()),
        ("login_hint", hints.login.clone()),
        ("lti_message_hint", hints.message.clone()),
    ]
}

/// A question on its way.
pub fn encoded(question: &[(&str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(question).finish()
}

/// The browser opens the address; in this process, without a network.
pub async fn opens(services: &Services, url: &LaunchUrl) -> Hints {
    let token = LtiPlatform::token_of(url.expose()).expect("one of ours");
    hints(&services.lti_initiate(token).await.expect("it opens"))
}

/// The tool asks; in this process, without a network.
pub async fn asks(services: &Services, question: &[(&str, String)]) -> LtiAnswer {
    services.lti_authenticate(encoded(question).as_bytes()).await
}

/// The same services so much later.
pub fn later(services: &Services) -> Services {
    with_clock_at(services, LAUNCH_LASTS)
}

/// The same on a machine whose clock differs by so much.
pub fn with_clock_at(services: &Services, differs: TimeDelta) -> Services {
    let now = services.clock.now() + differs;
    Services { clock: coursevia::platform::Clock::fixed(now), ..services.clone() }
}

/// Whether the course was opened so often.
pub async fn times_told(services: &Services, id: EnrollmentId) -> usize {
    let history = services.store.list_history(id).await.expect("the history");
    let told = |entry: &&coursevia::domain::views::HistoryEntry| {
        entry.kind == coursevia::domain::event::EventKind::Disclosed
    };
    history.iter().filter(told).count()
}
