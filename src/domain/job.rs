//! Outside work (`jobs`): written down with its cause, done later, by whoever can.

use crate::domain::ids::{EnrollmentId, JobId};
use crate::domain::payment::ProcessorName;
use crate::domain::program::codes;
use crate::domain::provider::SecretName;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::TimeDelta;

/// What is to be done outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Open account and enrollment at the partner.
    Provision,
    /// Tell the partner that an enrollment was cancelled.
    Withdraw,
    /// Deliver a message.
    Mail,
    /// Fetch the certificate of a completed enrollment.
    Certificate,
    /// Open a payment session, and follow it to its end.
    Checkout,
    /// Pay money back.
    Refund,
}

codes!(JobKind {
    Provision = "provision", Withdraw = "withdraw", Mail = "mail", Certificate = "certificate",
    Checkout = "checkout", Refund = "refund",
});

impl JobKind {
    /// After how many attempts a person has to look.
    pub fn max_attempts(self) -> u32 {
        match self {
            // Somebody waits for it at the screen: a quarter of an hour.
            Self::Provision => 10,
            // Nobody waits, and a person would do nothing else than try again: about a day.
            Self::Withdraw | Self::Mail => 60,
            // A partner may take weeks to issue one.
            Self::Certificate => 200,
            // Money is never given up on: it is asked about until somebody knows.
            Self::Checkout | Self::Refund => u32::MAX,
        }
    }

    /// The longest wait between two attempts.
    fn longest_delay(self) -> TimeDelta {
        match self {
            Self::Provision | Self::Withdraw | Self::Mail => TimeDelta::minutes(30),
            Self::Certificate => TimeDelta::hours(6),
            Self::Checkout | Self::Refund => TimeDelta::minutes(2),
        }
    }
}

/// What a process must have to do a job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    /// Nothing in particular.
    Nothing,
    /// A partner's secret.
    Secret(SecretName),
    /// A way to send mail.
    Mail,
    /// The payment processor it was begun with, and its key.
    Processor(ProcessorName),
}

impl Needs {
    /// As the column `needs` holds it.
    pub fn code(&self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Secret(name) => format!("secret:{name}"),
            Self::Mail => "mail".to_owned(),
            Self::Processor(name) => format!("processor:{name}"),
        }
    }

    /// Reads what [`Self::code`] writes.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "nothing" => Some(Self::Nothing),
            "mail" => Some(Self::Mail),
            _ => match code.strip_prefix("processor:") {
                Some(name) => Some(Self::Processor(ProcessorName::read(name))),
                None => SecretName::parse(code.strip_prefix("secret:")?).ok().map(Self::Secret),
            },
        }
    }
}

/// A job to be written down.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Which.
    pub id: JobId,
    /// What.
    pub kind: JobKind,
    /// About which enrollment; jobs of one enrollment run one after the other.
    pub enrollment_id: Option<EnrollmentId>,
    /// Details for the performer.
    pub payload: serde_json::Value,
    /// Sent along with every attempt, so that the other side does it once.
    pub idempotency_key: String,
    /// Who can do it.
    pub needs: Needs,
    /// Not before.
    pub run_at: Instant,
}

/// A job somebody has claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// What.
    pub kind: JobKind,
    /// About which enrollment.
    pub enrollment_id: Option<EnrollmentId>,
    /// Details for the performer.
    pub payload: serde_json::Value,
    /// Sent along with every attempt.
    pub idempotency_key: String,
    /// Who can do it.
    pub needs: Needs,
    /// How many attempts have begun, this one included.
    pub attempts: u32,
    /// Until when the claim holds; it also tells two claims of one job apart.
    pub lease_until: Instant,
}

/// A job as the screens see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobState {
    /// What.
    pub kind: JobKind,
    /// How many attempts have begun.
    pub attempts: u32,
    /// Why the last one failed, in words a student can read.
    pub last_error: Option<Text>,
    /// When it is tried next.
    pub run_at: Instant,
    /// Nobody tries any more until a person asks.
    pub gave_up: bool,
}

/// A job as staff sees it who look after what did not come about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedJob {
    /// Which.
    pub id: JobId,
    /// What.
    pub kind: JobKind,
    /// About which enrollment.
    pub enrollment_id: Option<EnrollmentId>,
    /// How many attempts have begun, those before a "try again" included.
    pub attempts: u32,
    /// Why the last one failed.
    pub last_error: Option<Text>,
    /// When it was written down.
    pub created_at: Instant,
    /// When it is tried next, unless it was given up.
    pub run_at: Instant,
    /// Since when nobody tries any more.
    pub gave_up_at: Option<Instant>,
    /// Until when somebody is at it.
    pub lease_until: Option<Instant>,
    /// When it ended.
    pub done_at: Option<Instant>,
}

impl ListedJob {
    /// Whether somebody is at it now.
    pub fn is_at_work(&self, now: Instant) -> bool {
        self.done_at.is_none() && self.lease_until.is_some_and(|until| until > now)
    }

    /// Whether a person may drop it. Money is asked about until somebody knows.
    pub fn may_be_dropped(&self) -> bool {
        !matches!(self.kind, JobKind::Checkout | JobKind::Refund)
    }
}

/// How long a claim holds: longer than the slowest honest attempt.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);

/// How long to wait after the `attempts`-th failure. `jitter` is within 0..1 and spreads
/// the delay over its upper half, so that terminals don't come back all at once.
pub fn retry_delay(kind: JobKind, attempts: u32, jitter: f64) -> TimeDelta {
    const FIRST_MS: i64 = 2_000;
    let doublings = attempts.saturating_sub(1).min(20);
    let full = (FIRST_MS << doublings).min(kind.longest_delay().num_milliseconds());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds of at most some hours"
    )]
    let spread = (full as f64 / 2.0 * jitter.clamp(0.0, 1.0)) as i64;
    TimeDelta::milliseconds(full / 2 + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_up_to_a_limit() {
        for kind in JobKind::ALL {
            let delays: Vec<_> = (1..30).map(|attempt| retry_delay(*kind, attempt, 0.5)).collect();
            assert!(delays.is_sorted());
            assert!(retry_delay(*kind, 1, 0.0) >= TimeDelta::seconds(1));
            assert!(retry_delay(*kind, u32::MAX, 1.0) <= kind.longest_delay());
        }
    }

    #[test]
    fn keeps_trying_as_long_as_it_helps() {
        let patience = |kind: JobKind, jitter: f64| -> TimeDelta {
            (1..kind.max_attempts()).map(|attempt| retry_delay(kind, attempt, jitter)).sum()
        };
        assert!(patience(JobKind::Provision, 1.0) < TimeDelta::minutes(20));
        assert!(patience(JobKind::Provision, 0.0) > TimeDelta::minutes(5));
        for kind in [JobKind::Mail, JobKind::Withdraw] {
            assert!(patience(kind, 0.0) > TimeDelta::hours(12), "{kind:?}");
        }
        assert!(patience(JobKind::Certificate, 0.0) > TimeDelta::days(21));
        assert_eq!((JobKind::Checkout.max_attempts(), JobKind::Refund.max_attempts()), (u32::MAX, u32::MAX));
    }

    #[test]
    fn needs_read_back() {
        let secret = Needs::Secret(SecretName::parse("CERTIPORT_API_KEY").expect("a name"));
        let processor = Needs::Processor(ProcessorName::sandbox());
        for needs in [Needs::Nothing, Needs::Mail, secret, processor] {
            assert_eq!(Needs::parse(&needs.code()), Some(needs));
        }
    }
}
