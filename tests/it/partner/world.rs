//! A sandbox, a client and a listener that says whatever a test wants.

use coursevia::domain::ids::StudentId;
use coursevia::domain::person::{Email, Student};
use coursevia::domain::provider::{BaseUrl, RestAccess, SecretName};
use coursevia::domain::text::Text;
use coursevia::domain::web::WebUrl;
use coursevia::partner::{HttpLimits, LaunchRequest, Partners};
use coursevia::platform::{Clock, Env, IdSource, Secrets};
use coursevia::sandbox::{FailPlan, Sandbox, SandboxOptions};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub const PROFILES: [&str; 5] = ["certiport", "milady", "hsi", "careersafe", "nrf"];

/// A sandbox on any free port, and a client that uses it.
pub struct World {
    pub sandbox: Sandbox,
    pub partners: Partners,
    pub clock: Clock,
    pub http: reqwest::Client,
    pub dir: TempDir,
}

pub fn quick() -> HttpLimits {
    HttpLimits { backoff: Duration::from_millis(1), ..HttpLimits::default() }
}

pub fn options(dir: &TempDir, clock: &Clock) -> SandboxOptions {
    SandboxOptions {
        port: 0,
        link_port: None,
        file: dir.path().join("sandbox.db"),
        key: None,
        fail: FailPlan::default(),
        lti: None,
        clock: clock.clone(),
        ids: IdSource::Random,
    }
}

/// A client of the tests themselves: a browser that follows redirects.
pub fn browser() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

pub async fn world() -> World {
    world_with(quick(), |_| {}).await
}

pub async fn world_with(limits: HttpLimits, change: impl FnOnce(&mut SandboxOptions)) -> World {
    let dir = TempDir::new().expect("a folder");
    let clock = Clock::System;
    let mut options = options(&dir, &clock);
    change(&mut options);
    let clock = options.clock.clone();
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let partners =
        Partners::new(Secrets::default(), Some(sandbox.url()), limits, clock.clone(), IdSource::Random)
            .expect("good profiles");
    World { sandbox, partners, clock, http: browser(), dir }
}

pub fn partners_with(limits: HttpLimits) -> Partners {
    Partners::new(Secrets::default(), None, limits, Clock::System, IdSource::seeded(1))
        .expect("good profiles")
}

pub fn secrets(pairs: &[(&'static str, &'static str)], hosts: &[(&str, &str)]) -> Secrets {
    let env = match pairs {
        [] => Env::of([]),
        [one] => Env::of([*one]),
        _ => unreachable!("tests hold one secret"),
    };
    let hosts: BTreeMap<String, String> =
        hosts.iter().map(|(name, host)| ((*name).to_owned(), (*host).to_owned())).collect();
    Secrets::new(env, hosts)
}

pub fn sandboxed(profile: &str) -> RestAccess {
    RestAccess {
        profile: profile.into(),
        base_url: BaseUrl::Sandbox,
        secret_env: SecretName::parse("PARTNER_KEY").ok(),
        organization: "demo".into(),
        launch_hosts: Vec::new(),
    }
}

pub fn at(url: &WebUrl) -> RestAccess {
    RestAccess { base_url: BaseUrl::Url(url.clone()), secret_env: None, ..sandboxed("certiport") }
}

pub fn maya() -> Student {
    Student {
        id: StudentId::from(uuid::Uuid::from_u128(7)),
        email: Email::parse("maya@example.org").ok(),
        name: Some("Maya Okafor".into()),
    }
}

/// Account and enrollment of Maya at a partner of the sandbox.
pub async fn enrolled(world: &World, access: &RestAccess) -> (Text, Text) {
    let account = world.partners.create_account(access, &maya(), "account-1").await.expect("an account");
    let account = account.external_account_id;
    let enrollment =
        world.partners.enroll(access, &account, &"CNA-101".into(), "enroll-1").await.expect("an enrollment");
    (account, enrollment)
}

pub fn launching<'a>(account: &'a Text, enrollment: &'a Text, course_code: &'a Text) -> LaunchRequest<'a> {
    LaunchRequest { account, enrollment, course_code, return_to: None, key: "launch-1" }
}

impl World {
    pub async fn control(&self, path: &str, body: Value) -> reqwest::Response {
        let url = format!("{}_control/{path}", self.sandbox.url());
        self.http.post(url).json(&body).send().await.expect("an answer")
    }

    pub async fn fail(&self, plan: &str) {
        let answer = self.control("fail", serde_json::json!({"fail": plan})).await;
        assert_eq!(answer.status(), 200, "{plan}");
    }

    pub async fn enrollments(&self) -> Vec<Value> {
        let url = format!("{}_control/enrollments", self.sandbox.url());
        self.http.get(url).send().await.expect("an answer").json().await.expect("JSON")
    }
}

/// A listener that answers the n-th request with what `answer(n)` gives, raw, and then hangs up.
pub async fn answering<F>(answer: F) -> (WebUrl, Arc<Mutex<Vec<String>>>)
where
    F: Fn(usize) -> Vec<u8> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let requests = Arc::clone(&heard);
    tokio::spawn(async move {
        for turn in 0.. {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let request = read_request(&mut stream).await;
            requests.lock().expect("the list").push(request);
            let _ = stream.write_all(&answer(turn)).await;
            let _ = stream.shutdown().await;
        }
    });
    (WebUrl::parse(&format!("http://127.0.0.1:{port}/api")).expect("an address"), heard)
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0_u8; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0_usize);
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(read) => request.extend_from_slice(&buffer[..read]),
        }
    }
}

/// A whole answer with a JSON body.
pub fn json(status: &str, body: &str) -> Vec<u8> {
    with_headers(status, "Content-Type: application/json\r\n", body)
}

pub fn with_headers(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}
