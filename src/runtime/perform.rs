//! One effect in, one message out.

mod files;
mod learn;
mod people;

use crate::domain::actor::Actor;
use crate::domain::decide::{Choice, Overrule};
use crate::domain::enrollment::{Link, Status};
use crate::domain::failure::Failure;
use crate::domain::fits::Preferences;
use crate::domain::ids::{EnrollmentId, ProgramId, WaitlistId};
use crate::domain::listing::{ListCursor, ProgramPage, Query};
use crate::domain::person::{Advisor, Student};
use crate::domain::plan::Handover;
use crate::domain::proof::FinishReport;
use crate::domain::report::{Period, ReportKind, ReportQuery, ReportRows, Statement};
use crate::domain::review::{Review, ReviewCursor, ReviewPage, ReviewQuery};
use crate::domain::text::Text;
use crate::domain::views::{Compared, CourseHistory, CourseView, Dashboard, ProgramView};
use crate::domain::waitlist::WaitlistView;
use crate::domain::web::WebUrl;
use crate::platform::Browser;
use crate::runtime::index::Index;
use crate::runtime::proof;
use crate::runtime::session::{Turn, student_of};
use crate::runtime::{Backend, Session};
use crate::service::{Enroll, Launch, ServiceError, Services, Switch, SyncReport};
use crate::store::FailPoint;
use crate::ui::effect::{Effect, RequestId, ReviewChange};
use crate::ui::msg::{LaunchOutcome, Msg, SwitchOffer, SyncSummary, Who};
use crate::ui::text;
use chrono::FixedOffset;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc::UnboundedSender;

/// Performs effects for one session.
#[derive(Clone, Debug)]
pub struct Performer {
    backend: Arc<Backend>,
    session: Arc<Session>,
    browser: Browser,
    index: Arc<Index>,
    /// Hears how far something is that takes a while.
    listener: Option<UnboundedSender<Msg>>,
}

impl Performer {
    /// A performer for the person of `session`.
    pub fn new(backend: Arc<Backend>, session: Arc<Session>, browser: Browser) -> Self {
        Self { backend, session, browser, index: Arc::default(), listener: None }
    }

    /// Tells `listener` how far something is that takes a while.
    #[must_use]
    pub fn telling(self, listener: UnboundedSender<Msg>) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// The backend it works with.
    pub fn backend(&self) -> &Arc<Backend> {
        &self.backend
    }

    /// Does what is asked; `None` where no answer is expected. It is done for whoever sits here
    /// at the moment of this call, however late the future is polled.
    pub fn perform(&self, effect: Effect) -> BoxFuture<'static, Option<Msg>> {
        let turn = match effect {
            Effect::ActFor { .. } | Effect::SaveProfile { .. } => Some(self.session.begin_turn()),
            Effect::LeaveStudent => {
                self.session.leave();
                None
            }
            Effect::LoadPrograms { request, shown, .. } => {
                self.index.hold(request, shown);
                None
            }
            _ => None,
        };
        let task = Task { who: self.session.who(), turn, performer: self.clone() };
        Box::pin(async move { task.run(effect).await })
    }
}

/// Whether an effect only reads, so that nothing is lost when the app ends in the middle of it.
/// What a partner reports is asked for again at the next start.
pub fn may_be_cut_off(effect: &Effect) -> bool {
    match effect {
        Effect::LoadPrograms { .. }
        | Effect::LoadDetails { .. }
        | Effect::Find { .. }
        | Effect::LoadCourses { .. }
        | Effect::LoadHistory { .. }
        | Effect::LoadComparison { .. }
        | Effect::LoadPreferences { .. }
        | Effect::LoadReviews { .. }
        | Effect::LoadOwnReview { .. }
        | Effect::LoadSwitch { .. }
        | Effect::LoadReport { .. }
        | Effect::LoadStatement { .. }
        | Effect::Sync { .. }
        | Effect::FindStudents { .. }
        | Effect::ActFor { .. } => true,
        Effect::Enroll { .. }
        | Effect::JoinWaitlist { .. }
        | Effect::AcceptOffer { .. }
        | Effect::LeaveWaitlist { .. }
        | Effect::Cancel { .. }
        | Effect::Launch { .. }
        | Effect::Pay { .. }
        | Effect::OpenPage { .. }
        | Effect::OpenCertificate(_)
        | Effect::Switch { .. }
        | Effect::Retry { .. }
        | Effect::Watch { .. }
        | Effect::SaveDates { .. }
        | Effect::OpenLesson { .. }
        | Effect::KeepPlace { .. }
        | Effect::FinishLesson { .. }
        | Effect::AnswerQuestion { .. }
        | Effect::OpenLessonLink { .. }
        | Effect::SaveCertificate { .. }
        | Effect::ChangeReview { .. }
        | Effect::SendProof { .. }
        | Effect::SaveProfile { .. }
        | Effect::SavePreferences { .. }
        | Effect::LeaveStudent
        | Effect::CopyLink(_)
        | Effect::CopyText(_)
        | Effect::Mouse(_)
        | Effect::Suspend
        | Effect::Quit => false,
    }
}

