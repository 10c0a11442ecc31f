//! The list of programs: light rows that a hundred thousand of can be held, and what narrows and
//! orders them.

mod wish;

pub use wish::{MinRating, StartEntry, StartsBy};

use crate::domain::ids::ProgramId;
use crate::domain::money::{Currency, Money};
use crate::domain::program::{DeliveryFormat, Slug};
use crate::domain::text::Text;
use crate::domain::time::Instant;
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
    /// It has dated starts, be they over or still to come; without, it starts any time.
    pub dated: bool,
    /// The dated starts that are not over.
    pub starts: Box<[StartEntry]>,
    /// What those who learned with it give on average, in tenths of a star.
    pub rating: Option<u32>,
}

impl OfferEntry {
    /// Whether one can begin as soon as wished, with a free seat where that is wished, too: both
    /// for one and the same start.
    fn begins(&self, by: Option<StartsBy>, seat: bool, now: Instant) -> bool {
        if by.is_none() && !seat {
            return true;
        }
        let soon = |day| by.is_none_or(|by| by.holds(day, now));
        let start =
            |start: &StartEntry| now < start.closes_at && soon(start.starts_on) && (!seat || start.is_free);
        self.available && if self.dated { self.starts.iter().any(start) } else { soon(now.date_naive()) }
    }
}

impl OfferEntry {
    fn of(offer: &Offer, now: Instant) -> Self {
        Self {
            partner: Arc::new(offer.provider.name.clone()),
            format: offer.course.format,
            price: offer.course.price,
            available: offer.unavailable(now).is_none(),
            dated: offer.dated,
            starts: offer.cohorts.iter().map(StartEntry::from).collect(),
            rating: offer.rating.average_tenths(),
        }
    }
}

