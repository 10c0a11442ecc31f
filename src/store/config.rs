//! The JSON in `api_config` and `metadata`. Other people's keys in it stay as they are.

use crate::domain::program::DeliveryFormat;
use crate::domain::provider::{
    BaseUrl, Capabilities, Disclosure, LinkAccess, LoginAddress, LtiAccess, LtiTool, Protocol, RestAccess,
    SecretName, Support,
};
use crate::domain::refund::RefundPolicy;
use crate::domain::text::Text;
use crate::domain::web::{HostName, WebUrl};
use serde_json::{Map, Value, json};

/// The keys of `api_config` that are ours.
const KEYS: [&str; 16] = [
    "protocol",
    "profile",
    "base_url",
    "secret_env",
    "organization",
    "launch_hosts",
    "login_url",
    "instructions",
    "redirect_urls",
    "client_id",
    "deployment_id",
    "target_link_url",
    "tool",
    "discloses",
    "steps",
    "capabilities",
];

/// The protocol an `api_config` describes; `Unknown` for anything we can't use.
pub(super) fn protocol(config: Option<&Value>) -> Protocol {
    let read = |config: &Value| match config.get("protocol")?.as_str()? {
        "rest" => rest(config).map(Protocol::Rest),
        "link" => link(config).map(Protocol::Link),
        "lti13" => lti(config).map(Protocol::Lti13),
        _ => None,
    };
    config.and_then(read).unwrap_or(Protocol::Unknown)
}

fn text(config: &Value, key: &str) -> Option<Text> {
    Text::clean(config.get(key)?.as_str()?).non_empty()
}

fn url(config: &Value, key: &str) -> Option<WebUrl> {
    WebUrl::parse(config.get(key)?.as_str()?).ok()
}

fn rest(config: &Value) -> Option<RestAccess> {
    let secret_env = match config.get("secret_env") {
        None | Some(Value::Null) => None,
        // Something that is no name may be the secret itself: such a row is not used.
        Some(name) => Some(SecretName::parse(name.as_str()?).ok()?),
    };
    Some(RestAccess {
        profile: text(config, "profile")?,
        base_url: BaseUrl::parse(config.get("base_url")?.as_str()?).ok()?,
        secret_env,
        organization: text(config, "organization").unwrap_or_default(),
        launch_hosts: texts(config, "launch_hosts")
            .iter()
            .filter_map(|raw| HostName::parse(raw.as_str()))
            .collect(),
    })
}

fn link(config: &Value) -> Option<LinkAccess> {
    Some(LinkAccess {
        login_url: LoginAddress::parse(config.get("login_url")?.as_str()?).ok()?,
        instructions: text(config, "instructions"),
        steps: texts(config, "steps"),
    })
}

fn lti(config: &Value) -> Option<LtiAccess> {
    let tool = if config.get("tool").and_then(Value::as_str) == Some("sandbox") {
        LtiTool::Sandbox
    } else {
        let redirects = config.get("redirect_urls")?.as_array().filter(|urls| !urls.is_empty())?.iter();
        LtiTool::Registered {
            login_url: url(config, "login_url")?,
            redirect_urls: redirects.map(|raw| WebUrl::parse(raw.as_str()?).ok()).collect::<Option<_>>()?,
            // One that can't be used is not as if none were named: the tool would open something else.
            target_link_url: match config.get("target_link_url") {
                None | Some(Value::Null) => None,
                Some(_) => Some(url(config, "target_link_url")?),
            },
        }
    };
    Some(LtiAccess {
        tool,
        client_id: text(config, "client_id")?,
        deployment_id: text(config, "deployment_id")?,
        discloses: Disclosure::of(texts(config, "discloses").iter().map(Text::as_str)),
    })
}

/// What the partner declares to be able to; `None` where it says nothing we understand.
pub(super) fn declares(config: Option<&Value>) -> Option<Capabilities> {
    let names = config?.get("capabilities")?.as_array()?;
    let names = names.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
    Capabilities::of(names)
}

fn texts(config: &Value, key: &str) -> Vec<Text> {
    let all = config.get(key).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|one| Text::clean(one.as_str()?).non_empty()).collect()
}

