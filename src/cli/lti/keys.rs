//! `coursevia lti keys`.

use crate::cli::exit::Problem;
use crate::cli::output;
use crate::cli::session::CliSession;
use crate::config;
use crate::domain::failure::Failure;
use crate::service::lti::{KeyError, KeyFile, Keys as Pair};
use clap::Args;
use serde_json::json;

/// Print the public keys a partner needs, or make, change and drop keys.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags, of which clap takes at most two")]
#[command(after_help = "\
Changing the key without a gap: --rotate makes a new one and keeps the old one alive. Give the new
JWKS or PEM to every partner, then --drop-old. Only public keys are ever printed.")]
pub struct Keys {
    /// Make the key; one that is there stays
    #[arg(long, group = "change")]
    new: bool,
    /// Make another key and sign with it; the one before stays alive
    #[arg(long, group = "change")]
    rotate: bool,
    /// Drop the key before the current one
    #[arg(long, group = "change")]
    drop_old: bool,
    /// Print the current public key alone, as PEM
    #[arg(long, group = "format")]
    pem: bool,
    /// Print the public keys alone, as a JWKS
    #[arg(long, group = "format")]
    jwks: bool,
    /// Print JSON
    #[arg(long, group = "format")]
    pub(super) json: bool,
}

impl Keys {
    /// Changes what is to be changed, then prints.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let lti = session.backend.config().lti.clone();
        let file = KeyFile::new(lti.key_file.clone());
        let change = match (self.new, self.rotate, self.drop_old) {
            (true, ..) => KeyFile::make,
            (_, true, _) => KeyFile::rotate,
            (.., true) => KeyFile::drop_old,
            _ => KeyFile::load,
        };
        let made = file.clone();
        // Making a key takes the processor a while, and all of it waits for the disk.
        let keys = tokio::task::spawn_blocking(move || change(&made))
            .await
            .unwrap_or(Err(KeyError::Stopped))
            .map_err(|error| Failure::new(error.code(), capital(&error.to_string())))?;
        if self.pem {
            let pem = keys.public().next().map(|key| key.pem.as_str()).unwrap_or_default();
            return Ok(output::raw(pem)?);
        }
        if self.jwks {
            return Ok(output::line(format_args!("{:#}", keys.jwks()))?);
        }
        if self.json {
            return output::json(&as_json(&lti, &file, &keys));
        }
        Ok(output::raw(&in_words(&lti, &file, &keys))?)
    }
}

/// Where the endpoint is reached.
fn base(lti: &config::Lti) -> String {
    lti.public_base_url.as_ref().map_or_else(
        || format!("http://127.0.0.1:{}", lti.port),
        |url| url.as_str().trim_end_matches('/').to_owned(),
    )
}

fn as_json(lti: &config::Lti, file: &KeyFile, keys: &Pair) -> serde_json::Value {
    let of = |key: &crate::service::lti::PublicKey| json!({ "kid": key.kid, "pem": key.pem, "jwk": key.jwk });
    let base = base(lti);
    json!({
        "issuer": lti.issuer.as_str(),
        "auth_url": format!("{base}/lti/auth"),
        "jwks_url": lti.public_base_url.as_ref().map(|_| format!("{base}/lti/jwks.json")),
        "jwks_file": file.public_path(),
        "keys": keys.public().map(of).collect::<Vec<_>>(),
        "jwks": keys.jwks(),
    })
}

fn in_words(lti: &config::Lti, file: &KeyFile, keys: &Pair) -> String {
    use std::fmt::Write as _;
    let base = base(lti);
    let mut text = String::new();
    let _ = writeln!(text, "Platform (issuer, iss)   {}", lti.issuer);
    let _ = writeln!(text, "Authentication address   {base}/lti/auth");
    if lti.public_base_url.is_some() {
        let _ = writeln!(text, "Keys (JWKS) address      {base}/lti/jwks.json");
    }
    let _ = writeln!(text, "Keys (JWKS) file         {}", file.public_path().display());
    for (nth, key) in keys.public().enumerate() {
        let which = if nth == 0 { "Key, signs now" } else { "Key before, still valid" };
        let _ = write!(text, "\n{which}: {}\n{}", key.kid, key.pem);
    }
    let _ = writeln!(text, "\nThe keys as JWKS:\n{:#}", keys.jwks());
    text
}

/// An error that stands alone begins with a capital letter, unless that is a path.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
