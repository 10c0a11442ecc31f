//! What screens and commands read.

use crate::domain::actor::Actor;
use crate::domain::cohort::Cohort;
use crate::domain::decide::Choice;
use crate::domain::ids::{EnrollmentId, ProgramId, StudentId};
use crate::domain::listing::{ListCursor, ProgramPage};
use crate::domain::person::{Email, Student};
use crate::domain::program::Slug;
use crate::domain::provider::{LoginAddress, Protocol};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::{Instant, from_the_future};
use crate::domain::views::{CourseHistory, CourseView, HistoryEntry, Offer, ProgramView};
use crate::service::{ServiceError, Services};
use chrono::NaiveDate;
use uuid::Uuid;

/// How many programs the first page has: more than any terminal shows.
const FIRST_PAGE: u16 = 64;
/// How many programs the others have.
const PAGE: u16 = 250;
/// How many reports of progress are looked at: the changes of two weeks and more.
const SAMPLES: u16 = 200;

/// How a person names a course: an enrollment id or a program slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CourseRef {
    /// The enrollment itself.
    Enrollment(EnrollmentId),
    /// The student's enrollment in this program.
    Program(Slug),
    /// Neither; kept for the error.
    Neither(Text),
}

impl CourseRef {
    /// Reads what a person typed.
    pub fn parse(raw: &str) -> Self {
        match (Uuid::parse_str(raw.trim()), Slug::parse(raw.trim())) {
            (Ok(id), _) => Self::Enrollment(id.into()),
            (_, Ok(slug)) => Self::Program(slug),
            _ => Self::Neither(Text::clean_to(raw, 60)),
        }
    }

    fn words(&self) -> Text {
        match self {
            Self::Enrollment(id) => Text::clean(&id.to_string()),
            Self::Program(slug) => Text::clean(slug.as_str()),
            Self::Neither(text) => text.clone(),
        }
    }
}

impl Services {
    /// All programs that are offered, in the catalogue's order.
    pub async fn programs(&self) -> Result<Vec<ProgramView>, ServiceError> {
        Ok(self.store.list_programs(self.now()).await?)
    }

    /// A page of the programs that are offered, in the catalogue's order; the first page is short
    /// and comes with the details of its programs, so that it can be drawn at once.
    pub async fn program_page(&self, after: Option<&ListCursor>) -> Result<ProgramPage, ServiceError> {
        let limit = if after.is_some() { PAGE } else { FIRST_PAGE };
        let mut page = self.store.page_of_programs(after, limit, self.now()).await?;
        if after.is_none() {
            let ids: Vec<_> = page.entries.iter().map(|entry| entry.id).collect();
            page.details = self.store.list_programs_by_id(&ids, self.now()).await?;
        }
        Ok(page)
    }

    /// Programs with all a screen needs. Those that are gone are left out.
    pub async fn program_details(&self, ids: &[ProgramId]) -> Result<Vec<ProgramView>, ServiceError> {
        Ok(self.store.list_programs_by_id(ids, self.now()).await?)
    }

    /// One program by its slug; the error names slugs that look alike.
    pub async fn program(&self, slug: &str) -> Result<ProgramView, ServiceError> {
        if let Ok(slug) = Slug::parse(slug)
            && let Some(view) = self.store.find_program(&slug, self.now()).await?
        {
            return Ok(view);
        }
        let wanted: Vec<&str> = slug.split('-').filter(|word| word.len() > 2).collect();
        let near = |view: &ProgramView| {
            let known = view.program.slug.as_str();
            wanted.iter().any(|word| known.contains(word))
        };
        let programs = self.programs().await?;
        let near = programs.iter().filter(|view| near(view)).take(3);
        Err(ServiceError::UnknownProgram {
            slug: Text::clean_to(slug, 60),
            near: near.map(|view| view.program.slug.to_string()).collect(),
        })
    }

    /// The course of a program a partner name means. `None` leaves the choice unmade.
    pub fn choice(view: &ProgramView, partner: Option<&str>) -> Result<Choice, ServiceError> {
        let Some(name) = partner else {
            return Ok(Choice::Unmade);
        };
        let matches = |known: &Text| known.as_str().to_lowercase() == name.trim().to_lowercase();
        view.offers
            .iter()
            .find(|offer| matches(&offer.provider.name) || matches(&offer.provider.provider_type))
            .map(|offer| Choice::Course(offer.course.id))
            .ok_or_else(|| ServiceError::UnknownPartner {
                name: Text::clean_to(name, 60),
                title: view.program.title.clone(),
                partners: view.offers.iter().map(|offer| offer.provider.name.to_string()).collect(),
            })
    }

    /// The start that `2026-12-01` or an id means, of the partner that was chosen or of the only one
    /// that has it.
    pub fn start(&self, view: &ProgramView, choice: Choice, named: &str) -> Result<Choice, ServiceError> {
        let (day, id) = (named.trim().parse::<NaiveDate>().ok(), Uuid::parse_str(named.trim()).ok());
        let means = |cohort: &&Cohort| Some(cohort.starts_on) == day || Some(cohort.id.as_uuid()) == id;
        let asked = |offer: &&Offer| choice.course().is_none_or(|course| course == offer.course.id);
        let starts = || view.offers.iter().filter(asked).flat_map(|offer| &offer.cohorts);
        let found: Vec<&Cohort> = starts().filter(means).collect();
        let partner = || {
            let mut names = view.offers.iter().filter(asked).map(|offer| offer.provider.name.clone());
            names.next().filter(|_| names.next().is_none()).unwrap_or_else(|| view.program.title.clone())
        };
        match found.as_slice() {
            [one] => Ok(Choice::Cohort(one.course_id, one.id)),
            [] => Err(ServiceError::UnknownStart {
                what: Text::clean_to(named, 60),
                partner: partner(),
                starts: open_starts_of(starts(), self.now()),
            }),
            several => Err(ServiceError::UnclearStart {
                what: Text::clean_to(named, 60),
                starts: several.iter().map(|cohort| (cohort.id, start_words(view, cohort))).collect(),
            }),
        }
    }

