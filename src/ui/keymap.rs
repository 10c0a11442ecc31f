//! The one table of keys: what they do, what the footer and the help call them, where they work.

use crate::domain::enrollment::{Link, Status};
use crate::ui::app::{App, Overlay, Screen};
use crate::ui::card::next;
use crate::ui::layout;
use crate::ui::msg::Who;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Only for the footer: up and down together.
    Move,
    /// One up.
    Up,
    /// One down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// Go on: what the element in focus says.
    Go,
    /// To the field of the search.
    Search,
    /// What narrows and orders the programs.
    Filter,
    /// Takes back the enrollment just made.
    Undo,
    /// Asks the partner once more.
    TryAgain,
    /// Everything about a course.
    Details,
    /// Shows the link that was given last.
    ShowLink,
    /// Copies the link that is shown.
    CopyLink,
    /// Copies the address of the certificate.
    CopyCertificate,
    /// Gives a course up.
    Cancel,
    /// Reads anew.
    Refresh,
    /// Shows or hides cancelled courses.
    Cancelled,
    /// Picks the student (advisors).
    PickStudent,
    /// Leaves the student (advisors).
    LeaveStudent,
    /// Tab 1.
    Programs,
    /// Tab 2.
    Courses,
    /// Everything that was said.
    Messages,
    /// One step back.
    Back,
    /// Closes what lies over the screen.
    Close,
    /// All keys.
    Help,
    /// Ends the app.
    Quit,
}

/// What has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The list of programs.
    Programs,
    /// The search field over it.
    Search,
    /// One program.
    Program,
    /// My courses.
    Courses,
    /// One course.
    Course,
    /// The help.
    Help,
    /// The messages.
    Messages,
    /// Really cancel?
    Confirm,
    /// The e-mail field.
    Email,
    /// What narrows and orders the programs.
    Filter,
    /// The student switcher.
    Picker,
    /// A link to take along.
    Link,
    /// The terminal is too small to show anything.
    TooSmall,
}

impl Layer {
    /// Letters are text here.
    pub fn is_typing(self) -> bool {
        matches!(self, Self::Search | Self::Email | Self::Picker | Self::Filter)
    }

    /// Lies over a screen.
    pub fn is_overlay(self) -> bool {
        !matches!(
            self,
            Self::Programs | Self::Search | Self::Program | Self::Courses | Self::Course | Self::TooSmall
        )
    }
}

/// The headings of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Getting around.
    Around,
    /// Finding and choosing.
    Choose,
    /// Learning.
    Learn,
    /// At an advisor's desk.
    Desk,
    /// The app.
    App,
}

impl Group {
    /// In the order of the help.
    pub const ALL: [Self; 5] = [Self::Around, Self::Choose, Self::Learn, Self::Desk, Self::App];

    /// The heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Around => "Getting around",
            Self::Choose => "Finding and enrolling",
            Self::Learn => "Learning",
            Self::Desk => "At an advisor's desk",
            Self::App => "The app",
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys that do it.
    pub keys: &'static [KeyCode],
    /// How footer and help show the keys.
    pub sign: &'static str,
    /// Where the help lists it; `None`: another row speaks for it.
    pub group: Option<Group>,
    /// What the help says.
    pub help: &'static str,
}

const fn row(
    action: Action,
    keys: &'static [KeyCode],
    sign: &'static str,
    group: Option<Group>,
    help: &'static str,
) -> Binding {
    Binding { action, keys, sign, group, help }
}

use KeyCode::{Char, Down, End, Enter, Esc, F, Home, PageDown, PageUp, Up};

