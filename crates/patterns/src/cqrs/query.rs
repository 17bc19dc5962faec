//! Questions, and how fresh an answer they accept.

use std::time::Duration;

use super::{Consistency, EventStore, OnTimeout, Projection, QueryConfig};
use crate::time::nanos_from_millis;
use crate::{ConfigError, Instant, check_all};

/// What is to be done about a question now.
#[must_use = "a question may have to wait, or go without an answer"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is answered from the read model as it is now.
    Now(Freshness),
    /// It waits until the read model has come far enough, and until this moment at the longest.
    Wait {
        /// By then it is answered or refused.
        until: Instant,
    },
    /// Its longest wait is over.
    Refused {
        /// Events of the asker's own that the read model lacks.
        missing: u64,
    },
}

/// How old what is answered is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The read model has taken in the events before this position.
    pub position: u64,
    /// Events of the log that it has not.
    pub behind: u64,
    /// How long the oldest of those has been there.
    pub age: Duration,
    /// Whether the asker's own writes are among them, though it asked for them: the wait was too long.
    pub misses_own_writes: bool,
}

impl Freshness {
    /// Whether anything is missing.
    pub const fn is_stale(&self) -> bool {
        self.behind > 0
    }
}

/// A question that was asked and is not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The read model has to have come so far.
    wanted: u64,
    deadline: Instant,
}

/// How questions are answered.
#[derive(Clone, Debug)]
pub struct Queries {
    config: QueryConfig,
    longest_wait: Duration,
}

impl Queries {
    /// A way to answer questions.
    ///
    /// # Errors
    /// Every mistake of the configuration, each with its field and what is allowed there.
    pub fn try_new(config: &QueryConfig) -> Result<Self, Vec<ConfigError>> {
        check_all(config)?;
        let longest_wait = Duration::from_nanos(nanos_from_millis(config.wait_ms_max));
        Ok(Self { config: config.clone(), longest_wait })
    }

    /// A question comes from somebody whose own last write is told by its position (0 for none). What is to be done
    /// about it is said by [`Queries::answer`], now and whenever the read model has moved.
    pub fn ask(&self, now: Instant, own: u64) -> Question {
        let wanted = match self.config.consistency {
            Consistency::Eventual => 0,
            Consistency::ReadYourWrites => own,
        };
        Question { wanted, deadline: now + self.longest_wait }
    }

    /// What is to be done about a question at `now`. Changes nothing.
    pub fn answer<E: Clone, M>(
        &self,
        now: Instant,
        question: &Question,
        store: &EventStore<E>,
        projection: &Projection<M>,
    ) -> Answer {
        let position = projection.wants();
        let missing = question.wanted.saturating_sub(position);
        if missing > 0 && now < question.deadline {
            return Answer::Wait { until: question.deadline };
        }
        if missing > 0 && self.config.on_timeout == OnTimeout::Refuse {
            return Answer::Refused { missing };
        }
        let lag = projection.lag(now, store);
        Answer::Now(Freshness { position, behind: lag.events, age: lag.age, misses_own_writes: missing > 0 })
    }
}
