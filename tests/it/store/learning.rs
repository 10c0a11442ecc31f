//! Launches, progress and certificates.

use super::conformance;
use super::world::{World, at};
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::{Enrollment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::job::JobKind;
use coursevia::domain::plan::{CertificatePlan, Completion, Handover, LaunchPlan, ProgressPlan};
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::views::Certificate;
use coursevia::domain::web::WebUrl;

conformance! {
    a_launch_is_kept_with_the_time_of_last_use,
    the_history_tells_what_an_advisor_did,
    a_report_moves_the_figure,
    a_report_without_a_figure_moves_nothing,
    an_older_report_does_not_overwrite_a_newer_one,
    a_figure_never_falls_without_a_note_even_when_overtaken,
    only_a_fall_is_noted,
    completion_counts_once,
    a_cancelled_enrollment_is_not_completed,
    the_first_certificate_stays,
    the_end_of_a_certificate_is_announced_once,
    a_failed_exam_is_noted_once_for_each_failing,
    what_is_said_again_is_a_row_again_only_after_a_day,
    a_sync_meets_each_enrollment_once_while_figures_move,
}

fn report(world: &World, course: &Enrollment, minute: i64, percent: Option<i64>) -> ProgressPlan {
    let sample = ProgressSample {
        id: world.ids.new_id(),
        percent: percent.and_then(Percent::new),
        completed: false,
        failed: None,
        at: at(minute),
        source: ProgressSource::Partner,
    };
    let fell = world.event(EventKind::ProgressFell, Some(course));
    let exam_failed = world.event(EventKind::ExamFailed, Some(course));
    ProgressPlan { enrollment_id: course.id, sample, fell, exam_failed, completion: None }
}

async fn record(world: &World, plan: &ProgressPlan) {
    world.store.record_progress(plan).await.expect("it is written");
}

async fn shown(world: &World, course: &Enrollment) -> (u8, Option<u8>) {
    let progress = world.course(course.id).await.enrollment.progress;
    (progress.percent.get(), progress.reported.map(Percent::get))
}

fn launch(world: &World, course: &Enrollment, minute: i64, actor: Actor) -> LaunchPlan {
    let mut event = world.event(EventKind::Launched, Some(course));
    event.actor = actor;
    LaunchPlan {
        begins: false,
        id: world.ids.new_id(),
        enrollment_id: course.id,
        at: at(minute),
        handover: Handover::Browser,
        actor,
        event,
    }
}

async fn a_launch_is_kept_with_the_time_of_last_use(world: &World) {
    let maya = world.maya().await;
    let other = {
        let student = world.store.find_student(maya.student_id).await.expect("it reads").expect("Maya");
        world.enroll(&student, "digital-literacy", None).await
    };
    assert!(!world.course(maya.id).await.launched);
    for minute in [7, 3] {
        let plan = launch(world, &maya, minute, Actor::Student(maya.student_id));
        world.store.record_launch(&plan).await.expect("it is written");
    }
    let view = world.course(maya.id).await;
    assert!(view.launched);
    assert_eq!(view.enrollment.last_accessed_at, Some(at(7)), "it never goes back");
    assert_eq!(world.store.last_used(maya.student_id).await.expect("it reads"), Some(maya.id));
    world.store.cancel(&world.cancelling(&view.enrollment, &[])).await.expect("it cancels");
    assert_eq!(world.store.last_used(maya.student_id).await.expect("it reads"), Some(other.id));
}

async fn the_history_tells_what_an_advisor_did(world: &World) {
    let maya = world.maya().await;
    let actor = Actor::Advisor { advisor: world.ids.new_id(), student: maya.student_id };
    world.store.record_launch(&launch(world, &maya, 1, actor)).await.expect("it is written");
    let history = world.store.list_history(maya.id).await.expect("it reads");
    let told: Vec<_> = history.iter().map(|entry| (entry.kind, entry.by_advisor)).collect();
    assert_eq!(told, [(EventKind::Launched, true), (EventKind::Enrolled, false)]);
}

async fn a_report_moves_the_figure(world: &World) {
    let maya = world.maya().await;
    record(world, &report(world, &maya, 1, Some(45))).await;
    let progress = world.course(maya.id).await.enrollment.progress;
    assert_eq!((progress.percent.get(), progress.as_of, progress.reported), (45, Some(at(1)), None));
}

async fn a_report_without_a_figure_moves_nothing(world: &World) {
    let maya = world.maya().await;
    record(world, &report(world, &maya, 1, Some(45))).await;
    record(world, &report(world, &maya, 2, None)).await;
    let progress = world.course(maya.id).await.enrollment.progress;
    assert_eq!((progress.percent.get(), progress.as_of), (45, Some(at(1))));
}

async fn an_older_report_does_not_overwrite_a_newer_one(world: &World) {
    let maya = world.maya().await;
    record(world, &report(world, &maya, 5, Some(45))).await;
    record(world, &report(world, &maya, 4, Some(10))).await;
    assert_eq!(shown(world, &maya).await, (45, None));
}

async fn a_figure_never_falls_without_a_note_even_when_overtaken(world: &World) {
    let maya = world.maya().await;
    let high = report(world, &maya, 1, Some(50));
    let low = report(world, &maya, 2, Some(40));
    record(world, &high).await;
    record(world, &low).await;
    assert_eq!(shown(world, &maya).await, (50, Some(40)));
    assert_eq!(
        world.history(maya.id).await,
        [EventKind::Started, EventKind::ProgressFell, EventKind::Enrolled]
    );
}

async fn only_a_fall_is_noted(world: &World) {
    let maya = world.maya().await;
    for (minute, percent) in [(1, Some(30)), (2, Some(30)), (3, Some(60)), (4, None), (2, Some(10))] {
        record(world, &report(world, &maya, minute, percent)).await;
    }
    assert_eq!(world.history(maya.id).await, [EventKind::Started, EventKind::Enrolled]);
}

fn completion(world: &World, course: &Enrollment, minute: i64) -> ProgressPlan {
    let mut plan = report(world, course, minute, Some(100));
    plan.sample.completed = true;
    let jobs = vec![world.job(JobKind::Certificate, course.id, at(minute))];
    plan.completion = Some(Completion { jobs, event: world.event(EventKind::Completed, Some(course)) });
    plan
}

async fn completion_counts_once(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    assert_eq!(world.due(Some(maya.student_id)).await, [maya.id]);
    record(world, &completion(world, &maya, 1)).await;
    record(world, &completion(world, &maya, 2)).await;
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.completed_at), (Status::Completed, Some(at(1))));
    assert_eq!(view.jobs.iter().filter(|job| job.kind == JobKind::Certificate).count(), 1);
    let history = world.history(maya.id).await;
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::Completed).count(), 1);
    assert_eq!(world.due(None).await, []);
}

