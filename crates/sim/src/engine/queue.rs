//! The event queue: earliest first, and first in, first out among equal times.

/// What happens, as a plain value of 32 bits: a kind and the number of what it happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event(u32);

/// What kind of thing happens; the number is that of an attempt unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum EventKind {
    AtBalancer = 0,
    AtInstance,
    Finished,
    BackAtBalancer,
    /// A user of a closed loop.
    UserAsks,
    /// A fault of the scenario begins or ends.
    FaultChanges,
    /// Something of a store: the number is that of a task.
    StoreTask,
    /// An instance.
    CheckSent,
    CheckPassed,
    CheckFailed,
    /// The balancer of a service asked to be woken.
    Deadline,
    /// The answer to a call with policies has come back to the caller.
    AtCaller,
    /// The caller's patience is over.
    TimedOut,
    /// The pause before the next attempt is over.
    TryAgain,
    /// A breaker asked to be woken.
    BreakerDeadline,
    /// A bulkhead asked to be woken.
    BulkheadDeadline,
}

const KINDS: [EventKind; 16] = [
    EventKind::AtBalancer,
    EventKind::AtInstance,
    EventKind::Finished,
    EventKind::BackAtBalancer,
    EventKind::UserAsks,
    EventKind::FaultChanges,
    EventKind::StoreTask,
    EventKind::CheckSent,
    EventKind::CheckPassed,
    EventKind::CheckFailed,
    EventKind::Deadline,
    EventKind::AtCaller,
    EventKind::TimedOut,
    EventKind::TryAgain,
    EventKind::BreakerDeadline,
    EventKind::BulkheadDeadline,
];

impl Event {
    const NUMBER_BITS: u32 = 28;

    #[inline]
    pub(crate) fn new(kind: EventKind, number: u32) -> Self {
        debug_assert!(number < 1 << Self::NUMBER_BITS);
        Self((kind as u32) << Self::NUMBER_BITS | number)
    }

    #[inline]
    pub(crate) fn kind(self) -> EventKind {
        KINDS[(self.0 >> Self::NUMBER_BITS) as usize]
    }

    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }
}

/// An entry of 16 bytes: the smaller, the faster the heap.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    time: u64,
    /// The order of insertion above, the event below; wraps after 2³² insertions, past any run's limit.
    order: u64,
}

impl Entry {
    #[inline]
    fn before(&self, other: &Self) -> bool {
        (self.time, self.order) < (other.time, other.order)
    }
}

/// The events that come first, in order; behind them all others in a heap of four children a node: half the depth of
/// a binary one, and the children share a cache line. Few events are under way in most runs, and those few are
/// quicker kept in order than in a heap.
///
/// Beside it stand lanes, for events that are pushed in the order of their times anyway, such as the timeouts of
/// one call, all of the same length: those need neither.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventQueue {
    /// Empty only if the heap is.
    near: Near,
    /// None of them comes before one of those that are near.
    heap: Vec<Entry>,
    lanes: Vec<Lane>,
    /// The earliest of the lanes' first events, and its lane.
    lane_first: Option<(Entry, usize)>,
    inserted: u32,
}

/// Entries in the order of their times. Those that have passed are left where they are until they are the greater part: a
/// ring costs a look at its end with each step.
#[derive(Clone, Debug, Default)]
struct Lane {
    entries: Vec<Entry>,
    passed: usize,
}

impl Lane {
    #[inline]
    fn first(&self) -> Option<&Entry> {
        self.entries.get(self.passed)
    }

    #[inline]
    fn last(&self) -> Option<&Entry> {
        self.entries[self.passed..].last()
    }

    #[inline]
    fn drop_first(&mut self) {
        self.passed += 1;
        if self.passed >= self.entries.len() {
            self.entries.clear();
            self.passed = 0;
        } else if self.passed.is_multiple_of(1024) && self.passed > self.entries.len() / 2 {
            self.entries.drain(..self.passed);
            self.passed = 0;
        }
    }
}

/// At most [`Near::MOST`] entries in order, in a ring.
#[derive(Clone, Debug, Default)]
struct Near {
    ring: [Entry; Self::MOST],
    /// Where the first one is, once cut down to the ring.
    begin: usize,
    len: usize,
}

