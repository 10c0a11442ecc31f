//! `coursevia review …`.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use super::{json, table::Table};
use crate::domain::actor::Actor;
use crate::domain::ids::ReviewId;
use crate::domain::review::{MAX_REASON, Rating, ReviewPage, ReviewQuery, ReviewSort, characters};
use crate::domain::text::Text;
use crate::domain::views::CourseView;
use crate::service::{CourseRef, Services};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read as _;

/// More than this is no review; it is not even read to its end.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// Read reviews, or write your own.
#[derive(Debug, Args)]
pub struct Review {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Review the partner of a course you have started
    Add(Add),
    /// Change your review of a course
    Edit(Edit),
    /// Take your review of a course back
    Withdraw(Withdraw),
    /// Read what those who learned there say
    List(List),
    /// Hide the text of a review; its score still counts (needs --advisor)
    Hide(Hide),
    /// Show the text of a review again (needs --advisor)
    Unhide(Unhide),
}

#[derive(Debug, Args)]
struct Add {
    /// The enrollment's id or the program's short name
    course: String,
    /// How good it is, from 1 to 5
    #[arg(long, value_name = "STARS", value_parser = rating, allow_negative_numbers = true)]
    rating: Rating,
    /// What you think, at most 2,000 characters; `-` reads it from stdin
    #[arg(long, default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    text: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Edit {
    /// The enrollment's id or the program's short name
    course: String,
    /// How good it is, from 1 to 5
    #[arg(long, value_name = "STARS", value_parser = rating, allow_negative_numbers = true, required_unless_present = "text")]
    rating: Option<Rating>,
    /// What you think, at most 2,000 characters; `-` reads it from stdin
    #[arg(long, allow_hyphen_values = true)]
    text: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Withdraw {
    /// The enrollment's id or the program's short name
    course: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct List {
    /// The program's short name, such as cna-training
    slug: String,
    /// Only about this partner
    #[arg(long, value_name = "NAME")]
    partner: Option<String>,
    /// Which come first
    #[arg(long, value_enum, default_value_t = Sort::Newest)]
    sort: Sort,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Hide {
    /// The review's id, as `review list --json` prints it
    id: String,
    /// Why; everybody can read it
    #[arg(long)]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Unhide {
    /// The review's id, as `review list --json` prints it
    id: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    Newest,
    Lowest,
    Highest,
}

impl From<Sort> for ReviewSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Newest => Self::Newest,
            Sort::Lowest => Self::Lowest,
            Sort::Highest => Self::Highest,
        }
    }
}

fn rating(raw: &str) -> Result<Rating, String> {
    let stars = raw.trim().parse::<i64>().ok().and_then(Rating::new);
    stars.ok_or_else(|| "a rating is a whole number from 1 to 5".to_owned())
}

impl Review {
    /// Whether failures are told as JSON on stdout, too.
    pub fn json(&self) -> bool {
        match &self.verb {
            Verb::Add(add) => add.json,
            Verb::Edit(edit) => edit.json,
            Verb::Withdraw(withdraw) => withdraw.json,
            Verb::List(list) => list.json,
            Verb::Hide(hide) => hide.json,
            Verb::Unhide(unhide) => unhide.json,
        }
    }

    /// Reads, writes, hides.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        match self.verb {
            Verb::Add(add) => add.run(session).await,
            Verb::Edit(edit) => edit.run(session).await,
            Verb::Withdraw(withdraw) => withdraw.run(session).await,
            Verb::List(list) => list.run(session).await,
            Verb::Hide(hide) => hide.run(session).await,
            Verb::Unhide(unhide) => unhide.run(session).await,
        }
    }
}

impl Add {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let text = text(self.text)?;
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        services.post_review(acting.actor, view.enrollment.id, self.rating, &text).await?;
        told(services, &view, self.json, "Reviewed").await
    }
}

impl Edit {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let text = self.text.map(text).transpose()?;
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        services.edit_review(acting.actor, view.enrollment.id, self.rating, text.as_deref()).await?;
        told(services, &view, self.json, "Changed your review of").await
    }
}

impl Withdraw {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let acting = session.acting().await?;
        let services = session.services().await?;
        let named = CourseRef::parse(&self.course);
        let view = services.course_named(acting.actor, acting.student.id, Some(&named)).await?;
        services.withdraw_review(acting.actor, view.enrollment.id).await?;
        told(services, &view, self.json, "Withdrew your review of").await
    }
}

