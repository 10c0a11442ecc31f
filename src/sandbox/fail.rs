//! What shall go wrong, for tests and demos of bad days.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fail {
    /// The work is done, the answer never comes.
    Timeout,
    /// Of every request the first one does its work but answers 500, the next one succeeds.
    FirstFails,
    /// Answers are cut in half.
    TruncatedJson,
    /// Answers take more than a second.
    Slow,
    /// The network delivers every request twice.
    DuplicateDelivery,
    /// Links into courses have expired before they are used.
    ExpiredLink,
    /// Every request is answered 503.
    PartnerDown,
}

const NAMES: [(Fail, &str); 7] = [
    (Fail::Timeout, "timeout"),
    (Fail::FirstFails, "500-then-success"),
    (Fail::TruncatedJson, "truncated-json"),
    (Fail::Slow, "slow"),
    (Fail::DuplicateDelivery, "duplicate-delivery"),
    (Fail::ExpiredLink, "expired-link"),
    (Fail::PartnerDown, "partner-down"),
];

/// Everything that goes wrong at the moment. Written as a comma list; empty when all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailPlan(BTreeSet<Fail>);

/// A word that names no failure.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{word:?} is no failure the sandbox knows; choose among: {}", NAMES.map(|(_, name)| name).join(", "))]
pub struct FailPlanError {
    /// The word.
    pub word: String,
}

impl FailPlan {
    /// Whether this goes wrong.
    pub fn has(&self, fail: Fail) -> bool {
        self.0.contains(&fail)
    }
}

impl FromStr for FailPlan {
    type Err = FailPlanError;
    fn from_str(raw: &str) -> Result<Self, FailPlanError> {
        raw.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| {
                let known = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(word));
                known.map(|(fail, _)| *fail).ok_or_else(|| FailPlanError { word: word.to_owned() })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for FailPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> =
            NAMES.iter().filter(|(fail, _)| self.has(*fail)).map(|(_, name)| *name).collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_names_the_choices() {
        let all = NAMES.map(|(_, name)| name).join(",");
        let plan: FailPlan = all.parse().expect("all names");
        assert_eq!(plan.to_string(), all);
        assert_eq!("".parse(), Ok(FailPlan::default()));
        let error = "slow, fire".parse::<FailPlan>().expect_err("no such failure").to_string();
        assert!(error.contains("\"fire\"") && error.contains("partner-down"), "{error}");
    }
}
