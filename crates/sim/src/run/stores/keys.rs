//! The keys that are drawn, and their travels.

use std::collections::BTreeMap;

use sandtable_patterns::sharding::{Unit, Why};
use serde::Serialize;

use crate::run::Run;
use crate::scenario::Store;
use crate::time::millis;

/// No more keys are drawn than this.
const MOST_DRAWN: u32 = 1_500;

/// The keys of a store that are drawn: of those stored at the beginning, one in so many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoreKeys {
    /// One key in so many is drawn.
    pub every: u32,
    /// The numbers of those drawn.
    pub numbers: Vec<u32>,
    /// Who has each at the beginning, by the shards' numbers within the store.
    pub owners: Vec<u32>,
    /// For each travel, in the order of their beginnings: 0 which of those drawn, 1 when it begins (ms), 2 when it ends
    /// (ms, infinite where it doesn't within the run), 3 from which shard, 4 to which.
    pub travels: Vec<f64>,
}

/// The texts of the keys stored at the beginning, in their order.
pub(super) struct Sorted {
    texts: Vec<String>,
    every: u32,
    /// Those drawn, in the order of their numbers.
    drawn: Vec<(u32, String)>,
}

impl Sorted {
    pub(super) fn new(store: &Store) -> Self {
        let mut texts: Vec<String> = (0..store.keys).map(|key| store.key(key)).collect();
        let every = store.keys.div_ceil(MOST_DRAWN).max(1);
        // What is spread over sub-keys lies nowhere by itself.
        let numbers = (0..store.keys).step_by(every as usize).filter(|key| !store.salted_keys.contains(key));
        let drawn = numbers.map(|key| (key, store.key(key))).collect();
        texts.sort_unstable();
        Self { texts, every, drawn }
    }

    pub(super) fn drawn(&self) -> Vec<&str> {
        self.drawn.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// The share of the keys that come before this one.
    pub(super) fn place(&self, key: &[u8]) -> f64 {
        if self.texts.is_empty() {
            return 0.0;
        }
        self.texts.partition_point(|text| text.as_bytes() < key) as f64 / self.texts.len() as f64
    }

    /// Where a range ends; 1 where nothing comes after it.
    pub(super) fn end(&self, key: Option<&[u8]>) -> f64 {
        key.map_or(1.0, |key| self.place(key))
    }
}

impl Run {
    /// The keys of a store that are drawn; `None` where there is no such store.
    pub fn store_keys(&self, store: usize) -> Option<StoreKeys> {
        let (config, recorded) = self.store(store)?;
        let Sorted { every, drawn, .. } = Sorted::new(config);
        let owners: Vec<u32> = drawn.iter().map(|(_, text)| recorded.begun.locate(text.as_bytes()).shard.0).collect();
        let mut places: BTreeMap<&[u8], usize> = BTreeMap::new();
        let mut slots: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (at, (_, text)) in drawn.iter().enumerate() {
            places.insert(text.as_bytes(), at);
            if let Why::Slot { slot, .. } = recorded.begun.locate(text.as_bytes()).why {
                slots.entry(slot).or_default().push(at);
            }
        }
        let mut now = owners.clone();
        let mut travels = Vec::new();
        for moving in &recorded.moves {
            let travelling: Vec<usize> = match &moving.unit {
                Unit::Key(key) => places.get(key.as_slice()).copied().into_iter().collect(),
                Unit::Slot(slot) => slots.get(slot).cloned().unwrap_or_default(),
                Unit::Range { start, end } => match end {
                    Some(end) => places.range(start.as_slice()..end.as_slice().max(start)).map(|(_, &at)| at).collect(),
                    None => places.range(start.as_slice()..).map(|(_, &at)| at).collect(),
                },
            };
            let given_up = moving.ended < u64::MAX && moving.keys == 0;
            for at in travelling {
                if now[at] != moving.from || given_up {
                    continue;
                }
                now[at] = moving.to;
                let ended = if moving.ended == u64::MAX { f64::INFINITY } else { millis(moving.ended) };
                travels.extend([at as f64, millis(moving.began), ended, f64::from(moving.from), f64::from(moving.to)]);
            }
        }
        let numbers = drawn.iter().map(|&(number, _)| number).collect();
        Some(StoreKeys { every, numbers, owners, travels })
    }
}
