//! Courses taught here: versions, steps, certificates.

use super::conformance;
use super::world::{World, at};
use crate::support::lessons::{course, key, lesson, right, wrong};
use coursevia::domain::certificate::{VerificationCode, number};
use coursevia::domain::decide::{Step, decide_answer, decide_read};
use coursevia::domain::enrollment::{Enrollment, Status};
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::{CertificateId, CourseVersionId};
use coursevia::domain::learning::{Outline, TaughtSummary};
use coursevia::domain::lesson::TaughtCourse;
use coursevia::domain::plan::{
    Completion, CourseImported, ImportCoursePlan, LearningSeen, LessonStep, LessonStepPlan, NewCertificate,
    OpenLessonPlan, ProgressPlan,
};
use coursevia::domain::progress::{Percent, ProgressSample, ProgressSource};
use coursevia::domain::quiz::{Answer, AskedQuestion, GivenAnswer, QuizStanding};
use coursevia::domain::text::Text;
use coursevia::store::{Conflict, Part, StoreError};

conformance! {
    everything_a_course_holds_reads_back,
    a_course_that_comes_in_again_is_no_new_version,
    two_imports_at_once_come_one_after_the_other,
    a_thousand_lessons_come_in_in_their_order,
    the_first_lesson_opened_fixes_the_version,
    a_safe_change_moves_active_students_only,
    nobody_is_moved_from_a_version_nobody_looked_at,
    nothing_opens_in_what_is_over,
    a_place_is_kept_for_its_owner_in_a_lesson_that_is_open,
    a_step_that_has_not_seen_everything_is_refused_and_writes_nothing,
    what_was_done_once_keeps_its_time,
    the_last_step_completes_and_issues_a_certificate,
    a_certificate_stands_whatever_it_lacks,
    a_card_counts_lessons_where_it_is_taught_here,
    what_is_damaged_is_named,
}

const PROGRAM: &str = "digital-literacy";

impl World {
    /// Brings a course in; with versions named, as a change that is safe for those who have begun them.
    pub async fn teach(
        &self,
        course: &TaughtCourse,
        safe_after: Option<Vec<CourseVersionId>>,
    ) -> Result<CourseImported, StoreError> {
        let plan = ImportCoursePlan {
            id: self.ids.new_id(),
            course: course.clone(),
            safe: safe_after.is_some(),
            safe_after: safe_after.unwrap_or_default(),
            event: self.event(EventKind::CourseImported, None),
        };
        self.store.import_course(&plan).await
    }

    pub async fn in_use(&self) -> Vec<CourseVersionId> {
        let versions = self.store.list_versions_in_use(&key(PROGRAM)).await.expect("it reads");
        versions.into_iter().map(|(id, _)| id).collect()
    }

    pub async fn learner(&self, address: &str) -> Enrollment {
        self.enroll(&self.student(address), PROGRAM, None).await
    }

    pub async fn outline(&self, course: &Enrollment) -> Outline {
        self.store.find_outline(course.id).await.expect("it reads").expect("there are lessons")
    }

    pub async fn open(&self, course: &Enrollment, lesson: &str, minute: i64) -> Result<(), StoreError> {
        let version = self.outline(course).await.version;
        let plan = OpenLessonPlan { enrollment_id: course.id, lesson: key(lesson), version, at: at(minute) };
        self.store.open_lesson(&plan).await
    }

    /// A lesson is read: the plan of it, as things stand.
    pub async fn reading(&self, course: &Enrollment, lesson: &str, minute: i64) -> LessonStepPlan {
        let outline = self.outline(course).await;
        let step = decide_read(&outline, &key(lesson), at(minute)).expect("it may be read");
        let given = self.store.list_answers(course.id, &key(lesson)).await.expect("it reads");
        let event = Some((EventKind::LessonRead, step));
        self.step(course, &outline, (lesson, given.len(), minute), LessonStep::Read, event)
    }

