//! What happens to a store in the property tests.

use proptest::prelude::*;
use sandtable_patterns::sharding::{
    MapChange, OnTheMove, Placement, Planned, RangeMeasure, ReadPreference, Replication, RingPoints, SaltedReads,
    ShardId, ShardSpec, ShardedStore, ShardingConfig, Unlisted,
};

/// Few keys, so that they meet often: short ones, some with hash tags, one empty, one that is no text.
pub(crate) const KEYS: &[&[u8]] = &[
    b"",
    b"a",
    b"alpha",
    b"b",
    b"bravo",
    b"{tag}1",
    b"{tag}2",
    b"soldier_1",
    b"soldier_17",
    b"zulu",
    b"0",
    b"9",
    b"\xf0binary",
    b"m",
    b"mm",
    b"x1",
    b"x2",
    b"x3",
];

#[derive(Clone, Debug)]
pub(crate) enum Operation {
    Write(usize, u8),
    Delete(usize),
    Read(usize, u64),
    Scan(usize, usize, usize),
    SetHot(usize, u32),
    Add(u8),
    Remove(u32),
    Reweigh(u32, u8),
    MoveSlot(u32, u32),
    Split(usize),
    Merge(usize),
    MoveRange(usize, u32),
    List(usize, Option<u32>),
    EvenOut,
    StartMove,
    FinishMove(usize),
    MoveAll,
    Replicate(u32, u32, u64),
    ForgetLoad,
}

pub(crate) fn operation() -> impl Strategy<Value = Operation> {
    let key = || 0..KEYS.len();
    let shard = || 0_u32..8;
    prop_oneof![
        12 => (key(), any::<u8>()).prop_map(|(key, value)| Operation::Write(key, value)),
        3 => key().prop_map(Operation::Delete),
        6 => (key(), any::<u64>()).prop_map(|(key, turn)| Operation::Read(key, turn)),
        2 => (key(), key(), 0..20_usize).prop_map(|(from, to, most)| Operation::Scan(from, to, most)),
        2 => (key(), 0..40_u32).prop_map(|(key, parts)| Operation::SetHot(key, parts)),
        1 => any::<u8>().prop_map(Operation::Add),
        1 => shard().prop_map(Operation::Remove),
        1 => (shard(), any::<u8>()).prop_map(|(shard, weight)| Operation::Reweigh(shard, weight)),
        1 => (0..20_u32, shard()).prop_map(|(slot, shard)| Operation::MoveSlot(slot, shard)),
        1 => key().prop_map(Operation::Split),
        1 => key().prop_map(Operation::Merge),
        1 => (key(), shard()).prop_map(|(key, shard)| Operation::MoveRange(key, shard)),
        1 => (key(), prop::option::of(shard())).prop_map(|(key, shard)| Operation::List(key, shard)),
        1 => Just(Operation::EvenOut),
        6 => Just(Operation::StartMove),
        5 => (0..4_usize).prop_map(Operation::FinishMove),
        1 => Just(Operation::MoveAll),
        3 => (shard(), 0..3_u32, 0..9_u64).prop_map(|(shard, copy, most)| Operation::Replicate(shard, copy, most)),
        1 => Just(Operation::ForgetLoad),
    ]
}

/// What makes moves of ranges meet one another and the ranges of later maps.
pub(crate) fn range_operation() -> impl Strategy<Value = Operation> {
    let key = || 0..KEYS.len();
    prop_oneof![
        6 => (key(), any::<u8>()).prop_map(|(key, value)| Operation::Write(key, value)),
        3 => key().prop_map(Operation::Delete),
        4 => key().prop_map(Operation::Split),
        2 => key().prop_map(Operation::Merge),
        6 => (key(), 0..3_u32).prop_map(|(key, shard)| Operation::MoveRange(key, shard)),
        6 => Just(Operation::StartMove),
        3 => (0..4_usize).prop_map(Operation::FinishMove),
        1 => Just(Operation::EvenOut),
    ]
}

/// Every placement with either way of moving, and what else there is by chance.
pub(crate) fn config() -> impl Strategy<Value = ShardingConfig> {
    let placement = prop::sample::select(Placement::ALL);
    let more = (
        prop::sample::select(RingPoints::ALL),
        prop::sample::select(Unlisted::ALL),
        prop::sample::select(RangeMeasure::ALL),
        prop::option::of(Just(vec!["b".to_owned(), "m".to_owned(), "y".to_owned()])),
    );
    let copies = (
        1..4_u32,
        prop::sample::select(Replication::ALL),
        prop::sample::select(ReadPreference::ALL),
        prop::sample::select(SaltedReads::ALL),
    );
    (placement, prop::sample::select(OnTheMove::ALL), more, copies).prop_map(
        |(placement, on_the_move, (ring_points, unlisted, split_by, bounds), copies)| ShardingConfig {
            placement,
            on_the_move,
            ring_points,
            unlisted,
            split_by,
            bounds: bounds.unwrap_or_default(),
            virtual_nodes: 10,
            table_size: 101,
            slots: 17,
            copies: copies.0,
            replication: copies.1,
            read_preference: copies.2,
            salted_reads: copies.3,
            ..ShardingConfig::default()
        },
    )
}

/// Changes the map, where the operation is such a change and the map takes it.
pub(crate) fn change(store: &mut ShardedStore, operation: &Operation) -> Option<Planned> {
    let weight = |weight: u8| f64::from(weight % 8) + 0.5;
    let name = format!("joined {}", store.map().version());
    let change = match *operation {
        Operation::Add(w) => MapChange::Add(ShardSpec { name, weight: weight(w) }),
        Operation::Remove(shard) => MapChange::Remove(ShardId(shard)),
        Operation::Reweigh(shard, w) => MapChange::Reweigh(ShardId(shard), weight(w)),
        Operation::MoveSlot(slot, to) => MapChange::MoveSlot(slot, ShardId(to)),
        Operation::Split(key) => MapChange::Split(KEYS[key]),
        Operation::Merge(key) => MapChange::Merge(KEYS[key]),
        Operation::MoveRange(key, to) => MapChange::MoveRange(KEYS[key], ShardId(to)),
        Operation::List(key, to) => MapChange::List(KEYS[key], to.map(ShardId)),
        Operation::EvenOut => MapChange::EvenOut,
        _ => return None,
    };
    let version = store.map().version();
    let planned = store.change(&change);
    assert_eq!(store.map().version(), version + u64::from(planned.is_ok()));
    planned.ok()
}
