//! Refusals: a rule said no. Data first, and one sentence of user text in one home.

use crate::domain::ids::{CohortId, EnrollmentId};
use crate::domain::text::Text;
use crate::domain::time::day;
use chrono::NaiveDate;
use thiserror::Error;

/// Why a rule said no, and what the person can do instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The student is already in this program.
    #[error("You are already enrolled in {title}{}. Open it under My courses.", via(partner.as_ref()))]
    AlreadyEnrolled {
        /// Which enrollment.
        enrollment: EnrollmentId,
        /// The program.
        title: Text,
        /// With whom.
        partner: Option<Text>,
    },
    /// Several partners deliver the program and none was named.
    #[error("Several partners deliver {title}. Choose one: {}.", partners.join(", "))]
    ChoosePartner {
        /// The program.
        title: Text,
        /// The partners that can be chosen.
        partners: Vec<String>,
    },
    /// The partner does not take enrollments now.
    #[error("{partner} is paused{}{}. {}", until_words(*until), note_words(note.as_ref()), instead(partners))]
    PartnerPaused {
        /// The partner.
        partner: Text,
        /// Why.
        note: Option<Text>,
        /// Until when.
        until: Option<NaiveDate>,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The partner takes nobody into this course now.
    #[error("{partner} takes no new enrollments in {title} at the moment. {}", instead(partners))]
    CourseInactive {
        /// The partner.
        partner: Text,
        /// The program.
        title: Text,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// We don't know how to reach the partner.
    #[error("{partner} is not set up here yet, so nobody can enroll. {}", instead(partners))]
    PartnerNotConfigured {
        /// The partner.
        partner: Text,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The program is not offered any more.
    #[error("{title} is not offered at the moment. Look for another program with: coursevia programs")]
    ProgramInactive {
        /// The program.
        title: Text,
    },
    /// The course costs something, and nothing can be paid here yet.
    #[error(
        "{title} via {partner} costs {price}, and payment is not available here yet. Nothing was charged. {}",
        free_instead(partners)
    )]
    PaymentUnavailable {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// What it costs.
        price: String,
        /// Free partners of the same program.
        partners: Vec<String>,
    },
    /// No seat is left for this start.
    #[error("The start on {} with {partner} is full{}. Join its waitlist{}.", day(*starts_on), queue(*waiting), or_choose(starts, partners))]
    StartFull {
        /// Which start.
        cohort: CohortId,
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// When it starts.
        starts_on: NaiveDate,
        /// How many wait for it.
        waiting: u32,
        /// The partner's other starts with a free seat.
        starts: Vec<NaiveDate>,
        /// Who else can be chosen.
        partners: Vec<String>,
    },
    /// The start is over, or not offered any more.
    #[error("This start of {title} with {partner} takes no enrollments any more. {}", other_starts(starts))]
    StartClosed {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// The partner's starts with a free seat.
        starts: Vec<NaiveDate>,
    },
    /// The course has dates, and none of them is to come.
    #[error("{partner} has no new dates for {title} yet. {}", instead(partners))]
    NoOpenStart {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The course has no dates.
    #[error("{title}{} starts any time, so there is no date to choose and nothing to wait for. Enroll without one.", via(partner.as_ref()))]
    NoDates {
        /// The program.
        title: Text,
        /// The partner.
        partner: Option<Text>,
    },
    /// A seat is free, so nobody has to wait.
    #[error("A seat is free for the start on {} with {partner}. Enroll instead of waiting.", day(*starts_on))]
    SeatFree {
        /// The partner.
        partner: Text,
        /// When it starts.
        starts_on: NaiveDate,
    },
    /// The student waits for this start already.
    #[error("You are on this waitlist of {title} via {partner} already{}.", standing(*place, *offered))]
    AlreadyWaiting {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// The place in the queue.
        place: u32,
        /// A seat is kept for them.
        offered: bool,
    },
    /// The student is in the queue, and no seat is kept for them yet.
    #[error(
        "No seat is kept for you in {title} via {partner} yet: you are at place {place} of the waitlist. You get a mail when there is one."
    )]
    StillWaiting {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// The place in the queue.
        place: u32,
    },
    /// No seat is kept for the student now.
    #[error("No seat is kept for you now in {title} via {partner} from {}. Look at the dates, or join the waitlist again.", day(*starts_on))]
    OfferOver {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// When it starts.
        starts_on: NaiveDate,
    },
    /// The enrollment belongs to somebody else.
    #[error("This belongs to another student. Nothing has changed.")]
    NotYours,
    /// The enrollment was cancelled.
    #[error("{title} was cancelled. Enroll again to continue.")]
    Cancelled {
        /// The program.
        title: Text,
    },
    /// The enrollment awaits payment.
    #[error("{title} is waiting for payment. It opens as soon as it is paid.")]
    AwaitingPayment {
        /// The program.
        title: Text,
    },
    /// The lessons taught here are not ready.
    #[error("The lessons of {title} are coming soon. Your place is kept.")]
    LessonsComing {
        /// The program.
        title: Text,
    },
    /// The partner has not confirmed the enrollment yet.
    #[error("{partner} is still preparing your place. Try again in a moment.")]
    StillPreparing {
        /// The partner.
        partner: Text,
    },
    /// The partner could not be reached when the place was to be prepared.
    #[error("{partner} could not prepare your place. Choose \"try again\"{}.", or_ask(contact.as_ref()))]
    ProvisionFailed {
        /// The partner.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// An enrollment from before us: the partner's id of the account or of the enrollment is unknown.
    #[error("It is not known here under which account {partner} knows you, so it can't be opened from here. Sign in at {partner} yourself{}.", or_ask(contact.as_ref()))]
    AccountUnknown {
        /// The partner.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// This process does not hold the partner's key.
    #[error("{partner} can't be opened from this machine, because it does not hold the partner's key. It opens from a staffed desk{}.", or_ask(contact.as_ref()))]
    LaunchUnavailableHere {
        /// The partner.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// The student has begun.
    #[error("You have already started {title}{}, so it can't be cancelled here{}.", via(partner.as_ref()), or_ask_to(contact.as_ref()))]
    AlreadyStarted {
        /// The program.
        title: Text,
        /// With whom.
        partner: Option<Text>,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// It was opened, and the partner does not tell here whether anything was done since.
    #[error("{partner} does not say from here whether you have started {title}, so it can't be cancelled here{}.", or_ask_to(contact.as_ref()))]
    ProgressUnknown {
        /// The program.
        title: Text,
        /// With whom.
        partner: Text,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// The enrollment is over.
    #[error("{title} is completed and stays in your records.")]
    AlreadyCompleted {
        /// The program.
        title: Text,
    },
    /// There is nothing left to cancel.
    #[error("{title} is cancelled already. Nothing has changed.")]
    AlreadyCancelled {
        /// The program.
        title: Text,
    },
    /// Nobody reviews what they have not begun.
    #[error("You can review {partner} after you have started {title}.")]
    NotStarted {
        /// The program.
        title: Text,
        /// With whom.
        partner: Text,
    },
    /// There is no partner to review.
    #[error("{title} is taught here, without a partner, so there is nobody to review.")]
    NobodyToReview {
        /// The program.
        title: Text,
    },
    /// An opinion is the student's own.
    #[error("Only the student writes their review. They find it under My courses, at their own terminal.")]
    ReviewNotOnBehalf,
    /// One review per enrollment.
    #[error(
        "You have reviewed {title} via {partner} already. Change that review with v on the course, or with: coursevia review edit {course}"
    )]
    AlreadyReviewed {
        /// The program.
        title: Text,
        /// With whom.
        partner: Text,
        /// The enrollment.
        course: EnrollmentId,
    },
    /// There is no review of the enrollment.
    #[error("You have not reviewed {title}, so there is nothing to change.")]
    NoReview {
        /// The program.
        title: Text,
    },
    /// The text is longer than a review may be.
    #[error("A review has at most 2,000 characters, and this one has {}. Shorten it, then save it again; nothing was changed.", grouped(*characters))]
    ReviewTooLong {
        /// How many it has.
        characters: usize,
    },
    /// The text of a review is hidden already.
    #[error("The text of this review is hidden already: {reason}. Nothing has changed.")]
    AlreadyHidden {
        /// Why.
        reason: Text,
    },
    /// The text of a review is in sight.
    #[error("The text of this review is not hidden. Nothing has changed.")]
    NotHidden,
    /// A review without a text.
    #[error("This review has no text that could be hidden. A score is never hidden.")]
    NothingToHide,
    /// Money was paid; it has to go back first.
    #[error("{title} is paid, and refunds are not available here yet. Ask your advisor.")]
    RefundNeeded {
        /// The program.
        title: Text,
    },
    /// Less than a cent is no payout.
    #[error("A payout is more than nothing. Nothing was posted for {partner}.")]
    NothingToPayOut {
        /// The partner.
        partner: Text,
    },
    /// The partner is not owed so much.
    #[error("{partner} can't be paid {amount}: {payable} is payable. Nothing was posted.")]
    PayoutTooLarge {
        /// The partner.
        partner: Text,
        /// What was to be paid.
        amount: String,
        /// What can be.
        payable: String,
    },
    /// The partner was paid under this reference before.
    #[error(
        "{partner} was paid under the reference \"{reference}\" already. Nothing was posted; look at it with: coursevia ledger"
    )]
    PayoutExists {
        /// The partner.
        partner: Text,
        /// The reference.
        reference: Text,
    },
    /// A catalogue takes seats away that are taken.
    #[error("{} of {} with {} has {}, so it can't have {seats}. Nothing was imported. Write seats = {taken} or more.", start(*starts_on), course, partner, taken_words(*taken))]
    SeatsTaken {
        /// The partner's title of the course.
        course: Text,
        /// The partner.
        partner: Text,
        /// When it starts.
        starts_on: NaiveDate,
        /// How many seats are taken.
        taken: u32,
        /// How many there were to be.
        seats: u32,
    },
    /// Two starts of a catalogue become one on the day of import.
    #[error("{} of {course} with {partner} is there twice, once as a date and once as days after today, with the same schedule and location. Nothing was imported. Remove one of the two, or say how they differ.", start(*starts_on))]
    SameStartTwice {
        /// The partner's title of the course.
        course: Text,
        /// The partner.
        partner: Text,
        /// When both start.
        starts_on: NaiveDate,
    },
}