/// The table, in the order of the footer: most useful first.
pub const BINDINGS: &[Binding] = &[
    row(Action::Move, &[], "↑↓", Some(Group::Around), "choose or scroll; j and k do the same"),
    row(Action::Up, &[Up, Char('k')], "↑", None, ""),
    row(Action::Down, &[Down, Char('j')], "↓", None, ""),
    row(
        Action::Go,
        &[Enter, KeyCode::Right, Char('l')],
        "⏎",
        Some(Group::Around),
        "do what the marked row or card says; → does the same",
    ),
    row(Action::Back, &[Esc], "esc", Some(Group::Around), "one step back; ← does the same"),
    row(Action::Close, &[Esc, Char('q')], "esc", None, ""),
    row(
        Action::Search,
        &[Char('/')],
        "/",
        Some(Group::Choose),
        "search programs by title, subject or partner",
    ),
    row(Action::Filter, &[Char('f')], "f", Some(Group::Choose), "filter and sort the programs"),
    row(Action::Undo, &[Char('u')], "u", Some(Group::Choose), "undo the enrollment just made"),
    row(
        Action::TryAgain,
        &[Char('t')],
        "t",
        Some(Group::Learn),
        "ask the partner again to prepare your place",
    ),
    row(Action::CopyLink, &[Char('y')], "y", None, ""),
    // Before the link: whoever looks at a certificate has finished the course.
    row(Action::CopyCertificate, &[Char('y')], "y", None, ""),
    row(
        Action::ShowLink,
        &[Char('y')],
        "y",
        Some(Group::Learn),
        "show the link given last; there, y copies it",
    ),
    row(Action::Details, &[Char('o')], "o", Some(Group::Learn), "everything about a course"),
    row(Action::PickStudent, &[Char('S')], "S", Some(Group::Desk), "pick the student you act for"),
    row(Action::LeaveStudent, &[Char('L')], "L", Some(Group::Desk), "leave the student and clear the screen"),
    row(Action::Programs, &[Char('1')], "1", Some(Group::Around), "programs"),
    row(Action::Courses, &[Char('2')], "2", Some(Group::Around), "my courses"),
    row(
        Action::Refresh,
        &[Char('r')],
        "r",
        Some(Group::Learn),
        "read again; on My courses, ask the partners for progress",
    ),
    row(Action::Cancel, &[Char('x')], "x", Some(Group::Learn), "cancel a course you have not started"),
    row(Action::Cancelled, &[Char('h')], "h", Some(Group::Learn), "show or hide cancelled courses"),
    // After `h` for cancelled courses, so that it has the key where both work.
    row(Action::Back, &[KeyCode::Left, Char('h')], "esc", None, ""),
    row(Action::Messages, &[Char('m')], "m", Some(Group::App), "read the messages again"),
    row(Action::PageUp, &[PageUp], "pgup pgdn", Some(Group::Around), "a page up or down"),
    row(Action::PageDown, &[PageDown], "pgdn", None, ""),
    row(Action::First, &[Home, Char('g')], "home end", Some(Group::Around), "to the first or the last"),
    row(Action::Last, &[End, Char('G')], "end", None, ""),
    row(Action::Help, &[Char('?'), F(1)], "?", Some(Group::App), "this help; F1 works while you type"),
    row(Action::Quit, &[Char('q')], "q", Some(Group::App), "quit; ctrl-c works everywhere"),
];

/// What a key does here, if anything.
pub fn action(app: &App, key: KeyEvent) -> Option<Action> {
    let modifiers = key.modifiers.difference(KeyModifiers::SHIFT);
    if modifiers == KeyModifiers::CONTROL && key.code == Char('c') {
        return Some(Action::Quit);
    }
    let typed =
        app.layer().is_typing() && matches!(key.code, Char(_) | KeyCode::Left | KeyCode::Right | Home | End);
    if typed || !modifiers.is_empty() {
        return None;
    }
    BINDINGS
        .iter()
        .find(|binding| binding.keys.contains(&key.code) && label(app, binding.action).is_some())
        .map(|binding| binding.action)
}

/// One entry of the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The keys.
    pub sign: &'static str,
    /// What they do here.
    pub label: &'static str,
    /// The action behind it.
    pub action: Action,
}

