//! What stands behind the app: the services, opened when first needed and tried again after a
//! failure, and the sandbox where a demo catalogue needs one.

use crate::config::{Config, MailRoute};
use crate::domain::failure::Failure;
use crate::domain::web::WebUrl;
use crate::mail::{MailError, Mailer};
use crate::partner::{HttpLimits, Partners};
use crate::platform::{Clock, Env, IdSource};
use crate::sandbox::{FailPlan, Sandbox, SandboxOptions};
use crate::service::{ServiceError, Services};
use crate::store::{FailPoints, Store, StoreError};
use thiserror::Error;
use tokio::sync::{Mutex, Notify, OnceCell};

/// Opens the services once, for everybody who needs them.
#[derive(Debug)]
pub struct Backend {
    config: Config,
    env: Env,
    clock: Clock,
    ids: IdSource,
    fail: FailPoints,
    demo: bool,
    services: OnceCell<Services>,
    sandbox: Mutex<Option<Sandbox>>,
    /// Rings when there is new outside work.
    pub work: Notify,
}

/// Why the services can't be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The first import.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The mail configuration.
    #[error("mail: {0}")]
    Mail(#[from] MailError),
    /// The built-in partner profiles.
    #[error("partner profiles: {0}")]
    Profiles(#[from] crate::domain::profile::ProfileError),
}

impl From<&OpenError> for Failure {
    fn from(error: &OpenError) -> Self {
        match error {
            OpenError::Store(error) => Self::new(error.code(), error.to_string()),
            OpenError::Service(error) => error.into(),
            OpenError::Mail(_) => Self::new("mail_unusable", error.to_string()),
            OpenError::Profiles(_) => Self::new("profiles_unusable", error.to_string()),
        }
    }
}

impl Backend {
    /// Nothing is opened yet. A database that nobody named gets the demo catalogue.
    pub fn new(config: Config, env: Env, clock: Clock, ids: IdSource, fail: FailPoints) -> Self {
        Self {
            demo: !config.database.named,
            config,
            env,
            clock,
            ids,
            fail,
            services: OnceCell::new(),
            sandbox: Mutex::new(None),
            work: Notify::new(),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The environment.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Where this process is to be killed.
    pub fn fail_points(&self) -> &FailPoints {
        &self.fail
    }

    /// Ids and chance.
    pub fn ids(&self) -> &IdSource {
        &self.ids
    }

    /// The services; opened by the first call that succeeds.
    pub async fn services(&self) -> Result<&Services, OpenError> {
        self.services.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Services, OpenError> {
        let store = Store::open(&self.config.database.url, self.fail.clone()).await?;
        let mailer = match &self.config.mail.route {
            MailRoute::Folder(dir) => Mailer::folder(dir.clone(), &self.config.mail.from)?,
            MailRoute::Smtp(url) => Mailer::smtp(url, &self.config.mail.from)?,
            MailRoute::Elsewhere => Mailer::None,
        };
        let mut services = Services {
            partners: self.partners(None)?,
            store,
            mailer,
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            return_url: self.config.launch.return_url.clone(),
        };
        if self.demo {
            services.seed_demo().await?;
        }
        if services.store.has_demo_partners().await? {
            services.partners = self.partners(self.start_sandbox().await)?;
        }
        Ok(services)
    }

    fn partners(&self, sandbox: Option<WebUrl>) -> Result<Partners, OpenError> {
        let secrets = self.config.secrets.clone();
        Ok(Partners::new(secrets, sandbox, HttpLimits::default(), self.clock.clone(), self.ids.clone())?)
    }

    /// The sandbox's address. Without it the programs can still be read, and enrollments wait.
    async fn start_sandbox(&self) -> Option<WebUrl> {
        let options = SandboxOptions {
            port: self.config.sandbox.port,
            link_port: self.config.sandbox.link_port,
            file: self.config.sandbox.file.clone(),
            key: None,
            fail: FailPlan::default(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        };
        match Sandbox::join_or_start(options).await {
            Ok(sandbox) => {
                let url = sandbox.url();
                *self.sandbox.lock().await = Some(sandbox);
                Some(url)
            }
            Err(error) => {
                tracing::error!(%error, "the sandbox could not be started");
                None
            }
        }
    }

    /// Whether the sandbox runs in this process and ends with it.
    pub async fn hosts_sandbox(&self) -> bool {
        self.sandbox.lock().await.as_ref().is_some_and(Sandbox::is_host)
    }

    /// Where the sandbox answers, if this catalogue needs one.
    pub async fn sandbox_url(&self) -> Option<WebUrl> {
        self.sandbox.lock().await.as_ref().map(Sandbox::url)
    }

    /// Closes what was opened.
    pub async fn close(&self) {
        if let Some(sandbox) = self.sandbox.lock().await.take() {
            sandbox.shutdown().await;
        }
        if let Some(services) = self.services.get() {
            services.store.close().await;
        }
    }
}
