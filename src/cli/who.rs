//! Who acts: `--student`, `--advisor`, or this home directory's profile.

use super::exit::Problem;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::person::{Advisor, Email, Student};
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
    /// The student a command is about. One named by `--student` must exist; the owner of this home
    /// directory may not have enrolled yet, and simply has no courses.
    pub async fn acting(&self) -> Result<Acting, Problem> {
        let services = self.services().await?;
        let student = match (&self.global.student, self.profile()?) {
            (Some(named), _) => services.student(named).await?,
            (None, Some(profile)) => services.learner(&profile.email, profile.name.as_ref()).await?,
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

    /// The advisor who looks after what others wrote.
    pub async fn moderator(&self) -> Result<Advisor, Problem> {
        let advisor = self.advisor(self.services().await?).await?;
        advisor.ok_or_else(|| {
            Problem::Usage("only an advisor can do this. Say who with --advisor EMAIL".to_owned())
        })
    }

    /// This home directory's profile.
    pub fn profile(&self) -> Result<Option<Profile>, Problem> {
        Ok(Profile::load(&self.backend.config().dirs.config)?)
    }

    /// Who sits at the terminal when the app starts. Nothing is looked up: the first frame must
    /// not wait for a database, and every later call looks the person up anyway.
    pub fn who(&self) -> Result<Who, Problem> {
        let student = self.global.student.as_deref().map(|named| self.named_student(named)).transpose()?;
        if let Some(named) = self.global.advisor.as_deref() {
            let id = self.backend.ids().new_id();
            let advisor = Advisor { id, email: email(named, "--advisor")?, name: None };
            return Ok(Who::Advisor { advisor, student });
        }
        Ok(match (student, self.profile()?) {
            (Some(student), _) => Who::Student(student),
            (None, Some(profile)) => Who::Student(Student {
                id: self.backend.ids().new_id(),
                email: Some(profile.email),
                name: profile.name,
            }),
            (None, None) => Who::Nobody,
        })
    }

    /// Somebody named by id or address, as yet unseen.
    fn named_student(&self, named: &str) -> Result<Student, Problem> {
        if let Ok(id) = uuid::Uuid::parse_str(named) {
            return Ok(Student { id: id.into(), email: None, name: None });
        }
        let id = self.backend.ids().new_id();
        Ok(Student { id, email: Some(email(named, "--student")?), name: None })
    }
}

fn email(raw: &str, flag: &str) -> Result<Email, Problem> {
    Email::parse(raw).map_err(|error| Problem::Usage(format!("{flag}: {error}")))
}
