//! The player of a course taught here: reading, lessons, quizzes, the certificate.

use super::harness::Stage;
use super::lessons::{
    Learner, all_right, all_wrong, answer, certified, enrollment, opened, opened_with, other, outline,
    reading, step, taught,
};
use super::world;
use coursevia::domain::failure::Failure;
use coursevia::domain::lesson::Feedback;
use coursevia::ui::Theme;
use coursevia::ui::msg::{Msg, Who};
use insta::{assert_debug_snapshot, assert_snapshot};

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// The quiz of the second lesson, from its beginning.
fn asked(stage: Stage, feedback: Feedback) -> (Stage, Learner) {
    let mut learner = Learner { opened: opened_with(outline(1, feedback), Vec::new()) };
    let stage = reading(stage, &learner.opened).keys("G<enter>");
    (learner.reads(stage), learner)
}

/// Answers with these keys, then goes on.
fn answers(stage: Stage, learner: &mut Learner, scripts: &[&str]) -> Stage {
    scripts.iter().fold(stage, |stage, keys| learner.answers(stage.keys(keys)))
}

#[test]
fn cards_say_how_far_a_course_is() {
    let mut coming = taught(0, None);
    coming.taught = None;
    at_all_sizes!("player_cards", |s: Stage| s.programs().courses(vec![taught(3, Some(64))]));
    at_all_sizes!("player_cards_done", |s: Stage| s.programs().courses(vec![certified()]).keys("2"));
    at_all_sizes!("player_cards_new", |s: Stage| s.programs().courses(vec![taught(0, None)]));
    let stage = Stage::new(80, 24).programs().courses(vec![coming]);
    assert_snapshot!("player_cards_coming_80x24", stage.screen());
    at_all_sizes!("player_details", |s: Stage| s
        .programs()
        .courses(vec![certified()])
        .keys("2<enter><esc>o"));
}

#[test]
fn reading_from_the_top_to_the_end() {
    at_all_sizes!("player_top", |s: Stage| reading(s, &opened()));
    at_all_sizes!("player_middle", |s: Stage| reading(s, &opened()).keys("<space>"));
    at_all_sizes!("player_end", |s: Stage| reading(s, &opened()).keys("G"));
    at_all_sizes!("player_opening", |s: Stage| s.programs().courses(vec![taught(0, None)]).keys("<enter>"));
}

#[test]
fn lessons_in_their_order() {
    at_all_sizes!("player_outline", |s: Stage| reading(s, &opened()).keys("o"));
    at_all_sizes!("player_outline_locked", |s: Stage| reading(s, &opened()).keys("oG"));
    at_all_sizes!("player_outline_why", |s: Stage| reading(s, &opened()).keys("oG<enter>"));
    let mut read = opened();
    read.outline.lessons[1].record.read_at = Some(world::now());
    at_all_sizes!("player_outline_waits", |s: Stage| reading(s, &read).keys("o"));
}

#[test]
fn searching_a_lesson() {
    at_all_sizes!("player_search", |s: Stage| reading(s, &opened()).keys("/folder"));
    at_all_sizes!("player_found", |s: Stage| reading(s, &opened()).keys("/folder<enter>nn"));
    at_all_sizes!("player_not_found", |s: Stage| reading(s, &opened()).keys("/zebra"));
}

#[test]
fn links_have_numbers() {
    at_all_sizes!("player_links", |s: Stage| reading(s, &opened()).keys("f"));
}

#[test]
fn questions_of_every_kind() {
    let quiz = |s: Stage, before: &[&str], keys: &str| {
        let (stage, mut learner) = asked(s, Feedback::Final);
        answers(stage, &mut learner, before).keys(keys)
    };
    at_all_sizes!("player_single", |s| quiz(s, &[], "jj"));
    at_all_sizes!("player_single_none", |s| quiz(s, &[], "<enter>"));
    at_all_sizes!("player_multiple", |s| quiz(s, &["j<enter>"], "<space>jj<space>"));
    at_all_sizes!("player_multiple_none", |s| quiz(s, &["j<enter>"], "<enter>"));
    at_all_sizes!("player_text", |s| quiz(s, &["j<enter>", "<space><enter>"], ".doc"));
    at_all_sizes!("player_order", |s| quiz(s, &["j<enter>", "<space><enter>", "x<enter>"], "<space>j"));
    at_all_sizes!("player_order_unmoved", |s| {
        quiz(s, &["j<enter>", "<space><enter>", "x<enter>"], "<enter>")
    });
    at_all_sizes!("player_saving", |s| quiz(s, &["j<enter>"], "<space><enter>"));
    at_all_sizes!("player_not_saved", |s| {
        quiz(s, &["j<enter>"], "<space><enter>").reply(step, |request| Msg::Learned {
            request,
            enrollment: enrollment(),
            result: Err(Failure::new(
                "database_unavailable",
                "The database can't be reached. Nothing was saved.",
            )),
        })
    });
}

