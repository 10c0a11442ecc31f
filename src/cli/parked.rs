//! `coursevia parked …`.

use super::exit::Problem;
use super::json;
use super::output;
use super::refund;
use super::session::CliSession;
use super::table::Table;
use super::work::run_caused;
use crate::domain::actor::Actor;
use crate::domain::ids::PaymentId;
use crate::domain::payment::PaymentView;
use crate::domain::person::Student;
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::{Decision, ServiceError, Services};
use clap::{Args, Subcommand};

/// Decide about payments that do not fit what was asked for.
#[derive(Debug, Args)]
pub struct Parked {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what waits for a decision
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// What came is right: the course begins
    Accept(Decide),
    /// What came goes back
    Refund(Decide),
    /// No money of ours came: the course can be paid again
    Dismiss(Decide),
}

#[derive(Debug, Args)]
struct Decide {
    /// The payment's id, as `parked list` prints it
    id: String,
    /// Why, for the records
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Parked {
    /// Whether failures are told as JSON, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::List { json } => *json,
            Verb::Accept(decide) | Verb::Refund(decide) | Verb::Dismiss(decide) => decide.json,
        }
    }

    /// Does what the verb says.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::List { json } => list(session, json).await,
            Verb::Accept(decide) => Box::pin(decide.run(session, Decision::Accept)).await,
            Verb::Refund(decide) => Box::pin(decide.run(session, Decision::Refund)).await,
            Verb::Dismiss(decide) => Box::pin(decide.run(session, Decision::Dismiss)).await,
        }
    }
}

async fn list(session: &CliSession, as_json: bool) -> Result<(), Problem> {
    let services = session.services().await?;
    let mut cases = Vec::new();
    for payment in services.parked().await? {
        let course = services.course(Actor::System, payment.enrollment_id).await?;
        cases.push((payment, course));
    }
    if as_json {
        let cases: Vec<_> = cases.iter().map(|(payment, course)| json::parked(payment, course)).collect();
        return output::json(&cases);
    }
    if cases.is_empty() {
        output::say("No payment waits for a decision.");
        return Ok(());
    }
    let mut table = Table::new(["ID", "STUDENT", "COURSE", "ASKED", "CAME", "WHY"]);
    for (payment, course) in &cases {
        table.row([
            payment.id.to_string(),
            who(&course.student),
            course.program_title.to_string(),
            payment.amount.to_string(),
            payment.odd.unwrap_or(payment.amount).to_string(),
            payment.note.as_ref().map(ToString::to_string).unwrap_or_default(),
        ]);
    }
    output::line(table)?;
    output::say("Decide with: coursevia parked accept|refund|dismiss ID --reason TEXT --advisor EMAIL");
    Ok(())
}

fn who(student: &Student) -> String {
    student.email.as_ref().map_or_else(|| student.id.to_string(), ToString::to_string)
}

impl Decide {
    async fn run(self, session: &CliSession, decision: Decision) -> Result<(), Problem> {
        let reason = refund::reason(&self.reason)?;
        let advisor = session.moderator().await?;
        let services = session.services().await?;
        let payment = self.payment(services).await?;
        let course = services.course(Actor::System, payment.enrollment_id).await?;
        let actor = Actor::Advisor { advisor: advisor.id, student: course.student.id };
        services.settle_parked(actor, payment.id, decision, &reason).await?;
        let course = run_caused(services, course).await;
        self.tell(services, &payment, &course, decision).await
    }

    async fn payment(&self, services: &Services) -> Result<PaymentView, Problem> {
        let unknown = || ServiceError::UnknownPayment { what: Text::clean_to(&self.id, 60) };
        let id: PaymentId = uuid::Uuid::parse_str(self.id.trim()).map_err(|_| unknown())?.into();
        Ok(services.store.find_payment(id).await.map_err(ServiceError::from)?.ok_or_else(unknown)?)
    }

    async fn tell(
        &self,
        services: &Services,
        payment: &PaymentView,
        course: &CourseView,
        decision: Decision,
    ) -> Result<(), Problem> {
        if self.json {
            let now = services.store.find_payment(payment.id).await.map_err(ServiceError::from)?;
            return output::json(&json::decided(now.as_ref().unwrap_or(payment), course));
        }
        let (title, came) = (&course.program_title, payment.odd.unwrap_or(payment.amount));
        let student = who(&course.student);
        Ok(match decision {
            Decision::Accept if course.enrollment.status.is_live() => {
                output::line(format_args!("{came} of {student} is accepted for {title}."))
            }
            Decision::Accept => output::line(format_args!(
                "{came} of {student} is accepted, but their place in {title} is gone. See what became of it: coursevia courses --all --student {student}"
            )),
            Decision::Refund => {
                output::line(format_args!("{came} goes back to {student}; their place in {title} ends."))
            }
            Decision::Dismiss => output::line(format_args!(
                "The payment of {student} for {title} is dismissed. They can pay again with: coursevia pay {}",
                course.program_slug
            )),
        }?)
    }
}
