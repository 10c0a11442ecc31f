//! May a partner be paid so much?

use crate::domain::money::Money;
use crate::domain::refusal::Refusal;
use crate::domain::text::Text;

/// Decides about paying `amount` to a partner who is owed `payable` in its currency.
pub fn decide_payout(partner: &Text, amount: Money, payable: Money) -> Result<(), Refusal> {
    if amount.cents <= 0 {
        return Err(Refusal::NothingToPayOut { partner: partner.clone() });
    }
    if amount.cents > payable.cents {
        return Err(Refusal::PayoutTooLarge {
            partner: partner.clone(),
            amount: words(amount),
            payable: if payable.cents > 0 { words(payable) } else { "nothing".to_owned() },
        });
    }
    Ok(())
}

/// With its currency, whatever signs there are for it.
fn words(amount: Money) -> String {
    format!("{} {}", amount.decimal(), amount.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn a_partner_is_paid_what_it_is_owed_and_no_more() {
        let usd = |cents| Money { cents, currency: Currency::USD };
        let decide = |amount, payable| decide_payout(&"Certiport".into(), usd(amount), usd(payable));
        assert_eq!(decide(500, 500), Ok(()));
        assert_eq!(decide(1, 500), Ok(()));
        let refused = decide(501, 500).expect_err("too much");
        assert_eq!(refused.code(), "payout_too_large");
        assert!(refused.to_string().contains("5.00 USD is payable"), "{refused}");
        assert_eq!(decide(0, 500).expect_err("nothing").code(), "nothing_to_pay_out");
        assert_eq!(decide(1, -200).expect_err("owes us").code(), "payout_too_large");
    }
}
