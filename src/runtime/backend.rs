//! What stands behind the app: the services, opened when first needed and tried again after a
//! failure, and the sandbox where a demo catalogue needs one.

use crate::config::{Config, MailRoute, ProcessorChoice};
use crate::domain::actor::Actor;
use crate::domain::failure::Failure;
use crate::domain::ids::EnrollmentId;
use crate::domain::payment::Till;
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use crate::mail::{MailError, Mailer};
use crate::partner::lti::{LtiPlatform, LtiSetup, digest};
use crate::partner::{HttpLimits, Partners};
use crate::payment::{self, Processor, Setup};
use crate::platform::{Clock, Env, IdSource};
use crate::sandbox::{FailPlan, Platform, Sandbox, SandboxError, SandboxOptions};
use crate::server::{Endpoint, EndpointError, EndpointOptions};
use crate::service::{Launch, ServiceError, Services};
use crate::store::{FailPoints, Store, StoreError, file_of};
use std::fmt::Write as _;
use std::sync::atomic::AtomicBool;
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
    endpoint: Mutex<Option<Endpoint>>,
    /// Rings when there is new outside work.
    pub work: Notify,
    /// Whether somebody here waits for outside work that another process may be doing.
    pub waits: AtomicBool,
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
            endpoint: Mutex::new(None),
            work: Notify::new(),
            waits: AtomicBool::new(false),
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

    /// How money can be taken here.
    pub fn till(&self) -> Till {
        processor(&self.config, self.clock.clone(), self.ids.clone()).till()
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
        let mailer = mailer(&self.config)?;
        let partners = Partners::new(
            self.config.secrets.clone(),
            None,
            HttpLimits::default(),
            self.clock.clone(),
            self.ids.clone(),
        )?;
        let services = Services {
            partners,
            lti: LtiPlatform::new(LtiSetup {
                issuer: self.config.lti.issuer.clone(),
                key_file: self.config.lti.key_file.clone(),
                public_base_url: self.config.lti.public_base_url.clone(),
            }),
            processor: processor(&self.config, self.clock.clone(), self.ids.clone()),
            hold: self.config.payment.hold,
            store,
            mailer,
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            return_url: self.config.launch.return_url.clone(),
            offers_last: self.config.waitlist.offers_last,
        };
        if self.demo {
            services.seed_demo().await?;
        }
        self.provide_sandbox(&services).await?;
        Ok(services)
    }

    /// Starts the sandbox where the catalogue needs one and there is none yet: a demo catalogue may
    /// be imported, and a port become free, while we run. Without it the programs can still be
    /// read, and enrollments wait.
    pub async fn provide_sandbox(&self, services: &Services) -> Result<(), StoreError> {
        let mut sandbox = self.sandbox.lock().await;
        if sandbox.is_some() || !services.store.has_demo_partners().await? {
            return Ok(());
        }
        let started = self.start_sandbox().await.map_err(|error| match error {
            SandboxError::PortTaken { port } => Text::clean(&format!(
                "port {port} of this machine is used by another program; end that, or set another port as port under [sandbox] in the configuration"
            )),
            other => Text::clean(&other.to_string()),
        });
        let address = started.as_ref().map(Sandbox::url).map_err(Clone::clone);
        if let Err(why) = &address
            && services.partners.sandbox() != Err(Some(why.clone()))
        {
            tracing::error!(%why, "the sandbox could not be started");
        }
        services.processor.set_sandbox(address.clone());
        services.partners.set_sandbox(address);
        *sandbox = started.ok();
        Ok(())
    }

    async fn start_sandbox(&self) -> Result<Sandbox, SandboxError> {
        let options = SandboxOptions {
            port: self.config.sandbox.port,
            link_port: self.config.sandbox.link_port,
            file: self.config.sandbox.file.clone(),
            key: None,
            fail: FailPlan::default(),
            lti: Some(platform(&self.config, None)),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        };
        Sandbox::join_or_start(options).await
    }

    /// Whether the sandbox runs in this process and ends with it.
    pub async fn hosts_sandbox(&self) -> bool {
        self.sandbox.lock().await.as_ref().is_some_and(Sandbox::is_host)
    }

    /// Where the sandbox answers, if this catalogue needs one.
    pub async fn sandbox_url(&self) -> Option<WebUrl> {
        self.sandbox.lock().await.as_ref().map(Sandbox::url)
    }

    /// Asks for a link into a course. Where our own endpoint opens it, that is started or joined first, and
    /// stays until this process ends.
    pub async fn launch(
        &self,
        services: &Services,
        actor: Actor,
        id: EnrollmentId,
    ) -> Result<Launch, ServiceError> {
        if services.opens_by_lti(actor, id).await? {
            self.provide_endpoint(services).await;
        }
        services.launch(actor, id).await
    }

    /// Starts or joins the endpoint of LTI launches, unless it runs: a port may become free while we run.
    pub async fn provide_endpoint(&self, services: &Services) {
        let mut endpoint = self.endpoint.lock().await;
        if endpoint.is_some() {
            return;
        }
        let options = EndpointOptions {
            port: self.config.lti.port,
            public_base_url: self.config.lti.public_base_url.clone(),
            services: services.clone(),
            database: fingerprint(&self.config.database.url),
        };
        let started = Endpoint::join_or_start(options).await;
        let listens = started.as_ref().map(Endpoint::url);
        services.lti.set_endpoint(listens.map_err(|error: &EndpointError| {
            tracing::error!(%error, "the endpoint of LTI launches could not be started");
            Text::clean(&error.to_string())
        }));
        if let (Ok(started), Some(sandbox)) = (&started, &*self.sandbox.lock().await) {
            sandbox.set_platform(platform(&self.config, Some(&started.url())));
        }
        *endpoint = started.ok();
    }

    /// Whether the endpoint of LTI launches runs in this process and ends with it.
    pub async fn hosts_endpoint(&self) -> bool {
        self.endpoint.lock().await.as_ref().is_some_and(Endpoint::is_host)
    }

    /// Closes what was opened.
    pub async fn close(&self) {
        if let Some(endpoint) = self.endpoint.lock().await.take() {
            endpoint.shutdown().await;
        }
        if let Some(sandbox) = self.sandbox.lock().await.take() {
            sandbox.shutdown().await;
        }
        if let Some(services) = self.services.get() {
            services.store.close().await;
        }
    }
}

