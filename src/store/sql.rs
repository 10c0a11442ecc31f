//! Every statement, one text for both engines.
//!
//! `$1` placeholders; time and ids are bound, never asked of the database. PostgreSQL needs a
//! CAST where the type of an aggregate or of an adopted column differs from BIGINT.

mod courses;
mod examine;
mod jobs;
mod ledger;
mod lessons;
mod lti;
mod partners;
mod payments;
mod people;
mod programs;
mod proofs;
mod reports;
mod reviews;
mod seats;
mod writes;

pub use courses::*;
pub use examine::*;
pub use jobs::*;
pub use ledger::*;
pub use lessons::*;
pub use lti::*;
pub use partners::*;
pub use payments::*;
pub use people::*;
pub use programs::*;
pub use proofs::*;
pub use reports::*;
pub use reviews::*;
pub use seats::*;
pub use writes::*;

/// Declares statements and the list of them, so that none can be left out of the list.
macro_rules! statements {
    ($list:ident: $($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*
        /// The statements of this file.
        pub const $list: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
use statements;

/// Every statement with its name.
pub const ALL: &[&[(&str, &str)]] = &[
    COURSES, EXAMINE, JOBS, LEDGER, LESSONS, LTI, PARTNERS, PAYMENTS, PEOPLE, PROGRAMS, PROOFS, REPORTS,
    REVIEWS, SEATS, WRITES,
];

/// The columns of a provider and of a course with its latest terms, as `OfferRow` reads them.
macro_rules! offer_columns {
    () => {
        "v.id AS v_id, v.provider_name, v.provider_type, v.active AS v_active, v.api_config, \
         v.description AS v_description, v.icon, v.status AS v_status, v.status_note, v.status_until, \
         v.status_since, v.closes_on, v.ends_on AS v_ends_on, v.retirement_note, v.failures, v.successes, \
         v.failing_from, v.last_failure_at, v.troubled_since, v.demo AS v_demo, v.refund_policy, c.id AS c_id, c.program_id AS c_program_id, c.course_name, \
         c.external_course_code, c.active AS c_active, c.metadata, c.pacing, c.hours AS c_hours, \
         c.credential AS c_credential, c.price_cents, c.currency, t.kind AS terms_kind, \
         t.share_bp, t.wholesale_cents, CASE WHEN EXISTS (SELECT 1 FROM cohorts d WHERE d.course_id = c.id \
         AND d.active = true) THEN TRUE ELSE FALSE END AS dated"
    };
}
use offer_columns;

/// The columns of a cohort `k`, as `CohortRow` reads them.
macro_rules! cohort_columns {
    () => {
        "k.id AS k_id, k.course_id AS k_course_id, k.starts_on, k.ends_on, k.schedule, k.time_zone, \
         k.location, k.seats, k.taken, k.active AS k_active, (SELECT COUNT(*) FROM waitlist_entries w \
         WHERE w.cohort_id = k.id AND w.status = 'waiting') AS waiting"
    };
}
use cohort_columns;

/// The columns of a report `q` that a course is finished, as `ProofRow` reads them: without its file.
macro_rules! proof_columns {
    () => {
        "q.id AS q_id, q.enrollment_id AS q_enrollment_id, q.status AS q_status, q.sent_at AS q_sent_at, \
         q.finished_on AS q_finished_on, q.note AS q_note, q.url AS q_url, q.file_name AS q_file_name, \
         CAST(LENGTH(q.file) AS BIGINT) AS q_bytes, q.decided_at AS q_decided_at, \
         q.decision_note AS q_decision_note"
    };
}
use proof_columns;

/// The terms agreed last. One row per course at most: `(course_id, valid_from)` is unique.
macro_rules! latest_terms {
    () => {
        " LEFT JOIN partner_terms t ON t.course_id = c.id AND t.valid_from = \
         (SELECT MAX(l.valid_from) FROM partner_terms l WHERE l.course_id = c.id)"
    };
}
use latest_terms;

/// The version of a course taught here that an enrollment is about: the one that was begun, or else the newest.
macro_rules! version_of {
    ($enrollment:literal) => {
        concat!(
            "COALESCE(",
            $enrollment,
            ".version_id, (SELECT n.id FROM course_versions n WHERE n.program_id = ",
            $enrollment,
            ".program_id ORDER BY n.number DESC LIMIT 1))"
        )
    };
}
use version_of;
