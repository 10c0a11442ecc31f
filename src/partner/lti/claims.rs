//! What an `id_token` says (LTI Core 1.3, 5.3).

use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use chrono::TimeDelta;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// How long a token may be used.
pub const TOKEN_LASTS: TimeDelta = TimeDelta::minutes(5);

const LEARNER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
const COURSE_OFFERING: &str = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering";

/// What a tool is told about one launch.
#[derive(Clone, Debug)]
pub struct LaunchClaims<'a> {
    /// Our name.
    pub issuer: &'a Text,
    /// The client id the tool gave us.
    pub client_id: &'a Text,
    /// The deployment id the tool gave us.
    pub deployment_id: &'a Text,
    /// What stands for the student there.
    pub subject: &'a Text,
    /// What is opened.
    pub target_link_url: &'a WebUrl,
    /// The partner's course: id and title.
    pub resource: (String, &'a Text),
    /// The program: id and title.
    pub context: (String, &'a Text),
    /// Where to come back to.
    pub return_url: Option<&'a WebUrl>,
    /// What else the tool is told, by name.
    pub custom: &'a [(&'static str, String)],
    /// The student's name, where the tool may know it.
    pub name: Option<&'a str>,
    /// The student's address, where the tool may know it.
    pub email: Option<&'a str>,
    /// The tool's own value, unchanged.
    pub nonce: &'a str,
    /// Now.
    pub at: Instant,
}

impl LaunchClaims<'_> {
    /// The claims of a resource link launch.
    pub fn to_json(&self) -> Value {
        let lti = |name: &str| format!("https://purl.imsglobal.org/spec/lti/claim/{name}");
        let issued = self.at.timestamp();
        let mut claims = Map::new();
        let mut say = |name: String, value: Value| {
            claims.insert(name, value);
        };
        say("iss".into(), json!(self.issuer.as_str()));
        say("aud".into(), json!(self.client_id.as_str()));
        say("sub".into(), json!(self.subject.as_str()));
        say("nonce".into(), json!(self.nonce));
        say("iat".into(), json!(issued));
        say("exp".into(), json!(issued + TOKEN_LASTS.num_seconds()));
        if let Some(name) = self.name {
            say("name".into(), json!(name));
        }
        if let Some(email) = self.email {
            say("email".into(), json!(email));
        }
        say(lti("message_type"), json!("LtiResourceLinkRequest"));
        say(lti("version"), json!("1.3.0"));
        say(lti("deployment_id"), json!(self.deployment_id.as_str()));
        say(lti("target_link_uri"), json!(self.target_link_url.as_str()));
        let (id, title) = &self.resource;
        say(lti("resource_link"), json!({ "id": id, "title": title.as_str() }));
        say(lti("roles"), json!([LEARNER]));
        let (id, title) = &self.context;
        say(lti("context"), json!({ "id": id, "title": title.as_str(), "type": [COURSE_OFFERING] }));
        let mut presentation = json!({ "document_target": "window" });
        if let Some(url) = self.return_url {
            presentation["return_url"] = json!(url.as_str());
        }
        say(lti("launch_presentation"), presentation);
        say(
            lti("tool_platform"),
            json!({
                // The same for every launch from this installation.
                "guid": Uuid::new_v5(&Uuid::NAMESPACE_URL, self.issuer.as_str().as_bytes()).to_string(),
                "name": "coursevia",
                "product_family_code": "coursevia",
                "version": env!("CARGO_PKG_VERSION"),
            }),
        );
        let custom = self.custom.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        say(lti("custom"), Value::Object(custom.collect()));
        Value::Object(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn claims(change: impl FnOnce(&mut LaunchClaims<'_>)) -> Value {
        let text = |raw: &str| Text::clean(raw);
        let (issuer, client, deployment) = (text("https://college.example"), text("client"), text("1"));
        let (subject, course, program) = (text("sub"), text("CNA"), text("CNA Training"));
        let target = WebUrl::parse("https://tool.example/launch").expect("an address");
        let custom = [("enrollment_id", "e-1".to_owned())];
        let mut facts = LaunchClaims {
            issuer: &issuer,
            client_id: &client,
            deployment_id: &deployment,
            subject: &subject,
            target_link_url: &target,
            resource: ("course".to_owned(), &course),
            context: ("program".to_owned(), &program),
            return_url: None,
            custom: &custom,
            name: None,
            email: None,
            nonce: "n",
            at: DateTime::from_timestamp(1_760_000_000, 900_000_000).expect("a moment"),
        };
        change(&mut facts);
        facts.to_json()
    }

    #[test]
    fn it_is_a_resource_link_request_of_this_moment() {
        let claims = claims(|_| {});
        let lti = |name: &str| &claims[format!("https://purl.imsglobal.org/spec/lti/claim/{name}")];
        assert_eq!(lti("message_type"), "LtiResourceLinkRequest");
        assert_eq!(lti("version"), "1.3.0");
        assert_eq!(lti("roles"), &json!([LEARNER]));
        assert_eq!(lti("resource_link")["id"], "course");
        assert_eq!(lti("context")["type"], json!([COURSE_OFFERING]));
        assert_eq!(lti("launch_presentation"), &json!({ "document_target": "window" }));
        assert_eq!(lti("custom"), &json!({ "enrollment_id": "e-1" }));
        assert_eq!((&claims["aud"], &claims["nonce"]), (&json!("client"), &json!("n")));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_760_000_000), &json!(1_760_000_300)));
    }

    #[test]
    fn nothing_is_disclosed_or_promised_that_was_not_asked_for() {
        let silent = claims(|_| {}).to_string();
        for word in ["\"name\":\"Maya", "email", "lti-ags", "lti-nrps", "lti-dl"] {
            assert!(!silent.contains(word), "{word}: {silent}");
        }
        let told = claims(|facts| (facts.name, facts.email) = (Some("Maya"), Some("m@x.org")));
        assert_eq!((&told["name"], &told["email"]), (&json!("Maya"), &json!("m@x.org")));
    }
}
