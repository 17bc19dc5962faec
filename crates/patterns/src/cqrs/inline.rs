//! Read models that take in events in the same step as the append.

use super::{AppendRefused, EventStore, Expected, NewEvent, Projection, ReadModel, StreamId, Written};
use crate::Instant;

/// What is told of an append in the same step. [`Projection`] is one; those that are fed otherwise take no part.
pub trait Inline<E> {
    /// Whether it can take in what is about to be appended.
    ///
    /// # Errors
    /// The reason for which the append has to be refused.
    fn ready(&self) -> Result<(), AppendRefused>;

    /// Takes in what was appended.
    fn take_in(&mut self, store: &EventStore<E>);
}

impl<E: Clone, M: ReadModel<E>> Inline<E> for Projection<M> {
    fn ready(&self) -> Result<(), AppendRefused> {
        if self.is_inline() && self.is_stopped() {
            return Err(AppendRefused::ProjectionStopped { position: self.wants() });
        }
        Ok(())
    }

    fn take_in(&mut self, store: &EventStore<E>) {
        if self.is_inline() {
            self.catch_up(store);
        }
    }
}

/// A log and the read models beside it: an append is in all of those that are fed in the same step, or nowhere. One that
/// was behind, as after a rebuild, catches up within the append.
pub struct Together<'a, 'p, E> {
    /// The log.
    pub store: &'a mut EventStore<E>,
    /// The read models; those that are fed otherwise are left alone.
    pub projections: &'a mut [&'p mut dyn Inline<E>],
}

impl<'a, E: Clone> Together<'a, '_, E> {
    /// Nothing but the log.
    pub fn alone(store: &'a mut EventStore<E>) -> Self {
        Self { store, projections: &mut [] }
    }

    /// Appends events to a stream and to the read models, all or none.
    ///
    /// # Errors
    /// As for [`EventStore::append`], and where a read model that would have to take them in is stopped.
    pub fn append(
        &mut self,
        now: Instant,
        stream: StreamId,
        expected: Expected,
        events: &[NewEvent<E>],
    ) -> Result<Written, AppendRefused> {
        self.take_in_after(|store| store.append(now, stream, expected, events))
    }

    pub(super) fn take_in_after(
        &mut self,
        append: impl FnOnce(&mut EventStore<E>) -> Result<Written, AppendRefused>,
    ) -> Result<Written, AppendRefused> {
        self.projections.iter().try_for_each(|projection| projection.ready())?;
        let written = append(self.store)?;
        self.projections.iter_mut().for_each(|projection| projection.take_in(self.store));
        Ok(written)
    }
}
