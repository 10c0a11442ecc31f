//! What a student pays, and what the partner gets of it.

use super::problem::quoted;
use super::report::Report;
use super::section::{Kind, Placed, Section};
use crate::domain::money::{Currency, Money, MoneyError, Terms};

const TERMS: Kind = Kind { name: "terms entry", keys: &["wholesale", "share_percent"] };

/// The highest price in minor units, so that no later sum or percentage can overflow.
const MAX_CENTS: i64 = 1_000_000_000_000;

/// Reads `price` and `currency`.
pub(super) fn read(report: &mut Report<'_>, course: Section<'_>) -> Option<Money> {
    course.require(report, "currency", "\"USD\"");
    let currency = course.raw(report, "currency").and_then(|raw| currency(report, raw));
    course.require(report, "price", "\"0.00\"");
    let raw = course.raw(report, "price")?;
    let price = amount(report, "price", raw, currency);
    price.filter(|_| currency.is_some())
}

/// Reads `terms`. A free course has nothing to split: its terms are checked, then left out.
pub(super) fn terms(report: &mut Report<'_>, course: Section<'_>, price: Option<Money>) -> Terms {
    let Some(section) = course.table(report, "terms", &TERMS) else {
        return Terms::None;
    };
    section.finish(report);
    let wholesale = section.raw(report, "wholesale");
    let cents = wholesale.and_then(|raw| amount(report, "wholesale", raw, price.map(|price| price.currency)));
    let share = section.raw(report, "share_percent").and_then(|raw| share(report, raw));
    match (section.has("wholesale"), section.has("share_percent")) {
        (true, true) => {
            let what = "the terms have both wholesale and share_percent";
            report.error(section.at, what, "Keep the one that was agreed.");
            return Terms::None;
        }
        (false, false) => {
            let mend = "Write wholesale = \"25.00\" or share_percent = \"50\", or remove terms.";
            report.error(section.at, "the terms say nothing", mend);
            return Terms::None;
        }
        _ => {}
    }
    if price.is_some_and(Money::is_zero) {
        let mend = "Remove terms, or give the course a price.";
        report.warn(section.at, "the course is free, so its terms are left out", mend);
        return Terms::None;
    }
    match (cents, share, price) {
        (Some(cents), _, Some(price)) if cents.cents > price.cents => {
            let what = format!("the wholesale {} is above the price {}", cents.decimal(), price.decimal());
            report.error(section.at("wholesale"), what, "Write an amount up to the price.");
            Terms::None
        }
        (Some(cents), ..) => Terms::Wholesale(cents.cents),
        (None, Some(share), _) => Terms::Share(share),
        (None, None, _) => Terms::None,
    }
}

fn currency(report: &mut Report<'_>, raw: Placed<&str>) -> Option<Currency> {
    let read = Currency::parse(raw.value).ok();
    if read.is_none() {
        let what = format!("the currency {} is not a currency code", quoted(raw.value));
        report.error(raw.at, what, "Write three capital letters, such as \"USD\".");
    }
    read
}

/// Reads an amount. With no usable currency everything but the number of decimals is checked.
fn amount(
    report: &mut Report<'_>,
    key: &str,
    raw: Placed<&str>,
    currency: Option<Currency>,
) -> Option<Money> {
    let read = Money::parse(raw.value, currency.unwrap_or(Currency::USD));
    let (what, mend) = match read {
        Ok(money) if money.cents <= MAX_CENTS => return Some(money),
        Ok(_) | Err(MoneyError::TooLarge) => {
            (format!("the {key} is too large"), "Write a smaller amount.".to_owned())
        }
        Err(MoneyError::Negative) => {
            (format!("the {key} is negative"), format!("Write a {key} of \"0.00\" or more."))
        }
        Err(MoneyError::Decimals { .. }) if currency.is_none() => return None,
        Err(MoneyError::Decimals { currency, digits }) => (
            format!("the {key} {} has more decimals than {currency} has", quoted(raw.value)),
            match digits {
                0 => "Write it without decimals.".to_owned(),
                _ => format!("Write at most {digits}."),
            },
        ),
        Err(MoneyError::Amount | MoneyError::Currency) => (
            format!("the {key} {} is not an amount", quoted(raw.value)),
            "Write a plain number in quotes, such as \"59.00\".".to_owned(),
        ),
    };
    report.error(raw.at, what, mend);
    None
}

/// A percentage of at most two decimals, in basis points.
fn share(report: &mut Report<'_>, raw: Placed<&str>) -> Option<u16> {
    let mend =
        "Write a percentage from \"0\" to \"100\" with at most two decimals, such as \"50\" or \"12.5\".";
    let read = basis_points(raw.value);
    if read.is_none() {
        report.error(raw.at, format!("the share_percent {} can't be used", quoted(raw.value)), mend);
    }
    read
}

fn basis_points(percent: &str) -> Option<u16> {
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    let plain =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole, 3) || !plain(fraction, 2) {
        return None;
    }
    let points: u32 = format!("{whole}{fraction:0<2}").parse().ok()?;
    u16::try_from(points).ok().filter(|points| *points <= 10_000)
}

/// A share as the file writes it: `12.5` for 1250 basis points.
pub(super) fn percent(basis_points: u16) -> String {
    let (whole, fraction) = (basis_points / 100, basis_points % 100);
    match fraction {
        0 => whole.to_string(),
        _ => format!("{whole}.{fraction:02}").trim_end_matches('0').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_basis_points() {
        for (text, points) in [("0", 0), ("50", 5_000), ("12.5", 1_250), ("0.05", 5), ("100.00", 10_000)] {
            assert_eq!(basis_points(text), Some(points), "{text}");
        }
        for bad in ["", ".5", "5.", "-1", "100.01", "101", "12.345", "1e2", "50%", " 50", "٥٠"] {
            assert_eq!(basis_points(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_share_reads_back() {
        for points in 0..=10_000 {
            assert_eq!(basis_points(&percent(points)), Some(points));
        }
    }
}
