//! The calls that a bulkhead knows of, in a table that is used again, strung on lists.

use super::decision::Handle;
use crate::Instant;

/// No slot.
const NONE: u32 = u32::MAX;

/// What becomes of a call, in this order; some steps are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Free,
    Waiting,
    /// Its longest wait is over, and its caller doesn't know yet.
    TimedOut,
    /// Let in, and its caller doesn't know yet.
    Admitted,
    Running,
}

/// The lists. A slot is on one of the first three at most, and on the fourth beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Waiting, in the order of coming.
    Queue,
    TimedOut,
    Admitted,
    /// Waiting with a longest wait, in the order of its end.
    Deadlines,
}

impl List {
    const fn chain(self) -> usize {
        matches!(self, Self::Deadlines) as usize
    }
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u32,
    last: u32,
    len: u32,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: u32,
    after: u32,
}

const LOOSE: Link = Link { before: NONE, after: NONE };

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    generation: u32,
    pub(super) stage: Stage,
    pub(super) caller: u64,
    /// When it came.
    pub(super) since: Instant,
    /// The end of its longest wait; the far future if there is none.
    pub(super) deadline: Instant,
    pub(super) admitted_at: Instant,
    /// Calls under way when it was let in, itself included.
    pub(super) in_flight: u32,
    /// Cuts of the limit until it was let in.
    pub(super) cuts: u32,
    links: [Link; 2],
}

