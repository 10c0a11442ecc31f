//! Whether mail leaves from here.

use crate::domain::checkup::{Area, Check};
use crate::mail::Mailer;
use std::time::Duration;

const AREA: Area = Area::Mail;

/// Whether mail leaves from here; `Err` is why none can be set up.
pub(super) async fn check(mailer: Result<&Mailer, &str>, patience: Duration) -> Check {
    let (name, found) = match mailer {
        Err(why) => {
            let (found, todo) = why.split_once(". ").unwrap_or((why, "Correct [mail] in the configuration."));
            return Check::wrong(AREA, "route", found, todo);
        }
        Ok(Mailer::None) => {
            let found = "this process lacks the variable that smtp_url_env names, so it sends no mail";
            let todo =
                "Nothing, if another process sends (coursevia work where it is set). Else set it here.";
            return Check::warning(AREA, "route", found, todo);
        }
        Ok(Mailer::Folder { dir, .. }) => ("folder", format!("messages are written to {}", dir.display())),
        Ok(Mailer::Smtp { .. }) => ("server", "the mail server answers and takes our sign-in".to_owned()),
    };
    let Ok(mailer) = mailer else {
        return Check::ok(AREA, name, found);
    };
    match mailer.check(patience).await {
        Ok(()) => Check::ok(AREA, name, found),
        Err(error) => {
            let words = error.to_string();
            let todo = match name {
                "folder" => "Make this folder yours, or choose another as folder under [mail].",
                _ => "Check the address in the variable that smtp_url_env names, and that the server is up.",
            };
            Check::wrong(AREA, name, words.trim_end_matches('.'), todo)
        }
    }
}
