//! Random operations and changes of map, against one plain ordered map that knows nothing of shards: under every
//! placement, with either way of moving, with copies and with hot keys.

#![allow(clippy::unwrap_used)] // Where a test can't go on it should stop.

mod examples;
mod operations;

use std::collections::BTreeMap;

use operations::{KEYS, Operation, change, config, operation, range_operation};
use proptest::prelude::*;
use sandtable_patterns::sharding::{
    MoveId, OnTheMove, Placement, ReadPreference, ReadWish, Replication, ShardId, ShardSpec, ShardedStore,
    ShardingConfig,
};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

struct Run {
    config: ShardingConfig,
    store: ShardedStore,
    model: Model,
    /// Moves under way.
    moving: Vec<MoveId>,
}

impl Run {
    fn new(config: &ShardingConfig) -> Self {
        let specs = ["alpha", "bravo", "charlie:11211"].map(ShardSpec::named);
        let store = ShardedStore::try_new(config, &specs).expect("the configuration is right");
        Self { config: config.clone(), store, model: Model::new(), moving: Vec::new() }
    }

    fn step(&mut self, operation: &Operation) {
        match *operation {
            Operation::Write(key, value) => {
                let value = vec![value; usize::from(value % 4)];
                let written = self.store.write(KEYS[key], &value).expect("the key is not reserved");
                let before = self.model.insert(KEYS[key].to_vec(), value);
                // A hot key's next sub-key may be written for the first time.
                assert!(written.existed == before.is_some() || self.store.parts(KEYS[key]) > 1);
            }
            Operation::Delete(key) => {
                let deleted = self.store.delete(KEYS[key]).expect("the key is not reserved");
                assert_eq!(deleted.existed, self.model.remove(KEYS[key]).is_some());
            }
            Operation::Read(key, turn) => self.read(KEYS[key], turn),
            Operation::Scan(from, to, most) => self.scan(KEYS[from], KEYS[to], most),
            Operation::SetHot(key, parts) => self.store.set_hot(KEYS[key], parts).expect("the key is not reserved"),
            Operation::StartMove => self.start_move(),
            Operation::FinishMove(at) => {
                if at < self.moving.len() {
                    let id = self.moving.remove(at);
                    assert!(self.store.finish_move(id).is_some());
                    assert_eq!(self.store.finish_move(id), None, "a move ends once");
                }
            }
            Operation::MoveAll => {
                self.store.move_all();
                assert_eq!(self.store.moves_waiting(), 0);
            }
            Operation::Replicate(shard, copy, most) => {
                let behind = self.store.behind(ShardId(shard), copy);
                assert_eq!(self.store.replicate(ShardId(shard), copy, most), behind.min(most));
                assert_eq!(self.store.behind(ShardId(shard), copy), behind.saturating_sub(most));
            }
            Operation::ForgetLoad => self.store.forget_load(),
            _ => self.change(operation),
        }
    }

    fn change(&mut self, operation: &Operation) {
        let Some(planned) = change(&mut self.store, operation) else { return };
        // Moves go on where they lead to the right shard still; what is left of the others is not known any more.
        let under_way: Vec<MoveId> = self.store.moves().filter_map(|unit| unit.moving).collect();
        for id in std::mem::take(&mut self.moving) {
            if under_way.contains(&id) {
                self.moving.push(id);
            } else {
                assert_eq!(self.store.finish_move(id), None);
            }
        }
        assert_eq!(self.moving.len(), under_way.len());
        assert_eq!(planned.units as usize, self.store.moves().count());
        assert!(planned.keys <= planned.of_keys && u64::from(planned.units) <= planned.keys);
        assert!((0.0..=1.0).contains(&planned.least_share));
    }

    fn start_move(&mut self) {
        let waiting = self.store.moves_waiting();
        let begun = self.store.start_move();
        assert_eq!(begun.is_some(), waiting > 0);
        if let Some(begun) = begun {
            assert_ne!(begun.from, begun.to);
            self.moving.push(begun.id);
        }
    }

