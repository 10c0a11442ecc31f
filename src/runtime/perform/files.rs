//! What is written into the user's downloads.

use super::{Task, beside, told};
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::platform::{downloads, files};
use crate::service::calendar;
use crate::ui::msg::Who;
use crate::ui::text;

impl Task {
    /// Writes the dates of a course where the user's downloads are.
    pub(super) async fn save_dates(&self, id: EnrollmentId) -> Result<String, Failure> {
        if matches!(self.who, Who::Advisor { .. }) {
            return Err(Failure::new("not_at_a_desk", text::NO_FILES_AT_A_DESK));
        }
        let (services, actor, _) = self.on_behalf().await?;
        let course = told(services.course(actor, id).await)?;
        let Some(file) = calendar::of_course(&course) else {
            return Err(Failure::new("no_dates", text::NO_DATES_TO_SAVE));
        };
        self.save(file.name, vec![("ics", file.content)], text::dates_not_saved).await
    }

    /// Writes a certificate that was issued here where the user's downloads are: as a picture and as text.
    pub(super) async fn save_certificate(&self, id: EnrollmentId) -> Result<String, Failure> {
        if matches!(self.who, Who::Advisor { .. }) {
            return Err(Failure::new("not_at_a_desk", text::NO_FILES_AT_A_DESK));
        }
        let (services, actor, _) = self.on_behalf().await?;
        let course = told(services.course(actor, id).await)?;
        let Some(issued) = course.issued() else {
            return Err(Failure::new("no_certificate", text::NO_CERTIFICATE));
        };
        let name = format!("certificate-{}", course.program_slug);
        let contents = vec![("svg", issued.as_svg()), ("txt", issued.as_text())];
        self.save(name, contents, text::certificate_not_saved).await
    }

    /// Writes files of one name with these endings; says where they are, or why not.
    async fn save(
        &self,
        name: String,
        contents: Vec<(&'static str, String)>,
        not_saved: impl Fn(&str, &str) -> String + Send + 'static,
    ) -> Result<String, Failure> {
        let dirs = self.backend().config().dirs.clone();
        beside(move || {
            let config_home = dirs.config.parent().unwrap_or(&dirs.config);
            let folder = downloads::folder(&dirs.home, config_home);
            let mut said = Vec::new();
            for (ending, content) in contents {
                match downloads::save(&folder, &name, ending, &content) {
                    Ok(path) => said.push(dirs.said(&path)),
                    Err(error) => {
                        let words = not_saved(&dirs.said(&folder), &files::why(&error));
                        return Err(Failure::new("file_not_written", words));
                    }
                }
            }
            Ok(said.join(" and "))
        })
        .await
    }
}
