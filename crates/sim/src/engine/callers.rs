//! The callers' side of the calls: the policies of each, and their state while the run goes on.

use std::ops::Range;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::Breaker;
use sandtable_patterns::bulkhead::{Bulkhead, LimitKind};
use sandtable_patterns::retry::Retry;

use crate::recording::RecordedBreaker;
use crate::scenario::{BreakerScope, Caller, Edge, Scenario, Topology};
use crate::time::nanos;

use super::RunError;
use super::live::Lives;
use super::station::located;

/// Everything about calls that only matters where they have policies or where services call others.
#[derive(Debug)]
pub(super) struct Callers {
    pub(super) lives: Lives,
    pub(super) policies: Vec<Policies>,
    /// All of them; they move into the recording at the end.
    pub(super) breakers: Vec<RecordedBreaker>,
    pub(super) bulkheads: Vec<Bulkhead>,
    /// The deadline of each breaker for which an event is in the queue.
    pub(super) breaker_deadlines: Vec<Option<Instant>>,
    pub(super) bulkhead_deadlines: Vec<Option<Instant>>,
    /// One for each party of each call that tries again.
    pub(super) retries: Vec<Retry>,
}

/// The policies of a call.
#[derive(Debug)]
pub(super) struct Policies {
    pub(super) edge: Edge,
    /// Nanoseconds; 0 for none.
    pub(super) timeout: u64,
    pub(super) cancel: bool,
    /// Whether the bulkhead's limit follows how calls fare.
    pub(super) adapts: bool,
    /// Whether there is a breaker for the call as a whole.
    pub(super) breaker: bool,
    /// Whether each instance called has a breaker.
    pub(super) breaker_each: bool,
    /// The retry policy of the first party, if the call is ever tried again.
    pub(super) retry: Option<usize>,
    /// Whether a retry avoids the instances tried before.
    pub(super) elsewhere: bool,
    /// The probability with which an instance makes the call.
    pub(super) share: f64,
}

impl Callers {
    /// None where every call is plain.
    pub(super) fn new(scenario: &Scenario, topology: &Topology) -> Result<Option<Self>, RunError> {
        if topology.edges.iter().all(|edge| is_plain(scenario, edge)) {
            return Ok(None);
        }
        let mut callers = Self {
            lives: Lives::default(),
            policies: Vec::new(),
            breakers: Vec::new(),
            bulkheads: Vec::new(),
            breaker_deadlines: vec![None; topology.breakers()],
            bulkhead_deadlines: vec![None; topology.bulkheads()],
            retries: Vec::new(),
        };
        for edge in &topology.edges {
            callers.add(scenario, edge)?;
        }
        Ok(Some(callers))
    }

    fn add(&mut self, scenario: &Scenario, edge: &Edge) -> Result<(), RunError> {
        let call = scenario.call(edge);
        let place = match edge.caller {
            Caller::Client(client) => format!("clients[{client}].calls[{}]", edge.place),
            Caller::Service(service) => format!("services[{service}].calls[{}]", edge.place),
        };
        for _ in edge.breakers.clone() {
            let breaker = Breaker::try_new(&call.breaker.rule, Instant::ZERO);
            let breaker = breaker.map_err(|errors| located(errors, &format!("{place}.breaker.rule")))?;
            self.breakers.push(RecordedBreaker::new(breaker, call.breaker.scope == BreakerScope::Instance));
        }
        if let Some(policy) = scenario.bulkhead(edge) {
            // Those of a shared pool are there already, but for its first call.
            for _ in self.bulkheads.len()..edge.bulkheads.end {
                let bulkhead = Bulkhead::try_new(&policy.rule, Instant::ZERO);
                self.bulkheads.push(bulkhead.map_err(|errors| located(errors, &format!("{place}.bulkhead.rule")))?);
            }
        }
        let first = self.retries.len();
        let retries = call.retry.attempts > 1;
        for _ in 0..if retries { edge.parties } else { 0 } {
            let retry = Retry::try_new(&call.retry, Instant::ZERO);
            self.retries.push(retry.map_err(|errors| located(errors, &format!("{place}.retry")))?);
        }
        self.policies.push(Policies {
            edge: edge.clone(),
            timeout: nanos(call.timeout_ms),
            cancel: call.cancel,
            adapts: scenario.bulkhead(edge).is_some_and(|policy| policy.rule.limit != LimitKind::Fixed),
            breaker: call.breaker.enabled && call.breaker.scope == BreakerScope::Call,
            breaker_each: call.breaker.enabled && call.breaker.scope == BreakerScope::Instance,
            retry: retries.then_some(first),
            elsewhere: call.retry_elsewhere,
            share: call.share_percent / 100.0,
        });
        Ok(())
    }

    /// The limits with which the bulkheads begin, as they are recorded.
    pub(super) fn limits(&self) -> Vec<(u64, u32, u32)> {
        let limits = self.bulkheads.iter().zip(0..);
        limits.map(|(bulkhead, number)| (0, number, bulkhead.view(Instant::ZERO).limit)).collect()
    }

    /// The retry policy of a party of a call.
    #[inline]
    pub(super) fn retry_of(&mut self, call: u8, party: u16) -> Option<&mut Retry> {
        let first = self.policies[usize::from(call)].retry?;
        self.retries.get_mut(first + usize::from(party))
    }

    /// The bulkhead that a party of a call goes through.
    #[inline]
    pub(super) fn bulkhead_of(&self, call: u8, party: u16) -> Option<usize> {
        let Range { start, end } = self.policies[usize::from(call)].edge.bulkheads;
        (end > start).then_some(start + usize::from(party))
    }
}

/// Whether all that can be said of the call is who makes it and whom it reaches.
fn is_plain(scenario: &Scenario, edge: &Edge) -> bool {
    let call = scenario.call(edge);
    matches!(edge.caller, Caller::Client(_))
        && call.timeout_ms == 0.0
        && call.retry.attempts == 1
        && edge.breakers.is_empty()
        && edge.bulkheads.is_empty()
        // What a store sends on, or to several shards, is known by its caller's side.
        && !scenario.station(edge.to).is_store()
}
