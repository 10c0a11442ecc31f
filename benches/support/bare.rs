//! The bare loop: the store's own statements on one connection, with nothing around them.

use coursevia::domain::plan::EnrollmentPlan;
use coursevia::domain::time::Instant;
use coursevia::store::statement;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::fmt::Display;
use std::path::Path;
use uuid::Uuid;

/// The statements of an enrollment, in order.
pub const NAMES: [&str; 4] = ["INSERT_STUDENT", "INSERT_ENROLLMENT", "INSERT_TWO_JOBS", "INSERT_EVENT"];

/// A connection of its own.
pub struct Bare(Connection);

/// What the statements of one enrollment bind.
pub type Rows = [Vec<Value>; 4];

impl Bare {
    /// As durable as the store's: WAL, every commit on the disk, foreign keys checked.
    pub fn open(path: &Path) -> Self {
        let db = Connection::open(path).expect("it opens");
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            .expect("set");
        db.set_prepared_statement_cache_capacity(16);
        Self(db)
    }

    /// One transaction.
    pub fn enroll(&mut self, rows: &Rows) {
        let run = |sql: &str, values: &[Value]| {
            let mut statement = self.0.prepare_cached(sql).expect("a statement");
            statement.execute(params_from_iter(values)).expect("it is written");
        };
        run("BEGIN IMMEDIATE", &[]);
        for (name, values) in NAMES.into_iter().zip(rows) {
            run(statement(name).expect("a statement of the store"), values);
        }
        run("COMMIT", &[]);
    }
}

fn id(id: Uuid) -> Value {
    Value::Blob(id.as_bytes().to_vec())
}

fn text(text: &dyn Display) -> Value {
    Value::Text(text.to_string())
}

fn at(at: Instant) -> Value {
    Value::Text(at.to_rfc3339())
}

/// What a plan binds.
pub fn rows(plan: &EnrollmentPlan) -> Rows {
    let EnrollmentPlan { new_student, enrollment, jobs, event, .. } = plan;
    let student = new_student.as_ref().expect("somebody new");
    let (email, name) = (student.email.as_ref().expect("an address"), student.name.as_ref().expect("a name"));
    let delivery = enrollment.delivery.expect("a partner");
    let search_text = format!("{name} {email}").to_lowercase();
    let job = |number: usize| {
        let job = &jobs[number];
        let enrollment = job.enrollment_id.expect("about an enrollment");
        vec![
            id(job.id.as_uuid()),
            text(&job.kind.code()),
            id(enrollment.as_uuid()),
            text(&job.payload),
            text(&job.idempotency_key),
            text(&job.needs.code()),
            at(job.run_at),
            at(event.at),
        ]
    };
    let mut written = vec![
        id(enrollment.id.as_uuid()),
        id(delivery.provider_id.as_uuid()),
        id(student.id.as_uuid()),
        id(delivery.course_id.as_uuid()),
        id(enrollment.program_id.as_uuid()),
        Value::Null,
        Value::Null,
        text(&enrollment.status.code()),
        Value::Integer(0),
        at(enrollment.enrolled_at),
        Value::Null,
        text(&enrollment.link.code()),
        text(&enrollment.payment.code()),
    ];
    written.resize(20, Value::Null);
    [
        vec![id(student.id.as_uuid()), text(email), text(name), text(&search_text), at(event.at)],
        written,
        [job(0), job(1)].concat(),
        vec![
            id(event.id.as_uuid()),
            at(event.at),
            text(&"student"),
            id(student.id.as_uuid()),
            id(student.id.as_uuid()),
            text(&event.kind.code()),
            id(enrollment.id.as_uuid()),
            id(delivery.provider_id.as_uuid()),
            text(&event.payload),
            Value::Null,
        ],
    ]
}
