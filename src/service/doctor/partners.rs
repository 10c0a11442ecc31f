//! The partners' platforms: reachable, and with a key that may go there.

use super::clock::Other;
use crate::domain::checkup::{Area, Check};
use crate::domain::provider::{BaseUrl, LoginAddress, Protocol, Provider, RestAccess};
use crate::domain::time::{Instant, ago};
use crate::partner::{Partners, Probe, Unreached};
use crate::platform::{Clock, SecretError, Secrets};
use futures_util::StreamExt as _;

const AREA: Area = Area::Partners;

/// How many are asked at once.
const AT_ONCE: usize = 32;

/// All partners, and what their clocks showed.
pub(super) async fn checks(
    partners: &Partners,
    secrets: &Secrets,
    clock: &Clock,
    providers: &[Provider],
) -> (Vec<Check>, Vec<Other>) {
    if providers.is_empty() {
        return (vec![super::nothing(AREA, "partner", "there are none")], Vec::new());
    }
    let asked = futures_util::stream::iter(providers)
        .map(|provider| check(partners, secrets, clock, provider))
        .buffered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let (mut checks, mut clocks) = (Vec::new(), Vec::new());
    checks.extend(providers.iter().filter_map(|provider| trouble(provider, clock.now())));
    for (found, other) in asked {
        checks.extend(found);
        clocks.extend(other);
    }
    (checks, clocks)
}

/// What its own calls have told, beside the one that is made now.
fn trouble(provider: &Provider, now: Instant) -> Option<Check> {
    let since = provider.troubled(now)?;
    let found = format!("calls fail; it began {}", ago(now, since));
    let todo = "It passes by itself once calls work again. To keep students away: coursevia partner pause";
    Some(Check::warning(AREA, "answers", found, todo).about(provider.name.as_str()))
}

async fn check(
    partners: &Partners,
    secrets: &Secrets,
    clock: &Clock,
    provider: &Provider,
) -> (Vec<Check>, Option<Other>) {
    let name = provider.name.as_str();
    let alone = |check: Check| (vec![check.about(name)], None);
    let access = match &provider.protocol {
        Protocol::Rest(access) => access,
        Protocol::Link(link) => {
            let found = match &link.login_url {
                LoginAddress::Url(url) => format!("students sign in by themselves at {url}"),
                LoginAddress::Sandbox => "played on this machine while the app runs".to_owned(),
            };
            return alone(Check::skipped(AREA, "reachable", found));
        }
        Protocol::Lti13(_) => {
            let found = "opened in the browser by LTI 1.3".to_owned();
            return alone(Check::skipped(AREA, "reachable", found));
        }
        Protocol::Unknown => {
            let found = "how to reach it is not written down in a way that is known here";
            let todo = "Write its api in the catalogue (coursevia catalog export shows how), then import it.";
            return alone(Check::warning(AREA, "reachable", found, todo));
        }
    };
    if access.base_url == BaseUrl::Sandbox {
        match partners.sandbox() {
            Err(None) => {
                let found = "played on this machine while the app runs";
                return alone(Check::skipped(AREA, "reachable", found));
            }
            Err(Some(why)) => {
                return alone(Check::wrong(
                    AREA,
                    "reachable",
                    why.as_str(),
                    "Until then its courses don't open.",
                ));
            }
            Ok(_) => {}
        }
    }
    let mut found: Vec<Check> = key(secrets, access).into_iter().collect();
    let other = match partners.probe(access).await {
        Ok(probe) => {
            // Read after the answer, as near to the partner's own look at its clock as can be.
            let here = clock.now();
            let other = probe.date.map(|theirs| Other::partner(name, theirs, here));
            found.push(reached(&probe, access));
            other
        }
        Err(error) => {
            let todo = "Correct its api in the catalogue, then import it.";
            found.push(Check::wrong(AREA, "reachable", error.to_string(), todo));
            None
        }
    };
    (found.into_iter().map(|check| check.about(name)).collect(), other)
}

/// The key: in this process, and bound to the platform's host.
fn key(secrets: &Secrets, access: &RestAccess) -> Option<Check> {
    let (BaseUrl::Url(url), Some(name)) = (&access.base_url, &access.secret_env) else {
        return None;
    };
    Some(match secrets.for_url(name, url) {
        Ok(_) => Check::ok(AREA, "key", format!("{name} is set, and may go to {}", url.host())),
        Err(error @ SecretError::Missing { .. }) => {
            let todo =
                "Nothing, if another process does this partner's work (coursevia work where it is set).";
            Check::warning(AREA, "key", error.to_string(), todo)
        }
        Err(SecretError::Unbound { name, host }) => {
            let found = format!("[secrets] does not say which host {name} may be sent to");
            let todo = format!("If it is right, write under [secrets]: {name} = \"{host}\"");
            Check::wrong(AREA, "key", found, todo)
        }
        Err(error @ SecretError::WrongHost { .. }) => {
            let todo = "Correct [secrets], or the partner's base_url in the catalogue.";
            Check::wrong(AREA, "key", error.to_string(), todo)
        }
    })
}

