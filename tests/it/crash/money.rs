//! Killed while a partner is paid, and while a failed launch is noted.

use super::{RIGHT, STUDENT, WRONG, World, count, courses, enroll, work};
use coursevia::domain::event::EventKind;
use coursevia::domain::ledger::{Account, LedgerQuery, TransactionKind};
use coursevia::store::FailPoint;
use sqlx::{Connection as _, Executor as _};

/// A price of 100.00 that is all the partner's, posted behind the store's back.
const OWED: &str = "INSERT INTO ledger_entries (transaction_id, line, at, kind, account, provider_id, currency, \
    amount_cents) SELECT id, 0, '2026-01-01T00:00:00+00:00', 'split', 'student_credit', id, 'USD', 10000 \
    FROM partner_lms_providers WHERE provider_name = 'Certiport' \
    UNION ALL SELECT id, 1, '2026-01-01T00:00:00+00:00', 'split', 'partner_payable', id, 'USD', -10000 \
    FROM partner_lms_providers WHERE provider_name = 'Certiport'";

pub(super) async fn pay_out(world: &World, point: FailPoint) {
    let (office, _) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    let url = &office.config().database.url;
    let mut db = sqlx::SqliteConnection::connect(url).await.expect("the database");
    db.execute(OWED).await.expect("it is owed");
    let payout = ["payout", "Certiport", "--amount", "60.00", "--reference", "P-1"];
    let command = [&payout[..], &["--advisor", "ruth@college.example"]].concat();
    world.dies_at(point, RIGHT, &command);
    // Done before it was killed: then it is refused.
    let wanted = if point == FailPoint::PayoutAfterCommit { 3 } else { 0 };
    assert_eq!(world.home.run(&command).code, wanted);
    let posted = services.ledger(&LedgerQuery::default(), None).await.expect("it reads");
    assert_eq!(posted.iter().filter(|posted| posted.kind == TransactionKind::Payout).count(), 1);
    let balances = services.store.sum_balances().await.expect("it reads");
    let held = |account| balances.iter().find(|b| b.account == account).map(|b| b.amount.cents);
    assert_eq!((held(Account::PartnerPayable), held(Account::PartnerPaidOut)), (Some(-4_000), Some(-6_000)));
    assert_eq!(services.store.find_ledger_faults().await.expect("it reads").unbalanced, []);
}

pub(super) async fn note(world: &World, point: FailPoint) {
    let (office, student) = world.later(RIGHT).await;
    let services = office.services().await.expect("the services");
    enroll(services, &student).await;
    work(services).await;
    let command = [&["launch", "cna-training", "--print-url"], &STUDENT[..]].concat();
    world.dies_at(point, WRONG, &command);
    let view = courses(services, &student).await.remove(0);
    let noted = count(services, &view, EventKind::LaunchFailed).await;
    assert_eq!(noted, usize::from(point == FailPoint::NoteAfterCommit));
    world.home.run(&command).ends(0);
    assert_eq!(count(services, &view, EventKind::LaunchFailed).await, noted);
}
