//! A lock for readers and writers, in the order of their coming: whoever writes needs the instance alone, and whoever
//! reads waits behind a writer that came before.

use super::instance::{ALONE, Instance, Reception, row_of};

impl Instance {
    /// From now on some requests need it alone.
    pub(crate) fn has_lock(&mut self) {
        self.lock = Some(false);
    }

    /// As [`Instance::receive`], of one that has a lock.
    pub(crate) fn receive_locked(&mut self, request: u32, alone: bool) -> Reception {
        if !self.condition.up {
            return Reception::Refuses;
        }
        if self.queue.is_empty() && self.is_open(alone) {
            self.lock = Some(alone);
            return Reception::Starts(self.free_slot());
        }
        if self.queue.len() >= self.queue_limit {
            return Reception::Sheds;
        }
        self.queue.push_back(request | if alone { ALONE } else { 0 });
        Reception::Queues
    }

    fn is_open(&self, alone: bool) -> bool {
        let held = self.lock == Some(true) && self.working > 0;
        !held && self.working < self.slots.len() && (!alone || self.working == 0)
    }

    /// As [`Instance::next_waiting`], of one that has a lock.
    #[inline(never)]
    pub(super) fn next_locked(&mut self) -> Option<(u16, u32)> {
        let entry = *self.queue.front().filter(|_| self.condition.up)?;
        let alone = entry & ALONE != 0;
        if !self.is_open(alone) {
            return None;
        }
        self.lock = Some(alone);
        self.queue.pop_front();
        Some((self.free_slot(), row_of(entry)))
    }
}
