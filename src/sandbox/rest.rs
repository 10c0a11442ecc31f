//! The partners' REST interfaces, answered as their profiles say.

use crate::domain::profile::{Operation, Profile, Role};
use crate::domain::text::Text;
use crate::domain::web::WebUrl;
use crate::sandbox::fail::{Fail, FailPlan};
use crate::sandbox::reply::{Reply, Trouble, say};
use crate::sandbox::server::Server;
use crate::sandbox::state::{self, DoorRow, EnrollmentRow, Tx};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

/// How long a link into a course lives.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);
/// How long a certificate is good for, as with many a trade: two years.
const CERTIFICATE_LIFE: TimeDelta = TimeDelta::days(730);

fn refuse(status: StatusCode, code: &str, message: &str) -> Trouble {
    Trouble::Said(say(status, json!({"error": {"code": code, "message": message}})))
}

/// Answers every request below a partner's name.
pub(super) async fn answer(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fails = server.fails();
    let reply = Reply::of(serve(&server, &method, uri.path(), &headers, &body, &fails).await);
    let request = format!("{method} {} {:?}", uri.path(), headers.get("idempotency-key"));
    reply.send(&server, &fails, request).await
}

/// One understood request to a partner.
struct Call<'a> {
    server: &'a Server,
    partner: &'a str,
    profile: &'a Profile,
    operation: Operation,
    enrollment: &'a str,
    body: Value,
}

async fn serve(
    server: &Server,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    body: &[u8],
    fails: &FailPlan,
) -> Result<Reply, Trouble> {
    let nowhere = || refuse(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address");
    // Split first, then decode: an id may hold an encoded slash.
    let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (partner, rest) = parts.split_first().ok_or_else(nowhere)?;
    let profile = server.profiles().get(partner).ok_or_else(nowhere)?;
    let (operation, enrollment) = Operation::ALL
        .into_iter()
        .filter(|operation| profile.call(*operation).method.as_str() == method.as_str())
        .find_map(|operation| Some((operation, profile.call(operation).path.matches(rest)?)))
        .ok_or_else(nowhere)?;
    if fails.has(Fail::PartnerDown) {
        return Err(refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "maintenance",
            "The platform is being looked after",
        ));
    }
    admit(server, profile, headers)?;
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(body)
            .map_err(|_| refuse(StatusCode::BAD_REQUEST, "bad_json", "The body is no JSON"))?
    };
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let call = Call { server, partner, profile, operation, enrollment, body };
    if fails.has(Fail::DuplicateDelivery) {
        call.perform(key, fails).await?;
    }
    call.perform(key, fails).await
}

/// Checks the caller's key and organization.
fn admit(server: &Server, profile: &Profile, headers: &HeaderMap) -> Result<(), Trouble> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = value(&profile.auth.header).strip_prefix(&profile.auth.prefix).unwrap_or_default().trim();
    if key.is_empty() || server.key().is_some_and(|expected| expected != key) {
        return Err(refuse(StatusCode::UNAUTHORIZED, "unauthorized", "The key is not accepted"));
    }
    if value(&profile.auth.organization_header).is_empty() {
        return Err(refuse(StatusCode::BAD_REQUEST, "no_organization", "The organization is missing"));
    }
    Ok(())
}