/// The support contact in an `api_config`; what can't be used is left out.
pub(super) fn support(config: Option<&Value>) -> Support {
    let Some(support) = config.and_then(|config| config.get("support")) else {
        return Support::default();
    };
    Support { email: text(support, "email"), url: url(support, "url") }
}

/// A refund policy as its column holds it; nothing for the usual one.
pub(super) fn refund_policy(policy: &RefundPolicy) -> Option<String> {
    (*policy != RefundPolicy::default()).then(|| json!(policy).to_string())
}

fn list<'a>(config: &mut Map<String, Value>, key: &str, values: impl Iterator<Item = &'a str>) {
    let values: Vec<_> = values.collect();
    if !values.is_empty() {
        config.insert(key.to_owned(), values.into());
    }
}

/// Writes protocol and support into what stands there already.
pub(super) fn api_config(
    protocol: &Protocol,
    declares: Option<Capabilities>,
    support: &Support,
    standing: Option<&Value>,
) -> Value {
    let mut config = match standing {
        Some(Value::Object(standing)) => standing.clone(),
        _ => Map::new(),
    };
    config.remove("support");
    if !matches!(protocol, Protocol::Unknown) {
        config.retain(|key, _| !KEYS.contains(&key.as_str()));
    }
    let mut set = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            config.insert(key.to_owned(), value.into());
        }
    };
    match protocol {
        Protocol::Rest(access) => {
            set("protocol", Some("rest"));
            set("profile", Some(access.profile.as_str()));
            set("base_url", Some(access.base_url.as_str()));
            set("secret_env", access.secret_env.as_ref().map(SecretName::as_str));
            set("organization", Some(access.organization.as_str()));
            list(&mut config, "launch_hosts", access.launch_hosts.iter().map(HostName::as_str));
        }
        Protocol::Link(access) => {
            set("protocol", Some("link"));
            set("login_url", Some(access.login_url.as_str()));
            set("instructions", access.instructions.as_ref().map(Text::as_str));
            list(&mut config, "steps", access.steps.iter().map(Text::as_str));
        }
        Protocol::Lti13(access) => {
            set("protocol", Some("lti13"));
            set("client_id", Some(access.client_id.as_str()));
            set("deployment_id", Some(access.deployment_id.as_str()));
            match &access.tool {
                LtiTool::Sandbox => set("tool", Some("sandbox")),
                LtiTool::Registered { login_url, redirect_urls, target_link_url } => {
                    set("login_url", Some(login_url.as_str()));
                    set("target_link_url", target_link_url.as_ref().map(WebUrl::as_str));
                    list(&mut config, "redirect_urls", redirect_urls.iter().map(WebUrl::as_str));
                }
            }
            list(&mut config, "discloses", access.discloses.words());
        }
        Protocol::Unknown => {}
    }
    if let Some(declares) = declares {
        config.insert("capabilities".to_owned(), declares.names().collect::<Vec<_>>().into());
    }
    if let Ok(Value::Object(support)) = serde_json::to_value(support)
        && !support.is_empty()
    {
        config.insert("support".to_owned(), support.into());
    }
    Value::Object(config)
}

/// The delivery format in a course's `metadata`. Adopted rows write it in several ways.
pub(super) fn format(metadata: Option<&Value>) -> DeliveryFormat {
    let code = metadata.and_then(|metadata| metadata.get("delivery_format")).and_then(Value::as_str);
    let code = code.unwrap_or_default().trim().to_lowercase().replace(['-', ' '], "_");
    DeliveryFormat::parse(&code).unwrap_or(DeliveryFormat::Online)
}

/// Writes the delivery format into what stands there already.
pub(super) fn metadata(format: DeliveryFormat, standing: Option<&Value>) -> Value {
    let mut metadata = match standing {
        Some(Value::Object(standing)) => standing.clone(),
        _ => Map::new(),
    };
    metadata.insert("delivery_format".to_owned(), format.code().into());
    Value::Object(metadata)
}

#[cfg(test)]
mod tests;
