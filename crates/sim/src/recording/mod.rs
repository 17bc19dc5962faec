//! What happened, as columns: one row per request, one per change of state.

mod breakers;
mod columns;
#[cfg(feature = "stores")]
mod cqrs;
mod index;
#[cfg(feature = "stores")]
mod stores;

pub(crate) use breakers::{Input, RecordedBreaker};
#[cfg(feature = "stores")]
pub(crate) use cqrs::{Happened, RecordedModel, RecordedSides};
pub(crate) use index::TimeIndex;
#[cfg(feature = "stores")]
pub(crate) use stores::{MapChanged, Moving, RecordedStore};

use std::ops::Range;

use columns::{DurationColumn, SmallColumn};
use sandtable_patterns::balancer::Transition;

/// XXH3 in one place: its `update` would become part of each of its callers.
#[derive(Default)]
pub(crate) struct Hasher(xxhash_rust::xxh3::Xxh3);

impl Hasher {
    #[inline(never)]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn digest(&self) -> u64 {
        self.0.digest()
    }
}

/// No instance was chosen.
pub(crate) const NOWHERE: u16 = u16::MAX;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// It is under way, or it ended well.
    None = 0,
    /// The instance answered with an error.
    Error = 1,
    /// The instance was down when the request came to it.
    ConnectionRefused = 2,
    /// The instance went down with the request in hand.
    ConnectionLost = 3,
    /// The instance's queue was full.
    QueueFull = 4,
    /// The balancer had no instance to send it to.
    NoInstance = 5,
    /// Its caller gave it up: no answer came within the call's timeout.
    TimedOut = 6,
    /// The circuit breaker was open.
    BreakerOpen = 7,
    /// Every slot of the bulkhead was taken, and every place to wait.
    BulkheadFull = 8,
    /// It waited in the bulkhead for as long as it may.
    BulkheadWait = 9,
    /// A call that the instance made for it failed, or too many of the shards asked did.
    CallFailed = 10,
    /// The key had moved to another shard, which is asked next.
    Moved = 11,
    /// The command doesn't fit what it concerns.
    Rejected = 12,
    /// Another command about the same was first.
    Conflict = 13,
    /// The read model had not come far enough when the query's longest wait was over.
    NotCaughtUp = 14,
    /// The log took no events: it is full, or a read model that is written in the same step is stopped.
    LogRefused = 15,
}

impl Reason {
    /// All of them, by number.
    pub const ALL: [Self; 16] = [
        Self::None,
        Self::Error,
        Self::ConnectionRefused,
        Self::ConnectionLost,
        Self::QueueFull,
        Self::NoInstance,
        Self::TimedOut,
        Self::BreakerOpen,
        Self::BulkheadFull,
        Self::BulkheadWait,
        Self::CallFailed,
        Self::Moved,
        Self::Rejected,
        Self::Conflict,
        Self::NotCaughtUp,
        Self::LogRefused,
    ];

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Error => "error",
            Self::ConnectionRefused => "connection_refused",
            Self::ConnectionLost => "connection_lost",
            Self::QueueFull => "queue_full",
            Self::NoInstance => "no_instance",
            Self::TimedOut => "timed_out",
            Self::BreakerOpen => "breaker_open",
            Self::BulkheadFull => "bulkhead_full",
            Self::BulkheadWait => "bulkhead_wait",
            Self::CallFailed => "call_failed",
            Self::Moved => "moved",
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::NotCaughtUp => "not_caught_up",
            Self::LogRefused => "log_refused",
        }
    }

    /// What became of a request that ended for this reason.
    #[inline]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::None => Outcome::Succeeded,
            Self::QueueFull
            | Self::BreakerOpen
            | Self::BulkheadFull
            | Self::BulkheadWait
            | Self::Rejected
            | Self::Conflict
            | Self::NotCaughtUp => Outcome::Shed,
            Self::Error
            | Self::ConnectionRefused
            | Self::ConnectionLost
            | Self::NoInstance
            | Self::TimedOut
            | Self::CallFailed
            | Self::Moved
            | Self::LogRefused => Outcome::Failed,
        }
    }

    /// Whether the caller's own policies refused it, so that it never left.
    pub const fn stayed(self) -> bool {
        matches!(self, Self::BreakerOpen | Self::BulkheadFull | Self::BulkheadWait)
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// It reads, or asks a service, which knows no difference.
    Query = 0,
    /// It writes.
    Command = 1,
    /// It reads from all shards.
    AllShards = 2,
}