    fn read(&mut self, key: &[u8], turn: u64) {
        let never_behind = self.config.copies == 1
            || self.config.replication == Replication::Synchronous
            || self.config.read_preference == ReadPreference::Primary;
        let read = self.store.read(key, &ReadWish { turn, costs: &[3.0, 1.0, 2.0] });
        assert!(read.copy < self.config.copies);
        assert!(!(never_behind && (read.stale || read.behind > 0)));
        assert!(read.behind > 0 || !read.stale);
        if !read.stale {
            assert_eq!(read.value, self.model.get(key).map(Vec::as_slice));
        }
    }

    fn scan(&self, from: &[u8], to: &[u8], most: usize) {
        let scan = self.store.scan(from, Some(to), most);
        let within = self.model.iter().filter(|(key, _)| key.as_slice() >= from && key.as_slice() < to);
        let expected: Vec<_> = within.take(most).map(|(key, value)| (key.clone(), value.clone())).collect();
        assert_eq!(scan.entries, expected);
    }

    /// No key is lost, none is in two owners.
    fn check(&self) {
        let mut stored = 0;
        for key in KEYS {
            assert_eq!(self.store.current(key), self.model.get(*key).map(Vec::as_slice), "{key:?}");
            let mut found = 0;
            for part in 0..self.store.parts(key) {
                let route = self.store.route(key, part);
                let (owner, also) =
                    (self.holds(route.owner, key, part), route.also.map(|to| self.holds(to, key, part)));
                assert!(also.is_none_or(|also| also == owner), "both are written");
                found += u32::from(owner.is_some());
                stored += usize::from(owner.is_some()) + usize::from(also.flatten().is_some());
                if route.moving.is_none() && self.store.moves().count() == 0 {
                    assert_eq!(route.owner, route.location.shard);
                }
            }
            assert_eq!(found > 0, self.model.contains_key(*key));
        }
        // What owners hold is all there is: nobody else holds anything.
        let all: usize = self.store.shard_ids().map(|id| self.store.primary(id).len()).sum();
        assert_eq!(stored, all);
        if self.store.moves().count() == 0 {
            for id in self.store.shard_ids().filter(|id| self.store.map().shard(*id).is_none()) {
                assert!(self.store.primary(id).is_empty(), "one that has left holds nothing");
            }
        }
    }

    /// The number of the write that put this key, or this part of it, into a shard.
    fn holds(&self, shard: ShardId, key: &[u8], part: u32) -> Option<u64> {
        let store = self.store.primary(shard);
        let parts = self.store.parts(key);
        if parts == 1 {
            return store.get(key).map(|record| record.sequence);
        }
        let first = b"0123456789abcdefghijklmnopqrstuvwxyz"[(part * 36 / parts) as usize];
        store.get(&[&[first, 0xff], key].concat()).map(|record| record.sequence)
    }

    /// Once everything has moved and every copy has caught up, all copies answer as the model does.
    fn settle(&mut self) {
        for id in std::mem::take(&mut self.moving) {
            assert!(self.store.finish_move(id).is_some());
        }
        self.store.move_all();
        assert_eq!(self.store.moves().count(), 0);
        let shards: Vec<ShardId> = self.store.shard_ids().collect();
        for shard in shards {
            (0..self.config.copies).for_each(|copy| _ = self.store.replicate(shard, copy, u64::MAX));
        }
        for key in KEYS {
            for turn in 0..u64::from(self.config.copies * self.store.parts(key)) {
                let read = self.store.read(key, &ReadWish { turn, costs: &[] });
                assert!(!read.stale && read.behind == 0);
                assert_eq!(read.value, self.model.get(*key).map(Vec::as_slice));
            }
        }
        let all: Vec<_> = self.model.clone().into_iter().collect();
        assert_eq!(self.store.scan(b"", None, usize::MAX).entries, all);
        self.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_can_be_read_whatever_happens_to_the_map(
        config in config(),
        operations in prop::collection::vec(operation(), 1..150),
    ) {
        let mut run = Run::new(&config);
        for operation in &operations {
            run.step(operation);
            run.check();
        }
        run.settle();
    }

    #[test]
    fn ranges_may_be_cut_joined_and_handed_on_while_they_move(
        on_the_move in prop::sample::select(OnTheMove::ALL),
        operations in prop::collection::vec(range_operation(), 1..200),
    ) {
        let mut run = Run::new(&ShardingConfig { placement: Placement::Range, on_the_move, ..Default::default() });
        for operation in &operations {
            run.step(operation);
            run.check();
        }
        run.settle();
    }
}
