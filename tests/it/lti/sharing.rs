//! One listener per machine: shared through the database, taken over, or refused.

use super::world::World;
use coursevia::server::{Endpoint, EndpointError, EndpointOptions, Listener, who};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

fn options(world: &World, port: u16, database: &str) -> EndpointOptions {
    let database = database.to_owned();
    EndpointOptions { port, public_base_url: None, services: world.services.clone(), database }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_shares_and_takes_over() {
    let world = World::new().await;
    let first = Endpoint::join_or_start(options(&world, 0, "a")).await.expect("it listens");
    let port = first.url().as_url().port().expect("a port");
    let second = Endpoint::join_or_start(options(&world, port, "a")).await.expect("it shares");
    assert!(first.is_host() && !second.is_host());
    assert_eq!(first.url(), second.url());
    first.shutdown().await;
    let taken = async {
        while !second.is_host() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), taken).await.expect("it takes over");
    assert_eq!(who(port).await, Listener::Endpoint { database: "a".to_owned() });
    second.shutdown().await;
    assert_eq!(who(port).await, Listener::Nobody);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_wait_for_the_port_take_no_connection() {
    let world = World::new().await;
    let first = Endpoint::join_or_start(options(&world, 0, "a")).await.expect("it listens");
    let port = first.url().as_url().port().expect("a port");
    let mut waiting = Vec::new();
    // More than it serves at once.
    for _ in 0..80 {
        waiting.push(Endpoint::join_or_start(options(&world, port, "a")).await.expect("it shares"));
    }
    for _ in 0..3 {
        assert_eq!(who(port).await, Listener::Endpoint { database: "a".to_owned() });
    }
    assert!(waiting.iter().all(|one| !one.is_host()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_database_and_another_program_are_told_apart() {
    let world = World::new().await;
    let first = Endpoint::join_or_start(options(&world, 0, "a")).await.expect("it listens");
    let port = first.url().as_url().port().expect("a port");
    let refused = Endpoint::join_or_start(options(&world, port, "b")).await.expect_err("another database");
    assert!(matches!(refused, EndpointError::OtherDatabase { .. }), "{refused}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let other = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 512]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").await;
        }
    });
    let refused = Endpoint::join_or_start(options(&world, port, "a")).await.expect_err("another program");
    assert!(refused.to_string().contains(&format!("port {port} is used by another program")), "{refused}");
    other.abort();
}
