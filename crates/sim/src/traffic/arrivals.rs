//! When each group of clients sends its requests.

use crate::random::{Seed, Stream, exponential};
use crate::scenario::{Arrivals, Client, Fault};

use super::rate::{Multiplier, Rate, RateClock};
use super::replay::Replay;

/// One request about to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// Nanoseconds since the run began.
    pub(crate) time: u64,
    /// What its draws are keyed by.
    pub(crate) entity: u64,
    /// Its key, where the recording says so.
    pub(crate) key: Option<u32>,
}

/// The open-loop arrivals of one group of clients; users of a closed loop are driven by the engine, since their
/// arrivals depend on the answers.
#[derive(Clone, Debug)]
pub(crate) struct ArrivalProcess {
    source: Source,
    client: u64,
    sent: u64,
    until: f64,
}

#[derive(Clone, Debug)]
enum Source {
    Even(RateClock),
    Poisson(RateClock),
    Replay(Box<Replay>),
    Answers,
}

impl ArrivalProcess {
    pub(crate) fn new(client: &Client, index: usize, duration_ms: f64, faults: &[Fault]) -> Self {
        let surges = Multiplier::new(client, faults);
        let clock = || RateClock::new(Rate::new(client, duration_ms), surges.clone());
        let source = match client.arrivals {
            Arrivals::Constant => Source::Even(clock()),
            Arrivals::Poisson | Arrivals::OnOff | Arrivals::Ramp | Arrivals::Daily => Source::Poisson(clock()),
            Arrivals::Trace => Source::Replay(Box::new(Replay::new(client, index as u64, surges))),
            Arrivals::Users => Source::Answers,
        };
        Self { source, client: index as u64, sent: 0, until: (duration_ms * 1e6).round() }
    }

    /// The next request, if one more is sent before the end. `most` bounds what is held at a time.
    pub(crate) fn next(&mut self, seed: Seed, most: usize, steps: &mut u64) -> Option<Arrival> {
        let entity = self.client << 56 | self.sent;
        let (time, entity, key) = match &mut self.source {
            Source::Even(clock) => (clock.advance(1.0, self.until, steps)?, entity, None),
            Source::Poisson(clock) => {
                let gap = exponential(&mut seed.generator(Stream::Arrivals, entity));
                (clock.advance(gap, self.until, steps)?, entity, None)
            }
            Source::Replay(replay) => {
                let request = replay.next(seed, self.until, most, steps)?;
                (request.time, request.entity, request.key)
            }
            Source::Answers => return None,
        };
        self.sent += 1;
        Some(Arrival { time: time as u64, entity, key })
    }
}
