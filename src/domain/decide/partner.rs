//! May a partner be paused, resumed or retired, and may somebody ask to be told when it is back?

use crate::domain::actor::Actor;
use crate::domain::decide::launch::taught_here;
use crate::domain::enrollment::Status;
use crate::domain::event::EventKind;
use crate::domain::ids::ProviderId;
use crate::domain::provider::{Availability, Provider, Retirement};
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::CourseView;
use chrono::NaiveDate;

/// What an advisor does to a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartnerChange {
    /// Nothing opens, nobody enrolls, until somebody resumes it.
    Pause {
        /// Why, for the students.
        note: Text,
        /// Until when, as far as it is known.
        until: Option<NaiveDate>,
    },
    /// It works as before; an end that was announced is called off.
    Resume,
    /// It comes to its end.
    Retire(Retirement),
}

/// How a partner stands after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is paused.
    pub availability: Availability,
    /// When it ends.
    pub retirement: Option<Retirement>,
    /// What happened.
    pub kind: EventKind,
}

/// Decides a change of a partner.
pub fn decide_partner(provider: &Provider, change: PartnerChange, now: Instant) -> Result<Standing, Refusal> {
    let retirement = provider.retirement.clone();
    Ok(match change {
        PartnerChange::Pause { note, until } => {
            let since = match provider.availability {
                Availability::Paused { since, .. } => since.or(Some(now)),
                Availability::Active => Some(now),
            };
            let availability = Availability::Paused { note: Some(note), until, since };
            Standing { availability, retirement, kind: EventKind::PartnerPaused }
        }
        PartnerChange::Resume if provider.availability.is_active() && retirement.is_none() => {
            return Err(Refusal::NotPaused { partner: provider.name.clone() });
        }
        PartnerChange::Resume => {
            Standing { availability: Availability::Active, retirement: None, kind: EventKind::PartnerResumed }
        }
        PartnerChange::Retire(end) => Standing {
            availability: provider.availability.clone(),
            retirement: Some(end),
            kind: EventKind::PartnerRetiring,
        },
    })
}

/// Decides about telling a student when the partner of a course is back; which partner that is.
pub fn decide_watch(view: &CourseView, actor: Actor, now: Instant) -> Result<ProviderId, Refusal> {
    let title = || view.program_title.clone();
    if !actor.may_touch(view.enrollment.student_id) {
        return Err(Refusal::NotYours);
    }
    match (view.enrollment.status, view.provider()) {
        (Status::Cancelled, _) => Err(Refusal::Cancelled { title: title() }),
        (_, None) => Err(taught_here(view)),
        (_, Some(provider)) if is_back(provider, now) => {
            Err(Refusal::PartnerIsThere { partner: provider.name.clone(), title: title() })
        }
        (_, Some(_)) if view.student.email.is_none() => Err(Refusal::NoAddress),
        (_, Some(provider)) => Ok(provider.id),
    }
}

/// Whether there is nothing to wait for.
pub fn is_back(provider: &Provider, now: Instant) -> bool {
    provider.stage(now).opens() && provider.health.troubled(now).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{course_of, now, owner, paused, program, rest_offer, stranger};
    use crate::domain::provider::Stage;
    use chrono::Days;

    fn certiport() -> Provider {
        rest_offer("Certiport").provider
    }

    fn pause(until: Option<NaiveDate>) -> PartnerChange {
        PartnerChange::Pause { note: "they move".into(), until }
    }

    #[test]
    fn a_pause_keeps_the_day_it_began() {
        let first = decide_partner(&certiport(), pause(None), now()).expect("it may");
        assert_eq!(first.kind, EventKind::PartnerPaused);
        let provider = Provider { availability: first.availability, ..certiport() };
        assert_eq!(provider.stage(now()), Stage::Paused);
        let later = now() + chrono::TimeDelta::days(3);
        let again = decide_partner(&provider, pause(None), later).expect("with another reason");
        assert!(
            matches!(again.availability, Availability::Paused { since: Some(since), .. } if since == now())
        );
    }

    #[test]
    fn only_what_is_paused_or_ends_is_resumed() {
        let refused = decide_partner(&certiport(), PartnerChange::Resume, now()).expect_err("it is active");
        assert_eq!(refused.code(), "partner_not_paused");
        let today = now().date_naive();
        let end = Retirement { closes_on: today, ends_on: Some(today), note: None };
        let retired = Provider { retirement: Some(end), ..certiport() };
        let resumed = decide_partner(&retired, PartnerChange::Resume, now()).expect("called off");
        assert_eq!(resumed.retirement, None);
        let after = Provider { availability: resumed.availability, retirement: None, ..retired.clone() };
        assert!(is_back(&after, now()) && !is_back(&retired, now()));
    }

    #[test]
    fn who_is_resumed_with_problems_is_not_back_yet() {
        let mut provider = paused(rest_offer("Certiport")).provider;
        provider.health.troubled_since = Some(now());
        provider.health.last_failure_at = Some(now());
        let resumed = decide_partner(&provider, PartnerChange::Resume, now()).expect("it may");
        let after = Provider { availability: resumed.availability, ..provider };
        assert!(!is_back(&after, now()));
        assert!(is_back(&after, now() + crate::domain::health::FADES));
    }

    #[test]
    fn an_announced_end_leaves_those_who_are_enrolled_their_course() {
        let end = Retirement { closes_on: now().date_naive(), ends_on: None, note: None };
        let standing =
            decide_partner(&certiport(), PartnerChange::Retire(end), now()).expect("it may be announced");
        let provider = Provider { retirement: standing.retirement, ..certiport() };
        assert!(provider.stage(now()).opens() && !provider.stage(now()).takes_enrollments());
        let ends = now().date_naive() + Days::new(9);
        let end = Retirement { closes_on: now().date_naive(), ends_on: Some(ends), note: None };
        let provider = Provider { retirement: Some(end), ..provider };
        assert!(provider.stage(now()).opens());
        assert_eq!(provider.stage(now() + chrono::TimeDelta::days(9)), Stage::Retired);
        let end = provider.retirement.expect("an end");
        assert_eq!(end.last_day() + Days::new(1), end.closes_on);
        assert_eq!(end.last_open_day(), ends.pred_opt());
    }

    #[test]
    fn there_is_nothing_to_wait_for_while_it_works() {
        let works = course_of(&program(vec![rest_offer("Certiport")]), 0);
        let code = |view: &CourseView, actor| decide_watch(view, actor, now()).map_err(|why| why.code());
        assert_eq!(code(&works, owner(&works)), Err("partner_available"));
        let mut view = course_of(&program(vec![paused(rest_offer("Certiport"))]), 0);
        view.student.email = crate::domain::person::Email::parse("maya@example.org").ok();
        assert_eq!(code(&view, owner(&view)), Ok(view.provider().expect("somebody").id));
        assert_eq!(code(&view, stranger()), Err("not_yours"));
        view.student.email = None;
        assert_eq!(code(&view, owner(&view)), Err("no_address"));
        view.enrollment.status = Status::Cancelled;
        assert_eq!(code(&view, owner(&view)), Err("cancelled"));
    }
}
