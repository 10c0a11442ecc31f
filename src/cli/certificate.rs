//! `coursevia certificate COURSE`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::time::day;
use crate::domain::views::{Certificate, CourseView, Expiry};
use crate::domain::web::WebUrl;
use crate::platform::Browser;
use crate::service::CourseRef;
use clap::Args;

/// Show the certificate of a course you have completed.
#[derive(Debug, Args)]
pub struct Show {
    /// The enrollment's id or the program's short name
    course: String,
    /// Open its page in the browser
    #[arg(long)]
    open: bool,
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl Show {
    /// Prints it, and opens its page if asked to.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        let Some(certificate) = &view.certificate else {
            return Err(Failure::new("no_certificate", none_yet(&view)).into());
        };
        if self.json {
            output::json(&json::certificate_of(&view, certificate))?;
        } else {
            let now = services.clock.now();
            for (name, value) in facts(&view, certificate, certificate.expiry(now)) {
                output::line(format_args!("{name:<9} {value}"))?;
            }
        }
        if !self.open {
            return Ok(());
        }
        let Some(page) = certificate.page() else {
            let words = "This certificate has no page to open. Show its number instead.";
            return Err(Failure::new("no_certificate_page", words).into());
        };
        let configured = session.backend.config().launch.browser.as_deref();
        open(Browser::of_session(session.backend.env(), configured), page).await
    }
}

async fn open(browser: Browser, page: &WebUrl) -> Result<(), Problem> {
    let address = page.clone();
    let opened = tokio::task::spawn_blocking(move || browser.open(&address)).await;
    if matches!(opened, Ok(Ok(()))) {
        output::say("Opened in your browser.");
        return Ok(());
    }
    Err(Failure::new("no_browser", format!("No browser could be started. Open it yourself: {page}")).into())
}

fn none_yet(view: &CourseView) -> String {
    let title = &view.program_title;
    match (view.enrollment.status, view.provider()) {
        (Status::Completed, Some(provider)) => {
            format!(
                "{title} is completed, but {} has not issued the certificate yet. It is fetched as soon as it is there.",
                provider.name
            )
        }
        (_, Some(provider)) => {
            format!(
                "There is no certificate of {title}: it comes when {} reports the course as completed.",
                provider.name
            )
        }
        (_, None) => format!("There is no certificate of {title}."),
    }
}

fn facts(
    view: &CourseView,
    certificate: &Certificate,
    expiry: Option<Expiry>,
) -> Vec<(&'static str, String)> {
    let number = certificate.external_certificate_id.as_ref().map(ToString::to_string);
    let expires = certificate.expires_at.map(|at| day(at.date_naive()));
    let expires = expires.map(|day| match expiry {
        Some(Expiry::Over(_)) => format!("{day}: it has expired"),
        Some(Expiry::Soon(_)) => format!("{day}: that is soon"),
        None => day,
    });
    let facts = [
        ("Program", Some(view.program_title.to_string())),
        ("Partner", view.provider().map(|provider| provider.name.to_string())),
        ("Number", number),
        ("Issued", certificate.issued_at.map(|at| day(at.date_naive()))),
        ("Expires", expires),
        ("See it", certificate.url.as_ref().map(ToString::to_string)),
        ("Check it", certificate.verify_url.as_ref().map(ToString::to_string)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
