//! The box that narrows and orders the list of programs: one list of wishes, searched by typing.

use super::{App, Overlay};
use crate::domain::listing::{FormatFilter, MinRating, PriceBand, Sort, StartsBy};
use crate::domain::text::Text;
use crate::ui::effect::Effect;
use crate::ui::field::Field;
use crate::ui::mark::{self, Kind};
use crate::ui::text;
use std::sync::Arc;

/// One wish of the box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Where it takes place.
    Format(FormatFilter),
    /// What it costs.
    Price(PriceBand),
    /// The subject.
    Category(Arc<Text>),
    /// How soon it begins.
    Starts(StartsBy),
    /// A seat is free now.
    Seats,
    /// How it is rated at least.
    Rating(MinRating),
    /// Who delivers it.
    Partner(Arc<Text>),
    /// The order of the list.
    Sort(Sort),
}

/// The box.
#[derive(Clone, Debug, Default)]
pub struct FilterBox {
    /// What was typed: it narrows the wishes.
    pub field: Field,
    all: Vec<Wish>,
    /// The chosen row.
    pub selected: usize,
}

impl FilterBox {
    /// The wishes that match what was typed.
    pub fn wishes(&self) -> Vec<&Wish> {
        let matches = |wish: &&Wish| {
            let (group, value) = text::wish(wish);
            mark::find(&format!("{group} {value}"), self.field.text(), Kind::Together).is_some()
        };
        self.all.iter().filter(matches).collect()
    }

    /// How many wishes there are when nothing is typed.
    pub fn most(&self) -> usize {
        self.all.len()
    }

    /// The wish in focus.
    pub fn chosen(&self) -> Option<&Wish> {
        self.wishes().get(self.selected).copied()
    }
}

impl App {
    pub(super) fn open_filters(&mut self) {
        let sorted = |set: &std::collections::BTreeSet<Arc<Text>>| {
            let mut all: Vec<Arc<Text>> = set.iter().cloned().collect();
            all.sort_by_cached_key(|text| text.as_str().to_lowercase());
            all
        };
        let all = FormatFilter::ALL
            .into_iter()
            .map(Wish::Format)
            .chain(PriceBand::ALL.into_iter().map(Wish::Price))
            .chain(StartsBy::ALL.into_iter().map(Wish::Starts))
            .chain([Wish::Seats])
            .chain(MinRating::ALL.into_iter().map(Wish::Rating))
            .chain(sorted(&self.reading.categories).into_iter().map(Wish::Category))
            .chain(sorted(&self.reading.partners).into_iter().map(Wish::Partner))
            .chain(Sort::ALL.into_iter().map(Wish::Sort))
            .collect();
        self.overlays.push(Overlay::Filter(FilterBox { all, ..FilterBox::default() }));
    }

    /// Whether a wish is in force.
    pub(in crate::ui) fn is_wished(&self, wish: &Wish) -> bool {
        let (filters, sort) = (&self.list.filters, self.list.sort);
        match wish {
            Wish::Format(format) => filters.format == Some(*format),
            Wish::Price(band) => filters.price == Some(*band),
            Wish::Category(category) => filters.category.as_ref() == Some(category),
            Wish::Partner(partner) => filters.partner.as_ref() == Some(partner),
            Wish::Starts(by) => filters.starts == Some(*by),
            Wish::Seats => filters.has_seats,
            Wish::Rating(rating) => filters.rating == Some(*rating),
            Wish::Sort(order) => sort == *order,
        }
    }

    /// What Enter does to a wish; `None` where it is so already and can't be otherwise.
    pub(in crate::ui) fn granting(&self, wish: &Wish) -> Option<&'static str> {
        match wish {
            Wish::Sort(sort) if *sort == self.list.sort && *sort == Sort::default() => None,
            Wish::Sort(_) if self.is_wished(wish) => Some("undo the sort"),
            Wish::Sort(_) => Some("sort"),
            _ if self.is_wished(wish) => Some("remove filter"),
            _ => Some("filter"),
        }
    }

    /// Enter in the box: the wish in focus is made, or dropped where it was made.
    pub(super) fn toggle_wish(&mut self) -> Vec<Effect> {
        let Some(Overlay::Filter(filter)) = self.overlays.last() else {
            return Vec::new();
        };
        let Some(wish) = filter.chosen().cloned() else {
            return Vec::new();
        };
        let dropped = self.is_wished(&wish);
        let (filters, sort) = (&mut self.list.filters, &mut self.list.sort);
        match wish {
            Wish::Format(format) => filters.format = (!dropped).then_some(format),
            Wish::Price(band) => filters.price = (!dropped).then_some(band),
            Wish::Category(category) => filters.category = (!dropped).then_some(category),
            Wish::Partner(partner) => filters.partner = (!dropped).then_some(partner),
            Wish::Starts(by) => filters.starts = (!dropped).then_some(by),
            Wish::Seats => filters.has_seats = !dropped,
            Wish::Rating(rating) => filters.rating = (!dropped).then_some(rating),
            Wish::Sort(order) => *sort = if dropped { Sort::default() } else { order },
        }
        self.search_again()
    }
}
