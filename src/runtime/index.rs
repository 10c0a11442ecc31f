//! The lists of programs as the search holds them, beside the frames.

use crate::domain::listing::{ProgramEntry, Query};
use crate::ui::effect::RequestId;
use crate::ui::finder::Finder;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many lists are held: the one on screen, and the one that is being read to replace it.
const LISTS: usize = 2;

/// Finds in the lists that were read.
#[derive(Debug, Default)]
pub(super) struct Index {
    lists: Mutex<Vec<(RequestId, Finder)>>,
    /// The search asked for last: older ones are not worth the work.
    last: AtomicU64,
}

impl Index {
    /// A page of a list was read.
    pub fn add(&self, list: RequestId, entries: &[Arc<ProgramEntry>]) {
        let mut lists = self.lists();
        if lists.iter().all(|(known, _)| *known != list) {
            lists.push((list, Finder::default()));
            let old = lists.len().saturating_sub(LISTS);
            lists.drain(..old);
        }
        if let Some((_, finder)) = lists.iter_mut().find(|(known, _)| *known == list) {
            finder.add(entries);
        }
    }

    /// A search is about to come.
    pub fn expect(&self, request: RequestId) {
        self.last.fetch_max(request, Ordering::Relaxed);
    }

    /// The places of what is looked for; blocks. Nothing for a search that a later one has made
    /// void, and for a list that is held no more.
    pub fn find(&self, request: RequestId, list: RequestId, query: &Query) -> Vec<u32> {
        let mut lists = self.lists();
        if request < self.last.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let finder = lists.iter_mut().find(|(known, _)| *known == list);
        finder.map(|(_, finder)| finder.find(query)).unwrap_or_default()
    }

    fn lists(&self) -> MutexGuard<'_, Vec<(RequestId, Finder)>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
