//! A ring of virtual nodes: consistent hashing (Karger et al. 1997).

use crate::hash::xxh64;
use crate::order::sorted;

/// Points above this number in all are scaled down, each instance in proportion.
const POINTS_MAX: f64 = 4_000_000.0;

/// Hash points, each owned by an instance; a key belongs to the first point at or after its hash, going round.
///
/// The points of an instance are the xxHash64 of `name_0`, `name_1`, … as on Envoy's ring, so they depend on nothing
/// but its own name: when it goes, only its keys move.
///
/// ```
/// use sandtable_patterns::balancer::Ring;
///
/// let three = Ring::new([(0, "alpha", 100), (1, "bravo", 100), (2, "charlie", 100)]);
/// let two = Ring::new([(0, "alpha", 100), (2, "charlie", 100)]);
/// for hash in (0..1_000_u64).map(|key| sandtable_patterns::hash::xxh64_of_u64(key, 0)) {
///     if three.owner(hash) != Some(1) {
///         assert_eq!(two.owner(hash), three.owner(hash));
///     }
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Ring {
    points: Vec<u64>,
    owners: Vec<u32>,
    /// For each value of the upper bits of a hash, the first point that is not below them: points are spread evenly,
    /// so a search from there ends within a step or two.
    from: Vec<u32>,
    shift: u32,
}

impl Ring {
    /// A ring of `(owner, name, points)`.
    pub fn new<'a>(instances: impl IntoIterator<Item = (u32, &'a str, u32)>) -> Self {
        let mut points: Vec<(u64, u32)> = Vec::new();
        for (owner, name, count) in instances {
            each_label(name, '_', count, &mut |_, label| points.push((xxh64(label, 0), owner)));
        }
        // By owner too, so that equal points have one order.
        Self::from_sorted(sorted(points))
    }

    /// A ring on which each instance has `per_weight` points for each unit of its weight, at least one.
    pub fn weighted<'a>(instances: &[(u32, &'a str, f64)], per_weight: u32) -> Self {
        let weights = instances.iter().map(|(.., weight)| weight).sum();
        let points =
            |&(owner, name, weight): &(u32, &'a str, f64)| (owner, name, Self::points_for(weight, weights, per_weight));
        Self::new(instances.iter().map(points))
    }

    /// How many points an instance has on a ring of `per_weight` for each unit of weight.
    pub(crate) fn points_for(weight: f64, weights: f64, per_weight: u32) -> u32 {
        let scale = f64::from(per_weight) * (POINTS_MAX / (weights * f64::from(per_weight))).min(1.0);
        (weight * scale).round().max(1.0) as u32
    }

    /// Points on the ring.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// All points with their owners, in the order of the ring.
    pub fn points(&self) -> impl Iterator<Item = (u64, u32)> {
        self.points.iter().copied().zip(self.owners.iter().copied())
    }

    /// Who owns a hash, or nobody on an empty ring.
    pub fn owner(&self, hash: u64) -> Option<u32> {
        self.walk(hash).next().map(|(_, owner)| owner)
    }

    /// Once round the ring, from the point that a hash belongs to.
    #[inline]
    pub fn walk(&self, hash: u64) -> impl Iterator<Item = (u64, u32)> {
        let start = self.first_at_or_after(hash);
        let order = (start..self.points.len()).chain(0..start);
        order.map(|at| (self.points[at], self.owners[at]))
    }

    /// The place of the point that a hash belongs to, and how many points were looked at to find it.
    pub(crate) fn place_of(&self, hash: u64) -> Option<(usize, u32)> {
        let place = self.first_at_or_after(hash);
        let &from = self.from.get((hash >> self.shift) as usize)?;
        let looked_at = (place - from as usize).max(1) as u32;
        Some((if place == self.points.len() { 0 } else { place }, looked_at))
    }

    /// The point at a place of the ring, and its owner.
    pub(crate) fn point(&self, place: usize) -> (u64, u32) {
        (self.points[place], self.owners[place])
    }

    /// What the ring takes in memory.
    pub(crate) fn bytes(&self) -> u64 {
        (self.points.len() * (size_of::<u64>() + size_of::<u32>()) + self.from.len() * size_of::<u32>()) as u64
    }

    #[inline]
    fn first_at_or_after(&self, hash: u64) -> usize {
        let Some(&from) = self.from.get((hash >> self.shift) as usize) else {
            return 0;
        };
        let rest = &self.points[from as usize..];
        from as usize + rest.iter().take_while(|&&point| point < hash).count()
    }

    /// A ring of points with their owners, in order.
    pub(crate) fn from_sorted(points: Vec<(u64, u32)>) -> Self {
        // About one point for each value of the upper bits; at least one bit, as a shift by 64 is none.
        let bits = points.len().max(2).ilog2();
        let shift = 64 - bits;
        let mut from = Vec::with_capacity(1 << bits);
        let mut at = 0;
        for upper in 0..1_u64 << bits {
            while at < points.len() && points[at].0 < upper << shift {
                at += 1;
            }
            from.push(at as u32);
        }
        let (points, owners) = points.into_iter().unzip();
        Self { points, owners, from, shift }
    }
}

/// Calls `each` with the labels of an instance's virtual nodes: its name, the separator, and 0, 1, ….
pub(crate) fn each_label(name: &str, separator: char, count: u32, each: &mut dyn FnMut(u32, &[u8])) {
    let mut label = String::from(name);
    label.push(separator);
    let stem = label.len();
    for k in 0..count {
        label.truncate(stem);
        label.push_str(&k.to_string());
        each(k, label.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookup_finds_what_a_plain_search_of_the_sorted_points_finds() {
        let names: Vec<String> = (0..20).map(|i| format!("instance-{i}")).collect();
        let ring = Ring::new(names.iter().enumerate().map(|(i, name)| (i as u32, name.as_str(), 37)));
        let sorted: Vec<(u64, u32)> = ring.points().collect();
        let on_points = sorted.iter().flat_map(|&(point, _)| [point - 1, point, point + 1]);
        let spread = (0..1_000).map(|key| crate::hash::xxh64_of_u64(key, 3));
        for hash in on_points.chain(spread).chain([0, u64::MAX]) {
            let plain = sorted.iter().find(|(point, _)| *point >= hash).unwrap_or(&sorted[0]);
            assert_eq!(ring.owner(hash), Some(plain.1));
        }
    }

    #[test]
    fn an_empty_ring_owns_nothing() {
        assert_eq!(Ring::new([]).owner(7), None);
        assert_eq!(Ring::default().owner(7), None);
    }
}