/// What the footer shows here, most useful first.
pub fn footer(app: &App) -> Vec<Hint> {
    let quiet = |action| {
        matches!(
            action,
            Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last
        )
    };
    let typing = app.layer().is_typing();
    let mut out: Vec<Hint> = Vec::new();
    for binding in BINDINGS.iter().filter(|binding| !quiet(binding.action)) {
        let Some(label) = label(app, binding.action) else {
            continue;
        };
        // Where two keys do the same, or one key could do two things, the first is said.
        if out.iter().all(|hint| hint.label != label && hint.sign != binding.sign) {
            let sign = if binding.action == Action::Help && typing { "F1" } else { binding.sign };
            out.push(Hint { sign, label, action: binding.action });
        }
    }
    out
}

/// What the action is called where the app stands; `None` where it does nothing.
pub fn label(app: &App, action: Action) -> Option<&'static str> {
    let layer = app.layer();
    if layer == Layer::TooSmall {
        return (action == Action::Quit).then_some("quit");
    }
    match action {
        Action::Move => movable(app),
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            movable(app)
        }
        Action::Go => go(app),
        Action::Back => back(app),
        Action::Close => close(app),
        Action::Quit => (!layer.is_overlay() && !layer.is_typing()).then_some("quit"),
        Action::Help => (layer != Layer::Help).then_some("help"),
        Action::Messages => {
            (!layer.is_overlay() && !layer.is_typing() && !app.said.all.is_empty()).then_some("messages")
        }
        Action::Programs => (on_screen(layer) && !root(app, true)).then_some(match layer {
            Layer::Program => "back",
            _ => "programs",
        }),
        Action::Courses => (on_screen(layer) && !root(app, false)).then_some(match layer {
            Layer::Course => "back",
            _ => "my courses",
        }),
        Action::Search => (layer == Layer::Programs && !app.programs.all().is_empty()).then_some("search"),
        Action::Filter => (layer == Layer::Programs && !app.programs.all().is_empty()).then_some("filter"),
        Action::Refresh => (on_screen(layer) && layer != Layer::Program).then_some("refresh"),
        Action::Details => (layer == Layer::Courses && app.focused_course().is_some()).then_some("details"),
        Action::Cancel => course_key(app, |course| course.enrollment.status.is_live()).then_some("cancel"),
        Action::Undo => (on_screen(layer) && app.work.undo.is_some() && !app.is_acting()).then_some("undo"),
        Action::TryAgain => course_key(app, |course| {
            let failed = course.enrollment.status.is_live() && course.enrollment.link == Link::Failed;
            failed || course.undone().is_some()
        })
        .then_some("try again"),
        Action::ShowLink => (on_courses(layer) && app.given_link().is_some()).then_some("show link"),
        Action::CopyLink => (layer == Layer::Link).then_some("copy link"),
        Action::CopyCertificate => (layer == Layer::Course
            && app
                .focused_course()
                .and_then(|course| course.certificate.as_ref())
                .is_some_and(|certificate| certificate.url.is_some()))
        .then_some("copy certificate link"),
        Action::Cancelled => {
            let any = app.courses.all().iter().any(|c| c.enrollment.status == Status::Cancelled);
            let words = if app.dash.cancelled { "hide cancelled" } else { "show cancelled" };
            (layer == Layer::Courses && any).then_some(words)
        }
        Action::PickStudent => (on_screen(layer) && is_advisor(app) && !app.is_acting()).then_some("student"),
        Action::LeaveStudent => {
            (on_screen(layer) && is_advisor(app) && app.student().is_some()).then_some("leave student")
        }
    }
}

fn on_screen(layer: Layer) -> bool {
    !layer.is_overlay() && !layer.is_typing()
}

fn on_courses(layer: Layer) -> bool {
    matches!(layer, Layer::Courses | Layer::Course)
}

fn is_advisor(app: &App) -> bool {
    matches!(app.who, Who::Advisor { .. })
}