    /// All enrollments of the actor's student, newest first.
    pub async fn courses(&self, actor: Actor, student: StudentId) -> Result<Vec<CourseView>, ServiceError> {
        if !actor.may_touch(student) {
            return Err(Refusal::NotYours.into());
        }
        let mut courses = self.store.list_courses(student).await?;
        for view in &mut courses {
            self.settle_address(view);
        }
        Ok(courses)
    }

    /// One enrollment, if the actor may see it.
    pub async fn course(&self, actor: Actor, id: EnrollmentId) -> Result<CourseView, ServiceError> {
        let mut view = self
            .store
            .find_course(id)
            .await?
            .ok_or_else(|| ServiceError::UnknownEnrollment { what: Text::clean(&id.to_string()) })?;
        self.settle_address(&mut view);
        if actor.may_touch(view.enrollment.student_id) { Ok(view) } else { Err(Refusal::NotYours.into()) }
    }

    /// Where students sign in who learn with a partner that is played here: nobody reads "sandbox".
    fn settle_address(&self, view: &mut CourseView) {
        let Some(provider) = view.partner.as_mut().map(|offer| &mut offer.provider) else {
            return;
        };
        if let Protocol::Link(access) = &mut provider.protocol
            && let Ok(url) = self.partners.login_address(&provider.name, access)
        {
            access.login_url = LoginAddress::Url(url);
        }
    }

    /// The enrollment a person means: by id, by program (live before past, newest first), or
    /// with nothing said the last used.
    pub async fn course_named(
        &self,
        actor: Actor,
        student: StudentId,
        named: Option<&CourseRef>,
    ) -> Result<CourseView, ServiceError> {
        let unknown = |what: Text| ServiceError::UnknownEnrollment { what };
        match named {
            Some(CourseRef::Enrollment(id)) => self.course(actor, *id).await,
            Some(CourseRef::Program(slug)) => {
                let mut mine = self.courses(actor, student).await?;
                mine.retain(|view| view.program_slug == *slug);
                // What is to replace it once it is paid for is not yet the course.
                mine.sort_by_key(|view| {
                    (!view.enrollment.status.is_live(), view.enrollment.replaces_id.is_some())
                });
                mine.into_iter().next().ok_or_else(|| unknown(Text::clean(slug.as_str())))
            }
            Some(neither @ CourseRef::Neither(_)) => Err(unknown(neither.words())),
            None => match self.store.last_used(student).await? {
                Some(id) => self.course(actor, id).await,
                None => Err(unknown("last used".into())),
            },
        }
    }

    /// The same for whoever asks for a certificate: the newest course of a program that has one, if one has.
    pub async fn certified_course(
        &self,
        actor: Actor,
        student: StudentId,
        named: Option<&CourseRef>,
    ) -> Result<CourseView, ServiceError> {
        if let Some(CourseRef::Program(slug)) = named {
            let mine = self.courses(actor, student).await?;
            let certified = |view: &CourseView| view.program_slug == *slug && view.certificate.is_some();
            if let Some(view) = mine.into_iter().find(certified) {
                return Ok(view);
            }
        }
        self.course_named(actor, student, named).await
    }

    /// What happened to an enrollment, newest first.
    pub async fn history(&self, actor: Actor, id: EnrollmentId) -> Result<Vec<HistoryEntry>, ServiceError> {
        self.course(actor, id).await?;
        Ok(self.store.list_history(id).await?)
    }

    /// The same, with the newest reports of progress.
    pub async fn course_history(
        &self,
        actor: Actor,
        id: EnrollmentId,
    ) -> Result<CourseHistory, ServiceError> {
        let entries = self.history(actor, id).await?;
        Ok(CourseHistory { entries, samples: self.store.list_samples(id, SAMPLES).await? })
    }

    /// The newest time the database knows, when it lies so far ahead that a clock must be wrong.
    pub async fn written_ahead(&self) -> Result<Option<Instant>, ServiceError> {
        Ok(from_the_future(self.now(), self.store.newest_event_at().await?))
    }

    /// The student with this address or id.
    pub async fn student(&self, named: &str) -> Result<Student, ServiceError> {
        let found = match (Email::parse(named), Uuid::parse_str(named.trim())) {
            (Ok(email), _) => self.store.find_student_by_email(&email).await?,
            (_, Ok(id)) => self.store.find_student(id.into()).await?,
            _ => None,
        };
        found.ok_or_else(|| ServiceError::UnknownStudent { who: Text::clean_to(named, 80) })
    }
}

fn open_starts_of<'a>(starts: impl Iterator<Item = &'a Cohort>, now: Instant) -> Vec<String> {
    let mut days: Vec<_> = starts.filter(|start| start.is_open(now)).map(|start| start.starts_on).collect();
    days.sort_unstable();
    days.dedup();
    days.iter().map(NaiveDate::to_string).collect()
}

/// One of several starts on one day: by its id, with what tells it from the others.
fn start_words(view: &ProgramView, cohort: &Cohort) -> String {
    let offer = view.offers.iter().find(|offer| offer.course.id == cohort.course_id);
    let partner = offer.map(|offer| offer.provider.name.to_string());
    let [schedule, location] =
        [&cohort.schedule, &cohort.location].map(|text| text.as_ref().map(Text::as_str));
    [partner.as_deref(), schedule, location].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