#[test]
fn answers_are_told_at_once_or_at_the_end() {
    let told = |s: Stage, scripts: &[&str]| {
        let (stage, mut learner) = asked(s, Feedback::Immediate);
        answers(stage, &mut learner, scripts)
    };
    at_all_sizes!("player_told_single", |s| told(s, &["j<enter>"]));
    at_all_sizes!("player_told_multiple", |s| told(s, &["j<enter>", "<enter><space><enter>"]));
    at_all_sizes!("player_told_text", |s| {
        told(s, &["j<enter>", "<enter><space><enter>", "<enter>.TXT<enter>"])
    });
    at_all_sizes!("player_told_order", |s| {
        told(s, &["j<enter>", "<enter><space><enter>", "<enter>.txt<enter>", "<enter><space><enter><enter>"])
    });
}

#[test]
fn what_came_of_a_quiz() {
    let ended = |s: Stage, given| {
        let mut opened = opened_with(outline(1, Feedback::Final), given);
        opened.outline.lessons[1].record.read_at = Some(world::now());
        reading(s, &opened).keys("t")
    };
    let passed = |s: Stage| {
        let mut opened = opened_with(outline(1, Feedback::Final), all_right(1));
        opened.outline.lessons[1].record.read_at = Some(world::now());
        opened.outline.lessons[1].record.passed_at = Some(world::now());
        reading(s, &opened).keys("t")
    };
    at_all_sizes!("player_passed", passed);
    at_all_sizes!("player_pausing", |s| { ended(s, [all_wrong(1, 9), all_wrong(2, 3)].concat()) });
    at_all_sizes!("player_failed", |s| {
        let (stage, mut learner) = asked(s, Feedback::Final);
        answers(stage, &mut learner, &["j<enter>", "<space><enter>", "x<enter>", "<space><enter><enter>"])
    });
}

#[test]
fn the_last_step_completes_the_course() {
    let last = |s: Stage, course| {
        let mut learner = Learner { opened: other(outline(3, Feedback::Immediate), "mail") };
        let stage = reading(s, &learner.opened).keys("G<enter>");
        learner.reads(stage).answer_courses(Ok(vec![course]))
    };
    at_all_sizes!("player_completed", |s| last(s, certified()));
    let mut nameless = certified();
    nameless.student.name = None;
    let holder = nameless.certificate.as_mut().expect("a certificate");
    holder.holder = None;
    at_all_sizes!("player_completed_nameless", |s| last(s, nameless.clone()));
}

#[test]
fn only_the_student_learns() {
    let who = || world::advisor(Some(world::maya()));
    for (width, height) in SIZES {
        let stage =
            Stage::of(who(), width, height).programs().courses(vec![taught(1, Some(18))]).keys("2<enter>");
        assert_snapshot!(format!("{}_{width}x{height}", "player_desk"), stage.screen());
    }
}

#[test]
fn other_signs_and_colours() {
    let ascii = |keys: &str| {
        let stage = Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::Dark);
        reading(stage, &opened()).keys(keys)
    };
    assert_snapshot!("player_top_ascii", ascii("").screen());
    assert_snapshot!("player_outline_ascii", ascii("o").screen());
    assert_snapshot!("player_end_ascii", ascii("G").screen());
    assert_snapshot!("player_links_ascii", ascii("f").screen());
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = || reading(Stage::with(Who::Student(world::maya()), 60, 16, false, theme), &opened());
        assert_debug_snapshot!(
            format!("style_lesson_{name}"),
            stage().keys("/folder<enter>").screen().buffer()
        );
        assert_debug_snapshot!(format!("style_lessons_{name}"), stage().keys("o").screen().buffer());
        let (asked, mut learner) =
            asked(Stage::with(Who::Student(world::maya()), 60, 16, false, theme), Feedback::Immediate);
        let told = answers(asked, &mut learner, &["j<enter>"]);
        assert_debug_snapshot!(format!("style_quiz_{name}"), told.screen().buffer());
    }
}

#[test]
fn the_place_stays_at_every_width() {
    let stage = reading(Stage::new(80, 24), &opened()).keys("/Keeping files<enter><esc>");
    let stage = stage.keys("<resize:60x20><resize:120x40><resize:40x10><resize:80x24>");
    assert!(stage.screen().to_string().contains("Keeping files safe"), "{}", stage.screen());
    let back =
        answer(stage.keys("<esc>").answer_courses(Ok(vec![taught(1, Some(18))])).keys("<enter>"), &opened());
    assert!(back.screen().to_string().contains("Files and folders"));
}
