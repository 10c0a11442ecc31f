//! A partner fails: nothing opens there, its students go elsewhere for free, and hear when it is back.

use super::both;
use super::world::{Books, MAYA, wholesale};
use chrono::TimeDelta;
use coursevia::domain::actor::Actor;
use coursevia::domain::decide::PartnerChange;
use coursevia::domain::enrollment::{Payment, Status};
use coursevia::domain::event::EventKind;
use coursevia::domain::provider::Retirement;
use coursevia::domain::report::ReportQuery;
use coursevia::domain::views::CourseView;
use coursevia::service::Switch;
use serde_json::json;

both!(
    who_has_begun_leaves_a_paused_partner_for_free,
    a_wholesale_price_is_the_platforms_loss,
    who_paid_nothing_pays_nothing,
    a_cheaper_partner_still_gives_the_rest_back,
    nothing_opens_at_a_paused_partner_and_its_return_is_told,
    calls_that_fail_are_trouble_and_good_ones_end_it,
    nobody_pays_at_a_partner_that_closed,
    one_damaged_enrollment_silences_no_other_certificate,
);

impl Books {
    async fn change(&self, partner: &str, change: PartnerChange) {
        let advisor = self.advisor().await;
        self.services().await.change_partner(&advisor, partner, change).await.expect("it is written");
    }

    async fn pause(&self, partner: &str) {
        let change = PartnerChange::Pause { note: "It moves.".into(), until: None };
        self.change(partner, change).await;
    }

    async fn retire(&self, partner: &str) {
        let today = self.campus.clock().now().date_naive();
        let end = Retirement { closes_on: today, ends_on: Some(today), note: None };
        self.change(partner, PartnerChange::Retire(end)).await;
    }

    /// The partner sees progress, and we hear of it.
    async fn learn(&self, view: &CourseView, percent: u8) -> CourseView {
        let view = self.course(view.enrollment.id).await;
        let partner = view.provider().expect("a partner").provider_type.to_string();
        let id = view.enrollment.external_enrollment_id.clone().expect("known there");
        let body = json!({ "partner": partner, "enrollment_id": id.as_str(), "percent": percent });
        self.campus.control("progress", body).await;
        self.services().await.sync(Actor::System, None).await.expect("it syncs");
        self.course(view.enrollment.id).await
    }

    async fn revenue_of(&self, partner: &str) -> (i64, i64, i64) {
        let rows = self.services().await.revenue_report(&ReportQuery::default()).await.expect("it reads");
        let row = rows.iter().find(|row| row.subject.label() == partner).expect("a row");
        (row.gross, row.partner_share, row.platform_share)
    }
}

async fn who_has_begun_leaves_a_paused_partner_for_free(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let old = books.learn(&old, 45).await;
    assert_eq!(old.enrollment.progress.percent.get(), 45);
    assert_eq!(books.switch(&old, "Milady").await.expect_err("it works").code(), "already_started");
    books.pause("Certiport").await;
    let request = Switch {
        actor: Actor::Student(old.student.id),
        course: old.enrollment.id,
        choice: books.choice("Milady").await,
        overrule: None,
    };
    let (quote, refusal) = books.services().await.switch_quote(&request).await.expect("a quote");
    assert_eq!((quote.due.cents, quote.waived.cents, quote.refund.cents, refusal), (0, 1_901, 0, None));
    let failed = quote.failed.as_ref().expect("it failed");
    assert_eq!(
        failed.progress_words(&quote),
        "Your 45% at Certiport does not move along; Milady starts at 0%."
    );
    let new = books.switch(&old, "Milady").await.expect("at once");
    assert_eq!((new.enrollment.status, new.enrollment.payment), (Status::Active, Payment::Paid));
    assert_eq!(new.enrollment.progress.percent.get(), 0);
    assert_eq!(new.money.paid().expect("what was paid").cents, 4_000);
    assert_eq!(books.balance("partner_payable").await, -2_360, "Milady gets its share of the full price");
    assert_eq!(books.balance("platform_revenue").await, -(4_000 - 2_360));
    assert!(books.history(&old).await.contains(&EventKind::Withdrawn), "the partner is told all the same");
    assert_eq!(books.revenue_of("Milady").await, (4_000, 2_360, 1_640));
    books.audit().await;
    // Paid back as usual: no more than was paid.
    books.cancel(&new).await.expect("before the start");
    assert_eq!(books.balance("processor_clearing").await, 0);
    assert_eq!((books.balance("partner_payable").await, books.balance("platform_revenue").await), (0, 0));
    books.audit().await;
}

