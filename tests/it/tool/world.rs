//! A platform that signs whatever a test wants, and a browser that shows every step.

use crate::partner::world::options;
use coursevia::platform::Clock;
use coursevia::sandbox::{Platform, Sandbox};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::TempDir;

pub const ISSUER: &str = "https://coursevia.example";
pub const AUTH_URL: &str = "http://127.0.0.1:9/lti/auth";
pub const CLIENT: &str = "local-community-college";
pub const CLAIM: &str = "https://purl.imsglobal.org/spec/lti/claim/";

/// Two keys: making one takes a while.
static KEYS: LazyLock<[Key; 2]> = LazyLock::new(|| [Key::new(), Key::new()]);

/// A signing key.
pub struct Key {
    secret: EncodingKey,
    public: Jwk,
}

impl Key {
    fn new() -> Self {
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2_048).expect("a key");
        let pem = key.to_pkcs1_pem(LineEnding::LF).expect("the key as text");
        let secret = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key that signs");
        let mut public = Jwk::from_encoding_key(&secret, Algorithm::RS256).expect("its public side");
        public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256).expect("a thumbprint"));
        Self { secret, public }
    }

    /// The one that is in use, or the other one.
    pub fn of(which: usize) -> &'static Self {
        &KEYS[which]
    }

    pub fn kid(&self) -> &str {
        self.public.common.key_id.as_deref().expect("a name")
    }

    pub fn sign(&self, claims: &Value, kid: Option<&str>) -> String {
        let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::RS256) };
        encode(&header, claims, &self.secret).expect("a token")
    }

    pub fn publish(&self, file: &Path) {
        std::fs::write(file, json!({ "keys": [self.public] }).to_string()).expect("written");
    }
}

/// A browser that follows nothing by itself.
pub fn browser() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    client.no_proxy().tls_certs_only([]).build().expect("a client")
}

/// A sandbox that trusts [`Key`], and the browser.
pub struct World {
    pub sandbox: Sandbox,
    pub http: reqwest::Client,
    pub dir: TempDir,
}

/// What the tool asked the platform.
pub type Asked = BTreeMap<String, String>;

pub async fn world() -> World {
    let dir = TempDir::new().expect("a folder");
    let jwks_file = dir.path().join("keys.jwks.json");
    Key::of(0).publish(&jwks_file);
    let lti = Platform { issuer: ISSUER.to_owned(), auth_url: AUTH_URL.to_owned(), jwks_file };
    let options = coursevia::sandbox::SandboxOptions { lti: Some(lti), ..options(&dir, &Clock::System) };
    World { sandbox: Sandbox::start(options).await.expect("a sandbox"), http: browser(), dir }
}

impl World {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    /// The address where launches go.
    pub fn target(&self) -> String {
        self.url(&format!("lti/{CLIENT}/launch"))
    }

    pub fn beginning(&self) -> Vec<(&'static str, String)> {
        vec![
            ("iss", ISSUER.to_owned()),
            ("login_hint", "hint-1".to_owned()),
            ("target_link_uri", self.target()),
            ("lti_message_hint", "message-1".to_owned()),
            ("client_id", CLIENT.to_owned()),
            ("lti_deployment_id", "1".to_owned()),
        ]
    }

    pub async fn begin(&self, fields: &[(&str, String)]) -> reqwest::Response {
        let login = self.url(&format!("lti/{CLIENT}/login"));
        self.http.get(login).query(fields).send().await.expect("an answer")
    }

    /// A login that was begun, and what the platform is asked.
    pub async fn asked(&self) -> Asked {
        asked(&self.begin(&self.beginning()).await)
    }

    /// What a good platform says to it.
    pub fn claims(&self, asked: &Asked) -> Value {
        let now = Clock::System.now().timestamp();
        let claim = |name: &str| format!("{CLAIM}{name}");
        json!({
            "iss": ISSUER, "aud": CLIENT, "sub": "student-1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "name": "Maya Okafor", "email": "maya@example.org",
            claim("message_type"): "LtiResourceLinkRequest", claim("version"): "1.3.0",
            claim("deployment_id"): "1", claim("target_link_uri"): self.target(),
            claim("resource_link"): {"id": "course-1", "title": "Nursing Assistant (CNA)"},
            claim("roles"): ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            claim("launch_presentation"): {"document_target": "window", "return_url": "https://college.example/done"},
            claim("custom"): {"enrollment_id": "enrollment-1"},
        })
    }

    pub async fn send(&self, state: &str, token: &str) -> reqwest::Response {
        let form = [("state", state), ("id_token", token)];
        self.http.post(self.target()).form(&form).send().await.expect("an answer")
    }

    /// A whole launch with claims that a test has changed.
    pub async fn launch(&self, change: impl FnOnce(&mut Value)) -> reqwest::Response {
        let asked = self.asked().await;
        let mut claims = self.claims(&asked);
        change(&mut claims);
        self.send(&asked["state"], &Key::of(0).sign(&claims, Some(Key::of(0).kid()))).await
    }

    pub async fn enrollments(&self) -> Vec<Value> {
        let answer = self.http.get(self.url("_control/enrollments")).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    pub async fn fail(&self, plan: &str) {
        let body = json!({ "fail": plan });
        let answer = self.http.post(self.url("_control/fail")).json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{plan}");
    }

    /// The page that an answer leads to.
    pub async fn follow(&self, answer: &reqwest::Response) -> String {
        assert_eq!(answer.status(), 303);
        let page = self.url(location(answer).trim_start_matches('/'));
        let page = self.http.get(page).send().await.expect("a page");
        assert_eq!(page.status(), 200);
        page.text().await.expect("text")
    }
}

pub fn location(answer: &reqwest::Response) -> &str {
    answer.headers()["location"].to_str().expect("an address")
}

/// What stands in the address that a login is sent on to.
pub fn asked(answer: &reqwest::Response) -> Asked {
    assert_eq!(answer.status(), 302);
    let url = url::Url::parse(location(answer)).expect("an address");
    url.query_pairs().into_owned().collect()
}

/// A refusal: its status and its words.
pub async fn refusal(answer: reqwest::Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}
