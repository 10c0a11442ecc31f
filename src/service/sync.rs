//! Ask the partners how far their students are.
//!
//! All partners are asked side by side, each about a few students at once. One that does not answer is
//! left alone for the rest of the run, and the others go on. Only a page of enrollments is held at a time.

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::event::{Event, EventKind};
use crate::domain::health::Health;
use crate::domain::ids::{EnrollmentId, StudentId};
use crate::domain::job::JobKind;
use crate::domain::plan::{Completion, ProgressPlan};
use crate::domain::progress::{ProgressSample, ProgressSource};
use crate::domain::provider::{Protocol, Provider, RestAccess};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, SyncPartner, SyncTarget};
use crate::partner::{PartnerError, ProgressReport};
use crate::service::{ServiceError, Services};
use futures_util::StreamExt as _;
use futures_util::stream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many requests one partner gets at once.
const AT_ONCE: usize = 8;
/// How many partners are asked at once.
const PARTNERS_AT_ONCE: usize = 32;
/// After so many failures in a row a partner is left alone for the rest of the run.
const PATIENCE: usize = 5;
/// How many enrollments are read at a time.
const PAGE: u16 = 500;

/// What a sync found out.
#[derive(Debug, Default)]
pub struct SyncReport {
    /// How many enrollments were asked about. Those whose partner reports nothing, or whose key
    /// another process holds, don't count.
    pub checked: usize,
    /// Which could not be read: program title and why. The others were.
    pub failed: Vec<(EnrollmentId, Text, ServiceError)>,
    /// The partners that did not answer any more; what they were not asked about waits for the next run.
    pub left: Vec<LeftAlone>,
}

/// A partner that was not asked any further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftAlone {
    /// Who.
    pub partner: Text,
    /// How many enrollments were not asked about.
    pub waiting: usize,
}

/// One question to a partner.
struct Question<'a> {
    enrollment: EnrollmentId,
    student: StudentId,
    status: Status,
    provider: &'a Provider,
    access: &'a RestAccess,
    external: &'a Text,
    /// How the partner's platform answers, as the last question found it.
    health: &'a Mutex<Health>,
}

/// How a partner fares in one run.
#[derive(Default)]
struct Fares {
    failures_in_a_row: AtomicUsize,
    skipped: AtomicUsize,
    health: Mutex<Health>,
}

impl Fares {
    fn of(provider: &Provider) -> Self {
        Self { health: Mutex::new(provider.health), ..Self::default() }
    }

    fn is_left(&self) -> bool {
        self.failures_in_a_row.load(Ordering::Relaxed) >= PATIENCE
    }

    fn note<T>(&self, answer: &Result<T, ServiceError>) {
        match answer {
            Err(ServiceError::Partner { source, .. }) if is_trouble(source) => {
                self.failures_in_a_row.fetch_add(1, Ordering::Relaxed);
            }
            // Left is left: an answer that was under way changes nothing.
            _ if self.is_left() => {}
            _ => self.failures_in_a_row.store(0, Ordering::Relaxed),
        }
    }
}

/// Whether it tells of the platform, and not of one enrollment.
fn is_trouble(error: &PartnerError) -> bool {
    !matches!(error, PartnerError::Rejected { .. } | PartnerError::BadAnswer { .. } | PartnerError::TooLarge)
}

impl Services {
    /// Asks about the live enrollments of one student, or of all that are due. One that fails
    /// never stops the others.
    pub async fn sync(&self, actor: Actor, student: Option<StudentId>) -> Result<SyncReport, ServiceError> {
        self.sync_telling(actor, student, &|_, _| {}).await
    }

    /// The same; `tell` hears how many of how many are asked, from the moment that is known.
    pub async fn sync_telling(
        &self,
        actor: Actor,
        student: Option<StudentId>,
        tell: &(dyn Fn(usize, usize) + Send + Sync),
    ) -> Result<SyncReport, ServiceError> {
        if student.map_or(actor != Actor::System, |student| !actor.may_touch(student)) {
            return Err(Refusal::NotYours.into());
        }
        let partners = self.store.list_sync_partners(student).await?;
        let (total, done) = (partners.iter().map(|partner| partner.due).sum(), AtomicUsize::new(0));
        tell(0, total);
        let step = |count| tell(done.fetch_add(count, Ordering::Relaxed) + count, total);
        let ask = |partner: SyncPartner| self.sync_partner(partner, student, &step);
        let reports: Vec<_> =
            stream::iter(partners).map(ask).buffer_unordered(PARTNERS_AT_ONCE).collect().await;
        let mut all = SyncReport::default();
        for report in reports {
            let report = report?;
            all.checked += report.checked;
            all.failed.extend(report.failed);
            all.left.extend(report.left);
        }
        all.left.sort_by(|one, other| one.partner.cmp(&other.partner));
        Ok(all)
    }

