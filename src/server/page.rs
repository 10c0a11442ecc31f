//! The pages: a form that sends itself, and a sentence.

use crate::domain::web::WebUrl;
use crate::service::lti::{ErrorForm, LtiStop, TokenForm};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::fmt::Write as _;

/// The form that opens the course. `nonce` is of this page only.
pub(super) fn token(form: &TokenForm, nonce: &str) -> Response {
    let mut fields = vec![("id_token", form.id_token.expose())];
    fields.extend(form.state.as_deref().map(|state| ("state", state)));
    let body = posting(&form.action, &fields, "Opening your course …", "Open the course", Some(nonce));
    answer(StatusCode::OK, &body, Some((&form.action, Some(nonce))))
}

/// The form that tells the tool what is wrong.
pub(super) fn error(form: &ErrorForm, nonce: &str) -> Response {
    let body = posting(&form.action, &fields(form), "Going back to the partner …", "Go back", Some(nonce));
    answer(StatusCode::OK, &body, Some((&form.action, Some(nonce))))
}

/// A page for the student; with a way back where the tool may be told.
pub(super) fn stopped(stop: &LtiStop, back: Option<&ErrorForm>) -> Response {
    let words = stop.to_string();
    let status = match stop {
        LtiStop::Unknown => StatusCode::NOT_FOUND,
        LtiStop::Over => StatusCode::GONE,
        LtiStop::Refused(_) => StatusCode::FORBIDDEN,
        LtiStop::Unreadable(_) | LtiStop::UnknownClient | LtiStop::ForeignAddress => StatusCode::BAD_REQUEST,
        LtiStop::NotNow(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    match back {
        Some(form) => {
            let body = posting(&form.action, &fields(form), &words, "Back to the partner", None);
            answer(status, &body, Some((&form.action, None)))
        }
        None => answer(status, &format!("<p>{}</p>", escape(&words)), None),
    }
}

fn fields(form: &ErrorForm) -> Vec<(&str, &str)> {
    let mut fields = vec![("error", form.error), ("error_description", form.description)];
    fields.extend(form.state.as_deref().map(|state| ("state", state)));
    fields
}

/// A form; with a nonce it sends itself, and its button is for browsers without scripts.
fn posting(
    action: &WebUrl,
    fields: &[(&str, &str)],
    words: &str,
    button: &str,
    nonce: Option<&str>,
) -> String {
    let mut body =
        format!("<p>{}</p><form method=\"post\" action=\"{}\">", escape(words), escape(action.as_str()));
    for (name, value) in fields {
        let _ = write!(body, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value));
    }
    let button = format!("<button type=\"submit\">{}</button>", escape(button));
    let _ = match nonce {
        Some(nonce) => write!(
            body,
            "<noscript>{button}</noscript></form><script nonce=\"{}\">document.forms[0].submit()</script>",
            escape(nonce)
        ),
        None => write!(body, "{button}</form>"),
    };
    body
}

/// `form`: where the page's form may go, and the nonce of its script.
fn answer(status: StatusCode, body: &str, form: Option<(&WebUrl, Option<&str>)>) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>coursevia</title></head>\
         <body>{body}</body></html>\n"
    );
    let mut policy =
        String::from("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action ");
    match form {
        Some((action, nonce)) => {
            // Some browsers hold the form to this where the tool sends them on, too, and many tools do so
            // to another host of theirs.
            let _ = write!(policy, "{} https:", action.as_url().origin().ascii_serialization());
            if let Some(nonce) = nonce {
                let _ = write!(policy, "; script-src 'nonce-{nonce}'");
            }
        }
        None => policy.push_str("'none'"),
    }
    let mut response = (status, Html(html)).into_response();
    // Origins and nonces are plain; anything else would leave the strict policy in place.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Text as HTML, within elements and quoted attributes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_breaks_out(text in "\\PC{0,60}") {
            let safe = escape(&text);
            prop_assert!(!safe.contains(['<', '>', '"', '\'']));
            let back = safe.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
                .replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }
}
