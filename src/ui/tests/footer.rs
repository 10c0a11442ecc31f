//! Keymap, footer and help belong together.

use super::stage::{
    Stage, advisor, confirmed, dated_course, dated_program, failed, other, requested, student, url,
};
use super::waiting;
use crate::domain::enrollment::Status;
use crate::domain::views::{Certificate, CourseView};
use crate::domain::waitlist::WaitlistStatus;
use crate::domain::web::WebUrl;
use crate::ui::key::Key;
use crate::ui::keymap::{self, Action, BINDINGS, Here, Layer, State};
use crate::ui::msg::{LaunchOutcome, Msg, Who};
use crate::ui::palette;
use crossterm::event::KeyCode;
use std::collections::HashSet;

fn cancelled() -> CourseView {
    let mut course = other();
    course.enrollment.status = Status::Cancelled;
    course.enrollment.id = uuid::Uuid::from_u128(99).into();
    course
}

fn finished() -> CourseView {
    let mut course = confirmed();
    course.enrollment.status = Status::Completed;
    let url = WebUrl::parse("https://certiport.example/c/1").ok();
    let id = uuid::Uuid::from_u128(5).into();
    course.certificate = Some(Certificate {
        id,
        external_certificate_id: None,
        url,
        issued_at: None,
        expires_at: None,
        verify_url: None,
        code: None,
        holder: None,
        course: None,
    });
    course
}

/// Every screen in every state that has keys of its own.
fn stages() -> Vec<(String, Stage)> {
    let maya = || Who::Student(student("Maya"));
    let mut out = Vec::new();
    let mut add = |name: &str, mut stage: Stage, keys: &str| {
        stage.keys(keys);
        out.push((format!("{name} {keys}"), stage));
    };
    add("unread", Stage::new(Who::Nobody), "");
    add("unread", Stage::maya(), "2");
    for keys in [
        "",
        "/",
        "/nurse",
        "/nurse<enter>",
        "<enter>",
        "<enter>j",
        "G",
        "2",
        "m",
        "/zzzz",
        "M",
        "f",
        "ffree<enter>",
        "fzzzz",
        "ffree<enter><esc>",
        "ftaught<enter><esc>",
    ] {
        add("nobody", Stage::ready(Who::Nobody, vec![]), keys);
    }
    for keys in ["<enter><enter>", "<enter><enter>maya@example.org", "<enter><enter>maya@example.org<enter>"]
    {
        add("nobody", Stage::ready(Who::Nobody, vec![]), keys);
    }
    for keys in ["?", "?G", "?/", "?/scroll", "?/scroll<enter>", "?/zzzz", "<enter><enter><f1>"] {
        add("help", Stage::ready(Who::Nobody, vec![]), keys);
    }
    for keys in ["<c-p>", ":", "<c-p>und", "<c-p>und<enter>", "<c-p>zzzz", "<c-p><end>", "/<c-p>", "?<c-p>"] {
        add("palette", Stage::ready(Who::Nobody, vec![]), keys);
    }
    add("palette", Stage::ready(Who::Nobody, vec![]), "<enter><enter>ma<c-p>");
    for keys in ["f", "fonl", "f<enter>", "f<enter><esc>", "fzzzz", "f<c-p>"] {
        add("filter", Stage::ready(Who::Nobody, vec![]), keys);
    }
    let courses = || vec![requested(), other(), cancelled()];
    for keys in ["", "j", "h", "hG", "o", "jo", "x", "<enter>", "j<enter>", "1<enter>", "jo<enter>", "r", "?"]
    {
        add("courses", Stage::ready(maya(), courses()), keys);
    }
    for keys in ["", "o", "t", "<enter>"] {
        add("failed", Stage::ready(maya(), vec![failed()]), keys);
    }
    for keys in ["", "y", "<esc>m", "o"] {
        let mut stage = Stage::ready(maya(), vec![confirmed()]);
        stage.keys("<enter>");
        stage.launched(Ok(LaunchOutcome::Opened(url())));
        add("opened", stage, keys);
    }
    let mut enrolled = Stage::ready(maya(), vec![]);
    enrolled.keys("<enter><enter>");
    enrolled.enrolled(Ok(requested()));
    add("enrolled", enrolled, "");
    for keys in ["", "j", "G", "G<enter>", "?"] {
        add("away", super::away::closed(), keys);
        add("troubled", super::away::troubled(), keys);
    }
    for keys in ["", "s", "p", "ps", "?"] {
        add("reviews", super::reviews::reading(), keys);
    }
    for keys in ["", "j", "G", "p", "e", "<right>", "S"] {
        add("reports", super::reports::reading(), keys);
    }
    add("statement", super::reports::statement(), "");
    for keys in ["", "4", "4<tab>", "4<tab>Good", "<enter>", "4<enter>G<enter>", "<tab><tab>", "<f1>"] {
        add("review", super::reviews::writing(false), keys);
    }
    for keys in ["", "<tab>", "<tab>Done<tab>x", "<enter>", "<esc>", "<esc>o", "<f1>"] {
        add("finish", super::finish::saying(), keys);
    }
    for keys in ["", "<c-d>", "<c-d><enter>"] {
        add("own review", super::reviews::writing(true), keys);
    }
    for keys in ["", "2", "S", "Sma", "S<f1>"] {
        add("desk", Stage::ready(advisor(None), vec![]), keys);
    }
    add("desk", Stage::ready(advisor(Some(student("Maya"))), courses()), "");
    add("small", Stage::ready(maya(), courses()), "<resize:20x5>");
    for keys in ["2", "2o"] {
        add("finished", Stage::ready(maya(), vec![finished()]), keys);
    }
    out.extend(choosing());
    out.extend(super::player::stages());
    out.extend(paying());
    out
}

