//! `api = { … }`: how a partner's platform is reached.

use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Placed, Section};
use crate::domain::provider::{
    BaseUrl, Capabilities, LinkAccess, LoginAddress, Protocol, RestAccess, SecretName,
};
use crate::domain::text::Text;
use crate::domain::web::HostName;

/// The REST profiles a catalogue may name: the tables of `assets/partners.toml`.
pub const PROFILES: &[&str] = &["certiport", "milady", "hsi", "careersafe", "nrf"];

const REST: Kind = Kind {
    name: "rest api",
    keys: &["protocol", "profile", "base_url", "secret_env", "organization", "launch_hosts", "capabilities"],
};
const LINK: Kind =
    Kind { name: "link api", keys: &["protocol", "login_url", "instructions", "steps", "capabilities"] };
const UNKNOWN: Kind = Kind { name: "api", keys: &["protocol", "capabilities"] };

/// The most hosts that links may lead to.
const MAX_HOSTS: usize = 12;

/// The most steps of signing in, and the longest of them in characters.
const STEPS: (usize, usize) = (12, 300);

/// What a partner's platform is, and what it declares to be able to.
pub(super) type Access = (Protocol, Option<Capabilities>);

/// Reads the `api` of a partner.
pub(super) fn read(report: &mut Report<'_>, partner: Section<'_>, demo: bool) -> Option<Access> {
    partner.require(report, "api", "{ protocol = \"link\", login_url = \"https://…\" }");
    let api = partner.table(report, "api", &UNKNOWN)?;
    api.require(report, "protocol", "\"rest\", \"lti13\" or \"link\"");
    let protocol = api.raw(report, "protocol")?;
    let access = match protocol.value {
        "rest" => rest(report, api.of(&REST), demo),
        "link" => link(report, api.of(&LINK), demo),
        "lti13" => super::tool::read(report, api, demo),
        // An export of a partner found in an existing database, of which we know no more.
        "unknown" => {
            api.finish(report);
            let what = "students can't be enrolled here while the protocol is \"unknown\"";
            let mend = "Write protocol = \"rest\", \"lti13\" or \"link\" once you know it.";
            report.warn(protocol.at, what, mend);
            Some(Protocol::Unknown)
        }
        other => {
            let what = format!("the protocol {} is not known", quoted(other));
            report.error(protocol.at, what, "Write \"rest\", \"lti13\" or \"link\".");
            None
        }
    }?;
    let declares = capabilities(report, api, protocol.value, &access);
    Some((access, declares))
}

/// What the partner can, where that is less than its protocol could.
fn capabilities(
    report: &mut Report<'_>,
    api: Section<'_>,
    protocol: &str,
    access: &Protocol,
) -> Option<Capabilities> {
    let all: Vec<_> = access.capabilities().named().into_iter().collect();
    let words: Vec<_> = all.iter().map(|(name, _)| *name).collect();
    let chosen = api.choices(report, "capabilities", &words)?;
    for word in chosen.iter().filter(|word| all.contains(&(word.value, false))) {
        let what = format!("a partner of protocol \"{protocol}\" can't \"{}\"", word.value);
        report.error(word.at, what, "Remove it: only what the protocol can do is declared here.");
    }
    Capabilities::of(chosen.iter().map(|word| word.value))
}

fn rest(report: &mut Report<'_>, api: Section<'_>, demo: bool) -> Option<Protocol> {
    api.require(report, "profile", "\"certiport\"");
    let profile =
        api.one_of(report, "profile", PROFILES, |raw| PROFILES.contains(&raw).then(|| Text::clean(raw)));
    let base_url = base_url(report, api, demo);
    let secret_env = api.raw(report, "secret_env").and_then(|raw| secret_name(report, raw));
    let organization = api.exact(report, "organization", 120).unwrap_or_default();
    let launch_hosts = launch_hosts(report, api);
    refuse_secrets(report, api);
    let elsewhere = matches!(&base_url, Some(BaseUrl::Url(url)) if !url.is_loopback());
    if elsewhere && !api.has("secret_env") {
        let mend = "Add secret_env = \"…\", the name of the variable that holds the key.";
        report.warn(api.at, "the api names no secret, so the partner will refuse our calls", mend);
    }
    api.finish(report);
    let (profile, base_url) = (profile?, base_url?);
    Some(Protocol::Rest(RestAccess { profile, base_url, secret_env, organization, launch_hosts }))
}

