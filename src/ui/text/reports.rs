//! What the reports say.

use crate::domain::report::{By, ReportKind};
use crate::ui::keymap::{Action, Keymap};

/// While a report is read.
pub const READING_REPORT: &str = "Reading the report …";

/// Where nothing happened.
pub fn nothing_reported(keys: &Keymap) -> String {
    format!("Nothing happened in this period. {} chooses another one.", keys.sign(Action::Period))
}

/// The name of a table.
pub fn report(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::Completion => "Completion",
        ReportKind::Revenue => "Revenue",
        ReportKind::Performance => "Performance",
    }
}

/// What its rows are about.
pub fn report_by(by: By) -> &'static str {
    match by {
        By::Partner => "per partner",
        By::Program => "per program",
    }
}

/// What a table means, in a line under it.
pub fn report_note(kind: ReportKind, by: By) -> &'static str {
    match kind {
        ReportKind::Completion => {
            "Counted is what happened in the period, in UTC days. Days: the median from enrolling."
        }
        ReportKind::Revenue if by == By::Program => {
            "Gross less refunded is what partner and platform share. Payouts stand per partner."
        }
        ReportKind::Revenue => {
            "Gross less refunded is what partner and platform share. Payable: at the end of the period."
        }
        ReportKind::Performance => {
            "Completed against enrolled in the period. Rating and age of figures are as of now."
        }
    }
}

/// The heading of a statement.
pub fn statement_of(partner: &str, period: &str) -> String {
    format!("Statement of {partner} · {period}")
}

/// Where a partner has no enrollments in the period.
pub const EMPTY_STATEMENT: &str = "No enrollment began and no money moved in this period.";
