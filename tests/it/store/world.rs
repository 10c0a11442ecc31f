//! A small world in a fresh database: three partners, two programs, and verbs to act in it.

use crate::support::postgres;
use chrono::{DateTime, TimeDelta};
use coursevia::domain::actor::Actor;
use coursevia::domain::catalog::{Catalog, CatalogCourse, CatalogPartner, CatalogProgram, ImportReport};
use coursevia::domain::cohort::Cohort;
use coursevia::domain::enrollment::{Delivery, Enrollment, Link};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::{CohortId, EnrollmentId, JobId, StudentId, WaitlistId};
use coursevia::domain::job::{Job, JobKind, Needs, NewJob};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::person::{Email, Student};
use coursevia::domain::plan::{
    AfterFailure, CancelPlan, Completion, EnrollmentPlan, ExpiryPlan, Handover, JobDonePlan, JobFailedPlan,
    JoinPlan, LaunchPlan, LeavePlan, ProgressPlan, ProvisionedPlan, RetryPlan, TendJob, TendJobPlan,
};
use coursevia::domain::program::{DeliveryFormat, Pacing, Slug};
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::provider::{
    Availability, BaseUrl, LinkAccess, Protocol, RestAccess, SecretName, Support,
};
use coursevia::domain::refund::RefundPolicy;
use coursevia::domain::time::Instant;
use coursevia::domain::views::{CourseView, ProgramView};
use coursevia::domain::waitlist::{WaitlistEntry, WaitlistView};
use coursevia::domain::web::WebUrl;
use coursevia::platform::ids::IdSource;
use coursevia::store::{Engine, FailPoints, ImportPlan, Store, StoreError};
use sqlx::{Connection as _, Executor as _};

pub struct World {
    pub store: Store,
    pub url: String,
    pub ids: IdSource,
    _folder: Option<tempfile::TempDir>,
    _database: Option<postgres::Database>,
}

/// The moment everything happens at, in minutes after an arbitrary one.
pub fn at(minute: i64) -> Instant {
    DateTime::from_timestamp(1_760_000_000, 0).expect("a valid instant") + TimeDelta::minutes(minute)
}

pub fn anything(_: &Needs) -> bool {
    true
}

pub fn slug(raw: &str) -> Slug {
    Slug::parse(raw).expect("a slug")
}

pub fn email(raw: &str) -> Email {
    Email::parse(raw).expect("an address")
}

