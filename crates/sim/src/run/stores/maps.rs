//! A map as it is drawn: a ring or a bar of segments, each with its owner.

use sandtable_patterns::sharding::{Location, Placement, ShardId, ShardMap, Why};
use serde::Serialize;

use super::keys::Sorted;
use crate::run::Run;
use crate::time::millis;

/// A map with more pieces than this is drawn from so many samples.
const MOST_PIECES: usize = 4_096;

/// The table of Maglev is a mixture as fine as its entries: so many of them are drawn.
const TABLE_PIECES: usize = 512;

/// A store's map from one moment on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MapView {
    /// Since when it holds.
    pub at_ms: f64,
    /// The fault that brought it about; none for the first, and where the store evened out its ranges by itself.
    pub fault: Option<u32>,
    /// What it is: `ring`, `ranges`, `slots`, `table`, or `buckets` where a map is nothing but a list of shards.
    pub shape: &'static str,
    /// The shards in it, by their numbers within the store.
    pub shards: Vec<u32>,
    /// For each piece from 0 to 1: its beginning, its end, its owner.
    pub segments: Vec<f64>,
    /// Of ranges, the first key of each piece.
    pub labels: Vec<String>,
    /// The share of the whole that each shard in it has.
    pub shares: Vec<f64>,
    /// The place of each key that is drawn, from 0 to 1.
    pub keys: Vec<f64>,
}

impl Run {
    /// The maps of a store in the order in which they held, the first from the beginning; nothing where there is no
    /// such store.
    pub fn store_maps(&self, store: usize) -> Vec<MapView> {
        let Some((config, recorded)) = self.store(store) else { return Vec::new() };
        let sorted = Sorted::new(config);
        let drawn = sorted.drawn();
        let first = (0, None, &recorded.begun);
        let later = recorded.changes.iter().map(|change| (change.at, change.fault, &change.map));
        let views = std::iter::once(first).chain(later).map(|(at, fault, map)| {
            let (segments, labels) = segments(map, &sorted);
            MapView {
                at_ms: millis(at),
                fault,
                shape: shape(map),
                shards: map.shards().iter().map(|shard| shard.id.0).collect(),
                segments,
                labels,
                shares: shares(map, &sorted),
                keys: drawn
                    .iter()
                    .map(|text| position(map, text.as_bytes(), &map.locate(text.as_bytes()), &sorted))
                    .collect(),
            }
        });
        views.collect()
    }
}

pub(super) fn shape(map: &ShardMap) -> &'static str {
    match map.config().placement {
        Placement::Ring => "ring",
        Placement::Range => "ranges",
        Placement::Slots => "slots",
        Placement::Maglev => "table",
        _ => "buckets",
    }
}

/// The share of the whole that each shard has: of the hashes, or of the keys where these lie in ranges.
fn shares(map: &ShardMap, sorted: &Sorted) -> Vec<f64> {
    if map.config().placement != Placement::Range {
        return map.hash_shares();
    }
    let of = |id: ShardId| map.ranges().filter(move |range| range.shard == id);
    let width = |range: sandtable_patterns::sharding::RangeView<'_>| sorted.end(range.end) - sorted.place(range.start);
    map.shards().iter().map(|shard| of(shard.id).map(width).sum()).collect()
}

/// Where a key lies, from 0 to 1: in a bucket by its hash.
pub(super) fn position(map: &ShardMap, key: &[u8], location: &Location, sorted: &Sorted) -> f64 {
    let fraction = |hash: u64, bits: u32| hash as f64 / 2_f64.powi(bits as i32);
    let buckets = map.shards().len() as f64;
    let bucket = map.shards().iter().position(|shard| shard.id == location.shard).unwrap_or(0) as f64;
    let within = |inner: f64| (bucket + inner) / buckets;
    match location.why {
        Why::RingPoint { hash, bits, .. } => fraction(hash, bits),
        Why::TableEntry { entry, of, .. } => f64::from(entry) / f64::from(of),
        Why::Slot { slot, .. } => f64::from(slot) / f64::from(map.config().slots),
        Why::Range { .. } => sorted.place(key),
        // The remainder takes the lower bits, so that the upper ones spread the keys within it.
        Why::Modulo { hash, .. } | Why::Jump { hash, .. } | Why::HighestScore { hash, .. } => {
            within(fraction(hash, 64))
        }
        Why::Listed | Why::FirstShard => within(sorted.place(key)),
    }
}

fn segments(map: &ShardMap, sorted: &Sorted) -> (Vec<f64>, Vec<String>) {
    let mut pieces = Pieces::default();
    match map.config().placement {
        Placement::Ring => {
            let whole = 2_f64.powi(map.ring_bits() as i32);
            let points: Vec<(f64, ShardId)> =
                map.ring_points().map(|point| (point.point as f64 / whole, point.shard)).collect();
            // What lies before a point is its owner's; behind the last one comes the first again.
            let first = points.first().map_or(ShardId(0), |&(_, shard)| shard);
            if points.len() <= MOST_PIECES {
                points.iter().for_each(|&(at, shard)| pieces.until(at, shard));
                pieces.until(1.0, first);
            } else {
                for piece in 0..MOST_PIECES {
                    let middle = (piece as f64 + 0.5) / MOST_PIECES as f64;
                    let next = points.partition_point(|&(at, _)| at < middle);
                    let owner = points.get(next).map_or(first, |&(_, shard)| shard);
                    pieces.until((piece + 1) as f64 / MOST_PIECES as f64, owner);
                }
            }
        }
        Placement::Slots => {
            let owners = map.slot_owners();
            let slots = owners.len() as f64;
            owners.iter().enumerate().for_each(|(slot, &owner)| pieces.until((slot + 1) as f64 / slots, owner));
        }
        Placement::Maglev => {
            let entries = map.table_entries();
            let drawn = entries.len().min(TABLE_PIECES);
            for piece in 0..drawn {
                let owner = entries[piece * entries.len() / drawn];
                pieces.until((piece + 1) as f64 / drawn as f64, ShardId(owner));
            }
        }
        Placement::Range => {
            let mut labels = Vec::new();
            let mut segments = Vec::new();
            for range in map.ranges() {
                segments.extend([sorted.place(range.start), sorted.end(range.end), f64::from(range.shard.0)]);
                labels.push(String::from_utf8_lossy(range.start).into_owned());
            }
            return (segments, labels);
        }
        _ => {
            let buckets = map.shards().len() as f64;
            let each = map.shards().iter().enumerate();
            each.for_each(|(bucket, shard)| pieces.until((bucket + 1) as f64 / buckets, shard.id));
        }
    }
    (pieces.segments, Vec::new())
}

/// Pieces one after another; neighbours of one owner become one.
#[derive(Default)]
struct Pieces {
    segments: Vec<f64>,
}

impl Pieces {
    fn until(&mut self, end: f64, owner: ShardId) {
        let owner = f64::from(owner.0);
        let length = self.segments.len();
        match self.segments.get_mut(length.wrapping_sub(3)..) {
            Some([_, last, own]) if *own == owner => *last = end,
            Some([_, last, _]) => {
                let begin = *last;
                self.segments.extend([begin, end, owner]);
            }
            _ => self.segments.extend([0.0, end, owner]),
        }
    }
}
