//! Where a key is at a moment, and why.

use sandtable_patterns::sharding::{Unit, Why};
use serde::Serialize;

use super::keys::Sorted;
use super::maps::position;
use crate::run::Run;
use crate::scenario::instance_name;
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
            let own = under_way.filter(|moving| match &moving.unit {
                Unit::Key(own) => own == key.as_bytes(),
                Unit::Slot(moving) => matches!(location.why, Why::Slot { slot, .. } if slot == *moving),
                Unit::Range { start, end } => {
                    start.as_slice() <= key.as_bytes() && end.as_ref().is_none_or(|end| key.as_bytes() < end.as_slice())
                }
            });
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
                leaving: own.map(|moving| moving.from).next(),
            }
        });
        each.collect()
    }
}
