//! The run in buckets of time, for charts.

use super::Run;
use super::statistics::percentiles;
use crate::recording::Outcome;
use crate::time::millis;

/// Columns of equal length, one row per bucket.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Number of buckets.
    pub buckets: usize,
    /// Width of a bucket in milliseconds.
    pub bucket_ms: f64,
    /// The middle of each bucket, in milliseconds.
    pub time_ms: Vec<f64>,
    /// Requests sent, a second.
    pub arrivals_per_s: Vec<f64>,
    /// Attempts sent, a second: requests, retries, and the calls that instances make.
    pub attempts_per_s: Vec<f64>,
    /// Requests that ended well, a second.
    pub goodput_per_s: Vec<f64>,
    /// Requests that ended broken, a second.
    pub failed_per_s: Vec<f64>,
    /// Requests shed, a second.
    pub shed_per_s: Vec<f64>,
    /// Latency percentiles in milliseconds, of successes that ended in the bucket; NaN where there were none.
    pub p50_ms: Vec<f64>,
    /// See `p50_ms`.
    pub p95_ms: Vec<f64>,
    /// See `p50_ms`.
    pub p99_ms: Vec<f64>,
    /// Requests being worked on, on average over the bucket; instance by instance, each with all buckets.
    pub working: Vec<f64>,
    /// Requests waiting, laid out as `working`.
    pub waiting: Vec<f64>,
}

/// More buckets than this are more than any screen has columns.
const MOST_BUCKETS: usize = 4_096;

impl Run {
    /// The run cut into `buckets` equal stretches from the start to the last event.
    pub fn series(&self, buckets: usize) -> Series {
        // For many instances the two matrices would outweigh the rest.
        let most = (4_000_000 / self.names.len().max(1)).clamp(1, MOST_BUCKETS);
        let buckets = buckets.clamp(1, most);
        let width = (self.recording.end / buckets as u64 + 1).max(1);
        let mut tally = Tally::new(buckets, width, self.names.len());
        for request in 0..self.attempts() {
            tally.add(self, request);
        }
        tally.into_series()
    }
}

struct Tally {
    buckets: usize,
    width: u64,
    sent: Vec<u32>,
    attempted: Vec<u32>,
    ended: [Vec<u32>; 3],
    latencies: Vec<Vec<u64>>,
    working: Vec<f64>,
    waiting: Vec<f64>,
}

impl Tally {
    fn new(buckets: usize, width: u64, instances: usize) -> Self {
        let counts = || vec![0; buckets];
        Self {
            buckets,
            width,
            sent: counts(),
            attempted: counts(),
            ended: [counts(), counts(), counts()],
            latencies: vec![Vec::new(); buckets],
            working: vec![0.0; buckets * instances],
            waiting: vec![0.0; buckets * instances],
        }
    }

    fn add(&mut self, run: &Run, request: u32) {
        let requests = &run.recording.requests;
        let moments = requests.moments(request);
        let begun = (moments.sent / self.width) as usize;
        self.attempted[begun] += 1;
        self.sent[begun] += u32::from(requests.begins_request(request));
        if requests.ends_request(request) {
            let outcome = requests.outcome(request);
            let bucket = (moments.freed / self.width) as usize;
            self.ended[outcome as usize][bucket] += 1;
            if outcome == Outcome::Succeeded {
                self.latencies[bucket].push(moments.freed - requests.sent[requests.first(request) as usize]);
            }
        }
        if let Some(instance) = requests.instance(request) {
            let row = instance * self.buckets;
            spread(&mut self.working[row..row + self.buckets], self.width, moments.started, moments.finished);
            spread(&mut self.waiting[row..row + self.buckets], self.width, moments.at_instance, moments.started);
        }
    }

    fn into_series(mut self) -> Series {
        let seconds = self.width as f64 / 1e9;
        let rate = |counts: &[u32]| counts.iter().map(|&count| f64::from(count) / seconds).collect();
        let (mut p50_ms, mut p95_ms, mut p99_ms) = (Vec::new(), Vec::new(), Vec::new());
        for bucket in &mut self.latencies {
            let found = percentiles(bucket, [0.5, 0.95, 0.99]);
            for (column, value) in [&mut p50_ms, &mut p95_ms, &mut p99_ms].into_iter().zip(found) {
                column.push(value.map_or(f64::NAN, millis));
            }
        }
        Series {
            buckets: self.buckets,
            bucket_ms: millis(self.width),
            time_ms: (0..self.buckets).map(|bucket| (bucket as f64 + 0.5) * millis(self.width)).collect(),
            arrivals_per_s: rate(&self.sent),
            attempts_per_s: rate(&self.attempted),
            goodput_per_s: rate(&self.ended[Outcome::Succeeded as usize]),
            failed_per_s: rate(&self.ended[Outcome::Failed as usize]),
            shed_per_s: rate(&self.ended[Outcome::Shed as usize]),
            p50_ms,
            p95_ms,
            p99_ms,
            working: self.working,
            waiting: self.waiting,
        }
    }
}

/// Adds to each bucket the share of it that lies between `from` and `to`.
fn spread(buckets: &mut [f64], width: u64, from: u64, to: u64) {
    if to <= from {
        return;
    }
    for bucket in from / width..=(to - 1) / width {
        let start = bucket * width;
        let overlap = to.min(start + width) - from.max(start);
        buckets[bucket as usize] += overlap as f64 / width as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_spread_over_the_buckets_it_covers() {
        let mut buckets = [0.0; 4];
        spread(&mut buckets, 10, 5, 30);
        assert_eq!(buckets, [0.5, 1.0, 1.0, 0.0]);
        spread(&mut buckets, 10, 12, 12);
        assert_eq!(buckets, [0.5, 1.0, 1.0, 0.0]);
    }
}
