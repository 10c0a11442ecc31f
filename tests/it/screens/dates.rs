//! Dated starts: cards, the month, courses that begin on a day.

use super::harness::Stage;
use super::world::{self, course, dated, offer, program};
use coursevia::domain::calendar::WeekStart;
use coursevia::domain::views::{CourseView, ProgramView};
use coursevia::ui::msg::Who;
use coursevia::ui::{Setup, Theme};
use insta::{assert_debug_snapshot, assert_snapshot};

const SIZES: [(u16, u16); 4] = [(80, 24), (60, 20), (120, 40), (40, 10)];

/// CNA with dates at two partners, some full, and without at a third.
fn cna() -> ProgramView {
    let mut milady =
        dated(offer("Milady", "CNA Training", 12_000), &[(9, 12, 7), (23, 12, 12), (37, 120, 20)]);
    milady.cohorts[1].waiting = 2;
    let mut college = dated(offer("Local Community College", "CNA Training", 0), &[(9, 8, 8), (30, 8, 0)]);
    college.cohorts[0].schedule = Some("Sat 09:00-15:00".into());
    college.cohorts[1].time_zone = chrono_tz::Tz::UTC;
    program(
        "CNA Training",
        "Healthcare",
        "6 weeks",
        vec![milady, college, offer("Certiport", "CNA Training", 0)],
    )
}

fn with(stage: Stage, program: ProgramView) -> Stage {
    stage.answer_programs(Ok(vec![program])).courses(vec![])
}

/// Enrolled with the college into a start so many days away.
fn enrolled(title: &str, partner: &str, days: u64) -> CourseView {
    let mut view = course(title, partner, None, 2);
    let cohort = dated(offer(partner, title, 0), &[(days, 12, 7)]).cohorts.remove(0);
    view.enrollment.cohort_id = Some(cohort.id);
    view.cohort = Some(cohort);
    view
}

fn begun(mut view: CourseView) -> CourseView {
    let cohort = view.cohort.as_mut().expect("a start");
    cohort.starts_on = world::now().date_naive() - chrono::Days::new(20);
    view
}

fn courses() -> Vec<CourseView> {
    vec![
        enrolled("CNA Training", "Local Community College", 9),
        enrolled("Welding", "Milady", 1),
        begun(enrolled("CPR/AED + First Aid", "Local Community College", 9)),
    ]
}

#[test]
fn cards_show_the_next_open_start() {
    at_all_sizes!("dates_cards", |s: Stage| with(s, cna()).keys("<enter>"));
}

#[test]
fn another_start_can_be_chosen_on_the_card() {
    at_all_sizes!("dates_cards_other", |s: Stage| with(s, cna()).keys("<enter><right>"));
}

#[test]
fn a_card_without_new_dates_says_so() {
    at_all_sizes!("dates_cards_none", |s: Stage| with(
        s,
        program("Welding", "Skilled trades", "20 weeks", vec![dated(offer("Milady", "Welding", 0), &[])])
    )
    .keys("<enter>"));
}

#[test]
fn the_month_of_all_partners() {
    at_all_sizes!("dates_month", |s: Stage| with(s, cna()).keys("<enter>app"));
}

#[test]
fn a_full_start() {
    at_all_sizes!("dates_full", |s: Stage| with(s, cna()).keys("<enter>an"));
}

#[test]
fn a_day_without_a_start_names_the_next() {
    at_all_sizes!("dates_no_start", |s: Stage| with(s, cna()).keys("<enter>a<right>"));
}

#[test]
fn a_course_that_starts_any_time() {
    let certiport = |s: Stage| {
        let only =
            program("CNA Training", "Healthcare", "6 weeks", vec![offer("Certiport", "CNA Training", 0)]);
        with(s, only).keys("<enter>a")
    };
    at_all_sizes!("dates_any_time", certiport);
}

#[test]
fn the_week_begins_where_it_begins_at_home() {
    for (name, week_starts) in [("dates_sunday", WeekStart::Sunday), ("dates_saturday", WeekStart::Saturday)]
    {
        let stage = Stage::set_up(80, 24, |setup| Setup { week_starts, ..setup });
        let stage = with(stage, cna()).keys("<enter>a");
        assert_snapshot!(format!("{name}_80x24"), stage.screen());
    }
}

#[test]
fn in_ascii() {
    let stage = Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::Dark);
    assert_snapshot!("dates_ascii_80x24", with(stage, cna()).keys("<enter>a").screen());
    let stage = Stage::with(Who::Student(world::maya()), 80, 24, true, Theme::Dark);
    assert_snapshot!("dates_cards_ascii_80x24", with(stage, cna()).keys("<enter>").screen());
}

#[test]
fn in_colours() {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("none", Theme::None)] {
        let stage = Stage::with(Who::Student(world::maya()), 60, 20, false, theme);
        let stage = with(stage, cna()).keys("<enter>app");
        assert_debug_snapshot!(format!("style_dates_{name}"), stage.screen().buffer());
    }
}

#[test]
fn my_courses_say_when_and_where() {
    at_all_sizes!("dates_courses", |s: Stage| s.programs().courses(courses()));
}

#[test]
fn a_course_with_dates_in_detail() {
    at_all_sizes!("dates_course", |s: Stage| s.programs().courses(courses()).keys("o"));
}