impl Kind {
    /// All of them, by number.
    pub const ALL: [Self; 3] = [Self::Query, Self::Command, Self::AllShards];
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Outcome {
    /// Answered.
    Succeeded = 0,
    /// Broken on the way.
    Failed = 1,
    /// Refused on purpose: to protect what is under way, or because it can't be.
    Shed = 2,
}

impl Outcome {
    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Shed => "shed",
        }
    }
}

/// The moments of an attempt, in nanoseconds. Those of stages that it never reached are equal to the last it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moments {
    pub(crate) sent: u64,
    /// It left its caller: after a wait in the bulkhead, if there was one.
    pub(crate) left: u64,
    pub(crate) at_balancer: u64,
    pub(crate) at_instance: u64,
    pub(crate) started: u64,
    /// Its own work was done; from here to `finished` the instance waited for the services that it called.
    pub(crate) worked: u64,
    pub(crate) finished: u64,
    pub(crate) back_at_balancer: u64,
    /// Its answer was back at the caller, whether or not anybody waited for it.
    pub(crate) ended: u64,
    /// Its caller was free: the answer came, or it was given up.
    pub(crate) freed: u64,
}

impl Moments {
    pub(crate) fn in_order(&self) -> [u64; 10] {
        let Self { sent, left, at_balancer, at_instance, started, worked, finished, back_at_balancer, ended, freed } =
            *self;
        [sent, left, at_balancer, at_instance, started, worked, finished, back_at_balancer, ended, freed]
    }
}

/// Every attempt of a run, in the order in which they were made. A request that is never made again and whose
/// instance calls nobody is one attempt; most of the columns then hold nothing and take no memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    pub(crate) sent: Vec<u64>,
    pub(crate) key: Vec<u32>,
    /// Counted through all services.
    pub(crate) instance: Vec<u16>,
    /// How it ended for its caller.
    pub(crate) reason: Vec<Reason>,
    pub(crate) client: SmallColumn<u8>,
    /// Which call it belongs to, counted through all callers: see `Topology`.
    pub(crate) call: SmallColumn<u8>,
    pub(crate) slot: SmallColumn<u16>,
    /// A `Kind`.
    pub(crate) kind: SmallColumn<u8>,
    pub(crate) to_balancer: DurationColumn,
    pub(crate) to_instance: DurationColumn,
    pub(crate) wait: DurationColumn,
    /// Until the attempt has ended: the work it brings, on an instance of speed 1.
    pub(crate) work: DurationColumn,
    pub(crate) back_to_balancer: DurationColumn,
    pub(crate) back_to_client: DurationColumn,
    /// How long it waited in the bulkhead.
    pub(crate) pooled: DurationColumn,
    /// How long its instance waited for the services that it called.
    pub(crate) calling: DurationColumn,
    /// From sending until its caller gave it up; 0 where it did not.
    pub(crate) gave_up: DurationColumn,
    /// Of an answer that was no longer so: for how long, in nanoseconds; 0 where it was the latest.
    pub(crate) stale: DurationColumn,
    /// Rows back to the attempt before, 0 for the first.
    previous: DurationColumn,
    /// Rows on to the next attempt, 0 for the last.
    next: DurationColumn,
    /// Rows back to the attempt whose instance called, 0 for a client's own.
    parent: DurationColumn,
}