/// Where links into courses lead, where that is another host than the interface's own.
fn launch_hosts(report: &mut Report<'_>, api: Section<'_>) -> Vec<HostName> {
    let named = api.words(report, "launch_hosts", MAX_HOSTS, "\"login.partner.example\"").unwrap_or_default();
    let mut hosts = Vec::with_capacity(named.len());
    for raw in named {
        let host = HostName::parse(raw.value);
        if host.is_none() {
            let what = format!("{} in launch_hosts is no name of a host", quoted(raw.value));
            report.error(raw.at, what, "Write the name alone, such as \"login.partner.example\".");
        }
        hosts.extend(host);
    }
    hosts
}

fn link(report: &mut Report<'_>, api: Section<'_>, demo: bool) -> Option<Protocol> {
    api.require(report, "login_url", "\"https://…\"");
    let login_url = match api.peek("login_url") {
        Some("sandbox") if demo => Some(LoginAddress::Sandbox),
        Some("sandbox") => {
            let mend = "Write the partner's address, or demo = true at the top of the file.";
            let what = "the login_url \"sandbox\" is for demo catalogues only";
            report.error(api.at("login_url"), what, mend);
            None
        }
        _ => api.url(report, "login_url").map(LoginAddress::Url),
    };
    let instructions = api.text(report, "instructions", 600).and_then(Text::non_empty);
    let steps =
        api.texts(report, "steps", STEPS, "\"Open the page.\", \"Sign in with your e-mail address.\"");
    refuse_secrets(report, api);
    api.finish(report);
    Some(Protocol::Link(LinkAccess { login_url: login_url?, instructions, steps }))
}

/// The sandbox plays partners for demo catalogues only: a real one must not enroll into a game.
fn base_url(report: &mut Report<'_>, api: Section<'_>, demo: bool) -> Option<BaseUrl> {
    api.require(report, "base_url", "\"https://…\"");
    let raw = api.raw(report, "base_url")?;
    match BaseUrl::parse(raw.value) {
        Ok(BaseUrl::Sandbox) if !demo => {
            let mend = "Write the partner's address, or demo = true at the top of the file.";
            report.error(raw.at, "the base_url \"sandbox\" is for demo catalogues only", mend);
            None
        }
        Ok(BaseUrl::Url(url)) if url.as_url().query().is_some() || url.as_url().fragment().is_some() => {
            report.error(
                raw.at,
                "the base_url has a ? or # in it",
                "Write only the beginning of the address.",
            );
            None
        }
        Ok(base_url) => Some(base_url),
        Err(error) => {
            report.error(
                raw.at,
                format!("the base_url can't be used: {error}"),
                "Write an https:// address.",
            );
            None
        }
    }
}

/// The value is never repeated: what does not look like a name is probably the secret.
fn secret_name(report: &mut Report<'_>, raw: Placed<&str>) -> Option<SecretName> {
    let name = parse_name(raw.value);
    if name.is_none() {
        let mend = "Write the name of an environment variable, such as \"CERTIPORT_API_KEY\", \
                    and keep the secret out of this file.";
        report.error(raw.at, "the secret_env is not a name", mend);
    }
    name
}

/// A name with words in it; some services issue keys of capitals and digits only.
fn parse_name(raw: &str) -> Option<SecretName> {
    let looks_random = raw.len() >= 16 && !raw.contains('_') && raw.contains(|c: char| c.is_ascii_digit());
    SecretName::parse(raw).ok().filter(|_| !looks_random)
}

/// A secret under any other key is an error, not just an unknown key: the file must not keep it.
pub(super) fn refuse_secrets(report: &mut Report<'_>, api: Section<'_>) {
    let telling = ["secret", "key", "token", "password"];
    for key in api.keys().filter(|key| *key != "secret_env") {
        let lower = key.to_lowercase();
        let only_a_name = api.peek(key).is_some_and(|value| parse_name(value).is_some());
        if !only_a_name && telling.iter().any(|word| lower.contains(word)) {
            let what = format!("the key {} looks like a secret", quoted(key));
            let mend = "Put the secret into an environment variable and write its name as secret_env.";
            report.error(api.at(key), what, mend);
        }
    }
}