    /// A question is answered: the plan of it, as things stand.
    pub async fn answering(
        &self,
        course: &Enrollment,
        (lesson, question): (&str, &str),
        answer: Answer,
        minute: i64,
    ) -> LessonStepPlan {
        let outline = self.outline(course).await;
        let view = self.store.find_lesson(course.id, outline.version, &key(lesson)).await.expect("it reads");
        let view = view.expect("it is there");
        let (now, given) = (at(minute), &view.given);
        let number = outline.number_of(&key(lesson)).expect("a lesson");
        let passed = outline.lessons[number].record.passed_at.is_some();
        let standing = view.quiz.as_ref().expect("a quiz").standing(&outline.rules, given, passed, now);
        let attempt = match standing {
            QuizStanding::Next(attempt) | QuizStanding::UnderWay(attempt, _) => attempt,
            other => panic!("{other:?}"),
        };
        let asked = AskedQuestion { version: outline.version, attempt, question: key(question) };
        let decided = decide_answer(&outline, &key(lesson), view.quiz.as_ref(), given, &asked, &answer, now)
            .expect("it may be answered");
        let (attempt, right) = (decided.attempt, decided.right);
        let answered = GivenAnswer { attempt, question: key(question), answer, right, at: now };
        let passes = decided.score.is_some_and(|score| score.passed);
        let answered = LessonStep::Answered { id: self.ids.new_id(), given: answered, passes };
        let event = decided.score.map(|_| (EventKind::QuizPassed, decided.step));
        self.step(course, &outline, (lesson, given.len(), minute), answered, event)
    }

    fn step(
        &self,
        course: &Enrollment,
        outline: &Outline,
        (lesson, answers, minute): (&str, usize, i64),
        step: LessonStep,
        ends: Option<(EventKind, Step)>,
    ) -> LessonStepPlan {
        let event = |kind| Event { at: at(minute), ..self.event(kind, Some(course)) };
        let records = outline.lessons.iter().map(|lesson| lesson.record);
        let done = records.map(|one| u64::from(one.read_at.is_some()) + u64::from(one.passed_at.is_some()));
        let id: CertificateId = self.ids.new_id();
        let completes = ends.is_some_and(|(_, step)| step.completes);
        let sample = |percent| ProgressSample {
            id: self.ids.new_id(),
            percent: Some(percent),
            completed: completes,
            failed: None,
            at: at(minute),
            source: ProgressSource::Here,
        };
        LessonStepPlan {
            enrollment_id: course.id,
            lesson: key(lesson),
            seen: LearningSeen { version: outline.version, done: done.sum(), answers: answers as u64 },
            step,
            progress: ends.and_then(|(_, step)| step.progress).map(|percent| ProgressPlan {
                enrollment_id: course.id,
                sample: sample(percent),
                fell: event(EventKind::ProgressFell),
                exam_failed: event(EventKind::ExamFailed),
                completion: completes
                    .then(|| Completion { jobs: Vec::new(), event: event(EventKind::Completed) }),
            }),
            event: ends.map(|(kind, _)| event(kind)),
            certificate: completes.then(|| NewCertificate {
                id,
                number: number(id, at(minute)),
                code: VerificationCode::of(self.ids.bytes()),
                holder: Some("Maya Okafor".into()),
                course: outline.title.clone(),
                event: event(EventKind::CertificateIssued),
            }),
            at: at(minute),
        }
    }

    pub async fn take(&self, plan: &LessonStepPlan) {
        self.store.take_lesson_step(plan).await.expect("it is written");
    }

    /// Learns all that is left, from some minute on.
    pub async fn learn_all(&self, course: &Enrollment, minute: i64) {
        let lessons = self.outline(course).await.lessons;
        for open in lessons.iter().filter(|lesson| !lesson.is_done()) {
            let lesson = open.key.as_str();
            self.open(course, lesson, minute).await.expect("it opens");
            if open.record.read_at.is_none() {
                self.take(&self.reading(course, lesson, minute).await).await;
            }
            let version = self.outline(course).await.version;
            let view = self.store.find_lesson(course.id, version, &open.key).await.expect("it reads");
            let view = view.expect("it is there");
            for question in view.quiz.iter().flat_map(|quiz| &quiz.questions) {
                if view.given.iter().all(|given| given.question != question.id) {
                    let asked = (lesson, question.id.as_str());
                    self.take(&self.answering(course, asked, right(), minute).await).await;
                }
            }
        }
    }
}

fn is_changed<T: std::fmt::Debug>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict(Conflict::Changed)))
}

async fn taught(world: &World) {
    world.teach(&course(PROGRAM), None).await.expect("it is imported");
}

