//! The terminal's own cursor stands on the element in focus: screen readers and magnifiers
//! follow it.

use super::harness::Stage;
use super::world;
use coursevia::domain::failure::Failure;
use coursevia::ui::Theme;
use coursevia::ui::msg::{LaunchOutcome, Who};
use ratatui::layout::Position;

const SIZES: [(u16, u16); 4] = [(40, 10), (60, 20), (80, 24), (120, 40)];

fn stage(who: Who, (width, height): (u16, u16)) -> Stage {
    Stage::with(who, width, height, false, Theme::Dark).programs()
}

/// The sign under the cursor, and the one before it.
fn under(stage: &Stage) -> (String, String) {
    let mut screen = stage.screen();
    let at = ratatui::backend::Backend::get_cursor_position(&mut screen).expect("a position");
    let shown = screen.cursor_visible();
    assert!(shown, "there is no cursor:\n{screen}");
    assert!(screen.buffer().area.contains(at), "{at:?}\n{screen}");
    let sign = |at: Position| screen.buffer()[at].symbol().to_owned();
    (sign(at), if at.x > 0 { sign(Position { x: at.x - 1, ..at }) } else { String::new() })
}

#[test]
fn it_is_at_the_chosen_row_or_in_the_chosen_card() {
    for size in SIZES {
        let me = || Who::Student(world::maya());
        for keys in ["1", "1j", "1G", "1<pgdn>"] {
            assert_eq!(under(&stage(me(), size).courses(vec![]).keys(keys)).0, "▌", "{keys} {size:?}");
        }
        for keys in ["1jj<enter>", "1jj<enter>j", "2", "2j", "2G"] {
            let (_, before) = under(&stage(me(), size).courses(world::some_courses()).keys(keys));
            assert!("┃▌ ".contains(&before), "{keys} {size:?}: {before:?}");
        }
    }
}

#[test]
fn it_is_where_letters_go() {
    for size in SIZES {
        for (keys, before) in [("1/weld", "d"), ("1/we<left>", "w"), ("1jj<enter><enter>maya@", "@")] {
            let stage = stage(Who::Nobody, size).courses(vec![]).keys(keys);
            assert_eq!(under(&stage).1, before, "{keys} {size:?}\n{}", stage.screen());
        }
    }
}

#[test]
fn every_box_has_it() {
    for size in SIZES {
        let me = || Who::Student(world::maya());
        for keys in ["?", "x", "o"] {
            under(&stage(me(), size).courses(world::some_courses()).keys(keys));
        }
        let shown = stage(me(), size).courses(world::some_courses()).keys("<enter>");
        under(&shown.launched(Ok(LaunchOutcome::Show(world::launch_url()))));
        let failed = stage(me(), size).courses(world::some_courses()).keys("<enter>");
        let failed = failed.launched(Err(Failure::new("partner_down", "It does not answer.")));
        under(&failed);
        under(&failed.keys("m"));
    }
}
