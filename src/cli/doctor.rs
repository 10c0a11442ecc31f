//! `coursevia doctor`: what is wrong here, and what to do about it.

use super::Global;
use super::exit::Problem;
use super::output;
use crate::config::{Config, ThemeChoice};
use crate::domain::checkup::{Area, Check, State};
use crate::platform::doctor::Screen;
use crate::platform::{Env, terminal};
use crate::runtime::doctor;
use crate::ui::fit;
use crate::ui::layout::{MIN_HEIGHT, MIN_WIDTH};
use clap::Args;
use crossterm::style::Stylize as _;
use serde_json::json;
use std::fmt::Write as _;

/// Find out what is wrong here, and what to do about it. Nothing is changed.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// How wide the lines may get: longer ones are hard to read.
const WIDEST: usize = 100;
const USUAL: usize = 80;
/// The longest name of a check that is not cut.
const LONGEST_NAME: usize = 24;
/// The room that names have at least, so that findings stand below each other.
const LEAST_NAME: usize = 12;

impl Doctor {
    /// Looks at everything and tells it. What is wrong makes the exit code 1; a warning does not.
    pub async fn run(&self, global: &Global) -> Result<(), Problem> {
        let (flags, env) = (global.flags(), Env::read());
        let size = terminal::is_shown().then(|| terminal::size().ok()).flatten();
        let screen = Screen {
            size,
            min: (MIN_WIDTH, MIN_HEIGHT),
            mouse: true,
            ascii: flags.ascii || terminal::wants_ascii(&env),
        };
        let loaded = Config::load(&flags, &env);
        let checks = match &loaded {
            Ok(config) => doctor::examine(config, &flags, &env, screen).await,
            Err(error) => doctor::examine_without(error, &env, screen),
        };
        let wrong = checks.iter().filter(|check| check.state == State::Wrong).count();
        if self.json {
            output::json(&json!({
                "ok": wrong == 0, "version": env!("COURSEVIA_VERSION"), "checks": checks,
            }))?;
        } else {
            let page = Page {
                width: size.map_or(USUAL, |(width, _)| usize::from(width).clamp(MIN_WIDTH.into(), WIDEST)),
                ascii: loaded.as_ref().map_or(screen.ascii, |config| config.ui.ascii),
                colours: size.is_some()
                    && loaded.as_ref().is_ok_and(|config| config.ui.theme != ThemeChoice::None),
            };
            output::raw(&page.lay_out(&checks))?;
        }
        match wrong {
            0 => Ok(()),
            1 => Err(Problem::Told("one thing is wrong".to_owned())),
            wrong => Err(Problem::Told(format!("{wrong} things are wrong"))),
        }
    }
}

/// How the checks are laid out for a person.
struct Page {
    width: usize,
    ascii: bool,
    colours: bool,
}

impl Page {
    fn lay_out(&self, checks: &[Check]) -> String {
        let names: Vec<String> = checks.iter().map(|check| self.name(check)).collect();
        let mut page = String::new();
        let (mut area, mut column) = (None, LEAST_NAME);
        for (check, name) in checks.iter().zip(&names) {
            if area != Some(check.area) {
                let here = checks.iter().zip(&names).filter(|(other, _)| other.area == check.area);
                column = here.map(|(_, name)| fit::width(name)).max().unwrap_or_default().max(LEAST_NAME);
                let gap = if area.is_some() { "\n" } else { "" };
                let _ = writeln!(page, "{gap}{}", heading(check.area));
                area = Some(check.area);
            }
            let pad = " ".repeat(column - fit::width(name));
            let indent = " ".repeat(column + 6);
            let room = self.width.saturating_sub(column + 6).max(20);
            let mut lines = fit::wrap(check.found.as_str(), room, usize::MAX, "").into_iter();
            let first = lines.next().unwrap_or_default();
            let _ = writeln!(page, "  {} {name}{pad}  {first}", self.sign(check.state));
            for line in lines {
                let _ = writeln!(page, "{indent}{line}");
            }
            let arrow = if self.ascii { "> " } else { "→ " };
            for (index, line) in check
                .todo
                .iter()
                .flat_map(|todo| fit::wrap(todo.as_str(), room - 2, usize::MAX, ""))
                .enumerate()
            {
                let _ = writeln!(page, "{indent}{}{line}", if index == 0 { arrow } else { "  " });
            }
        }
        let _ = writeln!(page, "\n{}", summary(checks));
        page
    }

