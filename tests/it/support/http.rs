//! A plain HTTP client, as a browser or a script would be.

use serde_json::Value;

/// A client; rustls wants its crypto provider installed even for plain HTTP.
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// The page at `url`.
pub async fn page(url: &str) -> String {
    client().get(url).send().await.expect("an answer").text().await.expect("a page")
}

/// The JSON at `url`.
pub async fn json(url: &str) -> Value {
    client().get(url).send().await.expect("an answer").json().await.expect("JSON")
}

/// Posts JSON, which must be accepted.
pub async fn post(url: &str, body: &Value) {
    let answer = client().post(url).json(body).send().await.expect("an answer");
    assert!(answer.status().is_success(), "{url}: {}", answer.status());
}
