//! pgbench with the store's own statements: what PostgreSQL itself calls fast.

use super::cluster;
use coursevia::domain::plan::EnrollmentPlan;
use coursevia::store::statement;
use std::process::Command;

/// The rate of `count` transactions over one connection; `None` where pgbench is not installed.
pub fn rate(url: &str, plan: &EnrollmentPlan, count: usize) -> Option<f64> {
    let program = cluster::programs()?.join("pgbench");
    if !program.is_file() {
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("enroll.sql");
    std::fs::write(&file, script(plan)).expect("written");
    let output = Command::new(program)
        .args(["-n", "-c", "1", "-j", "1", "-M", "prepared", "-t", &count.to_string(), "-f"])
        .arg(&file)
        .arg(url)
        .output()
        .expect("pgbench runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    Some(tps.unwrap_or_else(|| panic!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr))))
}

/// The transaction, with ids made from one random number.
fn script(plan: &EnrollmentPlan) -> String {
    let id = |nth: u32| format!("lpad(to_hex(:n::bigint * 8 + {nth}), 32, '0')::uuid");
    let word = |word: &str| format!("'{word}'");
    let at = || "TIMESTAMPTZ '2026-01-15 09:00:00+00'".to_owned();
    let null = || "NULL".to_owned();
    let delivery = plan.enrollment.delivery.expect("a partner");
    let email = "'p' || :n::bigint || '@example.org'";
    let provider = word(&delivery.provider_id.to_string());
    let job = |nth: u32, kind: &str, needs: &str| {
        let key = format!("'{kind}:' || :n::bigint");
        vec![id(nth), word(kind), id(1), word("{}"), key, word(needs), at(), at()]
    };
    let enrollment = [
        id(1),
        provider.clone(),
        id(0),
        word(&delivery.course_id.to_string()),
        word(&plan.enrollment.program_id.to_string()),
        null(),
        null(),
        word("active"),
        "0".to_owned(),
        at(),
        null(),
        word("requested"),
        word("none"),
    ];
    let nulls = std::iter::repeat_with(null).take(20 - enrollment.len());
    let steps = [
        (
            "INSERT_STUDENT",
            vec![id(0), email.to_owned(), word("Maya Okafor"), format!("'maya okafor ' || {email}"), at()],
        ),
        ("INSERT_ENROLLMENT", enrollment.iter().cloned().chain(nulls).collect()),
        ("INSERT_TWO_JOBS", [job(2, "provision", "nothing"), job(3, "mail", "mail")].concat()),
        (
            "INSERT_EVENT",
            vec![
                id(4),
                at(),
                word("student"),
                id(0),
                id(0),
                word("enrolled"),
                id(1),
                provider,
                word("{}"),
                null(),
            ],
        ),
    ];
    let mut script = "\\set n random(1, 1000000000000000)\nBEGIN;\n".to_owned();
    for (name, values) in steps {
        let mut sql = statement(name).expect("a statement of the store").to_owned();
        for (index, value) in values.iter().enumerate().rev() {
            sql = sql.replace(&format!("${}", index + 1), value);
        }
        script.push_str(&sql);
        script.push_str(";\n");
    }
    script.push_str("COMMIT;\n");
    script
}
