//! `coursevia lti …`: partners that are launched by LTI 1.3.

mod show;

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::table::Table;
use crate::domain::provider::{Disclosure, LtiAccess, LtiTool};
use crate::domain::text::Text;
use crate::domain::tool::{MAX_REDIRECTS, tool_address};
use crate::domain::web::WebUrl;
use clap::{Args, Subcommand, ValueEnum};

/// The longest id a tool may have given us, in characters.
const MAX_ID: usize = 255;

/// Set up partners that are launched by LTI 1.3.
#[derive(Debug, Args)]
pub struct Lti {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Set a partner up as a tool (advisors)
    Register(Register),
    /// List the partners that are launched by LTI 1.3
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print what a tool's administrator needs to know of us
    Show {
        /// The partner's name
        partner: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// What the tool's administrator gave us.
#[derive(Debug, Args)]
struct Register {
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
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Disclose {
    /// The student's name
    Name,
    /// The student's e-mail address
    Email,
}

impl Lti {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::Register(Register { json, .. }) | Verb::List { json } | Verb::Show { json, .. } => *json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Register(wanted) => wanted.run(session).await,
            Verb::List { json } => list(session, json).await,
            Verb::Show { partner, json } => {
                let tool = session.services().await?.tool_of(&partner).await?;
                show::print(session, &tool, json).await
            }
        }
    }
}

impl Register {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
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

async fn list(session: &mut CliSession, json: bool) -> Result<(), Problem> {
    let tools = session.services().await?.list_tools().await?;
    if json {
        let rows: Vec<_> = tools
            .iter()
            .map(|tool| {
                serde_json::json!({
                    "partner": tool.partner, "active": tool.active, "client_id": tool.access.client_id,
                    "deployment_id": tool.access.deployment_id, "sandbox": tool.access.tool == LtiTool::Sandbox,
                    "discloses": tool.access.discloses.words().collect::<Vec<_>>(),
                })
            })
            .collect();
        return output::json(&rows);
    }
    if tools.is_empty() {
        output::say("No partner is launched by LTI 1.3 yet. Set one up with: coursevia lti register");
        return Ok(());
    }
    let mut table = Table::new(["PARTNER", "CLIENT ID", "DEPLOYMENT ID", "IS TOLD"]);
    for tool in tools {
        let told: Vec<&str> = tool.access.discloses.words().collect();
        let told = if told.is_empty() { "nothing".to_owned() } else { told.join(", ") };
        table.row([
            tool.partner.to_string(),
            tool.access.client_id.to_string(),
            tool.access.deployment_id.to_string(),
            told,
        ]);
    }
    Ok(output::line(table)?)
}
