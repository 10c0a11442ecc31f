//! A desk whose partners Certiport and Milady open by LTI.

use crate::support::lti::{Hints, asks, becomes_tool, opens, put_key, question, tool};
use crate::support::office::Office;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::Choice;
use coursevia::domain::ids::EnrollmentId;
use coursevia::domain::person::{Email, Student};
use coursevia::domain::provider::Disclosure;
use coursevia::domain::web::LaunchUrl;
use coursevia::platform::Clock;
use coursevia::runtime::Backend;
use coursevia::service::lti::LtiAnswer;
use coursevia::service::{Enroll, Launch, Services};
use coursevia::store::FailPoints;
use std::sync::Arc;

pub struct World {
    pub folder: tempfile::TempDir,
    pub backend: Arc<Backend>,
    pub services: Services,
}

pub const CERTIPORT: &str = "client-of-certiport";
pub const MILADY: &str = "client-of-milady";

impl World {
    /// Without a key.
    pub async fn unready() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let office = Office { home: folder.path().to_owned(), port: 0 };
        let clock = Clock::fixed(Clock::System.now());
        let backend = Arc::new(office.backend("any", clock, FailPoints::none()));
        let services = backend.services().await.expect("the services").clone();
        let named = Disclosure { name: true, email: false };
        becomes_tool(&services, "Certiport", tool(CERTIPORT, named)).await;
        becomes_tool(&services, "Milady", tool(MILADY, Disclosure::default())).await;
        Self { folder, backend, services }
    }

    pub async fn new() -> Self {
        let world = Self::unready().await;
        put_key(&world.backend.config().lti.key_file);
        world
    }

    /// Enrolls somebody in CNA Training; who, and in what.
    pub async fn enroll(&self, address: &str) -> (Actor, EnrollmentId) {
        self.enroll_with(address, "Certiport").await
    }

    pub async fn enroll_with(&self, address: &str, partner: &str) -> (Actor, EnrollmentId) {
        let known = self.services.learner(&Email::parse(address).expect("an address"), None).await;
        let student = Student { name: Some("Maya <Okafor>".into()), ..known.expect("a student") };
        let program = self.services.program("cna-training").await.expect("the program");
        let choice = Services::choice(&program, Some(partner)).expect("the partner");
        assert_ne!(choice, Choice::Unmade);
        let actor = Actor::Student(student.id);
        let request = Enroll { actor, student: &student, program: program.program.id, choice };
        (actor, self.services.enroll(&request).await.expect("enrolled").enrollment.id)
    }

    /// The one-time address of a launch.
    pub async fn launch(&self, (actor, id): (Actor, EnrollmentId)) -> LaunchUrl {
        let launch = self.backend.launch(&self.services, actor, id).await.expect("it launches");
        let Launch::Link(url) = launch else { panic!("it waits") };
        url
    }

    /// Hints of a launch that was begun.
    pub async fn begun(&self, course: (Actor, EnrollmentId)) -> Hints {
        opens(&self.services, &self.launch(course).await).await
    }

    /// The tool of Certiport asks as it should, but for this.
    pub async fn asks_but(&self, hints: &Hints, name: &str, value: &str) -> LtiAnswer {
        let mut asked = question(CERTIPORT, hints);
        asked.retain(|(known, _)| *known != name);
        let name: &'static str = name.to_owned().leak();
        if !value.is_empty() {
            asked.push((name, value.to_owned()));
        }
        asks(&self.services, &asked).await
    }
}
