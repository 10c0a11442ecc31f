//! Partners (REST, a tool of LTI 1.3, plain sign-in pages) and the payment processor played on this
//! machine: real HTTP on loopback, for demos and tests.
//!
//! The first process of the machine listens; others use what it serves and take over when it
//! goes. All state, one-time links included, is in one SQLite file of the sandbox's own.

mod control;
mod fail;
mod gate;
mod learn;
mod lti;
mod pages;
mod pay;
mod probe;
mod reply;
mod rest;
mod server;
mod signin;
mod state;
mod stripe;

pub use fail::{Fail, FailPlan, FailPlanError};
pub use lti::Platform;
pub use probe::{Listener, who};

use crate::domain::profile::{ProfileError, Profiles};
use crate::domain::web::WebUrl;
use crate::platform::{Clock, IdSource};

use server::{Parts, Server};
use state::Database;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a process that shares a sandbox waits before it tries to take over.
const POLL: Duration = Duration::from_millis(500);
/// How long requests may take to end when the sandbox stops.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How often a port that changes hands is tried.
const ATTEMPTS: u32 = 20;

/// How a sandbox shall be.
#[derive(Clone)]
pub struct SandboxOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The port that links name, where that is not the one that listens: snapshots stay the same.
    pub link_port: Option<u16>,
    /// The file that holds its state.
    pub file: PathBuf,
    /// The only key partners accept; without it, any that is not empty.
    pub key: Option<String>,
    /// What shall go wrong.
    pub fail: FailPlan,
    /// Who may open courses here by LTI 1.3.
    pub lti: Option<Platform>,
    /// Its time.
    pub clock: Clock,
    /// Its ids and tokens.
    pub ids: IdSource,
}

/// The key may be a real one: it is not shown.
impl fmt::Debug for SandboxOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxOptions")
            .field("port", &self.port)
            .field("file", &self.file)
            .field("fail", &self.fail)
            .finish_non_exhaustive()
    }
}

/// Why there is no sandbox.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// Something else listens on the port.
    #[error(
        "port {port} on this machine is used by another program; choose a port for the sandbox with --port"
    )]
    PortTaken {
        /// Which.
        port: u16,
    },
    /// A sandbox listens on the port already.
    #[error("a coursevia sandbox is already running on port {port}; everything here can use it")]
    AlreadyRunning {
        /// Which.
        port: u16,
    },
    /// The port can't be opened.
    #[error("the sandbox can't listen on port {port}: {error}")]
    Listen {
        /// Which.
        port: u16,
        /// Why.
        error: io::Error,
    },
    /// The file can't be used.
    #[error("the sandbox can't use its file {}: {error}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: String,
    },
    /// The partner profiles are broken.
    #[error(transparent)]
    Profiles(#[from] ProfileError),
}

/// A running sandbox, ours or one that is shared. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    url: WebUrl,
    server: Server,
    host: Arc<AtomicBool>,
    task: JoinHandle<()>,
    stop: DropGuard,
}

