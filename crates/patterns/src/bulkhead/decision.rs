use std::time::Duration;

use crate::Instant;

/// What the bulkhead says to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Entry {
    /// Go. The permit is to be given back when the call is over.
    Admit(Permit),
    /// Wait until [`next_admitted`](super::Bulkhead::next_admitted) or [`on_deadline`](super::Bulkhead::on_deadline)
    /// names the caller, or give up by [`cancel`](super::Bulkhead::cancel).
    Wait(Place),
    /// Not now.
    Refuse(Refusal),
}

impl Entry {
    /// The permit, if there is one.
    pub const fn permit(self) -> Option<Permit> {
        match self {
            Self::Admit(permit) => Some(permit),
            _ => None,
        }
    }
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// As many calls as the limit allows are under way, and this one doesn't wait: there are no waiting places, or
    /// its longest wait is 0.
    NoSlot {
        /// Calls under way.
        in_flight: u32,
        /// Calls allowed at a time.
        limit: u32,
    },
    /// No slot is free and all waiting places are taken.
    QueueFull {
        /// Calls that wait.
        waiting: u32,
    },
}

/// The right to be under way, for the bulkhead that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit(pub(super) Handle);

/// A place in the queue of the bulkhead that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub(super) Handle);

/// A slot and how often it had been given out before: a stale handle no longer matches. The count begins anew after
/// 2³² uses of the one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    pub(super) slot: u32,
    pub(super) generation: u32,
}

/// How a call ended, as far as an adaptive limit is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered; its latency counts.
    Succeeded,
    /// It was refused by the other side or not answered in time: a sign of overload.
    Dropped,
    /// It ended in a way that says nothing about load, such as a mistake of the caller, or one that gave up.
    Ignored,
}

/// What giving back a permit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Whether the permit was still out; one given back before counts no second time.
    pub counted: bool,
    /// What the answer did to the limit.
    pub limit: LimitChange,
}

/// The limit before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitChange {
    /// Before.
    pub from: u32,
    /// After; the same if it did not change.
    pub to: u32,
}

/// A waiter that got its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Admission {
    /// Who waited, as told to `try_acquire`.
    pub caller: u64,
    /// Its permit, to be given back when the call is over.
    pub permit: Permit,
    /// When it began to wait.
    pub since: Instant,
    /// When it was let in.
    pub at: Instant,
}

impl Admission {
    /// How long it waited.
    pub const fn waited(&self) -> Duration {
        self.at.since(self.since)
    }
}

/// A waiter whose longest wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut {
    /// Who waited, as told to `try_acquire`.
    pub caller: u64,
    /// When it began to wait.
    pub since: Instant,
    /// When its longest wait was over.
    pub at: Instant,
}
