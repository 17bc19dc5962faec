//! The state of the instances.

use super::{Sketch, State};
use crate::engine::faults::holds;
use crate::run::{BandStatus, Run};
use crate::scenario::{Fault, FaultKind};

/// Numbers for each instance.
pub const INSTANCE_STRIDE: usize = 13;

/// An instance at a moment.
#[derive(Clone, Default)]
pub(super) struct Node {
    working: u32,
    pub(super) busy: u64,
    pub(super) sent: u32,
    calling: u32,
    unwanted: u32,
    /// Queries answered lately, and how many of the answers were stale.
    answers: u32,
    stale: u32,
    /// Who waits, with the time of coming.
    pub(super) queue: Vec<(u64, u32)>,
}

impl Node {
    pub(super) fn answered(&mut self, stale: bool) {
        self.answers += 1;
        self.stale += u32::from(stale);
    }

    /// Of the queries answered lately; NaN where there were none.
    #[cfg(feature = "stores")]
    pub(super) fn stale_share(&self) -> f32 {
        self.stale as f32 / self.answers as f32
    }

    /// The instance has this attempt in hand.
    pub(super) fn holds(&mut self, state: State, came: u64, row: u32, unwanted: bool) {
        self.unwanted += u32::from(unwanted);
        match state {
            State::Waiting => self.queue.push((came, row)),
            _ => self.working += 1,
        }
        self.calling += u32::from(state == State::Calling);
    }
}

impl Sketch<'_> {
    pub(super) fn instance_rows(&self) -> Vec<f32> {
        let failed_checks = self.failed_checks();
        let mut rows = Vec::with_capacity(self.nodes.len() * INSTANCE_STRIDE);
        // Looked up once for each service: there may be a thousand instances.
        let (mut own, mut panics) = (usize::MAX, false);
        for (index, node) in self.nodes.iter().enumerate() {
            let band = self.run.band_at(index as u32, self.t);
            let since = if band.from == 0 { f32::NAN } else { band.from_ms as f32 };
            let number = self.run.topology.station_of(index);
            if number != own {
                (own, panics) = (number, self.run.panics_at(number, self.t));
            }
            let local = index - self.run.topology.instances[number].start;
            let concurrency = f64::from(self.run.scenario.station(number).concurrency(local));
            let utilisation = node.busy as f64 / self.smoothing as f64 / concurrency;
            let rate = f64::from(node.sent) / (self.smoothing as f64 / 1e9);
            let status = band.status as u8;
            let takes_traffic = status == 0 || (panics && status != BandStatus::Draining as u8);
            rows.extend([
                f32::from(u8::from(band.up)),
                f32::from(status),
                since,
                node.working as f32,
                node.queue.len() as f32,
                utilisation as f32,
                rate as f32,
                failed_checks[index] as f32,
                self.fault_bits(index) as f32,
                f32::from(u8::from(takes_traffic)),
                node.unwanted as f32,
                node.calling as f32,
                f32::from(u8::from(panics)),
            ]);
        }
        rows
    }

    /// Health checks failed in a row until now, by instance.
    fn failed_checks(&self) -> Vec<u32> {
        let checks = &self.run.recording.checks;
        let until = checks.partition_point(|&(at, ..)| at <= self.t);
        let mut failed = vec![0; self.nodes.len()];
        let mut settled = vec![false; self.nodes.len()];
        let mut open = self.nodes.len();
        // Backwards: each instance's run of failures ends at its last passed check.
        for &(_, instance, passed) in checks[..until].iter().rev().take(64 * self.nodes.len()) {
            let instance = usize::from(instance);
            if settled[instance] {
                continue;
            }
            if passed {
                settled[instance] = true;
                open -= 1;
                if open == 0 {
                    break;
                }
            } else {
                failed[instance] += 1;
            }
        }
        failed
    }

    fn fault_bits(&self, index: usize) -> u32 {
        let faults = self.run.scenario.faults.iter();
        let own = faults.filter(|fault| self.run.strikes(fault, index) && holds(fault, self.t));
        own.fold(0, |bits, fault| {
            bits | match fault.kind {
                FaultKind::Crash => 1,
                FaultKind::Slow => 2,
                FaultKind::Errors => 4,
                FaultKind::FailingChecks => 8,
                FaultKind::Drain => 16,
                _ => 0,
            }
        })
    }
}

impl Run {
    /// Whether a fault strikes an instance, directly or with its whole service.
    pub(in crate::run) fn strikes(&self, fault: &Fault, instance: usize) -> bool {
        fault.kind.strikes_nodes()
            && self.scenario.instances_named(&fault.target).is_some_and(|struck| struck.contains(&instance))
    }
}
