//! What is written is read back as it was.

use super::GOOD;
use coursevia::catalog::{DEMO, PROFILES, parse, write};
use coursevia::domain::catalog::{
    Catalog, CatalogCohort, CatalogCourse, CatalogPartner, CatalogProgram, Day,
};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::program::{DeliveryFormat, Pacing, Slug};
use coursevia::domain::progress::Percent;
use coursevia::domain::provider::{
    Availability, BaseUrl, Capabilities, Disclosure, LinkAccess, LoginAddress, LtiAccess, LtiTool, Protocol,
    RestAccess, Retirement, SecretName, Support,
};
use coursevia::domain::refund::{RefundPolicy, RefundStep, RefundWhen};
use coursevia::domain::text::Text;
use coursevia::domain::web::{HostName, WebUrl};
use proptest::option;
use proptest::prelude::*;

/// Any cleaned text that is not empty.
fn text() -> impl Strategy<Value = Text> {
    let raw = prop_oneof![any::<String>(), "[ -~]{1,40}", "[\"'\\\\#=\\[\\]{} ]{1,12}", "[a-zé李م ]{1,20}"];
    raw.prop_map(|raw| Text::clean_to(&raw, 30)).prop_filter("some text of a fair length", |text| {
        !text.is_empty() && text.as_str().chars().count() <= 40
    })
}

fn url() -> impl Strategy<Value = WebUrl> {
    "https://[a-z]{1,10}\\.example(/[a-z0-9]{0,8}){0,2}"
        .prop_map(|raw| WebUrl::parse(&raw).expect("an address"))
}

fn availability() -> impl Strategy<Value = Availability> {
    let day = (0..10_000_i32, 1..366_u32)
        .prop_filter_map("a day", |(year, day)| chrono::NaiveDate::from_yo_opt(year, day));
    prop_oneof![
        Just(Availability::Active),
        (option::of(text()), option::of(day)).prop_map(|(note, until)| Availability::paused(note, until)),
    ]
}

fn retirement() -> impl Strategy<Value = Option<Retirement>> {
    let day = |(year, day)| chrono::NaiveDate::from_yo_opt(year, day);
    let closes = (0..9_000_i32, 1..366_u32).prop_filter_map("a day", day);
    let end = (closes, option::of(0..900_u64), option::of(text())).prop_map(|(closes_on, after, note)| {
        let ends_on = after.map(|after| closes_on + chrono::Days::new(after));
        Retirement { closes_on, ends_on, note }
    });
    option::of(end)
}

fn protocol() -> impl Strategy<Value = Protocol> {
    let secret = "[A-Z]{3,8}_KEY".prop_map(|raw| SecretName::parse(&raw).expect("a name"));
    let base_url = prop_oneof![Just(BaseUrl::Sandbox), url().prop_map(BaseUrl::Url)];
    let organization = prop_oneof![Just(Text::default()), text()];
    let profile = prop::sample::select(PROFILES).prop_map(Text::clean);
    let host = "[a-z]{1,8}\\.example".prop_map(|raw| HostName::parse(&raw).expect("a name"));
    let hosts = prop::collection::vec(host, 0..3);
    let rest = (profile, base_url, option::of(secret), organization, hosts).prop_map(
        |(profile, base_url, secret_env, organization, launch_hosts)| {
            Protocol::Rest(RestAccess { profile, base_url, secret_env, organization, launch_hosts })
        },
    );
    let steps = prop::collection::vec(text(), 0..4);
    let login = prop_oneof![Just(LoginAddress::Sandbox), url().prop_map(LoginAddress::Url)];
    let link = (login, option::of(text()), steps).prop_map(|(login_url, instructions, steps)| {
        Protocol::Link(LinkAccess { login_url, instructions, steps })
    });
    let registered = (url(), prop::collection::vec(url(), 1..4), option::of(url())).prop_map(
        |(login_url, redirect_urls, target_link_url)| LtiTool::Registered {
            login_url,
            redirect_urls,
            target_link_url,
        },
    );
    let tool = prop_oneof![Just(LtiTool::Sandbox), registered];
    let lti =
        (tool, text(), text(), any::<(bool, bool)>()).prop_map(|(tool, client_id, deployment_id, told)| {
            let discloses = Disclosure { name: told.0, email: told.1 };
            Protocol::Lti13(LtiAccess { tool, client_id, deployment_id, discloses })
        });
    prop_oneof![rest, link, lti, Just(Protocol::Unknown)]
}

