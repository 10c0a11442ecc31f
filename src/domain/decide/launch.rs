//! May this enrollment be opened, and how?

use crate::domain::actor::Actor;
use crate::domain::enrollment::{Link, Status};
use crate::domain::provider::{Availability, LinkAccess, LtiAccess, Protocol, Provider, RestAccess, Stage};
use crate::domain::refusal::{LessonRefusal, OpenRefusal, Refusal};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;

/// How to open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaunchDecision<'a> {
    /// Ask the partner for a one-time link.
    AskPartner {
        /// How it is reached.
        access: &'a RestAccess,
        /// The partner's id of the account.
        external_account_id: &'a Text,
        /// The partner's id of the enrollment.
        external_enrollment_id: &'a Text,
    },
    /// The student signs in at this address.
    OpenAddress(&'a LinkAccess),
    /// Our own one-time address begins it (LTI 1.3).
    ByLti(&'a LtiAccess),
    /// The partner is still preparing the place: wait, then decide again.
    Wait,
}

/// Why nothing opens at a partner that is paused or over. Who can be chosen instead is for whoever
/// knows the program to add.
fn closed(provider: &Provider, now: Instant) -> Refusal {
    let (partner, contact) = (provider.name.clone(), provider.support.contact());
    let end = provider.retirement.as_ref().filter(|_| provider.stage(now) == Stage::Retired);
    match (end, &provider.availability) {
        (None, Availability::Paused { note, until, since }) => Refusal::PartnerPaused {
            partner,
            note: note.clone(),
            since: *since,
            until: *until,
            contact,
            partners: Vec::new(),
        },
        (end, _) => Refusal::PartnerRetired {
            partner,
            note: end.and_then(|end| end.note.clone()),
            since: end.and_then(|end| end.ends_on),
            contact,
            partners: Vec::new(),
        },
    }
}

/// What is taught here does not open anywhere else.
pub(super) fn taught_here(view: &CourseView) -> Refusal {
    let title = view.program_title.clone();
    match view.taught {
        Some(_) => LessonRefusal::OpenHere { title }.into(),
        None => LessonRefusal::Coming { title }.into(),
    }
}

/// Why nobody pays for a course there any more ([`CourseView::unpayable`]).
pub fn shut(provider: &Provider, now: Instant) -> Refusal {
    if provider.stage(now).opens() {
        let note = provider.retirement.as_ref().and_then(|end| end.note.clone());
        return Refusal::PartnerRetiring { partner: provider.name.clone(), note, partners: Vec::new() };
    }
    closed(provider, now)
}

/// Decides a launch.
pub fn decide_launch(view: &CourseView, actor: Actor, now: Instant) -> Result<LaunchDecision<'_>, Refusal> {
    let enrollment = &view.enrollment;
    let title = || view.program_title.clone();
    if !actor.may_touch(enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    match enrollment.status {
        Status::Pending => {
            let shut = view.provider().filter(|_| view.unpayable(now)).map(|provider| shut(provider, now));
            return Err(shut.unwrap_or_else(|| Refusal::AwaitingPayment { title: title() }));
        }
        Status::Cancelled => return Err(Refusal::Cancelled { title: title() }),
        Status::Active | Status::Completed => {}
    }
    let Some(provider) = view.provider() else {
        return Err(taught_here(view));
    };
    let partner = provider.name.clone();
    if !provider.stage(now).opens() {
        return Err(closed(provider, now));
    }
    if let Protocol::Link(access) = &provider.protocol {
        return Ok(LaunchDecision::OpenAddress(access));
    }
    let contact = provider.support.contact();
    match (enrollment.link, &provider.protocol) {
        (Link::Requested, _) => Ok(LaunchDecision::Wait),
        (Link::Failed, _) => Err(Refusal::ProvisionFailed { partner, contact }),
        (Link::Confirmed | Link::Manual, _) if !provider.capabilities().launch => {
            Err(OpenRefusal::SignInThere { partner, contact }.into())
        }
        (Link::Confirmed | Link::Manual, Protocol::Rest(access)) => {
            let known = view.account.as_ref().map(|account| &account.external_account_id);
            match (enrollment.external_account_id.as_ref().or(known), &enrollment.external_enrollment_id) {
                (Some(account), Some(enrollment)) => Ok(LaunchDecision::AskPartner {
                    access,
                    external_account_id: account,
                    external_enrollment_id: enrollment,
                }),
                _ => Err(OpenRefusal::AccountUnknown { partner, contact }.into()),
            }
        }
        (Link::Confirmed | Link::Manual, Protocol::Lti13(access)) => Ok(LaunchDecision::ByLti(access)),
        _ => Err(Refusal::PartnerNotConfigured { partner, partners: Vec::new() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{
        confirmed, course_of, link_offer, now, owner, paused, program, rest_offer, stranger,
    };
    use crate::domain::provider::{Capabilities, Disclosure, LtiTool};
    use crate::domain::views::PartnerAccount;

    #[test]
    fn a_confirmed_place_asks_the_partner() {
        let view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        let decision = decide_launch(&view, owner(&view), now()).expect("it may");
        assert!(matches!(decision, LaunchDecision::AskPartner { .. }));
    }

    #[test]
    fn an_enrollment_from_before_us_opens_once_the_account_is_known() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.enrollment.external_account_id = None;
        assert_eq!(decide_launch(&view, owner(&view), now()).expect_err("whose?").code(), "account_unknown");
        view.account = Some(PartnerAccount { external_account_id: "u-1".into(), username: None });
        assert!(decide_launch(&view, owner(&view), now()).is_ok());
        view.enrollment.link = Link::Manual;
        view.enrollment.external_enrollment_id = None;
        assert_eq!(decide_launch(&view, owner(&view), now()).expect_err("which?").code(), "account_unknown");
    }

    #[test]
    fn a_partner_that_declares_no_launch_is_signed_in_at() {
        let mut offer = rest_offer("Certiport");
        offer.provider.declares = Capabilities::of(["enroll", "progress"]);
        let view = confirmed(course_of(&program(vec![offer]), 0));
        let refused = decide_launch(&view, owner(&view), now()).expect_err("it does not open");
        assert_eq!(refused.code(), "sign_in_there");
        assert_eq!(
            refused.to_string(),
            "Certiport can't be opened from here. Sign in at Certiport yourself."
        );
    }

    #[test]
    fn a_requested_place_waits() {
        let view = course_of(&program(vec![rest_offer("Certiport")]), 0);
        assert_eq!(decide_launch(&view, owner(&view), now()), Ok(LaunchDecision::Wait));
    }

    #[test]
    fn a_stranger_is_refused_before_anything_else() {
        let mut view = course_of(&program(vec![rest_offer("Certiport")]), 0);
        view.enrollment.status = Status::Cancelled;
        assert_eq!(decide_launch(&view, stranger(), now()), Err(Refusal::NotYours));
    }

    #[test]
    fn pending_cancelled_and_failed_say_what_to_do() {
        let base = course_of(&program(vec![rest_offer("Certiport")]), 0);
        let code = |change: fn(&mut CourseView)| {
            let mut view = base.clone();
            change(&mut view);
            decide_launch(&view, owner(&view), now()).expect_err("refused").code()
        };
        assert_eq!(code(|v| v.enrollment.status = Status::Pending), "awaiting_payment");
        assert_eq!(code(|v| v.enrollment.status = Status::Cancelled), "cancelled");
        assert_eq!(code(|v| v.enrollment.link = Link::Failed), "provision_failed");
        assert_eq!(code(|v| v.partner = None), "lessons_coming");
    }

    #[test]
    fn a_completed_course_may_be_opened_again() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        view.enrollment.status = Status::Completed;
        assert!(decide_launch(&view, owner(&view), now()).is_ok());
    }

    #[test]
    fn a_paused_partner_opens_nothing() {
        let view = course_of(&program(vec![paused(rest_offer("Certiport"))]), 0);
        assert_eq!(decide_launch(&view, owner(&view), now()).expect_err("paused").code(), "partner_paused");
    }

    #[test]
    fn who_is_at_a_partner_that_ends_goes_on_until_its_last_day() {
        let mut view = confirmed(course_of(&program(vec![rest_offer("Certiport")]), 0));
        let today = now().date_naive();
        let end =
            |ends_on| Some(crate::domain::provider::Retirement { closes_on: today, ends_on, note: None });
        let offer = view.partner.as_mut().expect("a partner");
        offer.provider.retirement = end(today.succ_opt());
        assert!(decide_launch(&view, owner(&view), now()).is_ok());
        view.partner.as_mut().expect("a partner").provider.retirement = end(Some(today));
        let refused = decide_launch(&view, owner(&view), now()).expect_err("it is over");
        assert_eq!(refused.code(), "partner_retired");
        let refused = refused.instead_of_partner(vec!["Milady".to_owned()]);
        assert_eq!(refused.alternatives(), ["Milady"]);
        assert!(refused.to_string().contains("You can choose Milady instead."), "{refused}");
    }

    #[test]
    fn an_lti_partner_opens_through_us_whether_it_confirmed_or_not() {
        let mut view = course_of(&program(vec![rest_offer("College")]), 0);
        let offer = view.partner.as_mut().expect("a partner");
        offer.provider.protocol = Protocol::Lti13(LtiAccess {
            tool: LtiTool::Sandbox,
            client_id: "client".into(),
            deployment_id: "1".into(),
            discloses: Disclosure::default(),
        });
        for link in [Link::Manual, Link::Confirmed] {
            view.enrollment.link = link;
            assert!(
                matches!(decide_launch(&view, owner(&view), now()), Ok(LaunchDecision::ByLti(_))),
                "{link:?}"
            );
        }
        view.enrollment.status = Status::Cancelled;
        assert_eq!(decide_launch(&view, owner(&view), now()).expect_err("cancelled").code(), "cancelled");
    }

    #[test]
    fn a_link_partner_opens_its_address() {
        let view = course_of(&program(vec![link_offer("NDS")]), 0);
        assert!(matches!(decide_launch(&view, owner(&view), now()), Ok(LaunchDecision::OpenAddress(_))));
    }
}
