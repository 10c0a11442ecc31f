//! A partner's life: paused, resumed, retired, troubled; nothing vanishes, and who waits is told once.

use super::conformance;
use super::world::{World, at, catalog};
use chrono::{Days, NaiveDate, TimeDelta};
use coursevia::domain::decide::{PartnerChange, decide_partner};
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::health::{CallOutcome, Health};
use coursevia::domain::job::{JobKind, Needs};
use coursevia::domain::plan::{HealthPlan, PartnerPlan, WatchPlan};
use coursevia::domain::provider::{Availability, Provider, Retirement, Stage};
use coursevia::store::{Conflict, StoreError};

conformance! {
    a_pause_is_written_with_reason_and_days_and_taken_back,
    an_end_is_announced_and_called_off,
    no_list_loses_what_is_at_a_paused_or_retired_partner,
    an_import_leaves_what_was_paused_by_command,
    an_import_takes_back_what_a_file_paused,
    an_import_knows_an_announced_end,
    three_failures_are_trouble_once_and_three_good_calls_the_end_of_it,
    failures_at_once_are_all_counted,
    who_waits_is_told_once_when_it_is_back,
    who_waits_is_told_when_it_recovers,
    who_waits_is_told_after_trouble_that_passed_by_itself,
    who_waits_is_told_when_an_end_is_put_off,
    who_waits_is_told_when_a_file_lets_in_again,
    who_asks_for_two_courses_is_told_of_the_last,
    two_changes_at_once_leave_nothing_out,
    refuses_to_wait_for_what_is_back,
    a_recovery_of_a_paused_partner_tells_nobody,
}

fn days(after: u64) -> NaiveDate {
    at(0).date_naive() + Days::new(after)
}

fn pause() -> PartnerChange {
    PartnerChange::Pause { note: "It moves.".into(), until: Some(days(20)) }
}

impl World {
    pub async fn partner(&self, name: &str) -> Provider {
        let all = self.store.list_providers().await.expect("it reads");
        all.into_iter().find(|provider| provider.name == *name).expect("the partner")
    }

    fn changing(&self, provider: &Provider, change: PartnerChange, minute: i64) -> PartnerPlan {
        let standing = decide_partner(provider, change, at(minute)).expect("it may");
        let event = Event { at: at(minute), provider: Some(provider.id), ..self.event(standing.kind, None) };
        PartnerPlan {
            provider_id: provider.id,
            availability: standing.availability,
            retirement: standing.retirement,
            seen: (provider.availability.clone(), provider.retirement.clone()),
            event,
        }
    }

    pub async fn change(&self, name: &str, change: PartnerChange, minute: i64) -> Provider {
        let plan = self.changing(&self.partner(name).await, change, minute);
        self.store.change_partner(&plan).await.expect("it is written");
        self.partner(name).await
    }

    pub fn call(&self, provider: &Provider, outcome: CallOutcome, minute: i64) -> HealthPlan {
        let event = |kind| Event { at: at(minute), provider: Some(provider.id), ..self.event(kind, None) };
        HealthPlan {
            provider_id: provider.id,
            outcome,
            troubled: event(EventKind::PartnerTroubled),
            recovered: event(EventKind::PartnerRecovered),
        }
    }

    /// How the partner stands after calls at these minutes.
    async fn calls(&self, name: &str, calls: &[(CallOutcome, i64)]) -> Health {
        let provider = self.partner(name).await;
        for (outcome, minute) in calls {
            let told = self.store.record_call(&self.call(&provider, *outcome, *minute)).await;
            assert_eq!(told.expect("it is written"), self.partner(name).await.health);
        }
        self.partner(name).await.health
    }

    pub fn watching(&self, course: &Enrollment, minute: i64) -> WatchPlan {
        WatchPlan {
            id: self.ids.new_id(),
            provider_id: course.delivery.expect("a partner").provider_id,
            student_id: course.student_id,
            enrollment_id: course.id,
            event: Event { at: at(minute), ..self.event(EventKind::WatchAsked, Some(course)) },
        }
    }

