//! A read model, kept from the log.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{DeliveryKind, EventStore, Guarantee, ProjectionConfig, Recorded};
use crate::{ConfigError, Instant, check_all};

/// What answers questions: made of events, one after another, and of nothing else.
pub trait ReadModel<E>: Default {
    /// Takes in the next event.
    fn apply(&mut self, recorded: &Recorded<E>);
}

/// What became of a delivery.
#[must_use = "what was not taken has to come again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It took effect, and so did those that waited for it.
    Applied {
        /// Events that took effect.
        events: u32,
    },
    /// It had taken effect before; nothing happened.
    Duplicate,
    /// It came too early and is kept until the ones before it are there.
    Kept {
        /// The first that is missing: to be asked for.
        missing: u64,
    },
    /// It came too early, and no more can be kept: it has to come again.
    NoRoom {
        /// The first that is missing.
        missing: u64,
    },
    /// The projection is stopped, or isn't fed by deliveries: it has to come again, or never.
    Stopped,
    /// The log has no such event.
    Unknown,
}

/// How far a read model is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lag {
    /// Events that it has not taken in.
    pub events: u64,
    /// How long the oldest of them has been in the log.
    pub age: Duration,
}

/// Where a projection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectionView {
    /// The next event that it will take in.
    pub position: u64,
    /// From where it goes on after a crash.
    pub checkpoint: u64,
    /// Events kept that came too early.
    pub kept: u32,
    /// Whether it is stopped.
    pub stopped: bool,
    /// How far it is behind.
    pub lag: Lag,
    /// Times it was rebuilt from the log.
    pub rebuilt: u32,
    /// Events that took effect, each time counted.
    pub applied: u64,
    /// Deliveries of events that had taken effect before.
    pub duplicates: u64,
}

/// A read model and how far it has come. It only does what its caller makes it do, in the caller's time.
#[derive(Clone, Debug)]
pub struct Projection<M> {
    config: ProjectionConfig,
    model: M,
    /// The next event to take effect.
    position: u64,
    /// What survives a crash.
    checkpoint: u64,
    /// Too early, and not lost with anything but a crash.
    kept: BTreeSet<u64>,
    stopped: bool,
    rebuilt: u32,
    applied: u64,
    duplicates: u64,
}

impl<M> Projection<M> {
    /// An empty read model that has seen nothing.
    ///
    /// # Errors
    /// Every mistake of the configuration, each with its field and what is allowed there.
    pub fn try_new(config: &ProjectionConfig) -> Result<Self, Vec<ConfigError>>
    where
        M: Default,
    {
        check_all(config)?;
        Ok(Self {
            config: config.clone(),
            model: M::default(),
            position: 0,
            checkpoint: 0,
            kept: BTreeSet::new(),
            stopped: false,
            rebuilt: 0,
            applied: 0,
            duplicates: 0,
        })
    }

    /// What it has made of the events so far.
    pub const fn model(&self) -> &M {
        &self.model
    }

    /// The read model, to be written by hand. One that is fed by events loses this when it is rebuilt.
    pub const fn model_mut(&mut self) -> &mut M {
        &mut self.model
    }

    /// The event that has to come next: from here it asks for what is missing, after a gap as after a crash.
    pub const fn wants(&self) -> u64 {
        self.position
    }

    /// Where it stands at `now`.
    pub fn view<E: Clone>(&self, now: Instant, store: &EventStore<E>) -> ProjectionView {
        ProjectionView {
            position: self.position,
            checkpoint: self.safe_position(),
            kept: self.kept.len() as u32,
            stopped: self.stopped,
            lag: self.lag(now, store),
            rebuilt: self.rebuilt,
            applied: self.applied,
            duplicates: self.duplicates,
        }
    }

    /// How far it is behind the log at `now`.
    pub fn lag<E: Clone>(&self, now: Instant, store: &EventStore<E>) -> Lag {
        let oldest = store.at(self.position);
        Lag {
            events: store.len().saturating_sub(self.position),
            age: oldest.map_or(Duration::ZERO, |event| now.since(event.at)),
        }
    }

