//! What lies behind a shard: keys and values in memory, in order.

use std::collections::BTreeMap;
use std::collections::btree_map::Range;
use std::iter::Peekable;
use std::ops::Bound;

/// A value with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The value.
    pub value: Vec<u8>,
    /// The number of the write that put it here; of two records of one key the greater is the later.
    pub sequence: u64,
    /// Reads and writes of the key since the load was last forgotten.
    pub hits: u64,
}

/// One copy of what a shard holds.
#[derive(Clone, Debug, Default)]
pub struct Store {
    records: BTreeMap<Vec<u8>, Record>,
    bytes: u64,
}

impl Store {
    /// What stands under a key.
    pub fn get(&self, key: &[u8]) -> Option<&Record> {
        self.records.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &[u8]) -> Option<&mut Record> {
        self.records.get_mut(key)
    }

    /// Puts a record under a key, or with none takes away what is there. Gives what was there before.
    pub(super) fn set(&mut self, key: &[u8], record: Option<Record>) -> Option<Record> {
        let before = match record {
            Some(record) => {
                self.bytes += (key.len() + record.value.len()) as u64;
                match self.records.get_mut(key) {
                    Some(place) => Some(std::mem::replace(place, record)),
                    None => self.records.insert(key.to_vec(), record),
                }
            }
            None => self.records.remove(key),
        };
        self.bytes -= before.as_ref().map_or(0, |before| key.len() + before.value.len()) as u64;
        before
    }

    /// Keys that it holds, a hot key's sub-keys each for itself.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Bytes of keys and values.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its keys from `start` to before `end`, in order.
    pub fn range(&self, start: &[u8], end: Option<&[u8]>) -> Range<'_, Vec<u8>, Record> {
        let end = end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.max(start)));
        self.records.range::<[u8], _>((Bound::Included(start), end))
    }

    pub(super) fn forget_load(&mut self) {
        self.records.values_mut().for_each(|record| record.hits = 0);
    }
}

/// Several stores as one, in the order of the keys.
#[derive(Clone)]
pub(super) struct Merged<'a> {
    stores: Vec<(u32, Records<'a>)>,
}

type Records<'a> = Peekable<Range<'a, Vec<u8>, Record>>;

impl<'a> Merged<'a> {
    pub(super) fn new(stores: impl Iterator<Item = (u32, &'a Store)>, start: &[u8], end: Option<&[u8]>) -> Self {
        Self { stores: stores.map(|(shard, store)| (shard, store.range(start, end).peekable())).collect() }
    }
}

impl<'a> Iterator for Merged<'a> {
    /// A store's number, and what it holds.
    type Item = (u32, &'a [u8], &'a Record);

    fn next(&mut self) -> Option<Self::Item> {
        let mut first: Option<(usize, &[u8])> = None;
        for (at, (_, records)) in self.stores.iter_mut().enumerate() {
            if let Some((key, _)) = records.peek()
                && first.is_none_or(|first| key.as_slice() < first.1)
            {
                first = Some((at, key));
            }
        }
        let (shard, records) = &mut self.stores[first?.0];
        records.next().map(|(key, record)| (*shard, key.as_slice(), record))
    }
}