/// Nothing declared, or some of what the protocol can.
fn declares(protocol: &Protocol, declared: Option<u8>) -> Option<Capabilities> {
    let can = protocol.capabilities().named().into_iter().zip(0..);
    declared.map(|bits| {
        let chosen = can.filter(|((_, can), bit)| *can && bits >> bit & 1 == 1).map(|((name, _), _)| name);
        Capabilities::of(chosen).expect("names of what can be done")
    })
}

/// What only a demo catalogue may name.
fn is_played(protocol: &Protocol) -> bool {
    match protocol {
        Protocol::Rest(rest) => rest.base_url == BaseUrl::Sandbox,
        Protocol::Link(link) => link.login_url == LoginAddress::Sandbox,
        Protocol::Lti13(lti) => lti.tool == LtiTool::Sandbox,
        Protocol::Unknown => false,
    }
}

fn refunds() -> impl Strategy<Value = RefundPolicy> {
    let percent = || (0..=100_i64).prop_filter_map("a share", Percent::new);
    let when = prop_oneof![
        Just(RefundWhen::BeforeStart),
        percent().prop_map(RefundWhen::ProgressUpTo),
        (0..=3_650_u16).prop_map(RefundWhen::DaysAfterEnrolling),
    ];
    let step = (percent(), when).prop_map(|(percent, when)| RefundStep { percent, when });
    prop_oneof![Just(RefundPolicy::default()), prop::collection::vec(step, 0..4).prop_map(RefundPolicy::new)]
}

fn partner() -> impl Strategy<Value = CatalogPartner> {
    let icon = option::of(prop::sample::select(&["◆", "#", "李"][..]).prop_map(Text::clean));
    let email = "[a-z.]{1,10}@[a-z]{1,10}\\.example".prop_map(Text::from);
    let support = (option::of(email), option::of(url())).prop_map(|(email, url)| Support { email, url });
    let description = prop_oneof![Just(Text::default()), text()];
    let api = (protocol(), option::of(any::<u8>()));
    (text(), text(), icon, description, (availability(), retirement()), api, support, refunds()).prop_map(
        |(
            name,
            provider_type,
            icon,
            description,
            (availability, retirement),
            (protocol, declared),
            support,
            refunds,
        )| {
            CatalogPartner {
                name,
                provider_type,
                icon,
                description,
                availability,
                retirement,
                declares: declares(&protocol, declared),
                protocol,
                support,
                refunds,
            }
        },
    )
}

fn price_and_terms() -> impl Strategy<Value = (Money, Terms)> {
    let currency = prop::sample::select(&["USD", "EUR", "JPY", "KWD"][..]);
    (currency, 0..1_000_000_i64, 0..3, any::<prop::sample::Index>(), 0..=10_000_u16).prop_map(
        |(code, cents, kind, part, points)| {
            let currency = Currency::parse(code).expect("a currency");
            let part = i64::try_from(part.index(usize::try_from(cents).expect("small") + 1)).expect("small");
            let terms = match kind {
                1 if cents > 0 => Terms::Wholesale(part),
                2 if cents > 0 => Terms::Share(points),
                _ => Terms::None,
            };
            (Money { cents, currency }, terms)
        },
    )
}

/// The first day and perhaps the last one, both of one kind.
fn days() -> impl Strategy<Value = (Day, Option<Day>)> {
    let start = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day");
    (any::<bool>(), 0..3_000_u16, option::of(0..600_u16)).prop_map(move |(dated, first, length)| {
        let day = |after: u16| {
            if dated { Day::On(start + chrono::Days::new(after.into())) } else { Day::After(after) }
        };
        (day(first), length.map(|length| day(first + length)))
    })
}

fn cohort() -> impl Strategy<Value = CatalogCohort> {
    let zone = prop::sample::select(&chrono_tz::TZ_VARIANTS[..]);
    (days(), option::of(text()), zone, option::of(text()), 1..=10_000_u32).prop_map(
        |((starts, ends), schedule, time_zone, location, seats)| CatalogCohort {
            starts,
            ends,
            schedule,
            time_zone,
            location,
            seats,
        },
    )
}

