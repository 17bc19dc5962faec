//! Calls that come at once, wait in a bounded queue as long as it takes, and end or are cancelled one by one.

use std::collections::VecDeque;
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{
    Bulkhead, BulkheadConfig, BulkheadPreset, Entry, Outcome as Ended, Permit, Place, Refusal,
};
use serde_json::Value;

use crate::bulkhead;
use crate::runner::{Fields, Outcome, equal};

const NOW: Instant = Instant::ZERO;

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let mut calls = Calls {
        bulkhead: bulkhead(&BulkheadConfig {
            max_concurrent: config.natural("max_concurrent")?,
            max_waiting: config.natural("max_queue")?,
            ..BulkheadPreset::Polly.config()
        })?,
        submitted: 0,
        executing: VecDeque::new(),
        queued: VecDeque::new(),
        completed: 0,
        cancelled: 0,
    };
    config.finish()?;
    for (at, op) in fields.list("ops")?.iter().enumerate() {
        calls.step(op).map_err(|what| format!("op {at}: {what}"))?;
    }
    fields.finish()
}

struct Calls {
    bulkhead: Bulkhead,
    submitted: u64,
    executing: VecDeque<Permit>,
    queued: VecDeque<(u64, Place)>,
    completed: u32,
    cancelled: u32,
}

impl Calls {
    fn step(&mut self, op: &Value) -> Outcome {
        let fields = Fields::of(op)?;
        match fields.text("op")? {
            "submit_n" => (0..fields.natural("n")?).try_for_each(|_| self.submit())?,
            "complete_first_executing" => {
                self.end_first(Ended::Succeeded)?;
                self.completed += 1;
            }
            "cancel_first_executing" => {
                self.end_first(Ended::Ignored)?;
                self.cancelled += 1;
            }
            "cancel_first_queued" => {
                let (_, place) = self.queued.pop_front().ok_or("nobody waits")?;
                equal("still waiting", self.bulkhead.cancel(NOW, place), true)?;
                self.cancelled += 1;
            }
            other => return Err(format!("unknown operation {other}")),
        }
        if let Some(expected) = fields.get("expect") {
            self.compare(expected)?;
        }
        fields.finish()
    }

    fn submit(&mut self) -> Outcome {
        self.submitted += 1;
        match self.bulkhead.try_acquire(NOW, self.submitted) {
            Entry::Admit(permit) => self.executing.push_back(permit),
            Entry::Wait(place) => self.queued.push_back((self.submitted, place)),
            Entry::Refuse(Refusal::QueueFull { .. } | Refusal::NoSlot { .. }) => {}
        }
        Ok(())
    }

    fn end_first(&mut self, outcome: Ended) -> Outcome {
        let permit = self.executing.pop_front().ok_or("nothing is executing")?;
        equal("counted", self.bulkhead.on_release(NOW, permit, outcome, Duration::ZERO).counted, true)?;
        while let Some(admitted) = self.bulkhead.next_admitted() {
            let first = self.queued.pop_front().map(|(caller, _)| caller);
            equal("first of the queue", Some(admitted.caller), first)?;
            self.executing.push_back(admitted.permit);
        }
        Ok(())
    }

    fn compare(&self, expected: &Value) -> Outcome {
        let expected = Fields::of(expected)?;
        let view = self.bulkhead.view(NOW);
        let refused = u32::try_from(view.refused).map_err(|error| error.to_string())?;
        for (name, found) in [
            ("executing", view.in_flight),
            ("queued", view.waiting),
            ("rejected", refused),
            ("completed", self.completed),
            ("cancelled", self.cancelled),
            ("bulkhead_free", view.free),
            ("queue_free", view.max_waiting - view.waiting),
        ] {
            if expected.get(name).is_some() {
                equal(name, found, expected.natural(name)?)?;
            }
        }
        // What is executing here is what the bulkhead counts.
        equal("held", self.executing.len(), view.in_flight as usize)?;
        expected.finish()
    }
}
