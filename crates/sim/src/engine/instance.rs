//! An instance at work: slots, a queue, a speed, and what is wrong with it.

use std::collections::VecDeque;

use crate::scenario::{Fault, FaultKind};

/// The highest bit of an entry in a queue says that it wants the instance for itself alone (see `lock.rs`); no run has so
/// many rows.
pub(super) const ALONE: u32 = 1 << 31;

/// The row of an entry in a queue.
pub(super) const fn row_of(entry: u32) -> u32 {
    entry & !ALONE
}

/// A request being worked on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job {
    pub(crate) request: u32,
    pub(crate) started: u64,
    /// When it will be finished, at the speed of now.
    pub(crate) finishes: u64,
}

/// The condition of an instance: what the faults that hold now make of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) up: bool,
    pub(crate) slowdown: f64,
    pub(crate) error_share: f64,
    pub(crate) fails_checks: bool,
    pub(crate) draining: bool,
}

impl Condition {
    const GOOD: Self = Self { up: true, slowdown: 1.0, error_share: 0.0, fails_checks: false, draining: false };

    /// What `faults`, all of them holding at once, make of an instance.
    pub(crate) fn under<'a>(faults: impl Iterator<Item = &'a Fault>) -> Self {
        faults.fold(Self::GOOD, |mut condition, fault| {
            match fault.kind {
                FaultKind::Crash => condition.up = false,
                FaultKind::Slow => condition.slowdown *= fault.factor,
                // Independent causes: it is spared only if each of them spares it.
                FaultKind::Errors => {
                    condition.error_share = 1.0 - (1.0 - condition.error_share) * (1.0 - fault.percent / 100.0);
                }
                FaultKind::FailingChecks => condition.fails_checks = true,
                FaultKind::Drain => condition.draining = true,
                FaultKind::Traffic
                | FaultKind::AddShard
                | FaultKind::RemoveShard
                | FaultKind::WeighShard
                | FaultKind::EvenOut
                | FaultKind::StopProjection
                | FaultKind::CrashProjection
                | FaultKind::DeliverTwice
                | FaultKind::OutOfOrder
                | FaultKind::Rebuild => {}
            }
            condition
        })
    }
}

/// An instance.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) condition: Condition,
    speed: f64,
    /// What its work is multiplied by: see [`Instance::follow`].
    pace: f64,
    /// How many times slower it is because of keys that it sends or gets.
    burden: f64,
    pub(super) queue_limit: usize,
    pub(super) slots: Vec<Option<Job>>,
    pub(super) working: usize,
    pub(super) queue: VecDeque<u32>,
    /// Whether some requests need it for themselves alone, and whether one has it now.
    #[cfg(feature = "stores")]
    pub(super) lock: Option<bool>,
}

/// What an instance does with a request that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reception {
    /// It is down.
    Refuses,
    /// Its queue is full.
    Sheds,
    /// The request waits.
    Queues,
    /// Work begins in this slot.
    Starts(u16),
}

impl Instance {
    pub(crate) fn new(speed: f64, concurrency: u32, queue_limit: u32) -> Self {
        Self {
            condition: Condition::GOOD,
            speed,
            pace: 1.0 / speed,
            burden: 1.0,
            queue_limit: queue_limit as usize,
            slots: vec![None; concurrency as usize],
            working: 0,
            queue: VecDeque::new(),
            #[cfg(feature = "stores")]
            lock: None,
        }
    }

    /// Takes in a request, or not. A request that starts still needs [`Instance::start`].
    #[inline]
    pub(crate) fn receive(&mut self, request: u32) -> Reception {
        if !self.condition.up {
            return Reception::Refuses;
        }
        if self.working < self.slots.len() {
            return Reception::Starts(self.free_slot());
        }
        if self.queue.len() >= self.queue_limit {
            return Reception::Sheds;
        }
        self.queue.push_back(request);
        Reception::Queues
    }

    /// The lowest free slot, so that a request keeps its place while it is worked on.
    #[inline]
    pub(super) fn free_slot(&self) -> u16 {
        let free = self.slots.iter().position(Option::is_none);
        free.expect("fewer requests are worked on than there are slots") as u16
    }