impl Sandbox {
    /// Listens, or fails when somebody else does.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let port = options.port;
        match bind(port).await {
            Ok(listener) => Self::host(options, listener).await,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(match who(port).await {
                Listener::Sandbox => SandboxError::AlreadyRunning { port },
                Listener::Other | Listener::Nobody => SandboxError::PortTaken { port },
            }),
            Err(error) => Err(SandboxError::Listen { port, error }),
        }
    }

    /// Listens, or shares the sandbox that listens already and takes over when it goes.
    pub async fn join_or_start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let port = options.port;
        for _ in 0..ATTEMPTS {
            match bind(port).await {
                Ok(listener) => return Self::host(options, listener).await,
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => return Err(SandboxError::Listen { port, error }),
            }
            match who(port).await {
                Listener::Sandbox => return Self::join(options).await,
                Listener::Other => return Err(SandboxError::PortTaken { port }),
                // It went between our two questions.
                Listener::Nobody => tokio::time::sleep(POLL / 10).await,
            }
        }
        Err(SandboxError::PortTaken { port })
    }

    /// Where it listens.
    pub fn url(&self) -> WebUrl {
        self.url.clone()
    }

    /// From now on this platform may open courses here by LTI.
    pub fn set_platform(&self, platform: Platform) {
        self.server.set_platform(platform);
    }

    /// Whether this process is the one that listens.
    pub fn is_host(&self) -> bool {
        self.host.load(Ordering::SeqCst)
    }

    /// Stops and waits until the port is free.
    pub async fn shutdown(self) {
        drop(self.stop);
        let mut task = self.task;
        if tokio::time::timeout(LAST_WORDS, &mut task).await.is_err() {
            task.abort();
        }
    }

    async fn host(options: SandboxOptions, listener: TcpListener) -> Result<Self, SandboxError> {
        let asked = options.port;
        let port = listener.local_addr().map_err(|error| SandboxError::Listen { port: asked, error })?.port();
        let (url, server, stop) = prepare(options, port).await?;
        let host = Arc::new(AtomicBool::new(true));
        let task = tokio::spawn(serve(listener, server.clone(), stop.clone()));
        Ok(Self { url, server, host, task, stop: stop.drop_guard() })
    }

    async fn join(options: SandboxOptions) -> Result<Self, SandboxError> {
        let port = options.port;
        let (url, server, stop) = prepare(options, port).await?;
        let host = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(take_over(port, server.clone(), stop.clone(), Arc::clone(&host)));
        Ok(Self { url, server, host, task, stop: stop.drop_guard() })
    }
}

async fn prepare(
    options: SandboxOptions,
    port: u16,
) -> Result<(WebUrl, Server, CancellationToken), SandboxError> {
    let profiles = Profiles::built_in()?;
    let database = Database::open(&options.file).await?;
    let url = WebUrl::parse(&format!("http://127.0.0.1:{port}"))
        .map_err(|error| SandboxError::Listen { port, error: io::Error::other(error) })?;
    let stop = CancellationToken::new();
    let SandboxOptions { link_port, key, fail, lti, clock, ids, .. } = options;
    let port = link_port.unwrap_or(port);
    let parts = Parts { profiles, database, key, port, clock, ids, stop: stop.clone(), fail, lti };
    Ok((url, Server::new(parts), stop))
}

/// The address of a sandbox that listens on a port.
pub fn address(port: u16) -> Option<WebUrl> {
    WebUrl::parse(&format!("http://127.0.0.1:{port}")).ok()
}

async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await
}

/// Waits for the port and serves as soon as it is free.
async fn take_over(port: u16, server: Server, stop: CancellationToken, host: Arc<AtomicBool>) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = until_gone(port) => {}
        }
        if let Ok(listener) = bind(port).await {
            host.store(true, Ordering::SeqCst);
            return serve(listener, server, stop).await;
        }
    }
}

/// Waits until whoever listens has gone, as far as that can be heard: whoever looked again and
/// again would keep an idle machine awake.
async fn until_gone(port: u16) {
    if let Ok(mut open) = TcpStream::connect(("127.0.0.1", port)).await {
        // Nothing was asked, so nothing but the end can come.
        let _ = open.read(&mut [0]).await;
    }
    tokio::time::sleep(POLL).await;
}

async fn serve(listener: TcpListener, server: Server, stop: CancellationToken) {
    let goodbye = stop.clone();
    let served = axum::serve(listener, server.router()).with_graceful_shutdown(stop.cancelled_owned());
    tokio::select! {
        result = served => {
            if let Err(error) = result {
                tracing::error!(%error, "the sandbox stopped");
            }
        }
        // A client that keeps its connection open must not keep the port.
        () = async { goodbye.cancelled().await; tokio::time::sleep(LAST_WORDS / 2).await } => {}
    }
    server.database().close().await;
}
