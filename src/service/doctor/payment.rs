//! The payment processor: set up, with a key that may go there, and reachable. The key is not shown.

use crate::domain::checkup::{Area, Check};
use crate::domain::payment::{PaymentStatus, PaymentView, RefundStatus, RefundView, is_live_key};
use crate::domain::provider::{BaseUrl, Protocol, Provider, SecretName};
use crate::domain::time::Instant;
use crate::domain::web::WebUrl;
use crate::payment::{Probe, Processor, Setup, Unreached};
use crate::platform::{SecretError, Secrets};
use chrono::TimeDelta;

const AREA: Area = Area::Payment;

/// How long after its end a page may still be unread: others may hold the key.
const OVERDUE: TimeDelta = TimeDelta::hours(1);

/// Everything about taking money.
pub(super) async fn checks(processor: &Processor, secrets: &Secrets, providers: &[Provider]) -> Vec<Check> {
    let (base_url, secret) = match processor.setup() {
        Setup::Sandbox => return vec![played(processor, providers)],
        Setup::Stripe { base_url, secret, .. } => (base_url, secret),
    };
    let mut checks = key(secrets, secret, base_url);
    checks.push(match processor.probe().await {
        Ok(probe) => reached(&probe, base_url, secret),
        Err(error) => {
            let todo = "Correct [payment] in the configuration.";
            Check::wrong(AREA, "processor", error.to_string().trim_end_matches('.'), todo)
        }
    });
    checks
}

/// What waits for a person: nothing of it is lost, and nothing of it goes on by itself.
pub(super) fn cases(now: Instant, payments: &[PaymentView], refunds: &[RefundView]) -> Vec<Check> {
    const PARKED: &str = "Decide about them: coursevia parked list --advisor EMAIL";
    const FAILED: &str =
        "Try again with t on the course in My courses, or pay it back by hand at the processor.";
    const OPEN: &str = "Run coursevia reconcile where the payment processor's key is.";
    let parked = payments.iter().filter(|payment| payment.status == PaymentStatus::Parked).count();
    let failed = refunds.iter().filter(|refund| refund.status == RefundStatus::Failed).count();
    let old =
        |payment: &&PaymentView| payment.status == PaymentStatus::Open && now - payment.expires_at > OVERDUE;
    let overdue = payments.iter().filter(old).count();
    let found = [
        ("parked", parked, "that does not fit what was asked for", PARKED),
        ("overdue", overdue, "whose page should be over, and nobody knows", OPEN),
    ];
    let mut checks: Vec<Check> = found
        .into_iter()
        .filter(|(_, count, ..)| *count > 0)
        .map(|(name, count, what, todo)| {
            let payments = crate::domain::money::counted(count as u64, "payment");
            Check::warning(AREA, name, format!("{payments} {what}"), todo)
        })
        .collect();
    if failed > 0 {
        let refunds = crate::domain::money::counted(failed as u64, "refund");
        checks.push(Check::warning(AREA, "refunds", format!("{refunds} could not be made"), FAILED));
    }
    checks
}

/// Play money, which is fine for demo courses.
fn played(processor: &Processor, providers: &[Provider]) -> Check {
    const FOUND: &str = "play money, for demo courses only; no processor is set up";
    let is_demo = |provider: &Provider| match &provider.protocol {
        Protocol::Rest(access) => access.base_url == BaseUrl::Sandbox,
        _ => false,
    };
    match processor.sandbox() {
        Ok(_) => Check::ok(AREA, "processor", FOUND),
        Err(Some(why)) if providers.iter().any(is_demo) => {
            Check::wrong(AREA, "processor", why.as_str(), "Until then nothing can be paid.")
        }
        Err(_) => Check::skipped(AREA, "processor", FOUND),
    }
}

/// The key: in this process, of the right kind, and for which money.
fn key(secrets: &Secrets, name: &SecretName, base_url: &WebUrl) -> Vec<Check> {
    let one = |check| vec![check];
    match secrets.for_url(name, base_url) {
        Ok(key) if is_live_key(key.expose()) => {
            one(Check::ok(AREA, "key", format!("{name} is set, in live mode: it takes real money")))
        }
        Ok(key) => {
            let key = key.expose().trim();
            let test = key.starts_with("sk_test_") || key.starts_with("rk_test_");
            if test || base_url.is_loopback() {
                return one(Check::ok(
                    AREA,
                    "key",
                    format!("{name} is set, in test mode: no real money moves"),
                ));
            }
            let found = format!("{name} holds no secret key: those begin with sk_ or rk_");
            one(Check::warning(AREA, "key", found, "Copy the secret key from the processor's dashboard."))
        }
        Err(error @ SecretError::Missing { .. }) => {
            let todo =
                "Nothing, if another process takes payments (coursevia work where it is set). Else set it.";
            one(Check::warning(AREA, "key", error.to_string(), todo))
        }
        Err(error @ (SecretError::Unbound { .. } | SecretError::WrongHost { .. })) => {
            let todo = format!("Take {name} out of [secrets], or correct base_url under [payment].");
            one(Check::wrong(AREA, "key", error.to_string(), todo))
        }
    }
}

