//! Refusals: a rule said no. Data first, and one sentence of user text in one home.

mod code;
mod finish;
mod job;
mod lesson;
mod open;
mod words;

pub use finish::FinishRefusal;
pub use job::JobRefusal;
pub use lesson::LessonRefusal;
pub use open::OpenRefusal;

use crate::domain::ids::{CohortId, EnrollmentId};
use crate::domain::text::Text;
use crate::domain::time::{Instant, day};
use crate::domain::web::WebUrl;
use chrono::NaiveDate;
use thiserror::Error;
use words::{
    ask, day_words, free_instead, grouped, instead, note_words, or_ask, or_ask_to, or_choose, other_starts,
    queue, since_words, standing, start, taken_words, until_words, via,
};

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
    #[error("{partner} is paused{}{}{}. {}{}", since_words(*since), until_words(*until), note_words(note.as_ref()), instead(partners), ask(contact.as_ref()))]
    PartnerPaused {
        /// The partner.
        partner: Text,
        /// Why.
        note: Option<Text>,
        /// Since when, if known.
        since: Option<Instant>,
        /// Until when.
        until: Option<NaiveDate>,
        /// Whom to ask.
        contact: Option<String>,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The partner is at its end, and takes nobody any more.
    #[error("{partner} takes no new students any more{}. {}", note_words(note.as_ref()), instead(partners))]
    PartnerRetiring {
        /// The partner.
        partner: Text,
        /// Why.
        note: Option<Text>,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The partner is over: nothing opens there any more.
    #[error("{partner} is closed{}{}. {}{}", day_words(*since), note_words(note.as_ref()), instead(partners), ask(contact.as_ref()))]
    PartnerRetired {
        /// The partner.
        partner: Text,
        /// Why.
        note: Option<Text>,
        /// Since which day.
        since: Option<NaiveDate>,
        /// Whom to ask.
        contact: Option<String>,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// The partner is neither paused nor at its end.
    #[error("{partner} is not paused, and no end is announced. Nothing has changed.")]
    NotPaused {
        /// The partner.
        partner: Text,
    },
    /// The partner works: there is nothing to wait for.
    #[error("{partner} works now. Open {title} under My courses.")]
    PartnerIsThere {
        /// The partner.
        partner: Text,
        /// The program.
        title: Text,
    },
    /// A mail needs an address.
    #[error("We have no e-mail address to write to. Set it with: coursevia profile --email EMAIL")]
    NoAddress,
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
    /// It can't be learned here.
    #[error(transparent)]
    Lesson(#[from] LessonRefusal),
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
    /// It can't be opened from here.
    #[error(transparent)]
    Open(#[from] OpenRefusal),
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
    /// "I have finished" can't be said, or not be believed.
    #[error(transparent)]
    Finish(#[from] FinishRefusal),
    /// The student is about to pay for it.
    #[error("{title}{} is waiting for your payment of {amount}. Pay it on the page that is open, or cancel it.", via(partner.as_ref()))]
    PaymentOpen {
        /// The program.
        title: Text,
        /// With whom.
        partner: Option<Text>,
        /// How much.
        amount: String,
        /// The page.
        url: Option<Box<WebUrl>>,
    },
    /// Only play money can be taken here, and the course is a real one.
    #[error(
        "{title} via {partner} costs {price}, and only play money for demo courses can be taken here. Nothing was charged. {}",
        free_instead(partners)
    )]
    PlayMoneyOnly {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// What it costs.
        price: String,
        /// Free partners of the same program.
        partners: Vec<String>,
    },
    /// Real money would be taken for a course of the demo catalogue.
    #[error(
        "{title} via {partner} is part of the demo, and here real money is taken. Nothing was charged. {}",
        free_instead(partners)
    )]
    DemoForRealMoney {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// Free partners of the same program.
        partners: Vec<String>,
    },
    /// The processor has no way to count this amount in its currency.
    #[error(
        "The payment processor can't take {price} for {title} via {partner}. Nothing was charged. {}",
        free_instead(partners)
    )]
    PriceNotCounted {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// What would have to be paid.
        price: String,
        /// Free partners of the same program.
        partners: Vec<String>,
    },
    /// There is nothing to pay.
    #[error("There is nothing to pay for {title}. Nothing has changed.")]
    NothingToPay {
        /// The program.
        title: Text,
    },
    /// What was paid does not fit; nothing can be changed until a person has decided.
    #[error(
        "What was paid for {title} does not fit: {why}. An advisor looks at it; nothing is lost. Ask your advisor."
    )]
    PaymentParked {
        /// The program.
        title: Text,
        /// Why.
        why: Text,
    },
    /// The payment page is open, and this process can't close it.
    #[error("The payment page of {title} can't be closed from this machine now{}. Try again later, or let it run out: then your place is given back.", why.as_ref().map(|why| format!(": {}", why.as_str().trim_end_matches('.'))).unwrap_or_default())]
    PaymentNotClosed {
        /// The program.
        title: Text,
        /// Why.
        why: Option<Text>,
    },
    /// More is to be refunded than is left.
    #[error("{asked} can't be refunded for {title}: {left} is left of what was paid. Nothing has changed.")]
    RefundTooLarge {
        /// The program.
        title: Text,
        /// How much was asked for.
        asked: String,
        /// How much is left.
        left: String,
    },
    /// The processor can't pay back exactly this much.
    #[error("The payment processor can't pay back exactly {asked} for {title}.{} Nothing has changed.", near.as_ref().map(|near| format!(" It can pay back {near}.")).unwrap_or_default())]
    RefundNotCounted {
        /// The program.
        title: Text,
        /// How much was asked for.
        asked: String,
        /// What it can count, a little above that.
        near: Option<String>,
    },
    /// Nothing is left that could go back.
    #[error("Nothing is left to refund for {title}. Nothing has changed.")]
    NothingToRefund {
        /// The program.
        title: Text,
    },
    /// What came is not what was asked for, so it can't be taken for it.
    #[error(
        "{came} came instead of {asked}, so it can't be accepted. Refund it, then let the student pay again."
    )]
    ParkedDiffers {
        /// What came.
        came: String,
        /// What was asked for.
        asked: String,
    },
    /// The processor has named no payment that could be paid back.
    #[error(
        "The payment processor has named no payment here that could be paid back. Look there; if no money came, dismiss it."
    )]
    ParkedUnknown,
    /// Only an advisor may do this.
    #[error("Only an advisor can do this. Name one with --advisor EMAIL.")]
    AdvisorOnly,
    /// A job can't be tended so.
    #[error(transparent)]
    Job(JobRefusal),
    /// The student has begun.
    #[error("Cannot switch partners after starting course. You have already started {title}{}{}.", via(partner.as_ref()), or_ask_to(contact.as_ref()))]
    SwitchStarted {
        /// The program.
        title: Text,
        /// With whom.
        partner: Option<Text>,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// The partner does not say whether the student has begun.
    #[error("{partner} does not say now whether you have started {title}{}. An advisor can decide{}.", figure.as_ref().map(|figure| format!("; the last figure is {figure}")).unwrap_or_default(), or_ask_to(contact.as_ref()))]
    SwitchUnknown {
        /// The program.
        title: Text,
        /// With whom.
        partner: Text,
        /// The last figure and its age.
        figure: Option<String>,
        /// Whom to ask.
        contact: Option<String>,
    },
    /// The student is with this partner.
    #[error("You are with {partner} in {title} already. {}", instead(partners))]
    SamePartner {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// Who can be chosen instead.
        partners: Vec<String>,
    },
    /// A switch is waiting for its payment.
    #[error("A switch of {title} to another partner is waiting for payment. Pay or cancel that first.")]
    SwitchOpen {
        /// The program.
        title: Text,
    },
    /// The program is taught here only.
    #[error("{title} is taught here, without a partner, so there is nobody to switch to.")]
    NobodyToSwitchTo {
        /// The program.
        title: Text,
    },
    /// The two prices can't be set off against each other.
    #[error(
        "{partner} asks for {price}, and you have paid {paid}: two currencies can't be set off. Cancel {title} and enroll again instead."
    )]
    CurrencyDiffers {
        /// The program.
        title: Text,
        /// The partner.
        partner: Text,
        /// The new price.
        price: String,
        /// What was paid.
        paid: String,
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
