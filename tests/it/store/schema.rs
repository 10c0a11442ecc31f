//! Two engines, one schema; and no statement outside the list.

use super::world::World;
use coursevia::store::{FailPoint, Store};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::collections::BTreeSet;
use std::path::Path;

type Facts = BTreeSet<String>;

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn each_migration_exists_for_both_engines() {
    assert_eq!(files("migrations/sqlite"), files("migrations/postgres"));
}

#[test]
fn every_statement_is_on_the_list() {
    // A file of statements declares them through one macro, which makes the list; all that is
    // left to hold is that nobody writes SQL elsewhere.
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/engine");
    for entry in std::fs::read_dir(source).expect("a folder").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a source");
        let calls =
            text.match_indices("sqlx::query").filter(|(at, _)| !text[*at..].starts_with("sqlx::query::"));
        for (at, _) in calls {
            let argument = text[at..].split_once('(').expect("a call").1.trim_start();
            let listed = argument.starts_with("sql::") || argument.starts_with("statement)");
            assert!(listed, "{}: {}", entry.path().display(), &argument[..40.min(argument.len())]);
        }
    }
    let lists = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql.rs"))
        .expect("a source");
    for file in files("src/store/sql") {
        let list = file.trim_end_matches(".rs").to_uppercase();
        assert!(lists.contains(&format!("{list},")) || lists.contains(&format!("{list}]")), "{list}");
    }
}

#[test]
fn every_fail_point_of_a_transaction_is_passed() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/engine");
    let sources: String = std::fs::read_dir(engine)
        .expect("a folder")
        .flatten()
        .map(|entry| std::fs::read_to_string(entry.path()).expect("a source"))
        .collect();
    for point in FailPoint::ALL.iter().filter(|point| !FailPoint::OUTSIDE.contains(point)) {
        let passed = sources.matches(&format!("FailPoint::{point:?}")).count();
        assert_eq!(passed, 1, "{point:?}");
    }
}

/// Whether EXPLAIN reaches the table's rows through an index.
async fn plan(world: &World, statement: &'static str) -> String {
    match &world.store {
        Store::Sqlite(_) => {
            let mut db = SqliteConnection::connect(&world.url).await.expect("it opens");
            let text = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
            let rows: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(text).fetch_all(&mut db).await.expect("it explains");
            rows.into_iter().map(|row| row.3 + "\n").collect()
        }
        Store::Postgres(_) => {
            let mut db = PgConnection::connect(&world.url).await.expect("it answers");
            db.execute("SET enable_seqscan = off").await.expect("it runs");
            let text = sqlx::AssertSqlSafe(format!("EXPLAIN {statement}"));
            let rows: Vec<String> = sqlx::query_scalar(text).fetch_all(&mut db).await.expect("it explains");
            rows.join("\n")
        }
    }
}