fn reached(probe: &Probe, base_url: &WebUrl, secret: &SecretName) -> Check {
    let (name, place) = ("processor", base_url.host());
    let wrong = |found: &str, todo: &str| Check::wrong(AREA, name, format!("{place}: {found}"), todo);
    let wait = "Wait, or look at the processor's status page: what is to be done there is tried again.";
    let network = "Check the network of this machine and its firewall, and base_url under [payment].";
    match &probe.answer {
        Ok(200..=299) if probe.with_key => {
            Check::ok(AREA, name, format!("{place} answers, and accepts our key"))
        }
        Ok(200..=299) => Check::ok(AREA, name, format!("{place} answers")),
        Ok(401 | 403) if probe.with_key => {
            let todo = format!("Copy the secret key from the processor's dashboard into {secret}.");
            wrong("it does not accept our key", &todo)
        }
        Ok(401 | 403) => Check::ok(AREA, name, format!("{place} answers, and asks for a key")),
        Ok(429) => Check::warning(AREA, name, format!("{place}: it asks for patience"), wait),
        Ok(status @ 500..) => wrong(&format!("it is having problems (error {status})"), wait),
        Ok(status) => {
            let todo = "Correct base_url under [payment]: Stripe's is https://api.stripe.com.";
            wrong(&format!("this is not the processor's interface (status {status})"), todo)
        }
        Err(Unreached::NoSuchHost) => wrong("there is no machine of this name", network),
        Err(Unreached::Refused) => wrong("the machine is there, but refuses the connection", wait),
        Err(Unreached::TimedOut) => wrong("no answer in time", network),
        Err(Unreached::Tls(why)) => {
            let todo = "Check this machine's clock and its certificates.";
            wrong(&format!("no safe connection: {why}"), todo)
        }
        Err(Unreached::Broken) => wrong("the connection broke", wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;
    use crate::domain::decide::fixtures::{course_of, now, program, rest_offer, unpaid};
    use crate::platform::Env;
    use std::collections::{BTreeMap, BTreeSet};

    fn stripe() -> (WebUrl, SecretName) {
        let url = WebUrl::parse("https://api.stripe.com").expect("an address");
        (url, SecretName::parse("STRIPE_SECRET_KEY").expect("a name"))
    }

    #[test]
    fn the_mode_of_the_key_is_told_and_the_key_is_not() {
        let (url, name) = stripe();
        let told = |env: Env, host: &str| {
            let hosts = BTreeMap::from([(name.to_string(), host.to_owned())]);
            key(&Secrets::new(env, hosts), &name, &url).remove(0)
        };
        let mut words = BTreeSet::new();
        for (value, state) in [
            ("sk_test_of_nobody", State::Ok),
            ("rk_live_of_nobody", State::Ok),
            ("pk_test_of_nobody", State::Warning),
        ] {
            let check = told(Env::of([("STRIPE_SECRET_KEY", value)]), "api.stripe.com");
            assert_eq!(check.state, state, "{check:?}");
            assert!(!format!("{check:?}").contains("of_nobody"), "{check:?}");
            assert!(words.insert(check.found), "two alike");
        }
        assert_eq!(told(Env::of([]), "api.stripe.com").state, State::Warning);
        let bound = told(Env::of([("STRIPE_SECRET_KEY", "sk_test_of_nobody")]), "elsewhere.example");
        assert_eq!(bound.state, State::Wrong);
    }

    #[test]
    fn every_answer_has_its_own_words() {
        let (url, name) = stripe();
        let mut words = BTreeSet::new();
        for (answer, with_key, state) in [
            (Ok(200), true, State::Ok),
            (Ok(401), false, State::Ok),
            (Ok(401), true, State::Wrong),
            (Ok(404), true, State::Wrong),
            (Ok(302), true, State::Wrong),
            (Ok(429), true, State::Warning),
            (Ok(503), true, State::Wrong),
            (Err(Unreached::NoSuchHost), true, State::Wrong),
            (Err(Unreached::Refused), true, State::Wrong),
            (Err(Unreached::TimedOut), true, State::Wrong),
            (Err(Unreached::Tls("its certificate has expired".into())), true, State::Wrong),
            (Err(Unreached::Broken), true, State::Wrong),
        ] {
            let check = reached(&Probe { answer, with_key, date: None }, &url, &name);
            assert_eq!(check.state, state, "{check:?}");
            assert_eq!(check.todo.is_some(), state != State::Ok, "{check:?}");
            assert!(words.insert(check.found), "two alike");
        }
    }

    #[test]
    fn what_waits_for_a_person_is_counted() {
        let view = unpaid(course_of(&program(vec![rest_offer("Certiport")]), 0), 5_900);
        let open = view.money.payments[0].clone();
        let parked = PaymentView { status: PaymentStatus::Parked, ..open.clone() };
        let names = |now, payments: &[PaymentView]| -> Vec<_> {
            cases(now, payments, &[]).into_iter().map(|check| check.name).collect()
        };
        assert_eq!(names(now(), std::slice::from_ref(&open)), [""; 0]);
        assert_eq!(names(now(), &[open.clone(), parked]), ["parked"]);
        assert_eq!(names(open.expires_at + TimeDelta::hours(2), &[open]), ["overdue"]);
    }
}
