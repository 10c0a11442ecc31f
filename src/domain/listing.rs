//! The list of programs: light rows that a hundred thousand of can be held, and what narrows and
//! orders them.

use crate::domain::ids::ProgramId;
use crate::domain::money::{Currency, Money};
use crate::domain::program::{DeliveryFormat, Slug};
use crate::domain::text::Text;
use crate::domain::views::{Offer, PriceLabel, ProgramView};
use std::sync::Arc;

/// A program as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramEntry {
    /// Which.
    pub id: ProgramId,
    /// Its title.
    pub title: Text,
    /// Other words people search for.
    pub aliases: Box<[Text]>,
    /// `Healthcare`, …; shared by the programs of one category.
    pub category: Arc<Text>,
    /// Part of a demo catalogue.
    pub demo: bool,
    /// Its partners by name. Empty: taught here.
    pub offers: Box<[OfferEntry]>,
}

/// One partner's offer as a list needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferEntry {
    /// Who delivers it; shared by all offers of one partner.
    pub partner: Arc<Text>,
    /// Where.
    pub format: DeliveryFormat,
    /// What the student pays.
    pub price: Money,
    /// Whether it can be taken now.
    pub available: bool,
}

impl From<&Offer> for OfferEntry {
    fn from(offer: &Offer) -> Self {
        Self {
            partner: Arc::new(offer.provider.name.clone()),
            format: offer.course.format,
            price: offer.course.price,
            available: offer.unavailable().is_none(),
        }
    }
}

impl From<&ProgramView> for ProgramEntry {
    fn from(view: &ProgramView) -> Self {
        Self {
            id: view.program.id,
            title: view.program.title.clone(),
            aliases: view.program.aliases.clone().into(),
            category: Arc::new(view.program.category.clone()),
            demo: view.program.demo,
            offers: view.offers.iter().map(OfferEntry::from).collect(),
        }
    }
}

impl ProgramEntry {
    /// Whether the program is taught here, by lessons of our own.
    pub fn self_hosted(&self) -> bool {
        self.offers.is_empty()
    }

    /// The offers that can be taken now.
    pub fn available(&self) -> impl Iterator<Item = &OfferEntry> + Clone {
        self.offers.iter().filter(|offer| offer.available)
    }

    /// The lowest price of what can be taken now.
    pub fn price(&self) -> PriceLabel {
        price_label(self.self_hosted(), self.available().map(|offer| offer.price))
    }
}

/// The lowest of `prices`. Currencies are not compared: the first offer's currency counts.
pub fn price_label(self_hosted: bool, prices: impl Iterator<Item = Money> + Clone) -> PriceLabel {
    if self_hosted {
        return PriceLabel::Exactly(Money::zero(Currency::USD));
    }
    let Some(first) = prices.clone().next() else {
        return PriceLabel::NotAvailable;
    };
    let comparable = prices.clone().filter(|price| price.currency == first.currency);
    let lowest = comparable.min_by_key(|price| price.cents).unwrap_or(first);
    let mut prices = prices;
    if prices.all(|price| price == lowest) { PriceLabel::Exactly(lowest) } else { PriceLabel::From(lowest) }
}

/// Where a page of the list ended: the next one begins after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCursor {
    /// Place in the catalogue.
    pub position: i64,
    /// Of the last program.
    pub slug: Slug,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ProgramPage {
    /// The programs, in the catalogue's order.
    pub entries: Vec<Arc<ProgramEntry>>,
    /// The first ones with all a screen needs.
    pub details: Vec<ProgramView>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<ListCursor>,
    /// How many programs there are in all; counted with the first page.
    pub total: Option<usize>,
}

impl ProgramPage {
    /// Everything on one page.
    pub fn whole(details: Vec<ProgramView>) -> Self {
        let entries: Vec<_> = details.iter().map(|view| Arc::new(view.into())).collect();
        Self { total: Some(entries.len()), entries, details, next: None }
    }
}

/// Where something takes place, as people look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatFilter {
    /// With a partner, in this format.
    Partner(DeliveryFormat),
    /// By lessons of our own.
    TaughtHere,
}

impl FormatFilter {
    /// In the order of the menu.
    pub const ALL: [Self; 4] = [
        Self::Partner(DeliveryFormat::Online),
        Self::Partner(DeliveryFormat::Hybrid),
        Self::Partner(DeliveryFormat::InPerson),
        Self::TaughtHere,
    ];
}

/// A band of prices, in whole units of whatever currency an offer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceBand {
    /// Nothing to pay.
    Free,
    /// Something, but under 100.
    Under100,
    /// 100 and more, under 500.
    Under500,
    /// 500 and more.
    From500,
}

impl PriceBand {
    /// In the order of the menu.
    pub const ALL: [Self; 4] = [Self::Free, Self::Under100, Self::Under500, Self::From500];

    /// Whether an amount lies in the band.
    pub fn holds(self, price: Money) -> bool {
        let unit = 10_i64.pow(price.currency.digits());
        match self {
            Self::Free => price.is_zero(),
            Self::Under100 => !price.is_zero() && price.cents < 100 * unit,
            Self::Under500 => (100 * unit..500 * unit).contains(&price.cents),
            Self::From500 => price.cents >= 500 * unit,
        }
    }
}

