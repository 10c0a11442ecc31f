//! `coursevia lti register PARTNER`.

use super::show;
use crate::cli::exit::Problem;
use crate::cli::output;
use crate::cli::session::CliSession;
use crate::domain::provider::{Disclosure, LtiAccess, LtiTool};
use crate::domain::text::Text;
use crate::domain::tool::{MAX_REDIRECTS, tool_address};
use crate::domain::web::WebUrl;
use clap::{Args, ValueEnum};

/// The longest id a tool may have given us, in characters.
const MAX_ID: usize = 255;

/// What the tool's administrator gave us.
#[derive(Debug, Args)]
pub(super) struct Register {
    /// The partner's name, as the catalogue has it
    partner: String,
    /// Where a login begins (OIDC login initiation)
    #[arg(long, value_name = "URL")]
    login_url: String,
    /// Where answers may be sent, exactly; may be given several times
    #[arg(long, value_name = "URL", required = true)]
    redirect_url: Vec<String>,
    /// What is opened [default: the first redirect address]
    #[arg(long, value_name = "URL")]
    target_link_url: Option<String>,
    /// The client id
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// The deployment id
    #[arg(long, value_name = "ID")]
    deployment_id: String,
    /// What the tool is told about students beside an id that means nothing elsewhere
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    disclose: Vec<Disclose>,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Disclose {
    /// The student's name
    Name,
    /// The student's e-mail address
    Email,
}

impl Register {
    /// Sets the partner up, and prints what its administrator needs.
    pub(super) async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let access = self.access()?;
        let advisor = session.moderator().await?;
        let services = session.services().await?;
        let tool = services.register_tool(&advisor, &self.partner, access).await?;
        if !self.json {
            output::say(format_args!("{} is set up. This is for its administrator:", tool.partner));
        }
        show::print(session, &tool, self.json).await
    }

    fn access(&self) -> Result<LtiAccess, Problem> {
        let address = |flag: &str, raw: &str| {
            tool_address(raw).map_err(|error| Problem::Usage(format!("{flag}: {error}")))
        };
        let id = |flag: &str, raw: &str| {
            let clean = Text::clean(raw);
            if clean.is_empty() || clean.as_str() != raw || raw.chars().count() > MAX_ID {
                let what =
                    format!("{flag}: write it exactly as the tool gave it, at most {MAX_ID} characters");
                return Err(Problem::Usage(what));
            }
            Ok(clean)
        };
        if self.redirect_url.len() > MAX_REDIRECTS {
            return Err(Problem::Usage(format!("--redirect-url: at most {MAX_REDIRECTS} of them")));
        }
        let redirects = self.redirect_url.iter().map(|raw| address("--redirect-url", raw));
        let target = self.target_link_url.as_deref().map(|raw| address("--target-link-url", raw));
        Ok(LtiAccess {
            tool: LtiTool::Registered {
                login_url: address("--login-url", &self.login_url)?,
                redirect_urls: redirects.collect::<Result<Vec<WebUrl>, _>>()?,
                target_link_url: target.transpose()?,
            },
            client_id: id("--client-id", &self.client_id)?,
            deployment_id: id("--deployment-id", &self.deployment_id)?,
            discloses: Disclosure {
                name: self.disclose.contains(&Disclose::Name),
                email: self.disclose.contains(&Disclose::Email),
            },
        })
    }
}
