//! The signing key and its file: made on request only, readable by its owner only.

use crate::platform::files;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Bits of a new key, and the fewest of any key.
const BITS: usize = 2048;
/// The largest key that is used: a larger one would take its time with every launch.
const MOST_BITS: usize = 8192;
/// The largest file that is read, in bytes.
const MAX_BYTES: usize = 64 * 1024;
const END: &str = "-----END PRIVATE KEY-----";

/// Why there is no key to sign with.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// There is none.
    #[error("there is no key for LTI launches at {}. Make one with: coursevia lti keys --new", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is one.
    #[error(
        "there is a key already at {}, and partners know it. Change it with: coursevia lti keys --rotate",
        path.display()
    )]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// Others could have read it.
    #[error(
        "{} can be read by others, so it is not used. Take their rights away with: chmod 600 {}",
        path.display(), path.display()
    )]
    OpenToOthers {
        /// Which.
        path: PathBuf,
    },
    /// The file can't be read or written.
    #[error("{}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// This process may not read it.
    #[error("{} can't be read by this user", path.display())]
    NoAccess {
        /// Which.
        path: PathBuf,
    },
    /// It holds something else.
    #[error("{} is no key for LTI launches: {what}. Keep it elsewhere, and make one with: coursevia lti keys --new", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Two keys are alive already.
    #[error(
        "the key before this one is still alive. When all partners know the new one, drop it with: coursevia lti keys --drop-old"
    )]
    PreviousAlive,
    /// Only one key is alive.
    #[error("there is no older key to drop")]
    NoPrevious,
    /// It could not be made.
    #[error("a key could not be made: {0}")]
    Making(String),
    /// The process is ending.
    #[error("coursevia is ending")]
    Stopped,
}

impl KeyError {
    /// Whether it is this process that lacks the key, which another one may hold.
    pub fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::NoAccess { .. })
    }

    /// The stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "lti_key_missing",
            Self::Exists { .. } => "lti_key_exists",
            Self::OpenToOthers { .. } => "lti_key_open_to_others",
            Self::File { .. } | Self::NoAccess { .. } => "lti_key_unreadable",
            Self::Unusable { .. } => "lti_key_unusable",
            Self::PreviousAlive => "lti_key_previous_alive",
            Self::NoPrevious => "lti_key_no_previous",
            Self::Making(_) | Self::Stopped => "lti_key_not_made",
        }
    }
}

/// The public side of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Its id: the thumbprint of RFC 7638.
    pub kid: String,
    /// As an entry of a JWKS.
    pub jwk: Value,
    /// As PEM (`SubjectPublicKeyInfo`).
    pub pem: String,
}

/// One key, ready to sign. `Debug` shows its id only.
struct SigningKey {
    public: PublicKey,
    private: EncodingKey,
    pem: String,
}

/// The current key, and the one before it while partners learn the new one.
pub struct Keys {
    current: SigningKey,
    previous: Option<SigningKey>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.public().map(|key| &key.kid)).finish()
    }
}

impl Keys {
    /// The public sides of all keys that are alive, the current one first.
    pub fn public(&self) -> impl Iterator<Item = &PublicKey> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| &key.public)
    }

    /// All public sides (RFC 7517).
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.public().map(|key| &key.jwk).collect::<Vec<_>>() })
    }

    /// Signs with the current key.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.current.public.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.current.private)
            .map_err(|error| KeyError::Making(error.to_string()))
    }

    fn text(&self) -> String {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        keys.map(|key| key.pem.as_str()).collect()
    }
}

