//! Reports, at an advisor's desk.

use super::harness::Stage;
use super::world;
use coursevia::domain::enrollment::Status;
use coursevia::domain::failure::Failure;
use coursevia::domain::money::Currency;
use coursevia::domain::report::{
    CompletionRow, PerformanceRow, ReportRows, RevenueRow, Statement, StatementFacts, StatementLine,
    StatementRow, Subject,
};
use coursevia::ui::msg::Msg;
use coursevia::ui::{Effect, Theme};
use insta::assert_snapshot;
use uuid::Uuid;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

fn asked(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::LoadReport { request, .. } | Effect::LoadStatement { request, .. } => Some(*request),
        _ => None,
    }
}

fn subjects() -> [Subject; 3] {
    ["Certiport", "Local Community College"]
        .map(|name| Subject::Partner(Some(name.into())))
        .into_iter()
        .chain([Subject::Partner(None)])
        .collect::<Vec<_>>()
        .try_into()
        .expect("three")
}

fn completion() -> ReportRows {
    let row = |(subject, enrolled): (Subject, u64)| CompletionRow {
        subject,
        enrolled,
        started: enrolled - 3,
        completed: enrolled / 2,
        cancelled: 3,
        switched_away: 1,
        median_days: (enrolled > 10).then_some(12.5),
    };
    ReportRows::Completion(subjects().into_iter().zip([12_408, 312, 4]).map(row).collect())
}

fn revenue() -> ReportRows {
    let row = |(subject, gross): (Subject, i64)| RevenueRow {
        subject,
        currency: Currency::USD,
        gross,
        refunded: gross / 10,
        partner_share: gross / 2,
        platform_share: gross - gross / 10 - gross / 2,
        paid_out: Some(10_000),
        payable: Some(gross / 2 - 10_000),
    };
    ReportRows::Revenue(subjects().into_iter().zip([123_456_789, 17_900, 0]).take(2).map(row).collect())
}

fn performance() -> ReportRows {
    let row = |(subject, rating): (Subject, Option<f64>)| PerformanceRow {
        subject,
        completion_rate: rating.map(|_| 0.4286),
        median_days: Some(40.0),
        rating,
        launch_failures: 3,
        provision_failures: 0,
        figures_age_minutes: rating.map(|_| 300.0),
    };
    ReportRows::Performance(subjects().into_iter().zip([Some(4.25), Some(3.0), None]).map(row).collect())
}

fn desk(stage: Stage, keys: &str, rows: &ReportRows) -> Stage {
    let stage = stage.programs().courses(vec![]).keys(keys);
    stage.reply(asked, |request| Msg::Report { request, result: Ok(rows.clone()) })
}

fn statement() -> Statement {
    let line = |paid, refunded| StatementLine {
        currency: Currency::USD,
        paid,
        refunded,
        partner_share: (paid - refunded) / 2,
    };
    let facts = |number, student: &str, status| StatementFacts {
        enrollment: Uuid::from_u128(number).into(),
        student: student.into(),
        program: "CNA Training".into(),
        enrolled_at: Some(world::now() - chrono::TimeDelta::days(20)),
        completed_at: (status == Status::Completed).then(world::now),
        status: Some(status),
    };
    Statement {
        partner: "Certiport".into(),
        rows: vec![
            StatementRow {
                facts: Some(facts(1, "Maya Okafor", Status::Completed)),
                line: Some(line(17_900, 0)),
            },
            StatementRow {
                facts: Some(facts(2, "Lee Park", Status::Cancelled)),
                line: Some(line(17_900, 17_900)),
            },
            StatementRow { facts: Some(facts(3, "Kim Anders", Status::Active)), line: None },
        ],
        totals: vec![line(35_800, 17_900)],
    }
}

#[test]
fn the_three_reports() {
    for (name, keys, rows) in [
        ("completion", "3", completion()),
        ("revenue", "3<right>", revenue()),
        ("performance", "3<left>", performance()),
    ] {
        for (width, height) in SIZES {
            let stage = desk(Stage::of(world::advisor(None), width, height), keys, &rows);
            assert_snapshot!(format!("{name}_{width}x{height}"), stage.screen());
        }
    }
}

#[test]
fn a_statement_with_its_students() {
    for (width, height) in SIZES {
        let stage = desk(Stage::of(world::advisor(None), width, height), "3", &completion()).keys("<enter>");
        let stage = stage.reply(asked, |request| Msg::Statement { request, result: Ok(statement()) });
        assert_snapshot!(format!("statement_{width}x{height}"), stage.screen());
    }
}

#[test]
fn reports_in_ascii_and_without_colour() {
    let who = || world::advisor(Some(world::maya()));
    let stage = desk(Stage::with(who(), 80, 24, true, Theme::None), "3<right>p", &revenue());
    assert_snapshot!("ascii", stage.screen());
}

#[test]
fn reading_a_report_that_is_empty_or_fails() {
    let stage = || Stage::of(world::advisor(None), 80, 24).programs().courses(vec![]).keys("3");
    assert_snapshot!("reading", stage().screen());
    let empty = ReportRows::Completion(Vec::new());
    let stage_empty = stage().reply(asked, |request| Msg::Report { request, result: Ok(empty.clone()) });
    assert_snapshot!("empty", stage_empty.screen());
    let failure = Failure::new("database_unavailable", "The database can't be reached.");
    let failed = stage().reply(asked, |request| Msg::Report { request, result: Err(failure.clone()) });
    assert_snapshot!("failed", failed.screen());
}
