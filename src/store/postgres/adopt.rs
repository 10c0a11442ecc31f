//! Looks at a PostgreSQL schema before anything is written to it: do we know it, and if
//! partner tables stand there from before us, can they be used as they are?

use crate::store::error::StoreError;
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use std::collections::HashMap;

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

const LIST_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text \
    FROM information_schema.columns WHERE table_schema = current_schema()";

const LIST_VERSIONS: &str = "SELECT version FROM _sqlx_migrations";

const LIST_SHAPES: &str = "SELECT table_name::text, string_agg(column_name || ' ' || data_type || \
    CASE is_nullable WHEN 'NO' THEN '!' ELSE '' END, ', ' ORDER BY ordinal_position) \
    FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name";

/// How the tables begin that the first migration creates; `!` is NOT NULL.
const CREATED: [(&str, &str); 3] = [
    (PROVIDERS, "id uuid!, provider_name text!, provider_type text!, active boolean!, api_config jsonb!, "),
    (
        COURSES,
        "id uuid!, provider_id uuid!, course_name text!, external_course_code text!, active boolean!, \
         metadata jsonb!, ",
    ),
    (
        ENROLLMENTS,
        "id uuid!, provider_id uuid, student_id uuid!, course_id uuid, program_id uuid!, \
         external_enrollment_id text, status text!, progress_percentage bigint!, \
         enrolled_at timestamp with time zone!, ",
    ),
];

/// Table, column, and the types it may have.
type Column = (&'static str, &'static str, &'static [&'static str]);

const TEXT: &[&str] = &["text", "character varying"];
const JSON: &[&str] = &["jsonb", "json"];
const NUMBER: &[&str] = &["integer", "numeric", "bigint", "smallint", "real", "double precision"];

const PROVIDERS: &str = "partner_lms_providers";
const COURSES: &str = "partner_courses";
const ENROLLMENTS: &str = "partner_lms_enrollments";

const ADOPTABLE: &[Column] = &[
    (PROVIDERS, "id", &["uuid"]),
    (PROVIDERS, "provider_name", TEXT),
    (PROVIDERS, "provider_type", TEXT),
    (PROVIDERS, "active", &["boolean"]),
    (PROVIDERS, "api_config", JSON),
    (COURSES, "id", &["uuid"]),
    (COURSES, "provider_id", &["uuid"]),
    (COURSES, "course_name", TEXT),
    (COURSES, "external_course_code", TEXT),
    (COURSES, "active", &["boolean"]),
    (COURSES, "metadata", JSON),
    (ENROLLMENTS, "id", &["uuid"]),
    (ENROLLMENTS, "provider_id", &["uuid"]),
    (ENROLLMENTS, "student_id", &["uuid"]),
    (ENROLLMENTS, "course_id", &["uuid"]),
    (ENROLLMENTS, "program_id", &["uuid"]),
    (ENROLLMENTS, "external_enrollment_id", TEXT),
    (ENROLLMENTS, "status", TEXT),
    (ENROLLMENTS, "progress_percentage", NUMBER),
    (ENROLLMENTS, "enrolled_at", &["timestamp with time zone"]),
];

/// Tables of ours that nobody else may have made.
const OURS: &[&str] = &[
    "programs",
    "students",
    "advisors",
    "partner_accounts",
    "cohorts",
    "partner_terms",
    "progress_samples",
    "launches",
    "certificates",
    "jobs",
    "events",
    "course_versions",
    "lessons",
    "lesson_progress",
    "quiz_answers",
];

/// A rule that standing rows must keep: the tables it reads, a statement that returns
/// breaking values as text, what it means, how to mend it.
struct Rule {
    tables: &'static [&'static str],
    breaking: &'static str,
    problem: &'static str,
    mend: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        tables: &[PROVIDERS],
        breaking: "SELECT COALESCE(id::text, 'empty') FROM partner_lms_providers GROUP BY id \
            HAVING COUNT(*) > 1 OR id IS NULL LIMIT 5",
        problem: "partner_lms_providers holds ids that are empty or not unique",
        mend: "Give each row its own id",
    },
    Rule {
        tables: &[COURSES],
        breaking: "SELECT COALESCE(id::text, 'empty') FROM partner_courses GROUP BY id \
            HAVING COUNT(*) > 1 OR id IS NULL LIMIT 5",
        problem: "partner_courses holds ids that are empty or not unique",
        mend: "Give each row its own id",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT COALESCE(id::text, 'empty') FROM partner_lms_enrollments GROUP BY id \
            HAVING COUNT(*) > 1 OR id IS NULL LIMIT 5",
        problem: "partner_lms_enrollments holds ids that are empty or not unique",
        mend: "Give each row its own id",
    },
    Rule {
        tables: &[PROVIDERS],
        breaking: "SELECT provider_name FROM partner_lms_providers WHERE provider_name IS NOT NULL \
            GROUP BY provider_name HAVING COUNT(*) > 1 LIMIT 5",
        problem: "partner_lms_providers holds several partners of one name",
        mend: "Rename or merge them",
    },
    Rule {
        tables: &[PROVIDERS, COURSES],
        breaking: "SELECT c.id::text FROM partner_courses c LEFT JOIN partner_lms_providers v \
            ON v.id = c.provider_id WHERE v.id IS NULL LIMIT 5",
        problem: "partner_courses names partners that don't exist, in the rows",
        mend: "Correct provider_id there",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT DISTINCT COALESCE(status, 'empty') FROM partner_lms_enrollments WHERE status IS NULL \
            OR status NOT IN ('pending', 'active', 'completed', 'cancelled') LIMIT 5",
        problem: "partner_lms_enrollments.status holds words that are not known here",
        mend: "UPDATE partner_lms_enrollments so that status is pending, active, completed or cancelled",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT id::text FROM partner_lms_enrollments \
            WHERE student_id IS NULL OR program_id IS NULL LIMIT 5",
        problem: "partner_lms_enrollments has rows without student_id or program_id",
        mend: "Fill them in",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT id::text FROM partner_lms_enrollments \
            WHERE (provider_id IS NULL) <> (course_id IS NULL) LIMIT 5",
        problem: "partner_lms_enrollments has rows with only one of provider_id and course_id",
        mend: "Fill in both, or empty both where the course is taught by yourselves",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT id::text FROM partner_lms_enrollments \
            WHERE progress_percentage < 0 OR progress_percentage > 100 LIMIT 5",
        problem: "partner_lms_enrollments.progress_percentage is not within 0 to 100 in the rows",
        mend: "Correct it there",
    },
    Rule {
        tables: &[ENROLLMENTS],
        breaking: "SELECT student_id || ' in ' || program_id FROM partner_lms_enrollments \
            WHERE status IN ('pending', 'active') GROUP BY student_id, program_id HAVING COUNT(*) > 1 LIMIT 5",
        problem: "Students have two pending or active enrollments in one program",
        mend: "Set all but one of them to cancelled or completed",
    },
    Rule {
        tables: &[PROVIDERS, ENROLLMENTS],
        breaking: "SELECT e.id::text FROM partner_lms_enrollments e LEFT JOIN partner_lms_providers v \
            ON v.id = e.provider_id WHERE e.provider_id IS NOT NULL AND v.id IS NULL LIMIT 5",
        problem: "partner_lms_enrollments names partners that don't exist, in the rows",
        mend: "Correct provider_id there",
    },
    Rule {
        tables: &[COURSES, ENROLLMENTS],
        breaking: "SELECT e.id::text FROM partner_lms_enrollments e LEFT JOIN partner_courses c \
            ON c.id = e.course_id WHERE e.course_id IS NOT NULL AND c.id IS NULL LIMIT 5",
        problem: "partner_lms_enrollments names courses that don't exist, in the rows",
        mend: "Correct course_id there",
    },
];

