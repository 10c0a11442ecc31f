//! Addresses of a tool, and the one its login begins with.

use crate::domain::web::WebUrl;
use url::Url;

/// Where a tool is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolAddresses {
    /// Where a login begins.
    pub login_url: WebUrl,
    /// Where an answer may be sent: exactly these.
    pub redirect_urls: Vec<WebUrl>,
    /// What is opened.
    pub target_link_url: WebUrl,
}

impl ToolAddresses {
    /// The registered address that is exactly this text: no pattern, no other spelling.
    pub fn registered(&self, redirect_uri: &str) -> Option<&WebUrl> {
        self.redirect_urls.iter().find(|url| url.as_str() == redirect_uri)
    }
}

/// The address of a third-party-initiated login (Security Framework 1.0, 5.1.1.1), with all six
/// parameters behind what the tool's own address says.
pub fn initiation(
    tool: &ToolAddresses,
    issuer: &str,
    client_id: &str,
    deployment_id: &str,
    (login_hint, message_hint): (&str, &str),
) -> Url {
    let mut url = tool.login_url.as_url().clone();
    url.query_pairs_mut()
        .append_pair("iss", issuer)
        .append_pair("login_hint", login_hint)
        .append_pair("target_link_uri", tool.target_link_url.as_str())
        .append_pair("lti_message_hint", message_hint)
        .append_pair("client_id", client_id)
        .append_pair("lti_deployment_id", deployment_id);
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(raw: &str) -> WebUrl {
        WebUrl::parse(raw).expect("an address")
    }

    fn tool(login: &str) -> ToolAddresses {
        ToolAddresses {
            login_url: url(login),
            redirect_urls: vec![url("https://tool.example/launch"), url("https://tool.example/deep?a=1")],
            target_link_url: url("https://tool.example/launch"),
        }
    }

    #[test]
    fn only_the_very_text_is_registered() {
        let tool = tool("https://tool.example/login");
        assert!(tool.registered("https://tool.example/launch").is_some());
        assert!(tool.registered("https://tool.example/deep?a=1").is_some());
        for foreign in [
            "",
            "https://tool.example/launch/",
            "https://tool.example/launc",
            "https://tool.example/launch?x=1",
            "https://tool.example/launch#x",
            "https://TOOL.example/launch",
            "https://tool.example/Launch",
            "https://tool.example:443/launch",
            "https://tool.example:8443/launch",
            "http://tool.example/launch",
            "https://tool.example.evil.example/launch",
            "https://evil.example/https://tool.example/launch",
            "https://tool.example/launch/../launch",
            "https://tool.example/%6caunch",
            " https://tool.example/launch",
            "javascript:alert(1)",
        ] {
            assert!(tool.registered(foreign).is_none(), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn all_six_arrive_as_they_were(
            iss in "\\PC{1,40}", client in "\\PC{1,40}", deployment in "\\PC{1,40}",
            own in prop::option::of("[a-z]{1,8}=[a-z0-9]{0,8}"),
        ) {
            let login = own.as_ref().map_or_else(
                || "https://tool.example/login".to_owned(), |own| format!("https://tool.example/login?{own}"));
            let tool = tool(&login);
            let made = initiation(&tool, &iss, &client, &deployment, ("hint", "message"));
            let pairs: Vec<(String, String)> = made.query_pairs().into_owned().collect();
            let own_pairs = usize::from(own.is_some());
            prop_assert_eq!(pairs.len(), 6 + own_pairs);
            let wanted = [("iss", iss.as_str()), ("login_hint", "hint"),
                ("target_link_uri", "https://tool.example/launch"), ("lti_message_hint", "message"),
                ("client_id", client.as_str()), ("lti_deployment_id", deployment.as_str())];
            for ((name, value), wanted) in pairs[own_pairs..].iter().zip(wanted) {
                prop_assert_eq!((name.as_str(), value.as_str()), wanted);
            }
            prop_assert_eq!((made.host_str(), made.path()), (Some("tool.example"), "/login"));
        }
    }
}
