//! Rows as the statements return them, and what they mean. Columns that an adopted table may
//! leave empty are optional here even where our own tables forbid it.

mod listing;
mod offers;

pub(super) use listing::{EntryRow, OfferEntryRow, StartEntryRow};
pub(super) use offers::{OfferRow, ProviderRow};
mod compare;

pub(super) use compare::{OutcomeRow, PreferencesRow};
mod lessons;
mod lti;
mod payments;
mod proofs;
mod reports;

pub(super) use reports::{
    BalanceRow, EventCountRow, FigureRow, LedgerSumRow, PostedRow, ProgramNameRow, ProviderNameRow,
    RatingCountRow, StatementFactsRow, StatementSumRow,
};
mod reviews;

pub(super) use lessons::{
    AnswerRow, IssuedRow, LearningRow, LessonCheckRow, LessonRow, LessonTextRow, OutlineRow, VersionRow,
};
use lessons::{CertificateRow, TaughtRow};
pub(super) use lti::LtiLaunchRow;
pub(super) use payments::{PaymentRow, RefundRow};
use proofs::ProofRow;
pub(super) use proofs::{ProofFileRow, ProofQueueRow, ProofViewRow};
pub(super) use reviews::{ReviewRow, ReviewViewRow};

use super::error::StoreError;
use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::enrollment::{Delivery, Enrollment, Link, Payment, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::{
    AdvisorId, CohortId, CourseId, EnrollmentId, JobId, ProviderId, StudentId, WaitlistId,
};
use crate::domain::job::{Job, JobKind, JobState, ListedJob, Needs};
use crate::domain::money::{Currency, Money};
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::program::{Program, Slug};
use crate::domain::progress::{Percent, Progress, ProgressSample, ProgressSource};
use crate::domain::review::RatingSummary;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseMoney, CourseView, PartnerAccount, SyncPartner, SyncTarget};
use crate::domain::waitlist::{WaitlistEntry, WaitlistStatus, WaitlistView};
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

fn clean(raw: Option<&String>) -> Text {
    raw.map(|raw| Text::clean(raw)).unwrap_or_default()
}

fn optional(raw: Option<&String>) -> Option<Text> {
    clean(raw).non_empty()
}

fn bad(what: &'static str) -> StoreError {
    StoreError::Row { what }
}

#[derive(FromRow)]
pub(super) struct ProgramRow {
    pub id: Uuid,
    pub slug: String,
    title: String,
    aliases: Json<Vec<Text>>,
    category: String,
    summary: String,
    length: Option<String>,
    hours: Option<i64>,
    credential: Option<String>,
    pub active: bool,
    demo: bool,
    pub position: i64,
}

impl TryFrom<ProgramRow> for Program {
    type Error = StoreError;
    fn try_from(row: ProgramRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            slug: Slug::parse(&row.slug).map_err(|_| bad("program name"))?,
            title: row.title.into(),
            aliases: row.aliases.0,
            category: row.category.into(),
            summary: row.summary.into(),
            length: optional(row.length.as_ref()),
            hours: row.hours.and_then(|hours| hours.try_into().ok()),
            credential: optional(row.credential.as_ref()),
            active: row.active,
            demo: row.demo,
        })
    }
}

