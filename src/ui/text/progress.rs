//! What is said of progress and certificates.

use super::{date, upper_first};
use crate::domain::pace::Pace;
use crate::domain::progress::{ProgressSample, ProgressSource};
use crate::domain::text::Text;
use crate::domain::time::{Instant, ago};
use crate::domain::views::{Certificate, CourseView, Expiry};
use crate::domain::web::WebUrl;
use crate::ui::keymap::{Action, Keymap};
use chrono::{Datelike as _, FixedOffset, NaiveDate};

/// No figure has come yet.
pub const NOT_REPORTED: &str = "not reported yet";

/// "reported by Certiport 2 minutes ago": who told the figure, and when.
pub fn progress_source(course: &CourseView, now: Instant) -> String {
    let progress = &course.enrollment.progress;
    let Some(at) = progress.as_of else {
        return match course.provider() {
            None => String::new(),
            Some(provider) if provider.capabilities().progress => NOT_REPORTED.to_owned(),
            Some(provider) => format!("progress is kept by {}", provider.name),
        };
    };
    let when = ago(now, at);
    match (progress.source, course.provider()) {
        (Some(ProgressSource::Advisor), _) => super::confirmed_by_advisor(&when),
        (Some(ProgressSource::Here), _) | (_, None) => format!("counted here {when}"),
        (_, Some(provider)) => format!("reported by {} {when}", provider.name),
    }
}

/// "Certiport says 30% now; your 45% is kept".
pub fn fell(course: &CourseView) -> Option<String> {
    let progress = &course.enrollment.progress;
    let who = course.provider().map_or("the last count", |provider| provider.name.as_str());
    progress.reported.map(|lower| format!("{who} says {lower} now; your {} is kept", progress.percent))
}

/// "3 Nov", with the year when it is another one than today's.
fn short_day(at: Instant, now: Instant, offset: FixedOffset) -> String {
    let (day, today) = (at.with_timezone(&offset).date_naive(), now.with_timezone(&offset).date_naive());
    day.format(if day.year() == today.year() { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// "14 March", with the year when it is another one than today's.
fn long_day(day: NaiveDate, today: NaiveDate) -> String {
    if day.year() == today.year() { day.format("%-d %B").to_string() } else { date(day) }
}

/// "exam not passed on 3 Nov".
pub fn exam_failed_short(course: &CourseView, now: Instant, offset: FixedOffset) -> Option<String> {
    let at = course.enrollment.progress.exam_failed_at?;
    Some(format!("exam not passed on {}", short_day(at, now, offset)))
}

/// "Exam not passed on 3 Nov. Ask Certiport about another try."
pub fn exam_failed(course: &CourseView, now: Instant, offset: FixedOffset) -> Option<String> {
    let words = upper_first(&exam_failed_short(course, now, offset)?);
    let whom = course.provider().map_or("your advisor", |provider| provider.name.as_str());
    Some(format!("{words}. Ask {whom} about another try."))
}

/// "+7% since Tuesday; at this pace done by 14 March".
pub fn pace(pace: &Pace, today: NaiveDate) -> String {
    let since = match today.signed_duration_since(pace.since).num_days() {
        0..=6 => pace.since.format("%A").to_string(),
        _ => long_day(pace.since, today),
    };
    format!("+{}% since {since}; at this pace done by {}", pace.gained, long_day(pace.done_by, today))
}

/// One change of progress: "45%", "exam not passed".
pub fn sample(sample: &ProgressSample) -> String {
    let figure = sample.percent.map(|percent| percent.to_string());
    let state = if sample.completed {
        Some("completed")
    } else if sample.failed == Some(true) {
        Some("exam not passed")
    } else {
        None
    };
    let from = match sample.source {
        ProgressSource::Partner => None,
        ProgressSource::Here => Some("counted here"),
        ProgressSource::Advisor => Some("by an advisor"),
    };
    let words: Vec<String> =
        figure.into_iter().chain([state, from].into_iter().flatten().map(str::to_owned)).collect();
    words.join(", ")
}

/// "expires on 14 March", "expired on 14 March"; `None` while that is far off.
pub fn expiry(certificate: &Certificate, now: Instant, offset: FixedOffset) -> Option<String> {
    let day = |at: Instant| {
        long_day(at.with_timezone(&offset).date_naive(), now.with_timezone(&offset).date_naive())
    };
    Some(match certificate.expiry(now)? {
        Expiry::Soon(at) => format!("expires on {}", day(at)),
        Expiry::Over(at) => format!("expired on {}", day(at)),
    })
}

/// No browser could be started for the certificate's page.
pub fn no_browser_for(url: &WebUrl) -> String {
    format!("No browser could be started. The link is copied, where your terminal allows it: {url}")
}

/// Some figures could not be read.
pub fn sync_failed(failed: &[(Text, String)], left: &[(Text, usize)], keys: &Keymap) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (title, why) in failed {
        match reasons.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, titles)) => titles.push(title.as_str()),
            None => reasons.push((why, vec![title.as_str()])),
        }
    }
    let mut each: Vec<String> = reasons
        .into_iter()
        .map(|(why, titles)| format!("No new figure for {}. {}", titles.join(", "), upper_first(why)))
        .collect();
    let left = left.iter();
    each.extend(left.map(|(partner, _)| format!("{partner} was not asked about your other courses.")));
    format!("{} {} asks again.", each.join(" "), keys.word(Action::Refresh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partners_that_did_not_answer_are_named_once() {
        let failed = |title: &str, why: &str| (Text::from(title), why.to_owned());
        let all =
            [failed("CNA", "HSI is down."), failed("HVAC", "HSI is down."), failed("OSHA", "it is slow.")];
        assert_eq!(
            sync_failed(&all, &[], &Keymap::default()),
            "No new figure for CNA, HVAC. HSI is down. No new figure for OSHA. It is slow. r asks again."
        );
        assert_eq!(
            sync_failed(&all[..1], &[("HSI".into(), 3)], &Keymap::default()),
            "No new figure for CNA. HSI is down. HSI was not asked about your other courses. r asks again."
        );
    }

    #[test]
    fn a_pace_is_told_with_the_days_a_person_would_say() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let told = |since, done_by| pace(&Pace { gained: 7, since, done_by }, day(2026, 3, 6));
        assert_eq!(
            told(day(2026, 3, 3), day(2026, 3, 14)),
            "+7% since Tuesday; at this pace done by 14 March"
        );
        assert_eq!(
            told(day(2026, 2, 21), day(2027, 3, 14)),
            "+7% since 21 February; at this pace done by 14 March 2027"
        );
    }
}
