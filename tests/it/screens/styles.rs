//! Colours: one snapshot per screen and theme.

use super::harness::Stage;
use super::world;
use coursevia::ui::Theme;
use coursevia::ui::msg::Who;
use insta::assert_debug_snapshot;

fn check(screen: &str, keys: &str) {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = Stage::with(Who::Student(world::maya()), 60, 16, false, theme);
        let stage = stage.programs().courses(world::some_courses()).keys(keys);
        assert_debug_snapshot!(format!("style_{screen}_{name}"), stage.screen().buffer());
    }
}

#[test]
fn programs() {
    check("programs", "1");
}

#[test]
fn program() {
    check("program", "1<down><enter>");
}

#[test]
fn courses() {
    check("courses", "");
}

#[test]
fn course() {
    check("course", "o");
}

#[test]
fn help() {
    check("help", "?");
}

#[test]
fn palette() {
    check("palette", ":can");
}