/// Paying and switching.
fn paying() -> Vec<(String, Stage)> {
    let mut out = Vec::new();
    let mut add = |name: &str, mut stage: Stage, keys: &str| {
        stage.keys(keys);
        out.push((format!("{name} {keys}"), stage));
    };
    for keys in ["", "<enter>", "<enter><esc>", "?"] {
        add("checkout", super::pay::checkout(), keys);
    }
    for keys in ["", "o", "x", "<enter>", "<enter>x", "<enter>?"] {
        add("unpaid", Stage::ready(Who::Student(student("Maya")), vec![super::pay::awaited()]), keys);
        add("page", Stage::ready(Who::Student(student("Maya")), vec![super::pay::with_page()]), keys);
        add("over", Stage::ready(Who::Student(student("Maya")), vec![super::pay::expired()]), keys);
        add("parked", Stage::ready(Who::Student(student("Maya")), vec![super::pay::parked()]), keys);
        add("refused", Stage::ready(Who::Student(student("Maya")), vec![super::pay::refund_failed()]), keys);
    }
    for keys in ["", "j", "<enter>", "<right>", "?"] {
        add("switch", super::switch::quoted(super::switch::quote(0, 5_000, 0)), keys);
    }
    for keys in ["<enter>", "<enter>why<enter>", "<enter><enter>"] {
        add("overrule", super::switch::unknown(), keys);
    }
    out
}

/// Comparing, dates, and waiting for a seat.
fn choosing() -> Vec<(String, Stage)> {
    let maya = || Who::Student(student("Maya"));
    let mut out = Vec::new();
    let mut add = |name: &str, mut stage: Stage, keys: &str| {
        stage.keys(keys);
        out.push((format!("{name} {keys}"), stage));
    };
    for keys in
        ["c", "<enter>c", "cl", "c<end>", "jc", "cw", "cwj", "<enter>w", "<enter>w2<enter>", "cw<c-p>"]
    {
        add("compare", Stage::ready(Who::Nobody, vec![]), keys);
    }
    add("compare", Stage::ready(Who::Nobody, vec![]), "c<resize:45x12>");
    let dated = |courses| {
        let mut stage = Stage::new(maya());
        stage.programs(Ok(vec![dated_program()]));
        stage.courses(courses);
        stage
    };
    for keys in
        ["<enter>", "<enter><right>", "<enter>j", "<enter>a", "<enter>an", "<enter>anN", "<enter>a<pgdn>"]
    {
        add("dated", dated(vec![]), keys);
    }
    for keys in ["<enter>ja", "<enter>ap", "<enter>a<end>", "<enter>a?", "<enter>a<c-p>", "<enter>a<enter>"] {
        add("dated", dated(vec![]), keys);
    }
    add("any time", Stage::ready(maya(), vec![]), "<enter>a");
    for keys in ["", "o", "1<enter>", "1<enter>a", "i"] {
        add("dated course", dated(vec![dated_course()]), keys);
    }
    for keys in ["", "x", "<enter>"] {
        for status in [WaitlistStatus::Waiting, WaitlistStatus::Offered, WaitlistStatus::Expired] {
            add("waiting", waiting::stage(status), keys);
        }
    }
    for keys in ["1<enter><enter>", "1<enter><enter><enter>"] {
        add("full", waiting::full(maya()), keys);
        add("full", waiting::full(Who::Nobody), keys);
    }
    out
}

