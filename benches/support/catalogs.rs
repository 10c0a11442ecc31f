//! Catalogues of any size: always the same, and as varied as real ones.

use coursevia::catalog::PROFILES;
use coursevia::domain::catalog::{Catalog, CatalogCourse, CatalogPartner, CatalogProgram};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::program::{DeliveryFormat, Pacing, Slug};
use coursevia::domain::provider::{
    Availability, BaseUrl, LinkAccess, Protocol, RestAccess, SecretName, Support,
};
use coursevia::domain::text::Text;
use coursevia::domain::web::WebUrl;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

const PARTNERS: usize = 40;
const LEVELS: [&str; 8] =
    ["", "Introduction to", "Advanced", "Certified", "Applied", "Professional", "Accelerated", "Evening"];
const SUBJECTS: [&str; 40] = [
    "Nursing Assistance",
    "Phlebotomy",
    "Medical Coding",
    "Dental Assisting",
    "Pharmacy Practice",
    "Patient Care",
    "Infection Control",
    "First Aid and CPR",
    "Forklift Operation",
    "Welding",
    "HVAC Service",
    "Plumbing",
    "Electrical Wiring",
    "Carpentry",
    "Heavy Equipment",
    "Solar Installation",
    "Barbering",
    "Cosmetology",
    "Esthetics",
    "Nail Care",
    "Culinary Arts",
    "Food Safety",
    "Hospitality",
    "Retail Sales",
    "Customer Service",
    "Bookkeeping",
    "Office Software",
    "Data Analysis",
    "Network Administration",
    "Cyber Security",
    "Web Design",
    "Cloud Operations",
    "Project Coordination",
    "Truck Driving",
    "Warehouse Logistics",
    "Security Guard Work",
    "Early Childhood Education",
    "Home Health Care",
    "Veterinary Assistance",
    "Construction Safety",
];
const KINDS: [&str; 6] = ["", "Training", "Certificate", "Apprenticeship", "Fundamentals", "Bootcamp"];
const CATEGORIES: [&str; 25] = [
    "Healthcare",
    "Skilled trades",
    "Safety",
    "Business",
    "Digital skills",
    "Personal services",
    "Hospitality",
    "Retail",
    "Transport",
    "Construction",
    "Education",
    "Agriculture",
    "Energy",
    "Finance",
    "Manufacturing",
    "Logistics",
    "Public service",
    "Media",
    "Languages",
    "Science",
    "Animal care",
    "Beauty",
    "Food",
    "Career",
    "Law",
];
const ALIASES: [&str; 12] = [
    "nurse",
    "caregiver",
    "CNA",
    "mechanic",
    "hairdresser",
    "programmer",
    "driver",
    "OSHA",
    "Pflege",
    "soldador",
    "clerk",
    "cook",
];

/// A catalogue of `programs` programs with about three offers each.
pub fn catalog(programs: usize) -> Catalog {
    let mut chance = StdRng::seed_from_u64(1);
    Catalog {
        demo: false,
        partners: (0..PARTNERS).map(partner).collect(),
        programs: (0..programs).map(|number| program(number, &mut chance)).collect(),
    }
}

/// The title of the first program of every catalogue.
pub fn first_title() -> String {
    title(0)
}

fn partner_name(number: usize) -> Text {
    const NAMES: [&str; 8] =
        ["Northfield", "Lakeside", "Harbor", "Summit", "Riverside", "Cedar", "Union", "Meridian"];
    const ENDS: [&str; 5] = ["Institute", "Community College", "Academy", "Learning", "Trade School"];
    format!("{} {}", NAMES[number % NAMES.len()], ENDS[number / NAMES.len() % ENDS.len()]).into()
}

/// Every third one is a plain link, the others have a REST interface.
fn partner(number: usize) -> CatalogPartner {
    let address =
        |path: &str| WebUrl::parse(&format!("https://partner-{number}.example/{path}")).expect("an address");
    let protocol = if number.is_multiple_of(3) {
        Protocol::Link(LinkAccess {
            instructions: Some("Sign up with your e-mail address.".into()),
            ..LinkAccess::at(address("login"))
        })
    } else {
        Protocol::Rest(RestAccess {
            profile: PROFILES[number % PROFILES.len()].into(),
            base_url: BaseUrl::Url(address("api")),
            secret_env: SecretName::parse(&format!("PARTNER_{number}_KEY")).ok(),
            organization: "college".into(),
            launch_hosts: Vec::new(),
        })
    };
    CatalogPartner {
        name: partner_name(number),
        provider_type: format!("partner_{number}").into(),
        icon: Some("◆".into()),
        description: "Online and in person, with a teacher who answers".into(),
        availability: Availability::Active,
        retirement: None,
        declares: None,
        protocol,
        support: Support {
            email: Some(format!("help@partner-{number}.example").into()),
            url: Some(address("help")),
        },
        refunds: coursevia::domain::refund::RefundPolicy::default(),
    }
}

fn title(number: usize) -> String {
    let (level, rest) = (LEVELS[number % LEVELS.len()], number / LEVELS.len());
    let (subject, rest) = (SUBJECTS[rest % SUBJECTS.len()], rest / SUBJECTS.len());
    let (kind, round) = (KINDS[rest % KINDS.len()], rest / KINDS.len());
    let round = if round == 0 { String::new() } else { format!("{}", round + 1) };
    let words: Vec<&str> =
        [level, subject, kind, &round].into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn program(number: usize, chance: &mut StdRng) -> CatalogProgram {
    let title = title(number);
    let slug: String = title.to_lowercase().replace(' ', "-");
    let aliases =
        (0..chance.random_range(0..3)).map(|_| ALIASES[chance.random_range(0..ALIASES.len())].into());
    let mut aliases: Vec<Text> = aliases.collect();
    aliases.dedup();
    let hours = chance.random_range(2..400);
    let first = chance.random_range(0..PARTNERS);
    // One to five offers, three on average, by different partners; one program in fifty is taught here.
    let offers = if number % 50 == 49 { 0 } else { chance.random_range(1..=5) };
    CatalogProgram {
        slug: Slug::parse(&slug).expect("a slug"),
        courses: (0..offers)
            .map(|nth| course(&title, number, (first + nth * 7) % PARTNERS, chance))
            .collect(),
        title: title.into(),
        aliases,
        category: CATEGORIES[chance.random_range(0..CATEGORIES.len())].into(),
        summary:
            "What you need for your first day at work: theory, practice with a teacher, and a final test."
                .into(),
        length: Some(format!("{} weeks", hours / 20 + 1).into()),
        hours: Some(hours),
        credential: Some("Certificate".into()),
    }
}

fn course(title: &str, number: usize, partner: usize, chance: &mut StdRng) -> CatalogCourse {
    let format = DeliveryFormat::ALL[chance.random_range(0..DeliveryFormat::ALL.len())];
    let cents = if chance.random_range(0..3) == 0 { 0 } else { chance.random_range(20..4_000) * 100 + 95 };
    CatalogCourse {
        partner: partner_name(partner),
        name: title.into(),
        code: format!("C-{number}-{partner}").into(),
        active: true,
        format,
        pacing: if format == DeliveryFormat::Online { Pacing::SelfPaced } else { Pacing::InstructorLed },
        hours: None,
        credential: None,
        price: Money { cents, currency: Currency::USD },
        terms: if cents == 0 { Terms::None } else { Terms::Share(chance.random_range(2_000..7_000)) },
        cohorts: Vec::new(),
    }
}