/// What narrows the list. Each is one wish; all of them hold at once, and those about offers hold
/// for one and the same offer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Filters {
    /// Where it takes place.
    pub format: Option<FormatFilter>,
    /// What it costs.
    pub price: Option<PriceBand>,
    /// The subject.
    pub category: Option<Arc<Text>>,
    /// Who delivers it.
    pub partner: Option<Arc<Text>>,
}

impl Filters {
    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the list shows this program.
    pub fn admits(&self, entry: &ProgramEntry) -> bool {
        self.category.as_ref().is_none_or(|category| *category == entry.category) && self.offers(entry)
    }

    fn offers(&self, entry: &ProgramEntry) -> bool {
        if self.format.is_none() && self.price.is_none() && self.partner.is_none() {
            return true;
        }
        if entry.self_hosted() {
            // Lessons of our own cost nothing and belong to no partner.
            return self.partner.is_none()
                && self.format.is_none_or(|format| format == FormatFilter::TaughtHere)
                && self.price.is_none_or(|band| band == PriceBand::Free);
        }
        entry.offers.iter().any(|offer| {
            self.format.is_none_or(|format| format == FormatFilter::Partner(offer.format))
                && self.price.is_none_or(|band| offer.available && band.holds(offer.price))
                && self.partner.as_ref().is_none_or(|partner| *partner == offer.partner)
        })
    }
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub enum Sort {
    /// As the catalogue has it; while something is searched for, the best match first.
    #[default]
    Catalogue,
    /// By title.
    Title,
    /// The lowest price first, what is not available last.
    Price,
    /// Most partners first.
    Partners,
}

impl Sort {
    /// In the order of the menu.
    pub const ALL: [Self; 4] = [Self::Catalogue, Self::Title, Self::Price, Self::Partners];
}

/// What the list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Query {
    /// Words to search for.
    pub text: String,
    /// What narrows it.
    pub filters: Filters,
    /// Its order.
    pub sort: Sort,
}

impl Query {
    /// Whether it asks for the whole list as it is.
    pub fn is_everything(&self) -> bool {
        self.text.trim().is_empty() && self.filters.is_empty() && self.sort == Sort::Catalogue
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{link_offer, program, rest_offer};

    fn entry(prices: &[i64]) -> ProgramEntry {
        let mut view = program(vec![rest_offer("Certiport"), link_offer("College")]);
        view.offers.truncate(prices.len());
        for (offer, cents) in view.offers.iter_mut().zip(prices) {
            offer.course.price = Money { cents: *cents, currency: Currency::USD };
            offer.course.format = DeliveryFormat::Online;
        }
        (&view).into()
    }

    fn admits(filters: &Filters, entry: &ProgramEntry) -> bool {
        filters.admits(entry)
    }

    #[test]
    fn bands_leave_no_gap_and_do_not_overlap() {
        for cents in [0, 1, 9_999, 10_000, 49_999, 50_000, 1_000_000] {
            let price = Money { cents, currency: Currency::USD };
            assert_eq!(PriceBand::ALL.iter().filter(|band| band.holds(price)).count(), 1, "{cents}");
        }
        let yen = Money { cents: 400, currency: Currency::parse("JPY").unwrap() };
        assert!(PriceBand::Under500.holds(yen), "a currency without decimals");
    }

    #[test]
    fn wishes_about_offers_hold_for_one_offer() {
        let mut entry = entry(&[0, 60_000]);
        entry.offers[1].format = DeliveryFormat::InPerson;
        let in_person = Some(FormatFilter::Partner(DeliveryFormat::InPerson));
        let free = Some(PriceBand::Free);
        assert!(admits(&Filters { format: in_person, ..Filters::default() }, &entry));
        assert!(admits(&Filters { price: free, ..Filters::default() }, &entry));
        assert!(!admits(&Filters { price: free, format: in_person, ..Filters::default() }, &entry));
    }

    #[test]
    fn what_is_taught_here_is_free_and_nobody_elses() {
        let here = entry(&[]);
        assert!(admits(&Filters { price: Some(PriceBand::Free), ..Filters::default() }, &here));
        assert!(admits(&Filters { format: Some(FormatFilter::TaughtHere), ..Filters::default() }, &here));
        let partner = Some(Arc::new("Certiport".into()));
        assert!(!admits(&Filters { partner, ..Filters::default() }, &here));
    }

    #[test]
    fn a_program_nobody_offers_now_is_hidden_only_by_a_price() {
        let mut entry = entry(&[0]);
        entry.offers[0].available = false;
        assert_eq!(entry.price(), PriceLabel::NotAvailable);
        assert!(admits(&Filters::default(), &entry));
        assert!(admits(
            &Filters { partner: Some(entry.offers[0].partner.clone()), ..Filters::default() },
            &entry
        ));
        assert!(!admits(&Filters { price: Some(PriceBand::Free), ..Filters::default() }, &entry));
    }

    #[test]
    fn the_price_of_a_list_is_the_price_of_its_screen() {
        for prices in [&[][..], &[0], &[500, 500], &[500, 900]] {
            let mut view = program(vec![rest_offer("A"), link_offer("B")]);
            view.offers.truncate(prices.len());
            for (offer, cents) in view.offers.iter_mut().zip(prices) {
                offer.course.price = Money { cents: *cents, currency: Currency::USD };
            }
            assert_eq!(ProgramEntry::from(&view).price(), view.price());
        }
    }
}
