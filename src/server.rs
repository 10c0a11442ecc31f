//! Our own HTTP endpoint on this machine: launches by LTI 1.3.
//!
//! Partners register its address, so the port is fixed and one process per machine listens: others share
//! it through the database and take over when it goes. It answers browsers that came here by themselves
//! or were sent by a tool, and trusts nothing they bring: whom it talks to (`Host`), how much, for how
//! long and how often at once are bounded before anything is read.

mod guard;
mod page;
mod probe;
mod routes;

pub use probe::{Listener, who};

use crate::domain::web::WebUrl;
use crate::service::Services;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many connections are served at once; others wait.
const CONNECTIONS: usize = 64;
/// How long the head of a request may take.
const HEAD_PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection may take, with its one request and answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// The bytes that are read ahead: an address and its headers must fit.
const READ_AHEAD: usize = 16 * 1024;
/// How many headers a request may have.
const HEADERS: usize = 64;
/// How often a process that shares an endpoint tries to take over.
const POLL: Duration = Duration::from_secs(1);
/// How long requests may take to end when the endpoint stops.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How often a port that changes hands is tried.
const ATTEMPTS: u32 = 20;

/// How an endpoint shall be.
#[derive(Clone)]
pub struct EndpointOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Where browsers elsewhere reach it: that host is answered too.
    pub public_base_url: Option<WebUrl>,
    /// What it does.
    pub services: Services,
    /// What tells this database from others; says nothing about it.
    pub database: String,
}

impl fmt::Debug for EndpointOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointOptions").field("port", &self.port).finish_non_exhaustive()
    }
}

/// Why there is no endpoint.
#[derive(Debug, Error)]
pub enum EndpointError {
    /// Something else listens on the port.
    #[error(
        "port {port} is used by another program; end that, or set another port under [lti] in the configuration and tell the partners"
    )]
    PortTaken {
        /// Which.
        port: u16,
    },
    /// A coursevia with another database listens on the port.
    #[error(
        "a coursevia with another database uses port {port}; end that one, or set another port under [lti] in the configuration"
    )]
    OtherDatabase {
        /// Which.
        port: u16,
    },
    /// The port can't be opened.
    #[error("port {port} can't be opened: {error}")]
    Listen {
        /// Which.
        port: u16,
        /// Why.
        error: io::Error,
    },
}

/// A running endpoint, ours or one that is shared. It stops when it is dropped.
#[derive(Debug)]
pub struct Endpoint {
    url: WebUrl,
    host: Arc<AtomicBool>,
    task: JoinHandle<()>,
    stop: DropGuard,
}

impl Endpoint {
    /// Listens, or shares the endpoint that listens already and takes over when it goes.
    pub async fn join_or_start(options: EndpointOptions) -> Result<Self, EndpointError> {
        let port = options.port;
        for _ in 0..ATTEMPTS {
            match bind(port).await {
                Ok(listener) => return Self::host(&options, listener),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => return Err(EndpointError::Listen { port, error }),
            }
            match who(port).await {
                Listener::Endpoint { database } if database == options.database => {
                    return Self::join(options);
                }
                Listener::Endpoint { .. } => return Err(EndpointError::OtherDatabase { port }),
                Listener::Other => return Err(EndpointError::PortTaken { port }),
                // It went between our two questions.
                Listener::Nobody => tokio::time::sleep(POLL / 20).await,
            }
        }
        Err(EndpointError::PortTaken { port })
    }

    /// Where it listens.
    pub fn url(&self) -> WebUrl {
        self.url.clone()
    }

    /// Whether this process is the one that listens.
    pub fn is_host(&self) -> bool {
        self.host.load(Ordering::SeqCst)
    }

    /// Stops and waits until the port is free.
    pub async fn shutdown(self) {
        drop(self.stop);
        let mut task = self.task;
        if tokio::time::timeout(LAST_WORDS * 2, &mut task).await.is_err() {
            task.abort();
        }
    }

    fn host(options: &EndpointOptions, listener: TcpListener) -> Result<Self, EndpointError> {
        let asked = options.port;
        let port =
            listener.local_addr().map_err(|error| EndpointError::Listen { port: asked, error })?.port();
        let (url, stop) = (address(port)?, CancellationToken::new());
        let task = tokio::spawn(serve(listener, routes::router(options, port), stop.clone()));
        Ok(Self { url, host: Arc::new(AtomicBool::new(true)), task, stop: stop.drop_guard() })
    }

    fn join(options: EndpointOptions) -> Result<Self, EndpointError> {
        let (url, stop) = (address(options.port)?, CancellationToken::new());
        let host = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(take_over(options, stop.clone(), Arc::clone(&host)));
        Ok(Self { url, host, task, stop: stop.drop_guard() })
    }
}

fn address(port: u16) -> Result<WebUrl, EndpointError> {
    WebUrl::parse(&format!("http://127.0.0.1:{port}"))
        .map_err(|error| EndpointError::Listen { port, error: io::Error::other(error) })
}

/// This machine only: what comes from elsewhere comes through a server in front of it.
async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await
}

/// Waits for the port and serves as soon as it is free. It asks this machine and not whoever listens: a
/// connection that waits for their end would be one of the few they serve, and many wait.
async fn take_over(options: EndpointOptions, stop: CancellationToken, host: Arc<AtomicBool>) {
    let port = options.port;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(POLL) => {}
        }
        if let Ok(listener) = bind(port).await {
            host.store(true, Ordering::SeqCst);
            return serve(listener, routes::router(&options, port), stop).await;
        }
    }
}

async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let stream = tokio::select! {
            () = stop.cancelled() => break,
            (slot, accepted) = next => accepted.map(|(stream, _)| (slot, stream)),
        };
        match stream {
            Ok((slot, stream)) => {
                let router = router.clone();
                connections.spawn(async move {
                    let _slot = slot;
                    let served = answer(stream, router);
                    let _ = tokio::time::timeout(PATIENCE, served).await;
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(POLL / 10).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let _ =
        tokio::time::timeout(LAST_WORDS, async { while connections.join_next().await.is_some() {} }).await;
}

/// One request, one answer.
async fn answer(stream: TcpStream, router: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .keep_alive(false)
        .max_buf_size(READ_AHEAD)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}
