//! The ledger: append-only, balanced, and what is paid out of it. And reports, which sum it up.

use super::conformance;
use super::world::{World, at};
use coursevia::domain::actor::Actor;
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::ids::ProviderId;
use coursevia::domain::ledger::{
    About, Account, LedgerQuery, Posting, Split, Transaction, TransactionKind, split_revenue, taken_back,
};
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::plan::PayoutPlan;
use coursevia::domain::report::{
    By, Period, ReportQuery, RevenueRow, completion, performance, revenue, statement,
};
use coursevia::store::{Conflict, Engine, StoreError};
use sqlx::Connection as _;

conformance! {
    what_is_posted_stays_as_it_is,
    transactions_are_listed_newest_first_with_all_their_lines,
    a_payout_is_posted_once_and_never_above_what_is_payable,
    of_two_payouts_at_once_one_is_refused,
    what_does_not_add_up_is_found,
    revenue_sums_equal_the_balances,
    a_statement_sums_up_to_the_revenue,
    what_happened_is_counted_where_and_when_it_happened,
    a_course_is_begun_once,
    a_completion_tells_its_days,
    how_well_it_works_is_told_per_partner,
}

const INSERT: &str = "INSERT INTO ledger_entries (transaction_id, line, at, kind, account, provider_id, \
    enrollment_id, currency, amount_cents, program_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
    (SELECT program_id FROM partner_lms_enrollments WHERE id = $7))";

macro_rules! insert_lines {
    ($db:expr, $transaction:expr) => {
        for (line, entry) in (0_i64..).zip($transaction.entries()) {
            sqlx::query(INSERT)
                .bind($transaction.id().as_uuid())
                .bind(line)
                .bind($transaction.at())
                .bind($transaction.kind().code())
                .bind(entry.account.code())
                .bind(entry.provider.map(ProviderId::as_uuid))
                .bind($transaction.about().enrollment.map(|id| id.as_uuid()))
                .bind(entry.amount.currency.code())
                .bind(entry.amount.cents)
                .execute(&mut $db)
                .await
                .expect("it is posted");
        }
    };
}

impl World {
    /// Posts behind the store's back, as a payment would.
    async fn post(&self, transactions: &[Transaction]) {
        if self.store.engine() == Engine::Sqlite {
            let mut db = sqlx::SqliteConnection::connect(&self.url).await.expect("it opens");
            for transaction in transactions {
                insert_lines!(db, transaction);
            }
        } else {
            let mut db = sqlx::PgConnection::connect(&self.url).await.expect("it answers");
            for transaction in transactions {
                insert_lines!(db, transaction);
            }
        }
    }

    /// A course is paid and its price divided in halves.
    pub async fn posted(&self, course: &Enrollment, minute: i64, cents: i64) {
        let posting = posted_for(course, minute);
        let split = split_revenue(cents, Terms::Share(5_000));
        let payment = posting.payment(self.ids.new_id(), cents).expect("it balances");
        let split = posting.split(self.ids.new_id(), split).expect("it balances");
        self.post(&[payment, split]).await;
    }

    async fn paid_back(&self, course: &Enrollment, minute: i64, back: Split) {
        let posting = posted_for(course, minute);
        let refund = posting.refund(self.ids.new_id(), back).expect("it balances");
        self.post(&[refund, posting.refund_paid(self.ids.new_id(), back.sum()).expect("it balances")]).await;
    }

    pub fn payout(&self, provider_id: ProviderId, cents: i64, reference: &str) -> PayoutPlan {
        PayoutPlan {
            id: self.ids.new_id(),
            provider_id,
            amount: Money { cents, currency: Currency::USD },
            reference: reference.into(),
            event: Event {
                provider: Some(provider_id),
                actor: Actor::Staff(self.ids.new_id()),
                at: at(30),
                ..self.event(EventKind::PaidOut, None)
            },
        }
    }

