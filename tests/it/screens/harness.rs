//! The app on a test terminal: messages in, effects kept, the screen out.

use super::world;
use chrono::{FixedOffset, TimeDelta};
use coursevia::domain::failure::Failure;
use coursevia::domain::listing::{ListCursor, ProgramPage};
use coursevia::domain::program::Slug;
use coursevia::domain::time::Instant;
use coursevia::domain::views::{CourseView, Dashboard, ProgramView};
use coursevia::domain::waitlist::WaitlistView;
use coursevia::ui::finder::Finder;
use coursevia::ui::msg::{LaunchOutcome, Msg, Who};
use coursevia::ui::{App, Effect, Keymap, Setup, Theme, keys};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// An app with what it has asked for so far.
pub struct Stage {
    app: App,
    pub asked: Vec<Effect>,
    now: Instant,
    size: (u16, u16),
    finder: Finder,
}

impl Stage {
    /// Maya at a terminal of `width`×`height`; nothing is loaded yet.
    pub fn new(width: u16, height: u16) -> Self {
        Self::with(Who::Student(world::maya()), width, height, false, Theme::Dark)
    }

    /// Somebody else.
    pub fn of(who: Who, width: u16, height: u16) -> Self {
        Self::with(who, width, height, false, Theme::Dark)
    }

    /// Everything chosen.
    pub fn with(who: Who, width: u16, height: u16, ascii: bool, theme: Theme) -> Self {
        Self::set_up(width, height, |setup| Setup { who, ascii, theme, ..setup })
    }

    /// Maya, with anything else changed before the start.
    pub fn set_up(width: u16, height: u16, change: impl FnOnce(Setup) -> Setup) -> Self {
        let (who, ascii, theme) = (Who::Student(world::maya()), false, Theme::Dark);
        let (now, utc_offset) = (world::now(), FixedOffset::east_opt(0).expect("a good value"));
        let setup = Setup {
            who,
            ascii,
            theme,
            utc_offset,
            width,
            height,
            now,
            database: String::new(),
            keymap: Keymap::default(),
            mouse: true,
            week_starts: coursevia::domain::calendar::WeekStart::Monday,
            till: coursevia::domain::payment::Till::Sandbox,
            notices: Vec::new(),
        };
        let (app, asked) = App::new(change(setup));
        Self { app, asked, now, size: (width, height), finder: Finder::default() }
    }

    /// The demo programs are there.
    pub fn programs(self) -> Self {
        self.answer_programs(Ok(world::programs()))
    }

    /// The demo programs are the first page of a long list.
    pub fn first_page(mut self, total: usize) -> Self {
        let request = self.last(|effect| match effect {
            Effect::LoadPrograms { request, .. } => Some(*request),
            _ => None,
        });
        let next = Some(ListCursor { position: 7, slug: Slug::parse("welding").expect("a good value") });
        let page =
            ProgramPage { next, total: Some(total), ..ProgramPage::whole(world::programs(), world::now()) };
        self.send(Msg::Programs { request, result: Ok(page) });
        self
    }

    pub fn answer_programs(mut self, result: Result<Vec<ProgramView>, Failure>) -> Self {
        let page = result.map(|views| ProgramPage::whole(views, world::now()));
        self.finder = Finder::default();
        self.finder.add(page.as_ref().map(|page| page.entries.as_slice()).unwrap_or_default());
        let request = self.last(|effect| match effect {
            Effect::LoadPrograms { request, .. } => Some(*request),
            _ => None,
        });
        self.send(Msg::Programs { request, result: page });
        self
    }

    /// These are the student's courses; nothing is being asked any more.
    pub fn courses(self, courses: Vec<CourseView>) -> Self {
        self.answer_courses(Ok(courses)).synced()
    }

    /// The same with seats the student waits for.
    pub fn waiting(mut self, courses: Vec<CourseView>, waiting: Vec<WaitlistView>) -> Self {
        let request = self.last(|effect| match effect {
            Effect::LoadCourses { request } => Some(*request),
            _ => None,
        });
        self.send(Msg::Courses {
            request,
            result: Ok(Dashboard { courses, waiting, ..Dashboard::default() }),
        });
        self
    }

    pub fn answer_courses(mut self, result: Result<Vec<CourseView>, Failure>) -> Self {
        let request = self.last(|effect| match effect {
            Effect::LoadCourses { request } => Some(*request),
            _ => None,
        });
        self.send(Msg::Courses { request, result: result.map(Dashboard::from) });
        self
    }

    /// The partners have answered, if they were asked.
    pub fn synced(mut self) -> Self {
        let courses = self.asked.iter().rev().find_map(|effect| match effect {
            Effect::Sync { request } => Some(*request),
            _ => None,
        });
        if let Some(request) = courses {
            self.send(Msg::Synced { request, result: Ok(coursevia::ui::msg::SyncSummary::default()) });
        }
        self
    }

    /// What came of the last attempt to open a course.
    pub fn launched(mut self, result: Result<LaunchOutcome, Failure>) -> Self {
        let (request, enrollment) = self.last(|effect| match effect {
            Effect::Launch { request, enrollment } => Some((*request, *enrollment)),
            _ => None,
        });
        self.send(Msg::Launched { request, enrollment, result });
        self
    }

    /// What came of the last attempt to enroll.
    pub fn enrolled(mut self, result: Result<CourseView, Failure>) -> Self {
        let request = self.last(|effect| match effect {
            Effect::Enroll { request, .. } => Some(*request),
            _ => None,
        });
        self.send(Msg::Enrolled { request, result: result.map(Box::new) });
        self
    }

    /// Any answer to the newest request that `of` finds.
    pub fn reply<T>(mut self, of: impl Fn(&Effect) -> Option<T>, answer: impl Fn(T) -> Msg) -> Self {
        let found = self.last(of);
        self.send(answer(found));
        self
    }

    /// Types a key script.
    pub fn keys(mut self, script: &str) -> Self {
        for msg in keys::parse_script(script).expect("a good value") {
            if let Msg::Resize { width, height } = &msg {
                self.size = (*width, *height);
            }
            self.send(msg);
        }
        self
    }

    /// Any message.
    pub fn tell(mut self, msg: Msg) -> Self {
        self.send(msg);
        self
    }

    /// Time goes by.
    pub fn later(mut self, seconds: i64) -> Self {
        self.now += TimeDelta::seconds(seconds);
        self.send(Msg::Tick);
        self
    }

    /// What is on the screen: assert on it with `insta::assert_snapshot!`.
    pub fn screen(&self) -> TestBackend {
        let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a good value");
        terminal.draw(|frame| self.app.view(frame)).expect("a good value");
        terminal.backend().clone()
    }

    fn send(&mut self, msg: Msg) {
        let mut effects = self.app.update(msg, self.now);
        // A search is answered at once, by the real one.
        while let Some(place) = effects.iter().position(|effect| matches!(effect, Effect::Find { .. })) {
            let Effect::Find { request, query, .. } = effects.remove(place) else { unreachable!() };
            let places = self.finder.find(&query);
            effects.extend(self.app.update(Msg::Found { request, places }, self.now));
        }
        self.asked.extend(effects);
    }

    pub fn last<T>(&self, of: impl Fn(&Effect) -> Option<T>) -> T {
        self.asked.iter().rev().find_map(of).expect("it was asked for")
    }
}
