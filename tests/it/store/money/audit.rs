//! The books, after every test.

use super::world::World;
use crate::support::audit::WRONGS;
use coursevia::store::Engine;
use sqlx::{Connection as _, Executor as _};

/// Everything adds up.
pub async fn audit(world: &World) {
    for (what, statement) in WRONGS {
        assert_eq!(count(world, statement).await, 0, "{what}");
    }
    let seats = world.store.count_seats().await.expect("it reads");
    assert_eq!((seats.wrong, seats.examples), (0, Vec::new()));
}

/// The one number a statement asks for.
pub async fn count(world: &World, statement: &'static str) -> i64 {
    if world.store.engine() == Engine::Sqlite {
        let mut db = sqlx::SqliteConnection::connect(&world.url).await.expect("it opens");
        sqlx::query_scalar(statement).fetch_one(&mut db).await.expect("a number")
    } else {
        let mut db = sqlx::PgConnection::connect(&world.url).await.expect("it answers");
        sqlx::query_scalar(statement).fetch_one(&mut db).await.expect("a number")
    }
}

/// Whether the database itself says no.
pub async fn refuses(world: &World, statement: &'static str) -> bool {
    if world.store.engine() == Engine::Sqlite {
        let mut db = sqlx::SqliteConnection::connect(&world.url).await.expect("it opens");
        db.execute(statement).await.is_err()
    } else {
        let mut db = sqlx::PgConnection::connect(&world.url).await.expect("it answers");
        db.execute(statement).await.is_err()
    }
}
