//! How the payment processor counts: Stripe's smallest units are ISO 4217's minor units, with a few
//! exceptions (docs.stripe.com/currencies, "Minor units in API amounts").

use crate::domain::money::{Currency, Money};

/// What the processor calls this amount; `None` where it can't take it: its last digit of currencies
/// with three decimals is always zero, and it does not know every currency.
pub fn to_units(money: Money) -> Option<i64> {
    let Money { cents, currency } = money;
    match (currency.code(), currency.digits()) {
        // Without decimals today, but still written with two that are zero.
        ("ISK" | "UGX", _) => cents.checked_mul(100),
        // Counted in whole ariary; ISO gives it two decimals.
        ("MGA", _) => (cents % 100 == 0).then_some(cents / 100),
        ("IQD" | "LYD", _) => None,
        (_, 3) => (cents % 10 == 0).then_some(cents),
        _ => Some(cents),
    }
}

/// The smallest amount above this one, or it itself, that the processor can count; `None` where it knows
/// none in this currency.
pub fn countable_from(money: Money) -> Option<Money> {
    let step = match (money.currency.code(), money.currency.digits()) {
        ("MGA", _) => 100,
        (_, 3) => 10,
        _ => 1,
    };
    let cents = money.cents.checked_add((-money.cents).rem_euclid(step))?;
    let money = Money { cents, ..money };
    to_units(money).map(|_| money)
}

/// What we call an amount of the processor; `None` where it is none of ours.
pub fn from_units(units: i64, currency: Currency) -> Option<Money> {
    let cents = match currency.code() {
        "ISK" | "UGX" => (units % 100 == 0).then_some(units / 100)?,
        "MGA" => units.checked_mul(100)?,
        _ => units,
    };
    Some(Money { cents, currency })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(cents: i64, code: &str) -> Money {
        Money { cents, currency: Currency::parse(code).expect("a currency") }
    }

    #[test]
    fn the_exceptions_are_known() {
        for (cents, code, units) in [
            (17_995, "USD", Some(17_995)),
            (500, "JPY", Some(500)),
            (500, "ISK", Some(50_000)),
            (500, "UGX", Some(50_000)),
            (50_000, "MGA", Some(500)),
            (50_001, "MGA", None),
            (5_120, "KWD", Some(5_120)),
            (5_124, "KWD", None),
            (5_000, "IQD", None),
        ] {
            assert_eq!(to_units(money(cents, code)), units, "{cents} {code}");
        }
        assert_eq!(from_units(50_001, Currency::parse("ISK").expect("a currency")), None);
        assert_eq!(to_units(money(i64::MAX, "ISK")), None);
    }

    proptest! {
        #[test]
        fn what_is_counted_is_hardly_more(cents in 0_i64..10_000_000, code in "USD|JPY|ISK|UGX|MGA|KWD|EUR") {
            let money = money(cents, &code);
            let counted = countable_from(money).expect("it is counted");
            prop_assert!(to_units(counted).is_some());
            prop_assert!((0..100).contains(&(counted.cents - cents)));
            prop_assert!(to_units(money).is_none() || counted == money);
        }

        #[test]
        fn what_is_sent_is_read_back(cents in any::<i64>(), code in "USD|JPY|ISK|UGX|MGA|KWD|LYD|EUR") {
            let money = money(cents, &code);
            if let Some(units) = to_units(money) {
                prop_assert_eq!(from_units(units, money.currency), Some(money));
            }
        }
    }
}
