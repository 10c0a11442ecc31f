//! Delivery: into a folder, or to a server.

use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::mail::{MailError, Message};
use crate::platform::{Secret, files};
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use url::Url;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest word of a server that is kept, in characters.
const MAX_REASON: usize = 300;
/// How many drafts of one message are stepped over.
const MAX_DRAFTS: u32 = 1_000;

/// A way to send mail.
#[derive(Clone)]
pub enum Mailer {
    /// One `.eml` file per message.
    Folder {
        /// Where.
        dir: PathBuf,
        /// The sender.
        from: Mailbox,
    },
    /// A mail server.
    Smtp {
        /// The connection; it knows the password.
        transport: AsyncSmtpTransport<Tokio1Executor>,
        /// The sender.
        from: Mailbox,
    },
    /// None: another process sends what is queued here.
    None,
}

impl Mailer {
    /// Files in a folder. The folder is made when the first message comes.
    pub fn folder(dir: impl Into<PathBuf>, from: &str) -> Result<Self, MailError> {
        Ok(Self::Folder { dir: dir.into(), from: sender(from)? })
    }

    /// A server: `smtps://…`, `smtp://…?tls=required`, or plain `smtp://` on this machine.
    pub fn smtp(url: &Secret, from: &str) -> Result<Self, MailError> {
        let from = sender(from)?;
        let address = Url::parse(url.expose()).map_err(|_| MailError::BadServer)?;
        let here = match address.host_str() {
            Some(host) => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
            None => return Err(MailError::BadServer),
        };
        let encrypted = address.scheme() == "smtps"
            || address.query_pairs().any(|(name, value)| name == "tls" && value == "required");
        // A password and people's names don't cross a network in the clear.
        if !here && !encrypted {
            return Err(MailError::BadServer);
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| MailError::BadServer)?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(1).idle_timeout(Duration::from_secs(5)))
            .build();
        Ok(Self::Smtp { transport, from })
    }

    /// Whether messages go anywhere from here.
    pub fn can_send(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Whether messages could leave now: the folder can be written, the server takes our sign-in.
    /// Nothing is sent and nothing written.
    pub async fn check(&self, patience: Duration) -> Result<(), MailError> {
        match self {
            Self::None => Err(MailError::NotConfigured),
            Self::Folder { dir, .. } => {
                files::can_write_below(dir).map_err(|error| MailError::Unwritable { dir: dir.clone(), error })
            }
            Self::Smtp { transport, .. } => {
                let silent = || MailError::Transient { reason: "the mail server does not answer".into() };
                match tokio::time::timeout(patience, transport.test_connection()).await {
                    Ok(Ok(true)) => Ok(()),
                    Ok(Ok(false)) | Err(_) => Err(silent()),
                    Ok(Err(error)) => Err(failed(&error)),
                }
            }
        }
    }

    /// Delivers a message, dated `at`. Into a folder, a second delivery changes nothing.
    pub async fn deliver(&self, message: &Message, at: Instant) -> Result<(), MailError> {
        match self {
            Self::None => Err(MailError::NotConfigured),
            Self::Folder { dir, from } => {
                let mail = compose(message, from, at)?.formatted();
                let (folder, name) = (dir.clone(), file_name(&message.id));
                tokio::task::spawn_blocking(move || write(&folder, &name, &mail))
                    .await
                    .unwrap_or_else(|error| Err(io::Error::other(error)))
                    .map_err(|error| MailError::Unwritable { dir: dir.clone(), error })
            }
            Self::Smtp { transport, from } => {
                let mail = compose(message, from, at)?;
                transport.send(mail).await.map(drop).map_err(|error| failed(&error))
            }
        }
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder { dir, .. } => f.debug_tuple("Folder").field(dir).finish(),
            Self::Smtp { .. } => f.write_str("Smtp(…)"),
            Self::None => f.write_str("None"),
        }
    }
}

fn failed(error: &lettre::transport::smtp::Error) -> MailError {
    let reason = Text::clean_to(&error.to_string(), MAX_REASON);
    if error.is_permanent() { MailError::Permanent { reason } } else { MailError::Transient { reason } }
}

fn sender(from: &str) -> Result<Mailbox, MailError> {
    from.trim().parse().map_err(|_| MailError::BadFrom(Text::clean(from).to_string()))
}

fn compose(message: &Message, from: &Mailbox, at: Instant) -> Result<lettre::Message, MailError> {
    let bad = |reason: &dyn fmt::Display| MailError::BadMessage { reason: reason.to_string().into() };
    let to: Address = message.to.as_str().parse().map_err(|error| bad(&error))?;
    let name = message.to_name.as_ref().map(ToString::to_string);
    let id = format!("<{}@{}>", plain(&message.id), from.email.domain());
    MessageBuilder::new()
        .from(from.clone())
        .to(Mailbox::new(name, to))
        .date(SystemTime::from(at))
        .message_id(Some(id))
        // One line, whatever it was made of: a line break would start another header.
        .subject(Text::clean(&message.subject).to_string())
        // Out-of-office replies to a confirmation help nobody (RFC 3834).
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .header(ContentType::TEXT_PLAIN)
        .body(message.body.clone())
        .map_err(|error| bad(&error))
}

/// What may stand in a Message-ID and in a file's name.
fn plain(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect()
}

fn file_name(id: &str) -> String {
    format!("{}.eml", plain(id))
}

/// Writes the whole file or nothing; one that is there already is the same message.
fn write(dir: &Path, name: &str, mail: &[u8]) -> io::Result<()> {
    make_private(dir)?;
    let path = dir.join(name);
    if path.exists() {
        return Ok(());
    }
    let (draft, mut file) = draft(dir, name)?;
    let written = file.write_all(mail).and_then(|()| file.sync_all());
    let renamed = written.and_then(|()| std::fs::rename(&draft, &path));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    renamed?;
    std::fs::File::open(dir)?.sync_all()
}

/// A file nobody else writes: somebody may deliver the same message at this moment, and a
/// process that was killed may have left its draft.
fn draft(dir: &Path, name: &str) -> io::Result<(PathBuf, std::fs::File)> {
    let mut turn = 0;
    loop {
        let path = dir.join(format!(".{name}.{turn}"));
        match private_file(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && turn < MAX_DRAFTS => turn += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn make_private(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::create_new(path)
}
