//! `api = { protocol = "lti13", … }`: a tool that is launched by LTI 1.3.

use super::access::refuse_secrets;
use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Placed, Section};
use crate::domain::provider::{Disclosure, LtiAccess, LtiTool, Protocol};
use crate::domain::tool::{MAX_REDIRECTS, tool_address};
use crate::domain::web::WebUrl;

const TOOL: Kind = Kind {
    name: "partner's lti13 api",
    keys: &[
        "protocol",
        "tool",
        "login_url",
        "redirect_urls",
        "target_link_url",
        "client_id",
        "deployment_id",
        "discloses",
        "capabilities",
    ],
};
const PLAYED: Kind = Kind {
    name: "partner's lti13 api with tool = \"sandbox\"",
    keys: &["protocol", "tool", "client_id", "deployment_id", "discloses", "capabilities"],
};

/// The longest id a tool may have given us, in characters.
const MAX_ID: usize = 255;

/// Reads it.
pub(super) fn read(report: &mut Report<'_>, api: Section<'_>, demo: bool) -> Option<Protocol> {
    let api = api.of(if api.peek("tool") == Some("sandbox") { &PLAYED } else { &TOOL });
    let tool = if api.has("tool") { played(report, api, demo) } else { registered(report, api) };
    let client_id = api.filled_exact(report, "client_id", MAX_ID, "\"…\", as the tool gave it");
    let deployment_id = api.filled_exact(report, "deployment_id", MAX_ID, "\"…\", as the tool gave it");
    let discloses = api.choices(report, "discloses", &Disclosure::WORDS).unwrap_or_default();
    let discloses = Disclosure::of(discloses.iter().map(|word| word.value));
    refuse_secrets(report, api);
    api.finish(report);
    Some(Protocol::Lti13(LtiAccess {
        tool: tool?,
        client_id: client_id?,
        deployment_id: deployment_id?,
        discloses,
    }))
}

fn played(report: &mut Report<'_>, api: Section<'_>, demo: bool) -> Option<LtiTool> {
    let tool = api.raw(report, "tool")?;
    match tool.value {
        "sandbox" if demo => Some(LtiTool::Sandbox),
        "sandbox" => {
            let mend = "Write the tool's login_url and redirect_urls, or demo = true at the top of the file.";
            report.error(tool.at, "the tool \"sandbox\" is for demo catalogues only", mend);
            None
        }
        other => {
            let what = format!("the tool {} is not known", quoted(other));
            report.error(tool.at, what, "Write login_url and redirect_urls instead of it.");
            None
        }
    }
}

fn registered(report: &mut Report<'_>, api: Section<'_>) -> Option<LtiTool> {
    api.require(report, "login_url", "\"https://…\"");
    api.require(report, "redirect_urls", "[\"https://…\"]");
    let mut named = |key: &str| {
        let raw = api.raw(report, key)?;
        address(report, raw, &format!("the {key}"))
    };
    let (login_url, target_link_url) = (named("login_url"), named("target_link_url"));
    let raw = api.words(report, "redirect_urls", MAX_REDIRECTS, "\"https://…\"")?;
    if raw.is_empty() {
        let mend = "Write redirect_urls = [\"https://…\"], as the tool names them.";
        report.error(api.at("redirect_urls"), "redirect_urls is empty", mend);
        return None;
    }
    let mut redirect_urls = Vec::with_capacity(raw.len());
    for raw in raw {
        redirect_urls.extend(address(report, raw, "an address in redirect_urls"));
    }
    Some(LtiTool::Registered { login_url: login_url?, redirect_urls, target_link_url })
}

fn address(report: &mut Report<'_>, raw: Placed<&str>, what: &str) -> Option<WebUrl> {
    let read = tool_address(raw.value);
    if let Err(error) = &read {
        report.error(raw.at, format!("{what} can't be used: {error}"), "Write the exact https:// address.");
    }
    read.ok()
}
