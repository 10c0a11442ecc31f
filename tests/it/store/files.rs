//! Opening: fresh files, other people's files, files from the future, servers that are down.

use super::world::World;
use coursevia::store::{FailPoint, FailPoints, Store, StoreError};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

async fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(&url(path), FailPoints::none()).await
}

async fn refused(path: &Path) -> StoreError {
    let before = std::fs::read(path).expect("it is there");
    let touched = std::fs::metadata(path).and_then(|data| data.modified()).expect("a file");
    let error = open(path).await.map(|_| ()).expect_err("it is refused");
    assert_eq!(std::fs::read(path).expect("it is there"), before, "it stays as it is");
    assert_eq!(std::fs::metadata(path).and_then(|data| data.modified()).expect("a file"), touched);
    error
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("some/where/coursevia.db");
    (folder, path)
}

async fn sqlite(path: &Path, statement: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut db = SqliteConnection::connect_with(&options).await.expect("it opens");
    db.execute(statement).await.expect("it runs");
    db.close().await.expect("a clean end");
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    let store = open(&path).await.expect("it opens");
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
    assert_eq!(mode(path.parent().expect("a folder")), 0o700);
    store.close().await;
}

#[tokio::test]
async fn a_file_opens_again() {
    let (_folder, path) = folder();
    open(&path).await.expect("it opens").close().await;
    open(&path).await.expect("it opens again").close().await;
}

#[tokio::test]
async fn an_empty_file_is_set_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("empty.db");
    std::fs::write(&path, "").expect("it is written");
    open(&path).await.expect("it opens");
}

#[tokio::test]
async fn another_kind_of_file_is_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear Maya, this is no database at all.").expect("it is written");
    let error = refused(&path).await;
    assert_eq!(error.code(), "database_not_ours");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing beside it");
}

#[tokio::test]
async fn another_programs_database_is_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.db");
    sqlite(&path, "CREATE TABLE students (id INTEGER PRIMARY KEY, grade TEXT)").await;
    assert_eq!(refused(&path).await.code(), "database_not_ours");
}

#[tokio::test]
async fn a_damaged_file_is_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.db");
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.extend([0xAB; 5_000]);
    std::fs::write(&path, bytes).expect("it is written");
    let error = refused(&path).await;
    assert_eq!(error.code(), "database_unreadable", "{error}");
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = open(folder.path()).await.map(|_| ()).expect_err("it is refused");
    assert_eq!(error.code(), "database_not_ours");
}

const FUTURE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
    VALUES (9999, 'later', TRUE, $1, 1)";

#[tokio::test]
async fn a_file_from_the_future_is_not_touched() {
    let (_folder, path) = folder();
    open(&path).await.expect("it opens").close().await;
    let mut db = SqliteConnection::connect(&url(&path)).await.expect("it opens");
    sqlx::query(FUTURE).bind(vec![0_u8; 48]).execute(&mut db).await.expect("it runs");
    db.close().await.expect("a clean end");
    assert!(matches!(refused(&path).await, StoreError::FromTheFuture));
}

#[tokio::test]
async fn a_server_from_the_future_is_refused() {
    let Some(world) = World::empty_postgres().await else { return };
    let mut db = PgConnection::connect(&world.url).await.expect("it answers");
    sqlx::query(FUTURE).bind(vec![0_u8; 48]).execute(&mut db).await.expect("it runs");
    let error = Store::open(&world.url, FailPoints::none()).await.map(|_| ()).expect_err("refused");
    assert_eq!(error.code(), "database_from_the_future");
}

#[tokio::test]
async fn a_server_that_is_down_is_said_at_once_and_without_the_password() {
    let began = std::time::Instant::now();
    let error = Store::open("postgres://maya:geheim@127.0.0.1:1/courses", FailPoints::none()).await;
    let error = error.map(|_| ()).expect_err("nobody listens there");
    assert_eq!(error.code(), "database_unavailable");
    assert!(began.elapsed().as_secs() < 4, "at once");
    let told = format!("{error} {error:?}");
    assert!(told.contains("127.0.0.1:1") && !told.contains("geheim"), "{told}");
}

#[tokio::test]
async fn an_address_of_neither_engine_is_refused() {
    for odd in ["mysql://x/y", "courses.db", "", "sqlite://", "postgres:/x", "postgres://x:y:z/"] {
        let error = Store::open(odd, FailPoints::none()).await.map(|_| ()).expect_err(odd);
        assert_eq!(error.code(), "database_address", "{odd}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_one_fresh_file_at_once() {
    let (_folder, path) = folder();
    let mut race = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let path = path.clone();
        race.spawn(async move { open(&path).await.map(|_| ()) });
    }
    for outcome in race.join_all().await {
        outcome.expect("each of them opens");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_open_one_fresh_server_at_once() {
    let Some(database) = crate::support::postgres::database().await else { return };
    let mut race = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let url = database.url.clone();
        race.spawn(async move { Store::open(&url, FailPoints::none()).await.map(|_| ()) });
    }
    for outcome in race.join_all().await {
        outcome.expect("each of them opens");
    }
}

#[test]
fn fail_points_read_back() {
    for point in FailPoint::ALL {
        assert_eq!(FailPoint::parse(point.code()), Some(*point));
    }
    FailPoints::at(FailPoint::EnrollAfterCommit, 2).hit(FailPoint::EnrollAfterCommit);
    FailPoints::none().hit(FailPoint::EnrollAfterCommit);
}

/// What a process that was killed leaves: a file whose last writes are still beside it.
#[tokio::test]
async fn a_file_left_by_a_killed_process_opens_with_all_that_was_committed() {
    let world = World::sqlite().await;
    let maya = world.maya().await;
    let old = PathBuf::from(world.url.trim_start_matches("sqlite://"));
    let (_folder, new) = folder();
    std::fs::create_dir_all(new.parent().expect("a folder")).expect("it is made");
    for name in ["db", "db-wal"] {
        std::fs::copy(old.with_extension(name), new.with_extension(name)).expect("it is copied");
    }
    let store = open(&new).await.expect("it opens");
    let found = store.find_course(maya.id).await.expect("it reads");
    assert_eq!(found.map(|view| view.enrollment), Some(maya));
}
