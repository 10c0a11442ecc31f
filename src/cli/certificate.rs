//! `coursevia certificate COURSE` and `coursevia certificate verify CODE`.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use crate::domain::certificate::{IssuedCertificate, VerificationCode};
use crate::domain::enrollment::Status;
use crate::domain::failure::Failure;
use crate::domain::text::Text;
use crate::domain::time::day;
use crate::domain::views::{Certificate as Held, CourseView, Expiry};
use crate::domain::web::WebUrl;
use crate::platform::Browser;
use crate::service::CourseRef;
use clap::{Args, Subcommand, ValueEnum};

/// Show the certificate of a course you have completed, or check anybody's.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Certificate {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    show: Show,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say whether a certificate was issued here: to whom, in which course, when
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Show {
    /// The enrollment's id or the program's short name
    #[arg(required = true)]
    course: Option<String>,
    /// How it is printed; text and svg where it was issued here
    #[arg(long, value_enum, default_value_t = Format::Facts, conflicts_with = "json")]
    format: Format,
    /// Open its page in the browser
    #[arg(long)]
    open: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Verify {
    /// The code on the certificate, such as 7K4M-9QXT-00AB-ZZ19
    code: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What is known of it
    Facts,
    /// A page of text
    Text,
    /// A page to be printed (A4)
    Svg,
}

impl Certificate {
    pub(super) fn json(&self) -> bool {
        self.verb.as_ref().map_or(self.show.json, |Verb::Verify(verify)| verify.json)
    }

    /// Does it.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Some(Verb::Verify(verify)) => verify.run(session).await,
            None => self.show.run(session).await,
        }
    }
}

impl Verify {
    /// Anybody may ask who has the code; nobody has to say who they are.
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let code = VerificationCode::parse(&self.code).map_err(|error| {
            Problem::Usage(format!("{} is no code: {error}.", Text::clean_to(&self.code, 40)))
        })?;
        let Some(issued) = session.services().await?.find_certificate(&code).await? else {
            let words = format!(
                "No certificate was issued here with the code {code}. Compare it with the certificate, sign by sign."
            );
            return Err(Failure::new("unknown_certificate", words).into());
        };
        if self.json {
            return output::json(&json::issued(&issued));
        }
        output::line("This certificate is valid.")?;
        let IssuedCertificate { number, holder, course, issued_at, code } = issued;
        let issued_on = day(issued_at.date_naive());
        for (name, value) in [
            ("Holder", holder.to_string()),
            ("Course", course.to_string()),
            ("Issued", issued_on),
            ("Number", number.to_string()),
            ("Code", code.to_string()),
        ] {
            output::line(format_args!("{name:<9} {value}"))?;
        }
        Ok(())
    }
}

impl Show {
    /// Prints it, and opens its page if asked to.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = self.course.as_deref().map(CourseRef::parse);
        let view = services.certified_course(acting.actor, acting.student.id, named.as_ref()).await?;
        let Some(certificate) = &view.certificate else {
            return Err(Failure::new("no_certificate", none_yet(&view)).into());
        };
        if self.json {
            output::json(&json::certificate_of(&view, certificate))?;
        } else if self.format != Format::Facts {
            let issued = view.issued().ok_or_else(|| issued_elsewhere(&view))?;
            output::raw(&if self.format == Format::Svg { issued.as_svg() } else { issued.as_text() })?;
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
        (_, None) => {
            format!(
                "There is no certificate of {title} yet: it comes when every lesson is read and every quiz is passed."
            )
        }
    }
}

fn issued_elsewhere(view: &CourseView) -> Failure {
    let issuer = view.provider().map_or("the partner", |provider| provider.name.as_str());
    let words = format!(
        "The certificate of {} is issued by {issuer}, which draws it. See it there with: coursevia certificate {} --open",
        view.program_title, view.program_slug
    );
    Failure::new("issued_elsewhere", words)
}

fn facts(view: &CourseView, certificate: &Held, expiry: Option<Expiry>) -> Vec<(&'static str, String)> {
    let number = certificate.external_certificate_id.as_ref().map(ToString::to_string);
    let expires = certificate.expires_at.map(|at| day(at.date_naive()));
    let expires = expires.map(|day| match expiry {
        Some(Expiry::Over(_)) => format!("{day}: it has expired"),
        Some(Expiry::Soon(_)) => format!("{day}: that is soon"),
        None => day,
    });
    let issued = view.issued();
    let check = certificate.verify_url.as_ref().map(ToString::to_string);
    let check = check.or_else(|| issued.as_ref().map(IssuedCertificate::check_command));
    let facts = [
        ("Program", Some(view.program_title.to_string())),
        ("Holder", issued.as_ref().map(|issued| issued.holder.to_string())),
        ("Partner", view.provider().map(|provider| provider.name.to_string())),
        ("Number", number),
        ("Issued", certificate.issued_at.map(|at| day(at.date_naive()))),
        ("Expires", expires),
        ("See it", certificate.url.as_ref().map(ToString::to_string)),
        ("Code", issued.as_ref().map(|issued| issued.code.to_string())),
        ("Check it", check),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
