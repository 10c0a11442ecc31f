//! Who listens on the port? One GET by hand: this is the only thing the sandbox asks anybody.

use crate::sandbox::control::SERVICE;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(2);
const MAX_ANSWER: u64 = 16 * 1024;

/// Who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// A sandbox of coursevia.
    Sandbox,
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
        Ok(Ok(answer)) if names_sandbox(&answer) => Listener::Sandbox,
        // It took the connection and went away before it answered.
        Ok(Ok(answer)) if answer.is_empty() => Listener::Nobody,
        Ok(Err(_)) => Listener::Nobody,
        _ => Listener::Other,
    }
}

async fn ask(mut stream: TcpStream, port: u16) -> std::io::Result<Vec<u8>> {
    let request =
        format!("GET /_control/health HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

fn names_sandbox(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    head.starts_with("HTTP/1.1 200") && body["service"] == SERVICE
}
