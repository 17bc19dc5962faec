//! What the breaker remembers of past calls, and for how long.
//!
//! Sums run along: recording a call and reading the counts take the same time whatever the window's size. Only a
//! bucket that leaves costs something, once.

use std::time::Duration;

use super::buckets::Buckets;
use super::{BucketStart, Counts, Outcome};
use crate::Instant;
use crate::time::nanos_of;

/// One piece of a window, to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A single call, in a window of calls.
    Call(Outcome),
    /// A stretch of time, in a window of time.
    Bucket {
        /// When it begins.
        from: Instant,
        /// What happened in it.
        counts: Counts,
    },
}

/// A window over past calls, with running sums.
#[derive(Clone, Debug)]
pub struct Window {
    kind: Kind,
    sum: Counts,
    /// When it was last cleared.
    since: Instant,
}

#[derive(Clone, Debug)]
enum Kind {
    Unlimited,
    Calls(Ring),
    Time(Buckets),
}

/// The last calls. A cell holds the duration in nanoseconds above two bits of outcome.
#[derive(Clone, Debug)]
struct Ring {
    cells: Box<[u64]>,
    next: usize,
    filled: usize,
}

/// Longer durations (146 years) count as this.
const LONGEST: u64 = u64::MAX >> 2;

impl Window {
    /// Everything since it was cleared.
    pub const fn unlimited(now: Instant) -> Self {
        Self { kind: Kind::Unlimited, sum: ZERO, since: now }
    }

    /// The last `size` calls, at least one.
    pub fn calls(now: Instant, size: u32) -> Self {
        let cells = vec![0; size.max(1) as usize].into_boxed_slice();
        Self { kind: Kind::Calls(Ring { cells, next: 0, filled: 0 }), sum: ZERO, since: now }
    }

    /// The last stretch of time, in at least one bucket. The width of a bucket is rounded down to the nanosecond.
    pub fn time(now: Instant, span: Duration, buckets: u32, start: BucketStart) -> Self {
        Self { kind: Kind::Time(Buckets::new(now, span, buckets, start)), sum: ZERO, since: now }
    }

    /// Records a call that ended at `now`.
    pub fn record(&mut self, now: Instant, outcome: Outcome, duration: Duration) {
        self.advance(now);
        let bucket = self.bucket();
        self.record_in(bucket, outcome, duration);
    }

    /// What it holds at `now`. Changes nothing.
    pub fn counts(&self, now: Instant) -> Counts {
        match &self.kind {
            Kind::Time(buckets) => buckets.counts(now, &self.sum),
            _ => self.sum,
        }
    }

    /// What it held when it last moved on: what has run out since is still in there.
    pub const fn counts_then(&self) -> &Counts {
        &self.sum
    }

    /// Drops what has run out, and opens the bucket of `now`. Returns whether everything began anew, as it does in a
    /// window of a single bucket since closing.
    #[inline]
    pub fn advance(&mut self, now: Instant) -> bool {
        match &mut self.kind {
            Kind::Time(buckets) => buckets.advance(now, &mut self.sum),
            _ => false,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self, now: Instant) {
        self.sum = ZERO;
        self.since = now;
        match &mut self.kind {
            Kind::Unlimited => {}
            Kind::Calls(ring) => (ring.next, ring.filled) = (0, 0),
            Kind::Time(buckets) => buckets.clear(now),
        }
    }

    /// Its pieces at `now`, the oldest first; all of a window without a limit is one piece.
    pub fn cells(&self, now: Instant) -> Vec<Cell> {
        match &self.kind {
            Kind::Unlimited => vec![Cell::Bucket { from: self.since, counts: self.sum }],
            Kind::Calls(ring) => ring.outcomes().map(Cell::Call).collect(),
            Kind::Time(buckets) => buckets.cells(now),
        }
    }

    /// Whether a look at `now` finds that everything begins anew.
    #[inline]
    pub(super) fn begins_anew(&self, now: Instant) -> bool {
        matches!(&self.kind, Kind::Time(buckets) if buckets.begins_anew(now))
    }

    /// Whether its buckets lie on a grid, so that to move on at any moment changes nothing but what has run out.
    pub(super) const fn on_grid(&self) -> bool {
        matches!(&self.kind, Kind::Time(buckets) if buckets.on_grid())
    }

    /// The number of the newest bucket, by which a call can later be counted in it.
    #[inline]
    pub(super) const fn bucket(&self) -> u64 {
        match &self.kind {
            Kind::Time(buckets) => buckets.newest(),
            _ => 0,
        }
    }

    /// Counts a call in a bucket, and not at all where that has run out.
    #[inline]
    pub(super) fn record_in(&mut self, bucket: u64, outcome: Outcome, duration: Duration) {
        let duration_ns = nanos_of(duration).min(LONGEST);
        match &mut self.kind {
            Kind::Unlimited => {}
            Kind::Calls(ring) => {
                if let Some(oldest) = ring.push(outcome, duration_ns) {
                    if oldest == (outcome, duration_ns) {
                        // One comes and its like leaves: nothing is summed but the run.
                        return self.sum.go_on(outcome);
                    }
                    self.sum.take_call(oldest.0, oldest.1);
                }
            }
            Kind::Time(buckets) => match buckets.get_mut(bucket) {
                Some(counts) => counts.add(outcome, duration_ns),
                None => return,
            },
        }
        self.sum.add(outcome, duration_ns);
    }

    #[inline]
    pub(super) fn admit(&mut self) {
        if let Kind::Time(buckets) = &mut self.kind {
            let newest = buckets.newest();
            if let Some(counts) = buckets.get_mut(newest) {
                counts.admitted += 1;
            }
        }
        self.sum.admitted += 1;
    }

    pub(super) fn ignore_in(&mut self, bucket: u64) {
        if let Kind::Time(buckets) = &mut self.kind {
            match buckets.get_mut(bucket) {
                Some(counts) => counts.ignored += 1,
                None => return,
            }
        }
        self.sum.ignored += 1;
    }
}

const ZERO: Counts = Counts {
    admitted: 0,
    successes: 0,
    failures: 0,
    slow_successes: 0,
    slow_failures: 0,
    ignored: 0,
    successes_in_a_row: 0,
    failures_in_a_row: 0,
    duration_ns: 0,
};

impl Ring {
    /// Returns what had to leave for it.
    #[inline]
    fn push(&mut self, outcome: Outcome, duration_ns: u64) -> Option<(Outcome, u64)> {
        let cell = &mut self.cells[self.next];
        let oldest = *cell;
        *cell = duration_ns << 2 | u64::from(outcome.slow()) << 1 | u64::from(outcome.failed());
        self.next += 1;
        if self.next == self.cells.len() {
            self.next = 0;
        }
        if self.filled < self.cells.len() {
            self.filled += 1;
            return None;
        }
        Some((unpack(oldest), oldest >> 2))
    }

    fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let (newer, older) = self.cells[..self.filled].split_at(self.next.min(self.filled));
        older.iter().chain(newer).map(|&cell| unpack(cell))
    }
}

const fn unpack(cell: u64) -> Outcome {
    Outcome::new(cell & 1 == 1, cell & 2 == 2)
}