/// One effect, with whom it is for.
struct Task {
    performer: Performer,
    who: Who,
    /// The wish to change the student, for the effects that are one.
    turn: Option<Turn>,
}

impl Task {
    #[expect(clippy::too_many_lines, reason = "one arm for every effect")]
    async fn run(&self, effect: Effect) -> Option<Msg> {
        self.backend().fail_points().hit(FailPoint::PanicInTask);
        Some(match effect {
            Effect::LoadPrograms { request, after, .. } => {
                Msg::Programs { request, result: self.programs(request, after).await }
            }
            Effect::LoadDetails { request, programs } => {
                Msg::Details { request, result: self.details(&programs).await }
            }
            Effect::Find { request, list, query } => {
                Msg::Found { request, places: self.find(request, list, query).await }
            }
            Effect::LoadCourses { request } => Msg::Courses { request, result: self.courses().await },
            Effect::LoadHistory { request, enrollment } => {
                Msg::History { request, enrollment, result: self.history(enrollment).await }
            }
            Effect::LoadComparison { request, program } => {
                Msg::Compared { request, result: self.comparison(program).await }
            }
            Effect::LoadPreferences { request } => {
                Msg::Preferences { request, result: self.preferences().await }
            }
            Effect::SavePreferences { request, preferences } => {
                Msg::PreferencesSaved { request, result: self.save_preferences(preferences).await }
            }
            Effect::Enroll { request, program, choice } => {
                Msg::Enrolled { request, result: self.rings(self.enroll(program, choice).await) }
            }
            Effect::JoinWaitlist { request, program, choice } => {
                Msg::Joined { request, result: self.join(program, choice).await }
            }
            Effect::AcceptOffer { request, entry } => {
                Msg::Accepted { request, result: self.rings(self.accept(entry).await) }
            }
            Effect::LeaveWaitlist { request, entry } => {
                Msg::LeftWaitlist { request, result: self.rings(self.leave(entry).await) }
            }
            Effect::Cancel { request, enrollment } => {
                Msg::Cancelled { request, enrollment, result: self.rings(self.cancel(enrollment).await) }
            }
            Effect::Retry { request, enrollment } => {
                Msg::Retried { request, enrollment, result: self.rings(self.retry(enrollment).await) }
            }
            Effect::Pay { request, enrollment } => {
                Msg::Paying { request, enrollment, result: self.rings(self.pay(enrollment).await) }
            }
            Effect::OpenCertificate(url) => {
                Msg::CertificateOpened { opened: self.opens(url.clone()).await, url }
            }
            Effect::OpenPage { request, enrollment, url } => {
                Msg::PageOpened { request, enrollment, opened: self.opens(url).await }
            }
            Effect::LoadSwitch { request, enrollment, choice } => {
                Msg::SwitchQuoted { request, result: Box::pin(self.switch_quote(enrollment, choice)).await }
            }
            Effect::Switch { request, enrollment, choice, overrule } => {
                let switched = Box::pin(self.switch(enrollment, choice, overrule)).await;
                Msg::Switched { request, enrollment, result: self.rings(switched) }
            }
            Effect::Launch { request, enrollment } => {
                Msg::Launched { request, enrollment, result: self.launch(enrollment).await }
            }
            Effect::LoadReviews { request, query, after } => {
                Msg::Reviews { request, result: self.reviews(&query, after.as_ref()).await }
            }
            Effect::LoadOwnReview { request, enrollment } => {
                Msg::OwnReview { request, result: self.own_review(enrollment).await }
            }
            told @ Effect::SendProof { .. } => return self.say_finished(told).await,
            Effect::ChangeReview { request, enrollment, change } => {
                let result = self.change_review(enrollment, change).await;
                Msg::ReviewChanged { request, enrollment, result }
            }
            Effect::LoadReport { request, kind, query } => {
                Msg::Report { request, result: self.report(kind, &query).await }
            }
            Effect::LoadStatement { request, partner, period } => {
                Msg::Statement { request, result: self.statement(&partner, period).await }
            }
            Effect::Sync { request } => Msg::Synced { request, result: self.sync(request).await },
            Effect::Watch { request, enrollment } => {
                Msg::Watched { request, enrollment, result: self.watch(enrollment).await }
            }
            Effect::SaveDates { request, enrollment } => {
                Msg::DatesSaved { request, result: self.save_dates(enrollment).await }
            }
            Effect::OpenLesson { request, enrollment, lesson } => {
                let result = self.open_lesson(enrollment, lesson).await;
                Msg::LessonOpened { request, enrollment, result }
            }
            Effect::KeepPlace { enrollment, lesson, place } => {
                let result = self.keep_place(enrollment, &lesson, place).await;
                Msg::PlaceKept { enrollment, lesson, result }
            }
            Effect::FinishLesson { request, enrollment, lesson } => {
                let result = self.rings(self.finish_lesson(enrollment, &lesson).await);
                Msg::Learned { request, enrollment, result }
            }
            Effect::AnswerQuestion {
                request,
                enrollment,
                lesson,
                attempt: _,
                version: _,
                question,
                answer,
            } => {
                let result = self.rings(self.answer(enrollment, &lesson, &question, answer).await);
                Msg::Learned { request, enrollment, result }
            }
            Effect::OpenLessonLink { url } => {
                Msg::LessonLinkOpened { opened: self.opens(url.clone()).await, url }
            }
            Effect::SaveCertificate { request, enrollment } => {
                Msg::CertificateSaved { request, result: self.save_certificate(enrollment).await }
            }
            Effect::SaveProfile { request, email, name } => {
                Msg::ProfileSaved { request, result: self.save_profile(email, name).await }
            }
            Effect::FindStudents { request, text } => {
                Msg::Students { request, result: self.find_students(&text).await }
            }
            Effect::ActFor { request, student } => {
                Msg::ActingFor { request, result: self.act_for(student).await }
            }
            // Done when it was asked for; the loop that owns the terminal does the others.
            Effect::LeaveStudent
            | Effect::CopyLink(_)
            | Effect::CopyText(_)
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::Quit => return None,
        })
    }