impl ProgramEntry {
    /// The entry of a program, as it stands now.
    pub fn of(view: &ProgramView, now: Instant) -> Self {
        Self {
            id: view.program.id,
            title: view.program.title.clone(),
            aliases: view.program.aliases.clone().into(),
            category: Arc::new(view.program.category.clone()),
            demo: view.program.demo,
            offers: view.offers.iter().map(|offer| OfferEntry::of(offer, now)).collect(),
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

/// The lowest of `prices`. Currencies are not compared: the first offer's currency counts, but
/// free is free in all of them.
pub fn price_label(self_hosted: bool, prices: impl Iterator<Item = Money> + Clone) -> PriceLabel {
    if self_hosted {
        return PriceLabel::Exactly(Money::zero(Currency::USD));
    }
    let free = prices.clone().find(|price| price.is_zero());
    let Some(first) = free.or_else(|| prices.clone().next()) else {
        return PriceLabel::NotAvailable;
    };
    let comparable = prices.clone().filter(|price| price.currency == first.currency);
    let lowest = comparable.min_by_key(|price| price.cents).unwrap_or(first);
    let mut prices = prices;
    if prices.all(|price| price == lowest || price.is_zero() && lowest.is_zero()) {
        PriceLabel::Exactly(lowest)
    } else {
        PriceLabel::From(lowest)
    }
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
    pub fn whole(details: Vec<ProgramView>, now: Instant) -> Self {
        let entries: Vec<_> = details.iter().map(|view| Arc::new(ProgramEntry::of(view, now))).collect();
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
    /// How soon it begins.
    pub starts: Option<StartsBy>,
    /// A seat is free now.
    pub has_seats: bool,
    /// How it is rated at least.
    pub rating: Option<MinRating>,
}

impl Filters {
    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the list shows this program at `now`.
    pub fn admits(&self, entry: &ProgramEntry, now: Instant) -> bool {
        self.category.as_ref().is_none_or(|category| *category == entry.category) && self.offers(entry, now)
    }

    fn offers(&self, entry: &ProgramEntry, now: Instant) -> bool {
        if *self == (Self { category: self.category.clone(), ..Self::default() }) {
            return true;
        }
        if entry.self_hosted() {
            // Lessons of our own cost nothing, start any time for everybody, and belong to no
            // partner who could be rated.
            return self.partner.is_none()
                && self.rating.is_none()
                && self.starts.is_none_or(|by| by.holds(now.date_naive(), now))
                && self.format.is_none_or(|format| format == FormatFilter::TaughtHere)
                && self.price.is_none_or(|band| band == PriceBand::Free);
        }
        entry.offers.iter().any(|offer| {
            self.format.is_none_or(|format| format == FormatFilter::Partner(offer.format))
                && self.price.is_none_or(|band| offer.available && band.holds(offer.price))
                && self.partner.as_ref().is_none_or(|partner| *partner == offer.partner)
                && self.rating.is_none_or(|rating| rating.holds(offer.rating))
                && offer.begins(self.starts, self.has_seats, now)
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
    /// When it is asked: some wishes are about days from now.
    pub at: Instant,
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
    use crate::domain::decide::fixtures::{cohort, link_offer, now, program, rest_offer};
    use chrono::Days;

    fn entry(prices: &[i64]) -> ProgramEntry {
        let mut view = program(vec![rest_offer("Certiport"), link_offer("College")]);
        view.offers.truncate(prices.len());
        for (offer, cents) in view.offers.iter_mut().zip(prices) {
            offer.course.price = Money { cents: *cents, currency: Currency::USD };
            offer.course.format = DeliveryFormat::Online;
        }
        ProgramEntry::of(&view, now())
    }

    fn admits(filters: &Filters, entry: &ProgramEntry) -> bool {
        filters.admits(entry, now())
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

    /// One offer with starts in so many days: free or not.
    fn starting(starts: &[(u64, bool)]) -> ProgramEntry {
        let mut view = program(vec![rest_offer("Certiport")]);
        let seats = |free| if free { (12, 3) } else { (12, 12) };
        let start = |(days, free): &(u64, bool)| {
            let (seats, taken) = seats(*free);
            cohort(now().date_naive() + Days::new(*days), seats, taken)
        };
        view.offers[0].dated = true;
        view.offers[0].cohorts = starts.iter().map(start).collect();
        ProgramEntry::of(&view, now())
    }

    fn by(starts: StartsBy) -> Filters {
        Filters { starts: Some(starts), ..Filters::default() }
    }

    #[test]
    fn what_starts_any_time_starts_today() {
        for entry in [entry(&[]), entry(&[0])] {
            assert!(admits(&by(StartsBy::TwoWeeks), &entry));
            assert!(admits(&Filters { has_seats: true, ..Filters::default() }, &entry));
            assert!(!admits(&by(StartsBy::Before(now().date_naive())), &entry), "today is not before today");
        }
        let mut paused = entry(&[0]);
        paused.offers[0].available = false;
        assert!(!admits(&by(StartsBy::ThreeMonths), &paused));
    }

    #[test]
    fn soon_and_a_free_seat_are_wished_for_one_start() {
        let soon_seat = Filters { has_seats: true, ..by(StartsBy::TwoWeeks) };
        let entry = starting(&[(7, false), (40, true)]);
        assert!(admits(&by(StartsBy::TwoWeeks), &entry), "full, but soon");
        assert!(admits(&Filters { has_seats: true, ..Filters::default() }, &entry), "free, but late");
        assert!(!admits(&soon_seat, &entry));
        assert!(admits(&Filters { starts: Some(StartsBy::ThreeMonths), ..soon_seat.clone() }, &entry));
        assert!(admits(&soon_seat, &starting(&[(14, true)])));
    }

    #[test]
    fn dates_that_are_all_over_begin_never() {
        let over = starting(&[]);
        assert!(!admits(&by(StartsBy::ThreeMonths), &over));
        assert!(!admits(&Filters { has_seats: true, ..Filters::default() }, &over));
        let begun = starting(&[(0, true)]);
        assert!(admits(&by(StartsBy::TwoWeeks), &begun), "the first day is the last one");
        assert!(!by(StartsBy::TwoWeeks).admits(&begun, begun.offers[0].starts[0].closes_at));
    }

    #[test]
    fn a_rating_is_wished_of_the_offer_that_is_free() {
        let mut entry = entry(&[0, 60_000]);
        entry.offers[1].rating = Some(46);
        let rated = Filters { rating: MinRating::parse("4.5"), ..Filters::default() };
        assert!(admits(&rated, &entry));
        assert!(!admits(&Filters { price: Some(PriceBand::Free), ..rated }, &entry));
    }

    #[test]
    fn currencies_are_not_compared_and_free_is_free() {
        let money = |cents, code| Money { cents, currency: Currency::parse(code).unwrap() };
        let label = |prices: &[Money]| price_label(false, prices.iter().copied());
        assert_eq!(
            label(&[money(5_000, "USD"), money(100, "EUR")]),
            PriceLabel::From(money(5_000, "USD")),
            "one euro may be more or less than fifty dollars"
        );
        assert_eq!(
            label(&[money(5_000, "EUR"), money(3_500, "EUR"), money(1, "JPY")]),
            PriceLabel::From(money(3_500, "EUR"))
        );
        assert_eq!(label(&[money(5_000, "USD"), money(0, "EUR")]), PriceLabel::From(money(0, "EUR")));
        assert_eq!(label(&[money(0, "USD"), money(0, "EUR")]), PriceLabel::Exactly(money(0, "USD")));
    }

    #[test]
    fn the_price_of_a_list_is_the_price_of_its_screen() {
        for prices in [&[][..], &[0], &[500, 500], &[500, 900]] {
            let mut view = program(vec![rest_offer("A"), link_offer("B")]);
            view.offers.truncate(prices.len());
            for (offer, cents) in view.offers.iter_mut().zip(prices) {
                offer.course.price = Money { cents: *cents, currency: Currency::USD };
            }
            assert_eq!(ProgramEntry::of(&view, now()).price(), view.price(now()));
        }
    }
}