    async fn revenue(&self, period: Period) -> Vec<RevenueRow> {
        let query = ReportQuery { period, ..ReportQuery::default() };
        let lines = self.store.sum_revenue(period).await.expect("it reads");
        revenue(&query, &self.store.list_names().await.expect("it reads"), &lines)
    }
}

fn posted_for(course: &Enrollment, minute: i64) -> Posting {
    Posting {
        at: at(minute),
        provider: course.delivery.map(|delivery| delivery.provider_id),
        about: About { enrollment: Some(course.id), ..About::default() },
        currency: Currency::USD,
    }
}

fn partner_of(course: &Enrollment) -> ProviderId {
    course.delivery.expect("a partner").provider_id
}

async fn what_is_posted_stays_as_it_is(world: &World) {
    let maya = world.maya().await;
    world.posted(&maya, 1, 5_900).await;
    let mut statements = vec!["UPDATE ledger_entries SET amount_cents = 1", "DELETE FROM ledger_entries"];
    if world.store.engine() == Engine::Postgres {
        statements.push("TRUNCATE ledger_entries");
    }
    for statement in statements {
        let refused = if world.store.engine() == Engine::Sqlite {
            let mut db = sqlx::SqliteConnection::connect(&world.url).await.expect("it opens");
            sqlx::query(statement).execute(&mut db).await.expect_err("refused").to_string()
        } else {
            let mut db = sqlx::PgConnection::connect(&world.url).await.expect("it answers");
            sqlx::query(statement).execute(&mut db).await.expect_err("refused").to_string()
        };
        assert!(refused.contains("append-only"), "{statement}: {refused}");
    }
    let balances = world.store.sum_balances().await.expect("it reads");
    assert_eq!(balances.iter().map(|balance| balance.amount.cents).sum::<i64>(), 0);
    assert_eq!(balances.len(), 4, "{balances:?}");
}

async fn transactions_are_listed_newest_first_with_all_their_lines(world: &World) {
    let (maya, lee) = (world.maya().await, world.standing(2, |_| {}).await);
    world.posted(&maya, 1, 5_900).await;
    world.posted(&lee, 2, 1_001).await;
    let all = LedgerQuery::default();
    let listed = world.store.list_transactions(&all, None, 10).await.expect("it reads");
    let kinds: Vec<_> = listed.iter().map(|posted| (posted.kind, posted.entries.len())).collect();
    let (payment, split) = (TransactionKind::Payment, TransactionKind::Split);
    assert_eq!(kinds, [(split, 3), (payment, 2), (split, 3), (payment, 2)]);
    assert_eq!(listed[0].entries[1].name(), "partner_payable:Certiport");
    assert_eq!(listed[0].entries[1].amount.cents, -500);
    assert_eq!(listed[0].entries[2].amount.cents, -501, "remainder cents are the platform's");
    let first = world.store.list_transactions(&all, None, 1).await.expect("it reads");
    let rest = world.store.list_transactions(&all, Some(first[0].seq), 10).await.expect("it reads");
    assert_eq!([first, rest].concat(), listed);
    let of_maya = LedgerQuery { enrollment: Some(maya.id), ..all };
    assert_eq!(world.store.list_transactions(&of_maya, None, 10).await.expect("it reads"), listed[2..]);
    let of_certiport = LedgerQuery { provider: Some(partner_of(&maya)), ..all };
    assert_eq!(world.store.list_transactions(&of_certiport, None, 10).await.expect("it reads").len(), 4);
    let of_nobody = LedgerQuery { provider: Some(world.ids.new_id()), ..all };
    assert_eq!(world.store.list_transactions(&of_nobody, None, 10).await.expect("it reads"), []);
    let yesterday = at(0).date_naive().pred_opt();
    let before = LedgerQuery { period: Period::new(None, yesterday).expect("a period"), ..all };
    assert_eq!(world.store.list_transactions(&before, None, 10).await.expect("it reads"), []);
}

