//! The payment page, for commands: shown, opened, waited for.

use super::exit::Problem;
use super::json;
use super::output;
use super::session::CliSession;
use super::work::run_caused;
use crate::domain::actor::Actor;
use crate::domain::failure::Failure;
use crate::domain::ids::PaymentId;
use crate::domain::job::{JobKind, JobState};
use crate::domain::money::counted;
use crate::domain::payment::{PaymentStatus, PaymentView};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use crate::domain::web::WebUrl;
use crate::platform::Browser;
use crate::platform::signals::EndSignals;
use crate::platform::terminal;
use crate::runtime::worker;
use crate::service::Services;
use std::sync::atomic::Ordering;
use tokio_util::sync::CancellationToken;

/// Until when banks have paid back what was paid back.
pub(super) const TAKES_DAYS: &str = "It can take up to ten days until your bank shows it.";

/// The payment a course waits for, or has last been asked for.
pub(super) fn payment_of(view: &CourseView) -> Option<&PaymentView> {
    view.money.open().or_else(|| view.money.parked()).or_else(|| view.money.payments.first())
}

/// What to pay, where, and until when; `None` where there is no page to be shown.
pub(super) fn tell_page(view: &CourseView, now: Instant) -> Result<Option<&WebUrl>, Problem> {
    let Some((payment, url)) = view.money.open().and_then(|open| Some((open, open.url.as_ref()?))) else {
        output::say(no_page(view));
        return Ok(None);
    };
    let what = if view.enrollment.replaces_id.is_some() { "the difference of " } else { "" };
    output::line(format_args!("Pay {what}{} here: {url}", payment.amount))?;
    if let Some(until) = view.enrollment.hold_until {
        let left = counted(u64::try_from((until - now).num_seconds()).unwrap_or(0).div_ceil(60), "minute");
        output::say(format_args!("Your place is held for {left}, until {} UTC.", until.format("%H:%M")));
    }
    output::say(payment.policy.sentence());
    Ok(Some(url))
}

/// Why there is no page, as far as this machine can tell, and what happens next.
pub(super) fn no_page(view: &CourseView) -> String {
    let again = format!("Ask for it with: coursevia pay {}", view.program_slug);
    if let Some(failed) = payment_of(view).filter(|last| last.status == PaymentStatus::Failed) {
        return format!("There is no payment page: {} {again}", sentence(failed.note.as_ref()));
    }
    let job = view.jobs.iter().find(|job| job.kind == JobKind::Checkout);
    match job {
        Some(JobState { last_error: Some(why), .. }) => {
            format!("The payment page is not open yet. {} {again}", sentence(Some(why)))
        }
        Some(JobState { attempts: 0, .. }) => format!(
            "The payment page is opened by the machine that holds the key of the payment processor, where `coursevia work` runs. {again}"
        ),
        _ => format!("The payment page is not open yet. {again}"),
    }
}

/// Words that end like a sentence.
fn sentence(words: Option<&Text>) -> String {
    let words = words.map_or("the payment processor did not say why", Text::as_str);
    format!("{}.", words.trim_end_matches('.'))
}

/// Opens the page in the browser, and says whether that worked.
pub(super) async fn open(session: &CliSession, url: &WebUrl) {
    let configured = session.backend.config().launch.browser.as_deref();
    let of_session = Browser::of_session(session.backend.env(), configured);
    let (browser, address) = (of_session.clone(), url.clone());
    let opened = tokio::task::spawn_blocking(move || browser.open(&address)).await;
    output::say(match (opened, of_session) {
        (Ok(Ok(())), _) => "Opened the payment page in your browser.",
        (_, Browser::Nowhere) => "You are connected from elsewhere, so no browser is opened here.",
        _ => "No browser could be started.",
    });
}

/// Whether the page is played by this very process, and gone when it ends.
pub(super) async fn is_ours(session: &CliSession, url: &WebUrl) -> bool {
    url.is_loopback() && session.backend.hosts_sandbox().await
}

/// That the page is played by this process, which does not stay.
pub(super) fn ends_with_us(view: &CourseView) -> String {
    format!(
        "The demo's payment page ends with this command. Open it again with: coursevia pay {}",
        view.program_slug
    )
}

