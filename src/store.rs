//! The only place that knows SQL (the sandbox's own file aside).
//!
//! [`Store`] is the only face of two engines. A service hands over a whole decision as one
//! value and gets the outcome or a refusal; no transaction leaves the store. Every write is one
//! transaction, tried again a few times when others were in the way. Ids and times come from
//! the caller, so a write that was cut off can be looked up afterwards.
//!
//! Behind the face one source tree (`engine/`) is compiled once per engine, and every statement
//! is one text for both (`sql.rs`).

mod config;
mod content;
mod error;
mod examine;
mod fail;
mod postgres;
mod rows;
mod sql;
mod sqlite;

pub use error::{Conflict, StoreError};
pub use examine::{Examination, GivenUp, Look, Migrations, OpenJobs, Part, Reading, SeatCount, Setting};
pub use fail::{FailPoint, FailPoints};

use crate::domain::candidate::Outcomes;
use crate::domain::catalog::{Catalog, ImportReport};
use crate::domain::event::Event;
use crate::domain::fits::Preferences;
use crate::domain::ids::{EnrollmentId, JobId, ProgramId, ProviderId, ReviewId, StudentId, WaitlistId};
use crate::domain::job::{Job, ListedJob, Needs};
use crate::domain::listing::{ListCursor, ProgramPage};
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::plan::{
    AccountPlan, CancelPlan, CertificatePlan, EditReviewPlan, EnrollmentPlan, ExpiryPlan, JobDonePlan,
    JobFailedPlan, JoinPlan, LaunchPlan, LeavePlan, ModerationPlan, PostReviewPlan, ProgressPlan,
    ProvisionedPlan, RetryPlan, TendJobPlan, WithdrawReviewPlan,
};
use crate::domain::program::Slug;
use crate::domain::progress::ProgressSample;
use crate::domain::review::{Review, ReviewCursor, ReviewPage, ReviewQuery};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, HistoryEntry, PartnerAccount, ProgramView, SyncPartner, SyncTarget};
use crate::domain::waitlist::WaitlistView;
use chrono::TimeDelta;
use sqlx::migrate::MigrateError;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use uuid::Uuid;

/// A database: SQLite or PostgreSQL, with the same behaviour. Clones share their connections.
#[derive(Clone, Debug)]
pub enum Store {
    /// A file.
    Sqlite(sqlite::Backend),
    /// A server.
    Postgres(postgres::Backend),
}

/// Which engine a store runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Import a catalogue: all of it or nothing.
pub struct ImportPlan<'a> {
    /// What to import.
    pub catalog: &'a Catalog,
    /// Whether what is absent from it is deactivated.
    pub prune: bool,
    /// What happened; its time is the beginning of new terms.
    pub event: Event,
    /// How long the offers of new seats stand for those who wait.
    pub offers_last: TimeDelta,
    /// Makes the ids of new rows.
    pub mint: &'a (dyn Fn() -> Uuid + Send + Sync),
}

impl fmt::Debug for ImportPlan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportPlan").field("prune", &self.prune).field("event", &self.event).finish()
    }
}

/// The text of a statement by its name: for whoever measures it, or has an engine explain it.
pub fn statement(name: &str) -> Option<&'static str> {
    sql::ALL.iter().copied().flatten().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// How often a write is tried when others were in the way.
const TRIES: u32 = 4;

/// The pause before the next try, doubled each time.
const PAUSE: Duration = Duration::from_millis(20);

/// Calls the same function of whichever engine it is.
macro_rules! call {
    ($store:expr, $function:ident($($argument:expr),*)) => {
        match $store {
            Self::Sqlite(backend) => backend.$function($($argument),*).await,
            Self::Postgres(backend) => backend.$function($($argument),*).await,
        }
    };
}

/// The same for a whole transaction, tried again while the database is busy.
macro_rules! transact {
    ($store:expr, $function:ident($($argument:expr),*)) => {{
        let mut tries = 1;
        loop {
            match call!($store, $function($($argument),*)) {
                Err(StoreError::Busy) if tries < TRIES => {
                    tokio::time::sleep(PAUSE * 2_u32.pow(tries)).await;
                    tries += 1;
                }
                outcome => break outcome,
            }
        }
    }};
}