/// What changes when this key is pressed: whether a person could notice it.
fn press(stage: &Stage, key: Key) -> bool {
    let mut app = stage.app.clone();
    let before = format!("{app:?}");
    let effects = app.update(Msg::Key(key.event()), stage.now);
    let after = format!("{app:?}");
    // That a key was pressed is noted; that alone is no effect a person could see.
    let seen = |text: &str| text.replace("touched: true", "touched: false");
    !effects.is_empty() || seen(&before) != seen(&after)
}

/// The key that a sign of the footer stands for.
fn key_of(sign: &str) -> Key {
    match sign {
        "⏎" => Key::plain(KeyCode::Enter),
        "↑" => Key::plain(KeyCode::Up),
        "↓" => Key::plain(KeyCode::Down),
        "←" => Key::plain(KeyCode::Left),
        "→" => Key::plain(KeyCode::Right),
        name => name.parse().expect(name),
    }
}

#[test]
fn no_key_of_a_footer_does_nothing() {
    for (name, stage) in stages() {
        for hint in keymap::footer(&stage.app) {
            let signs = match hint.sign.as_str() {
                "↑↓" => vec!["↑", "↓"],
                "←→" => vec!["←", "→"],
                sign => vec![sign],
            };
            // At the first row there is no way up; at least one of the two moves.
            let works = signs.iter().any(|sign| press(&stage, key_of(sign)));
            assert!(works, "{name:?}: {} {} does nothing", hint.sign, hint.label);
        }
    }
}

#[test]
fn the_sign_in_the_footer_is_the_key_that_does_it() {
    for (name, stage) in stages() {
        for hint in keymap::footer(&stage.app)
            .into_iter()
            .filter(|hint| !matches!(hint.action, Action::Move | Action::Left))
        {
            let pressed = keymap::action(&stage.app, key_of(&hint.sign).event());
            assert_eq!(pressed, Some(hint.action), "{name:?}: {}", hint.sign);
        }
    }
}

#[test]
fn every_layer_has_a_stage_and_all_are_listed() {
    let seen: HashSet<Layer> = stages().iter().map(|(_, stage)| stage.app.layer()).collect();
    for layer in Layer::ALL {
        assert!(seen.contains(&layer), "{layer:?} has no stage: no key of it is tried");
        // A new layer fails here until it is in `Layer::ALL`, and above until it has a stage.
        match layer {
            Layer::Programs
            | Layer::Search
            | Layer::Program
            | Layer::Dates
            | Layer::Compare
            | Layer::Courses
            | Layer::Course
            | Layer::Reviews
            | Layer::Reports
            | Layer::Statement
            | Layer::Review
            | Layer::Finish
            | Layer::Withdraw
            | Layer::Checkout
            | Layer::Pay
            | Layer::Switch
            | Layer::Reason
            | Layer::Away
            | Layer::Help
            | Layer::HelpSearch
            | Layer::Messages
            | Layer::Confirm
            | Layer::Join
            | Layer::Email
            | Layer::Filter
            | Layer::Fits
            | Layer::Picker
            | Layer::Link
            | Layer::Lesson
            | Layer::LessonSearch
            | Layer::Found
            | Layer::Links
            | Layer::Outline
            | Layer::Quiz
            | Layer::Answer
            | Layer::Told
            | Layer::Completed
            | Layer::Palette
            | Layer::TooSmall => {}
        }
    }
    assert_eq!(Layer::ALL.iter().collect::<HashSet<_>>().len(), Layer::ALL.len());
}

#[test]
fn an_action_works_only_where_the_table_of_layers_says() {
    for (name, stage) in stages() {
        let here = Here::top(&stage.app);
        for binding in BINDINGS {
            if let Some(State::Ready(_) | State::Off(_)) = here.state(binding.action) {
                assert!(keymap::works_in(binding.action, here.layer), "{name:?}: {:?}", binding.action);
            }
        }
    }
}