    async fn count_events(&self, kind: EventKind) -> usize {
        let period = coursevia::domain::report::Period::default();
        let counted = self.store.count_events(&[kind], period).await.expect("it reads");
        counted.iter().map(|count| usize::try_from(count.count).expect("few")).sum()
    }

    /// The mails that tell of a return, which are open.
    async fn open_returns(&self, course: &Enrollment) -> usize {
        self.course(course.id).await.jobs.iter().filter(|job| job.kind == JobKind::Mail).count()
    }

    /// A course whose own mail is out.
    async fn settled(&self) -> Enrollment {
        let maya = self.maya().await;
        self.confirm(&maya).await;
        let mail = self.claim_kind(JobKind::Mail, 1).await;
        self.finish(&mail).await;
        assert_eq!(self.open_returns(&maya).await, 0);
        maya
    }
}

async fn a_pause_is_written_with_reason_and_days_and_taken_back(world: &World) {
    let paused = world.change("Certiport", pause(), 3).await;
    let wanted =
        Availability::Paused { note: Some("It moves.".into()), until: Some(days(20)), since: Some(at(3)) };
    assert_eq!((paused.availability.clone(), paused.stage(at(3))), (wanted, Stage::Paused));
    let again = PartnerChange::Pause { note: "It rests.".into(), until: None };
    let paused = world.change("Certiport", again, 9).await;
    let wanted = Availability::Paused { note: Some("It rests.".into()), until: None, since: Some(at(3)) };
    assert_eq!(paused.availability, wanted);
    let resumed = world.change("Certiport", PartnerChange::Resume, 10).await;
    assert_eq!(resumed.availability, Availability::Active);
    assert_eq!(world.count_events(EventKind::PartnerPaused).await, 2);
    assert_eq!(world.count_events(EventKind::PartnerResumed).await, 1);
}

fn end(closes: u64, ends: Option<u64>) -> Retirement {
    Retirement { closes_on: days(closes), ends_on: ends.map(days), note: Some("It merges.".into()) }
}

async fn an_end_is_announced_and_called_off(world: &World) {
    let retiring = world.change("Milady", PartnerChange::Retire(end(0, Some(30))), 1).await;
    assert_eq!(retiring.retirement, Some(end(0, Some(30))));
    assert_eq!(retiring.stage(at(1)), Stage::Retiring);
    assert_eq!(retiring.stage(at(1) + TimeDelta::days(30)), Stage::Retired);
    let resumed = world.change("Milady", PartnerChange::Resume, 2).await;
    assert_eq!((resumed.retirement.clone(), resumed.stage(at(2))), (None, Stage::Active));
}

