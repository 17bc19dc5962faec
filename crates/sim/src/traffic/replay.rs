//! Recorded traffic, replayed: each recorded request at a moment of its second, as often as the multiplier says.

use crate::order::order_by;
use crate::random::{Seed, Stream};
use crate::scenario::{Client, Trace};

use super::rate::Multiplier;

/// Copies of one recorded request are numbered above this bit of the entity.
const COPY_SHIFT: u32 = 40;

/// One request of the replay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Replayed {
    pub(crate) time: f64,
    pub(crate) entity: u64,
    pub(crate) key: Option<u32>,
}

/// Walks a trace second by second.
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    trace: Trace,
    client: u64,
    multiplier: f64,
    compression: f64,
    surges: Multiplier,
    /// The next second in `trace.counts`, and the number of recorded requests before it.
    next_second: usize,
    recorded: u64,
    /// Requests of the current second, latest first.
    pending: Vec<Replayed>,
}

impl Replay {
    pub(crate) fn new(client: &Client, index: u64, surges: Multiplier) -> Self {
        Self {
            trace: client.trace.clone(),
            client: index,
            multiplier: client.multiplier,
            compression: client.compression,
            surges,
            next_second: 0,
            recorded: 0,
            pending: Vec::new(),
        }
    }

    /// The next request before `until`. `most` bounds how many one second may hold: more are cut off, which the
    /// caller notices by its own bound. Counts what was looked at in `steps`.
    pub(crate) fn next(&mut self, seed: Seed, until: f64, most: usize, steps: &mut u64) -> Option<Replayed> {
        while self.pending.is_empty() {
            let &(second, count) = self.trace.counts.get(self.next_second)?;
            if f64::from(second) * 1e9 / self.compression >= until {
                return None;
            }
            self.fill(seed, second, count, most, steps);
            self.next_second += 1;
            self.recorded += u64::from(count);
        }
        self.pending.pop().filter(|request| request.time < until)
    }

    fn fill(&mut self, seed: Seed, second: u32, count: u32, most: usize, steps: &mut u64) {
        let copies_at_most = (self.multiplier * self.surges.most()).ceil() as u64;
        'second: for recorded in self.recorded..self.recorded + u64::from(count) {
            for copy in 0..copies_at_most {
                *steps += 1;
                if self.pending.len() > most {
                    break 'second;
                }
                self.pending.extend(self.copy(seed, second, recorded, copy));
            }
        }
        let times = self.pending.iter().map(|request| request.time as u64);
        let in_order: Vec<Replayed> = order_by(times).map(|place| self.pending[place as usize]).collect();
        self.pending = in_order;
        self.pending.reverse();
    }

    /// The copy numbered `copy` of a recorded request, if the multiplier at its own time asks for that many.
    fn copy(&self, seed: Seed, second: u32, recorded: u64, copy: u64) -> Option<Replayed> {
        let entity = self.client << 56 | copy << COPY_SHIFT | recorded;
        let time = (f64::from(second) + seed.uniform(Stream::TraceOffset, entity)) * 1e9 / self.compression;
        let wanted = self.multiplier * self.surges.at(time);
        let sure = copy as f64 + 1.0 <= wanted;
        let perhaps = || (copy as f64) < wanted && seed.uniform(Stream::TraceCopy, entity) < wanted.fract();
        let key = self.trace.keys.get(recorded as usize).copied();
        (sure || perhaps()).then_some(Replayed { time, entity, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(multiplier: f64, compression: f64) -> Client {
        let trace = Trace { name: String::new(), counts: vec![(0, 3), (5, 2), (9, 5)], keys: (0..10).collect() };
        Client { trace, multiplier, compression, ..Client::default() }
    }

    fn replay(client: &Client) -> Vec<Replayed> {
        let mut replay = Replay::new(client, 0, Multiplier::default());
        let mut steps = 0;
        std::iter::from_fn(|| replay.next(Seed::new(1), 1e12, 1_000_000, &mut steps)).collect()
    }

    #[test]
    fn every_recorded_request_comes_once_in_its_own_second_with_its_own_key() {
        let all = replay(&client(1.0, 1.0));
        assert_eq!(all.len(), 10);
        assert!(all.windows(2).all(|pair| pair[0].time as u64 <= pair[1].time as u64));
        let mut keys: Vec<u32> = all.iter().filter_map(|request| request.key).collect();
        assert_eq!(all.iter().map(|r| (r.time / 1e9) as u32).collect::<Vec<_>>(), [0, 0, 0, 5, 5, 9, 9, 9, 9, 9]);
        keys.sort_unstable();
        assert_eq!(keys, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn compression_divides_the_times_and_nothing_else() {
        let plain = replay(&client(1.0, 1.0));
        let fast = replay(&client(1.0, 10.0));
        for (a, b) in plain.iter().zip(&fast) {
            assert!((a.time / 10.0 - b.time).abs() < 1e-3 && a.entity == b.entity);
        }
    }

    #[test]
    fn a_multiplier_repeats_whole_requests_and_a_fraction_of_them() {
        assert_eq!(replay(&client(3.0, 1.0)).len(), 30);
        let some = replay(&client(2.5, 1.0)).len();
        assert!((20..=30).contains(&some), "{some}");
        // The first copies are the same requests at the same times as without the multiplier.
        let plain = replay(&client(1.0, 1.0));
        let tripled = replay(&client(3.0, 1.0));
        assert!(plain.iter().all(|request| tripled.contains(request)));
    }
}
