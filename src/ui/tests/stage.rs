//! An app with a small world, driven by key scripts.

use crate::domain::cohort::Cohort;
use crate::domain::decide::fixtures::{cohort, course_of, link_offer, program, rest_offer};
use crate::domain::enrollment::Link;
use crate::domain::failure::Failure;
use crate::domain::ids::{AdvisorId, ProgramId, StudentId};
use crate::domain::listing::ProgramPage;
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::time::Instant;
use crate::domain::views::{CourseView, Dashboard, ProgramView};
use crate::domain::web::{LaunchUrl, WebUrl};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::finder::Finder;
use crate::ui::msg::{Msg, Who};
use crate::ui::{App, Setup, Theme, keys};
use chrono::{DateTime, Days, FixedOffset, TimeDelta};
use uuid::Uuid;

pub fn start() -> Instant {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap()
}

pub fn student(name: &str) -> Student {
    let email = Email::parse(&format!("{}@example.org", name.to_lowercase())).unwrap();
    Student {
        id: StudentId::from(Uuid::new_v5_like(name)),
        email: Some(email),
        name: Some(format!("{name} Okafor").into()),
    }
}

/// An id that depends on a name, without a hash crate.
trait NamedId {
    fn new_v5_like(name: &str) -> Uuid;
}

impl NamedId for Uuid {
    fn new_v5_like(name: &str) -> Uuid {
        let mut bytes = [7_u8; 16];
        for (seat, byte) in bytes.iter_mut().zip(name.bytes()) {
            *seat = byte;
        }
        Uuid::from_bytes(bytes)
    }
}

pub fn advisor(student: Option<Student>) -> Who {
    let email = Email::parse("ruth@college.example").unwrap();
    let advisor = Advisor { id: AdvisorId::from(Uuid::nil()), email, name: None };
    Who::Advisor { advisor, student }
}

/// CNA with three partners, and a second program with one.
pub fn programs() -> Vec<ProgramView> {
    let mut welding = program(vec![link_offer("NDS")]);
    welding.program.id = ProgramId::from(Uuid::from_u128(2));
    welding.program.title = "Welding".into();
    welding.program.aliases.clear();
    vec![program(vec![rest_offer("Certiport"), rest_offer("Milady"), link_offer("College")]), welding]
}

pub fn requested() -> CourseView {
    course_of(&programs()[0], 0)
}

pub fn confirmed() -> CourseView {
    crate::domain::decide::fixtures::confirmed(requested())
}

/// CNA with dates at Milady, three of them, and without at Certiport.
pub fn dated_program() -> ProgramView {
    let mut milady = rest_offer("Milady");
    milady.dated = true;
    milady.cohorts = [(9, 7), (40, 12), (70, 0)]
        .map(|(days, taken)| Cohort {
            course_id: milady.course.id,
            ..cohort(start().date_naive() + Days::new(days), 12, taken)
        })
        .to_vec();
    program(vec![milady, rest_offer("Certiport")])
}

/// Enrolled into the first of those dates.
pub fn dated_course() -> CourseView {
    let view = dated_program();
    let cohort = view.offers[0].cohorts.first().cloned();
    CourseView { cohort, ..crate::domain::decide::fixtures::confirmed(course_of(&view, 0)) }
}

pub fn other() -> CourseView {
    let mut course = confirmed();
    course.enrollment.id = Uuid::from_u128(77).into();
    course.enrollment.program_id = ProgramId::from(Uuid::from_u128(2));
    course.program_title = "Welding".into();
    course
}

pub fn failed() -> CourseView {
    let mut course = requested();
    course.enrollment.link = Link::Failed;
    course
}

pub fn url() -> LaunchUrl {
    LaunchUrl::new(WebUrl::parse("https://sso.example.org/?t=1").unwrap(), None)
}

pub fn down() -> Failure {
    Failure::new("database_unavailable", "The database can't be reached.")
}

