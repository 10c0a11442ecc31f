//! Colours: one snapshot per screen and theme.

use super::harness::Stage;
use super::world;
use coursevia::ui::Theme;
use coursevia::ui::msg::{Background, Msg, Who};
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
fn compare() {
    check("compare", "1jjcl");
}

#[test]
fn fits() {
    check("fits", "1jjcw12");
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
fn confirm() {
    check("confirm", "x");
}

#[test]
fn email() {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = Stage::with(Who::Nobody, 60, 16, false, theme);
        let stage = stage.programs().courses(vec![]).keys("jj<enter><enter>maya<enter>");
        assert_debug_snapshot!(format!("style_email_{name}"), stage.screen().buffer());
    }
}

#[test]
fn a_background_that_is_told_changes_the_colours_but_brings_none_back() {
    let stage = |theme| {
        let stage = Stage::with(Who::Student(world::maya()), 60, 16, false, theme);
        stage.programs().courses(world::some_courses())
    };
    let told = |theme, background| stage(theme).tell(Msg::Background(background)).screen();
    assert_eq!(told(Theme::Dark, Background::Light), stage(Theme::Light).screen());
    assert_eq!(told(Theme::Light, Background::Dark), stage(Theme::Dark).screen());
    assert_eq!(told(Theme::None, Background::Light), stage(Theme::None).screen());
}

#[test]
fn help() {
    check("help", "?");
}

#[test]
fn palette() {
    check("palette", ":can");
}