impl Refusal {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyEnrolled { .. } => "already_enrolled",
            Self::ChoosePartner { .. } => "choose_partner",
            Self::SeatsTaken { .. } => "seats_taken",
            Self::SameStartTwice { .. } => "same_start_twice",
            Self::PartnerPaused { .. } => "partner_paused",
            Self::CourseInactive { .. } => "course_inactive",
            Self::PartnerNotConfigured { .. } => "partner_not_configured",
            Self::ProgramInactive { .. } => "program_inactive",
            Self::PaymentUnavailable { .. } => "payment_unavailable",
            Self::StartFull { .. } => "cohort_full",
            Self::StartClosed { .. } => "start_closed",
            Self::NoOpenStart { .. } => "no_open_start",
            Self::NoDates { .. } => "no_dates",
            Self::SeatFree { .. } => "seat_free",
            Self::AlreadyWaiting { .. } => "already_waiting",
            Self::StillWaiting { .. } => "still_waiting",
            Self::OfferOver { .. } => "offer_over",
            Self::NotYours => "not_yours",
            Self::Cancelled { .. } => "cancelled",
            Self::AwaitingPayment { .. } => "awaiting_payment",
            Self::LessonsComing { .. } => "lessons_coming",
            Self::StillPreparing { .. } => "still_preparing",
            Self::ProvisionFailed { .. } => "provision_failed",
            Self::AccountUnknown { .. } => "account_unknown",
            Self::LaunchUnavailableHere { .. } => "launch_unavailable_here",
            Self::AlreadyStarted { .. } => "already_started",
            Self::ProgressUnknown { .. } => "progress_unknown",
            Self::AlreadyCompleted { .. } => "already_completed",
            Self::AlreadyCancelled { .. } => "already_cancelled",
            Self::NotStarted { .. } => "not_started",
            Self::NobodyToReview { .. } => "nobody_to_review",
            Self::ReviewNotOnBehalf => "review_not_on_behalf",
            Self::AlreadyReviewed { .. } => "already_reviewed",
            Self::NoReview { .. } => "no_review",
            Self::ReviewTooLong { .. } => "review_too_long",
            Self::AlreadyHidden { .. } => "already_hidden",
            Self::NotHidden => "not_hidden",
            Self::NothingToHide => "nothing_to_hide",
            Self::RefundNeeded { .. } => "refund_needed",
            Self::NothingToPayOut { .. } => "nothing_to_pay_out",
            Self::PayoutTooLarge { .. } => "payout_too_large",
            Self::PayoutExists { .. } => "payout_exists",
        }
    }

    /// What can be chosen instead: starts as `2026-12-01`, then partners.
    pub fn alternatives(&self) -> Vec<String> {
        match self {
            Self::ChoosePartner { partners, .. }
            | Self::PartnerPaused { partners, .. }
            | Self::CourseInactive { partners, .. }
            | Self::PartnerNotConfigured { partners, .. }
            | Self::NoOpenStart { partners, .. }
            | Self::PaymentUnavailable { partners, .. } => partners.clone(),
            Self::StartFull { starts, partners, .. } => {
                starts.iter().map(NaiveDate::to_string).chain(partners.iter().cloned()).collect()
            }
            Self::StartClosed { starts, .. } => starts.iter().map(NaiveDate::to_string).collect(),
            _ => Vec::new(),
        }
    }
}