async fn a_wholesale_price_is_the_platforms_loss(books: Books) {
    books.campus.import(&wholesale()).await;
    let old = books.paid(MAYA, "Certiport").await;
    books.retire("Certiport").await;
    let new = books.switch(&old, "Milady").await.expect("at once");
    assert_eq!(new.enrollment.status, Status::Active);
    assert_eq!(books.balance("partner_payable").await, -5_000);
    assert_eq!(books.balance("platform_revenue").await, 1_000, "what is missing is ours");
    assert_eq!(books.revenue_of("Milady").await, (4_000, 5_000, -1_000));
    books.audit().await;
}

async fn who_paid_nothing_pays_nothing(books: Books) {
    let old = books.try_enroll(MAYA, "HSI Safety").await.expect("it is free");
    books.work().await;
    books.pause("HSI Safety").await;
    let new = books.switch(&old, "Milady").await.expect("at once");
    assert_eq!((new.enrollment.status, new.enrollment.payment), (Status::Active, Payment::None));
    assert_eq!(books.balance("partner_payable").await, -2_360);
    assert_eq!(books.balance("platform_revenue").await, 2_360);
    assert_eq!(books.revenue_of("Milady").await, (0, 2_360, -2_360));
    assert_eq!(books.at_processor().await.len(), 0, "nobody was asked for money");
    books.audit().await;
    // Who goes before the start leaves the partner no share of what nobody paid.
    books.cancel(&new).await.expect("before the start");
    assert_eq!((books.balance("partner_payable").await, books.balance("platform_revenue").await), (0, 0));
    books.audit().await;
}

async fn a_cheaper_partner_still_gives_the_rest_back(books: Books) {
    let old = books.paid(MAYA, "Milady").await;
    books.pause("Milady").await;
    let new = books.switch(&old, "Certiport").await.expect("at once");
    assert_eq!(new.money.back().expect("the rest").cents, 1_901);
    assert_eq!((books.taken().await, books.balance("partner_payable").await), (0, -2_000));
    books.audit().await;
}

async fn nothing_opens_at_a_paused_partner_and_its_return_is_told(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let mut desk = books.campus.desk_of_student(MAYA).await;
    desk.keys("2").await;
    books.pause("Certiport").await;
    // The screen does not know it yet: the status is read again before anything opens.
    desk.keys("<enter>").await.sees("Certiport is paused").sees("It moves").sees("Switch to Milady");
    assert_eq!(desk.opened(), Vec::<String>::new());
    let services = books.services().await;
    let refused = services.launch(Actor::Student(old.student.id), old.enrollment.id).await;
    let refused = refused.expect_err("it is paused");
    let failure = coursevia::domain::failure::Failure::from(&refused);
    assert_eq!((failure.code, failure.refused), ("partner_paused", true));
    assert_eq!(failure.alternatives, ["HSI Safety", "Milady"]);
    desk.keys("<end><enter>").await.sees("You get a mail when Certiport is back.");
    let mails = books.campus.mails().len();
    let advisor = books.advisor().await;
    services.change_partner(&advisor, "Certiport", PartnerChange::Resume).await.expect("it is back");
    books.work().await;
    let told: Vec<_> = books.campus.mails().into_iter().filter(|mail| mail.contains("is back")).collect();
    assert_eq!((told.len(), books.campus.mails().len()), (1, mails + 1));
    assert!(told[0].contains("coursevia launch nail-care"), "{}", told[0]);
    desk.keys("r<enter>").await;
    assert_eq!(desk.opened().len(), 1);
}