/// A zone that is not known any more: UTC.
fn zone(name: Option<&str>) -> Tz {
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

fn money(cents: Option<i64>, currency: Option<&str>) -> Money {
    let currency = currency.and_then(|code| Currency::parse(code).ok());
    Money { cents: cents.unwrap_or_default(), currency: currency.unwrap_or(Currency::USD) }
}

#[derive(FromRow)]
pub(super) struct CohortRow {
    k_id: Option<Uuid>,
    k_course_id: Option<Uuid>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    schedule: Option<String>,
    time_zone: Option<String>,
    location: Option<String>,
    seats: Option<i64>,
    taken: Option<i64>,
    k_active: Option<bool>,
    waiting: i64,
}

impl CohortRow {
    /// The cohort; `None` where the LEFT JOIN found none.
    pub fn cohort(&self) -> Option<Cohort> {
        let number = |raw: Option<i64>| raw.and_then(|raw| u32::try_from(raw).ok()).unwrap_or_default();
        Some(Cohort {
            id: self.k_id?.into(),
            course_id: self.k_course_id?.into(),
            starts_on: self.starts_on?,
            ends_on: self.ends_on,
            schedule: optional(self.schedule.as_ref()),
            time_zone: zone(self.time_zone.as_deref()),
            location: optional(self.location.as_ref()),
            seats: number(self.seats),
            taken: number(self.taken),
            waiting: number(Some(self.waiting)),
            active: self.k_active == Some(true),
        })
    }
}

/// How many reviews of a course gave one rating.
#[derive(FromRow)]
pub(super) struct RatingRow {
    course_id: Uuid,
    rating: i64,
    reviews: i64,
}

impl RatingRow {
    /// Which course it is about.
    pub fn course(&self) -> CourseId {
        self.course_id.into()
    }

    /// All of them together.
    pub fn sum(rows: &[Self]) -> RatingSummary {
        rows.iter().fold(RatingSummary::default(), |sum, row| {
            let mut one = RatingSummary::default();
            row.add_to(&mut one);
            sum.plus(&one)
        })
    }

    /// Adds the row to the summary of its course.
    pub fn add_to(&self, summary: &mut RatingSummary) {
        let place = usize::try_from(self.rating - 1).ok();
        if let Some(count) = place.and_then(|place| summary.counts.get_mut(place)) {
            *count = u32::try_from(self.reviews).unwrap_or(u32::MAX);
        }
    }
}

/// A waitlist entry as the seats' transactions need it.
#[derive(FromRow)]
pub(super) struct EntryRef {
    id: Uuid,
    cohort_id: Uuid,
    student_id: Uuid,
    status: String,
}

impl EntryRef {
    pub fn new(id: Uuid, cohort: CohortId, student: Uuid, status: WaitlistStatus) -> Self {
        Self { id, cohort_id: cohort.as_uuid(), student_id: student, status: status.code().to_owned() }
    }

    pub fn id(&self) -> WaitlistId {
        self.id.into()
    }

    pub fn cohort(&self) -> CohortId {
        self.cohort_id.into()
    }

    pub fn status(&self) -> WaitlistStatus {
        WaitlistStatus::parse(&self.status).unwrap_or(WaitlistStatus::Closed)
    }

    pub fn is_offered(&self) -> bool {
        self.status() == WaitlistStatus::Offered
    }

    /// What happened to it by itself.
    pub fn event(&self, kind: EventKind, at: Instant) -> Event {
        Event {
            id: self.id().end_event(),
            at,
            actor: Actor::System,
            subject: Some(self.student_id.into()),
            kind,
            enrollment: None,
            provider: None,
            payload: serde_json::json!({ "entry": self.id, "cohort": self.cohort_id }),
        }
    }
}

#[derive(FromRow)]
pub(super) struct WaitlistRow {
    w_id: Uuid,
    w_student_id: Uuid,
    joined_at: Instant,
    w_status: String,
    offer_until: Option<Instant>,
    place: i64,
    p_id: Uuid,
    slug: String,
    title: String,
    provider_name: Option<String>,
    price_cents: Option<i64>,
    currency: Option<String>,
    #[sqlx(flatten)]
    cohort: CohortRow,
}

impl TryFrom<WaitlistRow> for WaitlistView {
    type Error = StoreError;
    fn try_from(row: WaitlistRow) -> Result<Self, StoreError> {
        let cohort = row.cohort.cohort().ok_or(bad("start"))?;
        Ok(Self {
            entry: WaitlistEntry {
                id: row.w_id.into(),
                cohort_id: cohort.id,
                student_id: row.w_student_id.into(),
                joined_at: row.joined_at,
            },
            status: WaitlistStatus::parse(&row.w_status).ok_or(bad("waitlist entry"))?,
            place: row.place.try_into().unwrap_or(u32::MAX),
            offer_until: row.offer_until,
            cohort,
            program_id: row.p_id.into(),
            program_slug: Slug::parse(&row.slug).map_err(|_| bad("program name"))?,
            program_title: row.title.into(),
            partner: clean(row.provider_name.as_ref()),
            price: money(row.price_cents, row.currency.as_deref()),
        })
    }
}

#[derive(FromRow)]
pub(super) struct PersonRow {
    id: Uuid,
    email: Option<String>,
    name: Option<String>,
}

impl From<PersonRow> for Student {
    fn from(row: PersonRow) -> Self {
        Self {
            id: row.id.into(),
            email: row.email.as_deref().and_then(|raw| Email::parse(raw).ok()),
            name: optional(row.name.as_ref()),
        }
    }
}

impl TryFrom<PersonRow> for Advisor {
    type Error = StoreError;
    fn try_from(row: PersonRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AdvisorId::from(row.id),
            email: Email::parse(&row.email.unwrap_or_default()).map_err(|_| bad("e-mail address"))?,
            name: optional(row.name.as_ref()),
        })
    }
}

#[derive(FromRow)]
pub(super) struct ProgressRow {
    percent: Option<i64>,
    progress_as_of: Option<Instant>,
    progress_reported: Option<i64>,
    exam_failed_at: Option<Instant>,
    progress_source: Option<String>,
}