/// What tells one database from another and says nothing about it: two processes must not answer for
/// each other's launches.
pub fn fingerprint(database_url: &str) -> String {
    let name = match file_of(database_url) {
        Some(path) => {
            let path = path.canonicalize().or_else(|_| std::path::absolute(&path)).unwrap_or(path);
            format!("file {}", path.display())
        }
        None => url::Url::parse(database_url).map_or_else(
            |_| database_url.to_owned(),
            |url| {
                let host = url.host_str().unwrap_or_default().replace("localhost", "127.0.0.1");
                format!("server {host}:{} {}", url.port().unwrap_or(5432), url.path())
            },
        ),
    };
    digest(&name).as_bytes()[..8].iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the sandbox's tool knows of us. It runs on this machine: a public address is not its concern.
/// `endpoint` is where ours listens, if that is not where the configuration says.
pub(crate) fn platform(config: &Config, endpoint: Option<&WebUrl>) -> Platform {
    let base = endpoint.map_or_else(
        || format!("http://127.0.0.1:{}", config.lti.port),
        |url| url.as_str().trim_end_matches('/').to_owned(),
    );
    Platform {
        issuer: config.lti.issuer.to_string(),
        auth_url: format!("{base}/lti/auth"),
        jwks_file: config.lti.key_file.with_extension("jwks.json"),
    }
}

/// The payment processor of a configuration. Nothing is connected.
pub(super) fn processor(config: &Config, clock: Clock, ids: IdSource) -> Processor {
    let setup = match &config.payment.processor {
        ProcessorChoice::Default | ProcessorChoice::Sandbox => Setup::Sandbox,
        ProcessorChoice::Stripe { base_url, secret_env, return_url } => Setup::Stripe {
            base_url: base_url.clone(),
            secret: secret_env.clone(),
            return_url: return_url.clone(),
            allow_live: config.payment.allow_live,
        },
    };
    Processor::new(setup, config.secrets.clone(), payment::limits(), clock, ids)
}

/// The way mail leaves by a configuration. Nothing is connected.
pub(super) fn mailer(config: &Config) -> Result<Mailer, MailError> {
    let from = &config.mail.from;
    match &config.mail.route {
        MailRoute::Folder(dir) => Mailer::folder(dir.clone(), from),
        MailRoute::Smtp(url) => Mailer::smtp(url, from),
        MailRoute::Elsewhere => Ok(Mailer::None),
    }
}
