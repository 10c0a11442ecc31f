//! The endpoint as browsers and hostile programs reach it.

use super::world::{CERTIPORT, World};
use crate::support::http;
use crate::support::lti::{Hints, encoded, hints, question};
use coursevia::domain::actor::Actor;
use coursevia::domain::ids::EnrollmentId;
use reqwest::header::{CONTENT_SECURITY_POLICY, HOST, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

struct Endpoint {
    world: World,
    base: String,
    client: Client,
    course: (Actor, EnrollmentId),
}

impl Endpoint {
    async fn new() -> Self {
        let world = World::new().await;
        world.backend.provide_endpoint(&world.services).await;
        let base = world.services.lti.endpoint().expect("it listens").to_string();
        http::client();
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        let course = world.enroll("maya@example.org").await;
        Self { base: base.trim_end_matches('/').to_owned(), client, course, world }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        seen(self.request(Method::GET, path)).await
    }

    /// The hints of a launch that a browser opened.
    async fn begun(&self) -> Hints {
        let url = self.world.launch(self.course).await;
        let answer = self.client.get(url.expose().as_str()).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let login = Url::parse(answer.headers()[LOCATION].to_str().expect("text")).expect("an address");
        assert!(login.as_str().starts_with("https://tool.example/login?tenant=7&iss="), "{login}");
        for (name, value) in [
            ("iss", "https://coursevia.example"),
            ("client_id", CERTIPORT),
            ("lti_deployment_id", "d-1"),
            ("target_link_uri", "https://tool.example/launch"),
        ] {
            assert!(login.query_pairs().any(|pair| pair == (name.into(), value.into())), "{name}");
        }
        hints(&login)
    }
}

async fn seen(request: RequestBuilder) -> (StatusCode, HeaderMap, String) {
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(
            headers.get(name).map(reqwest::header::HeaderValue::as_bytes),
            Some(value.as_bytes()),
            "{name}"
        );
    }
    assert_eq!(headers.get("access-control-allow-origin"), None);
    (status, headers, answer.text().await.expect("a page"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_launch_goes_through_by_query_and_by_form() {
    let endpoint = Endpoint::new().await;
    for by_form in [false, true] {
        let mut asked = question(CERTIPORT, &endpoint.begun().await);
        asked.retain(|(name, _)| *name != "state");
        asked.push(("state", "\"><script>alert('1')</script>&".to_owned()));
        let (status, headers, page) = if by_form {
            seen(endpoint.request(Method::POST, "/lti/auth").form(&asked)).await
        } else {
            endpoint.get(&format!("/lti/auth?{}", encoded(&asked))).await
        };
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains("<form method=\"post\" action=\"https://tool.example/launch\">"), "{page}");
        assert!(page.contains("name=\"id_token\" value=\"eyJ"), "{page}");
        assert!(page.contains("<noscript><button"), "{page}");
        let state = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;";
        assert!(page.contains(&format!("name=\"state\" value=\"{state}\"")), "{page}");
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("form-action https://tool.example https:; script-src 'nonce-"), "{policy}");
        let nonce = policy.rsplit("nonce-").next().expect("a nonce").trim_end_matches('\'');
        assert!(page.contains(&format!("<script nonce=\"{nonce}\">")), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_only_looks_uses_nothing_up() {
    let endpoint = Endpoint::new().await;
    let url = endpoint.world.launch(endpoint.course).await;
    for _ in 0..2 {
        let looked = endpoint.client.head(url.expose().as_str()).send().await.expect("an answer");
        assert_eq!((looked.status(), looked.headers().get(LOCATION)), (StatusCode::OK, None));
    }
    let opened = endpoint.client.get(url.expose().as_str()).send().await.expect("an answer");
    let hints = hints(&Url::parse(opened.headers()[LOCATION].to_str().expect("text")).expect("an address"));
    let query = encoded(&question(CERTIPORT, &hints));
    let looked = endpoint.request(Method::HEAD, &format!("/lti/auth?{query}")).send().await;
    assert_eq!(looked.expect("an answer").status(), StatusCode::OK);
    assert_eq!(endpoint.get(&format!("/lti/auth?{query}")).await.0, StatusCode::OK);
    let (status, _, page) = endpoint.get(&format!("/lti/auth?{query}")).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("Open the course again from coursevia"), "{page}");
    assert!(page.contains("value=\"login_required\"") && !page.contains("<script"), "{page}");
    let (status, _, page) = endpoint.get(url.expose().as_url().path()).await;
    assert_eq!(status, StatusCode::GONE);
    assert!(page.contains("Open the course again from coursevia"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_address_gets_a_page_and_never_a_redirect() {
    let endpoint = Endpoint::new().await;
    let hints = endpoint.begun().await;
    for (name, value) in [("redirect_uri", "https://evil.example/"), ("client_id", "nobody")] {
        let mut asked = question(CERTIPORT, &hints);
        asked.iter_mut().filter(|(known, _)| *known == name).for_each(|pair| value.clone_into(&mut pair.1));
        let (status, headers, page) = endpoint.get(&format!("/lti/auth?{}", encoded(&asked))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(headers.get(LOCATION), None);
        assert!(!page.contains("<form") && !page.contains("evil"), "{page}");
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("form-action 'none'"), "{policy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_much_is_refused_unread() {
    let endpoint = Endpoint::new().await;
    let post = |body: String| {
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        endpoint.request(Method::POST, "/lti/auth").header("content-type", form).body(body)
    };
    let (status, ..) = seen(post(format!("state={}", "x".repeat(17 * 1024)))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, ..) = seen(post(format!("state={}", "x".repeat(5_000)))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _, page) = seen(post("nonce=a&nonce=b".to_owned())).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("names nonce twice"), "{page}");
    let json = endpoint.request(Method::POST, "/lti/auth").json(&serde_json::json!({ "nonce": "n" }));
    assert_eq!(seen(json).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = format!("{}/lti/auth?state={}", endpoint.base, "x".repeat(40_000));
    let answer = endpoint.client.get(long).send().await;
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status().is_client_error()));
    let many = (0..200).fold(endpoint.request(Method::GET, "/lti/health"), |request, nth| {
        request.header(format!("x-{nth}"), "1")
    });
    let answer = many.send().await;
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.status().is_client_error()));
    assert_eq!(endpoint.get("/lti/health").await.0, StatusCode::OK, "it still answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_name_is_not_answered() {
    let endpoint = Endpoint::new().await;
    let port = Url::parse(&endpoint.base).expect("an address").port().expect("a port");
    for path in ["/lti/auth", "/lti/jwks.json", "/lti/health", "/lti/launch/x", "/"] {
        for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1".to_owned()] {
            let request = endpoint.request(Method::GET, path).header(HOST, &host);
            assert_eq!(seen(request).await.0, StatusCode::MISDIRECTED_REQUEST, "{host}{path}");
        }
        let request = endpoint.request(Method::GET, path).header(HOST, format!("localhost:{port}"));
        assert_ne!(seen(request).await.0, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
    let mut raw = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    raw.write_all(b"GET /lti/health HTTP/1.1\r\n\r\n").await.expect("sent");
    let mut answer = String::new();
    raw.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_keys_are_there_and_nothing_else() {
    let endpoint = Endpoint::new().await;
    let (status, _, page) = endpoint.get("/lti/jwks.json").await;
    assert_eq!(status, StatusCode::OK);
    let jwks: serde_json::Value = serde_json::from_str(&page).expect("JSON");
    assert_eq!(jwks["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(jwks["keys"][0].get("d"), None);
    let (_, _, page) = endpoint.get("/lti/health").await;
    assert!(page.contains("coursevia-lti") && !page.contains("sqlite"), "{page}");
    for path in ["/", "/lti", "/lti/launch", "/lti/launch/a/b", "/_control/health"] {
        assert_eq!(endpoint.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for (method, path) in
        [(Method::POST, "/lti/jwks.json"), (Method::PUT, "/lti/auth"), (Method::POST, "/lti/launch/x")]
    {
        assert_eq!(seen(endpoint.request(method, path)).await.0, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_slow_keeps_nobody_waiting() {
    let endpoint = Endpoint::new().await;
    let port = Url::parse(&endpoint.base).expect("an address").port().expect("a port");
    let mut slow = Vec::new();
    for _ in 0..20 {
        let mut raw = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
        raw.write_all(b"GET /lti/health HTTP/1.1\r\nHost: ").await.expect("sent");
        slow.push(raw);
    }
    assert_eq!(endpoint.get("/lti/health").await.0, StatusCode::OK);
}
