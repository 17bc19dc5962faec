//! Scatter and gather: one question to several shards, over when enough of them have answered.

use std::time::Duration;

use super::ShardId;
use crate::Instant;

/// How many answers are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enough {
    /// All: the question takes as long as the slowest.
    All,
    /// More than half.
    Quorum,
    /// The first so many, at least one.
    First(u32),
}

impl Enough {
    /// How many of so many that are asked.
    pub fn of(self, asked: u32) -> u32 {
        match self {
            Self::All => asked,
            Self::Quorum => (asked / 2 + 1).min(asked),
            Self::First(count) => count.max(1).min(asked),
        }
    }
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many answers are still needed.
    Waiting {
        /// How many.
        needed: u32,
    },
    /// Enough have answered.
    Done {
        /// When the last one that was needed came.
        at: Instant,
        /// How long that took.
        took: Duration,
    },
    /// So many have failed that enough can't answer any more.
    Failed {
        /// When that was clear.
        at: Instant,
    },
}

/// A question that was put to several shards. Each answers or fails once; what comes after that, or after the end,
/// changes nothing.
///
/// With all of n shards needed and their latencies independent, the question is over within t with the probability
/// F(t)ⁿ: where 1 % of a shard's answers are slow, so are 63 % of the questions to 100 shards (J. Dean and L. A. Barroso,
/// «The tail at scale», 2013). See [`share_slow`].
///
/// ```
/// use sandtable_patterns::Instant;
/// use sandtable_patterns::sharding::{Enough, Gather, Progress, ShardId};
///
/// let at = Instant::from_millis_f64;
/// let mut gather = Gather::new(at(0.0), &[ShardId(0), ShardId(1), ShardId(2)], Enough::Quorum);
/// assert_eq!(gather.on_answer(at(3.0), ShardId(1)), Progress::Waiting { needed: 1 });
/// assert!(matches!(gather.on_answer(at(5.0), ShardId(0)), Progress::Done { at: done, .. } if done == at(5.0)));
/// ```
#[derive(Clone, Debug)]
pub struct Gather {
    since: Instant,
    needed: u32,
    answered: u32,
    /// Who has not answered yet.
    open: Vec<ShardId>,
    over: Option<Progress>,
}

impl Gather {
    /// A question to these shards, each named once. With none there is nothing to wait for.
    pub fn new(now: Instant, shards: &[ShardId], enough: Enough) -> Self {
        let needed = enough.of(shards.len() as u32);
        let mut gather = Self { since: now, needed, answered: 0, open: shards.to_vec(), over: None };
        gather.settle(now);
        gather
    }

    /// A shard has answered.
    pub fn on_answer(&mut self, now: Instant, shard: ShardId) -> Progress {
        self.close(now, shard, 1)
    }

    /// A shard has failed, or its answer won't be waited for any longer.
    pub fn on_failure(&mut self, now: Instant, shard: ShardId) -> Progress {
        self.close(now, shard, 0)
    }

    /// How it stands.
    pub fn progress(&self) -> Progress {
        self.over.unwrap_or(Progress::Waiting { needed: self.needed.saturating_sub(self.answered) })
    }

    /// Who has neither answered nor failed: whose answers can be cancelled once it is over.
    pub fn open(&self) -> &[ShardId] {
        &self.open
    }

    fn close(&mut self, now: Instant, shard: ShardId, answers: u32) -> Progress {
        if let Some(at) = self.open.iter().position(|open| *open == shard) {
            self.open.remove(at);
            self.answered += answers;
            self.settle(now);
        }
        self.progress()
    }

    fn settle(&mut self, now: Instant) {
        if self.over.is_some() {
            return;
        }
        if self.answered >= self.needed {
            self.over = Some(Progress::Done { at: now, took: now.since(self.since) });
        } else if self.answered + (self.open.len() as u32) < self.needed {
            self.over = Some(Progress::Failed { at: now });
        }
    }
}

/// The share of questions to `asked` shards, all of which are needed, that are slow where this share of a shard's
/// answers is: 1 − (1 − slow)ⁿ.
pub fn share_slow(slow: f64, asked: u32) -> f64 {
    1.0 - libm::pow(1.0 - slow, asked.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARDS: [ShardId; 4] = [ShardId(0), ShardId(1), ShardId(2), ShardId(3)];

    fn at(millis: u64) -> Instant {
        Instant::from_nanos(millis * 1_000_000)
    }

    fn done(millis: u64) -> Progress {
        Progress::Done { at: at(millis), took: Duration::from_millis(millis - 1) }
    }

    #[test]
    fn all_take_as_long_as_the_slowest_and_a_quorum_as_the_third_of_four() {
        for (enough, millis) in
            [(Enough::All, 13), (Enough::Quorum, 12), (Enough::First(1), 10), (Enough::First(9), 13)]
        {
            let mut gather = Gather::new(at(1), &SHARDS, enough);
            for (millis, shard) in (10..).zip(SHARDS) {
                // An answer that comes twice counts once.
                let progress = gather.on_answer(at(millis), shard);
                assert_eq!(gather.on_answer(at(millis), shard), progress);
            }
            assert_eq!(gather.progress(), done(millis), "{enough:?}");
        }
    }

    #[test]
    fn it_fails_as_soon_as_enough_can_no_longer_answer() {
        let mut gather = Gather::new(at(1), &SHARDS, Enough::Quorum);
        assert_eq!(gather.on_failure(at(2), ShardId(0)), Progress::Waiting { needed: 3 });
        assert_eq!(gather.on_answer(at(3), ShardId(9)), Progress::Waiting { needed: 3 });
        assert_eq!(gather.on_failure(at(4), ShardId(1)), Progress::Failed { at: at(4) });
        assert_eq!(gather.on_answer(at(5), ShardId(2)), Progress::Failed { at: at(4) });
        assert_eq!(gather.open(), [ShardId(3)]);
    }

    #[test]
    fn nobody_asked_is_nothing_to_wait_for() {
        assert_eq!(Gather::new(at(1), &[], Enough::All).progress(), done(1));
        assert!((share_slow(0.01, 100) - 0.633_967_658_7).abs() < 1e-9);
    }
}
