//! Sequences of operations on a sharded store against one ordered map: what was written is read, whatever happens to
//! the map of shards meanwhile, and each key is where the store says.
#![no_main]

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use sandtable_patterns::hash::KeyHash;
use sandtable_patterns::sharding::{
    MapChange, MoveId, OnTheMove, Placement, RangeMeasure, ReadPreference, ReadWish, Replication, RingPoints,
    SaltedReads, ShardId, ShardSpec, ShardedStore, ShardingConfig, Unlisted,
};

const MOST_OPS: usize = 150;
const MOST_SHARDS: usize = 12;

fuzz_target!(|bytes: &[u8]| {
    let _ = rehearse(&mut Unstructured::new(bytes));
});

fn rehearse(u: &mut Unstructured<'_>) -> Result<()> {
    let config = config(u)?;
    let specs = (0..u.int_in_range(0..=5)?).map(|_| spec(u)).collect::<Result<Vec<_>>>()?;
    let Ok(mut store) = ShardedStore::try_new(&config, &specs) else { return Ok(()) };
    let (mut begun, mut model) = (Vec::new(), BTreeMap::new());
    for _ in 0..MOST_OPS {
        if u.is_empty() {
            break;
        }
        step(u, &mut store, &mut begun, &mut model)?;
    }
    compare(&store, &model);
    store.move_all();
    assert_eq!(store.moves_waiting(), 0);
    compare(&store, &model);
    Ok(())
}

fn config(u: &mut Unstructured<'_>) -> Result<ShardingConfig> {
    let bounds = (0..u.int_in_range(0..=3)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
    Ok(ShardingConfig {
        placement: *u.choose(Placement::ALL)?,
        hash: *u.choose(KeyHash::ALL)?,
        ring_points: *u.choose(RingPoints::ALL)?,
        // Few of everything, so that what is built anew with each change of map is small.
        virtual_nodes: u.int_in_range(1..=8)?,
        table_size: *u.choose(&[3, 7, 251])?,
        slots: u.int_in_range(1..=64)?,
        bounds,
        split_by: *u.choose(RangeMeasure::ALL)?,
        split_above: u.int_in_range(0..=6)?,
        unlisted: *u.choose(Unlisted::ALL)?,
        on_the_move: *u.choose(OnTheMove::ALL)?,
        copies: u.int_in_range(1..=3)?,
        replication: *u.choose(Replication::ALL)?,
        read_preference: *u.choose(ReadPreference::ALL)?,
        salted_reads: *u.choose(SaltedReads::ALL)?,
        ..ShardingConfig::default()
    })
}

fn spec(u: &mut Unstructured<'_>) -> Result<ShardSpec> {
    let name = *u.choose(&["alpha", "bravo", "charlie", "delta", "echo", "", "host:11211"])?;
    let weight = if u.ratio(1, 4)? { u.arbitrary()? } else { f64::from(u.int_in_range(1..=5)?) };
    Ok(ShardSpec { weight, ..ShardSpec::named(name) })
}

fn key(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    if u.ratio(1, 8)? {
        return u.arbitrary();
    }
    Ok(u.choose(&["", "a", "alpha", "m", "zulu", "7", "{tag}1", "{tag}2", "soldier_17"])?.as_bytes().to_vec())
}

fn shard(u: &mut Unstructured<'_>) -> Result<ShardId> {
    Ok(ShardId(u.int_in_range(0..=9)?))
}

fn step(
    u: &mut Unstructured<'_>,
    store: &mut ShardedStore,
    begun: &mut Vec<MoveId>,
    model: &mut BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<()> {
    let key = key(u)?;
    match u.int_in_range(0..=20)? {
        0..=5 => {
            let value: [u8; 2] = u.arbitrary()?;
            if let Ok(written) = store.write(&key, &value) {
                // Of a hot key one sub-key alone may have been looked at.
                let hot = store.parts(&key) > 1;
                assert!(written.existed == model.insert(key, value.to_vec()).is_some() || hot);
            }
        }
        6 | 7 => {
            if let Ok(written) = store.delete(&key) {
                assert_eq!(written.existed, model.remove(&key).is_some());
            }
        }
        8 | 9 => {
            let read = store.read(&key, &ReadWish { turn: u.arbitrary()?, ..ReadWish::default() });
            assert!(read.stale || read.value == model.get(&key).map(Vec::as_slice));
        }
        10 => {
            let _ = store.set_hot(&key, u.int_in_range(0..=40)?);
        }
        11..=13 => change(u, store, &key)?,
        14..=16 => begun.extend(store.start_move().map(|begun| begun.id)),
        // Perhaps a second time, or one that was given up meanwhile.
        17 | 18 if !begun.is_empty() => drop(store.finish_move(*u.choose(begun)?)),
        17..=19 => {
            let present: Vec<ShardId> = store.shard_ids().collect();
            store.replicate(*u.choose(&present)?, u.int_in_range(0..=3)?, u.int_in_range(0..=9)?);
        }
        _ => {
            let scan = store.scan(&key, None, 100);
            let wanted: Vec<_> = model.range(key..).map(|(key, value)| (key.clone(), value.clone())).collect();
            assert_eq!(scan.entries, wanted);
        }
    }
    Ok(())
}

fn change(u: &mut Unstructured<'_>, store: &mut ShardedStore, key: &[u8]) -> Result<()> {
    let change = match u.int_in_range(0..=9)? {
        0 | 1 if store.shard_ids().count() < MOST_SHARDS => MapChange::Add(spec(u)?),
        0..=3 => MapChange::Remove(shard(u)?),
        4 => MapChange::Reweigh(shard(u)?, u.arbitrary()?),
        5 => MapChange::MoveSlot(u.int_in_range(0..=70)?, shard(u)?),
        6 => MapChange::Split(key),
        7 => MapChange::Merge(key),
        8 => MapChange::MoveRange(key, shard(u)?),
        _ if u.arbitrary()? => MapChange::List(key, if u.arbitrary()? { Some(shard(u)?) } else { None }),
        _ => MapChange::EvenOut,
    };
    if let Ok(planned) = store.change(&change) {
        assert!((0.0..=1.0).contains(&planned.least_share));
        assert!(planned.keys <= planned.of_keys);
    }
    Ok(())
}

fn compare(store: &ShardedStore, model: &BTreeMap<Vec<u8>, Vec<u8>>) {
    for (key, value) in model {
        assert_eq!(store.current(key), Some(value.as_slice()), "{key:?}");
    }
    let all: Vec<_> = model.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    assert_eq!(store.scan(b"", None, usize::MAX).entries, all);
}
