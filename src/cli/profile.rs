//! `coursevia profile`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::domain::actor::Actor;
use crate::domain::person::{Email, Student};
use crate::domain::text::Text;
use crate::platform;
use clap::Args;

/// Show or set who usually sits here.
#[derive(Debug, Args)]
pub struct Profile {
    /// Your name
    #[arg(long)]
    name: Option<String>,
    /// Your e-mail address
    #[arg(long)]
    email: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Profile {
    /// Sets what is given, then prints the profile.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let before = session.profile()?;
        let email = match &self.email {
            Some(raw) => {
                Some(Email::parse(raw).map_err(|error| Problem::Usage(format!("--email: {error}")))?)
            }
            None => before.as_ref().map(|profile| profile.email.clone()),
        };
        let Some(email) = email else {
            let how = "there is no profile yet. Make one with: coursevia profile --email EMAIL";
            return Err(Problem::Usage(how.to_owned()));
        };
        let name = self.name.as_deref().and_then(|name| Text::clean_to(name, 80).non_empty());
        let same_person = before.as_ref().is_some_and(|profile| profile.email == email);
        let kept = before.filter(|_| same_person).and_then(|profile| profile.name);
        let profile = platform::Profile { email, name: name.or(kept) };
        if self.name.is_some() || self.email.is_some() {
            profile.save(&session.backend.config().dirs.config)?;
            rename(session, &profile).await?;
        }
        if self.json {
            return output::json(&serde_json::json!({ "email": profile.email, "name": profile.name }));
        }
        output::line(format_args!("{}", profile.email))?;
        if let Some(name) = &profile.name {
            output::line(name)?;
        }
        Ok(())
    }
}

/// A student the database knows already is called by the new name there too.
async fn rename(session: &CliSession, profile: &platform::Profile) -> Result<(), Problem> {
    let services = session.services().await?;
    let Ok(known) = services.student(profile.email.as_str()).await else {
        return Ok(());
    };
    if profile.name.is_some() && profile.name != known.name {
        let renamed = Student { name: profile.name.clone(), ..known };
        services.save_student(Actor::Student(renamed.id), &renamed).await?;
    }
    Ok(())
}
