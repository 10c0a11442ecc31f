//! Cohorts: dated starts of a partner course, with seats.

use crate::domain::ids::{CohortId, CourseId};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use chrono::{Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// A dated start of a partner course (`cohorts`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// Which.
    pub id: CohortId,
    /// Of which partner course.
    pub course_id: CourseId,
    /// The first day, in the time zone of the place.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// When in the week: `Mon + Wed 18:00`.
    pub schedule: Option<Text>,
    /// Of the place, or of the teacher where it is online.
    pub time_zone: Tz,
    /// Campus and room.
    pub location: Option<Text>,
    /// How many can take part.
    pub seats: u32,
    /// Seats of enrollments that are not cancelled, and of open offers.
    pub taken: u32,
    /// How many wait for a seat, offers not counted.
    pub waiting: u32,
    /// Off: no new enrollments, those that stand go on.
    pub active: bool,
}

impl Cohort {
    /// Seats nobody holds.
    pub fn seats_left(&self) -> u32 {
        self.seats.saturating_sub(self.taken)
    }

    /// Whether a newcomer has to wait.
    pub fn is_full(&self) -> bool {
        self.seats_left() == 0 || self.waiting > 0
    }

    /// The first moment of the first day.
    pub fn begins_at(&self) -> Instant {
        midnight(self.starts_on, self.time_zone)
    }

    /// When nobody can enroll any more: at the end of the first day.
    pub fn closes_at(&self) -> Instant {
        closes_at(self.starts_on, self.time_zone)
    }

    /// Whether it takes enrollments, seats permitting.
    pub fn is_open(&self, now: Instant) -> bool {
        self.active && now < self.closes_at()
    }
}

/// When nobody can enroll into a start on this day any more: at its end.
pub fn closes_at(starts_on: NaiveDate, zone: Tz) -> Instant {
    midnight(starts_on.checked_add_days(Days::new(1)).unwrap_or(starts_on), zone)
}

/// The first moment of a day: where clocks are set forward at midnight, that is an hour later.
fn midnight(day: NaiveDate, zone: Tz) -> Instant {
    let start = day.and_time(NaiveTime::MIN);
    let local = (0..=24).find_map(|quarters| {
        zone.from_local_datetime(&(start + chrono::TimeDelta::minutes(quarters * 15))).earliest()
    });
    local.map_or_else(|| start.and_utc(), |local| local.to_utc())
}

/// The open starts in their order, for whoever chooses.
pub fn open_starts(cohorts: &[Cohort], now: Instant) -> impl Iterator<Item = &Cohort> + Clone {
    cohorts.iter().filter(move |cohort| cohort.is_open(now))
}

/// The start a newcomer would get: the first one with a free seat, else the first to wait for.
pub fn next_start(cohorts: &[Cohort], now: Instant) -> Option<&Cohort> {
    next_of(open_starts(cohorts, now))
}

/// The same among starts that are all open.
pub fn next_of<'a>(mut open: impl Iterator<Item = &'a Cohort> + Clone) -> Option<&'a Cohort> {
    open.clone().find(|cohort| !cohort.is_full()).or_else(|| open.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::decide::fixtures::{cohort, now};
    use chrono::TimeDelta;

    #[test]
    fn a_day_begins_when_it_begins_at_the_place() {
        let mut class = cohort(NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day"), 12, 0);
        assert_eq!(class.begins_at().to_rfc3339(), "2026-12-01T06:00:00+00:00");
        class.time_zone = Tz::Asia__Tokyo;
        assert_eq!(class.begins_at().to_rfc3339(), "2026-11-30T15:00:00+00:00");
        // In Beirut 31 March 2024 begins at one o'clock.
        class.time_zone = Tz::Asia__Beirut;
        class.starts_on = NaiveDate::from_ymd_opt(2024, 3, 31).expect("a day");
        assert_eq!(class.begins_at().to_rfc3339(), "2024-03-30T22:00:00+00:00");
    }

    #[test]
    fn the_first_day_is_the_last_one_to_enroll() {
        let class = cohort(now().date_naive(), 12, 0);
        assert!(class.is_open(class.closes_at() - TimeDelta::seconds(1)));
        assert!(!class.is_open(class.closes_at()));
        assert!(!Cohort { active: false, ..class }.is_open(now()));
    }

    #[test]
    fn the_next_start_is_the_one_with_a_free_seat() {
        let on = |days, taken| cohort(now().date_naive() + Days::new(days), 12, taken);
        let next = |cohorts: &[Cohort]| next_start(cohorts, now()).map(|cohort| cohort.starts_on);
        let day = |days| Some(now().date_naive() + Days::new(days));
        assert_eq!(next(&[]), None);
        assert_eq!(next(&[on(5, 12), on(40, 3)]), day(40));
        assert_eq!(next(&[on(5, 12), on(40, 12)]), day(5));
        let over = Cohort { active: false, ..on(1, 0) };
        assert_eq!(next(&[over, on(5, 0)]), day(5));
    }

    #[test]
    fn a_seat_others_wait_for_is_not_free() {
        let class = cohort(now().date_naive(), 2, 1);
        assert!(!class.is_full());
        assert!(Cohort { waiting: 1, ..class.clone() }.is_full());
        assert!(Cohort { taken: 2, ..class }.is_full());
    }
}
