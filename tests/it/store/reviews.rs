//! Reviews: one per enrollment, and totals that never drift.

use super::conformance;
use super::world::{World, at};
use coursevia::domain::enrollment::Enrollment;
use coursevia::domain::event::{Event, EventKind};
use coursevia::domain::person::{Advisor, Student};
use coursevia::domain::plan::{EditReviewPlan, ModerationPlan, PostReviewPlan, WithdrawReviewPlan};
use coursevia::domain::review::{Rating, Review, ReviewPage, ReviewQuery, ReviewSort};
use coursevia::store::{Conflict, FailPoints, Store, StoreError};
use tokio::task::JoinSet;

conformance! {
    a_review_counts_once_and_is_read_with_an_initial_only,
    a_second_review_of_an_enrollment_is_refused,
    a_changed_score_moves_in_the_totals,
    what_a_change_does_not_name_stays,
    a_withdrawn_review_counts_no_more_and_may_be_written_again,
    a_hidden_text_keeps_its_score_and_says_why,
    every_order_is_read_page_by_page_without_gaps,
    a_race_for_one_review_has_one_winner,
    a_race_of_changes_leaves_the_totals_right,
}

fn stars(stars: i64) -> Rating {
    Rating::new(stars).expect("a rating")
}

impl World {
    fn said(&self, kind: EventKind, course: &Enrollment, minute: i64) -> Event {
        Event { at: at(minute), ..self.event(kind, Some(course)) }
    }

    fn posting(&self, course: &Enrollment, rating: i64, text: &str, minute: i64) -> PostReviewPlan {
        let review = Review {
            id: self.ids.new_id(),
            enrollment_id: course.id,
            student_id: course.student_id,
            delivery: course.delivery.expect("a partner"),
            program_id: course.program_id,
            rating: stars(rating),
            text: text.into(),
            hidden: None,
        };
        PostReviewPlan { review, event: self.said(EventKind::ReviewPosted, course, minute) }
    }

    pub async fn review(&self, course: &Enrollment, rating: i64, text: &str, minute: i64) {
        self.store.post_review(&self.posting(course, rating, text, minute)).await.expect("it is written");
    }

    fn editing(&self, course: &Enrollment, rating: i64, text: &str, minute: i64) -> EditReviewPlan {
        let event = self.said(EventKind::ReviewEdited, course, minute);
        EditReviewPlan {
            enrollment_id: course.id,
            rating: Some(stars(rating)),
            text: Some(text.into()),
            event,
        }
    }

    fn withdrawing(&self, course: &Enrollment) -> WithdrawReviewPlan {
        let event = self.said(EventKind::ReviewWithdrawn, course, 5);
        WithdrawReviewPlan { enrollment_id: course.id, event }
    }

    async fn all_reviews(&self, course: &Enrollment, sort: ReviewSort) -> ReviewPage {
        let query = ReviewQuery { program: course.program_id, course: None, sort };
        self.store.list_reviews(&query, Some(course.student_id), None, 50).await.expect("it reads")
    }

    /// The totals, which must be what the reviews add up to.
    async fn counts(&self, course: &Enrollment) -> [u32; 5] {
        assert_eq!(self.store.count_wrong_ratings().await.expect("it reads"), 0);
        self.all_reviews(course, ReviewSort::Newest).await.summary.counts
    }
}

async fn a_review_counts_once_and_is_read_with_an_initial_only(world: &World) {
    let maya = world.maya().await;
    world.review(&maya, 4, "Good teachers.", 1).await;
    let page = world.all_reviews(&maya, ReviewSort::Newest).await;
    let [review] = page.items.as_slice() else { panic!("one review: {page:?}") };
    assert_eq!(
        (review.author.as_str(), review.rating, review.text.as_str()),
        ("Maya O.", stars(4), "Good teachers.")
    );
    assert!(review.own && !review.edited && page.next.is_none());
    assert_eq!(review.verified(), "verified, started with Certiport");
    assert_eq!(world.counts(&maya).await, [0, 0, 0, 1, 0]);
    let view = world.program("cna-training").await;
    let offer = view.offers.iter().find(|offer| offer.provider.name == *"Certiport").expect("Certiport");
    assert_eq!(offer.rating.average_tenths(), Some(40));
    assert!(world.history(maya.id).await.contains(&EventKind::ReviewPosted));
    world.complete(&maya, 2).await;
    let page = world.all_reviews(&maya, ReviewSort::Newest).await;
    assert!(page.items[0].verified().starts_with("verified, completed via Certiport, "), "{page:?}");
    let nameless = Student { name: None, ..world.student("x@example.org") };
    let other = world.enroll(&nameless, "cna-training", Some("Milady")).await;
    world.review(&other, 5, "", 3).await;
    let page = world.all_reviews(&maya, ReviewSort::Newest).await;
    assert_eq!((page.items[0].author.as_str(), page.items[0].own), ("a student", false));
    let query = ReviewQuery {
        program: maya.program_id,
        course: maya.delivery.map(|delivery| delivery.course_id),
        sort: ReviewSort::Highest,
    };
    let page = world.store.list_reviews(&query, None, None, 50).await.expect("it reads");
    assert_eq!((page.items.len(), page.summary.counts), (1, [0, 0, 0, 1, 0]));
}

