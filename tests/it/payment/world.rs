//! A sandbox, a client of its processor, and payments to be made.

use crate::partner::world::{browser, options, quick};
use chrono::TimeDelta;
use coursevia::domain::ids::{EnrollmentId, PaymentId};
use coursevia::domain::money::{Currency, Money};
use coursevia::domain::payment::{CheckoutRequest, RefundRequest, SessionReport};
use coursevia::domain::provider::SecretName;
use coursevia::domain::text::Text;
use coursevia::domain::web::WebUrl;
use coursevia::payment::{HttpLimits, Processor, Setup};
use coursevia::platform::{Clock, Env, IdSource, Secrets};
use coursevia::sandbox::{Sandbox, SandboxOptions};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

pub struct World {
    pub sandbox: Sandbox,
    pub processor: Processor,
    pub clock: Clock,
    pub http: reqwest::Client,
    _dir: TempDir,
}

pub fn payment(number: u128) -> PaymentId {
    Uuid::from_u128(number).into()
}

pub fn enrollment() -> EnrollmentId {
    Uuid::from_u128(7).into()
}

pub fn dollars(cents: i64) -> Money {
    Money { cents, currency: Currency::USD }
}

pub async fn world() -> World {
    world_with(|_| {}).await
}

pub async fn world_with(change: impl FnOnce(&mut SandboxOptions)) -> World {
    let dir = TempDir::new().expect("a folder");
    let mut options = options(&dir, &Clock::System);
    change(&mut options);
    let clock = options.clock.clone();
    let sandbox = Sandbox::start(options).await.expect("a sandbox");
    let processor =
        Processor::new(Setup::Sandbox, Secrets::default(), quick(), clock.clone(), IdSource::Random);
    processor.set_sandbox(Ok(sandbox.url()));
    World { sandbox, processor, clock, http: browser(), _dir: dir }
}

/// A client of a processor that is somewhere else, with a key of the test mode.
pub fn elsewhere(base_url: &WebUrl) -> Processor {
    with_limits(base_url, quick())
}

pub fn with_limits(base_url: &WebUrl, limits: HttpLimits) -> Processor {
    let env = Env::of([("STRIPE_SECRET_KEY", "sk_test_of_nobody")]);
    let setup = Setup::Stripe {
        base_url: base_url.clone(),
        secret: SecretName::parse("STRIPE_SECRET_KEY").expect("a name"),
        return_url: WebUrl::parse("https://college.example/done").expect("an address"),
        allow_live: false,
    };
    let secrets = Secrets::new(env, std::collections::BTreeMap::new());
    Processor::new(setup, secrets, limits, Clock::System, IdSource::seeded(1))
}

pub fn impatient() -> HttpLimits {
    HttpLimits { total: Duration::from_millis(300), get_attempts: 1, ..quick() }
}

impl World {
    /// The same sandbox, asked with other limits.
    pub fn with(&self, limits: HttpLimits) -> Processor {
        let processor =
            Processor::new(Setup::Sandbox, Secrets::default(), limits, self.clock.clone(), IdSource::Random);
        processor.set_sandbox(Ok(self.sandbox.url()));
        processor
    }

    pub fn body(&self, number: u128, cents: i64) -> String {
        self.processor.checkout_body(&CheckoutRequest {
            payment: payment(number),
            enrollment: enrollment(),
            amount: dollars(cents),
            what: "CNA Training via <Milady>",
            email: None,
            expires_at: self.clock.now() + TimeDelta::minutes(40),
        })
    }

    pub async fn opened(&self, number: u128) -> SessionReport {
        let body = self.body(number, 17_995);
        self.processor.open_session(&body, &format!("key-{number}")).await.expect("a session")
    }

    pub async fn paid(&self, number: u128) -> SessionReport {
        let id = self.opened(number).await.id.expect("an id");
        self.pay(json!({"session": id.as_str()})).await;
        self.processor.session(&id).await.expect("a report")
    }

    pub fn refund_body(&self, intent: &Text, number: u128, cents: i64) -> String {
        self.processor.refund_body(&RefundRequest {
            refund: Uuid::from_u128(number).into(),
            payment_intent: intent.as_str(),
            amount: dollars(cents),
        })
    }

    pub async fn control(&self, path: &str, body: Value) -> reqwest::Response {
        let url = format!("{}_control/{path}", self.sandbox.url());
        self.http.post(url).json(&body).send().await.expect("an answer")
    }

    pub async fn pay(&self, wanted: Value) {
        assert_eq!(self.control("pay", wanted).await.status(), 200);
    }

    pub async fn fail(&self, plan: &str) {
        assert_eq!(self.control("fail", json!({"fail": plan})).await.status(), 200, "{plan}");
    }

    /// Everything the processor has, the oldest first.
    pub async fn payments(&self) -> Vec<Value> {
        let url = format!("{}_control/payments", self.sandbox.url());
        self.http.get(url).send().await.expect("an answer").json().await.expect("JSON")
    }
}