    fn backend(&self) -> &Backend {
        &self.performer.backend
    }

    async fn services(&self) -> Result<&Services, Failure> {
        self.backend().services().await.map_err(|error| Failure::from(&error))
    }

    /// The services, and the student it is for as the database knows them, with who acts.
    async fn on_behalf(&self) -> Result<(&Services, Actor, Student), Failure> {
        let services = self.services().await?;
        let student = student_of(&self.who).ok_or_else(nobody)?;
        let student = told(services.as_known(student.clone()).await)?;
        let actor = match &self.who {
            Who::Advisor { advisor, .. } => {
                // The first frame did not wait for the database: only now the advisor is looked up.
                let advisor = told(services.advisor(&advisor.email).await)?;
                Actor::Advisor { advisor: advisor.id, student: student.id }
            }
            Who::Student(_) | Who::Nobody => Actor::Student(student.id),
        };
        Ok((services, actor, student))
    }

    fn advisor(&self) -> Result<&Advisor, Failure> {
        match &self.who {
            Who::Advisor { advisor, .. } => Ok(advisor),
            Who::Student(_) | Who::Nobody => {
                Err(Failure::new("not_an_advisor", "Only an advisor can do this."))
            }
        }
    }

    fn sits_here(&self, student: &Student) {
        if let Some(turn) = self.turn {
            self.performer.session.end_turn(turn, student.clone());
        }
    }

    /// New outside work: wake the worker.
    fn rings<T>(&self, result: Result<T, Failure>) -> Result<T, Failure> {
        if result.is_ok() {
            self.backend().work.notify_one();
        }
        result
    }

    async fn programs(&self, list: RequestId, after: Option<ListCursor>) -> Result<ProgramPage, Failure> {
        let page = told(self.services().await?.program_page(after.as_ref()).await)?;
        let (index, entries) = (self.performer.index.clone(), page.entries.clone());
        beside(move || index.add(list, &entries)).await;
        Ok(page)
    }

    async fn details(&self, ids: &[ProgramId]) -> Result<Vec<ProgramView>, Failure> {
        told(self.services().await?.program_details(ids).await)
    }

    async fn find(&self, request: RequestId, list: RequestId, query: Query) -> Vec<u32> {
        let index = self.performer.index.clone();
        index.expect(request);
        beside(move || index.find(request, list, &query)).await
    }

