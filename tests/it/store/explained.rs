//! What a person waits for finds its rows by an index, however many others there are.

use super::world::World;
use coursevia::store::statement;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _};

/// The statements behind one person's screens, one enrollment and its money, one job and one page of the list.
const STATEMENTS: &[&str] = &[
    "FIND_STUDENT",
    "FIND_STUDENT_BY_EMAIL",
    "FIND_ADVISOR_BY_EMAIL",
    "FIND_PROGRAM",
    "FIND_PROGRAM_BY_ID",
    "LIST_OFFERS_OF_PROGRAM",
    "COUNT_OUTCOMES_OF_PROGRAM",
    "FIND_PREFERENCES",
    "LIST_COURSES",
    "FIND_COURSE",
    "FIND_LIVE_ENROLLMENT",
    "LIST_OPEN_JOBS_OF_STUDENT",
    "LIST_OPEN_JOBS_OF_ENROLLMENT",
    "LAST_USED",
    "LIST_SYNCABLE_OF_STUDENT",
    "LIST_HISTORY",
    "IS_REUSED",
    "FIND_ACCOUNT",
    "COUNT_PROVISION_ATTEMPTS",
    "FIND_DUE_JOB",
    "CLAIM_JOB",
    "CANCEL_ENROLLMENT",
    "SUM_SHARES",
    "SUM_PAYABLE",
    "LIST_COHORTS_OF_PROGRAM",
    "LIST_RATINGS_OF_PROGRAM",
    "FIND_COHORT",
    "TAKE_SEAT",
    "GIVE_SEAT_BACK",
    "LIST_DUE_HOLDS",
    "LIST_DUE_OFFERS",
    "IS_ANYTHING_DUE",
    "NEXT_WAITING",
    "OFFER_SEAT",
    "ACCEPT_OFFER",
    "LIST_LIVE_ENTRIES_OF_PROGRAM",
    "LIST_WAITLIST_OF_STUDENT",
    "FIND_WAITLIST_ENTRY",
    "PAGE_OF_OFFERS",
    "PAGE_OF_STARTS",
    "PAGE_OF_RATINGS",
    "FIND_PROOF",
    "FIND_PROOF_FILE",
    "LIST_PROOFS_OF_STUDENT",
    "DECIDE_PROOF",
    "LOCK_ACTIVE",
    "FIND_LEARNING",
    "LIST_OUTLINE",
    "FIND_LESSON",
    "LIST_ANSWERS",
    "LOCK_PROGRAM",
    "LOCK_PROGRAM_TO_BEGIN",
    "OPEN_COURSE",
    "LOCK_LEARNER",
    "KEEP_PLACE",
    "COUNT_LEARNING",
    "FIND_NEWEST_VERSION",
    "LIST_VERSIONS_IN_USE",
    "MOVE_LEARNERS",
    "COUNT_STAYING",
    "FIND_CERTIFICATE",
    "FIND_REVIEW",
    "FIND_REVIEW_OF_ENROLLMENT",
    "LIST_RATINGS_OF_COURSE",
    "LIST_REVIEWS_OF_PROGRAM",
    "LIST_REVIEWS_OF_PROGRAM_RATED",
    "LIST_REVIEWS_OF_COURSE",
    "LIST_REVIEWS_OF_COURSE_RATED",
];

fn text(name: &str) -> &'static str {
    statement(name).unwrap_or_else(|| panic!("there is no statement {name}"))
}

#[tokio::test]
async fn sqlite_reads_no_whole_table_for_one_person() {
    let world = World::sqlite().await;
    let mut db = sqlx::SqliteConnection::connect(&world.url).await.expect("it connects");
    for name in STATEMENTS {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", text(name)));
        let steps = sqlx::query(explain).fetch_all(&mut db).await.expect(name);
        for step in steps {
            let step: String = step.get("detail");
            let sorts = step.contains("TEMP B-TREE") && name.starts_with("LIST_REVIEWS");
            assert!(!sorts, "{name}: {step}");
            assert!(!step.starts_with("SCAN ") || step.contains("CONSTANT ROW"), "{name}: {step}");
        }
    }
}

#[tokio::test]
async fn postgres_reads_no_whole_table_for_one_person() {
    let Some(world) = World::postgres().await else { return };
    let mut db = sqlx::PgConnection::connect(&world.url).await.expect("it connects");
    // The tables are small here: what counts is whether there is another way than reading all of it.
    let set = "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan";
    db.execute(set).await.expect("set");
    for name in STATEMENTS {
        let text = text(name);
        let count = (1..=32).take_while(|number| text.contains(&format!("${number}"))).count();
        db.execute(AssertSqlSafe(format!("PREPARE {name} AS {text}"))).await.expect(name);
        let explain = format!("EXPLAIN EXECUTE {name} ({})", vec!["NULL"; count].join(", "));
        let steps = db.fetch_all(AssertSqlSafe(explain)).await.expect(name);
        for step in steps {
            let step: String = step.get(0);
            let sorts = step.contains("Sort ") && name.starts_with("LIST_REVIEWS");
            assert!(!sorts, "{name}: {step}");
            assert!(!step.contains("Seq Scan"), "{name}: {step}");
        }
    }
}
