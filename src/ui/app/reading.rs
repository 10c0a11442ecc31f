//! Reading the list of programs page by page, and the details of those in sight.

use super::{App, Screen};
use crate::domain::failure::Failure;
use crate::domain::ids::ProgramId;
use crate::domain::listing::{ListCursor, ProgramEntry, ProgramPage};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::domain::views::ProgramView;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::{fit, layout, text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many details one request asks for.
const AT_ONCE: usize = 64;
/// How many details are kept; beyond that only those in sight.
const KEPT: usize = 512;

/// How far the list of programs is read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The request the list on screen came by.
    pub list: RequestId,
    /// A newer list, kept back until it is whole.
    newer: Vec<Arc<ProgramEntry>>,
    /// How many programs there are in all.
    pub total: usize,
    /// The widest words of a partner column, in cells.
    pub widest_partner: usize,
    /// The widest price, in cells.
    pub widest_price: usize,
    /// Some of it is a demo.
    pub demo: bool,
    /// Every subject.
    pub categories: BTreeSet<Arc<Text>>,
    /// Every partner.
    pub partners: BTreeSet<Arc<Text>>,
}

impl Reading {
    /// Columns stay as wide as the widest row seen, so that nothing moves while somebody searches.
    fn measure(&mut self, entries: &[Arc<ProgramEntry>]) {
        for entry in entries {
            self.widest_partner = self.widest_partner.max(fit::width(&text::who_delivers(entry)));
            self.widest_price = self.widest_price.max(fit::width(&text::price(entry)));
            self.demo |= entry.demo;
            if !self.categories.contains(&entry.category) && !entry.category.is_empty() {
                self.categories.insert(entry.category.clone());
            }
            for offer in &entry.offers {
                if !self.partners.contains(&offer.partner) {
                    self.partners.insert(offer.partner.clone());
                }
            }
        }
    }
}

/// A request for details.
#[derive(Clone, Debug)]
struct Asked {
    request: RequestId,
    /// The list on screen when it was made: what a newer one has changed is not in the answer.
    list: RequestId,
    programs: Vec<ProgramId>,
}

/// Programs with all a screen needs.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// What was read, and with which list; `None` for a program that is gone.
    known: BTreeMap<ProgramId, (RequestId, Option<ProgramView>)>,
    /// What is read anew although it is known: seats are taken by others.
    stale: BTreeSet<ProgramId>,
    /// What is under way.
    request: Option<Asked>,
    /// Why the last one failed.
    pub failure: Option<Failure>,
    /// When it is tried again by itself.
    pub retry_at: Option<Instant>,
}

impl Details {
    /// A program, once it is read.
    pub fn get(&self, id: ProgramId) -> Option<&ProgramView> {
        self.known.get(&id)?.1.as_ref()
    }

    /// Keeps what was read of a program beside the list on screen; `None`: it is gone.
    pub fn put(&mut self, id: ProgramId, view: Option<ProgramView>, list: RequestId) {
        self.known.insert(id, (list, view));
    }

    /// A screen waits for some of it.
    pub fn is_loading(&self) -> bool {
        self.request.is_some()
    }

    /// Reads a program anew as soon as it is in sight; what is known stays until then.
    pub fn read_again(&mut self, id: ProgramId) {
        self.stale.insert(id);
    }

    /// Whether a program was looked for and is not there any more.
    pub fn is_gone(&self, id: ProgramId) -> bool {
        self.known.get(&id).is_some_and(|(_, view)| view.is_none())
    }
}

impl App {
    /// Reads the list from its beginning.
    pub(super) fn load_programs(&mut self) -> Effect {
        let request = self.next_request();
        self.reading.newer.clear();
        self.details.retry_at = None;
        self.load_page(request, None)
    }

    fn load_page(&mut self, request: RequestId, after: Option<ListCursor>) -> Effect {
        self.programs.request = Some(request);
        self.programs.retry_at = None;
        Effect::LoadPrograms { request, after, shown: self.reading.list }
    }

    pub(super) fn on_programs(
        &mut self,
        request: RequestId,
        result: Result<ProgramPage, Failure>,
    ) -> Vec<Effect> {
        if self.programs.request != Some(request) {
            return Vec::new();
        }
        self.programs.request = None;
        match result {
            Ok(page) => self.take_page(request, page),
            Err(failure) => {
                self.programs.retry_at = self.retry_time(&failure);
                // Before the first page the screen itself says it; a try that fails again says no more.
                if self.programs.items.is_some() && self.programs.failure.as_ref() != Some(&failure) {
                    self.say_failure(&failure);
                }
                self.programs.failure = Some(failure);
                Vec::new()
            }
        }
    }

