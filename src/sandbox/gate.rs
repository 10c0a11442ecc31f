//! Pages of partners that sometimes go wrong: what [`Fail`] means where a browser waits.

use crate::sandbox::fail::Fail;
use crate::sandbox::learn::{self, Broken};
use crate::sandbox::pages;
use crate::sandbox::reply::SLOW;
use crate::sandbox::server::Server;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A page, or the page that says why there is none.
pub(super) type Answered = Result<Response, Trouble>;

/// What is wrong, for whoever looks at the browser.
#[derive(Debug)]
pub(super) struct Refused {
    pub status: StatusCode,
    pub title: &'static str,
    pub words: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        learn::page(self.status, pages::notice(self.title, &self.words))
    }
}

/// Refused, or the file's own trouble.
pub(super) enum Trouble {
    Refused(Refused),
    File(Broken),
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::File(error.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refused) => refused.into_response(),
            Self::File(broken) => broken.into_response(),
        }
    }
}

/// Answers a request, unless something goes wrong on its way. What fails, fails after the work is done.
pub(super) async fn pass<F>(server: &Server, request: String, work: impl Fn() -> F) -> Response
where
    F: Future<Output = Answered>,
{
    let fails = server.fails();
    if fails.has(Fail::PartnerDown) {
        let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "The platform is being looked after");
        return Refused { status, title, words: "Try again later.".to_owned() }.into_response();
    }
    let answer = work().await.into_response();
    if fails.has(Fail::DuplicateDelivery) {
        // A browser shows the first answer; the second one must do no harm.
        let _ = work().await;
    }
    if fails.has(Fail::Timeout) {
        server.stopped().await;
    }
    if fails.has(Fail::Slow) {
        tokio::time::sleep(SLOW).await;
    }
    if fails.has(Fail::FirstFails) && server.is_first(request) {
        let (status, title) = (StatusCode::INTERNAL_SERVER_ERROR, "This did not work");
        return Refused { status, title, words: "Open it again from coursevia.".to_owned() }.into_response();
    }
    answer
}
