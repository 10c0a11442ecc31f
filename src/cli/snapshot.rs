//! `coursevia snapshot`: keys in, screen out, without a terminal.

use super::exit::Problem;
use super::output;
use super::session::CliSession;
use crate::config::{DatabaseConfig, LTI_PORT, SANDBOX_PORT};
use crate::domain::time::{Instant, to_micros};
use crate::domain::web::WebUrl;
use crate::platform::{Browser, Clock, Dirs, IdSource};
use crate::runtime::headless::buffer_text;
use crate::runtime::picture::{self, Palette};
use crate::runtime::{Backend, Headless, Performer, Session};
use crate::ui::Theme;
use crate::ui::app::Setup;
use crate::ui::keys;
use crate::ui::msg::Who;
use chrono::{DateTime, FixedOffset, Utc};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

/// Press keys without a terminal and print the screen.
#[derive(Debug, Args)]
pub struct Snapshot {
    /// Columns and rows
    #[arg(long, default_value = "100x30", value_name = "WxH")]
    size: Size,
    /// The keys: letters are typed, <enter> <esc> <up> <resize:60x20> … are keys and events
    #[arg(long, default_value = "", value_name = "KEYS")]
    keys: String,
    /// What the clock shows
    #[arg(long, default_value = "2026-01-15T09:00:00Z", value_name = "RFC3339", value_parser = instant)]
    now: DateTime<FixedOffset>,
    /// Plain text, text with colours, or a picture
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The colours, whatever this terminal has
    #[arg(long, value_enum, default_value_t)]
    theme: Colours,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Lines of text
    #[default]
    Text,
    /// Lines of text with colours, for `cat`
    Ansi,
    /// A picture
    Svg,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Colours {
    /// For a dark background
    #[default]
    Dark,
    /// For a light background
    Light,
    /// None
    None,
}

impl From<Colours> for Theme {
    fn from(colours: Colours) -> Self {
        match colours {
            Colours::Dark => Self::Dark,
            Colours::Light => Self::Light,
            Colours::None => Self::None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Size {
    width: u16,
    height: u16,
}

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const HOW: &str = "write columns x rows, such as 100x30; each from 1 to 500";
        let (width, height) = text.split_once('x').ok_or(HOW)?;
        let read = |number: &str| number.parse().ok().filter(|n| (1..=500).contains(n)).ok_or(HOW);
        Ok(Self { width: read(width)?, height: read(height)? })
    }
}

fn instant(text: &str) -> Result<DateTime<FixedOffset>, &'static str> {
    DateTime::parse_from_rfc3339(text).map_err(|_| "write it like 2026-01-15T09:00:00Z")
}

impl Snapshot {
    /// Plays the keys and prints the last screen.
    pub async fn run(self, session: &mut CliSession) -> Result<(), Problem> {
        let script =
            keys::parse_script(&self.keys).map_err(|error| Problem::Usage(format!("--keys: {error}")))?;
        let now = to_micros(self.now.with_timezone(&Utc));
        let named = session.backend.config().database.named;
        let throwaway = ThrowAway::new()?;
        let backend = Arc::new(backend(session, now, throwaway.path()));
        // The profile of this home directory has no place in a throw-away database.
        let asked = session.global.student.is_some() || session.global.advisor.is_some();
        let who = if named || asked { session.who()? } else { Who::Nobody };
        let screen = self.play(session, backend.clone(), who, now, script).await;
        backend.close().await;
        Ok(output::raw(&screen)?)
    }

    async fn play(
        &self,
        session: &CliSession,
        backend: Arc<Backend>,
        who: Who,
        now: Instant,
        script: Vec<crate::ui::Msg>,
    ) -> String {
        let config = session.backend.config();
        let (keymap, notices) = super::app::keymap(config);
        let setup = Setup {
            who: who.clone(),
            ascii: config.ui.ascii,
            theme: self.theme.into(),
            utc_offset: chrono::Offset::fix(&Utc),
            width: self.size.width,
            height: self.size.height,
            now,
            database: String::new(),
            keymap,
            mouse: config.ui.mouse,
            week_starts: config.ui.week_starts,
            till: backend.till(),
            notices,
        };
        let browser = Browser::Recording(Arc::new(Mutex::new(Vec::new())));
        let performer = Performer::new(backend, Arc::new(Session::new(who)), browser);
        let mut headless = Headless::start(setup, performer).await;
        for msg in script {
            headless.send(msg).await;
        }
        let buffer = headless.draw().clone();
        let palette = if matches!(self.theme, Colours::Light) { Palette::Light } else { Palette::Dark };
        match self.format {
            Format::Text => buffer_text(&buffer),
            Format::Ansi => picture::ansi(&buffer),
            Format::Svg => picture::svg(&buffer, headless.cursor(), palette),
        }
    }
}

/// Over a throw-away demo database, unless one is named.
fn backend(session: &CliSession, now: Instant, dir: &Path) -> Backend {
    let mut config = session.backend.config().clone();
    config.dirs = Dirs::below(dir);
    config.mail.route = crate::config::MailRoute::Folder(dir.join("mail"));
    if !config.database.named {
        let url = format!("sqlite://{}", dir.join("demo.db").display());
        config.database = DatabaseConfig { url, named: false };
        config.sandbox.port = 0;
        // Links are drawn, never followed: the port of the day must not show.
        config.sandbox.link_port = Some(SANDBOX_PORT);
        config.sandbox.file = dir.join("sandbox.db");
        config.lti.port = 0;
        config.lti.public_base_url = WebUrl::parse(&format!("http://127.0.0.1:{LTI_PORT}")).ok();
        config.lti.key_file = dir.join("lti-key.pem");
    }
    let env = session.backend.env().clone();
    Backend::new(config, env, Clock::fixed(now), IdSource::seeded(1), session.backend.fail_points().clone())
}

/// A directory that goes away with its owner.
#[derive(Debug)]
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn new() -> std::io::Result<Self> {
        let dir = std::env::temp_dir().join(format!("coursevia-{}", IdSource::Random.uuid()));
        crate::platform::files::create_private_dir(&dir)?;
        Ok(Self(dir))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