/// The app, and all it has asked for.
pub struct Stage {
    pub app: App,
    pub asked: Vec<Effect>,
    pub now: Instant,
}

impl Stage {
    pub fn new(who: Who) -> Self {
        Self::with_keys(who, crate::ui::Keymap::default())
    }

    /// Keys of one's own, written as in the configuration.
    pub fn remapped(who: Who, keys: &[(&str, &str)]) -> Self {
        let wanted = keys.iter().map(|(name, key)| ((*name).to_owned(), vec![(*key).to_owned()])).collect();
        let (keymap, problems) = crate::ui::Keymap::configured(&wanted);
        assert_eq!(problems, []);
        Self::with_keys(who, keymap)
    }

    fn with_keys(who: Who, keymap: crate::ui::Keymap) -> Self {
        Self::with_till(who, keymap, crate::domain::payment::Till::Sandbox)
    }

    fn with_till(who: Who, keymap: crate::ui::Keymap, till: crate::domain::payment::Till) -> Self {
        let (app, asked) = App::new(Setup {
            who,
            ascii: false,
            theme: Theme::Dark,
            utc_offset: FixedOffset::east_opt(0).unwrap(),
            width: 80,
            height: 24,
            now: start(),
            database: String::new(),
            keymap,
            mouse: true,
            week_starts: crate::domain::calendar::WeekStart::Monday,
            till,
            notices: Vec::new(),
        });
        Self { app, asked, now: start() }
    }

    pub fn maya() -> Self {
        Self::new(Who::Student(student("Maya")))
    }

    /// With programs and courses read, and the partners asked.
    pub fn ready(who: Who, courses: Vec<CourseView>) -> Self {
        Self::new(who).filled(courses)
    }

