//! The page of a partner whose students sign in by themselves.

use super::world::{refusal, world};

#[tokio::test]
async fn an_address_signs_in_and_comes_back_to_the_same_course() {
    let world = world().await;
    let page = world.url("login/NDS");
    let (status, html) = refusal(world.http.get(&page).send().await.expect("a page")).await;
    assert!(status == 200 && html.contains("NDS") && !html.contains("type=\"password\""), "{html}");
    for email in ["maya@example.org", "Maya@Example.org"] {
        let answer = world.http.post(&page).form(&[("email", email)]).send().await.expect("an answer");
        let course = world.follow(&answer).await;
        assert!(
            course.contains("My Training") && course.to_lowercase().contains("maya@example.org"),
            "{course}"
        );
    }
    assert_eq!(world.enrollments().await.len(), 1);
}

#[tokio::test]
async fn what_is_no_address_is_asked_for_again_and_stays_text() {
    let world = world().await;
    let page = world.url("login/%3Cb%3Eevil");
    for typed in ["", "maya", "<script>@example.org"] {
        let answer = world.http.post(&page).form(&[("email", typed)]).send().await.expect("an answer");
        let (status, html) = refusal(answer).await;
        assert_eq!(status, 422, "{typed}");
        assert!(html.contains("Write your e-mail address") && !html.contains("<b>evil"), "{html}");
    }
    world.fail("partner-down").await;
    assert_eq!(world.http.get(&page).send().await.expect("a page").status(), 503);
}
