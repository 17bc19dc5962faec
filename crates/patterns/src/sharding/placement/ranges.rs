//! Ranges of ordered keys, as in Bigtable, HBase and CockroachDB: split where they grow, merged where they shrink.

use crate::sharding::{Location, Shard, ShardId, Why};

/// The digits of even bounds, in the order of their bytes.
pub(in crate::sharding) const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Before and after all that begins with one of them.
const FIRST: &[u8] = b"0";
const LAST: &[u8] = b"{";
/// Less than this part of a shard's share isn't worth a move.
const NEGLIGIBLE: f64 = 1e-9;

/// A range is cut, so that about this share of what is in it comes to stand in its second part: gives the key with
/// which that begins and the share that really does. `None` where it can't be cut.
pub(in crate::sharding) type Cut<'a> = &'a mut dyn FnMut(&[u8], Option<&[u8]>, f64) -> Option<(Vec<u8>, f64)>;

#[derive(Clone, Debug)]
pub(in crate::sharding) struct Ranges {
    /// Where each begins, in order; the first with the empty key, before which there is none.
    starts: Vec<Vec<u8>>,
    owners: Vec<ShardId>,
}

impl Ranges {
    pub(super) fn new(bounds: &[String], shards: &[Shard]) -> Self {
        let mut starts = vec![Vec::new()];
        if bounds.is_empty() {
            starts.extend(even_bounds(shards));
        } else {
            starts.extend(bounds.iter().map(|bound| bound.clone().into_bytes()));
        }
        let owners = shards.iter().map(|shard| shard.id).cycle().take(starts.len()).collect();
        Self { starts, owners }
    }

    pub(super) fn locate(&self, key: &[u8]) -> Location {
        let (range, steps) = self.search(key);
        let why = Why::Range { range: range as u32, of: self.starts.len() as u32 };
        Location { shard: self.owners[range], why, steps }
    }

    pub(in crate::sharding) const fn len(&self) -> usize {
        self.starts.len()
    }

    pub(in crate::sharding) fn owner(&self, range: usize) -> ShardId {
        self.owners[range]
    }

    pub(in crate::sharding) fn set_owner(&mut self, range: usize, owner: ShardId) -> bool {
        let place = self.owners.get_mut(range);
        place.is_some_and(|place| std::mem::replace(place, owner) != owner)
    }

    /// Where a range begins, and where the next one does.
    pub(in crate::sharding) fn bounds(&self, range: usize) -> (&[u8], Option<&[u8]>) {
        (&self.starts[range], self.starts.get(range + 1).map(Vec::as_slice))
    }

    pub(in crate::sharding) fn range_of(&self, key: &[u8]) -> usize {
        self.search(key).0
    }

    /// The last range that begins before `key`, which isn't empty.
    pub(in crate::sharding) fn range_before(&self, key: &[u8]) -> usize {
        let range = self.range_of(key);
        if self.starts[range] == key { range - 1 } else { range }
    }

    /// Cuts the range that holds `key`, which begins the second part. False if a range begins there already.
    pub(in crate::sharding) fn split(&mut self, key: &[u8]) -> bool {
        let range = self.range_of(key);
        if self.starts[range] == key {
            return false;
        }
        self.starts.insert(range + 1, key.to_vec());
        self.owners.insert(range + 1, self.owners[range]);
        true
    }

    /// Joins a range with the next one, which must be of the same shard.
    pub(in crate::sharding) fn merge(&mut self, range: usize) -> bool {
        let same = self.owners.get(range + 1).is_some_and(|next| *next == self.owners[range]);
        if same {
            self.starts.remove(range + 1);
            self.owners.remove(range + 1);
        }
        same
    }

    /// Gives each shard its share of the measures, one for each range. In turn, the shard that has most above its
    /// share gives its largest fitting range to the one that has most below it; where none fits, the smallest is cut.
    pub(in crate::sharding) fn rebalance(&mut self, shards: &[Shard], mut measures: Vec<f64>, cut: Cut<'_>) {
        if measures.iter().sum::<f64>() == 0.0 {
            measures.fill(1.0);
        }
        let total: f64 = measures.iter().sum();
        let weights: f64 = shards.iter().map(|shard| shard.weight).sum();
        self.rehome(shards, &measures);
        let mut over: Vec<f64> = shards.iter().map(|shard| -total * shard.weight / weights).collect();
        for (owner, measure) in self.owners.iter().zip(&measures) {
            over[position(shards, *owner)] += measure;
        }
        // Each round settles a giver or a taker or gives away a whole range, unless a cut was not where it should be.
        for _ in 0..2 * (shards.len() + measures.len()) {
            let giver = greatest(over.iter().copied());
            let taker = greatest(over.iter().map(|over| -over));
            let amount = over[giver].min(-over[taker]);
            if amount <= NEGLIGIBLE * total {
                break;
            }
            match self.give(shards[giver].id, shards[taker].id, amount, &mut measures, cut) {
                Some(moved) => {
                    over[giver] -= moved;
                    over[taker] += moved;
                }
                // What it has can't be cut, so it keeps it.
                None => over[giver] = 0.0,
            }
        }
    }