#[tokio::test]
async fn look_ups_use_their_index() {
    let worlds = [Some(World::empty_sqlite().await), World::empty_postgres().await];
    for world in worlds.iter().flatten() {
        for (statement, index) in [
            (
                "SELECT id FROM partner_lms_enrollments WHERE student_id = NULL ORDER BY enrolled_at DESC",
                "partner_lms_enrollments_student",
            ),
            (
                "SELECT id FROM partner_lms_enrollments WHERE status = 'active' AND link = 'confirmed' \
                 ORDER BY progress_as_of NULLS FIRST, id LIMIT 10",
                "partner_lms_enrollments_sync",
            ),
            (
                "SELECT id FROM programs WHERE active = true AND (position, slug) > (7, 'a') \
                 ORDER BY position, slug LIMIT 50",
                "programs_listing",
            ),
            ("SELECT id FROM students WHERE lower(email) = 'maya@example.org'", "students_email"),
            (
                "SELECT f.id FROM partner_lms_enrollments e JOIN partner_lms_enrollments f \
                 ON f.student_id = e.student_id AND (f.provider_id = e.provider_id) IS TRUE WHERE e.id = NULL",
                "partner_lms_enrollments_student",
            ),
            (
                "SELECT id FROM jobs WHERE done_at IS NULL AND gave_up_at IS NULL AND needs = 'mail' \
                 ORDER BY run_at, seq LIMIT 1",
                "jobs_due",
            ),
            (
                "SELECT seq FROM ledger_entries WHERE line = 0 AND enrollment_id = NULL",
                "ledger_entries_enrollment",
            ),
            (
                "SELECT SUM(amount_cents) FROM ledger_entries WHERE account = 'platform_revenue' \
                 AND account IN ('partner_payable', 'platform_revenue') AND provider_id = NULL",
                "ledger_entries_report",
            ),
        ] {
            // A comparison with NULL is folded away on PostgreSQL.
            let id = if matches!(world.store, Store::Sqlite(_)) { "x'00'" } else { "gen_random_uuid()" };
            let statement: &'static str =
                Box::leak(statement.replace("= NULL", &format!("= (SELECT {id})")).into());
            let plan = plan(world, statement).await;
            assert!(plan.contains(index), "{statement}\n{plan}");
        }
    }
}

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.\"notnull\" FROM sqlite_master m \
    JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
const SQLITE_INDEXES: &str = "SELECT m.name, m.tbl_name, m.sql FROM sqlite_master m \
    WHERE m.type = 'index' AND m.sql IS NOT NULL";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, is_nullable = 'NO' \
    FROM information_schema.columns WHERE table_schema = current_schema()";
const POSTGRES_INDEXES: &str = "SELECT indexname::text, tablename::text, indexdef FROM pg_indexes \
    WHERE schemaname = current_schema()";

fn columns(rows: Vec<(String, String, bool)>) -> Facts {
    rows.into_iter()
        .filter(|(table, ..)| !table.starts_with("sqlite_") && !table.starts_with("_sqlx"))
        .map(|(table, column, required)| format!("{table}.{column} {}", if required { "!" } else { "?" }))
        .collect()
}

/// Name, uniqueness, columns and condition of each index, freed of the engines' habits.
fn indexes(rows: Vec<(String, String, String)>) -> Facts {
    rows.into_iter()
        .filter(|(name, ..)| !name.ends_with("_pkey"))
        .map(|(name, table, text)| {
            let unique = text.to_uppercase().contains("UNIQUE");
            let (head, condition) = text.split_once(" WHERE ").unwrap_or((&text, ""));
            let columns = head.rsplit_once(&format!("{table} ")).map_or(head, |(_, rest)| rest);
            let plain = |text: &str| {
                text.replace("USING btree", "")
                    .replace("NULLS FIRST", "")
                    .replace("::text", "")
                    .replace(" = ANY (ARRAY[", " IN (")
                    .replace([' ', '(', ')', ']', '[', '\n'], "")
            };
            format!("{name} {unique} {} {}", plain(columns), plain(condition))
        })
        .collect()
}

#[tokio::test]
async fn both_engines_have_the_same_schema() {
    let sqlite = World::empty_sqlite().await;
    let Some(postgres) = World::empty_postgres().await else { return };
    let mut file = SqliteConnection::connect(&sqlite.url).await.expect("it opens");
    let mut server = PgConnection::connect(&postgres.url).await.expect("it answers");
    let here = columns(sqlx::query_as(SQLITE_COLUMNS).fetch_all(&mut file).await.expect("it reads"));
    let there = columns(sqlx::query_as(POSTGRES_COLUMNS).fetch_all(&mut server).await.expect("it reads"));
    assert!(here.len() > 100);
    assert_eq!(here.symmetric_difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
    let here = indexes(sqlx::query_as(SQLITE_INDEXES).fetch_all(&mut file).await.expect("it reads"));
    let there = indexes(sqlx::query_as(POSTGRES_INDEXES).fetch_all(&mut server).await.expect("it reads"));
    assert!(here.len() > 25);
    assert_eq!(here.symmetric_difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
}