impl Requests {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            sent: Vec::with_capacity(capacity),
            key: Vec::with_capacity(capacity),
            instance: Vec::with_capacity(capacity),
            reason: Vec::with_capacity(capacity),
            to_balancer: DurationColumn::expecting(capacity),
            to_instance: DurationColumn::expecting(capacity),
            wait: DurationColumn::expecting(capacity),
            work: DurationColumn::expecting(capacity),
            back_to_balancer: DurationColumn::expecting(capacity),
            back_to_client: DurationColumn::expecting(capacity),
            ..Self::default()
        }
    }

    /// Number of attempts.
    #[inline]
    pub(crate) fn len(&self) -> u32 {
        self.sent.len() as u32
    }

    #[inline]
    pub(crate) fn instance(&self, row: u32) -> Option<usize> {
        let instance = self.instance[row as usize];
        (instance != NOWHERE).then_some(usize::from(instance))
    }

    #[inline]
    pub(crate) fn reason(&self, row: u32) -> Reason {
        self.reason[row as usize]
    }

    #[inline]
    pub(crate) fn kind(&self, row: u32) -> Kind {
        Kind::ALL[usize::from(self.kind.get(row))]
    }

    #[inline]
    pub(crate) fn outcome(&self, row: u32) -> Outcome {
        self.reason(row).outcome()
    }

    /// When an attempt left its caller, or would have.
    #[inline]
    pub(crate) fn left(&self, row: u32) -> u64 {
        self.sent[row as usize] + self.pooled.get(row)
    }

    pub(crate) fn moments(&self, row: u32) -> Moments {
        let sent = self.sent[row as usize];
        let left = self.left(row);
        let at_balancer = left + self.to_balancer.get(row);
        let at_instance = at_balancer + self.to_instance.get(row);
        let started = at_instance + self.wait.get(row);
        let worked = started + self.work.get(row);
        let finished = worked + self.calling.get(row);
        let back_at_balancer = finished + self.back_to_balancer.get(row);
        let ended = back_at_balancer + self.back_to_client.get(row);
        let freed = match self.gave_up.get(row) {
            0 => ended,
            after => sent + after,
        };
        Moments { sent, left, at_balancer, at_instance, started, worked, finished, back_at_balancer, ended, freed }
    }

    /// Whether each attempt is a request: none was made again, or for the sake of another.
    pub(crate) fn all_alone(&self) -> bool {
        self.next.is_empty() && self.parent.is_empty()
    }

    /// When nothing was left anywhere of these attempts, a block at most: their answers were back, and their callers free.
    /// Column by column, since that is several times quicker than the moments of each.
    #[inline]
    pub(crate) fn last_over(&self, rows: Range<u32>) -> u64 {
        let sent = &self.sent[rows.start as usize..rows.end as usize];
        let mut over = [0; index::FAN as usize];
        let over = &mut over[..sent.len()];
        over.copy_from_slice(sent);
        let spent = [
            &self.pooled,
            &self.to_balancer,
            &self.to_instance,
            &self.wait,
            &self.work,
            &self.calling,
            &self.back_to_balancer,
            &self.back_to_client,
        ];
        for column in spent {
            column.add_to(rows.start, over);
        }
        let ended = over.iter().copied().fold(0, u64::max);
        if self.gave_up.is_empty() {
            return ended;
        }
        rows.map(|row| self.sent[row as usize] + self.gave_up.get(row)).fold(ended, u64::max)
    }

    /// Whether an instance worked on the attempt to the end.
    #[inline]
    pub(crate) fn served(&self, row: u32) -> bool {
        matches!(
            self.reason(row),
            Reason::None | Reason::Error | Reason::Rejected | Reason::Conflict | Reason::LogRefused
        )
    }

    /// Whether its caller gave it up before it was answered.
    #[inline]
    pub(crate) fn given_up(&self, row: u32) -> bool {
        self.gave_up.get(row) > 0
    }

    /// Records that `row` is made because `before` failed.
    pub(crate) fn follow(&mut self, before: u32, row: u32) {
        self.previous.set(row, u64::from(row - before));
        self.next.set(before, u64::from(row - before));
    }

    /// Records that `row` is a call for the sake of `parent`.
    pub(crate) fn call_for(&mut self, parent: u32, row: u32) {
        self.parent.set(row, u64::from(row - parent));
    }

    /// The attempt made before this one for the same request or call.
    #[inline]
    pub(crate) fn previous(&self, row: u32) -> Option<u32> {
        back(row, &self.previous)
    }

    /// The attempt made after this one.
    pub(crate) fn next(&self, row: u32) -> Option<u32> {
        match self.next.get(row) {
            0 => None,
            distance => Some(row + distance as u32),
        }
    }

    /// The attempt for whose sake this one was made, where an instance called.
    pub(crate) fn parent(&self, row: u32) -> Option<u32> {
        back(row, &self.parent)
    }

    /// The first attempt.
    pub(crate) fn first(&self, row: u32) -> u32 {
        std::iter::successors(Some(row), |&row| self.previous(row)).last().unwrap_or(row)
    }

    /// Whether this is where a request of a client begins: every request is counted once, here.
    pub(crate) fn begins_request(&self, row: u32) -> bool {
        self.previous.get(row) == 0 && self.parent.get(row) == 0
    }

    /// Whether a request of a client ends with this attempt.
    pub(crate) fn ends_request(&self, row: u32) -> bool {
        self.next.get(row) == 0 && self.parent.get(row) == 0
    }

    pub(crate) fn digest(&self, hasher: &mut Hasher) {
        let rows = self.sent.len();
        for row in 0..rows {
            hasher.update(&self.sent[row].to_le_bytes());
            hasher.update(&self.key[row].to_le_bytes());
            hasher.update(&self.instance[row].to_le_bytes());
            hasher.update(&[self.reason[row] as u8]);
        }
        let plain = [
            &self.to_balancer,
            &self.to_instance,
            &self.wait,
            &self.work,
            &self.back_to_balancer,
            &self.back_to_client,
        ];
        for column in plain {
            column.digest(rows, hasher);
        }
        for row in 0..rows as u32 {
            hasher.update(&self.slot.get(row).to_le_bytes());
            hasher.update(&[self.client.get(row)]);
        }
        // A run without policies on its calls has the digest that it had before there were any.
        for column in self.call_columns().into_iter().filter(|column| !column.is_empty()) {
            column.digest(rows, hasher);
        }
        for column in [&self.call, &self.kind].into_iter().filter(|column| !column.is_empty()) {
            (0..rows as u32).for_each(|row| hasher.update(&[column.get(row)]));
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let fixed =
            self.sent.capacity() * 8 + self.key.capacity() * 4 + self.instance.capacity() * 2 + self.reason.capacity();
        let plain = [
            &self.to_balancer,
            &self.to_instance,
            &self.wait,
            &self.work,
            &self.back_to_balancer,
            &self.back_to_client,
        ];
        let durations = plain.into_iter().chain(self.call_columns());
        let lazy: usize = durations.map(DurationColumn::memory_bytes).sum();
        let small = [&self.client, &self.call, &self.kind].into_iter().map(SmallColumn::memory_bytes).sum::<usize>();
        fixed + lazy + small + self.slot.memory_bytes()
    }

    fn call_columns(&self) -> [&DurationColumn; 7] {
        [&self.pooled, &self.calling, &self.gave_up, &self.previous, &self.next, &self.parent, &self.stale]
    }
}

