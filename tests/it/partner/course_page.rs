//! The course in a browser.

use super::world::{World, enrolled, launching, quick, sandboxed, world, world_with};
use coursevia::domain::progress::Percent;
use coursevia::domain::text::Text;
use coursevia::platform::Clock;

async fn open(world: &World, account: &Text, enrollment: &Text) -> (String, reqwest::Response) {
    let (access, course) = (sandboxed("certiport"), Text::clean("CNA-101"));
    let request = launching(account, enrollment, &course);
    let link = world.partners.launch(&access, &request).await.expect("a link");
    let link = link.expose().as_str().to_owned();
    let page = world.http.get(&link).send().await.expect("a page");
    (link, page)
}

async fn percent(world: &World, enrollment: &Text) -> (Option<Percent>, bool) {
    let report = world.partners.progress(&sandboxed("certiport"), enrollment).await.expect("a report");
    (report.percent, report.completed)
}

#[tokio::test]
async fn ticking_lessons_raises_progress_until_the_certificate() {
    let world = world().await;
    let (account, enrollment) = enrolled(&world, &sandboxed("certiport")).await;
    let (_, page) = open(&world, &account, &enrollment).await;
    let course = page.url().clone();
    let html = page.text().await.expect("text");
    assert_eq!(html.matches("role=\"checkbox\"").count(), 10);

    let tick = async |lesson: u32, done: u8| {
        let form = [("lesson", lesson.to_string()), ("done", done.to_string())];
        world.http.post(course.clone()).form(&form).send().await.expect("a page").text().await.expect("text")
    };
    assert!(tick(1, 1).await.contains("10% complete"));
    tick(1, 1).await;
    assert_eq!(percent(&world, &enrollment).await, (Percent::new(10), false));
    tick(2, 1).await;
    tick(1, 0).await;
    assert_eq!(percent(&world, &enrollment).await, (Percent::new(10), false));
    for nonsense in [0, 11, 4_000_000_000] {
        tick(nonsense, 1).await;
    }
    assert_eq!(percent(&world, &enrollment).await, (Percent::new(10), false));
    for lesson in 1..=9 {
        tick(lesson, 1).await;
    }
    assert_eq!(percent(&world, &enrollment).await, (Percent::new(90), false));
    let html = tick(10, 1).await;
    assert!(html.contains("You have completed this course") && html.contains("/certificate/CERTIPORT-"));
    // What is completed stays completed.
    tick(1, 0).await;
    assert_eq!(percent(&world, &enrollment).await, (Some(Percent::FULL), true));
}

#[tokio::test]
async fn a_link_works_once_and_a_look_does_not_use_it_up() {
    let world = world().await;
    let (account, enrollment) = enrolled(&world, &sandboxed("certiport")).await;
    let (access, course) = (sandboxed("certiport"), Text::clean("CNA-101"));
    let link =
        world.partners.launch(&access, &launching(&account, &enrollment, &course)).await.expect("a link");
    let link = link.expose().as_str();
    assert_eq!(world.http.head(link).send().await.expect("an answer").status(), 200);
    let first = world.http.get(link).send().await.expect("a page");
    assert_eq!(first.status(), 200);
    let course_page = first.url().clone();
    assert_eq!(world.http.get(link).send().await.expect("a page").status(), 410);
    // The page it opened stays, and every launch gets a link of its own.
    assert_eq!(world.http.get(course_page).send().await.expect("a page").status(), 200);
    let (next, page) = open(&world, &account, &enrollment).await;
    assert_ne!(next, link);
    assert_eq!(page.status(), 200);
}

#[tokio::test]
async fn a_link_expires_after_minutes() {
    let start = chrono::DateTime::from_timestamp(1_780_000_000, 0).expect("a moment");
    let clock = Clock::fixed(start);
    let world = world_with(quick(), |options| options.clock = clock.clone()).await;
    let (account, enrollment) = enrolled(&world, &sandboxed("certiport")).await;
    let (access, course) = (sandboxed("certiport"), Text::clean("CNA-101"));
    let link =
        world.partners.launch(&access, &launching(&account, &enrollment, &course)).await.expect("a link");
    clock.advance(chrono::TimeDelta::minutes(6));
    assert!(link.expires_at().is_some_and(|end| end < clock.now()));
    assert_eq!(world.http.get(link.expose().as_str()).send().await.expect("a page").status(), 410);
}

#[tokio::test]
async fn pages_allow_nothing_from_elsewhere() {
    let world = world().await;
    let (account, enrollment) = enrolled(&world, &sandboxed("certiport")).await;
    let (_, page) = open(&world, &account, &enrollment).await;
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert_eq!(page.headers()["referrer-policy"], "no-referrer");
    assert_eq!(page.headers()["cache-control"], "no-store");
    let html = page.text().await.expect("text");
    assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("https://"), "{html}");
}

#[tokio::test]
async fn a_withdrawn_course_closes_its_page() {
    let world = world().await;
    let (account, enrollment) = enrolled(&world, &sandboxed("certiport")).await;
    let (_, page) = open(&world, &account, &enrollment).await;
    world.partners.withdraw(&sandboxed("certiport"), &enrollment).await.expect("withdrawn");
    let closed = world.http.get(page.url().clone()).send().await.expect("a page");
    assert_eq!(closed.status(), 410);
}