// After the macros, which they use.
mod lessons;
mod lti;
mod money;
// Below the macros they use.
mod partners;
mod proofs;
mod reports;

impl Store {
    /// Opens the database at `url`: `sqlite:///path/file.db`, `sqlite://relative.db` or
    /// `postgres://user@host/name`. Creates a missing file, adopts standing partner tables on
    /// PostgreSQL, and brings the tables up to date. What is not ours stays untouched.
    pub async fn open(url: &str, fail: FailPoints) -> Result<Self, StoreError> {
        if let Some(path) = sqlite::path(url) {
            return sqlite::open(&path, fail).await.map(Self::Sqlite);
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres::open(url, fail).await.map(Self::Postgres);
        }
        Err(StoreError::Address)
    }

    /// Closes all connections, after what runs has ended.
    pub async fn close(&self) {
        call!(self, close());
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The fail points, for the services' own boundaries.
    pub fn fail_points(&self) -> &FailPoints {
        match self {
            Self::Sqlite(backend) => backend.fail_points(),
            Self::Postgres(backend) => backend.fail_points(),
        }
    }

    /// Has the engine check every statement against the tables. Returns how many there are, or
    /// the name of the first that does not fit.
    pub async fn check_statements(&self) -> Result<usize, (&'static str, StoreError)> {
        call!(self, check_statements())
    }

    /// Imports a catalogue by its natural keys; only differences are written.
    pub async fn import_catalog(&self, plan: &ImportPlan<'_>) -> Result<ImportReport, StoreError> {
        transact!(self, import_catalog(plan))
    }

    /// The catalogue as the database holds it: all partners, and the programs on offer with the
    /// starts that are not over at `at`.
    pub async fn export_catalog(&self, at: Instant) -> Result<Catalog, StoreError> {
        call!(self, export_catalog(at))
    }

    /// Whether there is any program or partner.
    pub async fn has_catalog(&self) -> Result<bool, StoreError> {
        call!(self, has_catalog())
    }

    /// Whether a demo catalogue was imported.
    pub async fn has_demo_partners(&self) -> Result<bool, StoreError> {
        call!(self, has_demo_partners())
    }

    /// The programs on offer by title, with all their partners, available or not.
    /// Like every program that is read, they come with the starts that are not over at `at`.
    pub async fn list_programs(&self, at: Instant) -> Result<Vec<ProgramView>, StoreError> {
        call!(self, list_programs(at))
    }

    /// A page of the programs on offer, in the order of the catalogue: at most `limit` after
    /// `after`, with the starts that are not over at `at`. Its details are left empty.
    pub async fn page_of_programs(
        &self,
        after: Option<&ListCursor>,
        limit: u16,
        at: Instant,
    ) -> Result<ProgramPage, StoreError> {
        call!(self, page_of_programs(after, limit, at))
    }

    /// These programs with all their partners, in any order. Ids nobody knows are left out.
    pub async fn list_programs_by_id(
        &self,
        ids: &[ProgramId],
        at: Instant,
    ) -> Result<Vec<ProgramView>, StoreError> {
        call!(self, list_programs_by_id(ids, at))
    }

    /// A program by its slug, on offer or not.
    pub async fn find_program(&self, slug: &Slug, at: Instant) -> Result<Option<ProgramView>, StoreError> {
        call!(self, find_program(slug, at))
    }

    /// A program by its id, on offer or not.
    pub async fn find_program_by_id(
        &self,
        id: ProgramId,
        at: Instant,
    ) -> Result<Option<ProgramView>, StoreError> {
        call!(self, find_program_by_id(id, at))
    }

    /// How many are at each course of a program, and how many have completed it.
    pub async fn count_outcomes(&self, program: ProgramId) -> Result<Outcomes, StoreError> {
        call!(self, count_outcomes(program))
    }

    /// A student by id.
    pub async fn find_student(&self, id: StudentId) -> Result<Option<Student>, StoreError> {
        call!(self, find_student(id))
    }

    /// A student by address, whatever its case.
    pub async fn find_student_by_email(&self, email: &Email) -> Result<Option<Student>, StoreError> {
        call!(self, find_student_by_email(email))
    }

    /// Students whose name or address contains `part`, whatever its case; at most `limit`.
    pub async fn search_students(&self, part: &str, limit: i64) -> Result<Vec<Student>, StoreError> {
        call!(self, search_students(part, limit))
    }

    /// Changes name and address of a student who exists.
    pub async fn save_student(&self, student: &Student, event: &Event) -> Result<(), StoreError> {
        transact!(self, save_student(student, event))
    }

    /// What a student told us they need.
    pub async fn find_preferences(&self, student: StudentId) -> Result<Option<Preferences>, StoreError> {
        call!(self, find_preferences(student))
    }

    /// Keeps what a student who exists told us they need.
    pub async fn save_preferences(
        &self,
        student: StudentId,
        preferences: &Preferences,
        event: &Event,
    ) -> Result<(), StoreError> {
        transact!(self, save_preferences(student, preferences, event))
    }

    /// The advisor with this address; written down if new.
    pub async fn ensure_advisor(&self, advisor: &Advisor, at: Instant) -> Result<Advisor, StoreError> {
        transact!(self, ensure_advisor(advisor, at))
    }

    /// Every enrollment of a student, newest first.
    pub async fn list_courses(&self, student: StudentId) -> Result<Vec<CourseView>, StoreError> {
        call!(self, list_courses(student))
    }

    /// One enrollment.
    pub async fn find_course(&self, id: EnrollmentId) -> Result<Option<CourseView>, StoreError> {
        call!(self, find_course(id))
    }

    /// The student's pending or active enrollment in a program.
    pub async fn find_live_enrollment(
        &self,
        student: StudentId,
        program: ProgramId,
    ) -> Result<Option<CourseView>, StoreError> {
        call!(self, find_live_enrollment(student, program))
    }

    /// The enrollment the student opened last, an active one if there is any; one that was
    /// never opened counts from its enrollment.
    pub async fn last_used(&self, student: StudentId) -> Result<Option<EnrollmentId>, StoreError> {
        call!(self, last_used(student))
    }

    /// The partners of active enrollments they have confirmed, by name; one student's or everybody's.
    pub async fn list_sync_partners(
        &self,
        student: Option<StudentId>,
    ) -> Result<Vec<SyncPartner>, StoreError> {
        call!(self, list_sync_partners(student))
    }

    /// Active enrollments one partner has confirmed, the oldest figures first: at most `limit` after
    /// `after`, whose figures are not newer than `begun`; so that each is met once by whoever moves the
    /// figures on the way. Of one student, all of them.
    pub async fn list_syncable(
        &self,
        provider: ProviderId,
        student: Option<StudentId>,
        begun: Instant,
        after: Option<&SyncTarget>,
        limit: u16,
    ) -> Result<Vec<SyncTarget>, StoreError> {
        call!(self, list_syncable(provider, student, begun, after, limit))
    }

    /// The newest reports of progress of an enrollment, the newest first.
    pub async fn list_samples(
        &self,
        id: EnrollmentId,
        limit: u16,
    ) -> Result<Vec<ProgressSample>, StoreError> {
        call!(self, list_samples(id, limit))
    }

    /// Certificates that run out between `from` and `until` and that nobody was told about yet, the next one
    /// first; at most `limit`.
    pub async fn list_expiring_certificates(
        &self,
        from: Instant,
        until: Instant,
        limit: u16,
    ) -> Result<Vec<EnrollmentId>, StoreError> {
        call!(self, list_expiring_certificates(from, until, limit))
    }

    /// Writes down that a certificate's end was announced, with the mail that tells it; `false` when it
    /// had been already.
    pub async fn announce_expiry(&self, plan: &ExpiryPlan) -> Result<bool, StoreError> {
        transact!(self, announce_expiry(plan))
    }

    /// What happened to an enrollment, newest first.
    pub async fn list_history(&self, id: EnrollmentId) -> Result<Vec<HistoryEntry>, StoreError> {
        call!(self, list_history(id))
    }

    /// The newest time among the events that were written last.
    pub async fn newest_event_at(&self) -> Result<Option<Instant>, StoreError> {
        call!(self, newest_event_at())
    }

    /// How often the partner was asked to enroll, retries by a person included.
    pub async fn provision_attempts(&self, id: EnrollmentId) -> Result<u32, StoreError> {
        call!(self, provision_attempts(id))
    }

    /// Enrolls, and takes the seat of its start. `Conflict::LiveEnrollment`, `StudentExists`,
    /// `CohortFull` or `OfferOver` when a rule says no.
    pub async fn enroll(&self, plan: &EnrollmentPlan) -> Result<(), StoreError> {
        transact!(self, enroll(plan))
    }

    /// Cancels, and settles outside work that nobody has begun. `Conflict::Changed` when the
    /// enrollment is not where the decision saw it (a report or a launch came in between), or when the partner was asked to enroll
    /// meanwhile and the plan does not withdraw.
    pub async fn cancel(&self, plan: &CancelPlan) -> Result<(), StoreError> {
        transact!(self, cancel(plan))
    }

    /// Joins the waitlist of a cohort. `Conflict::SeatFree`, `AlreadyWaiting` or `LiveEnrollment`
    /// when a rule says no, `Changed` when the start takes nobody any more.
    pub async fn join_waitlist(&self, plan: &JoinPlan) -> Result<(), StoreError> {
        transact!(self, join_waitlist(plan))
    }

    /// Leaves a waitlist, or gives an offered seat back, which the next one gets offered.
    /// `Conflict::Changed` when the entry has ended.
    pub async fn leave_waitlist(&self, plan: &LeavePlan) -> Result<(), StoreError> {
        transact!(self, leave_waitlist(plan))
    }

    /// Gives back what ran out by `at` and offers it to those who wait, for `offers_last`; in how
    /// many cohorts.
    pub async fn settle_seats(&self, at: Instant, offers_last: TimeDelta) -> Result<usize, StoreError> {
        transact!(self, settle_seats(at, offers_last))
    }

    /// When the next hold or offer of a seat runs out.
    pub async fn next_due_seat(&self) -> Result<Option<Instant>, StoreError> {
        call!(self, next_due_seat())
    }

    /// What a student waits for, newest first; what ended without a seat stays for a week.
    pub async fn list_waitlist(
        &self,
        student: StudentId,
        at: Instant,
    ) -> Result<Vec<WaitlistView>, StoreError> {
        call!(self, list_waitlist(student, at))
    }

    /// One waitlist entry.
    pub async fn find_waitlist_entry(&self, id: WaitlistId) -> Result<Option<WaitlistView>, StoreError> {
        call!(self, find_waitlist_entry(id))
    }

    /// Writes a review. `Conflict::AlreadyReviewed` when the enrollment has one.
    pub async fn post_review(&self, plan: &PostReviewPlan) -> Result<(), StoreError> {
        transact!(self, post_review(plan))
    }

    /// Changes a review. `Conflict::Changed` when there is none.
    pub async fn edit_review(&self, plan: &EditReviewPlan) -> Result<(), StoreError> {
        transact!(self, edit_review(plan))
    }

    /// Takes a review back and forgets its text. `Conflict::Changed` when there is none.
    pub async fn withdraw_review(&self, plan: &WithdrawReviewPlan) -> Result<(), StoreError> {
        transact!(self, withdraw_review(plan))
    }

    /// Hides the text of a review, or shows it again. `Conflict::Changed` when it is so already.
    pub async fn moderate_review(&self, plan: &ModerationPlan) -> Result<(), StoreError> {
        transact!(self, moderate_review(plan))
    }

    /// A review that was not withdrawn.
    pub async fn find_review(&self, id: ReviewId) -> Result<Option<Review>, StoreError> {
        call!(self, find_review(id))
    }

    /// The review of an enrollment, unless it was withdrawn.
    pub async fn find_review_of(&self, enrollment: EnrollmentId) -> Result<Option<Review>, StoreError> {
        call!(self, find_review_of(enrollment))
    }

    /// A page of reviews after `after`, as `viewer` sees them, and what all of them say together.
    pub async fn list_reviews(
        &self,
        query: &ReviewQuery,
        viewer: Option<StudentId>,
        after: Option<&ReviewCursor>,
        limit: u16,
    ) -> Result<ReviewPage, StoreError> {
        call!(self, list_reviews(query, viewer, after, limit))
    }

    /// For how many scores of a course the total is not the number of its reviews: none, ever.
    pub async fn count_wrong_ratings(&self) -> Result<i64, StoreError> {
        call!(self, count_wrong_ratings())
    }

    /// Keeps a new account; an older one of the same student and partner stays instead.
    pub async fn record_account(&self, plan: &AccountPlan) -> Result<(), StoreError> {
        transact!(self, record_account(plan))
    }

    /// Whether the partner's id of a cancelled enrollment stands for another one of the same
    /// student that is not cancelled: a partner may give back the place it gave before.
    pub async fn is_reused(&self, id: EnrollmentId, external: &Text) -> Result<bool, StoreError> {
        call!(self, is_reused(id, external))
    }

    /// The student's account at a partner.
    pub async fn find_account(
        &self,
        student: StudentId,
        provider: ProviderId,
    ) -> Result<Option<PartnerAccount>, StoreError> {
        call!(self, find_account(student, provider))
    }

    /// Writes the partner's ids down and ends the job; also for an enrollment that was
    /// cancelled meanwhile, whose withdrawal needs them.
    pub async fn record_provisioned(&self, plan: &ProvisionedPlan) -> Result<(), StoreError> {
        transact!(self, record_provisioned(plan))
    }

    /// Ends a job.
    pub async fn finish_job(&self, plan: &JobDonePlan) -> Result<(), StoreError> {
        transact!(self, finish_job(plan))
    }

    /// Writes a failure down, unless the claim was taken over.
    pub async fn fail_job(&self, plan: &JobFailedPlan) -> Result<(), StoreError> {
        transact!(self, fail_job(plan))
    }

    /// Opens the given-up jobs of an enrollment again, with a new budget of attempts; how many.
    /// Of a cancelled one only its withdrawal: nobody is enrolled again by trying again.
    pub async fn retry_jobs(&self, plan: &RetryPlan) -> Result<u64, StoreError> {
        transact!(self, retry_jobs(plan))
    }

    /// Outside work that was given up, or all that is not done; the oldest first.
    pub async fn list_jobs(&self, all: bool, limit: u16) -> Result<Vec<ListedJob>, StoreError> {
        call!(self, list_jobs(all, limit))
    }

    /// One job, done or not.
    pub async fn find_job(&self, id: JobId) -> Result<Option<ListedJob>, StoreError> {
        call!(self, find_job(id))
    }

    /// Tries one job again or drops it. `Conflict::Changed` where it is done, at work, or not to be dropped.
    pub async fn tend_job(&self, plan: &TendJobPlan) -> Result<(), StoreError> {
        transact!(self, tend_job(plan))
    }

    /// Writes a launch down.
    pub async fn record_launch(&self, plan: &LaunchPlan) -> Result<(), StoreError> {
        transact!(self, record_launch(plan))
    }

    /// Keeps a report of progress. The figure is computed again from the one that stands
    /// ([`Progress::after`](crate::domain::progress::Progress::after)), completion counts once.
    pub async fn record_progress(&self, plan: &ProgressPlan) -> Result<(), StoreError> {
        transact!(self, record_progress(plan))
    }

    /// Keeps a certificate, the first one of an enrollment, and ends the job.
    pub async fn record_certificate(&self, plan: &CertificatePlan) -> Result<(), StoreError> {
        transact!(self, record_certificate(plan))
    }

    /// Claims the job that is due longest of those this process can do. Partner jobs of one
    /// enrollment are claimed one after the other, oldest first, and those of one student at one
    /// partner one at a time; mail waits for none of them.
    pub async fn claim_job(
        &self,
        now: Instant,
        lease_until: Instant,
        can: &(dyn Fn(&Needs) -> bool + Send + Sync),
    ) -> Result<Option<Job>, StoreError> {
        transact!(self, claim_job(now, lease_until, can))
    }

    /// When the next job this process can do may be claimed.
    pub async fn next_job_at(
        &self,
        can: &(dyn Fn(&Needs) -> bool + Send + Sync),
    ) -> Result<Option<Instant>, StoreError> {
        call!(self, next_job_at(can))
    }
}

/// The file a SQLite address names.
pub fn file_of(url: &str) -> Option<PathBuf> {
    sqlite::path(url)
}

fn migration_error(error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => StoreError::FromTheFuture,
        MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => inner.into(),
        other => {
            tracing::error!(error = %other, "the tables could not be brought up to date");
            StoreError::Corrupt { what: "The tables of this database are incomplete".to_owned() }
        }
    }
}
