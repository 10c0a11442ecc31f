//! Mail: what it says, and that nobody gets it twice.

use super::world::{maya, sandboxed};
use coursevia::domain::enrollment::{Delivery, Enrollment, Link};
use coursevia::domain::ids::{CourseId, ProgramId, ProviderId};
use coursevia::domain::learning::TaughtSummary;
use coursevia::domain::money::{Currency, Money, Terms};
use coursevia::domain::person::Student;
use coursevia::domain::program::{DeliveryFormat, Pacing, PartnerCourse, Slug};
use coursevia::domain::provider::{Availability, Health, LinkAccess, Protocol, Provider, Support};
use coursevia::domain::refund::RefundPolicy;
use coursevia::domain::review::RatingSummary;
use coursevia::domain::text::Text;
use coursevia::domain::time::Instant;
use coursevia::domain::views::CourseMoney;
use coursevia::domain::views::{CourseView, Offer};
use coursevia::domain::web::WebUrl;
use coursevia::mail::{MailError, Mailer, Message, enrollment_confirmed};
use coursevia::platform::Secret;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use uuid::Uuid;

const FROM: &str = "Enrollment Office <enroll@college.example>";
const KEY: &str = "mail-0198c6f0-0000-7000-8000-000000000001";

fn now() -> Instant {
    chrono::DateTime::from_timestamp(1_780_000_000, 0).expect("a moment")
}

fn course(protocol: Option<Protocol>, student: Student) -> CourseView {
    let nil = Uuid::nil();
    let partner = protocol.map(|protocol| Offer {
        course: PartnerCourse {
            id: CourseId::from(nil),
            provider_id: ProviderId::from(nil),
            program_id: ProgramId::from(nil),
            name: "CNA Training, blended".into(),
            code: "CNA-101".into(),
            active: true,
            format: DeliveryFormat::Hybrid,
            pacing: Pacing::InstructorLed,
            hours: None,
            credential: None,
            price: Money::zero(Currency::USD),
            terms: Terms::None,
        },
        provider: Provider {
            id: ProviderId::from(nil),
            name: "Certiport".into(),
            provider_type: "certiport".into(),
            icon: None,
            description: "Online".into(),
            availability: Availability::Active,
            retirement: None,
            health: Health::default(),
            declares: None,
            protocol,
            support: Support {
                email: Some("support@example.org".into()),
                url: WebUrl::parse("https://example.org/help").ok(),
            },
            refunds: RefundPolicy::default(),
            demo: true,
        },
        dated: false,
        cohorts: Vec::new(),
        rating: RatingSummary::default(),
    });
    let delivery = partner
        .as_ref()
        .map(|_| Delivery { provider_id: ProviderId::from(nil), course_id: CourseId::from(nil) });
    let begins = Enrollment::beginning(nil.into(), student.id, ProgramId::from(nil), delivery, now());
    CourseView {
        enrollment: Enrollment { link: Link::Requested, ..begins },
        student,
        program_slug: Slug::parse("cna-training").expect("a slug"),
        program_title: "CNA Training".into(),
        partner,
        cohort: None,
        account: None,
        jobs: Vec::new(),
        launched: false,
        certificate: None,
        proof: None,
        taught: None,
        money: CourseMoney::default(),
        switching: None,
    }
}

fn rest() -> CourseView {
    course(Some(Protocol::Rest(sandboxed("certiport"))), maya())
}

fn link() -> CourseView {
    let access = LinkAccess { instructions: Some("Choose \"New student\" and type the voucher that our office gave you; it takes about five minutes.".into()), ..LinkAccess::at(WebUrl::parse("https://login.partner.example/students/sign-in").expect("an address")) };
    course(Some(Protocol::Link(access)), maya())
}

fn taught_here() -> CourseView {
    let taught = Some(TaughtSummary { lessons: 4, read: 0 });
    CourseView { taught, ..course(None, maya()) }
}

fn message() -> Message {
    enrollment_confirmed(&rest(), KEY).expect("a message")
}

fn files(dir: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(dir).expect("a folder");
    let mut names: Vec<String> =
        names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn the_confirmation_says_how_to_start() {
    for (name, view) in [
        ("confirmation_rest", rest()),
        ("confirmation_link", link()),
        ("confirmation_taught_here", taught_here()),
        ("confirmation_lessons_coming", course(None, maya())),
    ] {
        let message = enrollment_confirmed(&view, KEY).expect("a message");
        insta::assert_snapshot!(name, format!("Subject: {}\n\n{}", message.subject, message.body));
        let longest = message.body.lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(72), "{name}: {longest:?}");
    }
}

#[test]
fn a_student_without_an_address_gets_no_mail() {
    let student = Student { email: None, ..maya() };
    assert_eq!(enrollment_confirmed(&course(None, student), KEY), None);
}

#[tokio::test]
async fn a_message_becomes_one_private_file_however_often_it_is_delivered() {
    let home = TempDir::new().expect("a folder");
    let dir = home.path().join("data/mail");
    let mailer = Mailer::folder(&dir, FROM).expect("a mailer");
    assert!(mailer.can_send());
    for minutes in 0..3 {
        let at = now() + chrono::TimeDelta::minutes(minutes);
        mailer.deliver(&message(), at).await.expect("delivered");
    }
    assert_eq!(files(&dir), [format!("{KEY}.eml")]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&dir), mode(&dir.join(format!("{KEY}.eml")))), (0o700, 0o600));
    let mail = std::fs::read_to_string(dir.join(format!("{KEY}.eml"))).expect("a file");
    insta::assert_snapshot!("eml", mail.replace("\r\n", "\n"));
}

