//! The demo catalogue: complete, clean, and true to the published prices.

use coursevia::catalog::{DEMO, parse};
use coursevia::domain::catalog::{Catalog, CatalogCourse, Day};
use coursevia::domain::money::Terms;
use coursevia::domain::provider::{Availability, BaseUrl, LoginAddress, LtiTool, Protocol};

fn demo() -> Catalog {
    let checked = parse("assets/catalog.toml", DEMO).expect("the demo has no errors");
    assert_eq!(checked.warnings, [], "the demo has no warnings");
    checked.catalog
}

/// `partner price` of a course, with what the partner gets.
fn offer(course: &CatalogCourse) -> String {
    let terms = match course.terms {
        Terms::None => String::new(),
        Terms::Share(points) => format!(" ({points} bp)"),
        Terms::Wholesale(cents) => format!(" (wholesale {cents})"),
    };
    format!("{} {}{terms}", course.partner, course.price)
}

#[test]
fn is_marked_as_a_demo_and_has_22_programs() {
    let demo = demo();
    assert!(demo.demo);
    assert_eq!(demo.programs.len(), 22);
    assert_eq!(demo.programs[0].slug.as_str(), "cna-training");
}

#[test]
fn cna_training_has_three_ways_to_learn_it() {
    let demo = demo();
    let ways: Vec<_> = demo.programs[0]
        .courses
        .iter()
        .map(|course| (course.partner.as_str(), course.format.code(), course.pacing.code()))
        .collect();
    assert_eq!(
        ways,
        [
            ("Certiport", "online", "self_paced"),
            ("Milady", "hybrid", "instructor_led"),
            ("Local Community College", "in_person", "instructor_led"),
        ]
    );
}

#[test]
fn dated_starts_never_go_stale() {
    let all = demo();
    let courses = all.programs.iter().flat_map(|program| &program.courses);
    let dated: Vec<_> = courses
        .filter(|course| !course.cohorts.is_empty())
        .map(|course| format!("{} {}", course.name, course.cohorts.len()))
        .collect();
    assert_eq!(
        dated,
        [
            "Nursing Assistant (CNA) 5",
            "CPR, AED and First Aid 3",
            "OSHA 10 in Two Evenings 2",
            "Certified Custodial Technician 2",
        ]
    );
    let courses = all.programs.iter().flat_map(|program| &program.courses);
    for cohort in courses.flat_map(|course| &course.cohorts) {
        assert!(matches!((cohort.starts, cohort.ends), (Day::After(6..), Some(Day::After(_)))), "{cohort:?}");
        assert_eq!(cohort.time_zone, chrono_tz::Tz::America__Chicago);
    }
}

#[test]
fn prices_and_terms_are_the_published_ones() {
    let list: Vec<_> = demo()
        .programs
        .iter()
        .map(|program| {
            let offers: Vec<_> = program.courses.iter().map(offer).collect();
            format!("{}: {}", program.slug, offers.join(" · "))
        })
        .collect();
    let expected = "\
cna-training: Certiport Free · Milady Free · Local Community College Free
bloodborne-pathogens: HSI Safety $69.00 (wholesale 4500) · CareerSafe $35.00
cpr-aed-first-aid: HSI Safety $189.00 (wholesale 12500) · Local Community College $120.00 (7000 bp)
infection-control: CareerSafe $40.00 · JRI $149.00 (5000 bp)
dental-safety: NDS $149.00 (wholesale 9900)
osha-10-general: CareerSafe $59.00 (wholesale 2500) · Local Community College $89.00 (7000 bp)
osha-30-construction: CareerSafe $149.00 (wholesale 7500)
forklift-operator: CareerSafe $89.00 (wholesale 4500)
hvac-fundamentals: HSI Safety $119.00
welding: Riverside Trade School $950.00
custodial-technician: JRI $249.00 (5000 bp)
barber-apprenticeship: Milady $499.99 (wholesale 30000)
cosmetology: Milady $499.99 (wholesale 30000)
esthetics: Milady $349.99 (wholesale 20000)
customer-service: Certiport $179.95 (wholesale 12000) · NRF RISE Up $99.00 (5000 bp)
retail-sales: NRF RISE Up $149.00 (5000 bp)
small-business-finance: Milady $129.95 · Certiport $179.95 (wholesale 12000)
microsoft-word: Certiport $179.95 (wholesale 12000)
microsoft-excel: Certiport $179.95 (wholesale 12000)
adobe-photoshop: Certiport $179.95 (wholesale 12000)
digital-literacy: 
job-readiness: ";
    assert_eq!(list.join("\n"), expected);
}

#[test]
fn five_partners_are_played_the_college_is_a_tool_and_the_others_are_links() {
    let demo = demo();
    let played =
        |protocol: &Protocol| matches!(protocol, Protocol::Rest(rest) if rest.base_url == BaseUrl::Sandbox);
    assert_eq!(demo.partners.iter().filter(|partner| played(&partner.protocol)).count(), 5);
    let links: Vec<_> = demo
        .partners
        .iter()
        .filter_map(|partner| match &partner.protocol {
            Protocol::Link(link) => {
                Some((partner.name.as_str(), link.login_url == LoginAddress::Sandbox, link.steps.len()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(links, [("NDS", true, 4), ("JRI", false, 0), ("Riverside Trade School", false, 0)]);
    let college = demo.partners.iter().find(|partner| partner.name.as_str() == "Local Community College");
    let Protocol::Lti13(college) = &college.expect("the college").protocol else { panic!("a tool") };
    assert_eq!((&college.tool, college.client_id.as_str()), (&LtiTool::Sandbox, "local-community-college"));
    assert_eq!(college.deployment_id.as_str(), "1");
}

#[test]
fn one_partner_is_paused_with_a_reason_and_a_date() {
    let demo = demo();
    let paused: Vec<_> = demo.partners.iter().filter(|partner| !partner.availability.is_active()).collect();
    assert_eq!(paused.len(), 1);
    assert_eq!(paused[0].name.as_str(), "Riverside Trade School");
    assert!(matches!(&paused[0].availability, Availability::Paused { note: Some(_), until: Some(_), .. }));
}

#[test]
fn two_programs_are_taught_here() {
    let demo = demo();
    let here: Vec<_> = demo.programs.iter().filter(|program| program.courses.is_empty()).collect();
    let slugs: Vec<_> = here.iter().map(|program| program.slug.as_str()).collect();
    assert_eq!(slugs, ["digital-literacy", "job-readiness"]);
}

#[test]
fn every_address_belongs_to_nobody() {
    let reserved = |host: &str| host.ends_with("example.org") || host.ends_with(".example");
    for partner in demo().partners {
        let support = partner.support;
        let email = support.email.expect("a support address").to_string();
        assert!(reserved(email.split_once('@').expect("an address").1), "{email}");
        assert!(reserved(support.url.expect("a support page").host()));
        if let Protocol::Link(link) = partner.protocol
            && let LoginAddress::Url(url) = link.login_url
        {
            assert!(reserved(url.host()), "{url}");
        }
    }
}
