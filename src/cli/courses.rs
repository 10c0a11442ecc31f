//! `coursevia courses`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::table::Table;
use crate::domain::enrollment::{Link, Status};
use crate::domain::money::Money;
use crate::domain::progress::ProgressSource;
use crate::domain::provider::{Protocol, Stage};
use crate::domain::time::{Instant, ago, day};
use crate::domain::views::{CourseView, Expiry};
use clap::Args;

/// List your enrollments.
#[derive(Debug, Args)]
pub struct Courses {
    /// Cancelled ones too
    #[arg(long)]
    all: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Courses {
    /// Prints them, newest first.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let mut courses = services.courses(acting.actor, acting.student.id).await?;
        let known = courses.len();
        courses.retain(|view| self.all || view.enrollment.status != Status::Cancelled);
        if self.json {
            let now = services.clock.now();
            return output::json(&courses.iter().map(|view| json::course(view, now)).collect::<Vec<_>>());
        }
        if courses.is_empty() {
            output::say(if known == 0 {
                "No courses yet. Find one with: coursevia programs"
            } else {
                "All your courses are cancelled. See them with: coursevia courses --all"
            });
            return Ok(());
        }
        let now = services.clock.now();
        // Who has only free courses is not told about money.
        let paying = courses.iter().any(|view| !view.money.payments.is_empty());
        let headings = ["PROGRAM", "COURSE", "VIA", "STATE", "PROGRESS", "REPORTED", "MONEY"];
        let columns = if paying { headings.len() } else { headings.len() - 1 };
        let mut table = Table::of(headings[..columns].iter().map(ToString::to_string).collect());
        for view in &courses {
            let mut row = vec![
                view.program_slug.to_string(),
                view.program_title.to_string(),
                view.provider()
                    .map_or_else(|| "taught here".to_owned(), |provider| provider.name.to_string()),
                state(view, now),
                progress(view),
                reported(view, now),
                money(view),
            ];
            row.truncate(columns);
            table.push(row);
        }
        Ok(output::line(table)?)
    }
}

/// The figure; and what the partner says, where that is less.
fn progress(view: &CourseView) -> String {
    let progress = &view.enrollment.progress;
    match progress.reported {
        Some(lower) => format!("{} ({lower} reported)", progress.percent),
        None => progress.percent.to_string(),
    }
}

/// How old the figure is, and who told it if that was not the partner.
fn reported(view: &CourseView, now: Instant) -> String {
    let Some(at) = view.enrollment.progress.as_of else {
        return "not yet".to_owned();
    };
    let by = match view.enrollment.progress.source {
        Some(ProgressSource::Advisor) => " by an advisor",
        Some(ProgressSource::Here) => " here",
        Some(ProgressSource::Partner) | None => "",
    };
    format!("{}{by}", ago(now, at))
}

/// What was paid, is to be paid, and goes back.
fn money(view: &CourseView) -> String {
    let money = &view.money;
    let said = |money: Option<Money>, what: &str| {
        money.filter(|money| !money.is_zero()).map(|money| format!("{money} {what}"))
    };
    let open = money.open().map(|open| open.amount);
    let failed = money.failed_refund().map(|refund| refund.amount);
    let parts = [
        said(open, "to pay"),
        said(money.paid(), "paid"),
        said(money.on_its_way_back(), "on its way back"),
        said(money.back(), "refunded"),
        said(failed, "could not be refunded"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn state_of_own(view: &CourseView, now: Instant) -> String {
    let certificate = view.certificate.as_ref().and_then(|certificate| certificate.expiry(now));
    let ends = match certificate {
        Some(Expiry::Soon(at)) => format!(", certificate expires on {}", day(at.date_naive())),
        Some(Expiry::Over(at)) => format!(", certificate expired on {}", day(at.date_naive())),
        None => String::new(),
    };
    let failed = view.enrollment.progress.exam_failed_at.filter(|_| view.enrollment.status == Status::Active);
    let exam = failed.map(|at| format!(", exam not passed on {}", day(at.date_naive()))).unwrap_or_default();
    format!("{}{ends}{exam}", own_state(view))
}

/// Where it stands; a partner that does not let anybody in, or has problems, comes first.
fn state(view: &CourseView, now: Instant) -> String {
    let live = matches!(view.enrollment.status, Status::Active | Status::Completed);
    let partner = view.provider().filter(|_| live);
    let words = state_of_own(view, now);
    match partner.map(|provider| (provider.stage(now), provider.troubled(now))) {
        Some((Stage::Paused, _)) => "partner is paused".to_owned(),
        Some((Stage::Retired, _)) => "partner is closed".to_owned(),
        Some((_, Some(since))) => format!("{words}; partner has problems, began {}", ago(now, since)),
        _ => words,
    }
}

fn by_lti(view: &CourseView) -> bool {
    view.provider().is_some_and(|provider| matches!(provider.protocol, Protocol::Lti13(_)))
}

fn own_state(view: &CourseView) -> &'static str {
    if view.money.parked().is_some() {
        return "an advisor looks at the payment";
    }
    match (view.enrollment.status, view.enrollment.link) {
        (Status::Pending, _) if view.money.open().is_none() => "not paid: pay again",
        (Status::Pending, _) if view.enrollment.replaces_id.is_some() => "switch waits for payment",
        (Status::Pending, _) => "waiting for payment",
        (Status::Completed, _) => "completed",
        (Status::Cancelled, _) => "cancelled",
        (Status::Active, Link::Requested) => "being prepared",
        (Status::Active, Link::Failed) => "needs you: try again",
        (Status::Active, _) if view.open_proof().is_some() => "waits for an advisor",
        (Status::Active, _) if view.declined_proof().is_some() => "report declined: send another",
        (Status::Active, Link::Manual) if by_lti(view) => "ready",
        (Status::Active, Link::Manual) => "sign in at the partner",
        (Status::Active, Link::None) if view.taught.is_none() => "lessons coming soon",
        (Status::Active, Link::None | Link::Confirmed) => "ready",
    }
}
