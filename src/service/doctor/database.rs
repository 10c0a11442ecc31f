//! The database: there, whole, up to date, safely written, readable.

use crate::domain::checkup::{Area, Check};
use crate::domain::text::Text;
use crate::store::{Engine, Examination, Migrations, Part, Reading, StoreError};
use std::fmt::Write as _;
use std::path::Path;

const AREA: Area = Area::Database;

/// There is no file yet.
pub(super) fn absent(path: &Path, named: bool) -> Check {
    let found = format!("there is none yet; the first start makes {}", path.display());
    let todo = if named { "If it should be there, look at --database-url." } else { "Start it: coursevia" };
    Check::skipped(AREA, "reachable", found).todo(todo)
}

/// There is a place for tables, and none of ours.
pub(super) fn empty(adopts: &[String]) -> Check {
    let found = if adopts.is_empty() {
        "it is reached and empty; the first start makes the tables".to_owned()
    } else {
        format!("it is reached; the first start adopts {}, and adds what is missing", adopts.join(", "))
    };
    Check::skipped(AREA, "reachable", found).todo("Bring programs in: coursevia catalog import FILE")
}

/// It can't be opened or read.
pub(super) fn unusable(error: &StoreError) -> Check {
    let words = error.to_string();
    // The sentences of the store say what happened, then what to do.
    let (found, todo) = words.split_once(". ").unwrap_or((&words, "Look into the log."));
    Check::wrong(AREA, "reachable", found.trim_end_matches('.'), todo)
}

/// It answers too slowly to be looked at.
pub(super) fn too_slow() -> Check {
    let todo = "Look what keeps it busy, then run coursevia doctor again.";
    Check::wrong(AREA, "reachable", "it takes too long to answer", todo)
}

/// What kind of database it is, and its tables.
pub(super) fn checks(found: &Examination) -> Vec<Check> {
    let engine = match found.engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let mut checks = vec![
        Check::ok(AREA, "reachable", format!("{engine} {}, {}", found.version, found.place)),
        tables(&found.migrations),
    ];
    if !found.adopted.is_empty() {
        let words = format!("{} stood there before coursevia", found.adopted.join(", "));
        checks.push(Check::ok(AREA, "adopted", words));
    }
    let values = found.settings.iter().map(|setting| format!("{} {}", setting.name, setting.value));
    let values = values.collect::<Vec<_>>().join(", ");
    checks.push(if found.settings.iter().all(|setting| setting.safe) {
        Check::ok(AREA, "durability", values)
    } else {
        let todo = match found.engine {
            Engine::Sqlite => "Start coursevia once: it sets this right. A network drive can't do it.",
            Engine::Postgres => "Turn fsync and synchronous_commit on in postgresql.conf.",
        };
        let found = format!("{values}: a power cut may lose what was written last");
        Check::warning(AREA, "durability", found, todo)
    });
    checks
}

fn tables(migrations: &Migrations) -> Check {
    let name = "tables";
    let versions = |list: &[i64]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let Migrations { applied, missing, foreign, changed, unfinished } = migrations;
    if !foreign.is_empty() {
        let found = format!("version {} comes from another version of coursevia", versions(foreign));
        return Check::wrong(AREA, name, found, "Update coursevia.");
    }
    if !unfinished.is_empty() || !changed.is_empty() {
        let odd = versions(if unfinished.is_empty() { changed } else { unfinished });
        let found = format!("version {odd} is not the one that belongs here");
        return Check::wrong(
            AREA,
            name,
            found,
            "Restore a backup, or ask whoever changed the tables by hand.",
        );
    }
    if !missing.is_empty() {
        let found = format!("version {} is missing", versions(missing));
        return Check::warning(AREA, name, found, "Start coursevia once: it brings the tables up to date.");
    }
    Check::ok(AREA, name, format!("up to date ({applied} of {applied})"))
}

/// Whether the engine finds damage.
pub(super) fn damage(engine: Engine, found: Result<Option<Vec<Text>>, StoreError>) -> Check {
    let name = "integrity";
    match found {
        Ok(Some(damage)) if damage.is_empty() => Check::ok(
            AREA,
            name,
            match engine {
                Engine::Sqlite => "no damage, and no row that refers to a missing one",
                Engine::Postgres => "every rule was checked, every index is usable",
            },
        ),
        Ok(Some(damage)) => {
            let list = damage.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
            let todo = match engine {
                Engine::Sqlite => "Restore a backup; the file is damaged and may get worse.",
                Engine::Postgres => "Mend it with ALTER TABLE … VALIDATE CONSTRAINT or REINDEX.",
            };
            Check::wrong(AREA, name, list, todo)
        }
        Ok(None) => {
            Check::skipped(AREA, name, "the database is too large to be looked through in a few seconds")
                .todo("Look at a quiet time: sqlite3 FILE 'PRAGMA integrity_check'")
        }
        Err(error) => Check { name, ..unusable(&error) },
    }
}

