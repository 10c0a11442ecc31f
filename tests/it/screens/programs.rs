//! Tab 1 and the program screen.

use super::harness::Stage;
use super::world;
use coursevia::domain::failure::Failure;
use coursevia::ui::msg::Who;
use insta::assert_snapshot;

const SIZES: [(u16, u16); 3] = [(80, 24), (60, 20), (120, 40)];

fn down() -> Failure {
    Failure::new("database_unavailable", "The database can't be reached.")
}

#[test]
fn the_list() {
    at_all_sizes!("programs", |s: Stage| s.programs().courses(vec![]).keys("jj"));
}

#[test]
fn the_list_before_anything_is_read() {
    at_all_sizes!("programs_loading", |s: Stage| s);
}

#[test]
fn an_empty_catalogue_says_how_to_fill_it() {
    at_all_sizes!("programs_empty", |s: Stage| s.answer_programs(Ok(vec![])).courses(vec![]));
}

#[test]
fn a_database_that_is_down_counts_down() {
    at_all_sizes!("programs_down", |s: Stage| s.courses(vec![]).answer_programs(Err(down())).later(2));
}

#[test]
fn search_finds_other_names() {
    at_all_sizes!("programs_search", |s: Stage| s.programs().courses(vec![]).keys("/nurse"));
}

#[test]
fn search_that_finds_nothing() {
    at_all_sizes!("programs_search_nothing", |s: Stage| s.programs().courses(vec![]).keys("/qqqq"));
}

#[test]
fn filters_are_one_list_searched_by_typing() {
    at_all_sizes!("programs_filter", |s: Stage| s.programs().courses(vec![]).keys("fcareer<enter>f<esc>f"));
}

#[test]
fn what_narrows_the_list_stands_in_words() {
    let narrow = |s: Stage| s.programs().courses(vec![]).keys("fhealth<enter><esc>flowest<enter><esc>");
    at_all_sizes!("programs_narrowed", narrow);
}

#[test]
fn starts_seats_and_ratings_narrow_the_list() {
    let mut programs = world::programs();
    programs.retain(|view| view.offers.len() > 1);
    let offer =
        |view: usize, starts: &[(u64, u32, u32)]| world::dated(programs[view].offers[0].clone(), starts);
    let full = offer(0, &[(9, 12, 12), (40, 12, 3)]);
    let late = offer(1, &[(60, 12, 3)]);
    for (view, offer) in [(0, full), (1, late)] {
        programs[view].offers = vec![offer];
    }
    programs[2].offers[0].rating.counts = [0, 0, 1, 2, 4];
    let narrow = |s: Stage| {
        s.answer_programs(Ok(programs.clone()))
            .courses(vec![])
            .keys("fwithin 2<enter><esc>fsome left<enter><esc>")
    };
    at_all_sizes!("programs_soon", narrow);
    let rated = |s: Stage| {
        s.answer_programs(Ok(programs.clone())).courses(vec![]).keys("frating<enter><esc>fmonth<enter><esc>")
    };
    at_all_sizes!("programs_rated", rated);
}

#[test]
fn a_list_that_is_still_being_read_has_a_bar() {
    at_all_sizes!("programs_reading", |s: Stage| s.first_page(40_000).courses(vec![]).keys("j"));
}

#[test]
fn several_partners_are_cards() {
    at_all_sizes!("program", |s: Stage| s.programs().courses(vec![]).keys("jj<enter>"));
}

#[test]
fn a_paused_partner_is_shown_with_the_reason() {
    let mut view = world::cna();
    view.offers.push(world::paused(world::offer("HSI Safety", "CNA Training", 0)));
    at_all_sizes!("program_paused_partner", |s: Stage| {
        s.answer_programs(Ok(vec![view.clone()])).courses(vec![]).keys("<enter>G")
    });
}

#[test]
fn one_partner_is_no_choice() {
    at_all_sizes!("program_single", |s: Stage| s.programs().courses(vec![]).keys("<enter>"));
}

#[test]
fn one_partner_that_is_paused() {
    at_all_sizes!("program_single_paused", |s: Stage| s.programs().courses(vec![]).keys("G<enter>"));
}

#[test]
fn taught_here_can_be_enrolled() {
    at_all_sizes!("program_taught_here", |s: Stage| {
        s.programs().courses(vec![]).keys("/digital literacy<enter>")
    });
}

#[test]
fn an_enrolled_program_leads_to_the_course() {
    at_all_sizes!("program_enrolled", |s: Stage| {
        s.programs().courses(world::some_courses()).keys("1jj<enter>")
    });
}

#[test]
fn enrolling_shows_at_once() {
    at_all_sizes!("program_enrolling", |s: Stage| s.programs().courses(vec![]).keys("jj<enter><enter>"));
}

#[test]
fn a_refusal_is_said_in_words() {
    let words = "CNA Training via Certiport takes no enrollments now. Choose Milady instead, or ask help@certiport.example.";
    let failure = Failure { refused: true, ..Failure::new("course_inactive", words) };
    at_all_sizes!("program_refused", |s: Stage| {
        s.programs().courses(vec![]).keys("jj<enter><enter>").enrolled(Err(failure.clone()))
    });
}

#[test]
fn too_small_says_so() {
    assert_snapshot!("too_small_20x5", Stage::new(20, 5).programs().screen());
    assert_snapshot!("too_small_39x30", Stage::new(39, 30).programs().screen());
    assert_snapshot!("smallest_40x10", Stage::new(40, 10).programs().courses(vec![]).screen());
    let card = Stage::new(40, 10).programs().courses(vec![]).keys("jj<enter>");
    assert_snapshot!("smallest_program_40x10", card.screen());
}

#[test]
fn wide_letters_and_long_names_keep_the_columns() {
    let mut views = world::programs();
    views[0].program.title = "介護職員初任者研修・看護助手・医療事務・登録販売者・調剤薬局事務".into();
    views[1].program.title = "e\u{301}cole de sante\u{301} et de l’hygie\u{300}ne".into();
    views[2].offers[0].provider.name = "A Partner With A Name That Goes On And On And On".into();
    views[2].offers[0].course.price.cents = 12_345_678_900;
    let stage = Stage::new(60, 20).answer_programs(Ok(views)).courses(vec![]);
    assert_snapshot!("programs_wide_letters_60x20", stage.screen());
    let card = stage.keys("jj<enter>");
    assert_snapshot!("program_wide_letters_60x20", card.screen());
}

#[test]
fn nobody_is_known_yet() {
    let stage = Stage::of(Who::Nobody, 80, 24).programs().courses(vec![]);
    assert_snapshot!("programs_nobody_80x24", stage.screen());
}
