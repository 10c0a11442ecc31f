//! Control for scripts and tests. Bodies are JSON, so that no page elsewhere can post here unasked.

use crate::sandbox::fail::FailPlan;
use crate::sandbox::server::Server;
use crate::sandbox::state::{self, EnrollmentRow};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// How the sandbox names itself to processes that want to share it.
pub(super) const SERVICE: &str = "coursevia-sandbox";

pub(super) type Answer = Result<Json<Value>, (StatusCode, Json<Value>)>;

/// What a script reports on somebody's behalf.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    partner: String,
    enrollment_id: String,
    percent: f64,
    /// The exam was not passed. The next report without it ends that.
    #[serde(default)]
    failed: bool,
}

/// What shall go wrong.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    fail: String,
}

pub(super) async fn health() -> Json<Value> {
    Json(json!({"service": SERVICE, "version": env!("CARGO_PKG_VERSION")}))
}

pub(super) async fn fails(State(server): State<Server>) -> Json<Value> {
    Json(json!({"fail": server.fails().to_string()}))
}

pub(super) async fn set_fails(State(server): State<Server>, Json(wanted): Json<Wanted>) -> Answer {
    let plan: FailPlan = wanted.fail.parse().map_err(|error: crate::sandbox::fail::FailPlanError| {
        no(StatusCode::BAD_REQUEST, &error.to_string())
    })?;
    server.set_fails(plan);
    Ok(fails(State(server)).await)
}

pub(super) async fn enrollments(State(server): State<Server>) -> Answer {
    let rows = server.database().list().await.map_err(|error| broken(&error))?;
    Ok(Json(rows.iter().map(shown).collect()))
}

pub(super) async fn progress(State(server): State<Server>, Json(report): Json<Report>) -> Answer {
    if !(0.0..=100.0).contains(&report.percent) {
        return Err(no(StatusCode::BAD_REQUEST, "percent is a number from 0 to 100"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within 0..=100")]
    let percent = report.percent.floor() as i64;
    let (partner, id) = (report.partner.as_str(), report.enrollment_id.as_str());
    let row = async {
        let mut tx = server.database().begin().await?;
        if state::find(&mut tx, partner, id).await?.is_none() {
            return Ok(None);
        }
        let how_far = (percent, state::lessons_of(percent));
        let number = server.new_number(partner);
        state::set_progress(&mut tx, (partner, id), how_far, &number, server.now()).await?;
        state::set_failed(&mut tx, (partner, id), report.failed).await?;
        let row = state::find(&mut tx, partner, id).await?;
        tx.commit().await?;
        Ok(row)
    };
    match row.await.map_err(|error| broken(&error))? {
        Some(row) => Ok(Json(shown(&row))),
        None => Err(no(StatusCode::NOT_FOUND, "there is no such enrollment at that partner")),
    }
}

fn shown(row: &EnrollmentRow) -> Value {
    json!({
        "partner": row.partner, "id": row.id, "account": row.account, "course": row.course,
        "percent": row.percent, "completed": row.completed_at.is_some(), "withdrawn": row.withdrawn_at.is_some(),
        "certificate": row.certificate, "failed": row.failed,
    })
}

pub(super) fn no(status: StatusCode, message: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({"error": {"message": message}})))
}

pub(super) fn broken(error: &sqlx::Error) -> (StatusCode, Json<Value>) {
    no(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
}
