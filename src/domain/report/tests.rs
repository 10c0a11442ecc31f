use super::*;
use crate::domain::money::Currency;
use proptest::prelude::*;
use uuid::Uuid;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn place(provider: u128, program: u128) -> Place {
    Place { provider: (provider > 0).then(|| id(provider)), program: Some(id(program)) }
}

fn names() -> Names {
    let provider = |number: u128, name: &str| (id(number), name.into());
    let program = |number: u128, slug: &str, title: &str| (id(number), (slug.into(), title.into()));
    Names {
        providers: [provider(1, "Certiport"), provider(2, "Adams")].into(),
        programs: [program(1, "cna", "CNA Training"), program(2, "osha", "OSHA 10")].into(),
    }
}

#[test]
fn a_period_has_whole_days_and_ends_after_it_begins() {
    let november = Period::new(Some(day(11, 1)), Some(day(11, 30))).expect("a period");
    assert_eq!(november.begins().to_rfc3339(), "2026-11-01T00:00:00+00:00");
    assert_eq!(november.ends().to_rfc3339(), "2026-12-01T00:00:00+00:00");
    assert!(Period::new(Some(day(11, 1)), Some(day(11, 1))).is_ok(), "one day is a period");
    let wrong = Period::new(Some(day(11, 2)), Some(day(11, 1))).expect_err("it ends first");
    assert_eq!(wrong.to_string(), "the period ends on 2026-11-01, before it begins on 2026-11-02");
    let now = "2026-01-31T23:00:00Z".parse().expect("an instant");
    assert_eq!(Period::month(now, 1).from(), NaiveDate::from_ymd_opt(2025, 12, 1));
    assert_eq!(Period::month(now, 1).to(), NaiveDate::from_ymd_opt(2025, 12, 31));
    assert_eq!(Period::year(now).to(), Some(day(12, 31)));
    assert!(Period::default().begins() < Period::default().ends());
}

#[test]
fn the_middle_of_counted_values() {
    assert_eq!(median(vec![]), None);
    assert_eq!(median(vec![(9, 1)]), Some(9.0));
    assert_eq!(median(vec![(10, 1), (1, 1)]), Some(5.5));
    assert_eq!(median(vec![(10, 1), (1, 5)]), Some(1.0));
    assert_eq!(median(vec![(3, 2), (7, 2)]), Some(5.0));
}

#[test]
fn rows_are_in_the_order_of_their_names_and_what_is_taught_here_is_last() {
    let count = |place, kind, days, count| EventCount { place, kind, days, count };
    let events = [
        count(place(1, 1), EventKind::Enrolled, None, 4),
        count(place(1, 2), EventKind::SwitchedHere, None, 1),
        count(place(1, 1), EventKind::Completed, Some(10), 1),
        count(place(1, 2), EventKind::Completed, Some(20), 1),
        count(place(0, 2), EventKind::Started, None, 3),
        count(place(2, 2), EventKind::SwitchedAway, None, 1),
    ];
    let rows = completion(&ReportQuery::default(), &names(), &events);
    let labels: Vec<_> = rows.iter().map(|row| row.subject.label()).collect();
    assert_eq!(labels, ["Adams", "Certiport", "taught here"]);
    assert_eq!((rows[1].enrolled, rows[1].completed, rows[1].median_days), (5, 2, Some(15.0)));
    let query = ReportQuery { by: By::Program, partner: Some(id(1)), ..ReportQuery::default() };
    let rows = completion(&query, &names(), &events);
    assert_eq!(rows.iter().map(|row| row.subject.code()).collect::<Vec<_>>(), [Some("cna"), Some("osha")]);
    assert_eq!((rows[0].enrolled, rows[1].enrolled, rows[1].started), (4, 1, 0));
}

fn sums() -> impl Strategy<Value = Vec<LedgerSum>> {
    let account = prop::sample::select(&[Account::PartnerPayable, Account::PlatformRevenue][..]);
    let kind = prop::sample::select(
        &[TransactionKind::Split, TransactionKind::Unsplit, TransactionKind::Refund, TransactionKind::Payout]
            [..],
    );
    let currency = prop::sample::select(&["USD", "EUR"][..]);
    let line = (account, kind, currency, 1..3_u128, 1..3_u128, -900..900_i64, -900..900_i64).prop_map(
        |(account, kind, currency, provider, program, within, before)| LedgerSum {
            place: place(provider, program),
            account: if kind == TransactionKind::Payout { Account::PartnerPayable } else { account },
            kind,
            currency: Currency::parse(currency).expect("a currency"),
            within,
            total: within + before,
        },
    );
    prop::collection::vec(line, 0..30)
}

proptest! {
    #[test]
    fn gross_less_refunds_is_what_both_have(lines in sums()) {
        for by in By::ALL.iter().copied() {
            let query = ReportQuery { by, ..ReportQuery::default() };
            for row in revenue(&query, &names(), &lines) {
                prop_assert_eq!(row.gross - row.refunded, row.partner_share + row.platform_share);
            }
        }
        // Nothing is lost on the way to partners and programs.
        let total = |by| -> i64 {
            let query = ReportQuery { by, ..ReportQuery::default() };
            revenue(&query, &names(), &lines).iter().map(|row| row.gross - row.refunded).sum()
        };
        prop_assert_eq!(total(By::Partner), total(By::Program));
    }
}
