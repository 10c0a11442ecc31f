//! Money: whole minor units of an ISO 4217 currency. Never a float.

use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// An ISO 4217 code: three upper-case letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// Reads a code such as `USD`.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if bytes.iter().all(u8::is_ascii_uppercase) => Ok(Self(bytes)),
            _ => Err(MoneyError::Currency),
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand behind the decimal point (ISO 4217, column "minor unit").
    pub fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }

    fn symbol(self) -> Option<&'static str> {
        match &self.0 {
            b"USD" => Some("$"),
            b"EUR" => Some("€"),
            b"GBP" => Some("£"),
            _ => None,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in minor units (cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units: 17995 is $179.95.
    pub cents: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Why a text is not an amount of money.
#[derive(Debug, Error, PartialEq, Eq, Clone, Copy)]
pub enum MoneyError {
    /// Not three upper-case letters.
    #[error("a currency is three capital letters, such as USD")]
    Currency,
    /// Not a plain decimal number.
    #[error("an amount is a plain number in quotes, such as \"59.00\"")]
    Amount,
    /// More decimals than the currency has.
    #[error("{currency} has {digits} decimals")]
    Decimals {
        /// The currency.
        currency: Currency,
        /// How many decimals it has.
        digits: u32,
    },
    /// Below zero.
    #[error("an amount can't be below zero")]
    Negative,
    /// More than fits.
    #[error("the amount is too large")]
    TooLarge,
}

impl Money {
    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Self {
        Self { cents: 0, currency }
    }

    /// Whether there is nothing to pay.
    pub fn is_zero(self) -> bool {
        self.cents == 0
    }

    /// Reads a decimal amount such as `179.95`; it must not be negative.
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        if amount.starts_with('-') {
            return Err(MoneyError::Negative);
        }
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !plain(fraction) || amount.ends_with('.') {
            return Err(MoneyError::Amount);
        }
        let digits = currency.digits();
        let missing = usize::try_from(digits)
            .ok()
            .and_then(|digits| digits.checked_sub(fraction.len()))
            .ok_or(MoneyError::Decimals { currency, digits })?;
        format!("{whole}{fraction}{}", "0".repeat(missing))
            .parse()
            .map(|cents| Self { cents, currency })
            .map_err(|_| MoneyError::TooLarge)
    }

    /// The amount as a catalogue writes it: `179.95`.
    pub fn decimal(self) -> String {
        self.split(|whole| whole.to_string())
    }

    fn split(self, group: impl Fn(u64) -> String) -> String {
        let digits = self.currency.digits();
        let unit = 10_u64.pow(digits);
        let (whole, rest) = (self.cents.unsigned_abs() / unit, self.cents.unsigned_abs() % unit);
        let sign = if self.cents < 0 { "-" } else { "" };
        let whole = group(whole);
        match digits {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{rest:0width$}", width = digits as usize),
        }
    }
}

/// `points` basis points of an amount in minor units, rounded down.
pub fn portion(cents: i64, points: u64) -> i64 {
    ratio(cents, i64::try_from(points).unwrap_or(i64::MAX), 10_000)
}

/// `cents * part / whole`, rounded down, however large the product is; `cents` where there is no whole.
pub fn ratio(cents: i64, part: i64, whole: i64) -> i64 {
    if whole == 0 {
        return cents;
    }
    let product = i128::from(cents) * i128::from(part);
    i64::try_from(product.div_euclid(i128::from(whole))).unwrap_or(cents)
}

/// A whole number as a person reads it: `10,000`.
pub fn grouped(whole: u64) -> String {
    let plain = whole.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 3);
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 hour`, `1,200 hours`.
pub fn counted(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", grouped(number))
}

/// As a person reads it: `Free`, `$1,250.00`, `JPY 5,000`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.pad("Free");
        }
        let amount = self.split(grouped);
        f.pad(&match self.currency.symbol() {
            Some(symbol) => match amount.strip_prefix('-') {
                Some(positive) => format!("-{symbol}{positive}"),
                None => format!("{symbol}{amount}"),
            },
            None => format!("{} {amount}", self.currency),
        })
    }
}

/// What the partner gets of a price, as agreed (`partner_terms`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Terms {
    /// Nothing agreed, or the course is free.
    #[default]
    None,
    /// A share of the price in basis points: 5000 is 50 %.
    Share(u16),
    /// A fixed amount per enrollment, in the currency of the price.
    Wholesale(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(cents: i64) -> Money {
        Money { cents, currency: Currency::USD }
    }

    #[test]
    fn reads_plain_decimals_only() {
        let read = |text| Money::parse(text, Currency::USD);
        assert_eq!(read("179.95"), Ok(usd(17_995)));
        assert_eq!(read("0"), Ok(usd(0)));
        assert_eq!(read("5.1"), Ok(usd(510)));
        assert_eq!(read("-1"), Err(MoneyError::Negative));
        for bad in ["", ".5", "5.", "1e3", "1,000", " 1", "1.0.0", "NaN"] {
            assert_eq!(read(bad), Err(MoneyError::Amount), "{bad:?}");
        }
        assert!(matches!(read("1.999"), Err(MoneyError::Decimals { digits: 2, .. })));
        assert_eq!(read("99999999999999999999"), Err(MoneyError::TooLarge));
    }

    #[test]
    fn shows_symbol_grouping_and_minor_units() {
        assert_eq!(usd(0).to_string(), "Free");
        assert_eq!(usd(3_500).to_string(), "$35.00");
        assert_eq!(usd(123_456_789).to_string(), "$1,234,567.89");
        assert_eq!(usd(-1_250).to_string(), "-$12.50");
        let yen = Currency::parse("JPY").expect("a currency");
        assert_eq!(Money { cents: 5_000, currency: yen }.to_string(), "JPY 5,000");
        let dinar = Currency::parse("KWD").expect("a currency");
        assert_eq!(Money { cents: 1_250, currency: dinar }.to_string(), "KWD 1.250");
    }

    #[test]
    fn things_are_counted_in_groups() {
        assert_eq!(counted(1, "hour"), "1 hour");
        assert_eq!(counted(1_200, "hour"), "1,200 hours");
    }

    #[test]
    fn decimal_reads_back() {
        for cents in [0, 1, 99, 100, 17_995] {
            assert_eq!(Money::parse(&usd(cents).decimal(), Currency::USD), Ok(usd(cents)));
        }
    }
}