fn start(starts_on: NaiveDate) -> String {
    format!("The start on {}", day(starts_on))
}

fn taken_words(taken: u32) -> String {
    if taken == 1 { "1 seat taken".to_owned() } else { format!("{taken} seats taken") }
}

fn via(partner: Option<&Text>) -> String {
    partner.map(|partner| format!(" via {partner}")).unwrap_or_default()
}

fn until_words(until: Option<NaiveDate>) -> String {
    until.map(|day| format!(" until {}", day.format("%-d %B %Y"))).unwrap_or_default()
}

fn note_words(note: Option<&Text>) -> String {
    note.map(|note| format!(": {}", note.as_str().trim_end_matches('.'))).unwrap_or_default()
}

fn instead(partners: &[String]) -> String {
    match partners {
        [] => "No other partner delivers this program now.".to_owned(),
        _ => format!("You can choose {} instead.", partners.join(" or ")),
    }
}

fn free_instead(partners: &[String]) -> String {
    match partners {
        [] => "Ask your advisor how to pay.".to_owned(),
        _ => format!("It is free via {}.", partners.join(" or ")),
    }
}

fn or_ask(contact: Option<&String>) -> String {
    contact.map(|contact| format!(", or ask {contact}")).unwrap_or_default()
}

fn or_ask_to(contact: Option<&String>) -> String {
    contact.map(|contact| format!("; ask {contact}")).unwrap_or_default()
}

fn queue(waiting: u32) -> String {
    match waiting {
        0 => String::new(),
        1 => ", and one person waits".to_owned(),
        many => format!(", and {many} people wait"),
    }
}

fn days(starts: &[NaiveDate]) -> String {
    starts.iter().map(|start| day(*start)).collect::<Vec<_>>().join(", ")
}

fn or_choose(starts: &[NaiveDate], partners: &[String]) -> String {
    let start = if starts.is_empty() { String::new() } else { format!(", or start on {}", days(starts)) };
    match partners {
        [] => start,
        _ => format!("{start}, or choose {}", partners.join(" or ")),
    }
}

fn other_starts(starts: &[NaiveDate]) -> String {
    match starts {
        [] => "Look at the other partners of the program.".to_owned(),
        _ => format!("You can start on {}.", days(starts)),
    }
}

fn standing(place: u32, offered: bool) -> String {
    match (offered, place) {
        (true, _) => ", and a seat is kept for you: accept it under My courses".to_owned(),
        (false, 0) => String::new(),
        (false, place) => format!(", at place {place}"),
    }
}

/// `1,234,567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
