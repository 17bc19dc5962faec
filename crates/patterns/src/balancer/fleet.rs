//! What the policies read of the instances, one column each, so that a pick touches little memory.

use super::policy::PeakEwma;

/// The hot columns of all instances ever added, by their position in the balancer's list.
#[derive(Clone, Debug, Default)]
pub(super) struct Fleet {
    outstanding: Vec<u32>,
    /// Including slow start.
    weights: Vec<f64>,
    takes_traffic: Vec<bool>,
    latencies: Vec<PeakEwma>,
    names: Vec<String>,
    /// Instances in slow start.
    warming: Vec<u32>,
    decay_ns: f64,
}

impl Fleet {
    pub(super) fn new(decay_ns: f64) -> Self {
        Self { decay_ns, ..Self::default() }
    }

    pub(super) fn push(&mut self, name: String, weight: f64) {
        self.outstanding.push(0);
        self.weights.push(weight);
        self.takes_traffic.push(false);
        self.latencies.push(PeakEwma::default());
        self.names.push(name);
    }

    pub(super) const fn len(&self) -> usize {
        self.outstanding.len()
    }

    #[inline]
    pub(super) fn outstanding(&self, instance: u32) -> u32 {
        self.outstanding[instance as usize]
    }

    #[inline]
    pub(super) fn outstanding_mut(&mut self, instance: u32) -> &mut u32 {
        &mut self.outstanding[instance as usize]
    }

    #[inline]
    pub(super) fn weight(&self, instance: u32) -> f64 {
        self.weights[instance as usize]
    }

    pub(super) fn set_weight(&mut self, instance: u32, weight: f64) {
        self.weights[instance as usize] = weight;
    }

    /// weight / (outstanding + 1) ^ bias, with which Envoy's least request queues an instance.
    #[inline]
    pub(super) fn biased_weight(&self, instance: u32, bias: f64) -> f64 {
        let weight = self.weight(instance);
        let load = f64::from(self.outstanding(instance)) + 1.0;
        if bias == 0.0 {
            weight
        } else if bias == 1.0 {
            weight / load
        } else {
            weight / libm::pow(load, bias)
        }
    }

    #[inline]
    pub(super) fn takes_traffic(&self, instance: u32) -> bool {
        self.takes_traffic[instance as usize]
    }

    pub(super) fn set_takes_traffic(&mut self, instance: u32, takes: bool) {
        self.takes_traffic[instance as usize] = takes;
    }

    #[inline]
    pub(super) fn latency(&self, instance: u32) -> &PeakEwma {
        &self.latencies[instance as usize]
    }

    #[inline]
    pub(super) fn latency_mut(&mut self, instance: u32) -> &mut PeakEwma {
        &mut self.latencies[instance as usize]
    }

    /// Time in which a latency average falls to 1/e.
    #[inline]
    pub(super) const fn decay_ns(&self) -> f64 {
        self.decay_ns
    }

    #[inline]
    pub(super) fn warming(&self) -> &[u32] {
        &self.warming
    }

    pub(super) fn start_warming(&mut self, instance: u32) {
        if !self.warming.contains(&instance) {
            self.warming.push(instance);
        }
    }

    pub(super) fn stop_warming(&mut self, instance: u32) {
        self.warming.retain(|&other| other != instance);
    }

    pub(super) fn name(&self, instance: u32) -> &str {
        &self.names[instance as usize]
    }
}