    fn name(&self, check: &Check) -> String {
        let name = check.name.replace('_', " ");
        let name = match &check.about {
            None => name,
            Some(about) if check.name == "reachable" => about.to_string(),
            Some(about) if check.area == Area::Partners => format!("{about}, {name}"),
            Some(about) => format!("{name}, {about}"),
        };
        fit::cut(&name, LONGEST_NAME, if self.ascii { "..." } else { "…" })
    }

    fn sign(&self, state: State) -> String {
        let sign = match (state, self.ascii) {
            (State::Ok, false) => "✓",
            (State::Ok, true) => "+",
            (State::Warning, _) => "!",
            (State::Wrong, false) => "✗",
            (State::Wrong, true) => "x",
            (State::Skipped, false) => "·",
            (State::Skipped, true) => "-",
        };
        if !self.colours {
            return sign.to_owned();
        }
        match state {
            State::Ok => sign.dark_green().to_string(),
            State::Warning => sign.dark_yellow().bold().to_string(),
            State::Wrong => sign.dark_red().bold().to_string(),
            State::Skipped => sign.dark_grey().to_string(),
        }
    }
}

fn heading(area: Area) -> &'static str {
    match area {
        Area::Configuration => "Configuration",
        Area::Database => "Database",
        Area::Jobs => "Outside work",
        Area::Partners => "Partners",
        Area::Payment => "Payments",
        Area::Mail => "Mail",
        Area::Clock => "Clock",
        Area::Files => "Files",
        Area::Terminal => "Terminal",
        Area::Browser => "Browser",
    }
}

fn summary(checks: &[Check]) -> String {
    let count = |state| checks.iter().filter(|check| check.state == state).count();
    let warnings = match count(State::Warning) {
        0 => String::new(),
        1 => ", 1 warning (!)".to_owned(),
        warnings => format!(", {warnings} warnings (!)"),
    };
    match count(State::Wrong) {
        0 => format!("Nothing is wrong{warnings}."),
        1 => format!("1 thing is wrong{warnings}."),
        wrong => format!("{wrong} things are wrong{warnings}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks() -> Vec<Check> {
        vec![
            Check::ok(Area::Database, "reachable", "SQLite 3"),
            Check::wrong(Area::Partners, "key", "it is not set ".repeat(12), "Set it.").about("Certiport"),
            Check::skipped(Area::Partners, "reachable", "at home").about("NDS"),
        ]
    }

    #[test]
    fn the_page_is_as_wide_as_it_may_be_and_says_what_to_do() {
        let page = Page { width: 60, ascii: false, colours: false }.lay_out(&checks());
        assert!(page.lines().all(|line| fit::width(line) <= 60), "{page}");
        assert!(page.starts_with("Database\n  ✓ reachable"), "{page}");
        assert!(page.contains("  ✗ Certiport, key") && page.contains("→ Set it."), "{page}");
        assert!(page.contains("  · NDS ") && page.ends_with("\n1 thing is wrong.\n"), "{page}");
    }

    #[test]
    fn ascii_is_ascii_and_colours_are_given_back() {
        assert!(Page { width: 60, ascii: true, colours: false }.lay_out(&checks()).is_ascii());
        let page = Page { width: 60, ascii: false, colours: true }.lay_out(&checks());
        let plain = Page { width: 60, ascii: false, colours: false }.lay_out(&checks());
        assert_eq!(strip_ansi_escapes::strip_str(&page), plain);
    }
}
