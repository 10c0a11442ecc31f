//! What is paid back when somebody cancels: a policy is data, and this is the one place that reads
//! it, for the sentence that is shown before paying and for the amount that is paid back.

use crate::domain::enrollment::Started;
use crate::domain::money::{Money, portion};
use crate::domain::progress::Percent;
use crate::domain::time::Instant;
use crate::domain::units::countable_from;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A partner's refund policy: the first step that holds counts; where none does, nothing is paid
/// back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RefundPolicy(Vec<RefundStep>);

/// A share that is paid back under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawStep", into = "RawStep")]
pub struct RefundStep {
    /// Of what was paid, in whole percent.
    pub percent: Percent,
    /// As long as this holds.
    pub when: RefundWhen,
}

/// How long a share is paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundWhen {
    /// Until the course is started.
    BeforeStart,
    /// Until more than this is done.
    ProgressUpTo(Percent),
    /// Within so many days after enrolling.
    DaysAfterEnrolling(u16),
}

/// A step as a catalogue and the database write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    percent: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    before_start: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress_up_to: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days_after_enrolling: Option<u16>,
}

/// Why a step of a refund policy can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RefundPolicyError {
    /// Not a share.
    #[error("percent is a whole number from 0 to 100")]
    Percent,
    /// Not exactly one condition.
    #[error("a step has one condition: before_start = true, progress_up_to or days_after_enrolling")]
    Condition,
}

impl TryFrom<RawStep> for RefundStep {
    type Error = RefundPolicyError;

    fn try_from(raw: RawStep) -> Result<Self, RefundPolicyError> {
        let percent = |raw: u8| Percent::new(i64::from(raw)).ok_or(RefundPolicyError::Percent);
        let when = match (raw.before_start, raw.progress_up_to, raw.days_after_enrolling) {
            (true, None, None) => RefundWhen::BeforeStart,
            (false, Some(progress), None) => RefundWhen::ProgressUpTo(percent(progress)?),
            (false, None, Some(days)) => RefundWhen::DaysAfterEnrolling(days),
            _ => return Err(RefundPolicyError::Condition),
        };
        Ok(Self { percent: percent(raw.percent)?, when })
    }
}

impl From<RefundStep> for RawStep {
    fn from(step: RefundStep) -> Self {
        let mut raw = Self {
            percent: step.percent.get(),
            before_start: false,
            progress_up_to: None,
            days_after_enrolling: None,
        };
        match step.when {
            RefundWhen::BeforeStart => raw.before_start = true,
            RefundWhen::ProgressUpTo(progress) => raw.progress_up_to = Some(progress.get()),
            RefundWhen::DaysAfterEnrolling(days) => raw.days_after_enrolling = Some(days),
        }
        raw
    }
}

/// All of it before the start, nothing afterwards.
impl Default for RefundPolicy {
    fn default() -> Self {
        let all = Percent::new(100).unwrap_or_default();
        Self(vec![RefundStep { percent: all, when: RefundWhen::BeforeStart }])
    }
}

/// What a refund depends on.
#[derive(Clone, Copy, Debug)]
pub struct RefundFacts {
    /// Whether the course is started.
    pub started: Started,
    /// How far it is.
    pub progress: Percent,
    /// When the student enrolled.
    pub enrolled_at: Instant,
    /// Now.
    pub now: Instant,
}

impl RefundPolicy {
    /// A policy of these steps, in their order.
    pub fn new(steps: Vec<RefundStep>) -> Self {
        Self(steps)
    }

    /// Its steps, in their order.
    pub fn steps(&self) -> &[RefundStep] {
        &self.0
    }

    /// The share of what was paid that is paid back now.
    pub fn percent(&self, facts: &RefundFacts) -> Percent {
        let holds = |step: &&RefundStep| match step.when {
            RefundWhen::BeforeStart => facts.started == Started::No,
            RefundWhen::ProgressUpTo(most) => facts.progress <= most,
            RefundWhen::DaysAfterEnrolling(days) => {
                facts.now - facts.enrolled_at <= TimeDelta::days(i64::from(days))
            }
        };
        self.0.iter().find(holds).map(|step| step.percent).unwrap_or_default()
    }

    /// How much of a payment is paid back now. What went back before counts, and what the processor
    /// can't count is rounded in favour of whoever gets it.
    pub fn refundable(&self, paid: Money, refunded_cents: i64, facts: &RefundFacts) -> Money {
        let due = portion(paid.cents, u64::from(self.percent(facts).get()) * 100);
        let most = (paid.cents - refunded_cents).max(0);
        let back = Money { cents: (due - refunded_cents).clamp(0, most), ..paid };
        let cents = countable_from(back).map_or(back.cents, |back| back.cents).min(most);
        Money { cents, ..paid }
    }