async fn everything_a_course_holds_reads_back(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    assert_eq!(world.in_use().await, [], "nobody has begun it");
    world.open(&maya, "crane", 1).await.expect("it opens");
    let versions = world.store.list_versions_in_use(&key(PROGRAM)).await.expect("it reads");
    let [(_, found)] = versions.as_slice() else { panic!("{versions:?}") };
    assert_eq!(*found, course(PROGRAM));
    let outline = world.outline(&maya).await;
    assert_eq!((outline.version, outline.rules, outline.status), (1, found.rules, Status::Active));
    for (shown, lesson) in outline.lessons.iter().zip(&found.lessons) {
        assert_eq!((&shown.key, &shown.title, shown.minutes), (&lesson.key, &lesson.title, lesson.minutes));
        assert_eq!(shown.objectives, lesson.objectives);
        assert_eq!(shown.quiz_minutes, lesson.quiz.as_ref().map(|quiz| quiz.minutes));
        let view = world.store.find_lesson(maya.id, 1, &lesson.key).await.expect("it reads");
        let view = view.expect("it is there");
        assert_eq!((&view.body, &view.quiz), (&lesson.body, &lesson.quiz));
    }
    assert_eq!(world.store.find_lesson(maya.id, 2, &key("crane")).await.expect("it reads"), None);
    assert_eq!(world.store.find_lesson(maya.id, 1, &key("swan")).await.expect("it reads"), None);
    let elsewhere = world.enroll(&world.student("lee@example.org"), "cna-training", Some("NDS")).await;
    assert_eq!(world.store.find_outline(elsewhere.id).await.expect("it reads"), None);
}

async fn a_course_that_comes_in_again_is_no_new_version(world: &World) {
    let nothing = CourseImported { version: 1, new: false, moved: 0, staying: 0 };
    let first = world.teach(&course(PROGRAM), None).await.expect("it is imported");
    assert_eq!(first, CourseImported { new: true, ..nothing });
    assert_eq!(world.teach(&course(PROGRAM), None).await.expect("it is imported"), nothing);
    let mut changed = course(PROGRAM);
    changed.lessons[1].objectives.clear();
    assert_eq!(world.teach(&changed, None).await.expect("it is imported").version, 2);
    // Back to what it was: that is a change, too.
    let back = world.teach(&course(PROGRAM), None).await.expect("it is imported");
    assert_eq!((back.version, back.new), (3, true));
    let unknown = world.teach(&course("paper-cutting"), None).await;
    assert!(is_changed(&unknown), "{unknown:?}");
}

async fn two_imports_at_once_come_one_after_the_other(world: &World) {
    let mut other = course(PROGRAM);
    other.lessons.pop();
    let (first, again) = (course(PROGRAM), course(PROGRAM));
    let (one, two, three) =
        tokio::join!(world.teach(&first, None), world.teach(&other, None), world.teach(&again, None));
    let all = [one, two, three].map(|imported| imported.expect("it is imported"));
    let mut versions: Vec<_> = all.iter().filter(|one| one.new).map(|one| one.version).collect();
    versions.sort_unstable();
    // The same content twice is one version, unless the other came between.
    assert!(versions == [1, 2] || versions == [1, 2, 3], "{all:?}");
}

async fn a_thousand_lessons_come_in_in_their_order(world: &World) {
    let mut long = course(PROGRAM);
    long.lessons = (0..999).map(|number| lesson(&format!("l{number}"), 1, &[])).collect();
    world.teach(&long, None).await.expect("it is imported");
    let maya = world.learner("maya@example.org").await;
    let lessons = world.outline(&maya).await.lessons;
    let names: Vec<_> = lessons.iter().map(|lesson| lesson.key.to_string()).collect();
    assert_eq!(names, (0..999).map(|number| format!("l{number}")).collect::<Vec<_>>());
}

async fn the_first_lesson_opened_fixes_the_version(world: &World) {
    taught(world).await;
    let (maya, lee) = (world.learner("maya@example.org").await, world.learner("lee@example.org").await);
    world.open(&maya, "crane", 3).await.expect("it opens");
    let mut shorter = course(PROGRAM);
    shorter.lessons.remove(0);
    let imported = world.teach(&shorter, None).await.expect("it is imported");
    assert_eq!((imported.version, imported.moved, imported.staying), (2, 0, 1));
    assert_eq!((world.outline(&maya).await.version, world.outline(&maya).await.lessons.len()), (1, 3));
    assert_eq!(world.outline(&lee).await.version, 2);
    // Lee looked at the first version, and opens something of it.
    let plan = OpenLessonPlan { enrollment_id: lee.id, lesson: key("crane"), version: 1, at: at(4) };
    let late = world.store.open_lesson(&plan).await;
    assert!(is_changed(&late), "{late:?}");
    world.open(&lee, "boat", 5).await.expect("it opens");
    world.open(&maya, "crane", 2).await.expect("it opens");
    let record = world.outline(&maya).await.lessons[0].record;
    assert_eq!((record.opened_at, record.place), (Some(at(3)), 0), "it never goes back");
    assert_eq!(world.course(maya.id).await.enrollment.last_accessed_at, Some(at(3)));
    assert_eq!(world.in_use().await.len(), 2);
}