/// The app stands on the root of tab 1, or of tab 2.
fn root(app: &App, programs: bool) -> bool {
    match app.stack.as_slice() {
        [Screen::Programs] => programs,
        [Screen::Courses] => !programs,
        _ => false,
    }
}

fn course_key(app: &App, fits: impl Fn(&crate::domain::views::CourseView) -> bool) -> bool {
    on_courses(app.layer()) && !app.is_acting() && app.focused_course().is_some_and(fits)
}

fn movable(app: &App) -> Option<&'static str> {
    let (many, label) = match app.layer() {
        Layer::Programs | Layer::Search => (app.hits() > 1, "move"),
        Layer::Courses => (app.dash_items().len() > 1, "choose"),
        Layer::Program => {
            let Screen::Program { id, .. } = app.screen() else {
                return None;
            };
            (app.program(*id).is_some_and(|view| view.offers.len() > 1), "choose")
        }
        Layer::Filter => match app.overlays.last() {
            Some(Overlay::Filter(filter)) => (filter.wishes().len() > 1, "choose"),
            _ => (false, ""),
        },
        Layer::Picker => match app.overlays.last() {
            Some(Overlay::Picker(picker)) => (picker.rows() > 1, "choose"),
            _ => (false, ""),
        },
        Layer::Help | Layer::Messages | Layer::Course => {
            (layout::scroll_room(app, layout::areas(app).body) > 0, "scroll")
        }
        Layer::Confirm | Layer::Email | Layer::Link | Layer::TooSmall => (false, ""),
    };
    many.then_some(label)
}

fn go(app: &App) -> Option<&'static str> {
    let acting = app.is_acting();
    match app.layer() {
        Layer::Programs | Layer::Search => app.chosen_entry().map(|_| "open"),
        Layer::Program if acting => None,
        Layer::Program => {
            let Screen::Program { id, focus, .. } = app.screen() else {
                return None;
            };
            let view = app.program(*id)?;
            if app.live_course(*id).is_some() {
                return Some("go to course");
            }
            match layout::offers(view).get(*focus) {
                Some(offer) if offer.unavailable().is_some() => Some("why not"),
                _ => Some("enroll"),
            }
        }
        Layer::Courses | Layer::Course => {
            let course = app.focused_course().filter(|_| !acting)?;
            let next = next(course);
            let waits = app.work.waiting == Some(course.enrollment.id);
            let pointless = match next {
                crate::ui::card::Next::OpenWhenReady => waits,
                crate::ui::card::Next::Details => app.layer() == Layer::Course,
                _ => false,
            };
            (!pointless).then(|| next.footer())
        }
        Layer::Confirm if !acting => Some("cancel the course"),
        Layer::Email if !acting => Some("go on"),
        Layer::Filter => match app.overlays.last() {
            Some(Overlay::Filter(filter)) => {
                filter.chosen().map(|wish| if app.is_wished(wish) { "drop it" } else { "apply it" })
            }
            _ => None,
        },
        Layer::Picker if !acting => match app.overlays.last() {
            Some(Overlay::Picker(picker)) => picker.pick().map(|_| "act for"),
            _ => None,
        },
        _ => None,
    }
}

fn back(app: &App) -> Option<&'static str> {
    let searched = !app.list.search.text().is_empty();
    match app.layer() {
        Layer::Search if searched => Some("clear"),
        Layer::Search => Some("leave search"),
        Layer::Program | Layer::Course => Some("back"),
        Layer::Courses if app.work.waiting.is_some() => Some("stop waiting"),
        Layer::Programs if app.is_narrowed() => Some("show all"),
        _ => None,
    }
}

fn close(app: &App) -> Option<&'static str> {
    match app.layer() {
        Layer::Confirm => Some("keep it"),
        // The choice of a student can't be taken back while it is on its way.
        Layer::Picker if app.work.acting.is_some() => None,
        layer if layer.is_overlay() => Some("close"),
        _ => None,
    }
}
