//! Sharding: which of several stores has a key, and what happens when their number changes.
//!
//! A [`ShardMap`] knows the shards and finds the one of a key, by one of eight placements: hash modulo; a ring of
//! virtual nodes (Karger et al. 1997), on request the ketama of spymemcached or libmemcached; jump (Lamping and Veach
//! 2014); rendezvous (Thaler and Ravishankar 1996); Maglev (Eisenbud et al. 2016); the hash slots of Redis Cluster;
//! ranges of ordered keys; a directory. A [`ShardedStore`] has a store behind each shard, moves what a change of map
//! misplaces, keeps copies and spreads hot keys. Beside them: [`Gather`], a question to several shards, and
//! [`shuffle_shards`], a few shards for each tenant.
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
//!
//! # With stores behind it
//!
//! ```
//! use sandtable_patterns::sharding::{MapChange, ReadWish, ShardSpec, ShardedStore, ShardingPreset};
//!
//! let config = ShardingPreset::AsInManual.config();
//! let mut store = ShardedStore::try_new(&config, &["north", "east", "south"].map(ShardSpec::named))?;
//! for soldier in 0..1_000 {
//!     store.write(format!("soldier_{soldier}").as_bytes(), b"Alpha Company").expect("no reserved key");
//! }
//! let planned = store.change(&MapChange::Add(ShardSpec::named("west"))).expect("the name is free");
//! assert!(planned.keys > 700); // Modulo moves three of four.
//!
//! // The moves take as long as the caller says; until its own is done a key is read where it was.
//! while let Some(begun) = store.start_move() {
//!     assert_eq!(store.read(b"soldier_17", &ReadWish::default()).value, Some(b"Alpha Company".as_slice()));
//!     store.finish_move(begun.id);
//! }
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
//!
//! # What can be relied on
//!
//! - [`ShardMap::locate`] allocates nothing and is the same on every target.
//! - What was written is read, before, during and after any change of map, from the primary always and from another
//!   copy as soon as that has caught up. Each key has one owner at any time, which is the shard that
//!   [`ShardedStore::route`] names.
//! - Only what lies elsewhere than the map says moves. The map may change while moves are under way: those that still
//!   lead to the right shard go on, the others are given up, and the rest is planned anew from where things are.
//! - Under «both written» the old owner stays the one that is read until the move is done, and at that moment the new
//!   owner has the same.
//! - A [`Read`] says whether it is stale and how many writes its copy has yet to apply.
//!
//! # What staleness means
//!
//! A read from the primary is never stale. With synchronous replication no read is, and a write takes as long as the
//! slowest copy. With asynchronous replication «any copy» may go back in time from one read to the next, as copies lag
//! differently; «nearest copy» keeps to one copy as long as costs don't change, so a caller sees time go on, but late.
//!
//! # What is simplified
//!
//! - Stores are in memory, and a primary isn't replaced by another copy. Copies follow in the order of the writes.
//! - Hash modulo and jump know no weights; a real deployment would give a heavy shard several numbers.
//! - Under jump a shard that leaves is replaced by the last one, as only the last bucket can go.
//! - A change of map looks at every key in the stores; services keep indexes for that.
//! - Redis Cluster redirects a client by `MOVED` and `ASK`; here [`ShardedStore::route`] tells at once. There a key
//!   that has moved already is served by the new owner while the rest of its slot is not; here a slot moves as one.
//! - ketama's points that coincide belong to the shard listed first; in the libraries that depends on their sort.
//! - Shuffle sharding and gathering are beside the store, not in it.

mod config;
mod copies;
mod decision;
mod explain;
mod look;
mod map;
mod migration;
mod misplaced;
mod movement;
mod moving;
mod placement;
mod salting;
mod scan;
mod scatter;
mod shard;
mod sharded_store;
mod shuffle;
mod store;

pub use config::*;
pub use copies::MOST_BEHIND;
pub use decision::{Location, Why};
pub use look::RangeView;
pub use map::{ChangeRefused, MOST_SHARDS, MapChange, ShardMap};
pub use migration::{MoveId, Unit};
pub use movement::{Movement, least_share, modulo_share};
pub use moving::{Move, MoveView, Moved, Planned};
pub use placement::{RingPoint, hash_tag, jump, key_slot};
pub use salting::{MOST_SUB_KEYS, ReservedKey};
pub use scan::Scan;
pub use scatter::{Enough, Gather, Progress, share_slow};
pub use shard::{Shard, ShardId, ShardSpec};
pub use sharded_store::{Read, ReadWish, Route, ShardedStore, Written};
pub use shuffle::{locate_for_tenant, overlap_probability, shuffle_shards};
pub use store::{Record, Store};
