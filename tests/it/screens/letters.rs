//! Names in every script keep the layout: columns stay where they are, at all sizes.

use super::harness::Stage;
use super::world::{self, course, offer, program};
use coursevia::domain::views::{CourseView, ProgramView};
use coursevia::runtime::headless::buffer_text;
use coursevia::ui::Theme;
use coursevia::ui::msg::Who;
use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr;

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// Chinese, Korean, Hebrew, Arabic, combining marks, a joined emoji, a flag, Thai, and one long.
const TITLES: [&str; 9] = [
    "看護助手の訓練",
    "간호 조무사 교육",
    "הכשרת עוזרי סיעוד",
    "تدريب مساعدي التمريض",
    "Cafe\u{301} Zoe\u{308} A\u{30a}ngstro\u{308}m",
    "Families 👩‍👩‍👧‍👦 at work",
    "Safety 🇺🇸 first ☣️",
    "การฝึกอบรมผู้ช่วยพยาบาล",
    "長い名前の看護助手と救急救命士のための総合訓練課程と実習",
];

fn programs() -> Vec<ProgramView> {
    TITLES
        .iter()
        .zip(TITLES.iter().rev())
        .map(|(title, partner)| program(title, "Healthcare", "6 weeks", vec![offer(partner, title, 11_900)]))
        .collect()
}

fn courses() -> Vec<CourseView> {
    let mut courses: Vec<CourseView> =
        TITLES.iter().take(4).map(|title| course(title, TITLES[3], Some(45), 4)).collect();
    courses.push(course(TITLES[8], TITLES[8], None, 5));
    courses
}

fn stage(who: Who, (width, height): (u16, u16)) -> Stage {
    Stage::with(who, width, height, false, Theme::Dark).answer_programs(Ok(programs()))
}

fn maya() -> Who {
    let mut maya = world::maya();
    maya.name = Some("مايا \u{202e}אוקונקו 李".into());
    Who::Student(maya)
}

/// One snapshot per size. No row may be wider than the screen, as a terminal counts.
macro_rules! fits {
    ($name:literal, $keys:expr) => {
        for size in SIZES {
            let stage = stage(maya(), size).courses(courses()).keys($keys);
            let screen = stage.screen();
            for row in buffer_text(screen.buffer()).lines() {
                assert!(row.width() <= usize::from(size.0), "{row}");
            }
            assert_snapshot!(format!("{}_{}x{}", $name, size.0, size.1), screen);
        }
    };
}

#[test]
fn programs_keep_their_columns() {
    fits!("letters_programs", "1");
}

#[test]
fn a_program_keeps_its_cards() {
    fits!("letters_program", "1jj<enter>");
}

#[test]
fn courses_keep_their_cards() {
    fits!("letters_courses", "j");
}

#[test]
fn a_course_keeps_its_lines() {
    fits!("letters_course", "jjo");
}

#[test]
fn a_box_keeps_its_frame() {
    fits!("letters_confirm", "Gx");
}

#[test]
fn typed_letters_keep_the_field() {
    fits!("letters_search", "1/看護 הכ");
}

#[test]
fn names_keep_the_layout_where_only_ascii_is_drawn() {
    let stage = Stage::with(maya(), 80, 24, true, Theme::None).answer_programs(Ok(programs()));
    assert_snapshot!("letters_ascii_80x24", stage.courses(courses()).keys("1").screen());
}

/// The prices of a list end in the same column, whatever stands before them.
#[test]
fn prices_end_in_one_column() {
    for (width, height) in [(80, 24), (120, 40), (60, 20)] {
        let screen = stage(maya(), (width, height)).courses(vec![]).keys("1").screen();
        let buffer = screen.buffer();
        // The rows of the list; below it prices stand in sentences.
        let ends: Vec<u16> = (4..height.min(13))
            .filter_map(|y| {
                let row: Vec<&str> = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
                let place = row.windows(7).position(|cells| cells.concat() == "$119.00")?;
                u16::try_from(place).ok()
            })
            .collect();
        assert!(ends.len() >= 6 && ends.iter().all(|end| *end == ends[0]), "{ends:?}\n{screen}");
    }
}
