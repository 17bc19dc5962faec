//! A window of time in buckets, in the three ways in which breakers lay them.

use std::time::Duration;

use super::{BucketStart, Cell, Counts};
use crate::Instant;
use crate::time::nanos_of;

/// Buckets are numbered; number n lies in the place n modulo their count. Those from `first` to `newest` are in use.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    start: BucketStart,
    span_ns: u64,
    width_ns: u64,
    /// Where a grid begins.
    base: Instant,
    places: Box<[Bucket]>,
    first: u64,
    newest: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// Only where buckets begin with a call.
    from: Instant,
    counts: Counts,
}

impl Buckets {
    pub(super) fn new(now: Instant, span: Duration, buckets: u32, start: BucketStart) -> Self {
        let buckets = u64::from(buckets.max(1));
        let span_ns = nanos_of(span).max(1);
        // Buckets that begin with a call may be one more, when the width was rounded down.
        let spare = u64::from(start == BucketStart::FirstCall);
        let places = vec![Bucket::default(); (buckets + spare) as usize].into_boxed_slice();
        // Two nanoseconds at least keep the numbers below 2⁶³.
        let width_ns = (span_ns / buckets).max(2);
        let mut new = Self { start, span_ns, width_ns, base: now, places, first: 0, newest: 0 };
        new.clear(now);
        new
    }

    pub(super) fn clear(&mut self, now: Instant) {
        self.places.fill(Bucket::default());
        self.base = if self.start == BucketStart::Clock { Instant::ZERO } else { now };
        if self.on_grid() {
            self.newest = nanos_since(now, self.base) / self.width_ns;
            self.first = self.newest;
        } else {
            // None is in use before a call comes.
            self.first = self.newest + 1;
        }
    }

    pub(super) const fn newest(&self) -> u64 {
        self.newest
    }

    pub(super) const fn on_grid(&self) -> bool {
        !matches!(self.start, BucketStart::FirstCall)
    }

    /// A single bucket since closing is a window that tumbles: strictly after its end, the next call begins another.
    #[inline]
    pub(super) fn begins_anew(&self, now: Instant) -> bool {
        self.tumbles() && nanos_since(now, self.base) > self.span_ns
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Counts> {
        let in_use = (self.first..=self.newest).contains(&number);
        let place = self.place(number);
        in_use.then(|| &mut self.places[place].counts)
    }

    pub(super) fn counts(&self, now: Instant, sum: &Counts) -> Counts {
        let left = self.first_left(now);
        if left > self.newest {
            return Counts::default();
        }
        let mut counts = *sum;
        for number in self.first..left {
            counts.take_bucket(&self.places[self.place(number)].counts);
        }
        counts
    }

    pub(super) fn advance(&mut self, now: Instant, sum: &mut Counts) -> bool {
        let anew = self.begins_anew(now);
        if anew {
            *sum = Counts::default();
            self.clear(now);
        }
        let left = self.first_left(now);
        let none_left = left > self.newest;
        if none_left {
            *sum = Counts::default();
            self.places.fill(Bucket::default());
            self.first = self.newest + 1;
        }
        while self.first < left {
            self.drop_first(sum);
        }
        self.open_bucket(now, sum);
        anew
    }

    pub(super) fn cells(&self, now: Instant) -> Vec<Cell> {
        let left = self.first_left(now);
        if !self.on_grid() {
            let cell = |number| {
                let Bucket { from, counts } = self.places[self.place(number)];
                Cell::Bucket { from, counts }
            };
            return (left..=self.newest).map(cell).collect();
        }
        // Stretches without a call are part of the picture.
        let anew = self.begins_anew(now);
        let last = if anew { 0 } else { self.number(now) };
        let begin = |number: u64| {
            let base = if anew { now } else { self.base };
            base + Duration::from_nanos(number.saturating_mul(self.width_ns))
        };
        let counts = |number| {
            let held = number >= left && number <= self.newest;
            if held { self.places[self.place(number)].counts } else { Counts::default() }
        };
        let oldest = (last + 1).saturating_sub(self.places.len() as u64);
        (oldest..=last).map(|number| Cell::Bucket { from: begin(number), counts: counts(number) }).collect()
    }

    fn tumbles(&self) -> bool {
        self.start == BucketStart::Closing && self.places.len() == 1
    }

    const fn place(&self, number: u64) -> usize {
        (number % self.places.len() as u64) as usize
    }

    /// The bucket of a grid in which `now` lies. Time that runs back stays in the newest.
    fn number(&self, now: Instant) -> u64 {
        if self.tumbles() { self.newest } else { (nanos_since(now, self.base) / self.width_ns).max(self.newest) }
    }

    /// The first number still inside at `now`; one past the newest when there is none.
    fn first_left(&self, now: Instant) -> u64 {
        let end = self.newest + 1;
        if self.begins_anew(now) {
            return end;
        }
        if self.on_grid() {
            return (self.number(now) + 1).saturating_sub(self.places.len() as u64).clamp(self.first, end);
        }
        let run_out = |number: &u64| nanos_since(now, self.places[self.place(*number)].from) >= self.span_ns;
        (self.first..end).find(|number| !run_out(number)).unwrap_or(end)
    }

    fn drop_first(&mut self, sum: &mut Counts) {
        let place = self.place(self.first);
        sum.take_bucket(&self.places[place].counts);
        self.places[place] = Bucket::default();
        self.first += 1;
    }

    fn open_bucket(&mut self, now: Instant, sum: &mut Counts) {
        let none = self.first > self.newest;
        if self.on_grid() {
            self.newest = self.number(now);
            if none {
                self.first = self.newest;
            }
        } else if none || nanos_since(now, self.places[self.place(self.newest)].from) >= self.width_ns {
            if self.newest + 1 - self.first == self.places.len() as u64 {
                self.drop_first(sum);
            }
            self.newest += 1;
            let place = self.place(self.newest);
            self.places[place].from = now;
        }
    }
}

const fn nanos_since(now: Instant, earlier: Instant) -> u64 {
    now.as_nanos().saturating_sub(earlier.as_nanos())
}
