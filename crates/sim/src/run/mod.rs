//! A finished run: the whole recording, and everything that is read from it. Reading changes nothing.

mod bands;
mod bulkhead_theory;
mod calls;
#[cfg(feature = "stores")]
mod cqrs;
mod explain;
mod frame;
mod narrate;
#[cfg(feature = "stores")]
mod narrate_data;
mod recovery;
mod report;
mod rows;
mod series;
mod statistics;
mod steps;
#[cfg(feature = "stores")]
mod stores;
mod theory_beside;
mod topology;

pub use bands::{Band, BandStatus, TransitionView};
pub use bulkhead_theory::BulkheadTheory;
pub use calls::{BreakerChangeView, BreakerReport, BulkheadReport, CallReport};
#[cfg(feature = "stores")]
pub use cqrs::{CqrsReport, CqrsView, LogColumns, MODEL_STRIDE, ModelReport, RejectionCount};
pub use explain::{Explanation, Step};
pub use frame::{
    BADGE_STRIDE, BREAKER_STRIDE, CALL_STRIDE, CELL_STRIDE, Frame, INSTANCE_STRIDE, REQUEST_STRIDE, SCALARS,
};
pub use recovery::Recovery;
pub use report::{InstanceReport, Latency, LatencyReport, OutcomeCount, Report, TheoryRelation, TheoryReport};
pub use rows::RequestRow;
pub use series::Series;
pub use statistics::{Estimate, summarise};
pub use steps::{Direction, StepTo};
#[cfg(feature = "stores")]
pub use stores::{
    KeyPlace, MapChangeReport, MapView, PlacementRow, SHARD_STRIDE, ShardReport, StoreKeys, StoreReport, StoreView,
};
pub use topology::{CallView, ServiceView};

use crate::recording::{Hasher, Recording, TimeIndex};
use crate::scenario::{Scenario, Topology};
use crate::time::millis;

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) scenario: Scenario,
    pub(crate) topology: Topology,
    pub(crate) recording: Recording,
    pub(crate) index: TimeIndex,
    pub(crate) bands: Vec<Band>,
    /// When a balancer began or ceased to panic about a group of instances, of which service it is the balancer, and
    /// about how many groups it did from then on.
    panics: Vec<(u64, u32, u32)>,
    /// As they are said.
    pub(crate) names: Vec<String>,
}

fn spoken(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((of, own)) => format!("{of}/{}", own.replace('_', " ")),
        None => name.replace('_', " "),
    }
}

impl Run {
    pub(crate) fn new(scenario: Scenario, mut recording: Recording) -> Self {
        let index = TimeIndex::new(&recording.requests);
        recording.end = recording.end.max(scenario.duration_nanos()).max(index.last_end());
        let mut names = scenario.instance_names();
        let bands = bands::bands(&scenario, &recording);
        let panics = bands::panics(&recording);
        let topology = Topology::new(&scenario);
        // Who is told of a read model hears what it answers: «by person».
        for (station, nodes) in topology.instances.iter().enumerate() {
            if scenario.station(station).is_sides() {
                names[nodes.clone()].iter_mut().for_each(|name| *name = spoken(name));
            }
        }
        Self { scenario, topology, recording, index, bands, panics, names }
    }

    /// The scenario that was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Number of requests that clients sent.
    pub fn requests(&self) -> u32 {
        self.index.requests()
    }

    /// Number of attempts, each with a number of its own: first ones, retries, and the calls of instances.
    pub fn attempts(&self) -> u32 {
        self.recording.requests.len()
    }

    /// Number of events that the simulation processed.
    pub fn events(&self) -> u64 {
        self.recording.events
    }

    /// When the last thing happened, in milliseconds.
    pub fn end_ms(&self) -> f64 {
        millis(self.recording.end)
    }

    /// The names of the instances, by which faults mean them.
    pub fn instance_names(&self) -> Vec<String> {
        self.scenario.instance_names()
    }

    fn bytes_of_stores(&self) -> usize {
        #[cfg(feature = "stores")]
        {
            let stores = self.recording.stores.iter().map(crate::recording::RecordedStore::memory_bytes);
            let sides = self.recording.sides.iter().map(crate::recording::RecordedSides::memory_bytes);
            stores.chain(sides).sum()
        }
        #[cfg(not(feature = "stores"))]
        0
    }

    /// The limit of a bulkhead at `t`, in nanoseconds.
    fn limit_at(&self, bulkhead: usize, t: u64) -> u32 {
        let before = self.recording.limits.partition_point(|&(at, ..)| at <= t);
        let mut changes = self.recording.limits[..before].iter().rev();
        let own = |&&(_, number, _): &&(u64, u32, u32)| number as usize == bulkhead;
        changes.find(own).map_or(0, |&(.., limit)| limit)
    }

    /// A number that is equal for equal runs: XXH3 over every row, in a byte order of its own.
    pub fn digest(&self) -> u64 {
        let mut hasher = Hasher::default();
        self.recording.requests.digest(&mut hasher);
        for &(at, instance, passed) in &self.recording.checks {
            hasher.update(&at.to_le_bytes());
            hasher.update(&instance.to_le_bytes());
            hasher.update(&[u8::from(passed)]);
        }
        for transition in &self.recording.transitions {
            hasher.update(&transition.at.as_nanos().to_le_bytes());
            hasher.update(&transition.instance.to_le_bytes());
            hasher.update(bands::describe(&transition.change).as_bytes());
        }
        self.recording.breakers.iter().for_each(|breaker| breaker.digest(&mut hasher));
        #[cfg(feature = "stores")]
        self.recording.stores.iter().for_each(|store| store.digest(&mut hasher));
        #[cfg(feature = "stores")]
        self.recording.sides.iter().for_each(|sides| sides.digest(&mut hasher));
        hasher.update(&self.recording.events.to_le_bytes());
        hasher.digest()
    }

    /// Memory that the recording takes, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.recording.requests.memory_bytes()
            + self.recording.checks.capacity() * size_of::<(u64, u16, bool)>()
            + self.recording.transitions.capacity() * size_of::<sandtable_patterns::balancer::Transition>()
            + self.recording.breakers.iter().map(|breaker| breaker.memory_bytes()).sum::<usize>()
            + self.recording.limits.capacity() * size_of::<(u64, u32, u32)>()
            + self.index.memory_bytes()
            + self.bytes_of_stores()
    }
}
