//! Reviews of partners by those who learned with them (`partner_reviews`).

/// How many reviews of a course gave each rating (`review_totals`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct RatingSummary {
    /// How many gave 1, 2, 3, 4 and 5.
    pub counts: [u32; 5],
}

impl RatingSummary {
    /// How many reviews there are.
    pub fn reviews(&self) -> u32 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The average in tenths, rounded half up: 43 is 4.3. `None` without a review.
    pub fn average_tenths(&self) -> Option<u32> {
        let sum: u64 =
            (1..).zip(self.counts).map(|(rating, count): (u64, u32)| rating * u64::from(count)).sum();
        let reviews = u64::from(self.reviews());
        (reviews > 0).then(|| u32::try_from((sum * 20 + reviews) / (reviews * 2)).unwrap_or(50))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_tenths() {
        let average = |counts| RatingSummary { counts }.average_tenths();
        assert_eq!(average([0; 5]), None);
        assert_eq!(average([0, 0, 0, 0, 7]), Some(50));
        assert_eq!(average([1, 0, 0, 0, 1]), Some(30));
        assert_eq!(average([0, 0, 0, 3, 1]), Some(43));
        assert!(average([u32::MAX; 5]).is_some());
    }
}
