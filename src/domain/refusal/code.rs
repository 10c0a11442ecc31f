//! What scripts read of a refusal: its code, and what can be done instead.

use super::Refusal;
use crate::domain::web::WebUrl;
use chrono::NaiveDate;

impl Refusal {
    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyEnrolled { .. } => "already_enrolled",
            Self::ChoosePartner { .. } => "choose_partner",
            Self::SeatsTaken { .. } => "seats_taken",
            Self::SameStartTwice { .. } => "same_start_twice",
            Self::PartnerPaused { .. } => "partner_paused",
            Self::PartnerRetiring { .. } => "partner_retiring",
            Self::PartnerRetired { .. } => "partner_retired",
            Self::NotPaused { .. } => "partner_not_paused",
            Self::PartnerIsThere { .. } => "partner_available",
            Self::NoAddress => "no_address",
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
            Self::Lesson(why) => why.code(),
            Self::StillPreparing { .. } => "still_preparing",
            Self::ProvisionFailed { .. } => "provision_failed",
            Self::Open(why) => why.code(),
            Self::LaunchUnavailableHere { .. } => "launch_unavailable_here",
            Self::AlreadyStarted { .. } | Self::SwitchStarted { .. } => "already_started",
            Self::ProgressUnknown { .. } | Self::SwitchUnknown { .. } => "progress_unknown",
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
            Self::Finish(refusal) => refusal.code(),
            Self::PaymentOpen { .. } => "payment_open",
            Self::PlayMoneyOnly { .. } => "play_money_only",
            Self::DemoForRealMoney { .. } => "demo_for_real_money",
            Self::PriceNotCounted { .. } => "price_not_counted",
            Self::NothingToPay { .. } => "nothing_to_pay",
            Self::PaymentParked { .. } => "payment_parked",
            Self::PaymentNotClosed { .. } => "payment_not_closed",
            Self::RefundTooLarge { .. } => "refund_too_large",
            Self::RefundNotCounted { .. } => "refund_not_counted",
            Self::NothingToRefund { .. } => "nothing_to_refund",
            Self::ParkedDiffers { .. } => "parked_differs",
            Self::ParkedUnknown => "parked_unknown",
            Self::AdvisorOnly => "advisor_only",
            Self::Job(why) => why.code(),
            Self::SamePartner { .. } => "same_partner",
            Self::SwitchOpen { .. } => "switch_open",
            Self::NobodyToSwitchTo { .. } => "no_other_partner",
            Self::CurrencyDiffers { .. } => "currency_differs",
            Self::NothingToPayOut { .. } => "nothing_to_pay_out",
            Self::PayoutTooLarge { .. } => "payout_too_large",
            Self::PayoutExists { .. } => "payout_exists",
        }
    }

    /// Who can be chosen instead of a partner at which nothing opens, or nobody begins.
    #[must_use]
    pub fn instead_of_partner(mut self, names: Vec<String>) -> Self {
        if let Self::PartnerPaused { partners, .. }
        | Self::PartnerRetiring { partners, .. }
        | Self::PartnerRetired { partners, .. } = &mut self
        {
            *partners = names;
        }
        self
    }

    /// The page on which what is asked for can be paid.
    pub fn payment_url(&self) -> Option<&WebUrl> {
        match self {
            Self::PaymentOpen { url, .. } => url.as_deref(),
            _ => None,
        }
    }

    /// What can be chosen instead: starts as `2026-12-01`, then partners.
    pub fn alternatives(&self) -> Vec<String> {
        match self {
            Self::ChoosePartner { partners, .. }
            | Self::PartnerPaused { partners, .. }
            | Self::PartnerRetiring { partners, .. }
            | Self::PartnerRetired { partners, .. }
            | Self::CourseInactive { partners, .. }
            | Self::PartnerNotConfigured { partners, .. }
            | Self::NoOpenStart { partners, .. }
            | Self::SamePartner { partners, .. }
            | Self::PlayMoneyOnly { partners, .. }
            | Self::DemoForRealMoney { partners, .. }
            | Self::PriceNotCounted { partners, .. }
            | Self::PaymentUnavailable { partners, .. } => partners.clone(),
            Self::StartFull { starts, partners, .. } => {
                starts.iter().map(NaiveDate::to_string).chain(partners.iter().cloned()).collect()
            }
            Self::StartClosed { starts, .. } => starts.iter().map(NaiveDate::to_string).collect(),
            _ => Vec::new(),
        }
    }
}