/// What stands now.
async fn told(services: &Services, view: &CourseView, as_json: bool, verb: &str) -> Result<(), Problem> {
    let review = services.own_review(Actor::Student(view.enrollment.student_id), view.enrollment.id).await?;
    if as_json {
        return output::json(&json::own_review(view, review.as_ref()));
    }
    let partner = view.provider().map(|provider| format!(" via {}", provider.name)).unwrap_or_default();
    let stars = review.as_ref().map(|review| format!(": {}", review.rating.words())).unwrap_or_default();
    output::line(format_args!("{verb} {}{partner}{stars}.", view.program_title))?;
    if let Some(reason) = review.and_then(|review| review.hidden) {
        output::say(format_args!(
            "An advisor has hidden its text: {reason}. It stays hidden; the score counts."
        ));
    }
    Ok(())
}

impl List {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let services = session.services().await?;
        let program = services.program(&self.slug).await?;
        let course = match self.partner.as_deref() {
            Some(name) => Services::choice(&program, Some(name))?.course(),
            None => None,
        };
        let query = ReviewQuery { program: program.program.id, course, sort: self.sort.into() };
        let mut all = ReviewPage::default();
        let mut after = None;
        loop {
            let page = services.reviews(&query, None, after.as_ref()).await?;
            all.summary = page.summary;
            all.items.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if self.json {
            return output::json(&json::reviews(&program.program.slug, &all));
        }
        print(&all)
    }
}

fn print(page: &ReviewPage) -> Result<(), Problem> {
    let Some(average) = page.summary.average() else {
        output::say("Nobody has written a review yet.");
        return Ok(());
    };
    output::line(format_args!("{average} of 5 from {}", counted(page.summary.reviews())))?;
    let mut table = Table::new(["STARS", "REVIEWS"]);
    for rating in Rating::ALL.into_iter().rev() {
        table.row([rating.to_string(), page.summary.of(rating).to_string()]);
    }
    output::line(table)?;
    for review in &page.items {
        let edited = if review.edited { ", edited" } else { "" };
        output::line(format_args!(
            "\n{}  {}, {}{edited}",
            review.rating.words(),
            review.author,
            review.at.format("%-d %b %Y")
        ))?;
        output::line(format_args!("{}", review.verified()))?;
        match &review.hidden {
            Some(reason) => output::line(format_args!("text hidden by an advisor: {reason}"))?,
            None if review.text.is_empty() => {}
            None => output::line(&review.text)?,
        }
    }
    Ok(())
}

fn counted(reviews: u32) -> String {
    if reviews == 1 { "1 review".to_owned() } else { format!("{reviews} reviews") }
}

impl Hide {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let reason = Text::clean_to(&self.reason, usize::MAX);
        if reason.is_empty() || characters(reason.as_str()) > MAX_REASON {
            let words =
                format!("--reason: say why in at most {MAX_REASON} characters; everybody can read it");
            return Err(Problem::Usage(words));
        }
        let id = review_id(&self.id)?;
        let advisor = session.moderator().await?;
        session.services().await?.hide_review(&advisor, id, &reason).await?;
        if self.json {
            return output::json(&serde_json::json!({ "id": id, "hidden": reason }));
        }
        Ok(output::line("The text is hidden, and everybody reads why. The score counts as before.")?)
    }
}

impl Unhide {
    async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let id = review_id(&self.id)?;
        let advisor = session.moderator().await?;
        session.services().await?.unhide_review(&advisor, id).await?;
        if self.json {
            return output::json(&serde_json::json!({ "id": id, "hidden": null }));
        }
        Ok(output::line("The text is shown again.")?)
    }
}

fn review_id(raw: &str) -> Result<ReviewId, Problem> {
    let unknown = || crate::service::ServiceError::UnknownReview { what: Text::clean_to(raw, 60) };
    uuid::Uuid::parse_str(raw.trim()).map(ReviewId::from).map_err(|_| unknown().into())
}

/// The text itself, or what stdin holds.
fn text(given: String) -> Result<String, Problem> {
    if given != "-" {
        return Ok(given);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_BYTES {
        return Err(Problem::Usage(
            "--text: stdin holds more than 8 MB; a review has at most 2,000 characters".to_owned(),
        ));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
