//! The payment page in a browser.

use super::world::{World, world};
use coursevia::domain::payment::SessionPaid;
use coursevia::domain::web::WebUrl;

async fn page(world: &World, url: &WebUrl) -> (u16, String) {
    let answer = world.http.get(url.as_str()).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

async fn press(world: &World, url: &WebUrl, button: &str) -> String {
    let answer = world.http.post(url.as_str()).form(&[("do", button)]).send().await.expect("an answer");
    answer.text().await.expect("a page")
}

#[tokio::test]
async fn declining_closing_and_paying_go_as_the_page_says() {
    let world = world().await;
    let session = world.opened(1).await;
    let (id, url) = (session.id.expect("an id"), session.url.expect("a page"));
    let (status, html) = page(&world, &url).await;
    assert_eq!(status, 200);
    assert!(html.contains("Play money") && html.contains("$179.95"), "{html}");
    assert!(html.contains("CNA Training via &lt;Milady&gt;"), "{html}");
    assert!(press(&world, &url, "decline").await.contains("Your card was declined"));
    assert!(press(&world, &url, "close").await.contains("Nothing was paid"));
    let report = world.processor.session(&id).await.expect("a report");
    assert_eq!(report.paid, Some(SessionPaid::Unpaid));
    assert!(press(&world, &url, "pay").await.contains("go back to coursevia"));
    let report = world.processor.session(&id).await.expect("a report");
    assert_eq!(report.paid, Some(SessionPaid::Paid));
    let paid = report.payment_intent.clone();
    // A second click, or a late one, changes nothing.
    for button in ["pay", "decline", "close"] {
        assert!(press(&world, &url, button).await.contains("it is paid"), "{button}");
    }
    assert_eq!(world.processor.session(&id).await.expect("a report").payment_intent, paid);
}

#[tokio::test]
async fn a_page_that_is_over_says_so_and_takes_nothing() {
    let world = world().await;
    let session = world.opened(1).await;
    let (id, url) = (session.id.expect("an id"), session.url.expect("a page"));
    world.processor.expire_session(&id).await.expect("it ends");
    let (status, html) = page(&world, &url).await;
    assert!(status == 410 && html.contains("has expired"), "{html}");
    assert!(press(&world, &url, "pay").await.contains("has expired"));
    assert_eq!(world.processor.session(&id).await.expect("a report").paid, Some(SessionPaid::Unpaid));
    let nowhere = url.as_str().replace("/pay/", "/pay/x");
    let nowhere = WebUrl::parse(&nowhere).expect("an address");
    assert_eq!(page(&world, &nowhere).await.0, 404);
}