fn reached(probe: &Probe, access: &RestAccess) -> Check {
    let name = "reachable";
    let place = match &access.base_url {
        BaseUrl::Sandbox => "on this machine, played",
        BaseUrl::Url(url) => url.host(),
    };
    let wrong = |found: String, todo: &str| Check::wrong(AREA, name, format!("{place}: {found}"), todo);
    let support = "Ask the partner's support, or wait: what is to be done there is tried again.";
    match &probe.answer {
        Ok(401 | 403) if probe.with_key => {
            let key = access.secret_env.as_ref().map_or_else(|| "our key".to_owned(), ToString::to_string);
            wrong(format!("it does not accept {key}"), "Ask the partner for a new key.")
        }
        Ok(429) => Check::warning(AREA, name, format!("{place}: it asks for patience"), support),
        Ok(status @ 300..=399) => {
            let todo = "Ask the partner for the new address, and correct base_url in the catalogue.";
            wrong(format!("it has moved (status {status})"), todo)
        }
        Ok(status @ 500..) => wrong(format!("it is having problems (error {status})"), support),
        Ok(401 | 403) => Check::ok(AREA, name, format!("{place} answers, and asks for a key")),
        Ok(_) if probe.with_key => Check::ok(AREA, name, format!("{place} answers, and accepts our key")),
        Ok(_) => Check::ok(AREA, name, format!("{place} answers")),
        Err(Unreached::NoSuchHost) => {
            let todo = "Check the network of this machine, and base_url in the catalogue.";
            wrong("there is no machine of this name".to_owned(), todo)
        }
        Err(Unreached::Refused) => {
            wrong("the machine is there, but refuses the connection".to_owned(), support)
        }
        Err(Unreached::TimedOut) => {
            let todo = "Check the network of this machine and its firewall; else ask the partner's support.";
            wrong("no answer in time".to_owned(), todo)
        }
        Err(Unreached::Tls(why)) => {
            let todo = "Check this machine's clock and its certificates; else ask the partner's support.";
            wrong(format!("no safe connection: {why}"), todo)
        }
        Err(Unreached::Broken) => wrong("the connection broke".to_owned(), support),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;
    use crate::domain::provider::SecretName;
    use crate::domain::web::WebUrl;
    use crate::platform::Env;
    use std::collections::BTreeMap;

    fn access() -> RestAccess {
        RestAccess {
            profile: "certiport".into(),
            base_url: BaseUrl::Url(WebUrl::parse("https://api.example.org").expect("an address")),
            secret_env: SecretName::parse("KEY").ok(),
            organization: "x".into(),
            launch_hosts: Vec::new(),
        }
    }

    #[test]
    fn every_answer_has_its_own_words() {
        let check = |answer, with_key| reached(&Probe { answer, with_key, date: None }, &access());
        let mut words = std::collections::BTreeSet::new();
        for (answer, with_key, state) in [
            (Ok(404), true, State::Ok),
            (Ok(200), false, State::Ok),
            (Ok(401), false, State::Ok),
            (Ok(401), true, State::Wrong),
            (Ok(429), true, State::Warning),
            (Ok(301), true, State::Wrong),
            (Ok(503), true, State::Wrong),
            (Err(Unreached::NoSuchHost), true, State::Wrong),
            (Err(Unreached::Refused), true, State::Wrong),
            (Err(Unreached::TimedOut), true, State::Wrong),
            (Err(Unreached::Tls("its certificate has expired".into())), true, State::Wrong),
            (Err(Unreached::Broken), true, State::Wrong),
        ] {
            let check = check(answer, with_key);
            assert_eq!(check.state, state, "{check:?}");
            assert_eq!(check.todo.is_some(), state != State::Ok, "{check:?}");
            assert!(words.insert(check.found), "two alike");
        }
    }

    #[test]
    fn keys_are_missing_unbound_or_bound_elsewhere() {
        let state = |env: Env, hosts: &[(&str, &str)]| {
            let hosts: BTreeMap<_, _> =
                hosts.iter().map(|(name, host)| ((*name).to_owned(), (*host).to_owned())).collect();
            key(&Secrets::new(env, hosts), &access()).expect("a check").state
        };
        let set = || Env::of([("KEY", "not-shown")]);
        assert_eq!(state(set(), &[("KEY", "api.example.org")]), State::Ok);
        assert_eq!(state(Env::of([]), &[("KEY", "api.example.org")]), State::Warning);
        assert_eq!(state(set(), &[]), State::Wrong);
        assert_eq!(state(set(), &[("KEY", "elsewhere.example.org")]), State::Wrong);
        let played = RestAccess { base_url: BaseUrl::Sandbox, ..access() };
        assert_eq!(key(&Secrets::new(set(), BTreeMap::new()), &played), None);
    }
}