async fn a_second_review_of_an_enrollment_is_refused(world: &World) {
    let maya = world.maya().await;
    world.review(&maya, 4, "First", 1).await;
    let second = world.store.post_review(&world.posting(&maya, 1, "Second", 2)).await;
    assert!(matches!(second, Err(StoreError::Conflict(Conflict::AlreadyReviewed))), "{second:?}");
    let stands = world.store.find_review_of(maya.id).await.expect("it reads").expect("it stands");
    assert_eq!((stands.text.as_str(), world.counts(&maya).await), ("First", [0, 0, 0, 1, 0]));
}

async fn a_changed_score_moves_in_the_totals(world: &World) {
    let maya = world.maya().await;
    let nothing = world.store.edit_review(&world.editing(&maya, 2, "", 2)).await;
    assert!(matches!(nothing, Err(StoreError::Conflict(Conflict::Changed))), "{nothing:?}");
    world.review(&maya, 4, "Good", 1).await;
    for (minute, rating) in [(2, 2), (3, 5), (4, 5)] {
        world.store.edit_review(&world.editing(&maya, rating, "Hm", minute)).await.expect("it is written");
    }
    assert_eq!(world.counts(&maya).await, [0, 0, 0, 0, 1]);
    let page = world.all_reviews(&maya, ReviewSort::Newest).await;
    assert!(page.items[0].edited && page.items[0].at == at(4));
}

async fn what_a_change_does_not_name_stays(world: &World) {
    let maya = world.maya().await;
    world.review(&maya, 4, "Good", 1).await;
    let stars_only = EditReviewPlan { text: None, ..world.editing(&maya, 2, "", 2) };
    let text_only = EditReviewPlan { rating: None, ..world.editing(&maya, 5, "Better", 3) };
    let (one, other) =
        tokio::join!(world.store.edit_review(&stars_only), world.store.edit_review(&text_only));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let stands = world.store.find_review_of(maya.id).await.expect("it reads").expect("it stands");
    assert_eq!((stands.rating, stands.text.as_str()), (stars(2), "Better"), "neither takes the other back");
    assert_eq!(world.counts(&maya).await, [0, 1, 0, 0, 0]);
}

async fn a_withdrawn_review_counts_no_more_and_may_be_written_again(world: &World) {
    let maya = world.maya().await;
    world.review(&maya, 1, "Bad", 1).await;
    world.store.withdraw_review(&world.withdrawing(&maya)).await.expect("it is written");
    assert_eq!(world.counts(&maya).await, [0; 5]);
    assert_eq!(world.store.find_review_of(maya.id).await.expect("it reads"), None);
    let again = world.store.withdraw_review(&world.withdrawing(&maya)).await;
    assert!(matches!(again, Err(StoreError::Conflict(Conflict::Changed))), "{again:?}");
    world.review(&maya, 3, "Better", 6).await;
    assert_eq!(world.counts(&maya).await, [0, 0, 1, 0, 0]);
}

