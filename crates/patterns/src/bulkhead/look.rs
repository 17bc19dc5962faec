use std::time::Duration;

use crate::Instant;

/// What there is to see of a bulkhead. Looking changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BulkheadView {
    /// Calls allowed at a time.
    pub limit: u32,
    /// The slots; what an adaptive limit may grow to.
    pub max_concurrent: u32,
    /// Calls under way; above the limit for a while after it has shrunk.
    pub in_flight: u32,
    /// Calls that would be let in now.
    pub free: u32,
    /// Calls that wait.
    pub waiting: u32,
    /// Calls that may wait.
    pub max_waiting: u32,
    /// Since when the first of the queue has waited.
    pub oldest_since: Option<Instant>,
    /// Calls refused so far, those whose longest wait was over not among them.
    pub refused: u64,
    /// Waiters so far whose longest wait was over.
    pub timed_out: u64,
    /// The adaptive limit before it is rounded down; the limit itself if it is fixed.
    pub estimate: f64,
    /// Gradient2's long-run latency; zero before the first sample and for other kinds.
    pub long_latency: Duration,
}

/// One that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// Who, as told to `try_acquire`.
    pub caller: u64,
    /// Since when.
    pub since: Instant,
    /// When its longest wait is over; the far future if it waits as long as it takes.
    pub deadline: Instant,
}
