//! Rendezvous, or highest random weight (D. Thaler and C. Ravishankar, «A name-based mapping scheme for rendezvous»,
//! 1996). Key and shard are mixed as dgryski/go-rendezvous does. Weights enter by the score −w / ln u (C. Schindelhauer
//! and G. Schomaker, «Weighted distributed hash tables», 2005): the only one of that kind under which a change of one
//! weight moves keys to or from that shard alone.

use crate::hash::{KeyHash, xxh64};
use crate::sharding::{Location, Shard, ShardId, Why};

#[derive(Clone, Debug)]
pub(in crate::sharding) struct Rendezvous {
    nodes: Vec<Node>,
    equal: bool,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    hash: u64,
    weight: f64,
    id: ShardId,
}

impl Rendezvous {
    pub(super) fn new(hash: KeyHash, shards: &[Shard]) -> Self {
        let node = |shard: &Shard| Node {
            // Few bits, or none mixed, would give two names one hash.
            hash: match hash {
                KeyHash::Crc16 | KeyHash::Md5 | KeyHash::Fnv1a32 => xxh64(shard.name.as_bytes(), 0),
                hash => hash.of(shard.name.as_bytes()),
            },
            weight: shard.weight,
            id: shard.id,
        };
        let equal = shards.iter().all(|shard| shard.weight == shards[0].weight);
        Self { nodes: shards.iter().map(node).collect(), equal }
    }

    /// The shard of the highest score, of two equal ones the first.
    pub(super) fn locate(&self, hash: KeyHash, key: &[u8]) -> Location {
        let hash = hash.of(key);
        let mut first: Option<(&Node, u64)> = None;
        let mut next: Option<(&Node, u64)> = None;
        for node in &self.nodes {
            let score = self.score(hash, node);
            if first.is_none_or(|first| score > first.1) {
                next = first.replace((node, score));
            } else if next.is_none_or(|next| score > next.1) {
                next = Some((node, score));
            }
        }
        let (node, score) = first.expect("a map has a shard");
        let score = (!self.equal).then(|| f64::from_bits(score));
        let next = next.map(|(node, _)| node.id);
        let why = Why::HighestScore { hash, mixed: mixed(hash, node), score, next };
        Location { shard: node.id, why, steps: self.nodes.len() as u32 }
    }

    /// A number in the order of the scores: positive floats are in the order of their bits.
    #[inline]
    fn score(&self, hash: u64, node: &Node) -> u64 {
        let mixed = mixed(hash, node);
        if self.equal { mixed } else { weighted(mixed, node.weight).to_bits() }
    }

    pub(super) fn bytes(&self) -> u64 {
        size_of_val(self.nodes.as_slice()) as u64
    }
}

/// Marsaglia's xorshift* of both hashes.
fn mixed(hash: u64, node: &Node) -> u64 {
    let mut x = hash ^ node.hash;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    x.wrapping_mul(2_685_821_657_736_338_717)
}

/// −w / ln u, with u the upper 52 bits as a fraction strictly between 0 and 1. It grows with u, so that equal weights
/// give the order of the mixed hashes.
fn weighted(mixed: u64, weight: f64) -> f64 {
    let u = ((mixed >> 12) as f64 + 0.5) / (1_u64 << 52) as f64;
    -weight / libm::log(u)
}
