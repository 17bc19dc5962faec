use crate::consistent::TableHash;
use crate::hash::KeyHash;
use crate::{choices, parameters};

choices! {
    /// How a key finds its shard.
    pub enum Placement {
        /// The hash of the key modulo the number of shards.
        HashModulo = "hash_modulo", "Hash modulo";
        /// The next of the shards' points on a ring.
        Ring = "ring", "Ring";
        /// The last jump of a sequence that the hash begins, before it leaves the shards behind (Lamping and Veach).
        Jump = "jump", "Jump";
        /// The shard whose score with this key is the highest (Thaler and Ravishankar).
        Rendezvous = "rendezvous", "Rendezvous";
        /// The key's entry in a lookup table that all shards filled in turn (Maglev).
        Maglev = "maglev", "Maglev";
        /// The slot that the CRC-16 of the key, or of its hash tag, gives (Redis Cluster); slots are dealt out to shards.
        Slots = "slots", "Hash slots";
        /// The range of ordered keys in which the key lies.
        Range = "range", "Ranges";
        /// What a directory says of this key.
        Directory = "directory", "Directory";
    }

    /// Whose ring it is.
    pub enum RingPoints {
        /// xxHash64 of `name_0`, `name_1`, …, so many for each unit of weight (Envoy).
        PerWeight = "per_weight", "By weight (Envoy)";
        /// Four points in each MD5 of `name-0` to `name-39` (spymemcached); unequal weights share them out as libmemcached does.
        Spymemcached = "spymemcached", "Ketama (spymemcached)";
        /// Four points in each MD5, of which a shard has its part of 40 for each shard, rounded down; the name goes without the port 11211 (libmemcached, weighted ketama).
        Libmemcached = "libmemcached", "Ketama (libmemcached)";
    }

    /// Where a directory sends the keys that it doesn't list.
    pub enum Unlisted {
        /// By rendezvous hashing, so that a change of map moves few.
        Rendezvous = "rendezvous", "By rendezvous";
        /// To the first shard.
        First = "first", "To the first shard";
    }

    /// What is evened out over the ranges.
    pub enum RangeMeasure {
        /// Keys.
        Size = "size", "Size";
        /// Reads and writes.
        Load = "load", "Load";
    }

    /// Who reads and writes a key while it moves.
    pub enum OnTheMove {
        /// The old owner until the move is done; what is written meanwhile is sent after.
        OldOwner = "old_owner", "Old owner until done";
        /// The old owner is read; both are written from the start of the move, so nothing is sent after.
        BothWritten = "both_written", "Both written";
    }

    /// When the copies of a shard get a write.
    pub enum Replication {
        /// Before it is answered: no copy is ever behind.
        Synchronous = "synchronous", "Synchronous";
        /// Later, in order: a copy that isn't the primary may be behind.
        Asynchronous = "asynchronous", "Asynchronous";
    }

    /// Which copy answers a read.
    pub enum ReadPreference {
        /// The one that takes the writes: never stale.
        Primary = "primary", "Primary";
        /// Any copy; stale by what that copy has yet to apply.
        Any = "any", "Any copy";
        /// The copy that costs the caller least; stale for as long as that one is behind, on every read.
        Nearest = "nearest", "Nearest copy";
    }

    /// How a hot key's sub-keys are read.
    pub enum SaltedReads {
        /// A write goes to one sub-key in turn; a read asks all of them and takes the latest. For keys that are written hard.
        Gather = "gather", "Write one, read all";
        /// A write goes to all sub-keys; a read asks any one. For keys that are read hard.
        Pick = "pick", "Write all, read one";
    }

    /// A placement that people know.
    pub enum ShardingPreset {
        /// The field manual's: a stable hash of the key modulo the number of shards.
        AsInManual = "as_in_manual", "As in the manual";
        /// Redis Cluster: 16 384 hash slots, hash tags; a slot is served by its old owner until it is handed over.
        RedisCluster = "redis_cluster", "Redis Cluster";
        /// spymemcached's `KetamaNodeLocator`.
        Spymemcached = "spymemcached", "spymemcached, ketama";
        /// libmemcached with `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED`, for which it hashes keys by MD5 too.
        Libmemcached = "libmemcached", "libmemcached, ketama";
        /// Envoy's ring hash over xxHash64.
        EnvoyRing = "envoy_ring", "Envoy, ring hash";
    }
}

