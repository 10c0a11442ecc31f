//! What the list of programs says.

use super::facts::join;
use super::{grouped, upper_first};
use crate::domain::listing::{Filters, FormatFilter, MinRating, PriceBand, ProgramEntry, Sort, StartsBy};
use crate::domain::program::DeliveryFormat;
use crate::domain::time::day;
use crate::domain::views::PriceLabel;
use crate::ui::app::FilterWish;
use crate::ui::keymap::{Action, Keymap};

/// How far the list is read: "12,064 of 100,000".
pub fn so_far(done: usize, total: usize) -> String {
    format!("{} of {}", grouped(done), grouped(total))
}

/// A wish about the list: its group and its value.
pub fn wish(wish: &FilterWish) -> (&'static str, String) {
    match wish {
        FilterWish::Format(format) => ("Format", format_filter(*format).to_owned()),
        FilterWish::Price(band) => ("Price", price_band(*band).to_owned()),
        FilterWish::Category(category) => ("Subject", category.to_string()),
        FilterWish::Partner(partner) => ("Partner", partner.to_string()),
        FilterWish::Starts(by) => ("Starts", upper_first(&starts_by(*by))),
        FilterWish::Seats => ("Seats", "Some left".to_owned()),
        FilterWish::Rating(rating) => ("Rating", rated(*rating)),
        FilterWish::Sort(sort) => ("Sort", sort_words(*sort).to_owned()),
    }
}

fn format_filter(format: FormatFilter) -> &'static str {
    match format {
        FormatFilter::Partner(DeliveryFormat::Online) => "Online",
        FormatFilter::Partner(DeliveryFormat::Hybrid) => "Hybrid",
        FormatFilter::Partner(DeliveryFormat::InPerson) => "In person",
        FormatFilter::TaughtHere => "Taught here",
    }
}

fn price_band(band: PriceBand) -> &'static str {
    match band {
        PriceBand::Free => "Free",
        PriceBand::Under100 => "Under 100",
        PriceBand::Under500 => "100 to 499",
        PriceBand::From500 => "500 and more",
    }
}

fn starts_by(by: StartsBy) -> String {
    match by {
        StartsBy::TwoWeeks => "within 2 weeks".to_owned(),
        StartsBy::Month => "within a month".to_owned(),
        StartsBy::ThreeMonths => "within 3 months".to_owned(),
        StartsBy::Before(end) => format!("before {}", day(end)),
    }
}

fn rated(rating: MinRating) -> String {
    match rating.tenths() {
        tenths if tenths % 10 == 0 => format!("{} or more", tenths / 10),
        tenths => format!("{}.{} or more", tenths / 10, tenths % 10),
    }
}

fn sort_words(sort: Sort) -> &'static str {
    match sort {
        Sort::Catalogue => "In catalogue order",
        Sort::Title => "Title, A to Z",
        Sort::Price => "Lowest price first",
        Sort::Partners => "Most partners first",
    }
}

/// What narrows and orders the list: "Online · Free · Healthcare · Title, A to Z". Empty where nothing
/// does.
pub fn narrowed(filters: &Filters, sort: Sort) -> String {
    join([
        filters.format.map(|format| format_filter(format).to_owned()),
        filters.price.map(|band| price_band(band).to_owned()),
        filters.starts.map(|by| format!("Starts {}", starts_by(by))),
        filters.has_seats.then(|| "Seats left".to_owned()),
        filters.rating.map(|rating| format!("Rated {}", rated(rating))),
        filters.category.as_ref().map(ToString::to_string),
        filters.partner.as_ref().map(ToString::to_string),
        (sort != Sort::Catalogue).then(|| sort_words(sort).to_owned()),
    ])
}

/// "3 partners", "Milady", "taught here", "paused".
pub fn who_delivers(entry: &ProgramEntry) -> String {
    match &*entry.offers {
        [] => "taught here".to_owned(),
        _ if entry.available().next().is_none() => "paused".to_owned(),
        [only] => only.partner.to_string(),
        many => format!("{} partners", many.len()),
    }
}

/// "Free", "$119.00", "from $35.00", "Free and up", "—".
pub fn price(entry: &ProgramEntry) -> String {
    match entry.price() {
        PriceLabel::Exactly(money) => money.to_string(),
        PriceLabel::From(money) if money.is_zero() => "Free and up".to_owned(),
        PriceLabel::From(money) => format!("from {money}"),
        PriceLabel::NotAvailable => "—".to_owned(),
    }
}

/// Why the list is empty although there are programs.
pub fn nothing_found(search: &str, filters: &Filters) -> String {
    let narrowed = narrowed(filters, Sort::Catalogue);
    match (search.trim(), narrowed.as_str()) {
        (words, "") => super::no_match(words),
        ("", narrowed) => format!("No program matches {narrowed}."),
        (words, narrowed) => format!("Nothing matches “{words}” with {narrowed}."),
    }
}

/// What to do when nothing matches: `subject` is one that does, where no filter stands against it;
/// `clears` says that the search alone goes.
pub fn no_match_next(subject: Option<&str>, clears: bool, keys: &Keymap) -> String {
    let what = if clears { "clears the search" } else { "shows all programs" };
    let all = format!("{} {what}.", keys.word(Action::Back));
    subject.map_or(all.clone(), |subject| format!("Try a subject such as {subject}. {all}"))
}
