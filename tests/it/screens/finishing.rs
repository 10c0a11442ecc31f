//! Where the partner reports nothing: how to begin there, and "I have finished".

use super::harness::Stage;
use super::world::{self, course};
use coursevia::domain::failure::Failure;
use coursevia::domain::proof::{Proof, ProofStatus};
use coursevia::domain::provider::{LinkAccess, LoginAddress, Protocol};
use coursevia::domain::views::CourseView;
use coursevia::domain::web::WebUrl;
use coursevia::ui::Effect;
use coursevia::ui::msg::Msg;
use insta::assert_snapshot;
use uuid::Uuid;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// A course at a partner with steps and an address that is longer than a line.
fn nds() -> CourseView {
    let mut view = course("Dental Safety", "NDS", None, 9);
    let login = "https://learn.nds.example.org/students/sign-in?organization=college-of-the-north&term=2026";
    let steps = [
        "Create your account with the e-mail address you enrolled with.",
        "Open My Training and choose Dental Safety.",
        "Print the certificate when you have passed, and send it to us.",
    ];
    let access = LinkAccess {
        login_url: LoginAddress::Url(WebUrl::parse(login).expect("an address")),
        instructions: Some("Sign in.".into()),
        steps: steps.map(Into::into).to_vec(),
    };
    view.partner.as_mut().expect("a partner").provider.protocol = Protocol::Link(access);
    view
}

fn reported(status: ProofStatus) -> CourseView {
    let mut view = nds();
    let sent_at = world::now() - chrono::TimeDelta::days(2);
    view.proof = Some(Box::new(Proof {
        id: Uuid::nil().into(),
        enrollment_id: view.enrollment.id,
        status,
        sent_at,
        finished_on: sent_at.date_naive(),
        note: None,
        url: None,
        file: None,
        decided_at: (status != ProofStatus::Open).then(world::now),
        decision_note: (status == ProofStatus::Declined)
            .then(|| "The certificate names another person".into()),
    }));
    view
}

fn sent(effect: &Effect) -> Option<u64> {
    match effect {
        Effect::SendProof { request, .. } => Some(*request),
        _ => None,
    }
}

#[test]
fn how_to_begin_stands_on_the_course_whole() {
    at_all_sizes!("finish_course", |s: Stage| s.programs().courses(vec![nds()]).keys("2o"));
    // Nothing is cut: every word is there for whoever scrolls.
    for (width, height) in SIZES {
        let mut seen = String::new();
        for scroll in 0..40 {
            let stage = Stage::new(width, height).programs().courses(vec![nds()]);
            seen += &stage.keys(&format!("2o{}", "j".repeat(scroll))).screen().to_string();
        }
        for words in ["1. Create", "3. Print", "passed,", "help@nds.example"] {
            assert!(seen.contains(words), "{width}x{height}: {words}");
        }
        assert!(!seen.contains("sandbox"));
    }
}

#[test]
fn where_a_report_stands() {
    let open = || vec![reported(ProofStatus::Open)];
    let declined = || vec![reported(ProofStatus::Declined)];
    at_all_sizes!("finish_open", |s: Stage| s.programs().courses(open()).keys("2"));
    at_all_sizes!("finish_declined", |s: Stage| s.programs().courses(declined()).keys("2"));
    assert_snapshot!(
        "finish_declined_course_80x24",
        Stage::new(80, 24).programs().courses(declined()).keys("2o").screen()
    );
}

#[test]
fn the_box() {
    let open = |s: Stage| s.programs().courses(vec![nds()]).keys("2d");
    at_all_sizes!("finish_box", open);
    at_all_sizes!("finish_box_proof", |s: Stage| open(s).keys("<tab>All done<tab>~/certificate.pdf"));
    at_all_sizes!("finish_box_refused", |s: Stage| {
        let failure = "certificate.pdf can't be read: there is no such file. Nothing was sent.";
        let s = open(s).keys("<tab><tab>certificate.pdf<enter>");
        let failure = Failure::new("proof_file_unusable", failure);
        s.reply(sent, |request| Msg::ProofSent {
            request,
            enrollment: nds().enrollment.id,
            result: Err(failure.clone()),
        })
    });
}
