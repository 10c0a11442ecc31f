//! The app over a database and a terminal that only counts bytes: the loop without its waiting.

use super::files;
use coursevia::config::{Config, Flags};
use coursevia::domain::person::Email;
use coursevia::platform::{Browser, Clock, Env, IdSource};
use coursevia::runtime::{Backend, Frames, Performer, Session};
use coursevia::store::FailPoints;
use coursevia::ui::app::Setup;
use coursevia::ui::msg::Who;
use coursevia::ui::{App, Effect, Keymap, Msg, Theme, keys};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes were written.
#[derive(Clone, Default)]
struct Wire(Arc<AtomicUsize>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An app at a terminal of some size.
pub struct Desk {
    app: App,
    performer: Performer,
    terminal: Terminal<Frames<Wire>>,
    size: Rect,
    wire: Wire,
}

impl Desk {
    /// The app of this student over a database, with everything read.
    pub async fn open(database: &Path, email: &str, (width, height): (u16, u16)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("config.toml");
        std::fs::write(&config, "").expect("written");
        let flags =
            Flags { file: Some(config), database_url: Some(files::url(database)), ..Flags::default() };
        let config = Config::load(&flags, &Env::default()).expect("a configuration");
        let clock = Clock::fixed(files::now());
        let ids = IdSource::seeded(1);
        let backend = Arc::new(Backend::new(config, Env::default(), clock, ids, FailPoints::none()));
        let services = backend.services().await.expect("the services");
        let email = Email::parse(email).expect("an address");
        let who = Who::Student(services.learner(&email, None).await.expect("a student"));
        let performer =
            Performer::new(backend, Arc::new(Session::new(who.clone())), Browser::Recording(Arc::default()));
        let (app, first) = App::new(Setup {
            who,
            ascii: false,
            theme: Theme::Dark,
            utc_offset: chrono::Offset::fix(&chrono::Utc),
            width,
            height,
            now: files::now(),
            database: String::new(),
            keymap: Keymap::default(),
            mouse: true,
            week_starts: coursevia::domain::calendar::WeekStart::Monday,
            till: coursevia::domain::payment::Till::Sandbox,
            notices: Vec::new(),
        });
        let wire = Wire::default();
        let size = Rect::new(0, 0, width, height);
        // The size is fixed: nobody asks for it.
        let frames = Frames::new(wire.clone(), || Ok((0, 0)));
        let terminal = Terminal::with_options(frames, TerminalOptions { viewport: Viewport::Fixed(size) });
        let mut desk = Self { app, performer, terminal: terminal.expect("a terminal"), size, wire };
        desk.settle(first).await;
        desk.draw();
        desk
    }

    /// Types a key script, and lets the app come to rest after each key.
    pub async fn keys(&mut self, script: &str) {
        for msg in keys::parse_script(script).expect("a good script") {
            let effects = self.update(msg);
            self.settle(effects).await;
            self.draw();
        }
    }

    /// Hands one message to the app.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        self.app.update(msg, files::now())
    }

    /// Does what the app asks for, until nothing is left.
    pub async fn settle(&mut self, effects: Vec<Effect>) {
        let mut queue = VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            if let Some(answer) = self.performer.perform(effect).await {
                queue.extend(self.update(answer));
            }
        }
    }

    /// Draws a frame; how many bytes that took.
    pub fn draw(&mut self) -> usize {
        let before = self.wire.0.load(Ordering::Relaxed);
        self.terminal.draw(|frame| self.app.view(frame)).expect("drawn");
        self.wire.0.load(Ordering::Relaxed) - before
    }

    /// Forgets what is on the screen: the next frame is sent whole.
    pub fn forget(&mut self) {
        self.terminal.resize(self.size).expect("cleared");
    }
}