async fn a_safe_change_moves_active_students_only(world: &World) {
    taught(world).await;
    let mut all = Vec::new();
    for name in ["maya", "lee", "kim"] {
        let learner = world.learner(&format!("{name}@example.org")).await;
        world.open(&learner, "crane", 1).await.expect("it opens");
        all.push(learner);
    }
    let [maya, lee, kim] = all.as_slice() else { panic!("three") };
    world.learn_all(lee, 2).await;
    let kims = world.course(kim.id).await.enrollment;
    world.store.cancel(&world.cancelling(&kims, &[])).await.expect("it is cancelled");
    let mut longer = course(PROGRAM);
    longer.lessons.push(lesson("swan", 5, &[]));
    let imported = world.teach(&longer, Some(world.in_use().await)).await.expect("it is imported");
    assert_eq!(imported, CourseImported { version: 2, new: true, moved: 1, staying: 0 });
    assert_eq!(world.outline(maya).await.version, 2);
    let done = world.outline(lee).await;
    assert_eq!((done.version, done.status, done.is_complete()), (1, Status::Completed, true));
}

async fn nobody_is_moved_from_a_version_nobody_looked_at(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.open(&maya, "crane", 1).await.expect("it opens");
    let mut longer = course(PROGRAM);
    longer.lessons.push(lesson("swan", 5, &[]));
    let unseen = world.teach(&longer, Some(Vec::new())).await;
    assert!(is_changed(&unseen), "{unseen:?}");
    assert_eq!(world.outline(&maya).await.version, 1);
    let imported = world.teach(&longer, None).await.expect("nothing of it was written");
    assert_eq!((imported.version, imported.staying), (2, 1));
}

async fn nothing_opens_in_what_is_over(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.open(&maya, "crane", 1).await.expect("it opens");
    let plan = world.reading(&maya, "crane", 2).await;
    let standing = world.course(maya.id).await.enrollment;
    world.store.cancel(&world.cancelling(&standing, &[])).await.expect("it is cancelled");
    let opened = world.open(&maya, "crane", 3).await;
    assert!(is_changed(&opened), "{opened:?}");
    let read = world.store.take_lesson_step(&plan).await;
    assert!(is_changed(&read), "{read:?}");
    assert_eq!(world.outline(&maya).await.lessons[0].record.read_at, None);
}

async fn a_place_is_kept_for_its_owner_in_a_lesson_that_is_open(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    let keep = async |student, lesson: &str, place| {
        world.store.keep_place(student, maya.id, &key(lesson), place).await.expect("it is written")
    };
    assert!(!keep(maya.student_id, "crane", 4).await, "it is not open");
    world.open(&maya, "crane", 1).await.expect("it opens");
    assert!(keep(maya.student_id, "crane", 4_000_000).await);
    assert!(!keep(world.ids.new_id(), "crane", 5).await, "somebody else");
    assert_eq!(world.outline(&maya).await.lessons[0].record.place, 4_000_000);
}

async fn a_step_that_has_not_seen_everything_is_refused_and_writes_nothing(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.open(&maya, "crane", 1).await.expect("it opens");
    let read = world.reading(&maya, "crane", 2).await;
    let tail = world.answering(&maya, ("crane", "tail"), right(), 2).await;
    let again = world.answering(&maya, ("crane", "tail"), wrong(), 2).await;
    let wings = world.answering(&maya, ("crane", "wings"), right(), 2).await;
    world.take(&tail).await;
    for late in [&again, &wings, &read] {
        let refused = world.store.take_lesson_step(late).await;
        assert!(is_changed(&refused), "{refused:?}");
    }
    let mut older = world.reading(&maya, "crane", 3).await;
    older.seen.version = 2;
    let refused = world.store.take_lesson_step(&older).await;
    assert!(is_changed(&refused), "{refused:?}");
    // Even one that counts right does not answer twice.
    let mut twice = again;
    twice.seen.answers = 1;
    let refused = world.store.take_lesson_step(&twice).await;
    assert!(is_changed(&refused), "{refused:?}");
    let given = world.store.list_answers(maya.id, &key("crane")).await.expect("it reads");
    assert_eq!(given.iter().map(|given| (given.right, given.at)).collect::<Vec<_>>(), [(true, at(2))]);
    assert_eq!(world.course(maya.id).await.enrollment.progress.as_of, None);
    assert_eq!(world.history(maya.id).await, [EventKind::Enrolled]);
}

