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
    /// What changes something does its work but answers 500, and the same again whenever the same
    /// idempotency key comes.
    KeptError,
}

/// What can go wrong at partners.
const NAMES: [(Fail, &str); 7] = [
    (Fail::Timeout, "timeout"),
    (Fail::FirstFails, "500-then-success"),
    (Fail::TruncatedJson, "truncated-json"),
    (Fail::Slow, "slow"),
    (Fail::DuplicateDelivery, "duplicate-delivery"),
    (Fail::ExpiredLink, "expired-link"),
    (Fail::PartnerDown, "partner-down"),
];

/// What can go wrong at the payment processor, written with the prefix.
const PROCESSOR_NAMES: [(Fail, &str); 7] = [
    (Fail::Timeout, "timeout"),
    (Fail::FirstFails, "500-then-success"),
    (Fail::KeptError, "500-kept"),
    (Fail::TruncatedJson, "truncated-json"),
    (Fail::Slow, "slow"),
    (Fail::DuplicateDelivery, "duplicate-delivery"),
    (Fail::PartnerDown, "partner-down"),
];

/// What stands before a failure of the payment processor.
const PROCESSOR: &str = "processor:";

/// Everything that goes wrong at the moment. Written as a comma list; empty when all is well.
/// Partners and the payment processor (`processor:timeout`) go wrong independently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FailPlan {
    partners: BTreeSet<Fail>,
    processor: BTreeSet<Fail>,
}

/// A word that names no failure.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{word:?} is no failure the sandbox knows; choose among: {}, and for the payment processor: {}", listed(&NAMES, ""), listed(&PROCESSOR_NAMES, PROCESSOR))]
pub struct FailPlanError {
    /// The word.
    pub word: String,
}

impl FailPlan {
    /// Whether this goes wrong at partners.
    pub fn has(&self, fail: Fail) -> bool {
        self.partners.contains(&fail)
    }

    /// What goes wrong at the payment processor, to be asked in the same way.
    pub(super) fn of_processor(&self) -> Self {
        Self { partners: self.processor.clone(), processor: BTreeSet::new() }
    }
}

fn listed(names: &[(Fail, &str)], prefix: &str) -> String {
    names.iter().map(|(_, name)| format!("{prefix}{name}")).collect::<Vec<_>>().join(", ")
}

fn named(names: &[(Fail, &str)], word: &str) -> Option<Fail> {
    names.iter().find(|(_, name)| name.eq_ignore_ascii_case(word)).map(|(fail, _)| *fail)
}

impl FromStr for FailPlan {
    type Err = FailPlanError;
    fn from_str(raw: &str) -> Result<Self, FailPlanError> {
        let mut plan = Self::default();
        for word in raw.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (names, bare, into) = match word.strip_prefix(PROCESSOR) {
                Some(bare) => (&PROCESSOR_NAMES, bare, &mut plan.processor),
                None => (&NAMES, word, &mut plan.partners),
            };
            into.insert(named(names, bare).ok_or_else(|| FailPlanError { word: word.to_owned() })?);
        }
        Ok(plan)
    }
}

impl fmt::Display for FailPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let partners = NAMES.iter().filter(|(fail, _)| self.partners.contains(fail));
        let processor = PROCESSOR_NAMES.iter().filter(|(fail, _)| self.processor.contains(fail));
        let names: Vec<String> = partners
            .map(|(_, name)| (*name).to_owned())
            .chain(processor.map(|(_, name)| format!("{PROCESSOR}{name}")))
            .collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_names_the_choices() {
        let all = [listed(&NAMES, ""), listed(&PROCESSOR_NAMES, PROCESSOR)].join(",").replace(' ', "");
        let plan: FailPlan = all.parse().expect("all names");
        assert_eq!(plan.to_string(), all);
        assert_eq!("".parse(), Ok(FailPlan::default()));
        let error = "slow, fire".parse::<FailPlan>().expect_err("no such failure").to_string();
        assert!(error.contains("\"fire\"") && error.contains("processor:timeout"), "{error}");
        assert!("processor:expired-link".parse::<FailPlan>().is_err(), "it has no links");
    }

    #[test]
    fn partners_and_processor_go_wrong_independently() {
        let plan: FailPlan = "slow,processor:timeout".parse().expect("a plan");
        assert!(plan.has(Fail::Slow) && !plan.has(Fail::Timeout));
        assert!(plan.of_processor().has(Fail::Timeout) && !plan.of_processor().has(Fail::Slow));
    }
}