impl Call<'_> {
    async fn perform(&self, key: &str, fails: &FailPlan) -> Result<Reply, Trouble> {
        let mut tx = self.server.database().begin().await?;
        let reply = match self.operation {
            Operation::Account | Operation::Enroll => self.once(&mut tx, key).await?,
            Operation::Launch if key.is_empty() => return Err(no_key()),
            // Never replayed: a stored link would be a used one.
            Operation::Launch => self.launch(&mut tx, fails).await?,
            Operation::Withdraw => self.withdraw(&mut tx).await?,
            Operation::Progress => self.progress(&self.find(&mut tx).await?),
            Operation::Certificate => self.certificate(&self.find(&mut tx).await?)?,
        };
        tx.commit().await?;
        Ok(reply)
    }

    /// Does what the key asks for, or repeats the answer it got before.
    async fn once(&self, tx: &mut Tx, key: &str) -> Result<Reply, Trouble> {
        if key.is_empty() || key.len() > 255 {
            return Err(no_key());
        }
        let operation = if self.operation == Operation::Account { "account" } else { "enroll" };
        let request = self.body.to_string();
        if let Some((before, answer)) = state::stored_answer(tx, self.partner, operation, key).await? {
            if before != request {
                let words = "This key was used for another request";
                return Err(refuse(StatusCode::CONFLICT, "idempotency_error", words));
            }
            let body = serde_json::from_str(&answer).unwrap_or_default();
            return Ok(Reply { status: StatusCode::CREATED, body, replayed: true });
        }
        let body = match self.operation {
            Operation::Account => self.account(tx).await?,
            _ => match self.enrolled_already(tx).await? {
                Some(already) => return Ok(say(StatusCode::CONFLICT, already)),
                None => self.enroll(tx).await?,
            },
        };
        state::store_answer(tx, self.partner, operation, key, (&request, &body.to_string())).await?;
        Ok(say(StatusCode::CREATED, body))
    }

    async fn account(&self, tx: &mut Tx) -> Result<Value, Trouble> {
        let reference = self.required(Role::Reference)?;
        let email = self.sent(Role::Email);
        let names = [Role::Name, Role::FirstName, Role::LastName].map(|role| self.sent(role));
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = (!name.is_empty()).then_some(name.as_str());
        let id = self.server.new_id(self.partner, "usr");
        let who = (email.as_deref(), name);
        let account = state::open_account(tx, self.partner, &id, &reference, who).await?;
        let username = account.email.unwrap_or_else(|| account.id.clone());
        Ok(self.answer([(Role::Account, account.id.into()), (Role::Username, username.into())]))
    }

    /// What platforms say to whoever asks a second time, under another key: that it is so already.
    async fn enrolled_already(&self, tx: &mut Tx) -> Result<Option<Value>, Trouble> {
        let (account, course) = (self.required(Role::Account)?, self.required(Role::Course)?);
        let standing = state::find_live(tx, self.partner, &account, &course).await?;
        Ok(standing.map(|id| {
            self.answer([(Role::Enrollment, id.into()), (Role::Status, "already_enrolled".into())])
        }))
    }

    async fn enroll(&self, tx: &mut Tx) -> Result<Value, Trouble> {
        let account = self.required(Role::Account)?;
        let course = self.required(Role::Course)?;
        if !state::has_account(tx, self.partner, &account).await? {
            return Err(refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown_account",
                "There is no such account",
            ));
        }
        let id = self.server.new_id(self.partner, "enr");
        state::enroll(tx, self.partner, &id, &account, &course, self.server.now()).await?;
        Ok(self.answer([(Role::Enrollment, id.into()), (Role::Status, "enrolled".into())]))
    }

    async fn withdraw(&self, tx: &mut Tx) -> Result<Reply, Trouble> {
        let enrollment = self.find(tx).await?;
        if enrollment.completed_at.is_some() {
            return Err(refuse(StatusCode::CONFLICT, "completed", "The course is completed"));
        }
        state::withdraw(tx, self.partner, self.enrollment, self.server.now()).await?;
        Ok(say(StatusCode::NO_CONTENT, Value::Null))
    }

    async fn launch(&self, tx: &mut Tx, fails: &FailPlan) -> Result<Reply, Trouble> {
        let id = self.required(Role::Enrollment)?;
        let enrollment = self.live(state::find(tx, self.partner, &id).await?)?;
        if self.required(Role::Account)? != enrollment.account {
            return Err(refuse(StatusCode::FORBIDDEN, "not_theirs", "The account has no such enrollment"));
        }
        let return_to = match self.sent(Role::ReturnTo) {
            Some(raw) => Some(WebUrl::parse(&raw).map_err(|_| {
                refuse(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "bad_return",
                    "The page to return to is no web address",
                )
            })?),
            None => None,
        };
        let now = self.server.now();
        let life = if fails.has(Fail::ExpiredLink) { -LINK_LIFE } else { LINK_LIFE };
        let token = self.server.new_token();
        let door = DoorRow {
            partner: self.partner.to_owned(),
            enrollment: id,
            return_to: return_to.map(|url| url.as_str().to_owned()),
        };
        state::add_link(tx, &token, &door, now + life).await?;
        let expires_at = (now + life).to_rfc3339_opts(SecondsFormat::Micros, true);
        let body = self.answer([
            (Role::Url, self.server.address(&format!("course/{token}")).into()),
            (Role::ExpiresIn, life.num_seconds().max(0).into()),
            (Role::ExpiresAt, expires_at.into()),
        ]);
        Ok(say(StatusCode::CREATED, body))
    }

    fn progress(&self, enrollment: &EnrollmentRow) -> Reply {
        let failed = self.profile.failed.first().filter(|_| enrollment.failed);
        let status = match (enrollment.completed_at, failed, enrollment.percent) {
            (Some(_), ..) => self.profile.completed.first().map_or("completed", String::as_str),
            (None, Some(failed), _) => failed,
            (None, None, 0) => "enrolled",
            (None, None, _) => "in_progress",
        };
        let values = [(Role::Percent, enrollment.percent.into()), (Role::Status, status.into())];
        say(StatusCode::OK, self.answer(values))
    }

    fn certificate(&self, enrollment: &EnrollmentRow) -> Result<Reply, Trouble> {
        let (Some(number), Some(at)) = (&enrollment.certificate, enrollment.completed_at) else {
            return Err(refuse(StatusCode::NOT_FOUND, "not_issued", "There is no certificate yet"));
        };
        let body = self.answer([
            (Role::Number, number.as_str().into()),
            (Role::Url, self.server.address(&format!("certificate/{number}")).into()),
            (Role::IssuedAt, at.to_rfc3339_opts(SecondsFormat::Micros, true).into()),
            (Role::ExpiresAt, (at + CERTIFICATE_LIFE).to_rfc3339_opts(SecondsFormat::Micros, true).into()),
            (Role::VerifyUrl, self.server.address(&format!("verify/{number}")).into()),
        ]);
        Ok(say(StatusCode::OK, body))
    }

    async fn find(&self, tx: &mut Tx) -> Result<EnrollmentRow, Trouble> {
        self.live(state::find(tx, self.partner, self.enrollment).await?)
    }

    #[expect(clippy::unused_self, reason = "reads as a step of the call")]
    fn live(&self, found: Option<EnrollmentRow>) -> Result<EnrollmentRow, Trouble> {
        let found = found.ok_or_else(|| {
            refuse(StatusCode::NOT_FOUND, "unknown_enrollment", "There is no such enrollment")
        })?;
        match found.withdrawn_at {
            None => Ok(found),
            Some(_) => Err(refuse(StatusCode::GONE, "withdrawn", "The enrollment was withdrawn")),
        }
    }

    fn answer<const N: usize>(&self, values: [(Role, Value); N]) -> Value {
        self.profile.call(self.operation).answer(values)
    }

    fn sent(&self, role: Role) -> Option<String> {
        let raw = self.profile.call(self.operation).sent(role, &self.body)?.as_str()?;
        Text::clean_to(raw, 4_096).non_empty().map(|text| text.as_str().to_owned())
    }

    fn required(&self, role: Role) -> Result<String, Trouble> {
        let missing = || format!("The field for {role:?} is missing");
        self.sent(role).ok_or_else(|| refuse(StatusCode::UNPROCESSABLE_ENTITY, "missing_field", &missing()))
    }
}

fn no_key() -> Trouble {
    refuse(
        StatusCode::BAD_REQUEST,
        "no_idempotency_key",
        "An Idempotency-Key of 1 to 255 characters is needed",
    )
}

/// One part of a path without its percent signs (RFC 3986 section 2.1).
pub(super) fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|two| first == b'%' && two.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn decodes_parts_of_a_path() {
        for (raw, plain) in [("a%2Fb", "a/b"), ("%zz%4", "%zz%4"), ("", ""), ("%C3%BC", "ü")] {
            assert_eq!(decoded(raw), plain);
        }
    }
}