#[tokio::test]
async fn many_deliveries_at_once_leave_one_whole_file() {
    let dir = TempDir::new().expect("a folder");
    let mailer = Mailer::folder(dir.path(), FROM).expect("a mailer");
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let mailer = mailer.clone();
            tokio::spawn(async move { mailer.deliver(&message(), now()).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("delivered");
    }
    assert_eq!(files(dir.path()), [format!("{KEY}.eml")]);
}

#[tokio::test]
async fn nothing_from_outside_becomes_a_header_or_leaves_the_folder() {
    let dir = TempDir::new().expect("a folder");
    let mailer = Mailer::folder(dir.path(), FROM).expect("a mailer");
    let evil = Message {
        id: "../../evil>\r\nBcc: x@evil.example".to_owned(),
        to_name: Some("Maya\r\nBcc: x@evil.example\r\n\r\n<script>".into()),
        subject: "Hello\r\nBcc: x@evil.example".to_owned(),
        ..message()
    };
    mailer.deliver(&evil, now()).await.expect("delivered");
    let names = files(dir.path());
    assert_eq!(names.len(), 1, "{names:?}");
    let mail = std::fs::read_to_string(dir.path().join(&names[0])).expect("a file");
    assert!(!mail.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{mail}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named_and_tried_again() {
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let error = Mailer::folder(file.join("mail"), FROM).expect("a mailer").deliver(&message(), now()).await;
    let error = error.expect_err("no folder");
    assert!(matches!(error, MailError::Unwritable { .. }) && error.is_transient(), "{error}");
}

#[test]
fn a_wrong_sender_or_server_is_refused_at_once_and_no_password_is_shown() {
    assert!(matches!(Mailer::folder("/tmp", "nobody"), Err(MailError::BadFrom(_))));
    for url in [
        "",
        "mail.example",
        "smtp://user:sesame@mail.example",
        "http://mail.example",
        "smtp://mail.example?tls=opportunistic",
    ] {
        let error = Mailer::smtp(&Secret::new(url), FROM).expect_err(url);
        assert!(matches!(error, MailError::BadServer), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("sesame"));
    }
}

#[tokio::test]
async fn servers_are_taken_at_their_word() {
    for (answer, expected) in [
        ("250 2.0.0 queued", None),
        ("450 4.2.1 try later", Some(true)),
        ("550 5.1.1 no such user", Some(false)),
    ] {
        let (port, heard) = smtp_server(answer).await;
        let url = Secret::new(format!("smtp://127.0.0.1:{port}"));
        let mailer = Mailer::smtp(&url, FROM).expect("a mailer");
        let result = mailer.deliver(&message(), now()).await;
        assert_eq!(result.as_ref().err().map(MailError::is_transient), expected, "{answer}: {result:?}");
        if let Err(error) = &result {
            let words = answer.splitn(3, ' ').last().unwrap_or_default();
            assert!(error.to_string().contains(words), "{error}");
        } else {
            let heard = heard.lock().expect("the lines").join("\n");
            assert!(heard.contains(&format!("Message-ID: <{KEY}@college.example>")), "{heard}");
            assert!(heard.contains("RCPT TO:<maya@example.org>"), "{heard}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    for url in [format!("smtp://127.0.0.1:{port}"), format!("smtps://127.0.0.1:{port}")] {
        let mailer = Mailer::smtp(&Secret::new(url), FROM).expect("a mailer");
        let error = mailer.deliver(&message(), now()).await.expect_err("nobody listens");
        assert!(matches!(error, MailError::Transient { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_without_the_promised_encryption_is_tried_again_and_told_nothing() {
    let (port, heard) = smtp_server("250 queued").await;
    let url = Secret::new(format!("smtp://user:sesame@127.0.0.1:{port}?tls=required"));
    let error = Mailer::smtp(&url, FROM).expect("a mailer").deliver(&message(), now()).await;
    let error = error.expect_err("no encryption");
    assert!(error.is_transient(), "{error:?}");
    assert!(
        !heard
            .lock()
            .expect("the lines")
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
}

#[tokio::test]
async fn without_a_way_to_send_nothing_is_lost() {
    assert!(!Mailer::None.can_send());
    let error = Mailer::None.deliver(&message(), now()).await.expect_err("no way");
    assert!(error.is_transient());
}

/// A mail server that answers the recipient with `answer`, and what it heard.
async fn smtp_server(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
            let (mut line, mut in_message) = (String::new(), false);
            while matches!(stream.read_line(&mut line).await, Ok(read) if read > 0) {
                let said = Text::clean(&line).to_string();
                lines.lock().expect("the lines").push(said.clone());
                line.clear();
                let reply = match said.split([' ', ':']).next().unwrap_or_default() {
                    "." => {
                        in_message = false;
                        "250 2.0.0 queued"
                    }
                    _ if in_message => continue,
                    "EHLO" | "MAIL" | "RSET" | "NOOP" => "250 fine",
                    "RCPT" => answer,
                    "DATA" => {
                        in_message = true;
                        "354 go on"
                    }
                    "QUIT" => "221 bye",
                    _ => "500 what?",
                };
                if stream.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (port, heard)
}