async fn no_list_loses_what_is_at_a_paused_or_retired_partner(world: &World) {
    let maya = world.settled().await;
    let changes = [
        (pause(), Stage::Paused),
        (PartnerChange::Retire(end(0, None)), Stage::Paused),
        (PartnerChange::Resume, Stage::Active),
        (PartnerChange::Retire(end(0, None)), Stage::Retiring),
        (PartnerChange::Retire(end(0, Some(0))), Stage::Retired),
    ];
    for (minute, (change, stage)) in (1..).zip(changes) {
        assert_eq!(world.change("Certiport", change, minute).await.stage(at(minute)), stage);
        let now = at(minute);
        let store = &world.store;
        assert_eq!(world.courses(maya.student_id).await.len(), 1, "{stage:?}");
        assert!(store.find_course(maya.id).await.expect("it reads").expect("there").provider().is_some());
        assert!(
            store.find_live_enrollment(maya.student_id, maya.program_id).await.expect("it reads").is_some()
        );
        assert_eq!(store.last_used(maya.student_id).await.expect("it reads"), Some(maya.id));
        let provider = maya.delivery.expect("a partner").provider_id;
        let syncable = store.list_syncable(provider, None, at(1_000), None, 9).await.expect("it reads");
        assert_eq!(
            syncable.iter().map(|target| target.enrollment_id).collect::<Vec<_>>(),
            [maya.id],
            "{stage:?}"
        );
        assert!(!store.list_history(maya.id).await.expect("it reads").is_empty());
        assert_eq!(world.program("cna-training").await.offers.len(), 3);
        let listed = store.list_programs(now).await.expect("it reads");
        assert!(listed.iter().any(|view| view.offers.len() == 3), "{stage:?}");
        let page = store.page_of_programs(None, 9, now).await.expect("it reads");
        assert!(page.entries.iter().any(|entry| entry.offers.len() == 3), "{stage:?}");
        let details = store.list_programs_by_id(&[maya.program_id], now).await.expect("it reads");
        assert_eq!(details[0].offers.len(), 3);
        assert_eq!(store.export_catalog(now).await.expect("it reads").partners.len(), 3);
        assert_eq!(store.list_names().await.expect("it reads").providers.len(), 3);
        assert_eq!(store.list_providers().await.expect("it reads").len(), 3);
    }
}

async fn an_import_leaves_what_was_paused_by_command(world: &World) {
    let before = world.change("Certiport", pause(), 3).await;
    let report = world.import(&catalog(), true).await;
    assert_eq!((report.kept_paused, report.partners.updated), (1, 0));
    assert_eq!(world.partner("Certiport").await, before);
    let mut changed = catalog();
    changed.partners[0].description = "Now with more.".into();
    changed.partners[0].availability = Availability::paused(Some("the file's reason".into()), None);
    let report = world.import(&changed, false).await;
    assert_eq!((report.kept_paused, report.partners.updated), (0, 1));
    let after = world.partner("Certiport").await;
    assert_eq!((after.description.as_str(), &after.availability), ("Now with more.", &before.availability));
    world.change("Certiport", PartnerChange::Resume, 9).await;
    world.import(&catalog(), false).await;
    assert_eq!(world.partner("Certiport").await.stage(at(9)), Stage::Active);
}

async fn an_import_takes_back_what_a_file_paused(world: &World) {
    let mut paused = catalog();
    paused.partners[0].availability = Availability::paused(None, Some(days(9)));
    world.import(&paused, false).await;
    assert_eq!(world.partner("Certiport").await.stage(at(0)), Stage::Paused);
    assert_eq!(world.import(&catalog(), false).await.kept_paused, 0);
    assert_eq!(world.partner("Certiport").await.stage(at(0)), Stage::Active);
}

async fn an_import_knows_an_announced_end(world: &World) {
    let mut ends = catalog();
    ends.partners[0].retirement = Some(end(3, Some(9)));
    world.import(&ends, false).await;
    assert_eq!(world.partner("Certiport").await.retirement, Some(end(3, Some(9))));
    // A file that says nothing of an end calls none off: it may have been announced by command.
    world.import(&catalog(), false).await;
    assert_eq!(world.partner("Certiport").await.retirement, Some(end(3, Some(9))));
    assert_eq!(
        world.store.export_catalog(at(0)).await.expect("it reads").partners[0].retirement,
        Some(end(3, Some(9)))
    );
}

use CallOutcome::{Failed, Worked};