    /// An event of the log comes, in whatever order and however often.
    pub fn deliver<E: Clone>(&mut self, store: &EventStore<E>, position: u64) -> Delivered
    where
        M: ReadModel<E>,
    {
        if self.stopped || self.config.delivery == DeliveryKind::ByHand {
            return Delivered::Stopped;
        }
        if store.at(position).is_none() {
            return Delivered::Unknown;
        }
        if position < self.position {
            self.duplicates += 1;
            return Delivered::Duplicate;
        }
        if position > self.position {
            let missing = self.position;
            if self.kept.contains(&position) {
                self.duplicates += 1;
                return Delivered::Duplicate;
            }
            if self.kept.len() >= self.config.reorder_max as usize {
                return Delivered::NoRoom { missing };
            }
            self.kept.insert(position);
            return Delivered::Kept { missing };
        }
        let mut events = 0;
        loop {
            self.apply(store);
            events += 1;
            if !self.kept.remove(&self.position) {
                return Delivered::Applied { events };
            }
        }
    }

    /// Takes in all that the log has: what an inline projection does with each append, and what catching up is.
    /// Returns how many events that were; none while it is stopped.
    pub fn catch_up<E: Clone>(&mut self, store: &EventStore<E>) -> u64
    where
        M: ReadModel<E>,
    {
        if self.stopped || self.config.delivery == DeliveryKind::ByHand {
            return 0;
        }
        let from = self.position;
        while self.position < store.len() {
            self.apply(store);
        }
        self.kept.clear();
        self.position - from
    }

    /// Whether it takes in nothing for now.
    pub const fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether appends have to make it catch up in the same step, as [`Together`](super::Together) does.
    pub fn is_inline(&self) -> bool {
        self.config.delivery == DeliveryKind::Inline
    }

    /// It takes in nothing until [`Projection::resume`].
    pub const fn stop(&mut self) {
        self.stopped = true;
    }

    /// It goes on from where it stopped.
    pub const fn resume(&mut self) {
        self.stopped = false;
    }

    /// It goes down and comes up again, with what it had stored. Under [`Guarantee::ExactlyOnce`] effects and position
    /// are stored as one, and nothing is lost or doubled. Under [`Guarantee::AtLeastOnce`] the effects are there and
    /// the position is an older one, so that the events between take effect *again*: harmless where that changes
    /// nothing, as setting a value; wrong where it does, as counting. What was kept out of order is lost either way,
    /// and comes again.
    pub fn crash(&mut self) {
        self.position = self.safe_position();
        self.kept.clear();
    }

    /// An event comes, and the projection goes down with it: after the effect, before its position was stored. Says
    /// whether the effect is there nevertheless. Under [`Guarantee::ExactlyOnce`] it is not, for both are stored as
    /// one; under [`Guarantee::AtLeastOnce`] it is, and will be there twice when the event comes again.
    pub fn crash_during<E: Clone>(&mut self, store: &EventStore<E>, position: u64) -> bool
    where
        M: ReadModel<E>,
    {
        let takes = !self.stopped && self.config.delivery == DeliveryKind::Asynchronous && position == self.position;
        let kept = takes && self.config.guarantee == Guarantee::AtLeastOnce && store.at(position).is_some();
        if kept {
            let checkpoint = self.checkpoint;
            self.apply(store);
            self.checkpoint = checkpoint;
        }
        self.crash();
        kept
    }

    /// Begins anew: an empty read model, from the first event on.
    pub fn rebuild(&mut self)
    where
        M: Default,
    {
        self.model = M::default();
        (self.position, self.checkpoint) = (0, 0);
        self.kept.clear();
        self.rebuilt += 1;
    }

    /// From where it goes on after a crash.
    fn safe_position(&self) -> u64 {
        match (self.config.delivery, self.config.guarantee) {
            (DeliveryKind::Asynchronous, Guarantee::AtLeastOnce) => self.checkpoint,
            // In the same step as the append is as one with it.
            _ => self.position,
        }
    }

    fn apply<E: Clone>(&mut self, store: &EventStore<E>)
    where
        M: ReadModel<E>,
    {
        let Some(recorded) = store.at(self.position) else { return };
        self.model.apply(recorded);
        self.position += 1;
        self.applied += 1;
        if self.position >= self.checkpoint + u64::from(self.config.checkpoint_every) {
            self.checkpoint = self.position;
        }
    }
}