fn cohorts() -> impl Strategy<Value = Vec<CatalogCohort>> {
    prop::collection::vec(cohort(), 0..4).prop_map(|mut cohorts| {
        let mut seen = std::collections::HashSet::new();
        cohorts.retain(|row| seen.insert((row.starts, row.schedule.clone(), row.location.clone())));
        cohorts
    })
}

fn course(partner: Text) -> impl Strategy<Value = CatalogCourse> {
    let format = prop::sample::select(DeliveryFormat::ALL);
    let pacing = prop::sample::select(Pacing::ALL);
    let hours = option::of(1..5_000_u32);
    (text(), text(), any::<bool>(), format, pacing, hours, option::of(text()), (price_and_terms(), cohorts()))
        .prop_map(
            move |(name, code, active, format, pacing, hours, credential, ((price, terms), cohorts))| {
                CatalogCourse {
                    partner: partner.clone(),
                    name,
                    code,
                    active,
                    format,
                    pacing,
                    hours,
                    credential,
                    price,
                    terms,
                    cohorts,
                }
            },
        )
}

fn program(slug: Slug, partners: Vec<Text>) -> impl Strategy<Value = CatalogProgram> {
    let count = partners.len();
    let courses = prop::sample::subsequence(partners, 0..=count)
        .prop_flat_map(|chosen| chosen.into_iter().map(course).collect::<Vec<_>>());
    let aliases = prop::collection::vec(text(), 0..4);
    (
        (text(), aliases, text(), text()),
        (option::of(text()), option::of(1..5_000_u32), option::of(text())),
        courses,
    )
        .prop_map(move |((title, aliases, category, summary), (length, hours, credential), courses)| {
            CatalogProgram {
                slug: slug.clone(),
                title,
                aliases,
                category,
                summary,
                length,
                hours,
                credential,
                courses,
            }
        })
}

fn catalog() -> impl Strategy<Value = Catalog> {
    let slugs = prop::collection::btree_set("[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", 0..4);
    (prop::collection::vec(partner(), 0..4), slugs).prop_flat_map(|(mut partners, slugs)| {
        let mut seen = std::collections::BTreeSet::new();
        partners.retain(|partner| seen.insert(partner.name.as_str().to_lowercase()));
        let sandbox = partners.iter().any(|partner| is_played(&partner.protocol));
        let names: Vec<_> = partners.iter().map(|partner| partner.name.clone()).collect();
        let programs: Vec<_> =
            slugs.iter().map(|slug| program(Slug::parse(slug).expect("a slug"), names.clone())).collect();
        (any::<bool>(), programs).prop_map(move |(demo, programs)| Catalog {
            demo: demo || sandbox,
            partners: partners.clone(),
            programs,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(catalog in catalog()) {
        let file = write(&catalog);
        match parse("c.toml", &file) {
            Ok(checked) => prop_assert_eq!(checked.catalog, catalog),
            Err(problems) => prop_assert!(false, "{}\n{}", problems, file),
        }
    }
}

#[test]
fn the_demo_is_read_back() {
    let demo = parse("assets/catalog.toml", DEMO).expect("no errors").catalog;
    assert_eq!(parse("export.toml", &write(&demo)).expect("no errors").catalog, demo);
}

#[test]
fn writing_what_was_written_changes_nothing() {
    let once = write(&parse("assets/catalog.toml", DEMO).expect("no errors").catalog);
    let twice = write(&parse("export.toml", &once).expect("no errors").catalog);
    assert_eq!(once, twice);
}

#[test]
fn an_export_reads_like_a_file_a_person_wrote() {
    let good = parse("c.toml", GOOD).expect("no errors").catalog;
    let without_defaults = GOOD.replace("active = true\n", "").replacen("[[partner]]", "\n[[partner]]", 1);
    assert_eq!(write(&good), without_defaults);
}

#[test]
fn the_empty_catalogue_is_read_back_with_a_warning() {
    let checked = parse("c.toml", &write(&Catalog::default())).expect("no errors");
    assert_eq!(checked.catalog, Catalog::default());
    assert_eq!(checked.warnings.len(), 1);
}