#[test]
fn every_row_of_the_table_works_somewhere_and_help_and_palette_know_it() {
    let all = stages();
    let help = help_text(Stage::ready(advisor(None), vec![]));
    for binding in BINDINGS {
        let works = all.iter().any(|(_, stage)| keymap::label(&stage.app, binding.action).is_some());
        assert!(works, "{:?} works nowhere", binding.action);
        assert_eq!(binding.group.is_some(), !binding.help.is_empty(), "{:?}", binding.action);
        assert_eq!(binding.name.is_empty(), binding.action == Action::Move);
        for key in binding.keys {
            let (sign, word) = (key.sign(), key.word());
            assert!(help.contains(&sign) || help.contains(&word), "the help has no {sign}");
        }
    }
    let stage = &mut Stage::ready(advisor(None), vec![]);
    stage.keys("<c-p>");
    let listed: HashSet<Action> = palette::entries(&stage.app).iter().map(|e| e.binding.action).collect();
    for binding in BINDINGS.iter().filter(|binding| binding.action != Action::Move) {
        assert!(listed.contains(&binding.action), "{:?} is not in the palette", binding.action);
        let titled = BINDINGS.iter().filter(|b| b.action == binding.action && !b.title.is_empty());
        assert_eq!(titled.count(), 1, "{:?}", binding.action);
    }
}

/// The whole help as text.
fn help_text(mut stage: Stage) -> String {
    stage.keys("<resize:120x90>?");
    stage.picture()
}

#[test]
fn a_terminal_that_is_too_small_still_quits() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("<resize:20x5>");
    assert_eq!(stage.app.layer(), Layer::TooSmall);
    assert_eq!(stage.keys("<enter>/2x"), []);
    assert!(stage.picture().contains("(now"));
    assert_eq!(stage.keys("q"), [crate::ui::Effect::Quit]);
    assert_eq!(stage.keys("<c-c>"), [crate::ui::Effect::Quit]);
}

#[test]
fn ctrl_c_quits_while_typing() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    assert_eq!(stage.keys("/q<c-c>"), [crate::ui::Effect::Quit]);
}

#[test]
fn every_state_is_drawn_at_every_size() {
    for (_, mut stage) in stages() {
        for (width, height) in [(1, 1), (20, 5), (40, 10), (41, 15), (60, 20), (80, 24), (99, 16), (250, 70)]
        {
            stage.send(Msg::Resize { width, height });
            stage.picture();
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn no_row_of_keys_breaks_anything(
        script in proptest::collection::vec(0_usize..KEYS.len(), 0..40),
        width in 1_u16..130,
        height in 1_u16..45,
    ) {
        let who = if script.len() % 2 == 0 { Who::Student(student("Maya")) } else { advisor(None) };
        let mut stage = Stage::ready(who, vec![requested(), other(), cancelled()]);
        stage.send(Msg::Resize { width, height });
        for index in script {
            stage.keys(KEYS[index]);
            stage.picture();
        }
    }
}

const KEYS: &[&str] = &[
    "<enter>",
    "<esc>",
    "<up>",
    "<down>",
    "<pgdn>",
    "<end>",
    "/",
    "nurse",
    "1",
    "2",
    "o",
    "x",
    "h",
    "m",
    "?",
    "S",
    "L",
    "u",
    "t",
    "y",
    "r",
    "<click:10,5>",
    "<click:30,8>",
    "<wheel:down>",
    "<paste:maya@x.org>",
    "<resize:80x24>",
    "<resize:45x12>",
    "<backspace>",
    "<left>",
    "a",
    "n",
    "p",
    "i",
    "<right>",
    "<tab>",
    "<c-p>",
    ":",
    "M",
    "v",
    "s",
    "p",
    "4",
    "<c-d>",
    "<c-z>",
    "<f1>",
    "c",
    "s",
    "w",
    "l",
    "<right>",
    "3",
];

#[test]
fn the_cursor_sits_on_the_element_in_focus() {
    let mut stage = Stage::ready(Who::Nobody, vec![]);
    stage.keys("j");
    let backend = ratatui::backend::TestBackend::new(80, 24);
    let mut terminal = ratatui::Terminal::new(backend).unwrap();
    terminal.draw(|frame| stage.app.view(frame)).unwrap();
    assert!(terminal.backend().cursor_visible());
    assert_eq!(terminal.backend().cursor_position(), (1, 5).into());
}
