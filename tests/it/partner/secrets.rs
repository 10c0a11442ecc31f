//! Who may send which key where.

use super::world::{PROFILES, answering, at, json, maya, quick, sandboxed, secrets, world_with};
use coursevia::domain::job::Needs;
use coursevia::domain::provider::{BaseUrl, RestAccess, SecretName};
use coursevia::domain::web::WebUrl;
use coursevia::partner::{PartnerError, Partners};
use coursevia::platform::{Clock, IdSource, SecretError, Secrets};

fn name() -> SecretName {
    SecretName::parse("PARTNER_KEY").expect("a name")
}

fn partners(secrets: Secrets, sandbox: Option<WebUrl>) -> Partners {
    Partners::new(secrets, sandbox, quick(), Clock::System, IdSource::seeded(1)).expect("good profiles")
}

fn real() -> RestAccess {
    let url = WebUrl::parse("https://api.partner.example").expect("an address");
    RestAccess { base_url: BaseUrl::Url(url), ..sandboxed("certiport") }
}

#[tokio::test]
async fn what_calls_need_depends_on_where_they_go() {
    let without = partners(Secrets::default(), None);
    let with = partners(secrets(&[("PARTNER_KEY", "k")], &[]), None);
    assert_eq!(without.needs(&sandboxed("hsi")), Needs::Nothing);
    assert_eq!(without.needs(&real()), Needs::Secret(name()));
    assert!(without.can_call(&sandboxed("hsi")) && !without.can_call(&real()));
    assert!(with.can_call(&real()));
    for (needs, served) in [(Needs::Nothing, true), (Needs::Secret(name()), true), (Needs::Mail, false)] {
        assert_eq!(with.can_serve(&needs), served, "{needs:?}");
    }
    assert!(!without.can_serve(&Needs::Secret(name())));
}

#[tokio::test]
async fn a_key_goes_nowhere_but_to_its_host() {
    let unbound = partners(secrets(&[("PARTNER_KEY", "k")], &[]), None);
    let error = unbound.create_account(&real(), &maya(), "key").await.expect_err("unbound");
    assert!(matches!(error, PartnerError::Secret(SecretError::Unbound { .. })), "{error:?}");
    let elsewhere = secrets(&[("PARTNER_KEY", "k")], &[("PARTNER_KEY", "other.example")]);
    let error = partners(elsewhere, None).create_account(&real(), &maya(), "key").await.expect_err("bound");
    assert!(matches!(error, PartnerError::Secret(SecretError::WrongHost { .. })), "{error:?}");
    let bound = secrets(&[], &[("PARTNER_KEY", "api.partner.example")]);
    let error = partners(bound, None).create_account(&real(), &maya(), "key").await.expect_err("missing");
    assert!(matches!(error, PartnerError::Secret(SecretError::Missing { .. })), "{error:?}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn the_key_is_sent_as_the_profile_says_and_never_shown() {
    for (profile, header) in [("certiport", "authorization: bearer sesame"), ("hsi", "x-api-key: sesame")] {
        let (url, heard) = answering(|_| json("401 Unauthorized", r#"{"message": "bad key sesame"}"#)).await;
        let partners = partners(secrets(&[("PARTNER_KEY", "sesame")], &[]), None);
        let access = RestAccess { base_url: BaseUrl::Url(url), ..sandboxed(profile) };
        let error = partners.create_account(&access, &maya(), "key").await.expect_err("unauthorized");
        assert_eq!(error, PartnerError::Unauthorized);
        assert!(!format!("{error} {error:?} {partners:?}").contains("sesame"));
        assert!(heard.lock().expect("the list")[0].to_lowercase().contains(header));
    }
}

#[tokio::test]
async fn without_a_sandbox_its_partners_say_how_to_start_it() {
    let error = partners(Secrets::default(), None)
        .create_account(&sandboxed("hsi"), &maya(), "key")
        .await
        .expect_err("no sandbox");
    assert_eq!(error, PartnerError::SandboxOff { why: None });
    assert!(error.to_string().contains("coursevia sandbox"));
    let unknown =
        RestAccess { profile: "nobody".into(), ..at(&WebUrl::parse("http://[::1]:1").expect("an address")) };
    let error = partners(Secrets::default(), None).create_account(&unknown, &maya(), "key").await;
    assert_eq!(error, Err(PartnerError::UnknownProfile));
}

#[tokio::test]
async fn a_sandbox_with_a_key_takes_only_that_one() {
    let world = world_with(quick(), |options| options.key = Some("sesame".to_owned())).await;
    for profile in PROFILES {
        let refused = world.partners.create_account(&sandboxed(profile), &maya(), "a").await;
        assert_eq!(refused, Err(PartnerError::Unauthorized), "{profile}");
        let holder = partners(secrets(&[("PARTNER_KEY", "sesame")], &[]), Some(world.sandbox.url()));
        assert!(holder.create_account(&sandboxed(profile), &maya(), "a").await.is_ok(), "{profile}");
    }
}
