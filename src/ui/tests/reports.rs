//! Tab 3, at an advisor's desk.

use super::stage::{Stage, advisor, down, student};
use crate::domain::money::Currency;
use crate::domain::report::{
    By, CompletionRow, Period, ReportKind, ReportRows, RevenueRow, Statement, Subject,
};
use crate::ui::effect::Effect;
use crate::ui::msg::{Msg, Who};

fn partner(name: &str) -> Subject {
    Subject::Partner(Some(name.into()))
}

fn completion() -> ReportRows {
    let row = |subject, enrolled| CompletionRow {
        subject,
        enrolled,
        started: 3,
        completed: 2,
        cancelled: 1,
        switched_away: 0,
        median_days: Some(12.5),
    };
    ReportRows::Completion(vec![
        row(partner("Certiport"), 4),
        row(partner("Milady"), 2),
        row(Subject::Partner(None), 1),
    ])
}

pub fn answer(stage: &mut Stage, rows: ReportRows) {
    let request = stage.request(|e| matches!(e, Effect::LoadReport { .. }));
    stage.send(Msg::Report { request, result: Ok(rows) });
}

/// The reports at a desk, read.
pub fn reading() -> Stage {
    let mut stage = Stage::ready(advisor(None), vec![]);
    stage.keys("3");
    answer(&mut stage, completion());
    stage
}

/// A partner's statement, empty.
pub fn statement() -> Stage {
    let mut stage = reading();
    stage.keys("<enter>");
    let request = stage.request(|e| matches!(e, Effect::LoadStatement { .. }));
    let statement = Statement { partner: "Certiport".into(), rows: vec![], totals: vec![] };
    stage.send(Msg::Statement { request, result: Ok(statement) });
    stage
}

fn asked(effects: &[Effect]) -> Option<(ReportKind, By, Period)> {
    effects.iter().find_map(|effect| match effect {
        Effect::LoadReport { kind, query, .. } => Some((*kind, query.by, query.period)),
        _ => None,
    })
}

#[test]
fn a_student_has_no_reports() {
    let mut stage = Stage::ready(Who::Student(student("Maya")), vec![]);
    let before = format!("{:?}", stage.app.stack);
    assert_eq!(stage.keys("3"), []);
    assert_eq!(format!("{:?}", stage.app.stack), before);
}

#[test]
fn keys_choose_table_period_and_rows() {
    let mut stage = reading();
    let now = stage.now;
    assert_eq!(
        asked(&stage.keys("<right>")),
        Some((ReportKind::Revenue, By::Partner, Period::month(now, 0)))
    );
    assert_eq!(asked(&stage.keys("<tab>")).map(|asked| asked.0), Some(ReportKind::Performance));
    assert_eq!(asked(&stage.keys("<tab>")).map(|asked| asked.0), Some(ReportKind::Completion));
    assert_eq!(asked(&stage.keys("<left>")).map(|asked| asked.0), Some(ReportKind::Performance));
    assert_eq!(asked(&stage.keys("p")).map(|asked| asked.2), Some(Period::month(now, 1)));
    assert_eq!(asked(&stage.keys("p")).map(|asked| asked.2), Some(Period::year(now)));
    assert_eq!(asked(&stage.keys("p")).map(|asked| asked.2), Some(Period::default()));
    assert_eq!(asked(&stage.keys("e")).map(|asked| asked.1), Some(By::Program));
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut stage = reading();
    let request = stage.request(|e| matches!(e, Effect::LoadReport { .. }));
    stage.keys("<right>");
    stage.send(Msg::Report { request, result: Ok(completion()) });
    assert!(stage.app.reports.rows.is_none());
    let row = RevenueRow {
        subject: partner("Certiport"),
        currency: Currency::USD,
        gross: 1,
        refunded: 0,
        partner_share: 0,
        platform_share: 1,
        paid_out: Some(0),
        payable: Some(0),
    };
    answer(&mut stage, ReportRows::Revenue(vec![row]));
    assert!(stage.app.reports.rows.is_some());
}

#[test]
fn a_failure_is_said_and_tried_again() {
    let mut stage = Stage::ready(advisor(None), vec![]);
    stage.keys("3");
    let request = stage.request(|e| matches!(e, Effect::LoadReport { .. }));
    stage.send(Msg::Report { request, result: Err(down()) });
    assert!(stage.app.reports.failure.is_some());
    assert!(asked(&stage.keys("r")).is_some());
    assert!(stage.app.reports.failure.is_none());
}

#[test]
fn enter_opens_the_statement_of_a_partner_only() {
    let mut stage = reading();
    let effects = stage.keys("j<enter>");
    assert!(matches!(&effects[..], [Effect::LoadStatement { partner, .. }] if partner.as_str() == "Milady"));
    stage.keys("<esc>G");
    assert_eq!(stage.keys("<enter>"), [], "nobody is owed anything for what is taught here");
}

#[test]
fn what_only_partners_have_leaves_its_room_to_the_names_of_programs() {
    let mut stage = reading();
    stage.keys("<right>e");
    let row = RevenueRow {
        subject: Subject::Program("hvac".into(), "HVAC Fundamentals".into()),
        currency: Currency::USD,
        gross: 11_900,
        refunded: 11_900,
        partner_share: 0,
        platform_share: 0,
        paid_out: None,
        payable: None,
    };
    answer(&mut stage, ReportRows::Revenue(vec![row]));
    stage.app.size = (80, 24);
    let picture = stage.picture();
    assert!(picture.contains("HVAC Fundamentals") && !picture.contains("payable"), "{picture}");
}