#[derive(Clone, Debug)]
pub(super) struct Slots {
    calls: Vec<Call>,
    /// Slots that nobody has.
    free: Vec<u32>,
    lists: [Ends; 4],
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self { calls: Vec::new(), free: Vec::new(), lists: [Ends { first: NONE, last: NONE, len: 0 }; 4] }
    }

    #[inline]
    pub(super) fn len(&self, list: List) -> u32 {
        self.lists[list as usize].len
    }

    #[inline]
    pub(super) fn call(&mut self, slot: u32) -> &mut Call {
        &mut self.calls[slot as usize]
    }

    pub(super) fn first(&self, list: List) -> Option<&Call> {
        self.calls.get(self.lists[list as usize].first as usize)
    }

    /// The calls on a list, from its beginning.
    pub(super) fn iter(&self, list: List) -> impl Iterator<Item = &Call> {
        let chain = list.chain();
        let mut next = self.lists[list as usize].first;
        std::iter::from_fn(move || {
            let call = self.calls.get(next as usize)?;
            next = call.links[chain].after;
            Some(call)
        })
    }

    /// A slot for a call that has just come. It is on no list.
    #[inline]
    pub(super) fn take(&mut self, now: Instant, caller: u64) -> u32 {
        let fresh = Call {
            generation: 0,
            stage: Stage::Free,
            caller,
            since: now,
            deadline: Instant::FAR_FUTURE,
            admitted_at: now,
            in_flight: 0,
            cuts: 0,
            links: [LOOSE; 2],
        };
        if let Some(slot) = self.free.pop() {
            let generation = self.call(slot).generation;
            *self.call(slot) = Call { generation, ..fresh };
            return slot;
        }
        self.calls.push(fresh);
        self.calls.len() as u32 - 1
    }

    /// Takes a slot back that is on no list. From here on its handle is stale.
    #[inline]
    pub(super) fn give_back(&mut self, slot: u32) {
        let call = self.call(slot);
        call.generation = call.generation.wrapping_add(1);
        call.stage = Stage::Free;
        self.free.push(slot);
    }

    #[inline]
    pub(super) fn handle(&self, slot: u32) -> Handle {
        Handle { slot, generation: self.calls[slot as usize].generation }
    }

    /// Whether the handle's call is at this stage, and not one that had the slot later.
    #[inline]
    pub(super) fn is_at(&self, handle: Handle, stage: Stage) -> bool {
        let call = self.calls.get(handle.slot as usize);
        call.is_some_and(|call| call.generation == handle.generation && call.stage == stage)
    }

    pub(super) fn push(&mut self, list: List, slot: u32) {
        self.insert_after(list, self.lists[list as usize].last, slot);
    }

    /// Puts a waiter among the deadlines. Where all wait equally long this looks at one other only.
    pub(super) fn push_deadline(&mut self, slot: u32) {
        let deadline = self.call(slot).deadline;
        let mut before = self.lists[List::Deadlines as usize].last;
        while let Some(other) = self.calls.get(before as usize)
            && other.deadline > deadline
        {
            before = other.links[List::Deadlines.chain()].before;
        }
        self.insert_after(List::Deadlines, before, slot);
    }

    pub(super) fn pop(&mut self, list: List) -> Option<u32> {
        let slot = self.lists[list as usize].first;
        if slot == NONE {
            return None;
        }
        self.unlink(list, slot);
        Some(slot)
    }

    /// Takes the first waiter of the queue, or of the deadlines, from both.
    pub(super) fn leave_first(&mut self, list: List) -> Option<u32> {
        let slot = self.lists[list as usize].first;
        if slot == NONE {
            return None;
        }
        self.leave_queue(slot);
        Some(slot)
    }

    /// Takes a waiter from the queue and from the deadlines.
    pub(super) fn leave_queue(&mut self, slot: u32) {
        self.unlink(List::Queue, slot);
        if self.call(slot).deadline != Instant::FAR_FUTURE {
            self.unlink(List::Deadlines, slot);
        }
    }

    /// `before` is the slot that is to stand before it, or none for the beginning.
    fn insert_after(&mut self, list: List, before: u32, slot: u32) {
        let chain = list.chain();
        let after = match self.calls.get_mut(before as usize) {
            Some(call) => std::mem::replace(&mut call.links[chain].after, slot),
            None => std::mem::replace(&mut self.lists[list as usize].first, slot),
        };
        match self.calls.get_mut(after as usize) {
            Some(call) => call.links[chain].before = slot,
            None => self.lists[list as usize].last = slot,
        }
        self.call(slot).links[chain] = Link { before, after };
        self.lists[list as usize].len += 1;
    }

    fn unlink(&mut self, list: List, slot: u32) {
        let chain = list.chain();
        let Link { before, after } = std::mem::replace(&mut self.call(slot).links[chain], LOOSE);
        match self.calls.get_mut(before as usize) {
            Some(call) => call.links[chain].after = after,
            None => self.lists[list as usize].first = after,
        }
        match self.calls.get_mut(after as usize) {
            Some(call) => call.links[chain].before = before,
            None => self.lists[list as usize].last = before,
        }
        self.lists[list as usize].len -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callers(slots: &Slots, list: List) -> Vec<u64> {
        slots.iter(list).map(|call| call.caller).collect()
    }

    #[test]
    fn deadlines_are_in_order_and_equal_ones_in_that_of_coming() {
        let mut slots = Slots::new();
        for (caller, deadline) in [(0, 30), (1, 10), (2, 20), (3, 20), (4, 40)] {
            let slot = slots.take(Instant::ZERO, caller);
            slots.call(slot).deadline = Instant::from_nanos(deadline);
            slots.push(List::Queue, slot);
            slots.push_deadline(slot);
        }
        assert_eq!(callers(&slots, List::Deadlines), [1, 2, 3, 0, 4]);
        slots.leave_queue(2);
        assert_eq!(callers(&slots, List::Deadlines), [1, 3, 0, 4]);
        assert_eq!(callers(&slots, List::Queue), [0, 1, 3, 4]);
        assert_eq!((slots.len(List::Deadlines), slots.len(List::Queue)), (4, 4));
    }

    #[test]
    fn a_slot_is_used_again_under_another_handle() {
        let mut slots = Slots::new();
        let slot = slots.take(Instant::ZERO, 0);
        let handle = slots.handle(slot);
        assert!(slots.is_at(handle, Stage::Free));
        slots.give_back(slot);
        assert_eq!(slots.take(Instant::ZERO, 1), slot);
        assert!(!slots.is_at(handle, Stage::Free));
    }
}
