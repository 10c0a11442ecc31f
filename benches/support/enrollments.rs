//! A table of enrollments as a large institution has it, with all that hangs on them, written by
//! the engine itself: a million rows take seconds, not minutes.

use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

/// How many enrollments a student has.
pub const EACH: u32 = 4;

/// The address of a student, by number.
pub fn email(student: u32) -> String {
    format!("s{student}@example.org")
}

/// Writes `count` enrollments into a SQLite file that has its programs; none where students are.
pub async fn fill_sqlite(url: &str, count: u32) {
    let mut db = SqliteConnection::connect(url).await.expect("it connects");
    let known: i64 = sqlx::query_scalar(COUNT).fetch_one(&mut db).await.expect("it reads");
    if known == 0 {
        db.execute("PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF").await.expect("set");
        let mut tx = db.begin().await.expect("it begins");
        for statement in statements(&SQLITE, count) {
            tx.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
        }
        tx.commit().await.expect("it is kept");
        db.execute("ANALYZE").await.expect("it counts");
    }
    db.close().await.expect("a clean end");
}

/// The same on PostgreSQL.
pub async fn fill_postgres(url: &str, count: u32) {
    let mut db = PgConnection::connect(url).await.expect("it connects");
    let mut tx = db.begin().await.expect("it begins");
    for statement in statements(&POSTGRES, count) {
        tx.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
    }
    tx.commit().await.expect("it is kept");
    db.execute("VACUUM ANALYZE").await.expect("it counts");
    db.close().await.expect("a clean end");
}

const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM students LIMIT 1) AS some";

/// What the engines say differently.
struct Words {
    /// The numbers from 0 below a count, as a table `n(i)`.
    numbers: fn(u32) -> String,
    /// An id from a number.
    id: fn(&str) -> String,
    /// An instant from a number of seconds.
    instant: fn(&str) -> String,
}

const SQLITE: Words = Words {
    numbers: |count| {
        format!(
            "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) SELECT i FROM n) n"
        )
    },
    id: |number| format!("unhex(printf('%032x', ({number}) + 1))"),
    instant: |seconds| {
        format!("strftime('%Y-%m-%dT%H:%M:%S', 1700000000 + ({seconds}), 'unixepoch') || '+00:00'")
    },
};

const POSTGRES: Words = Words {
    numbers: |count| format!("generate_series(0, {count} - 1) AS n(i)"),
    id: |number| format!("lpad(to_hex(({number}) + 1), 32, '0')::uuid"),
    instant: |seconds| format!("to_timestamp(1700000000 + ({seconds}))"),
};

fn statements(words: &Words, count: u32) -> Vec<String> {
    let (id, at) = (words.id, words.instant);
    let (students, enrollments) = ((words.numbers)(count / EACH), (words.numbers)(count));
    vec![
        format!(
            "INSERT INTO students (id, email, name, search_text, created_at) \
             SELECT {}, 's' || i || '@example.org', 'Student ' || i, 'student ' || i || ' s' || i || '@example.org', {} \
             FROM {students}",
            id("i"),
            at("i"),
        ),
        "CREATE TEMPORARY TABLE places AS SELECT row_number() OVER (ORDER BY program_id, id) - 1 AS n, \
         id, provider_id, program_id FROM partner_courses"
            .to_owned(),
        "CREATE UNIQUE INDEX places_n ON places (n)".to_owned(),
        // Neighbours are far apart in `places`, so the four programs of a student are different ones.
        format!(
            "INSERT INTO partner_lms_enrollments (id, provider_id, student_id, course_id, program_id, \
             external_account_id, external_enrollment_id, status, progress_percentage, enrolled_at, \
             last_accessed_at, link, progress_as_of) \
             SELECT {}, p.provider_id, {}, p.id, p.program_id, 'u-' || i, 'e-' || i, \
             CASE WHEN i % 10 < 6 THEN 'active' WHEN i % 10 < 9 THEN 'completed' ELSE 'cancelled' END, \
             CASE WHEN i % 10 < 6 THEN i % 100 ELSE 100 END, {}, {}, 'confirmed', {} \
             FROM {enrollments} JOIN places p ON p.n = (i * CAST(7919 AS BIGINT)) % (SELECT COUNT(*) FROM places)",
            id("i"),
            id(&format!("i / {EACH}")),
            at("i * 60"),
            at("i * 60 + 3600"),
            at("i * 60 + 7200"),
        ),
        format!(
            "INSERT INTO partner_accounts (id, student_id, provider_id, external_account_id, username, created_at) \
             SELECT id, student_id, provider_id, external_account_id, external_account_id, {} \
             FROM partner_lms_enrollments WHERE TRUE ON CONFLICT DO NOTHING",
            at("0"),
        ),
        "INSERT INTO launches (id, enrollment_id, at, handover, actor_kind) \
         SELECT id, id, enrolled_at, 'browser', 'student' FROM partner_lms_enrollments \
         WHERE status <> 'cancelled'"
            .to_owned(),
        "INSERT INTO certificates (id, enrollment_id, external_certificate_id, received_at) \
         SELECT id, id, 'C-1', enrolled_at FROM partner_lms_enrollments WHERE status = 'completed'"
            .to_owned(),
        // One message in ten is kept, and one in a hundred of those is still to be sent.
        format!(
            "INSERT INTO jobs (id, kind, enrollment_id, payload, idempotency_key, needs, run_at, done_at, created_at) \
             SELECT {}, 'mail', {}, '{{}}', 'mail:' || i, 'mail', {}, \
             CASE WHEN i % 1000 = 0 THEN NULL ELSE {} END, {} FROM {enrollments} WHERE i % 10 = 0",
            id("i"),
            id("i"),
            at("i * 60"),
            at("i * 60"),
            at("i * 60"),
        ),
    ]
}
