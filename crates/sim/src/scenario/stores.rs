//! What must hold of stores, beyond the bounds of single fields.

use sandtable_patterns::sharding::Placement;
use sandtable_patterns::{ConfigError, Shown};

use super::names::instance_index;
use super::read::{check_length, check_time, quoted};
use super::{Cqrs, Fault, FaultKind, ModelLayout, Scenario, Station, Store};

/// Each change of map leaves a map behind.
const MOST_MAP_CHANGES: usize = 50;

/// The bound of a store's `count`, and what may join.
const MOST_SHARDS: usize = 200 + MOST_MAP_CHANGES;

/// More points take too long to sort at each change of map.
const MOST_RING_POINTS: f64 = 200_000.0;

impl Scenario {
    /// The faults that have a shard join a store.
    pub fn joining(&self, store: &Store) -> impl Iterator<Item = &Fault> {
        let adds = self.faults.iter().filter(|fault| fault.kind == FaultKind::AddShard);
        adds.filter(|fault| fault.target == store.name)
    }

    /// How many shards a store has in all, those that join later among them.
    pub fn shards_ever(&self, store: &Store) -> usize {
        store.shards.count as usize + self.joining(store).count()
    }

    /// Whether stores are as small as they may be.
    pub(super) fn stores_make_sense(&self) -> bool {
        self.stores.iter().all(|store| self.shards_ever(store) <= MOST_SHARDS)
    }

    pub(super) fn check_stores(&self, errors: &mut Vec<ConfigError>) {
        for index in 0..self.stores.len() {
            self.check_store(index, errors);
        }
        for (index, store) in self.stores.iter().enumerate() {
            // Of two that are called the same, which is told elsewhere, each change would be told twice.
            if self.stores[..index].iter().all(|other| other.name != store.name) {
                self.check_map_changes(store, errors);
            }
        }
        for (index, sides) in self.cqrs.iter().enumerate() {
            let path = format!("cqrs[{index}]");
            self.check_name(self.services.len() + self.stores.len() + index, &path, errors);
            check_sides(sides, &path, errors);
        }
    }

    /// The read model that is called so: the number of its pair of sides, and its own.
    pub fn model_named(&self, name: &str) -> Option<(usize, usize)> {
        let node = self.instances_named(name).filter(|nodes| nodes.len() == 1)?.start;
        let mut first = 0;
        for (number, station) in self.stations().enumerate() {
            let count = self.nodes(station);
            if node < first + count {
                let Station::Cqrs(sides) = station else { return None };
                sides.model(node - first)?;
                let pair = number - self.services.len() - self.stores.len();
                return Some((pair, node - first - 1));
            }
            first += count;
        }
        None
    }

    /// Whether a change of map, or a fault of a projection, is of something that is there; and what is allowed.
    pub(super) fn target_of_data(&self, fault: &Fault) -> (bool, String) {
        let listed = |names: Vec<String>| if names.is_empty() { "none here".to_owned() } else { names.join(", ") };
        let stores = || listed(self.stores.iter().map(|store| store.name.clone()).collect());
        match fault.kind {
            FaultKind::AddShard | FaultKind::EvenOut => {
                (self.stores.iter().any(|store| store.name == fault.target), format!("a store: {}", stores()))
            }
            FaultKind::RemoveShard | FaultKind::WeighShard => (
                self.stores.iter().any(|store| self.shard_named(&fault.target, store).is_some()),
                format!("a shard, as store/alpha, of one of the stores: {}", stores()),
            ),
            _ => {
                let models = self.instance_names().into_iter().filter(|name| self.model_named(name).is_some());
                let allowed = format!("a read model: {}", listed(models.collect()));
                (self.model_named(&fault.target).is_some(), allowed)
            }
        }
    }

    fn check_lengths(&self, store: &Store, path: &str, errors: &mut Vec<ConfigError>) {
        let count = self.shards_ever(store);
        let mut length = |field: &str, found, most| check_length(&format!("{path}.{field}"), found, 0, most, errors);
        length("shards.weights", store.shards.weights.len(), count);
        length("shards.speeds", store.shards.speeds.len(), count);
        length("copy_ways", store.copy_ways.len(), store.sharding.copies as usize);
        length("salted_keys", store.salted_keys.len(), 100);
        length("sharding.bounds", store.sharding.bounds.len(), 1_000);
    }