    async fn courses(&self) -> Result<Dashboard, Failure> {
        if student_of(&self.who).is_none() {
            self.backend().waits.store(false, Ordering::Relaxed);
            let services = self.services().await?;
            return Ok(Dashboard {
                proofs: proof::queue(services, &self.who).await?,
                ..Dashboard::default()
            });
        }
        let (services, actor, student) = self.on_behalf().await?;
        let mut dashboard = told(services.dashboard(actor, student.id).await)?;
        dashboard.proofs = proof::queue(services, &self.who).await?;
        let waits = dashboard.courses.iter().any(is_awaited);
        // The worker may have begun its longest nap before anybody waited.
        if !self.backend().waits.swap(waits, Ordering::Relaxed) && waits {
            self.backend().work.notify_one();
        }
        Ok(dashboard)
    }

    /// Sends that a course is finished; the file that shows it is read here.
    async fn say_finished(&self, effect: Effect) -> Option<Msg> {
        let Effect::SendProof { request, enrollment, finished_on, note, proof: shown, zone } = effect else {
            return None;
        };
        let home = self.backend().config().dirs.home.clone();
        let result = match beside(move || proof::report(finished_on, &note, &shown, &home)).await {
            Ok(report) => self.finished(enrollment, report, zone).await,
            Err(failure) => Err(failure),
        };
        Some(Msg::ProofSent { request, enrollment, result })
    }