async fn calls_that_fail_are_trouble_and_good_ones_end_it(books: Books) {
    let old = books.paid(MAYA, "Certiport").await;
    let services = books.services().await;
    let actor = Actor::Student(old.student.id);
    let troubled = async || {
        let provider = services.partner_standing("Certiport").await.expect("it reads");
        provider.troubled(books.campus.clock().now()).is_some()
    };
    assert!(services.partner_standing("Certiport").await.expect("it reads").health.is_clear());
    books.campus.control("fail", json!({ "fail": "partner-down" })).await;
    for _ in 0..3 {
        let failed = services.launch(actor, old.enrollment.id).await.expect_err("it is down");
        assert_eq!(failed.code(), "partner_down");
        assert!(failed.to_string().contains("ask certiport@support.example.org"), "{failed}");
    }
    assert!(troubled().await);
    let mut desk = books.campus.desk_of_student(MAYA).await;
    desk.keys("2").await.sees("having problems since");
    desk.keys("<enter>").await.sees("Certiport did not open it").sees("Try again").sees("Switch to Milady");
    desk.keys("y").await.sees("on your clipboard");
    books.campus.control("fail", json!({ "fail": "" })).await;
    desk.keys("<home><enter>").await;
    assert_eq!(desk.opened().len(), 1);
    for _ in 0..2 {
        services.launch(actor, old.enrollment.id).await.expect("it works");
    }
    assert!(!troubled().await);
    desk.keys("<esc>r").await.sees_no("having problems since");
}

async fn nobody_pays_at_a_partner_that_closed(books: Books) {
    let waits = books.enroll(MAYA, "Certiport").await;
    let mut desk = books.campus.desk_of_student(MAYA).await;
    desk.keys("2").await.sees("Pay ");
    books.retire("Certiport").await;
    let (services, actor) = (books.services().await, Actor::Student(waits.student.id));
    let refused = services.pay(actor, waits.enrollment.id).await.expect_err("it is closed");
    let failure = coursevia::domain::failure::Failure::from(&refused);
    assert_eq!(
        (failure.code, failure.alternatives),
        ("partner_retired", vec!["HSI Safety".into(), "Milady".into()])
    );
    let again = books.try_enroll(MAYA, "Milady").await.expect_err("the place stands");
    assert_eq!(again.code(), "partner_retired");
    desk.keys("r").await.sees("What now").sees("Nothing was charged").sees_no("Pay ");
    desk.keys("<enter>").await.sees("Certiport is closed").sees("You can choose HSI");
    desk.sees("Nothing was charged. Don't pay on a page that is still open.");
    desk.keys("<enter>").await.sees("give the place back").keys("<enter>").await;
    books.work().await;
    assert_eq!(books.course(waits.enrollment.id).await.enrollment.status, Status::Cancelled);
    assert_eq!(desk.opened(), Vec::<String>::new());
    books.audit().await;
}

async fn one_damaged_enrollment_silences_no_other_certificate(books: Books) {
    for name in [MAYA, "leo@example.org"] {
        let course = books.paid(name, "Certiport").await;
        books.learn(&course, 100).await;
        books.work().await;
    }
    books
        .execute(&format!(
            "INSERT INTO programs (id, slug, title) SELECT id, 'Not A Slug', 'Damaged' FROM students WHERE email = '{MAYA}'"
        ))
        .await;
    books
        .execute(&format!(
            "UPDATE partner_lms_enrollments SET program_id = (SELECT id FROM programs WHERE slug = 'Not A Slug') \
             WHERE student_id = (SELECT id FROM students WHERE email = '{MAYA}')"
        ))
        .await;
    books.campus.clock().advance(TimeDelta::days(680));
    let services = books.services().await;
    assert_eq!(services.announce_expiring().await.expect("it goes on"), 1);
    assert_eq!(services.announce_expiring().await.expect("it goes on"), 0);
}
