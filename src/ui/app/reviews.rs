//! Reading what others say about a partner.

use super::{App, Screen};
use crate::domain::failure::Failure;
use crate::domain::ids::{CourseId, ProgramId};
use crate::domain::review::{RatingSummary, ReviewCursor, ReviewPage, ReviewQuery, ReviewSort, ReviewView};
use crate::ui::effect::{Effect, RequestId};
use crate::ui::layout::{self};

/// The reviews of a program, or of one of its partners.
#[derive(Clone, Debug)]
pub(in crate::ui) struct Reviews {
    /// Which, and in which order.
    pub query: ReviewQuery,
    /// The partner somebody came from: with one key it is about them alone, or about all.
    pub partner: Option<CourseId>,
    /// What all of them say together; `None` before the first answer.
    pub summary: Option<RatingSummary>,
    /// Those that are read.
    pub items: Vec<ReviewView>,
    /// Where the next page begins.
    pub next: Option<ReviewCursor>,
    /// The request under way.
    pub request: Option<RequestId>,
    /// Why the last one failed.
    pub failure: Option<Failure>,
    /// The first line on screen.
    pub scroll: usize,
}

impl App {
    /// Shows the reviews of a program: of one partner's course, or of all of them.
    pub(in crate::ui) fn open_reviews(
        &mut self,
        program: ProgramId,
        course: Option<CourseId>,
    ) -> Vec<Effect> {
        self.hush();
        self.stack.push(Screen::Reviews(Box::new(Reviews {
            query: ReviewQuery { program, course, sort: ReviewSort::default() },
            partner: course,
            summary: None,
            items: Vec::new(),
            next: None,
            request: None,
            failure: None,
            scroll: 0,
        })));
        self.read_reviews()
    }

    /// The reviews on screen.
    pub(in crate::ui) fn reviews(&self) -> Option<&Reviews> {
        match self.screen() {
            Screen::Reviews(reviews) => Some(reviews),
            _ => None,
        }
    }

    fn reviews_mut(&mut self) -> Option<&mut Reviews> {
        match self.stack.last_mut() {
            Some(Screen::Reviews(reviews)) => Some(reviews),
            _ => None,
        }
    }

    /// `v` on a program: about the partner in focus.
    pub(super) fn open_focused_reviews(&mut self) -> Vec<Effect> {
        let course = self.focused_partner();
        self.program_on_screen().map(|id| self.open_reviews(id, course)).unwrap_or_default()
    }

    /// Reads from the beginning; what is on screen stays until the answer.
    pub(super) fn read_reviews(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        let Some(reviews) = self.reviews_mut() else {
            return Vec::new();
        };
        (reviews.request, reviews.next, reviews.failure) = (Some(request), None, None);
        vec![Effect::LoadReviews { request, query: reviews.query, after: None }]
    }

    /// The next page, as soon as its place comes near.
    pub(super) fn read_more_reviews(&mut self) -> Option<Effect> {
        let reviews = self.reviews()?;
        let after = reviews.next.filter(|_| reviews.request.is_none() && reviews.failure.is_none())?;
        let body = layout::areas(self).body;
        let left = layout::scroll_room(self, &[], body).saturating_sub(reviews.scroll);
        if left > usize::from(body.height) {
            return None;
        }
        let request = self.next_request();
        let reviews = self.reviews_mut()?;
        reviews.request = Some(request);
        Some(Effect::LoadReviews { request, query: reviews.query, after: Some(after) })
    }

    pub(super) fn on_reviews(
        &mut self,
        request: RequestId,
        result: Result<ReviewPage, Failure>,
    ) -> Vec<Effect> {
        let asked = self.stack.iter_mut().find_map(|screen| match screen {
            Screen::Reviews(reviews) if reviews.request == Some(request) => Some(reviews),
            _ => None,
        });
        let Some(reviews) = asked else {
            return Vec::new();
        };
        reviews.request = None;
        match result {
            Ok(page) => {
                // A first page replaces what is there, the others are added.
                if reviews.next.is_none() {
                    reviews.items.clear();
                }
                reviews.failure = None;
                reviews.summary = Some(page.summary);
                reviews.items.extend(page.items);
                reviews.next = page.next;
            }
            Err(failure) => reviews.failure = Some(failure),
        }
        Vec::new()
    }

    /// Newest, lowest, highest, round and round.
    pub(super) fn sort_reviews(&mut self) -> Vec<Effect> {
        if let Some(reviews) = self.reviews_mut() {
            reviews.query.sort = reviews.query.sort.next();
            reviews.scroll = 0;
        }
        self.read_reviews()
    }

    /// One partner, or all of the program.
    pub(super) fn widen_reviews(&mut self) -> Vec<Effect> {
        if let Some(reviews) = self.reviews_mut() {
            reviews.query.course = match reviews.query.course {
                Some(_) => None,
                None => reviews.partner,
            };
            reviews.scroll = 0;
        }
        self.read_reviews()
    }

    /// About whom the reviews on screen are.
    pub(in crate::ui) fn reviewed(&self, reviews: &Reviews) -> Option<String> {
        let course = reviews.query.course?;
        let view = self.program(reviews.query.program)?;
        let offer = view.offers.iter().find(|offer| offer.course.id == course)?;
        Some(offer.provider.name.to_string())
    }
}
