//! What a tool's administrator needs to know of us, and what we know of the tool.

use super::keys::capital;
use crate::cli::exit::Problem;
use crate::cli::output;
use crate::cli::session::CliSession;
use crate::config::Lti;
use crate::domain::provider::{Disclosure, LtiTool};
use crate::domain::web::WebUrl;
use crate::service::Tool;
use clap::Args;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Print what a tool's administrator needs to know.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The partner's name
    partner: String,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Show {
    /// Prints it.
    pub(super) async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let tool = session.services().await?.tool_of(&self.partner).await?;
        print(session, &tool, self.json).await
    }
}

/// Prints it. Without keys all the rest is printed, and how to make one is said.
pub(super) async fn print(session: &CliSession, tool: &Tool, as_json: bool) -> Result<(), Problem> {
    let services = session.services().await?;
    let config = &session.backend.config().lti;
    let keys = services.lti.keys().await;
    let (jwks, pems) = match &keys {
        Ok(keys) => (keys.jwks(), keys.public().map(|key| key.pem.clone()).collect()),
        Err(error) => {
            output::say(capital(&error.to_string()));
            (Value::Null, Vec::new())
        }
    };
    let facts = Facts { config, tool, jwks, pems };
    if as_json {
        return output::json(&facts.json());
    }
    Ok(output::raw(&facts.text())?)
}

struct Facts<'a> {
    config: &'a Lti,
    tool: &'a Tool,
    jwks: Value,
    pems: Vec<String>,
}

impl Facts<'_> {
    /// The authentication endpoint: where the tool's own browser page sends its question.
    fn endpoint(&self) -> String {
        match &self.config.public_base_url {
            Some(base) => below(base, "lti/auth"),
            None => format!("http://127.0.0.1:{}/lti/auth", self.config.port),
        }
    }

    /// Where the tool's server can fetch our keys; nowhere without a public address.
    fn jwks_url(&self) -> Option<String> {
        self.config.public_base_url.as_ref().map(|base| below(base, "lti/jwks.json"))
    }

    fn addresses(&self) -> (Option<&WebUrl>, &[WebUrl], Option<&WebUrl>) {
        match &self.tool.access.tool {
            LtiTool::Sandbox => (None, &[], None),
            LtiTool::Registered { login_url, redirect_urls, target_link_url } => {
                (Some(login_url), redirect_urls, target_link_url.as_ref().or(redirect_urls.first()))
            }
        }
    }

    fn json(&self) -> Value {
        let access = &self.tool.access;
        let (login, redirects, target) = self.addresses();
        json!({
            "partner": self.tool.partner, "issuer": self.config.issuer, "client_id": access.client_id,
            "deployment_id": access.deployment_id, "auth_url": self.endpoint(),
            "jwks_url": self.jwks_url(), "jwks": self.jwks, "pem": self.pems,
            "sandbox": access.tool == LtiTool::Sandbox, "login_url": login, "redirect_urls": redirects,
            "target_link_url": target, "discloses": access.discloses.words().collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let access = &self.tool.access;
        let mut text = format!("{}: what its administrator enters\n", self.tool.partner);
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<26}{value}");
        };
        line("Platform (issuer, iss)", self.config.issuer.as_str());
        line("Client id", access.client_id.as_str());
        line("Deployment id", access.deployment_id.as_str());
        line("Authentication address", &self.endpoint());
        line("Access token address", "none: no services are offered");
        match self.jwks_url() {
            Some(url) => line("Public keys (JWKS)", &url),
            None if self.jwks.is_null() => line("Public keys (JWKS)", "none yet: coursevia lti keys --new"),
            None => line("Public keys (JWKS)", "no address is public; enter the keys below"),
        }
        text.push_str("What is known of it here\n");
        let mut line = |name: &str, value: &str| {
            let _ = writeln!(text, "  {name:<26}{value}");
        };
        let (login, redirects, target) = self.addresses();
        if login.is_none() {
            line("Played by", "the sandbox of this machine");
        }
        for (name, url) in [("Login begins at", login), ("Target link", target)] {
            if let Some(url) = url {
                line(name, url.as_str());
            }
        }
        for url in redirects {
            line("Answers go to", url.as_str());
        }
        line("It is told", told(access.discloses));
        if self.jwks_url().is_none() && !self.jwks.is_null() {
            let _ = write!(text, "\nPublic keys as JWKS:\n{:#}\n\nThe same as PEM:\n", self.jwks);
            text.push_str(&self.pems.concat());
        }
        text
    }
}

fn below(base: &WebUrl, path: &str) -> String {
    format!("{}/{path}", base.as_str().trim_end_matches('/'))
}

fn told(discloses: Disclosure) -> &'static str {
    match (discloses.name, discloses.email) {
        (false, false) => "an id that stands for the student there, nothing else",
        (true, false) => "an id that stands for the student there, and the name",
        (false, true) => "an id that stands for the student there, and the e-mail address",
        (true, true) => "an id that stands for the student there, the name and the e-mail address",
    }
}