    async fn finished(
        &self,
        id: EnrollmentId,
        report: FinishReport,
        zone: FixedOffset,
    ) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.send_proof(actor, id, report, zone).await).map(drop)
    }

    async fn history(&self, id: EnrollmentId) -> Result<CourseHistory, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.course_history(actor, id).await)
    }

    async fn comparison(&self, program: ProgramId) -> Result<Option<Box<Compared>>, Failure> {
        Ok(told(self.services().await?.comparison(program).await)?.map(Box::new))
    }

    async fn preferences(&self) -> Result<Preferences, Failure> {
        let (services, actor, student) = self.on_behalf().await?;
        told(services.preferences(actor, student.id).await)
    }

    async fn save_preferences(&self, preferences: Preferences) -> Result<bool, Failure> {
        let (services, actor, student) = self.on_behalf().await?;
        told(services.save_preferences(actor, student.id, &preferences).await)
    }

    async fn enroll(&self, program: ProgramId, choice: Choice) -> Result<Box<CourseView>, Failure> {
        let (services, actor, student) = self.on_behalf().await?;
        told(services.enroll(&Enroll { actor, student: &student, program, choice }).await).map(Box::new)
    }

    async fn join(&self, program: ProgramId, choice: Choice) -> Result<Box<WaitlistView>, Failure> {
        let (services, actor, student) = self.on_behalf().await?;
        let request = Enroll { actor, student: &student, program, choice };
        told(services.join_waitlist(&request).await).map(Box::new)
    }

    async fn accept(&self, entry: WaitlistId) -> Result<Box<CourseView>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.accept_offer(actor, entry).await).map(Box::new)
    }

    async fn leave(&self, entry: WaitlistId) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.leave_waitlist(actor, entry).await)
    }

    async fn cancel(&self, id: EnrollmentId) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.cancel(actor, id).await)
    }

    async fn retry(&self, id: EnrollmentId) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.retry(actor, id).await)
    }

    async fn watch(&self, id: EnrollmentId) -> Result<bool, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        Ok(told(services.watch_partner(actor, id).await)?.first)
    }

    async fn pay(&self, id: EnrollmentId) -> Result<Box<CourseView>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.pay(actor, id).await).map(Box::new)
    }

    async fn switch_quote(&self, course: EnrollmentId, choice: Choice) -> Result<Box<SwitchOffer>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        let request = Switch { actor, course, choice, overrule: None };
        let (quote, refusal) = told(services.switch_quote(&request).await)?;
        Ok(Box::new(SwitchOffer { quote, refusal: refusal.as_ref().map(Failure::from) }))
    }

    async fn switch(
        &self,
        course: EnrollmentId,
        choice: Choice,
        overrule: Option<Text>,
    ) -> Result<Box<CourseView>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        let request = Switch { actor, course, choice, overrule: overrule.map(Overrule) };
        told(services.switch(&request).await).map(Box::new)
    }

    /// Whether a browser here opened the page.
    async fn opens(&self, url: WebUrl) -> bool {
        let browser = self.performer.browser.clone();
        matches!(tokio::task::spawn_blocking(move || browser.open(&url)).await, Ok(Ok(())))
    }

    async fn report(&self, kind: ReportKind, query: &ReportQuery) -> Result<ReportRows, Failure> {
        self.advisor()?;
        let services = self.services().await?;
        Ok(match kind {
            ReportKind::Completion => ReportRows::Completion(told(services.completion_report(query).await)?),
            ReportKind::Revenue => ReportRows::Revenue(told(services.revenue_report(query).await)?),
            ReportKind::Performance => {
                ReportRows::Performance(told(services.performance_report(query).await)?)
            }
        })
    }

    async fn statement(&self, partner: &Text, period: Period) -> Result<Statement, Failure> {
        let advisor = self.advisor()?;
        told(self.services().await?.partner_statement(advisor, partner.as_str(), period).await)
    }

    async fn reviews(
        &self,
        query: &ReviewQuery,
        after: Option<&ReviewCursor>,
    ) -> Result<ReviewPage, Failure> {
        let services = self.services().await?;
        // Somebody who has not enrolled yet has an id of this terminal only: nothing is theirs.
        let viewer = match student_of(&self.who) {
            Some(student) => Some(told(services.as_known(student.clone()).await)?.id),
            None => None,
        };
        told(services.reviews(query, viewer, after).await)
    }

    async fn own_review(&self, id: EnrollmentId) -> Result<Option<Review>, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(services.own_review(actor, id).await)
    }

    async fn change_review(&self, id: EnrollmentId, change: ReviewChange) -> Result<(), Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        told(match change {
            ReviewChange::Post(rating, text) => services.post_review(actor, id, rating, &text).await,
            ReviewChange::Edit(rating, text) => {
                services.edit_review(actor, id, Some(rating), Some(&text)).await
            }
            ReviewChange::Withdraw => services.withdraw_review(actor, id).await,
        })
    }

    async fn launch(&self, id: EnrollmentId) -> Result<LaunchOutcome, Failure> {
        let (services, actor, _) = self.on_behalf().await?;
        let url = match told(self.backend().launch(services, actor, id).await)? {
            Launch::Wait => return Ok(LaunchOutcome::Wait),
            Launch::Link(url) => url,
        };
        let nowhere = matches!(self.performer.browser, Browser::Nowhere);
        let local = self.backend().config().lti.public_base_url.is_none();
        // A link to this machine is of no use to a browser on another one.
        if nowhere && local && told(services.lti_progress(&url).await)?.is_some() {
            let port = url.expose().as_url().port().unwrap_or_default();
            return Err(Failure::new("browser_elsewhere", text::opens_on_this_machine(port)));
        }
        // First, because whoever has the link has begun: it may have been cancelled meanwhile.
        let handover = if nowhere { Handover::Link } else { Handover::Browser };
        told(services.record_launch(actor, id, handover).await)?;
        if !self.opens(url.expose().clone()).await {
            return Ok(LaunchOutcome::Show(url));
        }
        Ok(LaunchOutcome::Opened(url))
    }

    async fn sync(&self, request: RequestId) -> Result<SyncSummary, Failure> {
        if student_of(&self.who).is_none() {
            return Ok(SyncSummary::default());
        }
        let (services, actor, student) = self.on_behalf().await?;
        // Before the partners, who may take their time. Without it the worker looks a little later.
        let payments = services.hurry_payments(Some(student.id)).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "open payments are looked at later");
            0
        });
        self.backend().work.notify_one();
        let tell = |done, total| {
            if let Some(listener) = &self.performer.listener {
                // Nobody listens any more when the app is about to end.
                let _ = listener.send(Msg::SyncProgress { request, done, total });
            }
        };
        let report = told(services.sync_telling(actor, Some(student.id), &tell).await)?;
        self.backend().work.notify_one();
        Ok(summary(report, payments))
    }
}

/// Does beside the frames what takes a while, or waits for what does. A panic there is one here.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Whether the partner is just preparing the place, or a payment is under way: somebody looks at
/// it and waits.
fn is_awaited(course: &CourseView) -> bool {
    let prepared = (course.enrollment.status, course.enrollment.link) == (Status::Active, Link::Requested);
    let parked = course.enrollment.status == Status::Pending && course.money.parked().is_some();
    prepared || parked || course.awaited().is_some()
}

/// A service's error in words for the screen.
fn told<T>(result: Result<T, ServiceError>) -> Result<T, Failure> {
    result.map_err(|error| Failure::from(&error))
}

fn nobody() -> Failure {
    Failure::new("nobody", "Nobody is chosen yet. Choose a student first.")
}

fn summary(report: SyncReport, payments: u64) -> SyncSummary {
    SyncSummary {
        payments: usize::try_from(payments).unwrap_or(usize::MAX),
        checked: report.checked,
        failed: report.failed.into_iter().map(|(_, title, error)| (title, error.to_string())).collect(),
        left: report.left.into_iter().map(|left| (left.partner, left.waiting)).collect(),
    }
}