impl Near {
    /// A power of two.
    const MOST: usize = 32;

    #[inline]
    fn at(&mut self, place: usize) -> &mut Entry {
        &mut self.ring[self.begin.wrapping_add(place) % Self::MOST]
    }

    #[inline]
    fn first(&self) -> Option<&Entry> {
        (self.len > 0).then(|| &self.ring[self.begin % Self::MOST])
    }

    #[inline]
    fn last(&mut self) -> Option<Entry> {
        (self.len > 0).then(|| *self.at(self.len - 1))
    }

    /// Takes in an entry that was pushed later than all that are here, for which there must be room. Those on the
    /// shorter side of it move.
    #[inline]
    fn insert(&mut self, entry: Entry) {
        let middle = self.len / 2;
        self.len += 1;
        if entry.time < self.at(middle).time && middle > 0 {
            self.begin = self.begin.wrapping_sub(1);
            let mut place = 0;
            // The first place is free, and the entry goes before the one that was in the middle.
            loop {
                let next = *self.at(place + 1);
                if next.time > entry.time {
                    break;
                }
                *self.at(place) = next;
                place += 1;
            }
            *self.at(place) = entry;
            return;
        }
        let mut place = self.len - 1;
        while place > 0 {
            let before = *self.at(place - 1);
            if before.time <= entry.time {
                break;
            }
            *self.at(place) = before;
            place -= 1;
        }
        *self.at(place) = entry;
    }

    #[inline]
    fn pop(&mut self) -> Option<Entry> {
        let first = *self.first()?;
        self.begin = self.begin.wrapping_add(1);
        self.len -= 1;
        Some(first)
    }
}

impl EventQueue {
    /// A queue with so many lanes.
    pub(crate) fn with_lanes(lanes: usize) -> Self {
        Self { lanes: vec![Lane::default(); lanes], ..Self::default() }
    }