async fn three_failures_are_trouble_once_and_three_good_calls_the_end_of_it(world: &World) {
    let health = world.calls("Certiport", &[(Failed, 0), (Failed, 1), (Failed, 2), (Failed, 3)]).await;
    assert_eq!((health.troubled(at(3)), health.failures), (Some(at(0)), 4));
    assert_eq!(world.partner("Certiport").await.stage(at(3)), Stage::Active, "it is never paused by itself");
    let health = world.calls("Certiport", &[(Worked, 4), (Worked, 5)]).await;
    assert_eq!(health.troubled(at(5)), Some(at(0)));
    assert!(world.calls("Certiport", &[(Worked, 6), (Worked, 7)]).await.is_clear());
    assert_eq!(world.count_events(EventKind::PartnerTroubled).await, 1);
    assert_eq!(world.count_events(EventKind::PartnerRecovered).await, 1);
    world.import(&catalog(), false).await;
    let health = world.calls("Certiport", &[(Failed, 8)]).await;
    world.import(&catalog(), false).await;
    assert_eq!(world.partner("Certiport").await.health, health, "an import does not know how it answers");
}

async fn failures_at_once_are_all_counted(world: &World) {
    let provider = world.partner("Certiport").await;
    let calls: Vec<_> = (0..8).map(|_| world.call(&provider, Failed, 1)).collect();
    let told = futures_util::future::join_all(calls.iter().map(|call| world.store.record_call(call))).await;
    assert!(told.iter().all(Result::is_ok), "{told:?}");
    assert_eq!(world.partner("Certiport").await.health.failures, 8);
    assert_eq!(world.count_events(EventKind::PartnerTroubled).await, 1);
}

async fn who_waits_is_told_once_when_it_is_back(world: &World) {
    let maya = world.settled().await;
    world.change("Certiport", pause(), 3).await;
    assert!(!world.course(maya.id).await.watched);
    assert!(world.store.watch_partner(&world.watching(&maya, 4)).await.expect("it is written"));
    assert!(!world.store.watch_partner(&world.watching(&maya, 5)).await.expect("once is enough"));
    assert!(world.course(maya.id).await.watched, "nobody has to ask again");
    world.change("Certiport", PartnerChange::Pause { note: "Longer.".into(), until: None }, 6).await;
    assert_eq!(world.open_returns(&maya).await, 0);
    world.change("Certiport", PartnerChange::Resume, 7).await;
    assert_eq!(world.open_returns(&maya).await, 1);
    assert!(!world.course(maya.id).await.watched);
    let job = world.store.claim_job(at(8), at(10), &|needs| *needs == Needs::Mail).await.expect("it reads");
    let job = job.expect("a mail");
    assert!(job.idempotency_key.starts_with("mail:back:") && job.payload["back"].is_string(), "{job:?}");
    // Paused and resumed again: who has been told is not told twice, unless they ask again.
    world.change("Certiport", pause(), 8).await;
    world.change("Certiport", PartnerChange::Resume, 9).await;
    assert_eq!(world.open_returns(&maya).await, 1);
    let kinds = world.history(maya.id).await;
    let count = |kind| kinds.iter().filter(|known| **known == kind).count();
    assert_eq!((count(EventKind::WatchAsked), count(EventKind::WatchTold)), (1, 1));
    world.change("Certiport", PartnerChange::Retire(end(0, Some(0))), 10).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 11)).await.expect("a new wish"));
    world.change("Certiport", PartnerChange::Resume, 12).await;
    assert_eq!(world.open_returns(&maya).await, 2);
}

async fn who_waits_is_told_when_it_recovers(world: &World) {
    let maya = world.settled().await;
    world.calls("Certiport", &[(Failed, 0), (Failed, 1), (Failed, 2)]).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 3)).await.expect("it is written"));
    world.calls("Certiport", &[(Worked, 3), (Worked, 4)]).await;
    assert_eq!(world.open_returns(&maya).await, 0);
    world.calls("Certiport", &[(Worked, 5)]).await;
    assert_eq!(world.open_returns(&maya).await, 1);
}

async fn who_waits_is_told_after_trouble_that_passed_by_itself(world: &World) {
    let maya = world.settled().await;
    world.calls("Certiport", &[(Failed, 0), (Failed, 1), (Failed, 2)]).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 3)).await.expect("it is written"));
    // Nobody called for an hour, and the first call after it failed: that alone is no trouble.
    assert_eq!(world.calls("Certiport", &[(Failed, 60)]).await.troubled(at(60)), None);
    assert_eq!(world.open_returns(&maya).await, 0);
    world.calls("Certiport", &[(Worked, 61), (Worked, 62), (Worked, 63)]).await;
    assert_eq!(world.open_returns(&maya).await, 1);
}

