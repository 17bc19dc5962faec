//! A finished run: the whole recording, and everything that is read from it. Reading changes nothing.

mod bands;
mod explain;
mod frame;
mod narrate;
mod report;
mod rows;
mod series;
mod statistics;
mod steps;
mod theory_beside;

pub use bands::{Band, BandStatus, TransitionView};
pub use explain::{Explanation, Step};
pub use frame::{BADGE_STRIDE, Frame, INSTANCE_STRIDE, REQUEST_STRIDE, SCALARS};
pub use report::{InstanceReport, Latency, LatencyReport, OutcomeCount, Report, TheoryRelation, TheoryReport};
pub use rows::RequestRow;
pub use series::Series;
pub use statistics::{Estimate, summarise};
pub use steps::{Direction, StepTo};

use crate::recording::{Hasher, Recording, TimeIndex};
use crate::scenario::{Scenario, instance_name};
use crate::time::millis;

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) scenario: Scenario,
    pub(crate) recording: Recording,
    pub(crate) index: TimeIndex,
    pub(crate) bands: Vec<Band>,
    /// When a group of instances began or ceased to panic, and how many did from then on.
    panics: Vec<(u64, u32)>,
    pub(crate) names: Vec<String>,
}

impl Run {
    pub(crate) fn new(scenario: Scenario, mut recording: Recording) -> Self {
        let index = TimeIndex::new(&recording.requests);
        recording.end = recording.end.max(scenario.duration_nanos()).max(index.last_end());
        let names: Vec<String> = (0..scenario.services[0].instances.count as usize).map(instance_name).collect();
        let bands = bands::bands(&scenario, &recording);
        let panics = bands::panics(&recording);
        Self { scenario, recording, index, bands, panics, names }
    }

    /// The scenario that was simulated.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Number of requests.
    pub fn requests(&self) -> u32 {
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

    /// The names of the instances.
    pub fn instance_names(&self) -> &[String] {
        &self.names
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
        hasher.update(&self.recording.events.to_le_bytes());
        hasher.digest()
    }

    /// Memory that the recording takes, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.recording.requests.memory_bytes()
            + self.recording.checks.capacity() * size_of::<(u64, u16, bool)>()
            + self.recording.transitions.capacity() * size_of::<sandtable_patterns::balancer::Transition>()
            + self.index.memory_bytes()
    }
}
