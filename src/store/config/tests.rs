use super::*;
use proptest::prelude::*;
use serde_json::json;

fn lti(tool: LtiTool) -> Protocol {
    Protocol::Lti13(LtiAccess {
        tool,
        client_id: "c".into(),
        deployment_id: "1".into(),
        discloses: Disclosure { name: true, email: false },
    })
}

#[test]
fn what_is_written_reads_back() {
    let login = WebUrl::parse("https://example.org/login").expect("an address");
    let support = Support { email: Some("help@example.org".into()), url: Some(login.clone()) };
    for written in [
        Protocol::Rest(RestAccess {
            profile: "certiport".into(),
            base_url: BaseUrl::Sandbox,
            secret_env: SecretName::parse("CERTIPORT_API_KEY").ok(),
            organization: "demo".into(),
            launch_hosts: HostName::parse("login.example.org").into_iter().collect(),
        }),
        Protocol::Link(LinkAccess {
            instructions: Some("Sign up.".into()),
            steps: vec!["Open the page.".into(), "Sign in.".into()],
            ..LinkAccess::at(login.clone())
        }),
        lti(LtiTool::Sandbox),
        lti(LtiTool::Registered {
            login_url: login.clone(),
            redirect_urls: vec![login.clone()],
            target_link_url: Some(login),
        }),
        Protocol::Unknown,
    ] {
        let declared = Capabilities::of(["enroll", "launch"]);
        let config = api_config(&written, declared, &support, Some(&json!({"theirs": 1})));
        assert_eq!(protocol(Some(&config)), written);
        assert_eq!(declares(Some(&config)), declared);
        assert_eq!(super::support(Some(&config)), support);
        assert_eq!(config["theirs"], 1, "other people's keys stay");
    }
}

#[test]
fn odd_configurations_are_unknown() {
    for odd in [
        json!(null),
        json!([]),
        json!("rest"),
        json!({"protocol": 7}),
        json!({"protocol": "soap"}),
        json!({"protocol": "rest", "profile": "x"}),
        json!({"protocol": "rest", "profile": "x", "base_url": "ftp://x"}),
        json!({"protocol": "rest", "profile": "x", "base_url": "sandbox", "secret_env": "s3cr3t-key"}),
        json!({"protocol": "link", "login_url": "javascript:alert(1)"}),
    ] {
        assert_eq!(protocol(Some(&odd)), Protocol::Unknown, "{odd}");
        assert_eq!(support(Some(&odd)), Support::default());
    }
    assert_eq!(protocol(None), Protocol::Unknown);
}

#[test]
fn formats_are_read_in_several_spellings() {
    for (raw, format) in [
        ("in-person", DeliveryFormat::InPerson),
        ("In Person", DeliveryFormat::InPerson),
        ("hybrid", DeliveryFormat::Hybrid),
        ("?", DeliveryFormat::Online),
    ] {
        assert_eq!(super::format(Some(&json!({"delivery_format": raw}))), format);
    }
}

/// Any JSON, with our own keys among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let words = ["rest", "link", "lti13", "sandbox", "certiport", "https://tool.example/a", "name", "launch"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
    ];
    let key = prop_oneof![any::<String>(), prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned)];
    leaf.prop_recursive(3, 24, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..10)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A configuration that is nearly right.
fn nearly() -> impl Strategy<Value = Value> {
    let good = prop::sample::select(vec![
        json!({"protocol": "rest", "profile": "x", "base_url": "https://p.example", "secret_env": "A_KEY"}),
        json!({"protocol": "link", "login_url": "https://p.example", "steps": ["a"], "capabilities": []}),
        json!({"protocol": "lti13", "tool": "sandbox", "client_id": "c", "deployment_id": "1"}),
        json!({"protocol": "lti13", "login_url": "https://p.example", "redirect_urls": ["https://p.example/l"],
            "target_link_url": "https://p.example/t", "client_id": "c", "deployment_id": "1", "discloses": ["name"]}),
    ]);
    let change = (prop::sample::select(KEYS.to_vec()), prop::option::of(any_json()));
    (good, prop::collection::vec(change, 0..3)).prop_map(|(mut config, changes)| {
        for (key, value) in changes {
            match (config.as_object_mut(), value) {
                (Some(map), Some(value)) => drop(map.insert(key.to_owned(), value)),
                (Some(map), None) => drop(map.remove(key)),
                (None, _) => {}
            }
        }
        config
    })
}

proptest! {
    #[test]
    fn any_configuration_is_read_and_what_is_read_reads_back(config in prop_oneof![any_json(), nearly()]) {
        let (read, can) = (protocol(Some(&config)), declares(Some(&config)));
        let contact = support(Some(&config));
        let written = api_config(&read, can, &contact, Some(&config));
        prop_assert_eq!(protocol(Some(&written)), read);
        prop_assert_eq!(support(Some(&written)), contact);
        prop_assert_eq!(declares(Some(&written)), can);
    }

    #[test]
    fn what_is_no_name_of_a_secret_is_in_nothing_that_is_read(
        base in nearly(), secret in "[a-z]{4}_live_[a-zA-Z0-9]{12,24}",
        key in prop::sample::select(vec!["secret_env", "secret", "api_key", "token", "password", "theirs"]),
    ) {
        let mut config = base;
        if let Some(map) = config.as_object_mut() {
            map.insert(key.to_owned(), Value::from(secret.as_str()));
        }
        let read = format!("{:?} {:?}", protocol(Some(&config)), support(Some(&config)));
        prop_assert!(!read.contains(&secret), "{read}");
    }
}