async fn who_waits_is_told_when_an_end_is_put_off(world: &World) {
    let maya = world.settled().await;
    world.change("Certiport", PartnerChange::Retire(end(0, Some(0))), 3).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 4)).await.expect("it is written"));
    let later = world.change("Certiport", PartnerChange::Retire(end(0, Some(30))), 5).await;
    assert!(later.stage(at(5)).opens());
    assert_eq!(world.open_returns(&maya).await, 1);
}

async fn who_waits_is_told_when_a_file_lets_in_again(world: &World) {
    let maya = world.settled().await;
    let mut paused = catalog();
    paused.partners[0].availability = Availability::paused(None, None);
    world.import(&paused, false).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 3)).await.expect("it is written"));
    world.import(&paused, false).await;
    assert_eq!(world.open_returns(&maya).await, 0);
    world.import(&catalog(), false).await;
    assert_eq!(world.open_returns(&maya).await, 1);
}

async fn who_asks_for_two_courses_is_told_of_the_last(world: &World) {
    let maya = world.settled().await;
    let leo = world.standing(1, |_| {}).await;
    world.change("Certiport", pause(), 3).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 4)).await.expect("it is written"));
    // The watch is of a person: the other course stands for a second one of theirs.
    let second = WatchPlan { enrollment_id: leo.id, ..world.watching(&maya, 5) };
    assert!(!world.store.watch_partner(&second).await.expect("one mail is enough"));
    let open = |id| async move {
        let jobs = world.course(id).await.jobs;
        jobs.iter().filter(|job| job.kind == JobKind::Mail).count()
    };
    let (first, last) = (open(maya.id).await, open(leo.id).await);
    world.change("Certiport", PartnerChange::Resume, 7).await;
    assert_eq!((open(maya.id).await, open(leo.id).await), (first, last + 1));
}

async fn two_changes_at_once_leave_nothing_out(world: &World) {
    let before = world.partner("Certiport").await;
    let pausing = world.changing(&before, pause(), 3);
    let retiring = world.changing(&before, PartnerChange::Retire(end(0, Some(30))), 3);
    world.store.change_partner(&pausing).await.expect("it is written");
    let stale = world.store.change_partner(&retiring).await;
    assert!(matches!(stale, Err(StoreError::Conflict(Conflict::Changed))), "{stale:?}");
    assert_eq!(world.partner("Certiport").await.stage(at(3)), Stage::Paused, "it is not resumed in passing");
    assert_eq!(world.count_events(EventKind::PartnerRetiring).await, 0);
}

async fn refuses_to_wait_for_what_is_back(world: &World) {
    let maya = world.settled().await;
    let back = world.store.watch_partner(&world.watching(&maya, 3)).await;
    assert!(matches!(back, Err(StoreError::Conflict(Conflict::Changed))), "{back:?}");
    assert!(!world.history(maya.id).await.contains(&EventKind::WatchAsked));
}

async fn a_recovery_of_a_paused_partner_tells_nobody(world: &World) {
    let maya = world.settled().await;
    world.calls("Certiport", &[(Failed, 0), (Failed, 1), (Failed, 2)]).await;
    world.change("Certiport", pause(), 3).await;
    assert!(world.store.watch_partner(&world.watching(&maya, 3)).await.expect("it is written"));
    world.calls("Certiport", &[(Worked, 4), (Worked, 5), (Worked, 6)]).await;
    assert_eq!(world.open_returns(&maya).await, 0);
    world.change("Certiport", PartnerChange::Resume, 7).await;
    assert_eq!(world.open_returns(&maya).await, 1);
}
