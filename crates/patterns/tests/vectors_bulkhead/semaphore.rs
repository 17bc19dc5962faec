//! A counting semaphore whose waiters come in order, each with its own longest wait, in virtual time.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{
    Bulkhead, BulkheadConfig, BulkheadPreset, Entry, Outcome as Ended, Permit, Refusal,
};
use serde_json::Value;

use crate::bulkhead;
use crate::runner::{Fields, Outcome, equal, natural};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let config = Fields::of(fields.need("config")?)?;
    let max_concurrent = config.natural("max_concurrent")?;
    config.finish()?;
    let mut waiters = Waiters {
        bulkhead: bulkhead(&BulkheadConfig { max_concurrent, ..BulkheadPreset::FailsafeGo.config() })?,
        now: Instant::ZERO,
        held: VecDeque::new(),
        asked: Vec::new(),
        resolved: BTreeMap::new(),
    };
    for (at, op) in fields.list("ops")?.iter().enumerate() {
        waiters.step(op).map_err(|what| format!("op {at}: {what}"))?;
    }
    waiters.pass(Instant::FAR_FUTURE);
    fields.finish()?;
    waiters.compare()
}

struct Waiters<'a> {
    bulkhead: Bulkhead,
    now: Instant,
    /// Permits of all that were let in; a release gives back the oldest, as the operation names none.
    held: VecDeque<Permit>,
    /// What each `acquire` is to come to, by its place among them.
    asked: Vec<(&'a str, Option<&'a Value>)>,
    /// Whether it was let in, and when.
    resolved: BTreeMap<u64, (bool, Instant)>,
}

impl<'a> Waiters<'a> {
    fn step(&mut self, op: &'a Value) -> Outcome {
        let fields = Fields::of(op)?;
        let at = nanos(fields.need("t_ns")?)?;
        if at < self.now.as_nanos() {
            return Err("earlier than the operation before".to_owned());
        }
        self.pass(Instant::from_nanos(at));
        match fields.text("op")? {
            "try_acquire" => {
                let permitted = self.try_acquire();
                if let Some(expected) = fields.get("expect") {
                    let expected = Fields::of(expected)?;
                    if let Some(value) = expected.get("permitted") {
                        equal("permitted", &Value::Bool(permitted), value)?;
                    }
                    expected.finish()?;
                }
            }
            "acquire" => {
                let wait = Duration::from_nanos(nanos(fields.need("max_wait_ns")?)?);
                self.asked.push((fields.text("id")?, fields.get("expect")));
                self.acquire(wait);
            }
            "release" => {
                self.release()?;
                nothing_expected(&fields)?;
            }
            "set_max_concurrent" => {
                let max_concurrent = fields.natural("value")?;
                let change = self.bulkhead.resize(self.now, max_concurrent);
                equal("the new limit", change.to, max_concurrent)?;
                self.take_admitted();
                nothing_expected(&fields)?;
            }
            "observe" => self.observe(&fields)?,
            other => return Err(format!("unknown operation {other}")),
        }
        fields.finish()
    }

    fn try_acquire(&mut self) -> bool {
        let entry = self.bulkhead.try_acquire_within(self.now, u64::MAX, Some(Duration::ZERO));
        self.held.extend(entry.permit());
        entry.permit().is_some()
    }

    fn acquire(&mut self, wait: Duration) {
        let caller = self.asked.len() as u64 - 1;
        match self.bulkhead.try_acquire_within(self.now, caller, Some(wait)) {
            Entry::Admit(permit) => {
                self.held.push_back(permit);
                self.resolved.insert(caller, (true, self.now));
            }
            Entry::Wait(_) => {}
            Entry::Refuse(Refusal::NoSlot { .. } | Refusal::QueueFull { .. }) => {
                self.resolved.insert(caller, (false, self.now));
            }
        }
    }

    fn release(&mut self) -> Outcome {
        let permit = self.held.pop_front().ok_or("nothing to release")?;
        let release = self.bulkhead.on_release(self.now, permit, Ended::Succeeded, Duration::ZERO);
        equal("counted", release.counted, true)?;
        self.take_admitted();
        Ok(())
    }

    fn observe(&self, fields: &Fields<'_>) -> Outcome {
        let expected = Fields::of(fields.need("expect")?)?;
        let view = self.bulkhead.view(self.now);
        if let Some(available) = expected.get("available") {
            equal("available", view.free, natural(available)?)?;
        }
        expected.finish()
    }

    fn take_admitted(&mut self) {
        while let Some(admitted) = self.bulkhead.next_admitted() {
            self.held.push_back(admitted.permit);
            self.resolved.insert(admitted.caller, (true, admitted.at));
        }
    }

    /// Time moves on, by way of every deadline between.
    fn pass(&mut self, until: Instant) {
        while let Some(due) = self.bulkhead.next_deadline().filter(|due| *due <= until) {
            while let Some(over) = self.bulkhead.on_deadline(due) {
                self.resolved.insert(over.caller, (false, over.at));
            }
        }
        self.now = until;
    }

    fn compare(&self) -> Outcome {
        for (caller, (id, expected)) in (0..).zip(&self.asked) {
            let Some(expected) = expected else { continue };
            let expected = Fields::of(expected)?;
            let resolved = self.resolved.get(&caller);
            for (name, found) in [
                ("permitted", resolved.map(|(permitted, _)| Value::Bool(*permitted))),
                ("resolved_t_ns", resolved.map(|(_, at)| Value::from(at.as_nanos()))),
            ] {
                if let Some(value) = expected.get(name) {
                    equal(&format!("{name} of {id}"), found.as_ref(), Some(value))?;
                }
            }
            expected.finish()?;
        }
        Ok(())
    }
}

fn nothing_expected(fields: &Fields<'_>) -> Outcome {
    fields.get("expect").map_or(Ok(()), |expected| Fields::of(expected)?.finish())
}

fn nanos(value: &Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("{value} is no number of nanoseconds"))
}
