//! shard_redis_slots, shard_jump and shard_rendezvous

use sandtable_patterns::hash::KeyHash;
use sandtable_patterns::sharding::{
    self, MapChange, Placement, ShardId, ShardSpec, ShardingConfig, ShardingPreset, Why, key_slot,
};
use serde_json::Value;

use crate::fixture::{key, map, owner};
use crate::runner::{Fields, Outcome, equal};

pub(crate) fn redis_slot(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let key = key(&fields, "key_hex", "key_text")?;
    let slot = fields.natural("slot")?;
    equal("key_slot", key_slot(&key), slot)?;
    // Through a map, of which this slot alone is handed over.
    let mut map = map(&ShardingPreset::RedisCluster.config(), &["a", "b", "c"].map(ShardSpec::named))?;
    let before = map.locate(&key);
    let Why::Slot { slot: found, .. } = before.why else { return Err(format!("{before:?}")) };
    equal("slot", found, slot)?;
    let other = ShardId((before.shard.0 + 1) % 3);
    map.apply(&MapChange::MoveSlot(slot, other)).map_err(|refused| format!("{refused:?}"))?;
    equal("owner", map.locate(&key).shard, other)?;
    fields.finish()
}

pub(crate) fn jump(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let key: u64 = fields.text("key")?.parse().map_err(|_| "the key is no number".to_owned())?;
    let (buckets, bucket) = (fields.natural("buckets")?, fields.natural("expect")?);
    equal("bucket", sharding::jump(key, buckets), bucket)?;
    fields.finish()
}

pub(crate) fn rendezvous(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config =
        ShardingConfig { placement: Placement::Rendezvous, hash: KeyHash::Fnv1a64, ..ShardingConfig::default() };
    let nodes: Vec<ShardSpec> =
        (0..fields.natural("nodes")?).map(|node| ShardSpec::named(&format!("node-{node}"))).collect();
    let key = fields.text("key")?.as_bytes();
    let mut map = map(&config, &nodes)?;
    equal("node", owner(&map, key), fields.text("node")?)?;
    // Whoever comes second gets the key when the first leaves.
    let Why::HighestScore { next, .. } = map.locate(key).why else { return Err("no score".to_owned()) };
    if let Some(next) = next {
        let first = map.locate(key).shard;
        map.apply(&MapChange::Remove(first)).map_err(|refused| format!("{refused:?}"))?;
        equal("next", map.locate(key).shard, next)?;
    }
    fields.finish()
}
