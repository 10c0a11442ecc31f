//! Opening the comparison and the dates: ten partners with 24 starts and 10,000 reviews each.

#[path = "support/catalogs.rs"]
#[expect(dead_code, reason = "one program of its own is enough here")]
mod catalogs;
#[path = "support/choosing.rs"]
mod choosing;
#[path = "../tests/it/support/cluster.rs"]
mod cluster;
#[path = "support/files.rs"]
#[expect(dead_code, reason = "its file has more in it than programs")]
mod files;
#[path = "support/report.rs"]
mod report;
#[path = "support/samples.rs"]
#[expect(dead_code, reason = "nothing is measured that is one call")]
mod samples;

use cluster::Cluster;
use coursevia::domain::calendar::WeekStart;
use coursevia::domain::listing::ProgramPage;
use coursevia::domain::program::Slug;
use coursevia::domain::views::Compared;
use coursevia::store::{FailPoints, Store};
use coursevia::ui::app::Setup;
use coursevia::ui::msg::Who;
use coursevia::ui::{App, Effect, Keymap, Msg, Theme, keys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use report::Report;
use samples::Samples;
use std::time::{Duration, Instant};

const ROUNDS: usize = 300;
const WARM: usize = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Report::of_arguments();
    if report.wants("compare/sqlite") {
        let path = files::kept("compare");
        let store = files::open(&path).await;
        if !store.has_catalog().await.expect("it reads") {
            files::import(&store, &choosing::catalog()).await;
        }
        choosing::fill_sqlite(&files::url(&path)).await;
        measure(&report, ["compare/sqlite", "compare/sqlite/dates"], &store).await;
        store.close().await;
    }
    if report.wants("compare/postgres") {
        let Some(cluster) = Cluster::start("") else {
            report.say("compare/postgres", "skipped: PostgreSQL is not installed", None);
            return;
        };
        let url = cluster.address("postgres");
        let store = Store::open(&url, FailPoints::none()).await.expect("it opens");
        files::import(&store, &choosing::catalog()).await;
        choosing::fill_postgres(&url).await;
        measure(&report, ["compare/postgres", "compare/postgres/dates"], &store).await;
        store.close().await;
    }
}

/// From the key to the frame that has everything in it: read, compared and drawn.
async fn measure(report: &Report, [compare, dates]: [&str; 2], store: &Store) {
    let slug = Slug::parse(choosing::PROGRAM).expect("a slug");
    let view = store.find_program(&slug, files::now()).await.expect("it reads").expect("it is there");
    assert_eq!(view.offers.len(), choosing::PARTNERS as usize, "the generator wrote something else");
    assert!(view.offers.iter().all(|offer| offer.cohorts.len() == choosing::STARTS as usize));
    assert!(view.offers.iter().all(|offer| offer.rating.reviews() == choosing::REVIEWS));
    let program = view.program.id;
    let (mut app, asked) = app();
    for effect in asked {
        if let Effect::LoadPrograms { request, .. } = effect {
            let result = Ok(ProgramPage::whole(vec![view.clone()], files::now()));
            app.update(Msg::Programs { request, result }, files::now());
        }
    }
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal");
    let (mut compared, mut dated) = (Samples::new(), Samples::new());
    for round in 0..ROUNDS + WARM {
        let begun = Instant::now();
        for effect in press(&mut app, "c") {
            let Effect::LoadComparison { request, .. } = effect else { continue };
            let view = store.find_program_by_id(program, files::now()).await.expect("it reads");
            let outcomes = store.count_outcomes(program).await.expect("it reads");
            let compared = view.map(|view| Box::new(Compared { view, outcomes }));
            app.update(Msg::Compared { request, result: Ok(compared) }, files::now());
        }
        terminal.draw(|frame| app.view(frame)).expect("drawn");
        let opened = begun.elapsed();
        let begun = Instant::now();
        let mut read = false;
        for effect in press(&mut app, "a") {
            let Effect::LoadDetails { request, programs } = effect else { continue };
            let views = store.list_programs_by_id(&programs, files::now()).await.expect("it reads");
            app.update(Msg::Details { request, result: Ok(views) }, files::now());
            read = true;
        }
        assert!(read, "the dates are read anew");
        terminal.draw(|frame| app.view(frame)).expect("drawn");
        if round >= WARM {
            compared.add(opened);
            dated.add(begun.elapsed());
        }
        press(&mut app, "<esc><esc>");
    }
    for (name, times) in [(compare, compared), (dates, dated)] {
        let quick = times.at(0.95) <= Duration::from_millis(16);
        report.say(name, times, Some(("p95 ≤ 16 ms", quick)));
    }
}

fn app() -> (App, Vec<Effect>) {
    App::new(Setup {
        who: Who::Nobody,
        ascii: false,
        theme: Theme::Dark,
        utc_offset: chrono::Offset::fix(&chrono::Utc),
        width: 120,
        height: 40,
        now: files::now(),
        database: String::new(),
        keymap: Keymap::default(),
        week_starts: WeekStart::Monday,
        till: coursevia::domain::payment::Till::Sandbox,
        mouse: true,
        notices: Vec::new(),
    })
}

fn press(app: &mut App, script: &str) -> Vec<Effect> {
    let script = keys::parse_script(script).expect("a good script");
    script.into_iter().flat_map(|msg| app.update(msg, files::now())).collect()
}
