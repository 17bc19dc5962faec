//! Where a thousand keys lie, under each placement and each hash, as one number.

use sandtable_patterns::hash::{KeyHash, fnv1a_64};
use sandtable_patterns::sharding::{MapChange, Placement, ShardMap, ShardSpec, ShardingConfig};

/// What it is on every target.
pub(crate) const EXPECTED: u64 = 0x2096_dbeb_c8cf_ba33;

/// Four shards of unequal weights, to which a fifth comes.
pub(crate) fn digest() -> u64 {
    let mut places = Vec::new();
    for &placement in Placement::ALL {
        for &hash in KeyHash::ALL {
            let config = ShardingConfig { placement, hash, ..ShardingConfig::default() };
            let shards: Vec<ShardSpec> = [("alpha", 1.0), ("bravo", 2.0), ("charlie", 3.0), ("delta", 1.5)]
                .into_iter()
                .map(|(name, weight)| ShardSpec { weight, ..ShardSpec::named(name) })
                .collect();
            let mut map = ShardMap::try_new(&config, &shards).expect("it is valid");
            for added in [None, Some("echo")] {
                if let Some(name) = added {
                    map.apply(&MapChange::Add(ShardSpec::named(name))).expect("the name is free");
                }
                let keys = (0..1_000).map(|soldier| format!("soldier_{soldier}"));
                places.extend(keys.map(|key| map.locate(key.as_bytes()).shard.0 as u8));
            }
        }
    }
    fnv1a_64(&places)
}