async fn a_hidden_text_keeps_its_score_and_says_why(world: &World) {
    let maya = world.maya().await;
    world.review(&maya, 1, "Mr. X is a crook", 1).await;
    let ruth =
        Advisor { id: world.ids.new_id(), email: super::world::email("ruth@college.example"), name: None };
    let ruth = world.store.ensure_advisor(&ruth, at(0)).await.expect("it is written");
    let id = world.store.find_review_of(maya.id).await.expect("it reads").expect("it stands").id;
    let hide = |reason: Option<&str>, kind| ModerationPlan {
        review_id: id,
        hide: reason.map(|reason| (ruth.id, reason.into())),
        event: world.said(kind, &maya, 2),
    };
    let hiding = hide(Some("names a teacher"), EventKind::ReviewHidden);
    world.store.moderate_review(&hiding).await.expect("it is written");
    let again = hide(Some("twice"), EventKind::ReviewHidden);
    assert!(matches!(
        world.store.moderate_review(&again).await,
        Err(StoreError::Conflict(Conflict::Changed))
    ));
    let page = world.all_reviews(&maya, ReviewSort::Newest).await;
    assert_eq!((page.items[0].text.as_str(), page.summary.counts), ("", [1, 0, 0, 0, 0]));
    assert_eq!(page.items[0].hidden, Some("names a teacher".into()));
    // Neither a change nor a new one brings the text out again.
    world.store.edit_review(&world.editing(&maya, 2, "Still a crook", 3)).await.expect("it is written");
    world.store.withdraw_review(&world.withdrawing(&maya)).await.expect("it is written");
    world.review(&maya, 1, "A crook", 6).await;
    assert_eq!(world.all_reviews(&maya, ReviewSort::Newest).await.items[0].text.as_str(), "");
    let shown = hide(None, EventKind::ReviewUnhidden);
    world.store.moderate_review(&shown).await.expect("it is written");
    assert_eq!(world.all_reviews(&maya, ReviewSort::Newest).await.items[0].text.as_str(), "A crook");
    assert_eq!(world.counts(&maya).await, [1, 0, 0, 0, 0]);
}

async fn every_order_is_read_page_by_page_without_gaps(world: &World) {
    let mut any = None;
    for nth in 0..11_i64 {
        let student = world.student(&format!("s{nth}@example.org"));
        let course = world.enroll(&student, "cna-training", Some("Certiport")).await;
        // Some at the same moment: the id decides.
        world.review(&course, nth % 3 + 2, "", nth / 2).await;
        any = Some(course);
    }
    let any = any.expect("a course");
    for sort in ReviewSort::ALL.iter().copied() {
        let query = ReviewQuery { program: any.program_id, course: None, sort };
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let page = world.store.list_reviews(&query, None, after.as_ref(), 3).await.expect("it reads");
            assert_eq!(page.summary.reviews(), 11);
            read.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut sorted = read.clone();
        sorted.sort_by_key(|review| std::cmp::Reverse((review.at, review.id)));
        match sort {
            ReviewSort::Newest => {}
            ReviewSort::Lowest => sorted.sort_by_key(|review| review.rating),
            ReviewSort::Highest => sorted.sort_by_key(|review| std::cmp::Reverse(review.rating)),
        }
        assert_eq!((read.len(), &read), (11, &sorted), "{sort:?}");
    }
}

async fn another(world: &World) -> Store {
    Store::open(&world.url, FailPoints::none()).await.expect("it opens")
}

async fn a_race_for_one_review_has_one_winner(world: &World) {
    let maya = world.maya().await;
    let mut race = JoinSet::new();
    for rating in [1, 2, 3, 4, 5, 1] {
        let (store, plan) = (another(world).await, world.posting(&maya, rating, "", 1));
        race.spawn(async move { store.post_review(&plan).await });
    }
    let outcomes = race.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let refused =
        |outcome: &&Result<(), _>| matches!(outcome, Err(StoreError::Conflict(Conflict::AlreadyReviewed)));
    assert_eq!(outcomes.iter().filter(refused).count(), 5, "{outcomes:?}");
    assert_eq!(world.counts(&maya).await.iter().sum::<u32>(), 1);
}

async fn a_race_of_changes_leaves_the_totals_right(world: &World) {
    let mut courses = Vec::new();
    for nth in 0..4_i64 {
        let student = world.student(&format!("s{nth}@example.org"));
        let course = world.enroll(&student, "cna-training", Some("Certiport")).await;
        world.review(&course, nth + 1, "", 1).await;
        courses.push(course);
    }
    let mut race = JoinSet::new();
    for round in 0..3 {
        for (nth, course) in (0_i64..).zip(&courses) {
            let (store, edit) = (another(world).await, world.editing(course, 5 - (nth + round) % 5, "", 2));
            race.spawn(async move { store.edit_review(&edit).await });
        }
        let (store, withdraw) = (another(world).await, world.withdrawing(&courses[0]));
        race.spawn(async move { store.withdraw_review(&withdraw).await });
    }
    for outcome in race.join_all().await {
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Conflict(Conflict::Changed))), "{outcome:?}");
    }
    assert_eq!(world.counts(&courses[0]).await.iter().sum::<u32>(), 3);
}
