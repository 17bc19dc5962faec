//! Sharding: which of several stores has a key, and what happens when their number changes.
//!
//! # A first example
//!
//! ```
//! use sandtable_patterns::sharding::{MapChange, Movement, Placement, ShardMap, ShardSpec, ShardingConfig};
//!
//! let config = ShardingConfig { placement: Placement::Ring, ..Default::default() };
//! let mut map = ShardMap::try_new(&config, &["alpha", "bravo", "charlie"].map(ShardSpec::named))?;
//! let location = map.locate(b"soldier_17");
//! assert_eq!(
//!     map.explain(b"soldier_17", &location),
//!     "soldier_17 hashes to 0x043a45ed452ba5fa; the next point on the ring is charlie#26 at 0x05b92350c733d08c"
//! );
//!
//! let before = map.clone();
//! map.apply(&MapChange::Add(ShardSpec::named("delta"))).expect("the name is free");
//! let keys: Vec<String> = (0..10_000).map(|soldier| format!("soldier_{soldier}")).collect();
//! let movement = Movement::between(&before, &map, keys.iter().map(String::as_bytes));
//! assert_eq!(movement.least_share, 0.25);
//! assert!(movement.share() < 0.3);
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```

mod config;
mod decision;
mod explain;
mod look;
mod map;
mod movement;
mod placement;
mod shard;

pub use config::*;
pub use decision::{Location, Why};
pub use look::RangeView;
pub use map::{ChangeRefused, MOST_SHARDS, MapChange, ShardMap};
pub use movement::{Movement, least_share, modulo_share};
pub use placement::{RingPoint, hash_tag, jump, key_slot};
pub use shard::{Shard, ShardId, ShardSpec};
