//! Who listens on the port? One GET by hand.

use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What our endpoint calls itself.
pub(super) const SERVICE: &str = "coursevia-lti";
const PATIENCE: Duration = Duration::from_secs(2);
const MAX_ANSWER: u64 = 16 * 1024;

/// Who listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The endpoint of a coursevia.
    Endpoint {
        /// With this database.
        database: String,
    },
    /// Something else.
    Other,
    /// Nobody (any more).
    Nobody,
}

/// Asks the listener on a loopback port who it is.
pub async fn who(port: u16) -> Listener {
    let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, TcpStream::connect(("127.0.0.1", port))).await else {
        return Listener::Nobody;
    };
    match tokio::time::timeout(PATIENCE, ask(stream, port)).await {
        // It took the connection and went away before it answered.
        Ok(Ok(answer)) if answer.is_empty() => Listener::Nobody,
        Ok(Err(_)) => Listener::Nobody,
        Ok(Ok(answer)) => {
            database_of(&answer).map_or(Listener::Other, |database| Listener::Endpoint { database })
        }
        Err(_) => Listener::Other,
    }
}

async fn ask(mut stream: TcpStream, port: u16) -> std::io::Result<Vec<u8>> {
    let request = format!("GET /lti/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn database_of(answer: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let body: Value = serde_json::from_str(body).ok()?;
    let ours = head.starts_with("HTTP/1.1 200") && body["service"] == SERVICE;
    body["database"].as_str().filter(|_| ours).map(str::to_owned)
}