type Columns = HashMap<(String, String), String>;

/// Whether the schema is empty, ours, or can be adopted. Only reads.
pub(super) async fn check(db: &mut PgConnection, known: &Migrator) -> Result<(), StoreError> {
    // One snapshot, because another process may be setting the schema up right now.
    let mut tx = db.begin_with(BEGIN).await?;
    let rows: Vec<(String, String, String)> = sqlx::query_as(LIST_COLUMNS).fetch_all(&mut *tx).await?;
    let columns: Columns = rows.into_iter().map(|(table, column, kind)| ((table, column), kind)).collect();
    let stands = |table: &str| columns.keys().any(|(name, _)| name == table);
    if stands("_sqlx_migrations") {
        let versions: Vec<i64> = sqlx::query_scalar(LIST_VERSIONS).fetch_all(&mut *tx).await?;
        if versions.iter().any(|version| !known.version_exists(*version)) {
            return Err(StoreError::FromTheFuture);
        }
        if !versions.is_empty() {
            return Ok(());
        }
    }
    if let Some(taken) = OURS.iter().find(|table| stands(table)) {
        let problem = format!(
            "A table named {taken} exists already and is not ours. Give coursevia a schema of its own, \
             with the partner_* tables in it."
        );
        return Err(StoreError::Adoption { problem });
    }
    let present = |table: &&Column| stands(table.0);
    for (table, column, types) in ADOPTABLE.iter().filter(present) {
        check_column(&columns, table, column, types)?;
    }
    for rule in RULES.iter().filter(|rule| rule.tables.iter().all(|table| stands(table))) {
        let breaking: Vec<String> = sqlx::query_scalar(rule.breaking).fetch_all(&mut *tx).await?;
        if !breaking.is_empty() {
            let problem = format!("{}: {}. {}.", rule.problem, breaking.join(", "), rule.mend);
            return Err(StoreError::Adoption { problem });
        }
    }
    Ok(tx.rollback().await?)
}

/// The partner tables that stand there, before anything was adopted.
pub(super) async fn standing(db: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(LIST_COLUMNS).fetch_all(db).await?;
    let stands = |name: &&&str| rows.iter().any(|(table, ..)| table == **name);
    Ok([PROVIDERS, COURSES, ENROLLMENTS].iter().filter(stands).map(ToString::to_string).collect())
}

/// The partner tables that were there before us: one that we create begins with these columns.
pub(super) async fn adopted(db: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(LIST_SHAPES).fetch_all(db).await?;
    let differs = |(table, shape): &&(&str, &str)| {
        rows.iter().any(|(name, found)| name == table && !found.starts_with(shape))
    };
    Ok(CREATED.iter().filter(differs).map(|(table, _)| (*table).to_owned()).collect())
}

fn check_column(columns: &Columns, table: &str, column: &str, types: &[&str]) -> Result<(), StoreError> {
    let wanted = types.first().copied().unwrap_or_default();
    let problem = match columns.get(&(table.to_owned(), column.to_owned())) {
        Some(kind) if types.contains(&kind.as_str()) => return Ok(()),
        Some(kind) => format!(
            "{table}.{column} is {kind}, but must be {wanted}. Change it with: \
             ALTER TABLE {table} ALTER COLUMN {column} TYPE {wanted} USING {column}::{wanted};"
        ),
        None => format!(
            "{table} lacks the column {column}. Add it with: ALTER TABLE {table} ADD COLUMN {column} {wanted};"
        ),
    };
    Err(StoreError::Adoption { problem })
}