async fn what_was_done_once_keeps_its_time(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    // Read without having been opened: it is opened by that.
    world.take(&world.reading(&maya, "crane", 1).await).await;
    let mut again = world.reading(&maya, "crane", 9).await;
    again.progress = None;
    world.take(&again).await;
    let record = world.outline(&maya).await.lessons[0].record;
    assert_eq!((record.opened_at, record.read_at, record.passed_at), (Some(at(1)), Some(at(1)), None));
    assert_eq!(world.in_use().await.len(), 1, "the version is fixed by it");
}

async fn the_last_step_completes_and_issues_a_certificate(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.learn_all(&maya, 5).await;
    let view = world.course(maya.id).await;
    assert_eq!((view.enrollment.status, view.enrollment.completed_at), (Status::Completed, Some(at(5))));
    assert_eq!(view.enrollment.progress.percent, Percent::FULL);
    let certificate = view.certificate.clone().expect("a certificate");
    assert_eq!(certificate.issued_at, Some(at(5)));
    let code = certificate.code.clone().expect("a code");
    let found = world.store.find_certificate(&code).await.expect("it reads").expect("it stands");
    assert_eq!(Some(found), view.issued());
    let history = world.history(maya.id).await;
    let newest = [EventKind::CertificateIssued, EventKind::Completed, EventKind::QuizPassed];
    assert_eq!(history[..3], newest, "{history:?}");
    assert_eq!(history.iter().filter(|kind| **kind == EventKind::Started).count(), 1);
    let samples = world.store.list_samples(maya.id, 100).await.expect("it reads");
    assert!(samples.iter().all(|sample| sample.source == ProgressSource::Here), "{samples:?}");
}

async fn a_certificate_stands_whatever_it_lacks(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.learn_all(&maya, 5).await;
    let code = world.course(maya.id).await.certificate.and_then(|one| one.code).expect("a code");
    let found = async || world.store.find_certificate(&code).await.expect("it reads").expect("it stands");
    assert_eq!(found().await.course.as_str(), "The Art of Folding");
    world.execute("UPDATE certificates SET holder = NULL, course_title = NULL").await;
    world.execute("UPDATE students SET name = NULL").await;
    let bare = found().await;
    assert_eq!((bare.holder.as_str(), bare.course.as_str()), ("maya@example.org", "Digital Literacy"));
    assert_eq!(Some(bare), world.course(maya.id).await.issued());
}

async fn a_card_counts_lessons_where_it_is_taught_here(world: &World) {
    let maya = world.learner("maya@example.org").await;
    assert_eq!(world.course(maya.id).await.taught, None);
    taught(world).await;
    let summary = async || world.courses(maya.student_id).await.remove(0).taught;
    assert_eq!(summary().await, Some(TaughtSummary { lessons: 3, read: 0 }));
    world.take(&world.reading(&maya, "crane", 1).await).await;
    assert_eq!(summary().await, Some(TaughtSummary { lessons: 3, read: 1 }));
    let elsewhere = world.enroll(&world.student("lee@example.org"), "cna-training", Some("NDS")).await;
    assert_eq!(world.course(elsewhere.id).await.taught, None);
}

async fn what_is_damaged_is_named(world: &World) {
    taught(world).await;
    let maya = world.learner("maya@example.org").await;
    world.take(&world.answering(&maya, ("crane", "tail"), right(), 1).await).await;
    let reading = async || world.store.read_through(Part::Lessons, 0).await.expect("it reads");
    assert_eq!((reading().await.rows, reading().await.broken), (3, 0));
    world.execute("UPDATE lessons SET quiz = '[{\"id\": 7' WHERE lesson = 'crane'").await;
    world.execute("UPDATE lessons SET objectives = 'none' WHERE lesson = 'boat'").await;
    let said = |error: StoreError| (error.code(), error.to_string());
    let crane = world.store.find_lesson(maya.id, 1, &key("crane")).await.map_err(said);
    let (code, words) = crane.expect_err("its quiz is damaged");
    assert_eq!(code, "database_unreadable");
    assert!(words.contains("lesson's quiz"), "{words}");
    let (_, words) = world.store.find_outline(maya.id).await.map_err(said).expect_err("it is damaged");
    assert!(words.contains("lesson's objectives"), "{words}");
    let found = reading().await;
    assert_eq!((found.rows, found.broken), (3, 2));
    assert!(
        found.examples.iter().map(Text::as_str).any(|one| one.ends_with("(its lesson's quiz)")),
        "{found:?}"
    );
    world.execute("UPDATE quiz_answers SET answer = '[]'").await;
    let answers = world.store.list_answers(maya.id, &key("crane")).await.map_err(said);
    assert_eq!(answers.expect_err("it is damaged").0, "database_unreadable");
}
