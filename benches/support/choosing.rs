//! One program whose partners have starts and reviews, written by the engine itself.

use super::catalogs;
use coursevia::domain::catalog::Catalog;
use sqlx::{Connection as _, Executor as _, PgConnection, SqliteConnection};

/// The program's slug.
pub const PROGRAM: &str = "the-chosen-one";
/// How many partners deliver it.
pub const PARTNERS: u32 = 10;
/// How many starts each has.
pub const STARTS: u32 = 24;
/// How many reviews each has.
pub const REVIEWS: u32 = 10_000;

/// The program with all its partners.
pub fn catalog() -> Catalog {
    let mut catalog = catalogs::catalog(200);
    let mut courses: Vec<_> =
        catalog.programs.iter().flat_map(|program| program.courses.iter().cloned()).collect();
    courses.sort_by_key(|course| course.partner.clone());
    courses.dedup_by_key(|course| course.partner.clone());
    courses.truncate(PARTNERS as usize);
    for course in &mut courses {
        course.active = true;
    }
    let mut chosen = catalog.programs.remove(0);
    chosen.slug = coursevia::domain::program::Slug::parse(PROGRAM).expect("a slug");
    chosen.courses = courses;
    catalog.programs = vec![chosen];
    catalog
}

/// Writes starts and reviews into a SQLite file that has the program; none where students are.
pub async fn fill_sqlite(url: &str) {
    let mut db = SqliteConnection::connect(url).await.expect("it connects");
    let known: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM cohorts").fetch_one(&mut db).await.expect("read");
    if known == 0 {
        let mut tx = db.begin().await.expect("it begins");
        for statement in statements(&SQLITE) {
            tx.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
        }
        tx.commit().await.expect("it is kept");
        db.execute("ANALYZE").await.expect("it counts");
    }
    db.close().await.expect("a clean end");
}

/// The same on PostgreSQL.
pub async fn fill_postgres(url: &str) {
    let mut db = PgConnection::connect(url).await.expect("it connects");
    let mut tx = db.begin().await.expect("it begins");
    for statement in statements(&POSTGRES) {
        tx.execute(sqlx::AssertSqlSafe(statement)).await.expect("it is filled");
    }
    tx.commit().await.expect("it is kept");
    db.execute("VACUUM ANALYZE").await.expect("it counts");
    db.close().await.expect("a clean end");
}

/// What the engines say differently.
struct Words {
    /// The numbers from 0 below a count, as a table `n(i)`.
    numbers: fn(u32) -> String,
    /// An id from a number.
    id: fn(&str) -> String,
    /// A day from a number of days after 15 January 2026.
    day: fn(&str) -> String,
    /// The moment everything happened.
    moment: &'static str,
}

const SQLITE: Words = Words {
    numbers: |count| {
        format!(
            "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {count}) SELECT i FROM n) n"
        )
    },
    id: |number| format!("unhex(printf('%032x', ({number}) + 1))"),
    day: |days| format!("date('2026-01-15', '+' || ({days}) || ' days')"),
    moment: "'2026-01-10T08:00:00+00:00'",
};

const POSTGRES: Words = Words {
    numbers: |count| format!("generate_series(0, {count} - 1) AS n(i)"),
    id: |number| format!("lpad(to_hex(({number}) + 1), 32, '0')::uuid"),
    day: |days| format!("DATE '2026-01-15' + CAST({days} AS INTEGER)"),
    moment: "TIMESTAMPTZ '2026-01-10 08:00:00+00'",
};

fn statements(words: &Words) -> Vec<String> {
    let (id, now) = (words.id, words.moment);
    let all = (words.numbers)(PARTNERS * REVIEWS);
    vec![
        format!(
            "INSERT INTO students (id, email, name, search_text, created_at) \
             SELECT {}, 's' || i || '@example.org', 'Student ' || i, 'student ' || i, {now} FROM {all}",
            id("i"),
        ),
        "CREATE TEMPORARY TABLE places AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, \
         id, provider_id, program_id FROM partner_courses"
            .to_owned(),
        format!(
            "INSERT INTO cohorts (id, course_id, starts_on, ends_on, schedule, time_zone, location, seats, taken) \
             SELECT {}, p.id, {}, {}, 'Mon + Wed 18:00', 'America/Chicago', 'Main campus, room 12', 24, i % 25 \
             FROM {} CROSS JOIN places p",
            id(&format!("p.n * {STARTS} + i")),
            (words.day)("3 + i * 14"),
            (words.day)("45 + i * 14"),
            (words.numbers)(STARTS),
        ),
        format!(
            "INSERT INTO partner_lms_enrollments (id, provider_id, student_id, course_id, program_id, \
             external_account_id, external_enrollment_id, status, progress_percentage, enrolled_at, link) \
             SELECT {}, p.provider_id, {}, p.id, p.program_id, 'u-' || i, 'e-' || i, \
             CASE WHEN i % 10 < 3 THEN 'active' ELSE 'completed' END, 100, {now}, 'confirmed' \
             FROM {all} JOIN places p ON p.n = i % {PARTNERS}",
            id("i"),
            id("i"),
        ),
        format!(
            "INSERT INTO partner_reviews (id, enrollment_id, student_id, provider_id, course_id, program_id, \
             rating, body, created_at, updated_at) \
             SELECT {}, {}, {}, p.provider_id, p.id, p.program_id, 1 + i / {PARTNERS} % 5, \
             'The classes were well prepared.', {now}, {now} FROM {all} JOIN places p ON p.n = i % {PARTNERS}",
            id("i"),
            id("i"),
            id("i"),
        ),
        "INSERT INTO review_totals (course_id, rating, reviews) \
         SELECT course_id, rating, COUNT(*) FROM partner_reviews GROUP BY course_id, rating"
            .to_owned(),
    ]
}