    /// The time of the earliest event.
    #[inline]
    pub(crate) fn next_time(&self) -> Option<u64> {
        let near = self.near.first().map(|entry| entry.time);
        match (near, self.lane_first) {
            (near, None) => near,
            (None, Some((lane, _))) => Some(lane.time),
            (Some(near), Some((lane, _))) => Some(near.min(lane.time)),
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, time: u64, event: Event) {
        let entry = self.entry(time, event);
        if self.heap.is_empty() && self.near.len < Near::MOST {
            self.near.insert(entry);
        } else {
            self.push_among_many(entry);
        }
    }

    fn push_among_many(&mut self, entry: Entry) {
        let Some(last) = self.near.last() else { return self.near.insert(entry) };
        if last.time <= entry.time {
            return self.push_far(entry);
        }
        if self.near.len == Near::MOST {
            self.near.len -= 1;
            self.push_far(last);
        }
        self.near.insert(entry);
    }

    fn push_far(&mut self, entry: Entry) {
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    /// Pushes an event that is no earlier than the last one of its lane; one that is goes to the heap after all.
    pub(crate) fn push_in_lane(&mut self, lane: usize, time: u64, event: Event) {
        if self.lanes[lane].last().is_some_and(|last| time < last.time) {
            return self.push(time, event);
        }
        let entry = self.entry(time, event);
        let own = &mut self.lanes[lane];
        own.entries.push(entry);
        if own.entries.len() - own.passed == 1 {
            self.find_lane();
        }
    }

    /// The event at the front of a lane.
    #[inline]
    pub(crate) fn first_in_lane(&self, lane: usize) -> Option<Event> {
        self.lanes[lane].first().map(|entry| Event(entry.order as u32))
    }

    /// Takes away the event at the front of a lane, which never happens.
    pub(crate) fn drop_first_in_lane(&mut self, lane: usize) {
        self.lanes[lane].drop_first();
        self.find_lane();
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(u64, Event)> {
        if let Some((entry, lane)) = self.lane_first
            && self.near.first().is_none_or(|first| entry.before(first))
        {
            self.lanes[lane].drop_first();
            self.find_lane();
            return Some((entry.time, Event(entry.order as u32)));
        }
        let first = self.near.pop()?;
        if self.near.len == 0 && !self.heap.is_empty() {
            self.come_near();
        }
        Some((first.time, Event(first.order as u32)))
    }

    /// Half of what there is room for: the other half is for what is still to be pushed.
    fn come_near(&mut self) {
        while self.near.len < Near::MOST / 2
            && let Some(&first) = self.heap.first()
        {
            let place = self.near.len;
            self.near.len += 1;
            *self.near.at(place) = first;
            if let Some(last) = self.heap.pop()
                && !self.heap.is_empty()
            {
                self.sink(last);
            }
        }
    }

    fn entry(&mut self, time: u64, event: Event) -> Entry {
        let entry = Entry { time, order: u64::from(self.inserted) << 32 | u64::from(event.0) };
        self.inserted = self.inserted.wrapping_add(1);
        entry
    }

    #[inline]
    fn find_lane(&mut self) {
        let mut earliest: Option<(Entry, usize)> = None;
        for (lane, entries) in self.lanes.iter().enumerate() {
            if let Some(&first) = entries.first()
                && earliest.is_none_or(|(other, _)| first.before(&other))
            {
                earliest = Some((first, lane));
            }
        }
        self.lane_first = earliest;
    }

    #[inline]
    fn rise(&mut self, mut hole: usize, entry: Entry) {
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if !entry.before(&self.heap[parent]) {
                break;
            }
            self.heap[hole] = self.heap[parent];
            hole = parent;
        }
        self.heap[hole] = entry;
    }

    /// Puts `entry` in place of the first.
    #[inline]
    fn sink(&mut self, entry: Entry) {
        let heap = self.heap.as_mut_slice();
        let mut hole = 0;
        loop {
            let first = 4 * hole + 1;
            // Nearly always all four are there; as an array they are looked at without asking each time.
            let least = if let Some(&[a, b, c, d]) = heap.get(first..first + 4).and_then(|four| four.as_array()) {
                let (left, left_at) = if b.before(&a) { (b, 1) } else { (a, 0) };
                let (right, right_at) = if d.before(&c) { (d, 3) } else { (c, 2) };
                first + if right.before(&left) { right_at } else { left_at }
            } else {
                let rest = first..heap.len();
                let Some(least) = rest.reduce(|a, b| if heap[b].before(&heap[a]) { b } else { a }) else { break };
                least
            };
            let child = heap[least];
            if !child.before(&entry) {
                break;
            }
            heap[hole] = child;
            hole = least;
        }
        heap[hole] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn events_of_equal_times_come_in_the_order_of_insertion() {
        let mut queue = EventQueue::default();
        for number in 0..100 {
            queue.push(7, Event::new(EventKind::AtInstance, number));
        }
        for number in 0..100 {
            assert_eq!(queue.pop(), Some((7, Event::new(EventKind::AtInstance, number))));
        }
        assert_eq!(queue.pop(), None);
    }

    proptest! {
        /// Against a list that is searched: the first of the earliest, whichever way it was pushed.
        #[test]
        fn pushes_and_pops_in_any_order_agree_with_a_sorted_list(
            operations in prop::collection::vec(
                prop::option::weighted(0.6, (0_u64..20, prop::option::weighted(0.2, 0_usize..3))),
                1..500,
            )
        ) {
            let mut queue = EventQueue::with_lanes(3);
            let mut list: Vec<(u64, Event)> = Vec::new();
            for (number, operation) in operations.into_iter().enumerate() {
                if let Some((time, lane)) = operation {
                    let event = Event::new(EventKind::Finished, number as u32);
                    match lane {
                        Some(lane) => queue.push_in_lane(lane, time, event),
                        None => queue.push(time, event),
                    }
                    list.push((time, event));
                } else {
                    let earliest = list.iter().map(|&(time, _)| time).min();
                    let place = list.iter().position(|&(time, _)| Some(time) == earliest);
                    prop_assert_eq!(queue.next_time(), earliest);
                    prop_assert_eq!(queue.pop(), place.map(|place| list.remove(place)));
                }
            }
        }
    }
}