parameters! {
    /// Shards: how a key finds its own, what happens to keys on the move, and how many copies there are.
    pub struct ShardingConfig {
        /// How a key finds its shard.
        ["Placement", level "basic"]
        pub placement: Placement = Placement::HashModulo;
        /// The hash of a key. Slots have CRC-16 and ranges none.
        ["Hash", level "more", when "placement=hash_modulo|ring|jump|rendezvous|maglev|directory"]
        pub hash: KeyHash = KeyHash::XxHash64;
        /// Whose ring it is.
        ["Ring", level "more", when "placement=ring"]
        pub ring_points: RingPoints = RingPoints::PerWeight;
        /// Points on the ring for each unit of weight; a ketama ring has 160 for a shard.
        ["Virtual nodes", unit "points", range 1 ..= 1_000, level "basic", when "placement=ring"]
        pub virtual_nodes: u32 = 100;
        /// Entries in the lookup table, rounded up to a prime number.
        ["Table size", unit "entries", range 3 ..= 1_000_003, level "more", when "placement=maglev", scale "log"]
        pub table_size: u32 = 65_537;
        /// Which hash fills the table.
        ["Table hash", level "more", when "placement=maglev"]
        pub table_hash: TableHash = TableHash::XxHash64;
        /// Hash slots; Redis Cluster has 16 384.
        ["Slots", unit "slots", range 1 ..= 16_384, level "more", when "placement=slots", scale "log"]
        pub slots: u32 = 16_384;
        /// The keys at which the second range and those after it begin; ranges are dealt out to the shards in turn. Without any there is one for each shard, evenly over what begins with a digit or a lower-case letter.
        ["Bounds", range 1 ..= 200, level "more", when "placement=range"]
        pub bounds: Vec<String> = Vec::new();
        /// What is evened out over the ranges.
        ["Split by", level "basic", when "placement=range"]
        pub split_by: RangeMeasure = RangeMeasure::Size;
        /// A range with more than so many keys (or reads and writes) is due to be split; 0 never.
        ["Split above", range 0 ..= 1_000_000_000, level "more", when "placement=range", scale "log"]
        pub split_above: u32 = 0;
        /// Where the directory sends keys that it doesn't list.
        ["Unlisted keys", level "basic", when "placement=directory"]
        pub unlisted: Unlisted = Unlisted::Rendezvous;
        /// Who reads and writes a key while it moves.
        ["On the move", level "basic"]
        pub on_the_move: OnTheMove = OnTheMove::OldOwner;
        /// Copies of each shard, the primary among them.
        ["Copies", unit "copies", range 1 ..= 7, level "more"]
        pub copies: u32 = 1;
        /// When the copies get a write.
        ["Replication", level "more"]
        pub replication: Replication = Replication::Synchronous;
        /// Which copy answers a read.
        ["Read preference", level "more"]
        pub read_preference: ReadPreference = ReadPreference::Primary;
        /// How a hot key's sub-keys are read.
        ["Hot keys", level "more"]
        pub salted_reads: SaltedReads = SaltedReads::Gather;
    }
}

impl ShardingPreset {
    /// Its options.
    pub fn config(self) -> ShardingConfig {
        let ring = |ring_points, hash| ShardingConfig {
            placement: Placement::Ring,
            ring_points,
            hash,
            ..ShardingConfig::default()
        };
        match self {
            Self::AsInManual => ShardingConfig { hash: KeyHash::Fnv1a64, ..ShardingConfig::default() },
            Self::RedisCluster => ShardingConfig { placement: Placement::Slots, ..ShardingConfig::default() },
            Self::Spymemcached => ring(RingPoints::Spymemcached, KeyHash::Md5),
            Self::Libmemcached => ring(RingPoints::Libmemcached, KeyHash::Md5),
            Self::EnvoyRing => ring(RingPoints::PerWeight, KeyHash::XxHash64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read_all, write};

    #[test]
    fn every_preset_comes_back_from_what_is_written_of_it() {
        for preset in ShardingPreset::ALL {
            let config = ShardingConfig { bounds: vec!["m".to_owned()], ..preset.config() };
            let mut read = ShardingConfig::default();
            read_all(&mut read, &write(&config)).unwrap();
            assert_eq!(read, config);
        }
    }
}