    /// In one sentence, for whoever is about to pay.
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> =
            self.0.iter().copied().filter(|step| step.percent.get() > 0).map(words).collect();
        match parts.pop() {
            None => "What you pay is not paid back.".to_owned(),
            Some(last) if parts.is_empty() => format!("You get {last}; afterwards nothing is paid back."),
            Some(last) => {
                format!("You get {}, then {last}; afterwards nothing is paid back.", parts.join(", then "))
            }
        }
    }
}

fn words(step: RefundStep) -> String {
    let share = match step.percent.get() {
        100 => "everything back".to_owned(),
        percent => format!("{percent}% back"),
    };
    match step.when {
        RefundWhen::BeforeStart => format!("{share} until you start"),
        RefundWhen::ProgressUpTo(progress) => format!("{share} up to {progress} of the course"),
        RefundWhen::DaysAfterEnrolling(1) => format!("{share} within a day after enrolling"),
        RefundWhen::DaysAfterEnrolling(days) => format!("{share} within {days} days after enrolling"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::now;
    use crate::domain::money::Currency;
    use proptest::prelude::*;

    fn percent(value: i64) -> Percent {
        Percent::new(value).expect("a share")
    }

    fn facts(started: Started, progress: i64, days: i64) -> RefundFacts {
        let enrolled_at = now() - TimeDelta::days(days);
        RefundFacts { started, progress: percent(progress), enrolled_at, now: now() }
    }

    fn stepped() -> RefundPolicy {
        let json = r#"[{"percent":100,"before_start":true},{"percent":50,"progress_up_to":25},{"percent":10,"days_after_enrolling":30}]"#;
        serde_json::from_str(json).expect("a policy")
    }

    #[test]
    fn everything_before_the_start_and_nothing_after_unless_the_partner_says_so() {
        let policy = RefundPolicy::default();
        assert_eq!(policy.percent(&facts(Started::No, 0, 400)), percent(100));
        assert_eq!(policy.percent(&facts(Started::Yes, 1, 0)), percent(0));
        assert_eq!(
            policy.sentence(),
            "You get everything back until you start; afterwards nothing is paid back."
        );
    }

    #[test]
    fn the_first_step_that_holds_counts() {
        let policy = stepped();
        assert_eq!(policy.percent(&facts(Started::Yes, 25, 90)), percent(50));
        assert_eq!(policy.percent(&facts(Started::Yes, 26, 30)), percent(10));
        assert_eq!(policy.percent(&facts(Started::Yes, 26, 31)), percent(0));
        assert_eq!(
            policy.sentence(),
            "You get everything back until you start, then 50% back up to 25% of the course, then 10% back within 30 days after enrolling; afterwards nothing is paid back."
        );
        assert_eq!(RefundPolicy::new(Vec::new()).sentence(), "What you pay is not paid back.");
    }

    #[test]
    fn what_went_back_before_is_not_paid_back_again() {
        let paid = Money { cents: 10_001, currency: Currency::USD };
        let back = |refunded| stepped().refundable(paid, refunded, &facts(Started::Yes, 10, 90)).cents;
        assert_eq!(back(0), 5_000);
        assert_eq!(back(4_000), 1_000);
        assert_eq!(back(9_000), 0);
    }

    #[test]
    fn what_the_processor_can_t_count_is_rounded_for_the_student() {
        let back = |cents, refunded, code: &str| {
            let paid = Money { cents, currency: Currency::parse(code).expect("a currency") };
            stepped().refundable(paid, refunded, &facts(Started::Yes, 10, 90)).cents
        };
        assert_eq!((back(5_110, 0, "KWD"), back(5_110, 2_550, "KWD")), (2_560, 10));
        assert_eq!((back(50_100, 0, "MGA"), back(501, 0, "JPY"), back(501, 0, "USD")), (25_100, 250, 250));
        assert_eq!(back(10, 0, "KWD"), 10, "never more than was paid");
    }

    #[test]
    fn a_step_reads_back_and_a_broken_one_says_why() {
        let text = serde_json::to_string(&stepped()).expect("it is written");
        assert_eq!(serde_json::from_str::<RefundPolicy>(&text).expect("it reads"), stepped());
        let why = |json: &str| serde_json::from_str::<RefundPolicy>(json).expect_err("broken").to_string();
        assert!(why(r#"[{"percent":101,"before_start":true}]"#).contains("from 0 to 100"));
        assert!(why(r#"[{"percent":50}]"#).contains("one condition"));
        assert!(why(r#"[{"percent":50,"before_start":true,"progress_up_to":5}]"#).contains("one condition"));
    }

    proptest! {
        #[test]
        fn never_more_than_is_left(cents in 0_i64..1_000_000, refunded in 0_i64..1_000_000, share in 0_i64..=100) {
            let refunded = refunded.min(cents);
            let step = RefundStep { percent: percent(share), when: RefundWhen::BeforeStart };
            let paid = Money { cents, currency: Currency::USD };
            let back = RefundPolicy::new(vec![step]).refundable(paid, refunded, &facts(Started::No, 0, 0)).cents;
            prop_assert!(back >= 0 && back <= cents - refunded);
        }
    }
}
