//! Whoever is given a link has begun, so nobody gets one that is not written down.

use super::both;
use super::world::{Books, MAYA};

both!(without_a_record_there_is_no_link);

async fn without_a_record_there_is_no_link(books: Books) {
    Box::pin(books.paid(MAYA, "Certiport")).await;
    let mut desk = books.campus.desk_of_student(MAYA).await;
    books.forbid("launches", "NEW.handover <> ''").await;
    desk.keys("2<enter>").await;
    assert_eq!(desk.opened(), Vec::<String>::new());
    desk.sees_no("sso");
    books.allow("launches").await;
    desk.keys("<enter>").await;
    assert_eq!(desk.opened().len(), 1);
}