async fn a_cancelled_enrollment_is_not_completed(world: &World) {
    let maya = world.maya().await;
    world.store.cancel(&world.cancelling(&maya, &[])).await.expect("it cancels");
    record(world, &completion(world, &maya, 1)).await;
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.status, view.jobs.len()), (Status::Cancelled, 0));
}

async fn the_first_certificate_stays(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    record(world, &completion(world, &maya, 1)).await;
    let job = world.claim_kind(JobKind::Certificate, 1).await;
    let certificate = |number: &str| Certificate {
        id: world.ids.new_id(),
        external_certificate_id: Some(number.into()),
        url: WebUrl::parse("https://example.org/c/1").ok(),
        issued_at: Some(at(1)),
        expires_at: None,
        verify_url: None,
        code: None,
        holder: None,
        course: None,
    };
    let first = certificate("C-1");
    for certificate in [first.clone(), certificate("C-2")] {
        let event = world.event(EventKind::CertificateReceived, Some(&maya));
        let plan = CertificatePlan { job_id: job.id, enrollment_id: maya.id, certificate, event };
        world.store.record_certificate(&plan).await.expect("it is written");
    }
    assert_eq!(world.course(maya.id).await.certificate, Some(first));
    let history = world.history(maya.id).await;
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::CertificateReceived).count(), 1);
}

