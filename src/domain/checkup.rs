//! What `doctor` looks at: one value per check, with what was found and what to do.

use crate::domain::program::codes;
use crate::domain::text::Text;
use serde::Serialize;

/// What a check is about; checks are shown in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The file, the environment, the keys.
    Configuration,
    /// Reachable, whole, up to date.
    Database,
    /// Outside work.
    Jobs,
    /// Their platforms, and the keys for them.
    Partners,
    /// Who takes the money.
    Payment,
    /// How messages leave.
    Mail,
    /// This machine's against others'.
    Clock,
    /// Rights and room.
    Files,
    /// What the screen can show.
    Terminal,
    /// Where links open.
    Browser,
}

codes!(Area {
    Configuration = "configuration", Database = "database", Jobs = "jobs", Partners = "partners",
    Payment = "payment", Mail = "mail", Clock = "clock", Files = "files", Terminal = "terminal", Browser = "browser",
});

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, but somebody should know.
    Warning,
    /// Something does not work.
    Wrong,
    /// It could not be, or need not be, looked at here.
    Skipped,
}

codes!(State { Ok = "ok", Warning = "warning", Wrong = "wrong", Skipped = "skipped" });

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// About what.
    pub area: Area,
    /// Its stable name within the area.
    pub name: &'static str,
    /// Which of several it is: a partner, a file.
    pub about: Option<Text>,
    /// How it came out.
    pub state: State,
    /// What was found.
    pub found: Text,
    /// What to do about it.
    pub todo: Option<Text>,
}

impl Check {
    fn new(area: Area, name: &'static str, state: State, found: &str) -> Self {
        Self { area, name, about: None, state, found: Text::clean(found), todo: None }
    }

    /// As it should be.
    pub fn ok(area: Area, name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(area, name, State::Ok, found.as_ref())
    }

    /// Not looked at, and why.
    pub fn skipped(area: Area, name: &'static str, found: impl AsRef<str>) -> Self {
        Self::new(area, name, State::Skipped, found.as_ref())
    }

    /// It works, but somebody should know.
    pub fn warning(area: Area, name: &'static str, found: impl AsRef<str>, todo: impl AsRef<str>) -> Self {
        Self::new(area, name, State::Warning, found.as_ref()).todo(todo)
    }

    /// It does not work.
    pub fn wrong(area: Area, name: &'static str, found: impl AsRef<str>, todo: impl AsRef<str>) -> Self {
        Self::new(area, name, State::Wrong, found.as_ref()).todo(todo)
    }

    /// Which of several it is.
    #[must_use]
    pub fn about(self, about: impl AsRef<str>) -> Self {
        Self { about: Some(Text::clean(about.as_ref())), ..self }
    }

    /// What to do about it.
    #[must_use]
    pub fn todo(self, todo: impl AsRef<str>) -> Self {
        Self { todo: Text::clean(todo.as_ref()).non_empty(), ..self }
    }
}