    /// Begins the work of a request; returns when it will be finished.
    #[inline]
    pub(crate) fn start(&mut self, now: u64, slot: u16, request: u32, demand: u64) -> u64 {
        let pace = self.pace;
        let finishes =
            if pace == 1.0 { now + demand } else { now.saturating_add((demand as f64 * pace).round() as u64) };
        self.slots[usize::from(slot)] = Some(Job { request, started: now, finishes });
        self.working += 1;
        finishes
    }

    /// Ends the work in `slot` if it is that of `request` and due now; work that was put off or lost is not.
    #[inline]
    pub(crate) fn finish(&mut self, now: u64, slot: u16, request: u32) -> Option<Job> {
        let due = |job: &mut Job| job.request == request && job.finishes == now;
        let job = self.slots.get_mut(usize::from(slot))?.take_if(due)?;
        self.working -= 1;
        Some(job)
    }

    /// Whether the request has a slot, at work or waiting for a call of its own.
    pub(crate) fn holds(&self, slot: u16, request: u32) -> bool {
        self.slots.get(usize::from(slot)).is_some_and(|job| job.is_some_and(|job| job.request == request))
    }

    /// The work in `slot` is done, but the slot stays taken until [`Instance::leave`]: the request calls others.
    pub(crate) fn call(&mut self, now: u64, slot: u16, request: u32) -> Option<Job> {
        let due = |job: &&mut Job| job.request == request && job.finishes == now;
        let job = self.slots.get_mut(usize::from(slot))?.as_mut().filter(due)?;
        let worked = *job;
        job.finishes = u64::MAX;
        Some(worked)
    }

    /// The request gives its slot up, if it has it.
    pub(crate) fn leave(&mut self, slot: u16, request: u32) -> Option<Job> {
        let own = |job: &mut Job| job.request == request;
        let job = self.slots.get_mut(usize::from(slot))?.take_if(own)?;
        self.working -= 1;
        Some(job)
    }

    /// Takes the request out of the queue, if it waits there.
    pub(crate) fn leave_queue(&mut self, request: u32) -> bool {
        let place = self.queue.iter().position(|&entry| row_of(entry) == request);
        place.is_some_and(|place| self.queue.remove(place).is_some())
    }

    /// The next request in the queue, if a slot is free for it.
    #[inline]
    pub(crate) fn next_waiting(&mut self) -> Option<(u16, u32)> {
        #[cfg(feature = "stores")]
        if self.lock.is_some() {
            return self.next_locked();
        }
        if self.working >= self.slots.len() || !self.condition.up {
            return None;
        }
        let request = self.queue.pop_front()?;
        Some((self.free_slot(), request))
    }

    /// Gives up everything in hand: the jobs, and the requests that wait.
    pub(crate) fn lose_all(&mut self) -> (Vec<Job>, Vec<u32>) {
        self.working = 0;
        (self.slots.iter_mut().filter_map(Option::take).collect(), self.queue.drain(..).map(row_of).collect())
    }

    /// Takes on another burden; gives by how much that changes the pace.
    #[cfg(feature = "stores")]
    pub(crate) fn bear(&mut self, burden: f64) -> f64 {
        let before = std::mem::replace(&mut self.burden, burden);
        self.follow();
        burden / before
    }

    /// Its condition is now this; gives what it was.
    pub(crate) fn turn(&mut self, condition: Condition) -> Condition {
        let before = std::mem::replace(&mut self.condition, condition);
        self.follow();
        before
    }

    /// Works out the pace anew: a division that not each request is to pay for.
    fn follow(&mut self) {
        self.pace = self.condition.slowdown * self.burden / self.speed;
    }

    /// Changes the pace of the work in hand by `factor` (2 takes twice as long from now on). Returns what must
    /// be scheduled anew.
    pub(crate) fn stretch(&mut self, now: u64, factor: f64) -> Vec<Job> {
        // Those that wait for a call of their own don't work.
        let jobs = self.slots.iter_mut().flatten().filter(|job| job.finishes != u64::MAX);
        jobs.map(|job| {
            let left = job.finishes.saturating_sub(now) as f64 * factor;
            job.finishes = now.saturating_add(left.round() as u64);
            *job
        })
        .collect()
    }
}
