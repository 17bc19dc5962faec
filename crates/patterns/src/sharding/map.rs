//! The map: which shards there are, and where each key belongs.

use super::placement::{Cut, Table, midpoint};
use super::shard::{check, check_weight};
use super::{Location, Placement, Shard, ShardId, ShardSpec, ShardingConfig, Unlisted};
use crate::{ConfigError, check_all};

/// No map has more shards.
pub const MOST_SHARDS: usize = 10_000;

/// A map of keys to shards. It has a shard at all times, so that each key belongs somewhere.
#[derive(Clone, Debug)]
pub struct ShardMap {
    pub(super) config: ShardingConfig,
    pub(super) shards: Vec<Shard>,
    pub(super) table: Table,
    version: u64,
    next: u32,
}

/// A change of map.
#[derive(Clone, Debug, PartialEq)]
pub enum MapChange<'a> {
    /// A shard joins.
    Add(ShardSpec),
    /// A shard leaves. Under jump hashing, where only the last bucket can go, the last shard takes over its bucket, so
    /// that up to twice the least moves.
    Remove(ShardId),
    /// A shard gets another weight.
    Reweigh(ShardId, f64),
    /// A hash slot goes to another shard.
    MoveSlot(u32, ShardId),
    /// The range that holds this key is cut in two; the key begins the second part. Nothing moves.
    Split(&'a [u8]),
    /// The range that holds this key is joined with the next one, of the same shard. Nothing moves.
    Merge(&'a [u8]),
    /// The range that holds this key goes to another shard.
    MoveRange(&'a [u8], ShardId),
    /// The directory lists this key for a shard, or with none no longer lists it.
    List(&'a [u8], Option<ShardId>),
    /// Slots or ranges are dealt out by weight again, after some were moved by hand or have grown.
    EvenOut,
}

/// Why a map stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefused {
    /// The new shard's name or weight won't do.
    Invalid(Vec<ConfigError>),
    /// There is no such shard.
    UnknownShard(ShardId),
    /// The last shard can't leave.
    LastShard,
    /// This placement has no slots, ranges or directory.
    OtherPlacement(Placement),
    /// There is nothing to change: it is so already, or there is no such slot or range.
    Nothing,
}

/// What is in the ranges, for whoever evens them out.
pub(super) struct Contents<'a> {
    pub(super) measures: Vec<f64>,
    pub(super) cut: Cut<'a>,
}

impl ShardMap {
    /// A map of these shards, numbered in their order.
    ///
    /// # Errors
    /// Every mistake of the configuration and of the shards, with its path.
    pub fn try_new(config: &ShardingConfig, specs: &[ShardSpec]) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        let mut errors = Vec::new();
        if specs.is_empty() || specs.len() > MOST_SHARDS {
            errors.push(ConfigError::new("shards", specs.len(), "1 to 10000 shards"));
        }
        let mut shards: Vec<Shard> = Vec::new();
        for (at, spec) in specs.iter().take(MOST_SHARDS).enumerate() {
            check(spec, &shards, at, &mut errors);
            shards.push(Shard { id: ShardId(at as u32), name: spec.name.clone(), weight: spec.weight });
        }
        for (at, pair) in config.bounds.windows(2).enumerate().filter(|(_, pair)| pair[0] >= pair[1]) {
            errors.push(ConfigError::new(format!("bounds[{}]", at + 1), &pair[1], "after the bound before it"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let table = Table::new(config, &shards);
        Ok(Self { config: config.clone(), next: shards.len() as u32, shards, table, version: 1 })
    }

    /// Where a key belongs, and why. Nothing is allocated.
    pub fn locate(&self, key: &[u8]) -> Location {
        self.table.locate(&self.config, &self.shards, key, false)
    }

    /// The same, but hashing all of the key even where it has a hash tag.
    pub fn locate_whole(&self, key: &[u8]) -> Location {
        self.table.locate(&self.config, &self.shards, key, true)
    }

    /// Changes the map, and gives the number of the shard that joined, if one did. Each change makes a new version.
    ///
    /// A map doesn't know what its ranges hold, takes them for equally full and cuts them in the middle; only
    /// [`ShardedStore::change`](super::ShardedStore::change) evens out what is there.
    ///
    /// # Errors
    /// Why nothing was changed.
    pub fn apply(&mut self, change: &MapChange<'_>) -> Result<Option<ShardId>, ChangeRefused> {
        self.apply_knowing(change, None)
    }

    /// The same, where it is known what is in the ranges.
    pub(super) fn apply_knowing(
        &mut self,
        change: &MapChange<'_>,
        contents: Option<Contents<'_>>,
    ) -> Result<Option<ShardId>, ChangeRefused> {
        let mut added = None;
        match change {
            MapChange::Add(spec) => added = Some(self.add(spec)?),
            MapChange::Remove(id) => self.remove(*id)?,
            MapChange::Reweigh(id, weight) => self.reweigh(*id, *weight)?,
            MapChange::MoveSlot(slot, to) => {
                self.position(*to)?;
                let Table::Slots(slots) = &mut self.table else { return self.other_placement() };
                changed(slots.set_owner(*slot, *to))?;
            }
            MapChange::Split(key) => {
                let Table::Ranges(ranges) = &mut self.table else { return self.other_placement() };
                changed(ranges.split(key))?;
            }
            MapChange::Merge(key) => {
                let Table::Ranges(ranges) = &mut self.table else { return self.other_placement() };
                changed(ranges.merge(ranges.range_of(key)))?;
            }
            MapChange::MoveRange(key, to) => {
                self.position(*to)?;
                let Table::Ranges(ranges) = &mut self.table else { return self.other_placement() };
                changed(ranges.set_owner(ranges.range_of(key), *to))?;
            }
            MapChange::EvenOut => {
                if !matches!(self.table, Table::Slots(_) | Table::Ranges(_)) {
                    return self.other_placement();
                }
            }
            MapChange::List(key, owner) => {
                owner.map_or(Ok(0), |owner| self.position(owner))?;
                let Table::Directory(directory) = &mut self.table else { return self.other_placement() };
                changed(directory.list(key, *owner))?;
            }
        }
        if matches!(change, MapChange::Add(_) | MapChange::Remove(_) | MapChange::Reweigh(..) | MapChange::EvenOut) {
            self.rebuild(contents);
        }
        self.version += 1;
        Ok(added)
    }

    fn add(&mut self, spec: &ShardSpec) -> Result<ShardId, ChangeRefused> {
        let (at, mut errors) = (self.shards.len(), Vec::new());
        check(spec, &self.shards, at, &mut errors);
        if at == MOST_SHARDS {
            errors.push(ConfigError::new("shards", at + 1, "1 to 10000 shards"));
        }
        if !errors.is_empty() {
            return Err(ChangeRefused::Invalid(errors));
        }
        let id = ShardId(self.next);
        self.next += 1;
        self.shards.push(Shard { id, name: spec.name.clone(), weight: spec.weight });
        Ok(id)
    }

    fn remove(&mut self, id: ShardId) -> Result<(), ChangeRefused> {
        let at = self.position(id)?;
        if self.shards.len() == 1 {
            return Err(ChangeRefused::LastShard);
        }
        if self.config.placement == Placement::Jump {
            self.shards.swap_remove(at);
        } else {
            self.shards.remove(at);
        }
        Ok(())
    }

    fn reweigh(&mut self, id: ShardId, weight: f64) -> Result<(), ChangeRefused> {
        let (at, mut errors) = (self.position(id)?, Vec::new());
        check_weight(weight, at, &mut errors);
        if !errors.is_empty() {
            return Err(ChangeRefused::Invalid(errors));
        }
        changed(std::mem::replace(&mut self.shards[at].weight, weight) != weight)
    }

    fn rebuild(&mut self, contents: Option<Contents<'_>>) {
        self.table.rebuild(&self.config, &self.shards);
        if let Table::Ranges(ranges) = &mut self.table {
            match contents {
                Some(Contents { measures, cut }) => ranges.rebalance(&self.shards, measures, cut),
                None => ranges.rebalance(&self.shards, vec![1.0; ranges.len()], &mut midpoint),
            }
        }
    }

    fn position(&self, id: ShardId) -> Result<usize, ChangeRefused> {
        self.shards.iter().position(|shard| shard.id == id).ok_or(ChangeRefused::UnknownShard(id))
    }

    const fn other_placement<T>(&self) -> Result<T, ChangeRefused> {
        Err(ChangeRefused::OtherPlacement(self.config.placement))
    }

    /// How often the map has changed, plus one.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Its shards, in the order in which modulo and jump count them.
    pub fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// A shard that has not left.
    pub fn shard(&self, id: ShardId) -> Option<&Shard> {
        self.shards.iter().find(|shard| shard.id == id)
    }

    /// Its configuration.
    pub const fn config(&self) -> &ShardingConfig {
        &self.config
    }

    /// Whether a shard of twice the weight gets twice the keys.
    pub fn heeds_weights(&self) -> bool {
        match self.config.placement {
            Placement::HashModulo | Placement::Jump => false,
            Placement::Directory => self.config.unlisted == Unlisted::Rendezvous,
            _ => true,
        }
    }
}

const fn changed(changed: bool) -> Result<(), ChangeRefused> {
    if changed { Ok(()) } else { Err(ChangeRefused::Nothing) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::KeyHash;
    use crate::sharding::{Movement, Why, least_share};

    fn specs(weights: &[f64]) -> Vec<ShardSpec> {
        let spec = |(at, &weight): (usize, &f64)| ShardSpec { name: format!("shard-{at}"), weight };
        weights.iter().enumerate().map(spec).collect()
    }

    fn map(placement: Placement, weights: &[f64]) -> ShardMap {
        let config = ShardingConfig { placement, ..ShardingConfig::default() };
        ShardMap::try_new(&config, &specs(weights)).unwrap()
    }

    fn keys() -> Vec<Vec<u8>> {
        (0..20_000).map(|key| format!("soldier_{key}").into_bytes()).collect()
    }

    /// The share of keys that moved, and how many moved neither to nor from this shard.
    fn moved(before: &ShardMap, after: &ShardMap, shard: ShardId) -> (f64, u32) {
        let keys = keys();
        let movement = Movement::between(before, after, keys.iter().map(Vec::as_slice));
        let needless = keys.iter().filter(|key| {
            let (from, to) = (before.locate(key).shard, after.locate(key).shard);
            from != to && from != shard && to != shard
        });
        (movement.share(), needless.count() as u32)
    }

    /// Of 20 000 keys, a quarter has a standard deviation of 0.3 %; a ring of 100 points a shard is uneven by 10 %.
    #[test]
    fn a_shard_that_joins_takes_its_share_and_nobody_else_moves() {
        for placement in [Placement::Ring, Placement::Jump, Placement::Rendezvous, Placement::Directory] {
            let before = map(placement, &[1.0; 3]);
            let mut after = before.clone();
            assert_eq!(after.apply(&MapChange::Add(ShardSpec::named("new"))), Ok(Some(ShardId(3))));
            assert_eq!((after.version(), least_share(&before, &after)), (2, 0.25));
            let (share, needless) = moved(&before, &after, ShardId(3));
            assert_eq!(needless, 0, "{placement:?}");
            let tolerance = if placement == Placement::Ring { 0.08 } else { 0.013 };
            assert!((share - 0.25).abs() < tolerance, "{placement:?}: {share}");
        }
    }

    #[test]
    fn a_shard_that_leaves_moves_its_own_keys_and_under_jump_the_last_ones_too() {
        let few = [Placement::Ring, Placement::Rendezvous, Placement::Directory];
        for placement in few.into_iter().chain([Placement::Jump, Placement::HashModulo]) {
            let before = map(placement, &[1.0; 4]);
            let mut after = before.clone();
            assert_eq!(after.apply(&MapChange::Remove(ShardId(1))), Ok(None));
            assert!((least_share(&before, &after) - 0.25).abs() < 1e-12);
            let (share, needless) = moved(&before, &after, ShardId(1));
            let expected = match placement {
                // Its own go to the last shard, whose own go to all others but those that meet it there again.
                Placement::Jump => 0.25 + 0.25 * 2.0 / 3.0,
                Placement::HashModulo => 0.75,
                _ => 0.25,
            };
            assert!((share - expected).abs() < 0.08, "{placement:?}: {share}");
            assert!(needless == 0 || !few.contains(&placement), "{placement:?}: {needless}");
        }
    }

    #[test]
    fn weights_are_heeded_and_a_change_of_one_moves_keys_to_or_from_that_shard_alone() {
        for placement in [Placement::Ring, Placement::Rendezvous, Placement::Maglev, Placement::Slots] {
            let before = map(placement, &[1.0, 2.0, 1.0]);
            let of_second = |map: &ShardMap| {
                let keys = keys();
                let its = keys.iter().filter(|key| map.locate(key).shard == ShardId(1)).count();
                (its as f64 / keys.len() as f64, map.hash_shares()[1])
            };
            let (keys, hashes) = of_second(&before);
            assert!((keys - 0.5).abs() < 0.06 && (hashes - 0.5).abs() < 0.06, "{placement:?}: {keys} {hashes}");
            let mut after = before.clone();
            assert_eq!(after.apply(&MapChange::Reweigh(ShardId(1), 6.0)), Ok(None));
            assert!((least_share(&before, &after) - 0.25).abs() < 1e-12);
            let (keys, hashes) = of_second(&after);
            assert!((keys - 0.75).abs() < 0.06 && (hashes - 0.75).abs() < 0.06, "{placement:?}: {keys} {hashes}");
            let (share, needless) = moved(&before, &after, ShardId(1));
            if placement != Placement::Maglev {
                assert!((share - 0.25).abs() < 0.06 && needless == 0, "{placement:?}: {share} {needless}");
            }
        }
    }

    #[test]
    fn equal_weights_of_any_size_give_rendezvous_the_same_shards() {
        let (ones, sevens) = (map(Placement::Rendezvous, &[1.0; 5]), map(Placement::Rendezvous, &[7.0; 5]));
        let mut nearly = ones.clone();
        nearly.apply(&MapChange::Reweigh(ShardId(0), 1.0 + 1e-12)).unwrap();
        for key in keys() {
            assert_eq!(ones.locate(&key).shard, sevens.locate(&key).shard);
            // The score by integers is in the order of the score by logarithms.
            assert_eq!(ones.locate(&key).shard, nearly.locate(&key).shard);
        }
    }

    #[test]
    fn ranges_are_cut_for_a_shard_that_joins_and_joined_by_hand() {
        let mut map = map(Placement::Range, &[1.0; 2]);
        let starts = |map: &ShardMap| map.ranges().map(|r| (r.start.to_vec(), r.shard.0)).collect::<Vec<_>>();
        assert_eq!(starts(&map), [(b"".to_vec(), 0), (b"i".to_vec(), 1)]);
        map.apply(&MapChange::Add(ShardSpec::named("new"))).unwrap();
        // A third of each of two equal ranges: nothing else moves.
        let cut = [(b"".to_vec(), 0), (b"U".to_vec(), 2), (b"i".to_vec(), 1), (b"u".to_vec(), 2)];
        assert_eq!(starts(&map), cut);
        map.apply(&MapChange::MoveRange(b"zz", ShardId(1))).unwrap();
        map.apply(&MapChange::Merge(b"i")).unwrap();
        assert_eq!(map.apply(&MapChange::Merge(b"i")), Err(ChangeRefused::Nothing));
        assert_eq!(map.apply(&MapChange::Split(b"i")), Err(ChangeRefused::Nothing));
        map.apply(&MapChange::Split(b"k")).unwrap();
        assert_eq!(map.locate(b"k").why, Why::Range { range: 3, of: 4 });
        map.apply(&MapChange::Remove(ShardId(1))).unwrap();
        assert!(map.ranges().all(|range| range.shard != ShardId(1)));
    }

    #[test]
    fn slots_move_one_by_one_and_as_few_as_may_be() {
        let before = map(Placement::Slots, &[1.0; 3]);
        let mut after = before.clone();
        after.apply(&MapChange::Add(ShardSpec::named("new"))).unwrap();
        let pairs = || before.slot_owners().iter().zip(after.slot_owners());
        assert_eq!(pairs().filter(|(from, to)| from != to).count(), 4_096);
        assert!(pairs().all(|(from, to)| from == to || *to == ShardId(3)));
        assert_eq!(after.apply(&MapChange::MoveSlot(16_384, ShardId(0))), Err(ChangeRefused::Nothing));
        assert_eq!(after.apply(&MapChange::MoveSlot(0, ShardId(9))), Err(ChangeRefused::UnknownShard(ShardId(9))));
    }

    #[test]
    fn a_directory_is_obeyed_and_forgets_a_shard_that_leaves() {
        let mut map = map(Placement::Directory, &[1.0; 3]);
        let by_rule = map.locate(b"k").shard;
        let other = ShardId((by_rule.0 + 1) % 3);
        map.apply(&MapChange::List(b"k", Some(other))).unwrap();
        assert_eq!((map.locate(b"k").shard, map.locate(b"k").why), (other, Why::Listed));
        map.apply(&MapChange::Remove(other)).unwrap();
        assert_eq!(map.locate(b"k").shard, by_rule);
        assert_eq!(map.apply(&MapChange::List(b"k", None)), Err(ChangeRefused::Nothing));
        assert_eq!(map.apply(&MapChange::Split(b"k")), Err(ChangeRefused::OtherPlacement(Placement::Directory)));
    }

    #[test]
    fn every_mistake_is_told_and_the_last_shard_stays() {
        let config = ShardingConfig { bounds: vec!["m".to_owned(), "m".to_owned()], ..ShardingConfig::default() };
        let named = |weight| ShardSpec { name: "a".to_owned(), weight };
        let errors = ShardMap::try_new(&config, &[named(1.0), named(0.0)]).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "shards[1].weight: found 0; allowed: 0.001 to 1000",
                "shards[1].name: found a; allowed: a name of its own",
                "bounds[1]: found m; allowed: after the bound before it",
            ]
        );
        assert!(ShardMap::try_new(&ShardingConfig::default(), &[]).is_err());
        let mut map = map(Placement::Ring, &[1.0]);
        assert_eq!(map.apply(&MapChange::Remove(ShardId(0))), Err(ChangeRefused::LastShard));
        assert_eq!((map.version(), map.locate(b"any").shard), (1, ShardId(0)));
    }

    #[test]
    fn numbers_in_a_row_lie_side_by_side_where_nothing_mixes_them() {
        let config = ShardingConfig { hash: KeyHash::WholeNumber, ..ShardingConfig::default() };
        let map = ShardMap::try_new(&config, &specs(&[1.0; 3])).unwrap();
        let shards: Vec<u32> = (0..6).map(|key| map.locate(key.to_string().as_bytes()).shard.0).collect();
        assert_eq!(shards, [0, 1, 2, 0, 1, 2]);
    }
}