    fn take_page(&mut self, request: RequestId, page: ProgramPage) -> Vec<Effect> {
        self.programs.failure = None;
        self.reading.total = page.total.unwrap_or(self.reading.total);
        for view in page.details {
            self.details.known.insert(view.program.id, (request, Some(view)));
        }
        self.reading.newer.extend(page.entries);
        let mut effects = Vec::new();
        if let Some(next) = page.next {
            effects.push(self.load_page(request, Some(next)));
        }
        // A list that replaces another is shown when it is whole; the first one as it comes.
        let grows = self.programs.items.is_none() || self.reading.list == request;
        if grows || self.programs.request.is_none() {
            effects.extend(self.show_list(request, grows));
        }
        effects
    }

    fn show_list(&mut self, request: RequestId, grows: bool) -> Vec<Effect> {
        let chosen = self.chosen_entry().map(|entry| entry.id);
        let newer = std::mem::take(&mut self.reading.newer);
        if !grows {
            self.reading = Reading { total: self.reading.total, ..Reading::default() };
        }
        self.reading.list = request;
        self.reading.measure(&newer);
        if grows {
            self.programs.items.get_or_insert_default().extend(newer);
            return self.find_again().into_iter().collect();
        }
        self.programs.items = Some(newer);
        let effects = self.find_again();
        self.keep(chosen);
        effects.into_iter().collect()
    }

    /// Asks for the details that are in sight and not read yet, or read with an older list.
    pub(super) fn read_details(&mut self) -> Option<Effect> {
        if self.details.request.is_some() || self.details.retry_at.is_some() || self.programs.items.is_none()
        {
            return None;
        }
        let wanted = self.in_sight();
        let list = self.reading.list;
        let known = |id: &ProgramId| self.details.known.get(id).is_some_and(|(of, _)| *of >= list);
        let fresh = |id: &ProgramId| known(id) && !self.details.stale.contains(id);
        let mut missing: Vec<ProgramId> = wanted.iter().copied().filter(|id| !fresh(id)).collect();
        missing.truncate(AT_ONCE);
        if self.details.known.len() > KEPT {
            self.details.known.retain(|id, _| wanted.contains(id));
        }
        if missing.is_empty() {
            return None;
        }
        self.details.stale.retain(|id| !missing.contains(id));
        let request = self.next_request();
        self.details.request = Some(Asked { request, list, programs: missing.clone() });
        Some(Effect::LoadDetails { request, programs: missing })
    }

    /// The programs whose details a screen shows or may show after the next key: the open one,
    /// the chosen one, those around it.
    fn in_sight(&self) -> Vec<ProgramId> {
        let open = self.stack.iter().filter_map(|screen| match screen {
            Screen::Program { id, .. }
            | Screen::Dates { program: id, .. }
            | Screen::Checkout { program: id, .. } => Some(*id),
            Screen::Switch(screen) => Some(screen.program),
            Screen::Compare(screen) => Some(screen.id),
            Screen::Reviews(reviews) => Some(reviews.query.program),
            _ => None,
        });
        let mut ids: Vec<ProgramId> = open.collect();
        if matches!(self.screen(), Screen::Programs) {
            let rows = usize::from(layout::programs(self, layout::areas(self).body).list.height);
            let around = self.list.first.saturating_sub(rows / 2)..self.list.first + rows + rows / 2;
            let chosen = self.list.selected;
            let places = std::iter::once(chosen).chain(around.filter(|place| *place != chosen));
            ids.extend(places.filter_map(|place| self.entry_at(place)).map(|entry| entry.id));
        }
        ids
    }

    pub(super) fn on_details(
        &mut self,
        request: RequestId,
        result: Result<Vec<ProgramView>, Failure>,
    ) -> Vec<Effect> {
        let Some(asked) = self.details.request.take_if(|asked| asked.request == request) else {
            return Vec::new();
        };
        match result {
            Ok(views) => {
                self.details.failure = None;
                let gone = asked.programs.into_iter().map(|id| (id, None));
                let read = views.into_iter().map(|view| (view.program.id, Some(view)));
                for (id, view) in gone.chain(read) {
                    self.details.known.insert(id, (asked.list, view));
                }
            }
            Err(failure) => {
                // Whatever it is: asking at once again would ask for ever.
                self.details.retry_at = Some(self.now + super::RETRY_AFTER);
                self.details.failure = Some(failure);
            }
        }
        Vec::new()
    }
}
