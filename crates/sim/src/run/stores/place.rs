//! Where a key is at a moment, and why.

use sandtable_patterns::sharding::{Unit, Why};
use serde::Serialize;

use super::keys::Sorted;
use super::maps::position;
use crate::recording::RecordedStore;
use crate::run::Run;
use crate::scenario::{Store, instance_name};
use crate::time::nanos;

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyPlace {
    /// The key.
    pub key: String,
    /// The shard to which it belongs, by its number within the store.
    pub shard: u32,
    /// That shard's name.
    pub name: String,
    /// Its place in the map, from 0 to 1.
    pub place: f64,
    /// Why, in words.
    pub why: String,
    /// The shard that has it: the one to which it belongs, unless it has yet to move. What isn't stored has yet to come.
    pub holder: u32,
    /// That shard's name.
    pub holder_name: String,
    /// The shard that it is leaving, if it is on the move.
    pub leaving: Option<u32>,
}

impl Run {
    /// Where keys are at `t_ms`, by the map of a store that holds then; nothing where there is no such store.
    pub fn locate(&self, store: usize, t_ms: f64, keys: &[&str]) -> Vec<KeyPlace> {
        let Some((config, recorded)) = self.store(store) else { return Vec::new() };
        let t = nanos(t_ms).min(self.recording.end);
        let map = recorded.map_at(t);
        let sorted = Sorted::new(config);
        let each = keys.iter().map(|&key| {
            let location = map.locate(key.as_bytes());
            let under_way = recorded.moves.iter().filter(|moving| (moving.began..moving.ended).contains(&t));
            let mut own = under_way.filter(|moving| concerns(&moving.unit, key, &location.why));
            let holder = holder(config, recorded, key, t).unwrap_or(location.shard.0);
            let salted = config.salted_keys.iter().any(|&number| config.key(number) == key);
            let why = if salted {
                format!("{key} is spread over {} sub-keys, each of which has a shard of its own", config.sub_keys)
            } else {
                map.explain(key.as_bytes(), &location)
            };
            KeyPlace {
                key: key.to_owned(),
                shard: location.shard.0,
                name: instance_name(location.shard.0 as usize),
                place: position(map, key.as_bytes(), &location, &sorted),
                why,
                holder,
                holder_name: instance_name(holder as usize),
                leaving: own.next().map(|moving| moving.from),
            }
        });
        each.collect()
    }
}

/// Whether a key is one of those that move together. Where there are slots, a key has the same one by every map.
fn concerns(unit: &Unit, key: &str, why: &Why) -> bool {
    match unit {
        Unit::Key(own) => own == key.as_bytes(),
        Unit::Slot(moving) => matches!(why, Why::Slot { slot, .. } if slot == moving),
        Unit::Range { start, end } => {
            start.as_slice() <= key.as_bytes() && end.as_ref().is_none_or(|end| key.as_bytes() < end.as_slice())
        }
    }
}

/// Who has a key at `t`; nothing where nobody has stored it by then, or it is spread over sub-keys.
fn holder(config: &Store, recorded: &RecordedStore, key: &str, t: u64) -> Option<u32> {
    let number: u32 = key.strip_prefix(&config.key_prefix)?.parse().ok()?;
    // Another way to write the number is another key.
    if config.key(number) != key {
        return None;
    }
    if config.salted_keys.contains(&number) {
        return None;
    }
    let begun = recorded.begun.locate(key.as_bytes());
    let stored = if number < config.keys {
        begun.shard.0
    } else {
        recorded.created.iter().find(|&&(at, _, own)| own == number && at <= t)?.1
    };
    let moved = recorded.moves.iter().filter(|moving| moving.ended <= t && moving.keys > 0);
    let own = moved.filter(|moving| concerns(&moving.unit, key, &begun.why));
    Some(own.fold(stored, |holder, moving| if moving.from == holder { moving.to } else { holder }))
}
