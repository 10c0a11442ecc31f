//! What the user's locale says about calendars.

use crate::domain::calendar::WeekStart;
use crate::platform::env::Env;

/// Territories whose week begins on Sunday. Source: Unicode CLDR, supplemental data, `weekData`,
/// `firstDay`; all that are not named begin on Monday.
const SUNDAY: &str = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX \
    MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW";
/// Territories whose week begins on Saturday, from the same source.
const SATURDAY: &str = "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY";

/// On which day a week begins where the user lives: the locale of times decides.
pub fn week_start(env: &Env) -> WeekStart {
    let locale = ["LC_ALL", "LC_TIME", "LANG"].into_iter().find_map(|name| env.get(name));
    let territory = locale.and_then(territory).unwrap_or_default();
    let named = |list: &str| list.split_whitespace().any(|known| known == territory);
    match () {
        () if named(SUNDAY) => WeekStart::Sunday,
        () if named(SATURDAY) => WeekStart::Saturday,
        () => WeekStart::Monday,
    }
}

/// The `US` of `en_US.UTF-8`; `None` for `C`, `POSIX` and languages without a place.
fn territory(locale: &str) -> Option<&str> {
    let name = locale.split(['.', '@']).next()?;
    name.split(['_', '-']).skip(1).find(|part| part.len() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_begins_as_it_does_at_home() {
        let start = |name, value| week_start(&Env::of([(name, value)]));
        assert_eq!(start("LANG", "en_US.UTF-8"), WeekStart::Sunday);
        assert_eq!(start("LANG", "de_DE.UTF-8"), WeekStart::Monday);
        assert_eq!(start("LC_TIME", "ar_EG.UTF-8"), WeekStart::Saturday);
        assert_eq!(start("LANG", "zh_Hant_TW.UTF-8"), WeekStart::Sunday);
        for unknown in ["C", "C.UTF-8", "POSIX", "eo", "de_DE@euro"] {
            assert_eq!(start("LANG", unknown), WeekStart::Monday, "{unknown}");
        }
        let both = Env::of([("LANG", "en_US.UTF-8"), ("LC_TIME", "en_GB.UTF-8")]);
        assert_eq!(week_start(&both), WeekStart::Monday);
        let all = Env::of([("LC_ALL", "en_US.UTF-8"), ("LC_TIME", "en_GB.UTF-8")]);
        assert_eq!(week_start(&all), WeekStart::Sunday);
    }

    #[test]
    fn no_territory_begins_its_week_twice() {
        let all: Vec<_> = SUNDAY.split_whitespace().chain(SATURDAY.split_whitespace()).collect();
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len());
        assert!(all.iter().all(|name| name.len() == 2));
    }
}
