//! `coursevia lti list`.

use crate::cli::exit::Problem;
use crate::cli::output;
use crate::cli::session::CliSession;
use crate::cli::table::Table;
use crate::domain::provider::LtiTool;
use clap::Args;

/// List the partners that open by LTI 1.3.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl List {
    /// Lists them.
    pub(super) async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let tools = session.services().await?.list_tools().await?;
        if self.json {
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
            output::say("No partner opens by LTI 1.3 yet. Set one up with: coursevia lti register");
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
}
