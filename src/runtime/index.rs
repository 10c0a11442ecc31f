//! The lists of programs as the search holds them, beside the frames.

use crate::domain::listing::{ProgramEntry, Query};
use crate::ui::effect::RequestId;
use crate::ui::finder::Finder;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Finds in the lists that were read.
#[derive(Debug, Default)]
pub(super) struct Index {
    lists: Mutex<BTreeMap<RequestId, Finder>>,
    /// The list that is read, and the one on screen meanwhile. No other is held.
    read: AtomicU64,
    shown: AtomicU64,
    /// The search asked for last: older ones are not worth the work.
    last: AtomicU64,
}

impl Index {
    /// A page of `list` is about to be read while `shown` is on screen. Never waits for a search.
    pub fn hold(&self, list: RequestId, shown: RequestId) {
        self.read.store(list, Ordering::Relaxed);
        self.shown.store(shown, Ordering::Relaxed);
    }

    /// A page of a list was read; blocks. Nobody waits for one of a list that was given up.
    pub fn add(&self, list: RequestId, entries: &[Arc<ProgramEntry>]) {
        let mut lists = self.lists();
        let wanted = [&self.read, &self.shown].map(|list| list.load(Ordering::Relaxed));
        lists.retain(|list, _| wanted.contains(list));
        if wanted.contains(&list) {
            lists.entry(list).or_default().add(entries);
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
        lists.get_mut(&list).map(|finder| finder.find(query)).unwrap_or_default()
    }

    fn lists(&self) -> MutexGuard<'_, BTreeMap<RequestId, Finder>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(titles: &[&str]) -> Vec<Arc<ProgramEntry>> {
        let entry = |title: &&str| {
            Arc::new(ProgramEntry {
                id: uuid::Uuid::nil().into(),
                title: (*title).into(),
                aliases: Box::default(),
                category: Arc::default(),
                demo: false,
                offers: Box::default(),
            })
        };
        titles.iter().map(entry).collect()
    }

    fn found(index: &Index, list: RequestId) -> Vec<u32> {
        index.find(9, list, &Query { text: "weld".to_owned(), ..Query::default() })
    }

    #[test]
    fn the_list_on_screen_is_searched_however_often_it_is_read_anew() {
        let index = Index::default();
        index.hold(1, 0);
        index.add(1, &page(&["Nurse", "Welding"]));
        for list in 2..5 {
            index.hold(list, 1);
            index.add(list, &page(&["Welding"]));
            assert_eq!(found(&index, 1), [1], "while {list} is read");
        }
        // A page of one that was given up comes late.
        index.add(2, &page(&["Welding"]));
        assert_eq!((found(&index, 1), found(&index, 4), found(&index, 2)), (vec![1], vec![0], vec![]));
        index.hold(5, 4);
        index.add(5, &page(&["Welding"]));
        assert_eq!((found(&index, 4), found(&index, 1)), (vec![0], vec![]));
    }
}