impl World {
    /// An empty SQLite file.
    pub async fn empty_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("data/coursevia.db").display());
        Self::new(url, Some(folder), None).await
    }

    /// An empty PostgreSQL database.
    pub async fn empty_postgres() -> Option<Self> {
        let database = postgres::database().await?;
        Some(Self::new(database.url.clone(), None, Some(database)).await)
    }

    /// A database that stands already.
    pub async fn at(url: &str, fail: FailPoints) -> Self {
        let store = Store::open(url, fail).await.expect("it opens");
        Self { store, url: url.to_owned(), ids: IdSource::Random, _folder: None, _database: None }
    }

    async fn new(
        url: String,
        folder: Option<tempfile::TempDir>,
        database: Option<postgres::Database>,
    ) -> Self {
        let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
        Self { store, url, ids: IdSource::Random, _folder: folder, _database: database }
    }

    pub async fn sqlite() -> Self {
        let world = Self::empty_sqlite().await;
        world.import(&catalog(), false).await;
        world
    }

    pub async fn postgres() -> Option<Self> {
        let world = Self::empty_postgres().await?;
        world.import(&catalog(), false).await;
        Some(world)
    }

    pub async fn import(&self, catalog: &Catalog, prune: bool) -> ImportReport {
        self.import_at(catalog, prune, at(0)).await.expect("it imports")
    }

    pub async fn import_at(
        &self,
        catalog: &Catalog,
        prune: bool,
        at: Instant,
    ) -> Result<ImportReport, StoreError> {
        let event = Event { at, ..self.event(EventKind::CatalogImported, None) };
        self.store
            .import_catalog(&ImportPlan {
                catalog,
                prune,
                event,
                offers_last: TimeDelta::hours(24),
                mint: &|| self.ids.uuid(),
            })
            .await
    }

    pub fn event(&self, kind: EventKind, course: Option<&Enrollment>) -> Event {
        Event {
            id: self.ids.new_id(),
            at: at(0),
            actor: course.map_or(Actor::System, |course| Actor::Student(course.student_id)),
            subject: course.map(|course| course.student_id),
            kind,
            enrollment: course.map(|course| course.id),
            provider: course.and_then(|course| course.delivery).map(|delivery| delivery.provider_id),
            payload: serde_json::json!({}),
        }
    }

    pub fn job(&self, kind: JobKind, course: EnrollmentId, run_at: Instant) -> NewJob {
        let id = self.ids.uuid();
        NewJob {
            id: id.into(),
            kind,
            enrollment_id: Some(course),
            payload: serde_json::json!({"of": "a test"}),
            idempotency_key: id.to_string(),
            needs: if kind == JobKind::Mail { Needs::Mail } else { Needs::Nothing },
            run_at,
        }
    }

    pub async fn program(&self, name: &str) -> ProgramView {
        self.store.find_program(&slug(name), at(0)).await.expect("it reads").expect("it is there")
    }

    pub fn student(&self, address: &str) -> Student {
        Student { id: self.ids.new_id(), email: Some(email(address)), name: Some("Maya Okafor".into()) }
    }

    /// An enrollment with a provision and a mail job, in `program` with `partner` (none: taught here).
    pub async fn plan(&self, student: &Student, program: &str, partner: Option<&str>) -> EnrollmentPlan {
        let view = self.program(program).await;
        let offer = partner.map(|name| {
            view.offers.iter().find(|offer| offer.provider.name == *name).expect("the partner delivers it")
        });
        let provisions = offer.is_some_and(|offer| offer.provider.capabilities().enroll);
        let delivery =
            offer.map(|offer| Delivery { provider_id: offer.provider.id, course_id: offer.course.id });
        let link = match offer {
            Some(_) if provisions => Link::Requested,
            Some(_) => Link::Manual,
            None => Link::None,
        };
        let begins = Enrollment::beginning(self.ids.new_id(), student.id, view.program.id, delivery, at(0));
        let enrollment = Enrollment { link, ..begins };
        let mut jobs = vec![self.job(JobKind::Mail, enrollment.id, at(0))];
        if provisions {
            jobs.insert(0, self.job(JobKind::Provision, enrollment.id, at(0)));
        }
        let known = self.store.find_student(student.id).await.expect("it reads");
        EnrollmentPlan {
            new_student: known.is_none().then(|| student.clone()),
            event: self.event(EventKind::Enrolled, Some(&enrollment)),
            enrollment,
            payment: None,
            offer: None,
            offers_last: TimeDelta::hours(24),
            jobs,
        }
    }

    pub async fn enroll(&self, student: &Student, program: &str, partner: Option<&str>) -> Enrollment {
        let plan = self.plan(student, program, partner).await;
        self.store.enroll(&plan).await.expect("it enrolls");
        plan.enrollment
    }

    /// Maya, enrolled in CNA Training with Certiport.
    pub async fn maya(&self) -> Enrollment {
        self.enroll(&self.student("maya@example.org"), "cna-training", Some("Certiport")).await
    }

    pub async fn course(&self, id: EnrollmentId) -> CourseView {
        self.store.find_course(id).await.expect("it reads").expect("it is there")
    }

    pub async fn courses(&self, student: StudentId) -> Vec<CourseView> {
        self.store.list_courses(student).await.expect("it reads")
    }

    pub async fn history(&self, id: EnrollmentId) -> Vec<EventKind> {
        let entries = self.store.list_history(id).await.expect("it reads");
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    pub async fn claim(&self, minute: i64) -> Option<Job> {
        let lease = TimeDelta::minutes(2);
        self.store.claim_job(at(minute), at(minute) + lease, &anything).await.expect("it reads")
    }

    /// Claims the next job, which must be of this kind.
    pub async fn claim_kind(&self, kind: JobKind, minute: i64) -> Job {
        let only = move |needs: &Needs| (kind == JobKind::Mail) == (*needs == Needs::Mail);
        let lease = TimeDelta::minutes(2);
        let job = self.store.claim_job(at(minute), at(minute) + lease, &only).await.expect("it reads");
        let job = job.expect("something is due");
        assert_eq!(job.kind, kind);
        job
    }

    pub async fn finish(&self, job: &Job) {
        let plan = JobDonePlan { job_id: job.id, at: at(1), event: None };
        self.store.finish_job(&plan).await.expect("it is written");
    }

    pub async fn give_up(&self, job: &Job, course: &Enrollment) {
        let event = self.event(EventKind::ProvisionFailed, Some(course));
        let next = AfterFailure::GiveUp { at: at(1), fail_link: Some(course.id), event };
        self.fail(job, next).await;
    }

    pub async fn fail(&self, job: &Job, next: AfterFailure) {
        let error = "The partner did not answer.".into();
        let plan = JobFailedPlan { job_id: job.id, lease_until: job.lease_until, error, next };
        self.store.fail_job(&plan).await.expect("it is written");
    }

    pub fn provisioned(&self, job: &Job, course: &Enrollment) -> ProvisionedPlan {
        ProvisionedPlan {
            job_id: job.id,
            enrollment_id: course.id,
            external_account_id: "u-1".into(),
            external_enrollment_id: "e-1".into(),
            event: self.event(EventKind::Provisioned, Some(course)),
        }
    }

    /// The partner confirms.
    pub async fn confirm(&self, course: &Enrollment) {
        let job = self.claim_kind(JobKind::Provision, 0).await;
        self.store.record_provisioned(&self.provisioned(&job, course)).await.expect("it is written");
    }

    /// An enrollment with Certiport of a student of its own, changed before it is written.
    pub async fn standing(&self, nth: u32, change: impl FnOnce(&mut Enrollment)) -> Enrollment {
        let student = self.student(&format!("s{nth}@example.org"));
        let mut plan = self.plan(&student, "cna-training", Some("Certiport")).await;
        plan.jobs.retain(|job| nth >= 20 && job.kind == JobKind::Provision);
        change(&mut plan.enrollment);
        self.store.enroll(&plan).await.expect("it enrolls");
        plan.enrollment
    }

    /// A person tries again; how many jobs that opened.
    pub async fn retry(&self, course: &Enrollment) -> u64 {
        let event = self.event(EventKind::Retried, Some(course));
        let plan = RetryPlan { enrollment_id: course.id, at: at(20), event };
        self.store.retry_jobs(&plan).await.expect("it is written")
    }

    /// A person tries one job again or drops it.
    pub async fn tend(
        &self,
        job_id: JobId,
        verb: TendJob,
        course: Option<&Enrollment>,
        minute: i64,
    ) -> Result<(), StoreError> {
        let kind = if verb == TendJob::Drop { EventKind::JobDropped } else { EventKind::Retried };
        let event = self.event(kind, course);
        let place_of = course.map(|course| course.id);
        self.store.tend_job(&TendJobPlan { job_id, verb, place_of, at: at(minute), event }).await
    }

    pub async fn report(&self, course: &Enrollment, minute: i64, percent: i64) {
        self.record_report(course, minute, percent, None).await;
    }

    /// The partner reports completion.
    pub async fn complete(&self, course: &Enrollment, minute: i64) {
        let event = self.event(EventKind::Completed, Some(course));
        self.record_report(course, minute, 100, Some(Completion { jobs: Vec::new(), event })).await;
    }

    async fn record_report(
        &self,
        course: &Enrollment,
        minute: i64,
        percent: i64,
        completion: Option<Completion>,
    ) {
        let sample = ProgressSample {
            id: self.ids.new_id(),
            percent: Percent::new(percent),
            completed: completion.is_some(),
            failed: Some(false),
            at: at(minute),
            source: ProgressSource::Partner,
        };
        let fell = self.event(EventKind::ProgressFell, Some(course));
        let exam_failed = self.event(EventKind::ExamFailed, Some(course));
        let plan = ProgressPlan { enrollment_id: course.id, sample, fell, exam_failed, completion };
        self.store.record_progress(&plan).await.expect("it is written");
    }

    /// The announcement that a certificate runs out.
    pub fn expiring(&self, course: &Enrollment, minute: i64) -> ExpiryPlan {
        let event = self.event(EventKind::CertificateExpiring, Some(course));
        let mut job = self.job(JobKind::Mail, course.id, at(minute));
        job.idempotency_key = format!("mail:expires:{}", course.id);
        ExpiryPlan { enrollment_id: course.id, job, event: Event { at: at(minute), ..event } }
    }

    /// What a sync asks about, a page of one after the other.
    pub async fn due(&self, student: Option<StudentId>) -> Vec<EnrollmentId> {
        let mut due = Vec::new();
        for partner in self.store.list_sync_partners(student).await.expect("it reads") {
            let (provider, before) = (partner.provider.id, due.len());
            let mut after = None;
            loop {
                let page = self.store.list_syncable(provider, student, at(1_000), after.as_ref(), 1).await;
                let page = page.expect("it reads");
                due.extend(page.iter().map(|target| target.enrollment_id));
                after = page.last().cloned();
                if after.is_none() || student.is_some() {
                    break;
                }
            }
            assert_eq!(due.len() - before, partner.due, "they are counted as they are listed");
        }
        due
    }

    pub async fn launch(&self, course: &Enrollment, minute: i64) {
        let plan = LaunchPlan { at: at(minute), ..self.launching(course) };
        self.store.record_launch(&plan).await.expect("it is written");
    }

    pub fn launching(&self, course: &Enrollment) -> LaunchPlan {
        LaunchPlan {
            id: self.ids.new_id(),
            enrollment_id: course.id,
            at: at(1),
            handover: Handover::Browser,
            actor: Actor::Student(course.student_id),
            begins: false,
            event: self.event(EventKind::Launched, Some(course)),
        }
    }

    /// A start of CNA Training with a partner, in so many days.
    pub async fn start(&self, partner: &str, days: i64, seats: u32) -> CohortId {
        let view = self.program("cna-training").await;
        let course =
            view.offers.iter().find(|offer| offer.provider.name == *partner).expect("an offer").course.id;
        let (id, starts_on) = (self.ids.uuid(), (at(0) + TimeDelta::days(days)).date_naive());
        let insert =
            "INSERT INTO cohorts (id, course_id, starts_on, schedule, seats) VALUES ($1, $2, $3, $4, $5)";
        let schedule = id.to_string();
        if self.store.engine() == Engine::Sqlite {
            let mut db = sqlx::SqliteConnection::connect(&self.url).await.expect("it opens");
            let query = sqlx::query(insert).bind(id).bind(course.as_uuid()).bind(starts_on).bind(schedule);
            query.bind(i64::from(seats)).execute(&mut db).await.expect("it is written");
        } else {
            let mut db = sqlx::PgConnection::connect(&self.url).await.expect("it answers");
            let query = sqlx::query(insert).bind(id).bind(course.as_uuid()).bind(starts_on).bind(schedule);
            query.bind(i64::from(seats)).execute(&mut db).await.expect("it is written");
        }
        id.into()
    }

    /// Changes the database behind the store's back.
    pub async fn execute(&self, statement: &'static str) {
        if self.store.engine() == Engine::Sqlite {
            let mut db = sqlx::SqliteConnection::connect(&self.url).await.expect("it opens");
            db.execute(statement).await.expect("it runs");
        } else {
            let mut db = sqlx::PgConnection::connect(&self.url).await.expect("it answers");
            db.execute(statement).await.expect("it runs");
        }
    }

    /// How a start stands.
    pub async fn seats(&self, cohort: CohortId) -> Cohort {
        let view = self.program("cna-training").await;
        let mut cohorts = view.offers.into_iter().flat_map(|offer| offer.cohorts);
        cohorts.find(|known| known.id == cohort).expect("a start")
    }

    /// An enrollment of CNA Training that takes a seat, at some minute.
    pub async fn seated(
        &self,
        student: &Student,
        partner: &str,
        cohort: CohortId,
        minute: i64,
    ) -> EnrollmentPlan {
        let mut plan = self.plan(student, "cna-training", Some(partner)).await;
        plan.enrollment.cohort_id = Some(cohort);
        plan.event.at = at(minute);
        plan
    }

    /// A place in the queue of a start, from some minute on.
    pub async fn joining(&self, student: &Student, cohort: CohortId, minute: i64) -> JoinPlan {
        let known = self.store.find_student(student.id).await.expect("it reads");
        let entry = WaitlistEntry {
            id: self.ids.new_id(),
            cohort_id: cohort,
            student_id: student.id,
            joined_at: at(minute),
        };
        JoinPlan {
            new_student: known.is_none().then(|| student.clone()),
            entry,
            program_id: self.program("cna-training").await.program.id,
            offers_last: TimeDelta::hours(24),
            event: Event { at: at(minute), ..self.event(EventKind::WaitlistJoined, None) },
        }
    }

    /// What a student waits for, the newest first.
    pub async fn waits(&self, student: &Student, minute: i64) -> Vec<WaitlistView> {
        self.store.list_waitlist(student.id, at(minute)).await.expect("it reads")
    }

    pub fn leaving(&self, entry: WaitlistId, minute: i64) -> LeavePlan {
        let event = Event { at: at(minute), ..self.event(EventKind::WaitlistLeft, None) };
        LeavePlan { entry, offers_last: TimeDelta::hours(24), event }
    }

    pub async fn settle(&self, minute: i64) -> usize {
        self.store.settle_seats(at(minute), TimeDelta::hours(24)).await.expect("it is written")
    }

    pub fn cancelling(&self, course: &Enrollment, kinds: &[JobKind]) -> CancelPlan {
        CancelPlan {
            enrollment_id: course.id,
            seen: course.into(),
            offers_last: TimeDelta::hours(24),
            refunds: Vec::new(),
            jobs: kinds.iter().map(|kind| self.job(*kind, course.id, at(0))).collect(),
            event: self.event(EventKind::Cancelled, Some(course)),
        }
    }
}