    /// Ranges of shards that are gone, each to the shard that has least for its weight.
    fn rehome(&mut self, shards: &[Shard], measures: &[f64]) {
        let mut loads = vec![0.0; shards.len()];
        for (owner, measure) in self.owners.iter().zip(measures) {
            if let Some(at) = shards.iter().position(|shard| shard.id == *owner) {
                loads[at] += measure / shards[at].weight;
            }
        }
        for (owner, measure) in self.owners.iter_mut().zip(measures) {
            if !shards.iter().any(|shard| shard.id == *owner) {
                let at = greatest(loads.iter().map(|load| -load));
                *owner = shards[at].id;
                loads[at] += measure / shards[at].weight;
            }
        }
    }

    /// One range, or the second part of one, from a shard to another: at most `amount`, and what that came to.
    fn give(&mut self, from: ShardId, to: ShardId, amount: f64, measures: &mut Vec<f64>, cut: Cut<'_>) -> Option<f64> {
        let (mut fitting, mut larger): (Option<usize>, Option<usize>) = (None, None);
        for at in (0..self.owners.len()).filter(|&at| self.owners[at] == from && measures[at] > 0.0) {
            let measure = measures[at];
            if measure > amount * (1.0 + NEGLIGIBLE) {
                larger = larger.filter(|&other| measures[other] <= measure).or(Some(at));
            } else {
                fitting = fitting.filter(|&other| measures[other] >= measure).or(Some(at));
            }
        }
        if let Some(range) = fitting {
            self.owners[range] = to;
            return Some(measures[range]);
        }
        let range = larger?;
        let (start, end) = self.bounds(range);
        let (key, share) = cut(start, end, amount / measures[range]).filter(|(key, _)| key.as_slice() > start)?;
        let moved = measures[range] * share;
        self.starts.insert(range + 1, key);
        self.owners.insert(range + 1, to);
        measures[range] -= moved;
        measures.insert(range + 1, moved);
        Some(moved)
    }

    pub(super) fn bytes(&self) -> u64 {
        let keys: usize = self.starts.iter().map(Vec::len).sum();
        (keys + size_of_val(self.starts.as_slice()) + size_of_val(self.owners.as_slice())) as u64
    }

    /// The last range that begins at or before the key, and the comparisons that finding it took.
    fn search(&self, key: &[u8]) -> (usize, u32) {
        let (mut from, mut to, mut steps) = (0, self.starts.len(), 0);
        while to - from > 1 {
            let middle = from.midpoint(to);
            steps += 1;
            if self.starts[middle].as_slice() <= key {
                from = middle;
            } else {
                to = middle;
            }
        }
        (from, steps.max(1))
    }
}

/// The key in a range about whose contents nothing is known, with the share asked for in its second part. As with
/// [`even_bounds`], keys are taken to begin with a digit or a lower-case letter, as far as the range leaves that open.
pub(in crate::sharding) fn midpoint(start: &[u8], end: Option<&[u8]>, share: f64) -> Option<(Vec<u8>, f64)> {
    let start = if start.is_empty() && end.is_none_or(|end| end > FIRST) { FIRST } else { start };
    let end = end.or((start < LAST).then_some(LAST));
    let common = end.map_or(0, |end| start.iter().zip(end).take_while(|(a, b)| a == b).count());
    let number = |key: &[u8]| {
        let mut eight = [0; 8];
        let rest = &key[common..key.len().min(common + 8)];
        eight[..rest.len()].copy_from_slice(rest);
        u64::from_be_bytes(eight)
    };
    let (from, to) = (number(start), end.map_or(u64::MAX, number));
    let at = to - ((to - from) as f64 * share) as u64;
    if at <= from {
        return None;
    }
    let bytes = at.to_be_bytes();
    // As short as it may be and still lie inside.
    for length in 1..=bytes.len() {
        let key = [&start[..common], &bytes[..length]].concat();
        if key.as_slice() > start && end.is_none_or(|end| key.as_slice() < end) {
            return Some((key, share));
        }
    }
    None
}

/// Bounds that cut what begins with a digit or a lower-case letter into parts in proportion to the weights: up to three
/// digits each, so that there are more than shards.
fn even_bounds(shards: &[Shard]) -> Vec<Vec<u8>> {
    let (base, most) = (DIGITS.len(), DIGITS.len().pow(3));
    let total: f64 = shards.iter().map(|shard| shard.weight).sum();
    let (mut sum, mut last) = (0.0, 0);
    let bound = |(at, shard): (usize, &Shard)| {
        sum += shard.weight;
        let left = shards.len() - at;
        last = ((sum / total * most as f64).round() as usize).min(most - left).max(last + 1);
        let mut digits = vec![DIGITS[last / base / base], DIGITS[last / base % base], DIGITS[last % base]];
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        digits
    };
    shards.iter().enumerate().take(shards.len() - 1).map(bound).collect()
}

fn position(shards: &[Shard], id: ShardId) -> usize {
    shards.iter().position(|shard| shard.id == id).expect("ranges of shards that are gone were given away")
}

/// The place of the greatest value, the first of several.
fn greatest(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (at, value) in values.enumerate() {
        if value > best.1 {
            best = (at, value);
        }
    }
    best.0
}