async fn the_end_of_a_certificate_is_announced_once(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    record(world, &completion(world, &maya, 1)).await;
    let job = world.claim_kind(JobKind::Certificate, 1).await;
    let certificate = Certificate {
        id: world.ids.new_id(),
        external_certificate_id: Some("C-1".into()),
        url: None,
        issued_at: Some(at(1)),
        expires_at: Some(at(100)),
        verify_url: WebUrl::parse("https://example.org/verify/1").ok(),
        code: None,
        holder: None,
        course: None,
    };
    let event = world.event(EventKind::CertificateReceived, Some(&maya));
    let plan =
        CertificatePlan { job_id: job.id, enrollment_id: maya.id, certificate: certificate.clone(), event };
    world.store.record_certificate(&plan).await.expect("it is written");
    assert_eq!(world.course(maya.id).await.certificate, Some(certificate));
    let due = async |from, until| {
        world.store.list_expiring_certificates(at(from), at(until), 10).await.expect("it reads")
    };
    assert_eq!(due(2, 100).await, [maya.id]);
    assert_eq!((due(2, 99).await, due(100, 200).await), (Vec::new(), Vec::new()));
    for first in [true, false] {
        let plan = world.expiring(&maya, 2);
        assert_eq!(world.store.announce_expiry(&plan).await.expect("it is written"), first);
    }
    assert_eq!(due(2, 100).await, []);
    let history = world.history(maya.id).await;
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::CertificateExpiring).count(), 1);
}

async fn a_failed_exam_is_noted_once_for_each_failing(world: &World) {
    let maya = world.maya().await;
    for (minute, percent, failed) in [
        (1, Some(45), Some(false)),
        (2, None, Some(true)),
        (3, Some(0), Some(true)),
        (3, Some(0), Some(true)),
        // Late: it was said before the exam.
        (1, Some(40), Some(false)),
        // It says nothing about the exam.
        (4, Some(45), None),
    ] {
        let mut plan = report(world, &maya, minute, percent);
        plan.sample.failed = failed;
        record(world, &plan).await;
    }
    let progress = world.course(maya.id).await.enrollment.progress;
    assert_eq!((progress.percent.get(), progress.exam_failed_at), (45, Some(at(2))));
    assert_eq!(progress.source, Some(ProgressSource::Partner));
    let noted =
        async || world.history(maya.id).await.iter().filter(|kind| **kind == EventKind::ExamFailed).count();
    assert_eq!(noted().await, 1);
    for (minute, failed) in [(5, false), (6, true)] {
        let mut plan = report(world, &maya, minute, Some(50));
        plan.sample.failed = Some(failed);
        record(world, &plan).await;
        let failed_at = world.course(maya.id).await.enrollment.progress.exam_failed_at;
        assert_eq!(failed_at, failed.then(|| at(minute)));
    }
    assert_eq!(noted().await, 2);
}

async fn what_is_said_again_is_a_row_again_only_after_a_day(world: &World) {
    const DAY: i64 = 24 * 60;
    let maya = world.maya().await;
    for (minute, percent) in
        [(1, 30), (2, 30), (3, 30), (4, 35), (5, 30), (6, 30), (DAY + 4, 30), (DAY + 5, 30), (DAY + 6, 30)]
    {
        record(world, &report(world, &maya, minute, Some(percent))).await;
        let progress = world.course(maya.id).await.enrollment.progress;
        assert_eq!(progress.as_of, Some(at(minute)), "that it came is known all the same");
    }
    let samples = world.store.list_samples(maya.id, 100).await.expect("it reads");
    let rows: Vec<_> = samples.iter().map(|one| (one.at, one.percent.map(Percent::get))).collect();
    let row = |minute, percent| (at(minute), Some(percent));
    assert_eq!(rows, [row(DAY + 5, 30), row(5, 30), row(4, 35), row(1, 30)]);
    assert_eq!(world.store.list_samples(maya.id, 1).await.expect("it reads").len(), 1);
}

async fn a_sync_meets_each_enrollment_once_while_figures_move(world: &World) {
    let mut ids = Vec::new();
    for number in 0..5 {
        let course = world.standing(number, |enrollment| {
            enrollment.link = coursevia::domain::enrollment::Link::Confirmed;
            enrollment.external_enrollment_id = Some(format!("E-{number}").as_str().into());
            enrollment.progress.as_of = (number % 2 == 0).then(|| at(i64::from(number)));
        });
        ids.push(course.await);
    }
    let partners = world.store.list_sync_partners(None).await.expect("it reads");
    let [partner] = partners.as_slice() else { panic!("{partners:?}") };
    assert_eq!(partner.due, 5);
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.list_syncable(partner.provider.id, None, at(10), after.as_ref(), 2).await;
        let page = page.expect("it reads");
        for target in &page {
            met.push(target.enrollment_id);
            let course = ids.iter().find(|course| course.id == target.enrollment_id).expect("one of them");
            record(world, &report(world, course, 11, Some(5))).await;
        }
        after = page.last().cloned();
        if after.is_none() {
            break;
        }
    }
    assert_eq!(met, [1, 3, 0, 2, 4].map(|number: usize| ids[number].id));
}