    async fn sync_partner(
        &self,
        partner: SyncPartner,
        student: Option<StudentId>,
        step: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<SyncReport, ServiceError> {
        let mut report = SyncReport::default();
        let provider = &partner.provider;
        let Some(access) = self.asked_for_progress(provider) else {
            step(partner.due);
            return Ok(report);
        };
        let (begun, fares, mut after) = (self.now(), Fares::of(provider), None);
        loop {
            let page = self.store.list_syncable(provider.id, student, begun, after.as_ref(), PAGE).await?;
            let ask = |target: SyncTarget| self.sync_target(provider, access, target, &fares, step);
            let last = page.last().cloned();
            // The courses of one student come all at once.
            let ends = student.is_some() || page.len() < usize::from(PAGE);
            let mut answers = stream::iter(page).map(ask).buffer_unordered(AT_ONCE);
            while let Some((target, answer)) = answers.next().await {
                report.checked += usize::from(answer.is_some());
                if let Some(Err(error)) = answer {
                    report.failed.push((target.enrollment_id, target.title, error));
                }
                // Questions under way to a partner that hangs would be waited for as long again.
                if fares.is_left() {
                    break;
                }
            }
            drop(answers);
            after = last;
            if ends || fares.is_left() {
                break;
            }
        }
        if fares.is_left() {
            let asked = report.checked + fares.skipped.load(Ordering::Relaxed);
            // Pages that were not even read.
            step(partner.due.saturating_sub(asked));
            let waiting = partner.due.saturating_sub(report.checked);
            if waiting > 0 {
                tracing::warn!(partner = %provider.name, waiting, "left alone: it does not answer");
                report.left.push(LeftAlone { partner: provider.name.clone(), waiting });
            }
        }
        Ok(report)
    }

    /// `None` where the partner is not asked any more.
    async fn sync_target(
        &self,
        provider: &Provider,
        access: &RestAccess,
        target: SyncTarget,
        fares: &Fares,
        step: &(dyn Fn(usize) + Send + Sync),
    ) -> (SyncTarget, Option<Result<(), ServiceError>>) {
        if fares.is_left() {
            fares.skipped.fetch_add(1, Ordering::Relaxed);
            step(1);
            return (target, None);
        }
        let answer = self
            .ask_progress(&Question {
                enrollment: target.enrollment_id,
                student: target.student_id,
                status: Status::Active,
                provider,
                access,
                external: &target.external_enrollment_id,
                health: &fares.health,
            })
            .await;
        fares.note(&answer);
        step(1);
        (target, Some(answer))
    }

    /// How a partner is asked for progress; `None` where it reports none, or another process holds the key
    /// and asks.
    fn asked_for_progress<'a>(&self, provider: &'a Provider) -> Option<&'a RestAccess> {
        match &provider.protocol {
            Protocol::Rest(access) if provider.capabilities().progress => {
                self.partners.can_call(access).then_some(access)
            }
            _ => None,
        }
    }

    /// Asks about one enrollment and keeps the answer; `false` where nobody can be asked from here.
    pub(super) async fn sync_one(&self, view: &CourseView) -> Result<bool, ServiceError> {
        let enrollment = &view.enrollment;
        let (Some(provider), Link::Confirmed, Some(external)) =
            (view.provider(), enrollment.link, &enrollment.external_enrollment_id)
        else {
            return Ok(false);
        };
        let Some(access) = self.asked_for_progress(provider) else {
            return Ok(false);
        };
        let question = Question {
            enrollment: enrollment.id,
            student: enrollment.student_id,
            status: enrollment.status,
            provider,
            access,
            external,
            health: &Mutex::new(provider.health),
        };
        self.ask_progress(&question).await?;
        Ok(true)
    }

    async fn ask_progress(&self, question: &Question<'_>) -> Result<(), ServiceError> {
        let answer = self.partners.progress(question.access, question.external).await;
        let report = self
            .heard_in_a_row(question.provider, question.health, answer)
            .await
            .map_err(|source| ServiceError::Partner { partner: question.provider.name.clone(), source })?;
        Ok(self.store.record_progress(&self.plan_progress(question, report)).await?)
    }

    fn plan_progress(&self, question: &Question<'_>, report: ProgressReport) -> ProgressPlan {
        let at = self.now();
        let sample = ProgressSample {
            id: self.ids.new_id(),
            percent: report.percent,
            completed: report.completed,
            failed: report.failed,
            at,
            source: ProgressSource::Partner,
        };
        let completion = || {
            let needs = self.partners.needs(question.access);
            let issues = question.provider.capabilities().certificate;
            let fetch = || self.new_job(JobKind::Certificate, question.enrollment, needs, at);
            Completion {
                jobs: issues.then(fetch).into_iter().collect(),
                event: self.reported(question, EventKind::Completed, at),
            }
        };
        ProgressPlan {
            enrollment_id: question.enrollment,
            sample,
            fell: self.reported(question, EventKind::ProgressFell, at),
            exam_failed: self.reported(question, EventKind::ExamFailed, at),
            completion: (report.completed && question.status == Status::Active).then(completion),
        }
    }

    fn reported(&self, question: &Question<'_>, kind: EventKind, at: Instant) -> Event {
        Event {
            enrollment: Some(question.enrollment),
            provider: Some(question.provider.id),
            ..self.event(Actor::System, Some(question.student), kind, at)
        }
    }
}