    fn check_store(&self, index: usize, errors: &mut Vec<ConfigError>) {
        let store = &self.stores[index];
        let path = format!("stores[{index}]");
        self.check_name(self.services.len() + index, &path, errors);
        self.check_lengths(store, &path, errors);
        for (field, time) in store.shards.times() {
            check_time(time, &format!("{path}.shards.{field}"), errors);
        }
        for (at, pair) in store.sharding.bounds.windows(2).enumerate().filter(|(_, pair)| pair[0] >= pair[1]) {
            let place = format!("{path}.sharding.bounds[{}]", at + 1);
            let allowed = format!("a text after {}", quoted(&pair[0]));
            errors.push(ConfigError::new(place, quoted(&pair[1]), allowed));
        }
        let weights = (0..self.shards_ever(store).min(MOST_SHARDS)).map(|shard| store.shards.weight(shard));
        let points = weights.sum::<f64>() * f64::from(store.sharding.virtual_nodes);
        if store.sharding.placement == Placement::Ring && points > MOST_RING_POINTS {
            let place = format!("{path}.sharding.virtual_nodes");
            let found = format!("{} points on the ring", Shown(points.round()));
            let allowed = format!("at most {} for all shards and their weights", Shown(MOST_RING_POINTS));
            errors.push(ConfigError::new(place, found, allowed));
        }
    }

    /// Changes of a store's map, by their numbers among the faults, in the order in which they happen.
    pub fn map_changes(&self, store: &Store) -> Vec<usize> {
        let own = |fault: &Fault| {
            let of = fault.target.split_once('/').map_or(fault.target.as_str(), |(of, _)| of);
            fault.kind.changes_map() && (of == store.name || self.shard_named(&fault.target, store).is_some())
        };
        let mut changes: Vec<usize> = (0..self.faults.len()).filter(|&fault| own(&self.faults[fault])).collect();
        changes.sort_by(|&a, &b| self.faults[a].at_ms.total_cmp(&self.faults[b].at_ms));
        changes
    }

    /// The shard of a store that is called so by a fault.
    pub fn shard_named(&self, name: &str, store: &Store) -> Option<usize> {
        let own = match name.split_once('/') {
            Some((of, own)) => (of == store.name).then_some(own)?,
            None => {
                let first =
                    self.services.is_empty() && self.stores.first().is_some_and(|first| first.name == store.name);
                first.then_some(name)?
            }
        };
        instance_index(own, self.shards_ever(store))
    }

    /// Plays the changes of a store's map as far as it takes to see what each finds.
    fn check_map_changes(&self, store: &Store, errors: &mut Vec<ConfigError>) {
        let mut here = vec![true; (store.shards.count as usize).min(MOST_SHARDS)];
        let changes = self.map_changes(store);
        if changes.len() > MOST_MAP_CHANGES {
            let found = format!("{} changes of the map of {}", changes.len(), store.name);
            errors.push(ConfigError::new("faults", found, format!("at most {MOST_MAP_CHANGES} for each store")));
        }
        for number in changes {
            let fault = &self.faults[number];
            let mut wrong = |field: &str, found: String, allowed: &str| {
                errors.push(ConfigError::new(format!("faults[{number}].{field}"), found, allowed));
            };
            match (fault.kind, self.shard_named(&fault.target, store)) {
                (FaultKind::AddShard, _) => here.push(true),
                (FaultKind::EvenOut, _) => {
                    let placement = store.sharding.placement;
                    if !matches!(placement, Placement::Slots | Placement::Range) {
                        let found = format!("even_out of {}", placement.name());
                        wrong("kind", found, "even_out of a store whose placement is slots or range");
                    }
                }
                (_, Some(shard)) if !here.get(shard).is_some_and(|&here| here) => {
                    let found = format!("{}, which isn't there at that time", quoted(&fault.target));
                    wrong("target", found, "a shard that has joined and not left");
                }
                (FaultKind::RemoveShard, Some(shard)) => {
                    here[shard] = false;
                    if !here.contains(&true) {
                        wrong(
                            "target",
                            format!("{}, the last shard", quoted(&fault.target)),
                            "a shard that isn't the last",
                        );
                        here[shard] = true;
                    }
                }
                _ => {}
            }
        }
    }
}

fn check_sides(sides: &Cqrs, path: &str, errors: &mut Vec<ConfigError>) {
    check_time(&sides.commands.work, &format!("{path}.commands.work"), errors);
    check_time(&sides.shared.read_time, &format!("{path}.shared.read_time"), errors);
    let least = usize::from(sides.layout == ModelLayout::Apart);
    check_length(&format!("{path}.models"), sides.models.len(), least, 3, errors);
    for (index, model) in sides.models.iter().enumerate() {
        let place = format!("{path}.models[{index}]");
        check_time(&model.read_time, &format!("{place}.read_time"), errors);
        if sides.models[..index].iter().any(|other| other.kind == model.kind) {
            let found = format!("{} again", model.kind.name());
            errors.push(ConfigError::new(format!("{place}.kind"), found, "another kind than the models before it"));
        }
    }
}