/// Does outside work until the payment has come to an end; `None` when a signal came first.
pub(super) async fn ended(
    session: &CliSession,
    services: &Services,
    id: PaymentId,
    mut end: EndSignals,
) -> Result<Option<PaymentView>, Problem> {
    let stop = CancellationToken::new();
    let (tx, mut rx) = tokio::sync::mpsc::unbounded_channel();
    // Another process may be the one that hears of it.
    session.backend.waits.store(true, Ordering::Relaxed);
    let mut worker = tokio::spawn(worker::work(session.backend.clone(), tx, stop.clone()));
    let found = loop {
        match services.store.find_payment(id).await {
            Ok(Some(payment)) if payment.status != PaymentStatus::Open => break Some(payment),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the payment can't be read now"),
        }
        tokio::select! {
            () = end.recv() => break None,
            died = &mut worker => {
                return died.map(|()| None).map_err(|error| Problem::Other(error.into()));
            }
            Some(()) = rx.recv() => {}
        }
    };
    stop.cancel();
    worker.await.map_err(|error| Problem::Other(error.into()))?;
    Ok(found)
}

/// Tells how a payment ended; what did not bring the course is an error.
pub(super) async fn tell_end(
    services: &Services,
    view: &CourseView,
    payment: &PaymentView,
    as_json: bool,
) -> Result<(), Problem> {
    let (title, slug) = (&view.program_title, &view.program_slug);
    let refused = |code, message| Problem::from(Failure { refused: true, ..Failure::new(code, message) });
    match payment.status {
        PaymentStatus::Paid | PaymentStatus::PartRefunded => {
            let funded = services.course(Actor::System, payment.funds_id).await?;
            let funded = run_caused(services, funded).await;
            if as_json {
                return output::json(&json::enrolled(&funded));
            }
            let partner = funded.provider().map(|provider| format!(" via {}", provider.name));
            Ok(output::line(format_args!(
                "Paid {}. You are enrolled in {title}{}.",
                payment.amount,
                partner.unwrap_or_default()
            ))?)
        }
        PaymentStatus::Refunded => Err(refused(
            "paid_late",
            format!("{title} was paid after the time was over, so the money goes back. {TAKES_DAYS}"),
        )),
        PaymentStatus::Parked => {
            let why = payment.note.clone().unwrap_or_default();
            Err(Failure::from(&Refusal::PaymentParked { title: title.clone(), why }).into())
        }
        PaymentStatus::Failed => Err(refused(
            "payment_failed",
            format!(
                "{title} could not be paid: {} Nothing was charged. Try again with: coursevia pay {slug}",
                sentence(payment.note.as_ref())
            ),
        )),
        PaymentStatus::Expired | PaymentStatus::Open => Err(refused(
            "payment_expired",
            format!(
                "The payment page of {title} is over. Nothing was charged. Pay again with: coursevia pay {slug}"
            ),
        )),
    }
}

/// After something was begun that waits for its payment: says where to pay, and on a terminal opens
/// the page. JSON is printed already.
pub(super) async fn hand_over(
    session: &CliSession,
    services: &Services,
    view: &CourseView,
    as_json: bool,
) -> Result<(), Problem> {
    let end = EndSignals::listen()?;
    if as_json {
        return Ok(());
    }
    let Some(url) = tell_page(view, services.clock.now())? else {
        return Ok(());
    };
    let ours = is_ours(session, url).await;
    // Whoever reads what was printed must not be kept waiting.
    if !terminal::is_interactive() {
        if ours {
            output::say(ends_with_us(view));
        }
        return Ok(());
    }
    open(session, url).await;
    if !ours {
        output::say(format_args!("Open it again with: coursevia pay {}", view.program_slug));
        return Ok(());
    }
    output::say("The demo's payment page is played by this command. Ctrl-C ends both.");
    match view.money.open() {
        Some(open) => match ended(session, services, open.id, end).await? {
            Some(ended) => tell_end(services, view, &ended, false).await,
            None => Ok(()),
        },
        None => Ok(()),
    }
}
