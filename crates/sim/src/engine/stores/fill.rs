//! A store as it is before the first request.

use sandtable_patterns::ConfigError;
use sandtable_patterns::sharding::{MapChange, Placement, ShardSpec, ShardedStore, ShardingConfig};

use crate::scenario::{Store, instance_name};

/// With its shards and keys, under its own placement or another. Ranges without bounds of their own are cut where that
/// makes them even. Copies have yet to take in what was written.
///
/// # Errors
/// Every mistake of the configuration.
pub(crate) fn filled(config: &Store, sharding: &ShardingConfig) -> Result<ShardedStore, Vec<ConfigError>> {
    let specs: Vec<ShardSpec> = (0..config.shards.count).map(|shard| spec(config, shard)).collect();
    let mut store = ShardedStore::try_new(sharding, &specs)?;
    for &key in &config.salted_keys {
        // Refused where a key looks like a sub-key.
        let _ = store.set_hot(config.key(key).as_bytes(), config.sub_keys);
    }
    for key in 0..config.keys {
        let _ = store.write(config.key(key).as_bytes(), &[]);
    }
    if sharding.placement == Placement::Range && sharding.bounds.is_empty() {
        // Refused where they are even.
        let _ = store.change(&MapChange::EvenOut);
        store.move_all();
    }
    store.forget_load();
    Ok(store)
}

/// A shard as the map gets to know it.
pub(crate) fn spec(config: &Store, shard: u32) -> ShardSpec {
    ShardSpec { name: instance_name(shard as usize), weight: config.shards.weight(shard as usize) }
}
