//! `[payment]`: who takes the money.

use super::raw::RawPayment;
use super::{ConfigError, Env};
use crate::domain::payment::NO_PAGE;
use crate::domain::provider::{BaseUrl, SecretName};
use crate::domain::web::WebUrl;
use chrono::TimeDelta;
use std::fmt;

/// The variable that holds the key when nobody says otherwise.
pub const SECRET_ENV: &str = "STRIPE_SECRET_KEY";

/// Who takes the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentConfig {
    /// Which processor.
    pub processor: ProcessorChoice,
    /// Whether the key may be one that takes real money.
    pub allow_live: bool,
    /// How long a seat is held while it is being paid.
    pub hold: TimeDelta,
}

impl Default for PaymentConfig {
    fn default() -> Self {
        Self { processor: ProcessorChoice::Default, allow_live: false, hold: TimeDelta::minutes(40) }
    }
}

/// Which processor takes the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessorChoice {
    /// Nobody said: the sandbox takes play money for demo courses, and nothing else can be sold.
    Default,
    /// The same, said explicitly.
    Sandbox,
    /// One that speaks Stripe's API.
    Stripe {
        /// Where its interface is, without `/v1`.
        base_url: WebUrl,
        /// The variable that holds our key.
        secret_env: SecretName,
        /// The page students see after paying.
        return_url: WebUrl,
    },
}

/// `launch` is where partners send students back to: good enough for the processor.
pub(super) fn resolve(
    raw: &RawPayment,
    launch: Option<&WebUrl>,
    env: &Env,
) -> Result<PaymentConfig, ConfigError> {
    let hold = match raw.hold_minutes {
        None => PaymentConfig::default().hold,
        Some(minutes @ 35..=1440) => TimeDelta::minutes(i64::from(minutes)),
        Some(minutes) => {
            let what = format!(
                "{minutes} is not between 35 and 1440 minutes: a payment page stays open for at least 30"
            );
            return Err(wrong("payment.hold_minutes", what));
        }
    };
    let return_url = match raw.return_url.as_deref().map(WebUrl::parse) {
        Some(Ok(url)) => Some(url),
        Some(Err(error)) => return Err(wrong("payment.return_url", error)),
        None => launch.cloned(),
    };
    let secret_env = SecretName::parse(raw.secret_env.as_deref().unwrap_or(SECRET_ENV))
        .map_err(|error| wrong("payment.secret_env", error))?;
    let processor = match raw.base_url.as_deref().map(BaseUrl::parse) {
        None => ProcessorChoice::Default,
        Some(Ok(BaseUrl::Sandbox)) => ProcessorChoice::Sandbox,
        Some(Err(error)) => return Err(wrong("payment.base_url", error)),
        Some(Ok(BaseUrl::Url(base_url))) => {
            let path = base_url.as_url().path().trim_end_matches('/');
            if path.ends_with("/v1") {
                return Err(wrong("payment.base_url", "leave out /v1 at its end: it is added"));
            }
            // One on this machine is for trying things out, and shows a page of its own.
            let own = WebUrl::parse(NO_PAGE).ok().filter(|_| base_url.is_loopback());
            let missing =
                "name the page that students see after paying, such as https://college.example/done";
            let return_url = return_url.or(own).ok_or_else(|| wrong("payment.return_url", missing))?;
            ProcessorChoice::Stripe { base_url, secret_env, return_url }
        }
    };
    let config = PaymentConfig { processor, allow_live: raw.allow_live.unwrap_or_default(), hold };
    refuse_live(&config, env)?;
    Ok(config)
}

/// Real money is only taken where somebody said so.
fn refuse_live(config: &PaymentConfig, env: &Env) -> Result<(), ConfigError> {
    let ProcessorChoice::Stripe { secret_env, .. } = &config.processor else {
        return Ok(());
    };
    let live = env.get(secret_env.as_str()).is_some_and(crate::domain::payment::is_live_key);
    if live && !config.allow_live {
        let what = format!(
            "the key in {secret_env} takes real money. Use one of the test mode, or write allow_live = true under [payment]"
        );
        return Err(wrong("payment.allow_live", what));
    }
    Ok(())
}

fn wrong<T: fmt::Display>(key: &'static str, what: T) -> ConfigError {
    ConfigError::Value { key, what: format!("{what}") }
}
