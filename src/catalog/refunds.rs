//! `refunds = [ … ]` of a partner: what is paid back, and how long.

use super::report::Report;
use super::section::{Kind, Section};
use crate::domain::progress::Percent;
use crate::domain::refund::{RefundPolicy, RefundStep, RefundWhen};

const STEP: Kind = Kind {
    name: "refund step",
    keys: &["percent", "before_start", "progress_up_to", "days_after_enrolling"],
};

/// The keys of which each step has exactly one.
const CONDITIONS: [&str; 3] = ["before_start", "progress_up_to", "days_after_enrolling"];

/// More steps than this nobody can follow.
const MAX_STEPS: usize = 8;

/// The longest time after enrolling that is believed, in days.
const MAX_DAYS: i64 = 3_650;

/// Reads the refund policy of a partner; one that says nothing has the usual policy. `refunds = []`
/// pays nothing back.
pub(super) fn read(report: &mut Report<'_>, partner: Section<'_>) -> RefundPolicy {
    if !partner.has("refunds") {
        return RefundPolicy::default();
    }
    let sections = partner.list(report, "refunds");
    if sections.len() > MAX_STEPS {
        let what = format!("the list of refunds has {} steps", sections.len());
        report.error(partner.at("refunds"), what, format!("Keep {MAX_STEPS} or fewer."));
        return RefundPolicy::default();
    }
    RefundPolicy::new(sections.into_iter().filter_map(|section| step(report, section)).collect())
}

fn step(report: &mut Report<'_>, section: Section<'_>) -> Option<RefundStep> {
    let section = section.of(&STEP);
    section.require(report, "percent", "100");
    let percent = percent(report, section, "percent");
    section.finish(report);
    let when = when(report, section);
    Some(RefundStep { percent: percent?, when: when? })
}

fn when(report: &mut Report<'_>, section: Section<'_>) -> Option<RefundWhen> {
    let written: Vec<&str> = CONDITIONS.into_iter().filter(|key| section.has(key)).collect();
    let &[key] = written.as_slice() else {
        let what = match written.len() {
            0 => "the refund step has no condition",
            _ => "the refund step has more than one condition",
        };
        let mend = "Write one of before_start = true, progress_up_to = 25 or days_after_enrolling = 14.";
        report.error(section.at, what, mend);
        return None;
    };
    match key {
        "progress_up_to" => percent(report, section, key).map(RefundWhen::ProgressUpTo),
        "days_after_enrolling" => {
            let days = section.whole(report, key, 0..=MAX_DAYS)?;
            u16::try_from(days).ok().map(RefundWhen::DaysAfterEnrolling)
        }
        _ if section.flag(report, key, true) => Some(RefundWhen::BeforeStart),
        _ => {
            let mend = "Write before_start = true, or remove the step.";
            report.error(section.at(key), "before_start is false, which is no condition", mend);
            None
        }
    }
}

fn percent(report: &mut Report<'_>, section: Section<'_>, key: &str) -> Option<Percent> {
    section.whole(report, key, 0..=100).and_then(Percent::new)
}