impl From<&ProgressRow> for Progress {
    fn from(row: &ProgressRow) -> Self {
        Self {
            percent: row.percent.and_then(Percent::new).unwrap_or_default(),
            as_of: row.progress_as_of,
            reported: row.progress_reported.and_then(Percent::new),
            exam_failed_at: row.exam_failed_at,
            source: row.progress_source.as_deref().and_then(ProgressSource::parse),
        }
    }
}

#[derive(FromRow)]
pub(super) struct EnrollmentRow {
    e_id: Uuid,
    e_provider_id: Option<Uuid>,
    student_id: Uuid,
    e_course_id: Option<Uuid>,
    e_program_id: Uuid,
    external_account_id: Option<String>,
    external_enrollment_id: Option<String>,
    e_status: String,
    #[sqlx(flatten)]
    progress: ProgressRow,
    enrolled_at: Option<Instant>,
    last_accessed_at: Option<Instant>,
    link: String,
    payment: String,
    cohort_id: Option<Uuid>,
    hold_until: Option<Instant>,
    replaces_id: Option<Uuid>,
    switched_from: Option<Uuid>,
    completed_at: Option<Instant>,
}

impl TryFrom<&EnrollmentRow> for Enrollment {
    type Error = StoreError;
    fn try_from(row: &EnrollmentRow) -> Result<Self, StoreError> {
        let delivery = row.e_provider_id.zip(row.e_course_id);
        Ok(Self {
            id: row.e_id.into(),
            student_id: row.student_id.into(),
            program_id: row.e_program_id.into(),
            delivery: delivery.map(|(provider, course)| Delivery {
                provider_id: ProviderId::from(provider),
                course_id: CourseId::from(course),
            }),
            status: Status::parse(&row.e_status).ok_or(bad("status"))?,
            payment: Payment::parse(&row.payment).ok_or(bad("payment state"))?,
            link: Link::parse(&row.link).ok_or(bad("link state"))?,
            progress: Progress::from(&row.progress),
            enrolled_at: row.enrolled_at.unwrap_or(DateTime::UNIX_EPOCH),
            last_accessed_at: row.last_accessed_at,
            completed_at: row.completed_at,
            external_account_id: optional(row.external_account_id.as_ref()),
            external_enrollment_id: optional(row.external_enrollment_id.as_ref()),
            cohort_id: row.cohort_id.map(CohortId::from),
            hold_until: row.hold_until,
            replaces_id: row.replaces_id.map(EnrollmentId::from),
            switched_from: row.switched_from.map(EnrollmentId::from),
        })
    }
}

#[derive(FromRow)]
pub(super) struct CourseRow {
    #[sqlx(flatten)]
    enrollment: EnrollmentRow,
    #[sqlx(flatten)]
    offer: OfferRow,
    #[sqlx(flatten)]
    cohort: CohortRow,
    #[sqlx(flatten)]
    proof: ProofRow,
    email: Option<String>,
    student_name: Option<String>,
    slug: Option<String>,
    title: Option<String>,
    a_external_account_id: Option<String>,
    username: Option<String>,
    #[sqlx(flatten)]
    certificate: CertificateRow,
    #[sqlx(flatten)]
    taught: TaughtRow,
    launched: bool,
    switching: Option<Uuid>,
}

impl CourseRow {
    /// The view, with its open outside work and its money still to be filled in.
    pub fn view(self) -> Result<CourseView, StoreError> {
        let enrollment = Enrollment::try_from(&self.enrollment)?;
        let slug = self.slug.as_deref().and_then(|slug| Slug::parse(slug).ok());
        Ok(CourseView {
            student: Student {
                id: StudentId::from(self.enrollment.student_id),
                email: self.email.as_deref().and_then(|raw| Email::parse(raw).ok()),
                name: optional(self.student_name.as_ref()),
            },
            program_slug: slug.ok_or(bad("program name"))?,
            program_title: clean(self.title.as_ref()),
            partner: self.offer.offer(enrollment.program_id),
            account: optional(self.a_external_account_id.as_ref()).map(|external_account_id| {
                PartnerAccount { external_account_id, username: optional(self.username.as_ref()) }
            }),
            cohort: self.cohort.cohort(),
            jobs: Vec::new(),
            launched: self.launched || enrollment.last_accessed_at.is_some(),
            certificate: self.certificate.certificate(),
            proof: self.proof.proof()?.map(Box::new),
            taught: self.taught.taught(),
            money: CourseMoney::default(),
            switching: self.switching.map(EnrollmentId::from),
            enrollment,
        })
    }
}

