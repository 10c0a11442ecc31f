//! The app without a terminal: keys in, screen out, the same every time.
//!
//! The same [`App`] and the same effects as in the loop, performed one after the other until
//! nothing is left to do. `coursevia snapshot` is this, and the tests use nothing else.

use crate::runtime::Performer;
use crate::service::Services;
use crate::ui::app::Setup;
use crate::ui::effect::Effect;
use crate::ui::{App, Msg};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use std::collections::VecDeque;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// The app over a buffer.
#[derive(Debug)]
pub struct Headless {
    app: App,
    terminal: Terminal<TestBackend>,
    performer: Performer,
    told: UnboundedReceiver<Msg>,
    queue: VecDeque<Effect>,
    /// Everything that was copied.
    pub copied: Vec<String>,
    /// Whether the app has quit.
    pub quit: bool,
}

impl Headless {
    /// Starts the app and lets it come to rest.
    pub async fn start(setup: Setup, performer: Performer) -> Self {
        let backend = TestBackend::new(setup.width, setup.height);
        let terminal = match Terminal::new(backend) {
            Ok(terminal) => terminal,
            Err(never) => match never {},
        };
        let (app, effects) = App::new(setup);
        let (listener, told) = unbounded_channel();
        let performer = performer.telling(listener);
        let mut headless =
            Self { app, terminal, performer, told, queue: effects.into(), copied: Vec::new(), quit: false };
        headless.settle().await;
        headless
    }

    /// Hands one message to the app and lets it come to rest.
    pub async fn send(&mut self, msg: Msg) {
        if self.quit {
            return;
        }
        if let Msg::Resize { width, height } = msg {
            self.terminal.backend_mut().resize(width, height);
        }
        self.update(msg);
        self.settle().await;
    }

    /// Hands one message to the app without performing what it asks for.
    pub fn update(&mut self, msg: Msg) {
        let now = self.performer.backend().clock().now();
        self.queue.extend(self.app.update(msg, now));
    }

    /// Performs effects and due outside work until nothing is left.
    pub async fn settle(&mut self) {
        loop {
            while let Some(effect) = self.queue.pop_front() {
                match effect {
                    Effect::Quit => self.quit = true,
                    Effect::CopyLink(url) => self.copied.push(url.expose().as_str().to_owned()),
                    Effect::CopyText(text) => self.copied.push(text),
                    effect => {
                        let answer = self.performer.perform(effect).await;
                        while let Ok(progress) = self.told.try_recv() {
                            self.update(progress);
                        }
                        if let Some(msg) = answer {
                            self.update(msg);
                        }
                    }
                }
            }
            if !self.work().await {
                break;
            }
            self.update(Msg::WorkDone);
        }
    }

    /// Does the outside work that is due; whether there was any.
    async fn work(&mut self) -> bool {
        let mut any = false;
        if let Ok(services) = self.performer.backend().services().await {
            any = matches!(services.settle_seats().await, Ok(1..));
            while matches!(Services::work_once(services).await, Ok(Some(_))) {
                any = true;
            }
        }
        any
    }

    /// The screen as it is now.
    pub fn draw(&mut self) -> &Buffer {
        match self.terminal.draw(|frame| self.app.view(frame)) {
            Ok(_) => self.terminal.backend().buffer(),
            Err(never) => match never {},
        }
    }

    /// Where the terminal's cursor is on the screen that was drawn last, if it is shown.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let backend = self.terminal.backend();
        backend.cursor_visible().then(|| backend.cursor_position()).map(|at| (at.x, at.y))
    }

    /// The model.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The screen as lines of text without trailing blanks.
    pub fn text(&mut self) -> String {
        buffer_text(self.draw())
    }
}

/// A buffer as lines of text without trailing blanks.
pub fn buffer_text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut text = String::new();
    for y in area.top()..area.bottom() {
        let mut line = String::new();
        let mut skip = 0;
        for x in area.left()..area.right() {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
            }
            skip = skip.max(unicode_width::UnicodeWidthStr::width(symbol)).saturating_sub(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