/// The row that stands so many before `row`.
#[inline]
fn back(row: u32, distances: &DurationColumn) -> Option<u32> {
    match distances.get(row) {
        0 => None,
        distance => Some(row - distance as u32),
    }
}

/// Everything that a run leaves behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording {
    pub(crate) requests: Requests,
    /// Of the balancers; instances counted through all services, a whole balancer as `whole_service`.
    pub(crate) transitions: Vec<Transition>,
    /// Numbered as in `Topology`.
    pub(crate) breakers: Vec<RecordedBreaker>,
    /// The limits of the bulkheads, first as they begin and then as they change: (when, bulkhead, limit).
    pub(crate) limits: Vec<(u64, u32, u32)>,
    /// What became of the stores' maps and keys.
    #[cfg(feature = "stores")]
    pub(crate) stores: Vec<RecordedStore>,
    /// What became of the pairs of command and query side.
    #[cfg(feature = "stores")]
    pub(crate) sides: Vec<RecordedSides>,
    /// Health checks answered: (when, instance, passed).
    pub(crate) checks: Vec<(u64, u16, bool)>,
    pub(crate) events: u64,
    pub(crate) end: u64,
}

/// What a balancer's own change is recorded under, instead of an instance's number.
pub(crate) const fn whole_service(service: u32) -> u32 {
    Transition::WHOLE_GROUP - service
}