async fn a_payout_is_posted_once_and_never_above_what_is_payable(world: &World) {
    let maya = world.maya().await;
    world.posted(&maya, 1, 5_900).await;
    let certiport = partner_of(&maya);
    let too_much = world.store.post_payout(&world.payout(certiport, 2_951, "P-1")).await;
    assert!(matches!(too_much, Err(StoreError::Conflict(Conflict::Changed))), "{too_much:?}");
    world.store.post_payout(&world.payout(certiport, 2_000, "P-1")).await.expect("it is posted");
    let again = world.store.post_payout(&world.payout(certiport, 100, "P-1")).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::PayoutExists))), "{again:?}");
    let rest = world.store.post_payout(&world.payout(certiport, 951, "P-2")).await;
    assert!(matches!(rest, Err(StoreError::Conflict(Conflict::Changed))), "{rest:?}");
    world.store.post_payout(&world.payout(certiport, 950, "P-2")).await.expect("it is posted");
    let [row] = world.revenue(Period::default()).await.try_into().expect("one row");
    assert_eq!((row.paid_out, row.payable, row.partner_share), (Some(2_950), Some(0), 2_950));
    assert_eq!(world.store.find_ledger_faults().await.expect("it reads").unbalanced, []);
}

async fn of_two_payouts_at_once_one_is_refused(world: &World) {
    let maya = world.maya().await;
    world.posted(&maya, 1, 5_900).await;
    let (one, other) =
        (world.payout(partner_of(&maya), 2_000, "P-1"), world.payout(partner_of(&maya), 2_000, "P-2"));
    let (one, other) = tokio::join!(world.store.post_payout(&one), world.store.post_payout(&other));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

async fn what_does_not_add_up_is_found(world: &World) {
    let maya = world.maya().await;
    world.posted(&maya, 1, 5_900).await;
    let faults = world.store.find_ledger_faults().await.expect("it reads");
    assert_eq!(faults, coursevia::domain::ledger::LedgerFaults::default());
    world
        .execute(
            "INSERT INTO ledger_entries (transaction_id, line, at, kind, account, currency, amount_cents) \
             SELECT transaction_id, 9, at, kind, account, currency, 1 FROM ledger_entries \
             WHERE kind = 'payment' AND line = 0",
        )
        .await;
    world
        .execute(
            "INSERT INTO payments (id, enrollment_id, funds_id, student_id, status, amount_cents, currency, \
             processor, idempotency_key, request_body, expires_at, created_at, paid_at, refund_policy) \
             SELECT id, id, id, student_id, 'paid', 5900, 'USD', 'x', 'k', '', enrolled_at, enrolled_at, \
             enrolled_at, '[]' FROM partner_lms_enrollments",
        )
        .await;
    let faults = world.store.find_ledger_faults().await.expect("it reads");
    let posted = world.store.list_transactions(&LedgerQuery::default(), None, 10).await.expect("it reads");
    assert_eq!(faults.unbalanced, [posted[1].id]);
    assert_eq!((faults.unposted_payments, faults.unposted_refunds), (1, 0));
}

async fn revenue_sums_equal_the_balances(world: &World) {
    let courses = [world.maya().await, world.standing(2, |_| {}).await, world.standing(3, |_| {}).await];
    // The same numbers every time, and no two alike.
    let mut seed = 7_i64;
    let mut next = |most: i64| {
        seed = (seed * 7_919 + 104_729) % 1_000_003;
        seed % most
    };
    for round in 0..40 {
        let course = &courses[usize::try_from(next(3)).expect("small")];
        let cents = 1 + next(20_000);
        let minute = next(6) * 24 * 60;
        world.posted(course, minute, cents).await;
        let split = split_revenue(cents, Terms::Share(5_000));
        match round % 4 {
            0 => world.paid_back(course, minute, taken_back(split, next(cents + 1))).await,
            1 => {
                let unsplit = posted_for(course, minute).unsplit(world.ids.new_id(), split);
                world.post(&[unsplit.expect("it balances")]).await;
            }
            2 if split.partner > 1 => {
                let payout = world.payout(partner_of(course), 1 + next(split.partner), &format!("P-{round}"));
                // More may have gone back than is payable by now.
                let _ = world.store.post_payout(&payout).await;
            }
            _ => {}
        }
    }
    let balances = world.store.sum_balances().await.expect("it reads");
    let held =
        |account| -> i64 { balances.iter().filter(|b| b.account == account).map(|b| b.amount.cents).sum() };
    let rows = world.revenue(Period::default()).await;
    let sum = |of: fn(&RevenueRow) -> i64| -> i64 { rows.iter().map(of).sum() };
    assert_eq!(sum(|row| row.payable.expect("per partner")), -held(Account::PartnerPayable));
    assert_eq!(sum(|row| row.platform_share), -held(Account::PlatformRevenue));
    assert_eq!(sum(|row| row.paid_out.expect("per partner")), -held(Account::PartnerPaidOut));
    assert_eq!(sum(|row| row.gross - row.refunded), sum(|row| row.partner_share + row.platform_share));
    assert!(sum(|row| row.paid_out.expect("per partner")) > 0 && sum(|row| row.refunded) > 0);
    // Day by day it is the same as all at once.
    let mut by_day = 0;
    for day in 0..40 {
        let day = at(day * 24 * 60).date_naive();
        let rows = world.revenue(Period::new(Some(day), Some(day)).expect("a day")).await;
        by_day += rows.iter().map(|row| row.gross).sum::<i64>();
    }
    assert_eq!(by_day, sum(|row| row.gross));
}

async fn a_statement_sums_up_to_the_revenue(world: &World) {
    let (maya, lee) = (world.maya().await, world.standing(2, |_| {}).await);
    world.posted(&maya, 1, 5_900).await;
    world.posted(&lee, 2, 1_001).await;
    world.paid_back(&lee, 3, Split { partner: 500, platform: 501 }).await;
    world.store.post_payout(&world.payout(partner_of(&maya), 1_000, "P-1")).await.expect("it is posted");
    let period = Period::default();
    let (facts, sums) = world.store.list_statement(partner_of(&maya), period).await.expect("it reads");
    let statement = statement("Certiport".into(), facts, &sums);
    let [total] = statement.totals.as_slice() else { panic!("one currency: {statement:?}") };
    let [row] = world.revenue(period).await.try_into().expect("one row");
    assert_eq!(
        (total.paid, total.refunded, total.partner_share),
        (row.gross, row.refunded, row.partner_share)
    );
    assert_eq!(statement.rows.len(), 2);
    let of_lee = statement.rows.iter().find(|row| row.facts.as_ref().is_some_and(|f| f.enrollment == lee.id));
    let line = of_lee.and_then(|row| row.line).expect("her money");
    assert_eq!((line.paid, line.refunded, line.partner_share), (1_001, 1_001, 0));
}

async fn what_happened_is_counted_where_and_when_it_happened(world: &World) {
    let maya = world.maya().await;
    world.report(&maya, 60, 10).await;
    let here = world.enroll(&world.student("lee@example.org"), "digital-literacy", None).await;
    world.store.cancel(&world.cancelling(&here, &[])).await.expect("it cancels");
    let kinds = [EventKind::Enrolled, EventKind::Started, EventKind::Cancelled];
    let names = world.store.list_names().await.expect("it reads");
    let count = async |period| {
        let events = world.store.count_events(&kinds, period).await.expect("it reads");
        let rows = completion(&ReportQuery { by: By::Program, ..ReportQuery::default() }, &names, &events);
        let row = |row: &coursevia::domain::report::CompletionRow| {
            (row.subject.code().unwrap_or_default().to_owned(), row.enrolled, row.started, row.cancelled)
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let all = count(Period::default()).await;
    assert_eq!(all, [("cna-training".to_owned(), 1, 1, 0), ("digital-literacy".to_owned(), 1, 0, 1)]);
    let today = at(0).date_naive();
    assert_eq!(count(Period::new(Some(today), Some(today)).expect("a day")).await, all);
    assert_eq!(count(Period::new(None, today.pred_opt()).expect("a period")).await, []);
    assert_eq!(count(Period::new(today.succ_opt(), None).expect("a period")).await, []);
    // Years of more than four digits: the two engines would compare them differently.
    let far = |year| chrono::NaiveDate::from_ymd_opt(year, 12, 31);
    for to in [9_998, 9_999, 12_000] {
        assert_eq!(count(Period::new(None, far(to)).expect("a period")).await, all, "until {to}");
    }
    assert_eq!(count(Period::new(far(12_000), None).expect("a period")).await, []);
    assert_eq!(count(Period::new(far(-1), Some(today)).expect("a period")).await, all);
}

async fn begun(world: &World, course: &Enrollment) -> usize {
    world.history(course.id).await.into_iter().filter(|kind| *kind == EventKind::Started).count()
}

async fn a_course_is_begun_once(world: &World) {
    let maya = world.maya().await;
    world.report(&maya, 1, 0).await;
    world.launch(&maya, 2).await;
    assert_eq!(begun(world, &maya).await, 0, "the partner says that nothing is done");
    world.report(&maya, 3, 10).await;
    world.report(&maya, 4, 0).await;
    world.report(&maya, 5, 20).await;
    world.complete(&maya, 6).await;
    assert_eq!(begun(world, &maya).await, 1);
    // Where nobody reports, opening it is beginning it.
    let lee = world.standing(2, |_| {}).await;
    for _ in 0..2 {
        let event = world.event(EventKind::Launched, Some(&lee));
        let plan = coursevia::domain::plan::LaunchPlan {
            id: world.ids.new_id(),
            enrollment_id: lee.id,
            at: at(1),
            handover: coursevia::domain::plan::Handover::Browser,
            actor: Actor::Student(lee.student_id),
            begins: true,
            event,
        };
        world.store.record_launch(&plan).await.expect("it is written");
    }
    assert_eq!(begun(world, &lee).await, 1);
    // Whoever completes at once has begun.
    let kim = world.standing(3, |_| {}).await;
    world.complete(&kim, 1).await;
    assert_eq!(begun(world, &kim).await, 1);
}

async fn a_completion_tells_its_days(world: &World) {
    let maya = world.standing(2, |course| course.enrolled_at = at(-12 * 24 * 60)).await;
    world.complete(&maya, 1).await;
    let counted =
        world.store.count_events(&[EventKind::Completed], Period::default()).await.expect("it reads");
    let [completed] = counted.as_slice() else { panic!("one: {counted:?}") };
    assert_eq!((completed.days, completed.count), (Some(12), 1));
    assert_eq!(completed.place.provider, Some(partner_of(&maya)));
    assert_eq!(completed.place.program, Some(maya.program_id));
}

async fn how_well_it_works_is_told_per_partner(world: &World) {
    let maya = world.maya().await;
    world.confirm(&maya).await;
    world.report(&maya, 1, 10).await;
    world.store.note(&world.event(EventKind::LaunchFailed, Some(&maya))).await.expect("it is written");
    let kinds = [EventKind::Enrolled, EventKind::Completed, EventKind::LaunchFailed];
    let events = world.store.count_events(&kinds, Period::default()).await.expect("it reads");
    let (ratings, figures) = (
        world.store.sum_ratings().await.expect("it reads"),
        world.store.list_figures().await.expect("it reads"),
    );
    let names = world.store.list_names().await.expect("it reads");
    let rows = performance(&ReportQuery::default(), &names, &events, &ratings, &figures, at(31));
    let [row] = rows.as_slice() else { panic!("one partner: {rows:?}") };
    assert_eq!(row.subject.label(), "Certiport");
    assert_eq!((row.completion_rate, row.launch_failures), (Some(0.0), 1));
    assert_eq!((row.figures_age_minutes, row.rating), (Some(30.0), None));
}
