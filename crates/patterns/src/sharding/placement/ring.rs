//! A ring on which each point knows which of its owner's it is.

use crate::consistent::{Ring, each_label};
use crate::hash::{KeyHash, md5, xxh64};
use crate::order::sorted;
use crate::sharding::{Location, RingPoints, Shard, ShardId, ShardingConfig, Why};

/// Hashes of a ketama ring for a shard, each of which gives [`KETAMA_POINTS`] of its 32-bit points.
const KETAMA_HASHES: u32 = 40;
const KETAMA_POINTS: u32 = 4;
/// Memcached's own port, which libmemcached leaves out of the labels.
const MEMCACHED_PORT: &str = ":11211";

/// A point on the ring, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingPoint {
    /// Its place, of as many bits as [`Why::RingPoint`] says.
    pub point: u64,
    /// Whose it is.
    pub shard: ShardId,
    /// Which of its owner's points: `bravo#112`.
    pub replica: u32,
}

#[derive(Clone, Debug)]
pub(in crate::sharding) struct PointRing {
    /// Places of fewer bits stand in the upper ones here.
    ring: Ring,
    replicas: Vec<u32>,
    bits: u32,
}

impl PointRing {
    pub(super) fn new(config: &ShardingConfig, shards: &[Shard]) -> Self {
        let mut points = Vec::new();
        let mut owners = Vec::new();
        let mut place = |shard: &Shard, replica: u32, point: u64| {
            points.push((point, owners.len() as u32));
            owners.push((shard.id.0, replica));
        };
        let bits = match config.ring_points {
            RingPoints::PerWeight => {
                per_weight(config.virtual_nodes, shards, &mut place);
                64
            }
            RingPoints::Spymemcached | RingPoints::Libmemcached => {
                ketama(config.ring_points, shards, &mut place);
                32
            }
        };
        let points = sorted(points);
        let owner = |&(point, at): &(u64, u32)| (point << (64 - bits), owners[at as usize].0);
        let replicas = points.iter().map(|&(_, at)| owners[at as usize].1).collect();
        Self { ring: Ring::from_sorted(points.iter().map(owner).collect()), replicas, bits }
    }

    pub(super) fn locate(&self, hash: KeyHash, key: &[u8]) -> Location {
        let widened = hash.of(key) << (64 - hash.bits());
        let (place, steps) = self.ring.place_of(widened).expect("the heaviest shard has points");
        let RingPoint { point, shard, replica } = self.point(place);
        let why = Why::RingPoint { hash: widened >> (64 - self.bits), point, replica, bits: self.bits };
        Location { shard, why, steps }
    }

    pub(in crate::sharding) fn len(&self) -> usize {
        self.replicas.len()
    }

    pub(in crate::sharding) const fn bits(&self) -> u32 {
        self.bits
    }

    pub(in crate::sharding) fn point(&self, place: usize) -> RingPoint {
        let (point, owner) = self.ring.point(place);
        RingPoint { point: point >> (64 - self.bits), shard: ShardId(owner), replica: self.replicas[place] }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.ring.bytes() + size_of_val(self.replicas.as_slice()) as u64
    }
}

fn per_weight(virtual_nodes: u32, shards: &[Shard], place: &mut dyn FnMut(&Shard, u32, u64)) {
    let weights = shards.iter().map(|shard| shard.weight).sum();
    for shard in shards {
        let count = Ring::points_for(shard.weight, weights, virtual_nodes);
        each_label(&shard.name, '_', count, &mut |k, label| place(shard, k, xxh64(label, 0)));
    }
}

/// The ring of libketama (R. Jones, last.fm, 2007), as two of its descendants build it.
fn ketama(points: RingPoints, shards: &[Shard], place: &mut dyn FnMut(&Shard, u32, u64)) {
    let equal = shards.iter().all(|shard| shard.weight == shards[0].weight);
    let total: f64 = shards.iter().map(|shard| shard.weight).sum();
    for shard in shards {
        let (name, hashes) = match points {
            RingPoints::Spymemcached if equal => (shard.name.as_str(), KETAMA_HASHES),
            RingPoints::Spymemcached => (shard.name.as_str(), ketama_hashes(shard.weight, total, shards.len())),
            _ => {
                let host = shard.name.strip_suffix(MEMCACHED_PORT).unwrap_or(&shard.name);
                (host, ketama_hashes(shard.weight, total, shards.len()))
            }
        };
        each_label(name, '-', hashes, &mut |k, label| {
            for (at, bytes) in (0..).zip(md5(label).as_chunks::<4>().0) {
                place(shard, k * KETAMA_POINTS + at, u32::from_le_bytes(*bytes).into());
            }
        });
    }
}

/// In single precision, as there: the rounding down shows in the number of points.
fn ketama_hashes(weight: f64, total: f64, shards: usize) -> u32 {
    let share = weight as f32 / total as f32;
    let points = share * (KETAMA_HASHES * KETAMA_POINTS) as f32 / KETAMA_POINTS as f32 * shards as f32;
    (f64::from(points) + 1e-10) as f32 as u32
}