#[derive(FromRow)]
pub(super) struct SyncPartnerRow {
    #[sqlx(flatten)]
    provider: ProviderRow,
    due: i64,
}

impl SyncPartnerRow {
    /// `None` where nobody can be asked.
    pub fn partner(&self) -> Option<SyncPartner> {
        let due = usize::try_from(self.due).unwrap_or_default();
        Some(SyncPartner { provider: self.provider.provider()?, due })
    }
}

#[derive(FromRow)]
pub(super) struct SyncTargetRow {
    e_id: Uuid,
    student_id: Uuid,
    external_enrollment_id: String,
    progress_as_of: Option<Instant>,
    title: Option<String>,
}

impl From<SyncTargetRow> for SyncTarget {
    fn from(row: SyncTargetRow) -> Self {
        Self {
            enrollment_id: row.e_id.into(),
            student_id: row.student_id.into(),
            title: clean(row.title.as_ref()),
            external_enrollment_id: row.external_enrollment_id.into(),
            as_of: row.progress_as_of,
        }
    }
}

#[derive(FromRow)]
pub(super) struct SampleRow {
    id: Uuid,
    at: Instant,
    percent: Option<i64>,
    completed: bool,
    failed: bool,
    source: String,
}

impl TryFrom<SampleRow> for ProgressSample {
    type Error = StoreError;
    fn try_from(row: SampleRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            percent: row.percent.and_then(Percent::new),
            completed: row.completed,
            failed: row.failed.then_some(true),
            at: row.at,
            source: ProgressSource::parse(&row.source).ok_or(bad("source of progress"))?,
        })
    }
}

#[derive(FromRow)]
pub(super) struct AccountRow {
    external_account_id: String,
    username: Option<String>,
}

impl AccountRow {
    /// The partner's id of the account.
    pub fn subject(self) -> Text {
        self.external_account_id.into()
    }
}

impl From<AccountRow> for PartnerAccount {
    fn from(row: AccountRow) -> Self {
        Self {
            external_account_id: row.external_account_id.into(),
            username: optional(row.username.as_ref()),
        }
    }
}

#[derive(FromRow)]
pub(super) struct JobStateRow {
    pub enrollment_id: Uuid,
    kind: String,
    attempts: i64,
    last_error: Option<String>,
    run_at: Instant,
    gave_up: bool,
}

impl TryFrom<JobStateRow> for JobState {
    type Error = StoreError;
    fn try_from(row: JobStateRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: JobKind::parse(&row.kind).ok_or(bad("job"))?,
            attempts: row.attempts.try_into().unwrap_or(u32::MAX),
            last_error: optional(row.last_error.as_ref()),
            run_at: row.run_at,
            gave_up: row.gave_up,
        })
    }
}

#[derive(FromRow)]
pub(super) struct ListedJobRow {
    id: Uuid,
    kind: String,
    enrollment_id: Option<Uuid>,
    attempts_total: i64,
    last_error: Option<String>,
    created_at: Instant,
    run_at: Instant,
    gave_up_at: Option<Instant>,
    lease_until: Option<Instant>,
    done_at: Option<Instant>,
}

impl TryFrom<ListedJobRow> for ListedJob {
    type Error = StoreError;
    fn try_from(row: ListedJobRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            kind: JobKind::parse(&row.kind).ok_or(bad("job"))?,
            enrollment_id: row.enrollment_id.map(EnrollmentId::from),
            attempts: row.attempts_total.try_into().unwrap_or(u32::MAX),
            last_error: optional(row.last_error.as_ref()),
            created_at: row.created_at,
            run_at: row.run_at,
            gave_up_at: row.gave_up_at,
            lease_until: row.lease_until,
            done_at: row.done_at,
        })
    }
}

#[derive(FromRow)]
pub(super) struct JobRow {
    id: Uuid,
    kind: String,
    enrollment_id: Option<Uuid>,
    payload: Json<Value>,
    idempotency_key: String,
    needs: String,
    attempts: i64,
}

impl JobRow {
    pub fn job(self, lease_until: Instant) -> Result<Job, StoreError> {
        Ok(Job {
            id: JobId::from(self.id),
            kind: JobKind::parse(&self.kind).ok_or(bad("job"))?,
            enrollment_id: self.enrollment_id.map(EnrollmentId::from),
            payload: self.payload.0,
            idempotency_key: self.idempotency_key,
            needs: Needs::parse(&self.needs).ok_or(bad("job"))?,
            attempts: self.attempts.try_into().unwrap_or(u32::MAX),
            lease_until,
        })
    }
}
