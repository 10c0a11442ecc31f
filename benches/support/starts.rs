//! A program with many dated starts, shown without a database.

use super::files;
use super::report::Report;
use super::samples::Samples;
use coursevia::domain::cohort::Cohort;
use coursevia::domain::ids::{CohortId, CourseId, ProgramId, ProviderId};
use coursevia::domain::listing::ProgramPage;
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::program::{DeliveryFormat, Pacing, PartnerCourse, Program, Slug};
use coursevia::domain::provider::{Availability, Health, LinkAccess, Protocol, Provider, Support};
use coursevia::domain::views::{Offer, ProgramView};
use coursevia::domain::web::WebUrl;
use coursevia::ui::app::Setup;
use coursevia::ui::msg::Who;
use coursevia::ui::{App, Effect, Keymap, Msg, Theme, keys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

/// How many partners, and how many starts each.
const PARTNERS: u32 = 10;
const STARTS: u32 = 24;

fn offer(partner: u32) -> Offer {
    let id = |kind: u128| Uuid::from_u128(kind << 64 | u128::from(partner));
    let (provider_id, course_id) = (ProviderId::from(id(1)), CourseId::from(id(2)));
    let cohort = |start: u32| Cohort {
        id: CohortId::from(Uuid::from_u128(3 << 64 | u128::from(partner * STARTS + start))),
        course_id,
        starts_on: files::now().date_naive() + chrono::Days::new(u64::from(start * 5 + partner % 3)),
        ends_on: None,
        schedule: Some("Mon + Wed 18:00".into()),
        time_zone: chrono_tz::Tz::America__Chicago,
        location: Some("Main campus, room 12".into()),
        seats: 24,
        taken: start,
        waiting: 0,
        active: true,
    };
    Offer {
        course: PartnerCourse {
            id: course_id,
            provider_id,
            program_id: ProgramId::from(Uuid::from_u128(1)),
            name: "A course".into(),
            code: "C-1".into(),
            active: true,
            format: DeliveryFormat::InPerson,
            pacing: Pacing::InstructorLed,
            hours: None,
            credential: None,
            price: Money::zero(Currency::USD),
            terms: Terms::None,
        },
        provider: Provider {
            id: provider_id,
            name: format!("Partner {partner}").into(),
            provider_type: "partner".into(),
            icon: None,
            description: "In person".into(),
            availability: Availability::Active,
            retirement: None,
            health: Health::default(),
            declares: None,
            protocol: Protocol::Link(LinkAccess {
                instructions: None,
                ..LinkAccess::at(WebUrl::parse("https://partner.example").expect("an address"))
            }),
            support: Support::default(),
            refunds: coursevia::domain::refund::RefundPolicy::default(),
            demo: false,
        },
        dated: true,
        cohorts: (0..STARTS).map(cohort).collect(),
        rating: coursevia::domain::review::RatingSummary::default(),
    }
}

fn program() -> ProgramView {
    ProgramView {
        program: Program {
            id: ProgramId::from(Uuid::from_u128(1)),
            slug: Slug::parse("a-program").expect("a slug"),
            title: "A program".into(),
            aliases: Vec::new(),
            category: "Any".into(),
            summary: "With many dates.".into(),
            length: None,
            hours: None,
            credential: None,
            active: true,
            demo: false,
        },
        offers: (0..PARTNERS).map(offer).collect(),
    }
}

/// The app on that program's screen.
fn app((width, height): (u16, u16)) -> App {
    let (mut app, effects) = App::new(Setup {
        who: Who::Nobody,
        ascii: false,
        theme: Theme::Dark,
        utc_offset: chrono::Offset::fix(&chrono::Utc),
        width,
        height,
        now: files::now(),
        database: String::new(),
        keymap: Keymap::default(),
        mouse: true,
        week_starts: coursevia::domain::calendar::WeekStart::Monday,
        till: coursevia::domain::payment::Till::Sandbox,
        notices: Vec::new(),
    });
    for effect in effects {
        if let Effect::LoadPrograms { request, .. } = effect {
            let result = Ok(ProgramPage::whole(vec![program()], files::now()));
            app.update(Msg::Programs { request, result }, files::now());
        }
    }
    press(&mut app, "<enter>");
    app
}

fn press(app: &mut App, script: &str) {
    for msg in keys::parse_script(script).expect("a good script") {
        app.update(msg, files::now());
    }
}

/// From the key to the month on screen, and a frame of it.
pub fn measure(report: &Report, size: (u16, u16), frames: usize) {
    let name = format!("frame/dates/{}x{}", size.0, size.1);
    if !report.wants(&name) {
        return;
    }
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a terminal");
    let mut app = app(size);
    let (mut opened, mut drawn) = (Samples::new(), Samples::new());
    for _ in 0..frames {
        opened.time(|| {
            press(&mut app, "ap");
            terminal.draw(|frame| app.view(frame)).expect("drawn");
        });
        drawn.time(|| terminal.draw(|frame| app.view(frame)).map(|_| ()).expect("drawn"));
        press(&mut app, "<esc>");
    }
    report.say(&format!("{name}/open"), opened, None);
    report.say(&name, drawn, None);
}
