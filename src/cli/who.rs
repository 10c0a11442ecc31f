//! Who acts: `--student`, `--advisor`, or this home directory's profile.

use super::exit::Problem;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::person::{Advisor, Email, Student};
use crate::domain::text::Text;
use crate::platform::Profile;
use crate::service::Services;
use crate::ui::msg::Who;

/// Said when nobody is named.
const NOBODY: &str = "nobody is named. Say who with --student EMAIL, or once and for all with: coursevia profile --email EMAIL";

/// The acting person and the student it is about.
#[derive(Debug)]
pub struct Acting {
    /// Who acts.
    pub actor: Actor,
    /// For whom.
    pub student: Student,
}

impl CliSession {
    /// The student a command is about; they must exist.
    pub async fn acting(&self) -> Result<Acting, Problem> {
        let services = self.services().await?;
        let student = match (&self.global.student, self.profile()?) {
            (Some(named), _) => services.student(named).await?,
            (None, Some(profile)) => services.student(profile.email.as_str()).await?,
            (None, None) => return Err(Problem::Usage(NOBODY.to_owned())),
        };
        self.acting_for(services, student).await
    }

    /// Like [`Self::acting`], but somebody new is fine: their first enrollment creates them.
    pub async fn acting_or_new(&self) -> Result<Acting, Problem> {
        let services = self.services().await?;
        let student = match (&self.global.student, self.profile()?) {
            (Some(named), _) if uuid::Uuid::parse_str(named).is_ok() => services.student(named).await?,
            (Some(named), _) => services.learner(&email(named, "--student")?, None).await?,
            (None, Some(profile)) => services.learner(&profile.email, profile.name.as_ref()).await?,
            (None, None) => return Err(Problem::Usage(NOBODY.to_owned())),
        };
        self.acting_for(services, student).await
    }

    async fn acting_for(&self, services: &Services, student: Student) -> Result<Acting, Problem> {
        let actor = match self.advisor(services).await? {
            Some(advisor) => Actor::Advisor { advisor: advisor.id, student: student.id },
            None => Actor::Student(student.id),
        };
        Ok(Acting { actor, student })
    }

    async fn advisor(&self, services: &Services) -> Result<Option<Advisor>, Problem> {
        match &self.global.advisor {
            Some(named) => Ok(Some(services.advisor(&email(named, "--advisor")?).await?)),
            None => Ok(None),
        }
    }

    /// This home directory's profile.
    pub fn profile(&self) -> Result<Option<Profile>, Problem> {
        Profile::load(&self.backend.config().dirs.config).map_err(|error| Problem::Other(error.into()))
    }

    /// Who sits at the terminal when the app starts. The database may be down: then the person
    /// is who the profile says, and is looked up as soon as it is back.
    pub async fn who(&self) -> Result<Who, Problem> {
        let named = self.global.student.as_deref().map(|named| email(named, "--student")).transpose()?;
        let advisor = self.global.advisor.as_deref().map(|named| email(named, "--advisor")).transpose()?;
        if let Some(advisor) = advisor {
            let services = self.services().await?;
            let student = match &named {
                Some(email) => Some(services.learner(email, None).await?),
                None => None,
            };
            return Ok(Who::Advisor { advisor: services.advisor(&advisor).await?, student });
        }
        let (email, name) = match (named, self.profile()?) {
            (Some(email), _) => (email, None),
            (None, Some(profile)) => (profile.email, profile.name),
            (None, None) => return Ok(Who::Nobody),
        };
        Ok(Who::Student(self.learner_or_unknown(&email, name.as_ref()).await))
    }

    async fn learner_or_unknown(&self, email: &Email, name: Option<&Text>) -> Student {
        if let Ok(services) = self.backend.services().await
            && let Ok(student) = services.learner(email, name).await
        {
            return student;
        }
        Student { id: self.backend.ids().new_id(), email: Some(email.clone()), name: name.cloned() }
    }
}

fn email(raw: &str, flag: &str) -> Result<Email, Problem> {
    Email::parse(raw).map_err(|error| Problem::Usage(format!("{flag}: {error}")))
}