fn partner(name: &str, protocol: Protocol) -> CatalogPartner {
    CatalogPartner {
        name: name.into(),
        provider_type: name.to_lowercase().into(),
        icon: Some("◆".into()),
        description: "Online, self-paced".into(),
        availability: Availability::Active,
        retirement: None,
        declares: None,
        protocol,
        support: Support { email: Some("help@example.org".into()), url: None },
        refunds: RefundPolicy::default(),
    }
}

pub fn rest(name: &str) -> CatalogPartner {
    let access = RestAccess {
        profile: name.to_lowercase().into(),
        base_url: BaseUrl::Sandbox,
        secret_env: SecretName::parse("PARTNER_KEY").ok(),
        organization: "demo".into(),
        launch_hosts: Vec::new(),
    };
    partner(name, Protocol::Rest(access))
}

pub fn offer(partner: &str) -> CatalogCourse {
    CatalogCourse {
        partner: partner.into(),
        name: "CNA Training".into(),
        code: "CNA-101".into(),
        active: true,
        format: DeliveryFormat::Hybrid,
        pacing: Pacing::InstructorLed,
        hours: Some(40),
        credential: Some("Certificate".into()),
        price: Money { cents: 5_900, currency: Currency::USD },
        terms: Terms::Share(5_000),
        cohorts: Vec::new(),
    }
}

pub fn program(name: &str, title: &str, courses: Vec<CatalogCourse>) -> CatalogProgram {
    CatalogProgram {
        slug: slug(name),
        title: title.into(),
        aliases: vec!["nurse".into(), "Pflege".into()],
        category: "Healthcare".into(),
        summary: "Care for patients.".into(),
        length: Some("6 weeks".into()),
        hours: Some(120),
        credential: None,
        courses,
    }
}

/// CNA Training with Certiport, Milady and NDS (a link partner); Digital Literacy, taught here.
pub fn catalog() -> Catalog {
    let login_url = WebUrl::parse("https://nds.example/login").expect("an address");
    let nds = Protocol::Link(LinkAccess {
        instructions: Some("Sign up there.".into()),
        ..LinkAccess::at(login_url)
    });
    Catalog {
        demo: true,
        partners: vec![rest("Certiport"), rest("Milady"), partner("NDS", nds)],
        programs: vec![
            program("cna-training", "CNA Training", vec![offer("Certiport"), offer("Milady"), offer("NDS")]),
            program("digital-literacy", "Digital Literacy", vec![]),
        ],
    }
}
