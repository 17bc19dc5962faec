use crate::ConfigError;
use crate::balancer::{WEIGHT_MAX, WEIGHT_MIN};

/// A shard's number, for as long as the map lives: 0, 1, 2, … in the order in which shards are added, and never given
/// out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShardId(pub u32);

/// A shard as the map gets to know it.
#[derive(Clone, Debug, PartialEq)]
pub struct ShardSpec {
    /// Its name, which ring, rendezvous and Maglev hash: a shard that keeps its name keeps its keys.
    pub name: String,
    /// Its share of the keys relative to the others, [`WEIGHT_MIN`] to [`WEIGHT_MAX`]. Hash modulo and jump know no
    /// weights, nor do the listed keys of a directory.
    pub weight: f64,
}

impl ShardSpec {
    /// A shard of weight 1.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), weight: 1.0 }
    }
}

/// A shard of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Shard {
    /// Its number.
    pub id: ShardId,
    /// Its name.
    pub name: String,
    /// Its weight.
    pub weight: f64,
}

/// What is wrong with a shard that is to join `others`.
pub(super) fn check(spec: &ShardSpec, others: &[Shard], at: usize, errors: &mut Vec<ConfigError>) {
    check_weight(spec.weight, at, errors);
    if others.iter().any(|other| other.name == spec.name) {
        errors.push(ConfigError::new(path(at, "name"), &spec.name, "a name of its own"));
    }
}

pub(super) fn check_weight(weight: f64, at: usize, errors: &mut Vec<ConfigError>) {
    if !(WEIGHT_MIN..=WEIGHT_MAX).contains(&weight) {
        errors.push(ConfigError::new(path(at, "weight"), crate::Shown(weight), "0.001 to 1000"));
    }
}

fn path(at: usize, field: &str) -> String {
    crate::Place::TOP.field("shards").index(at).field(field).to_string()
}
