//! Effects about who sits here, and for whom.

use super::{Task, told};
use crate::domain::failure::Failure;
use crate::domain::person::{Email, Student};
use crate::domain::text::Text;
use crate::platform::Profile;
use crate::ui::effect::StudentPick;

impl Task {
    pub(super) async fn save_profile(&self, email: Email, name: Option<Text>) -> Result<Student, Failure> {
        let services = self.services().await?;
        let student = told(services.learner(&email, name.as_ref()).await)?;
        let dir = self.backend().config().dirs.config.clone();
        let saved = Profile { email, name: name.or_else(|| student.name.clone()) }.save(&dir);
        if let Err(error) = saved {
            // The enrollment matters more than being remembered.
            tracing::warn!(%error, "the profile could not be saved");
        }
        self.sits_here(&student);
        Ok(student)
    }

    pub(super) async fn find_students(&self, text: &str) -> Result<Vec<Student>, Failure> {
        let advisor = self.advisor()?;
        told(self.services().await?.find_students(advisor, text).await)
    }

    pub(super) async fn act_for(&self, pick: StudentPick) -> Result<Student, Failure> {
        self.advisor()?;
        let services = self.services().await?;
        let student = told(match pick {
            StudentPick::Known(student) => services.as_known(student).await,
            StudentPick::New(email) => services.learner(&email, None).await,
        })?;
        self.sits_here(&student);
        Ok(student)
    }
}
