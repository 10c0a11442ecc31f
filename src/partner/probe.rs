//! Whether a platform answers: one question that changes nothing, asked once, for `doctor`.

use super::{PartnerError, Partners};
use crate::domain::profile::{Method, Operation};
use crate::domain::provider::RestAccess;
use crate::http::{Body, Probe, Request};
use reqwest::header::HeaderMap;

/// The id that is asked about. No partner issues it, and "there is no such enrollment" is as good
/// an answer as any.
const NOBODYS: &str = "coursevia-doctor";

impl Partners {
    /// Asks a platform about an enrollment that does not exist. The key goes along where this
    /// process holds it and may send it there.
    pub async fn probe(&self, access: &RestAccess) -> Result<Probe, PartnerError> {
        let (request, with_key) = self.question(access)?;
        Ok(self.0.http.probe(&request, with_key).await)
    }

    fn question(&self, access: &RestAccess) -> Result<(Request, bool), PartnerError> {
        let reads = self.profile(access)?.call(Operation::Progress).method == Method::Get;
        match self.request(access, Operation::Progress, NOBODYS) {
            Ok(request) if reads => Ok((request, access.secret_env.is_some())),
            Ok(_) | Err(PartnerError::Secret(_)) => {
                let url = self.base(access)?.as_url().clone();
                let (method, headers) = (reqwest::Method::GET, HeaderMap::new());
                Ok((Request { method, url, headers, body: Body::Empty }, false))
            }
            Err(error) => Err(error),
        }
    }
}