    /// Programs and courses are read, the partners were asked.
    pub fn filled(mut self, courses: Vec<CourseView>) -> Self {
        let stage = &mut self;
        stage.programs(Ok(programs()));
        stage.courses(courses);
        stage.synced();
        self
    }

    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = self.app.update(msg, self.now);
        // A search is answered at once, by the real one.
        while let Some(place) = effects.iter().position(|effect| matches!(effect, Effect::Find { .. })) {
            let Effect::Find { request, query, .. } = effects.remove(place) else { unreachable!() };
            let mut finder = Finder::default();
            finder.add(self.app.programs.all());
            let places = finder.find(&query);
            effects.extend(self.app.update(Msg::Found { request, places }, self.now));
        }
        self.asked.extend(effects.clone());
        // Read beside everything else: hardly a test is about it.
        effects.retain(|effect| !matches!(effect, Effect::LoadPreferences { .. }));
        effects
    }

    pub fn keys(&mut self, script: &str) -> Vec<Effect> {
        keys::parse_script(script).unwrap().into_iter().flat_map(|msg| self.send(msg)).collect()
    }

    pub fn programs(&mut self, result: Result<Vec<ProgramView>, Failure>) -> Vec<Effect> {
        self.page(result.map(|views| ProgramPage::whole(views, start())))
    }

    /// The next page of the list.
    pub fn page(&mut self, result: Result<ProgramPage, Failure>) -> Vec<Effect> {
        let request = self.request(|e| matches!(e, Effect::LoadPrograms { .. }));
        self.send(Msg::Programs { request, result })
    }

    pub fn courses(&mut self, courses: Vec<CourseView>) -> Vec<Effect> {
        let request = self.request(|e| matches!(e, Effect::LoadCourses { .. }));
        let dashboard = Dashboard { courses, waiting: self.app.waiting.clone(), proofs: self.app.proofs };
        self.send(Msg::Courses { request, result: Ok(dashboard) })
    }

    pub fn synced(&mut self) {
        let sync = self.asked.iter().rev().find(|e| matches!(e, Effect::Sync { .. })).cloned();
        if let Some(Effect::Sync { request }) = sync {
            let result = Ok(crate::ui::msg::SyncSummary::default());
            self.send(Msg::Synced { request, result });
            self.courses(self.app.courses.all().to_vec());
        }
    }

    pub fn later(&mut self, seconds: i64) -> Vec<Effect> {
        self.now += TimeDelta::seconds(seconds);
        self.send(Msg::Tick)
    }

    /// The newest request of a kind.
    pub fn request(&self, of: impl Fn(&Effect) -> bool) -> RequestId {
        let effect = self.asked.iter().rev().find(|effect| of(effect)).expect("it was asked for");
        match effect {
            Effect::LoadPrograms { request, .. }
            | Effect::LoadDetails { request, .. }
            | Effect::Find { request, .. }
            | Effect::LoadCourses { request }
            | Effect::Sync { request }
            | Effect::LoadHistory { request, .. }
            | Effect::LoadComparison { request, .. }
            | Effect::LoadPreferences { request }
            | Effect::SavePreferences { request, .. }
            | Effect::Enroll { request, .. }
            | Effect::JoinWaitlist { request, .. }
            | Effect::AcceptOffer { request, .. }
            | Effect::LeaveWaitlist { request, .. }
            | Effect::Cancel { request, .. }
            | Effect::Launch { request, .. }
            | Effect::Pay { request, .. }
            | Effect::OpenPage { request, .. }
            | Effect::LoadSwitch { request, .. }
            | Effect::Switch { request, .. }
            | Effect::Retry { request, .. }
            | Effect::Watch { request, .. }
            | Effect::SaveDates { request, .. }
            | Effect::OpenLesson { request, .. }
            | Effect::FinishLesson { request, .. }
            | Effect::AnswerQuestion { request, .. }
            | Effect::SaveCertificate { request, .. }
            | Effect::LoadReviews { request, .. }
            | Effect::LoadOwnReview { request, .. }
            | Effect::LoadReport { request, .. }
            | Effect::LoadStatement { request, .. }
            | Effect::ChangeReview { request, .. }
            | Effect::SendProof { request, .. }
            | Effect::SaveProfile { request, .. }
            | Effect::FindStudents { request, .. }
            | Effect::ActFor { request, .. } => *request,
            other => panic!("{other:?} has no request"),
        }
    }

    pub fn enrolled(&mut self, result: Result<CourseView, Failure>) -> Vec<Effect> {
        let request = self.request(|e| matches!(e, Effect::Enroll { .. }));
        self.send(Msg::Enrolled { request, result: result.map(Box::new) })
    }

    pub fn launched(&mut self, result: Result<crate::ui::msg::LaunchOutcome, Failure>) -> Vec<Effect> {
        let request = self.request(|e| matches!(e, Effect::Launch { .. }));
        let enrollment = self.app.work.launching.map_or(confirmed().enrollment.id, |d| d.enrollment);
        self.send(Msg::Launched { request, enrollment, result })
    }

    pub fn message(&self) -> &str {
        self.app.message().map(|notice| notice.text.as_str()).unwrap_or_default()
    }

    pub fn picture(&self) -> String {
        let (width, height) = self.app.size;
        let backend = ratatui::backend::TestBackend::new(width, height);
        let mut terminal = ratatui::Terminal::new(backend).unwrap();
        terminal.draw(|frame| self.app.view(frame)).unwrap();
        terminal.backend().to_string()
    }
}

/// Where money is taken like this.
pub fn at_till(who: Who, till: crate::domain::payment::Till) -> Stage {
    Stage::with_till(who, crate::ui::Keymap::default(), till)
}

/// How many effects are of a kind.
pub fn count(effects: &[Effect], of: impl Fn(&Effect) -> bool) -> usize {
    effects.iter().filter(|effect| of(effect)).count()
}

pub fn is_enroll(effect: &Effect) -> bool {
    matches!(effect, Effect::Enroll { .. })
}

pub fn is_launch(effect: &Effect) -> bool {
    matches!(effect, Effect::Launch { .. })
}