/// The file of the keys. Everything here waits for the disk, and making a key for the processor too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// The file at `path`, whether there is one or not.
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Where the public side is written to, for whoever sets a partner up.
    pub fn public_path(&self) -> PathBuf {
        self.0.with_extension("jwks.json")
    }

    /// The keys of the file; nothing is written.
    pub fn look(&self) -> Result<Keys, KeyError> {
        self.parse(&self.read()?)
    }

    /// The keys of the file. Their public side is beside them afterwards.
    pub fn load(&self) -> Result<Keys, KeyError> {
        let keys = self.look()?;
        self.publish(&keys)?;
        Ok(keys)
    }

    /// Makes the first key. One that is there stays.
    pub fn make(&self) -> Result<Keys, KeyError> {
        // Before the processor works for nothing.
        if self.0.exists() {
            return Err(KeyError::Exists { path: self.0.clone() });
        }
        let keys = Keys { current: self.new_key()?, previous: None };
        files::create(&self.0, &keys.text()).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists { path: self.0.clone() },
            _ => self.failed(&error),
        })?;
        self.publish(&keys)?;
        Ok(keys)
    }

    /// Makes another key and signs with it from now on; the one before stays alive until it is dropped.
    pub fn rotate(&self) -> Result<Keys, KeyError> {
        let standing = self.load()?;
        if standing.previous.is_some() {
            return Err(KeyError::PreviousAlive);
        }
        let keys = Keys { current: self.new_key()?, previous: Some(standing.current) };
        // First the public side: nobody may meet a signature whose key is not published.
        self.publish(&keys)?;
        self.write(&keys)?;
        Ok(keys)
    }

    /// Forgets the key before the current one.
    pub fn drop_old(&self) -> Result<Keys, KeyError> {
        let standing = self.load()?;
        if standing.previous.is_none() {
            return Err(KeyError::NoPrevious);
        }
        let keys = Keys { previous: None, ..standing };
        self.write(&keys)?;
        self.publish(&keys)?;
        Ok(keys)
    }

    /// The text of the file, if nobody else can read it.
    pub(super) fn read(&self) -> Result<String, KeyError> {
        let path = self.0.clone();
        match files::read_with_rights(&path, MAX_BYTES) {
            Ok((text, false)) => Ok(text),
            Ok((_, true)) => Err(KeyError::OpenToOthers { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(KeyError::Missing { path }),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// The keys of a text, the current one first.
    pub(super) fn parse(&self, text: &str) -> Result<Keys, KeyError> {
        let mut blocks = text.split_inclusive(END).filter(|block| block.contains(END));
        let current = blocks.next().ok_or_else(|| self.unusable("it holds no PKCS#8 private key"))?;
        let current = self.key(current)?;
        let previous = blocks.next().map(|block| self.key(block)).transpose()?;
        match blocks.next() {
            None => Ok(Keys { current, previous }),
            Some(_) => Err(self.unusable("it holds more than two keys")),
        }
    }

    /// Writes the public side beside the key, unless it stands there already.
    fn publish(&self, keys: &Keys) -> Result<(), KeyError> {
        let path = self.public_path();
        let text = format!("{:#}\n", keys.jwks());
        if files::read_text(&path, MAX_BYTES).is_ok_and(|standing| standing == text) {
            return Ok(());
        }
        files::replace(&path, &text).map_err(|error| KeyError::File { why: files::why(&error), path })
    }

    fn write(&self, keys: &Keys) -> Result<(), KeyError> {
        files::replace(&self.0, &keys.text()).map_err(|error| self.failed(&error))
    }

    fn new_key(&self) -> Result<SigningKey, KeyError> {
        let making = |error: &dyn fmt::Display| KeyError::Making(error.to_string());
        let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS).map_err(|error| making(&error))?;
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| making(&error))?;
        self.key(&pem)
    }

    fn key(&self, pem: &str) -> Result<SigningKey, KeyError> {
        let pem = format!("{}\n", pem.trim());
        let key = RsaPrivateKey::from_pkcs8_pem(&pem).map_err(|_| self.unusable("it is no RSA key"))?;
        let bits = key.size() * 8;
        if bits < BITS {
            return Err(self.unusable("it has fewer than 2048 bits"));
        }
        if bits > MOST_BITS {
            return Err(self.unusable("it has more than 8192 bits"));
        }
        let unusable = |_| self.unusable("it is no RSA key");
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(unusable)?;
        let described = Jwk::from_encoding_key(&private, Algorithm::RS256).map_err(unusable)?;
        let kid = described.thumbprint(ThumbprintHash::SHA256).map_err(unusable)?;
        let AlgorithmParameters::RSA(parts) = described.algorithm else {
            return Err(self.unusable("it is no RSA key"));
        };
        let jwk = json!({
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": parts.n, "e": parts.e,
        });
        let public = key.to_public_key().to_public_key_pem(LineEnding::LF);
        let public = public.map_err(|_| self.unusable("it is no RSA key"))?;
        Ok(SigningKey { public: PublicKey { kid, jwk, pem: public }, private, pem })
    }

    fn unusable(&self, what: &'static str) -> KeyError {
        KeyError::Unusable { path: self.0.clone(), what }
    }

    fn failed(&self, error: &io::Error) -> KeyError {
        let path = self.0.clone();
        match error.kind() {
            io::ErrorKind::PermissionDenied => KeyError::NoAccess { path },
            _ => KeyError::File { path, why: files::why(error) },
        }
    }
}

#[cfg(test)]
mod tests;