/// Whether the averages are those of the reviews; `None`: it took too long to count them.
pub(super) fn ratings(wrong: Option<Result<i64, StoreError>>) -> Check {
    let name = "ratings";
    match wrong {
        None => Check::skipped(AREA, name, "there are too many reviews to be counted in a few seconds"),
        Some(Ok(0)) => Check::ok(AREA, name, "every average is that of its reviews"),
        Some(Ok(wrong)) => {
            let found = format!("{wrong} of the totals of reviews are not what the reviews add up to");
            Check::wrong(AREA, name, found, "Restore a backup, or ask whoever changed the tables by hand.")
        }
        Some(Err(error)) => Check { name, ..unusable(&error) },
    }
}

/// Whether the app can read the rows.
pub(super) fn reading(part: Part, reading: Option<Result<Reading, StoreError>>) -> Check {
    let (name, one) = match part {
        Part::Programs => ("programs", "program"),
        Part::Providers => ("partners", "partner"),
        Part::Offers => ("offers", "course of a partner"),
        Part::Enrollments => ("enrollments", "enrollment"),
        Part::Lessons => ("lessons", "lesson"),
    };
    let reading = match reading {
        Some(Ok(reading)) => reading,
        Some(Err(error)) => return Check { name, ..unusable(&error) },
        None => return Check::skipped(AREA, name, "there are too many to be read in a few seconds"),
    };
    if reading.broken == 0 {
        let found = match (reading.rows, reading.complete) {
            (0, _) => "none yet".to_owned(),
            (1, true) => "the only one can be read".to_owned(),
            (rows, true) => format!("all {rows} can be read"),
            (rows, false) => format!("the newest {rows} can be read"),
        };
        return Check::ok(AREA, name, found);
    }
    let examples = reading.examples.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
    let mut found = format!("{} of {} can't be read: {examples}", reading.broken, reading.rows);
    let more = reading.broken.saturating_sub(u64::try_from(reading.examples.len()).unwrap_or_default());
    if more > 0 {
        let _ = write!(found, ", and {more} more");
    }
    let todo =
        format!("Correct these rows by hand or from a backup; a broken {one} keeps others from being shown.");
    Check::wrong(AREA, name, found, todo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkup::State;

    #[test]
    fn tables_of_every_kind_are_told_apart() {
        let current = Migrations { applied: 1, ..Migrations::default() };
        for (migrations, state, words) in [
            (current.clone(), State::Ok, "up to date"),
            (Migrations { missing: vec![2], ..current.clone() }, State::Warning, "2 is missing"),
            (Migrations { foreign: vec![9], ..current.clone() }, State::Wrong, "another version"),
            (Migrations { changed: vec![1], ..current.clone() }, State::Wrong, "not the one"),
            (Migrations { unfinished: vec![1], ..current }, State::Wrong, "not the one"),
        ] {
            let check = tables(&migrations);
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.found.as_str().contains(words), "{check:?}");
        }
    }

    #[test]
    fn a_failure_of_the_store_is_split_into_what_and_what_to_do() {
        let check = unusable(&StoreError::Address);
        assert_eq!(check.found.as_str(), "This is no database address");
        assert!(check.todo.expect("a remedy").as_str().starts_with("Write sqlite:"));
    }

    #[test]
    fn broken_rows_are_counted_and_the_first_named() {
        let reading = Reading {
            rows: 9,
            complete: true,
            broken: 3,
            examples: vec!["40000000 (its status)".into(), "50000000 (its status)".into()],
        };
        let check = super::reading(Part::Enrollments, Some(Ok(reading)));
        assert_eq!(check.state, State::Wrong);
        assert!(check.found.as_str().ends_with("50000000 (its status), and 1 more"), "{check:?}");
        assert_eq!(super::reading(Part::Programs, None).state, State::Skipped);
    }

    #[test]
    fn a_database_that_is_too_large_is_not_called_damaged() {
        assert_eq!(damage(Engine::Sqlite, Ok(None)).state, State::Skipped);
        let torn = damage(Engine::Sqlite, Ok(Some(vec!["row 7 missing from index".into()])));
        assert_eq!(torn.state, State::Wrong);
    }
}
