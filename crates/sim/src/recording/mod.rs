//! What happened, as columns: one row per request, one per change of state.

mod columns;
mod index;

pub(crate) use index::TimeIndex;

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
}

impl Reason {
    /// All of them, by number.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Error, Self::ConnectionRefused, Self::ConnectionLost, Self::QueueFull, Self::NoInstance];

    /// The name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Error => "error",
            Self::ConnectionRefused => "connection_refused",
            Self::ConnectionLost => "connection_lost",
            Self::QueueFull => "queue_full",
            Self::NoInstance => "no_instance",
        }
    }

    /// What became of a request that ended for this reason.
    #[inline]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::None => Outcome::Succeeded,
            Self::QueueFull => Outcome::Shed,
            Self::Error | Self::ConnectionRefused | Self::ConnectionLost | Self::NoInstance => Outcome::Failed,
        }
    }
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Outcome {
    /// Answered.
    Succeeded = 0,
    /// Broken on the way.
    Failed = 1,
    /// Refused on purpose, to protect what is already under way.
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

/// The moments of a request, in nanoseconds. Those of stages that it never reached are equal to the last it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moments {
    pub(crate) sent: u64,
    pub(crate) at_balancer: u64,
    pub(crate) at_instance: u64,
    pub(crate) started: u64,
    pub(crate) finished: u64,
    pub(crate) back_at_balancer: u64,
    pub(crate) ended: u64,
}

impl Moments {
    pub(crate) fn in_order(&self) -> [u64; 7] {
        [self.sent, self.at_balancer, self.at_instance, self.started, self.finished, self.back_at_balancer, self.ended]
    }
}

/// All requests of a run, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    pub(crate) sent: Vec<u64>,
    pub(crate) key: Vec<u32>,
    pub(crate) instance: Vec<u16>,
    pub(crate) reason: Vec<u8>,
    pub(crate) client: SmallColumn<u8>,
    pub(crate) slot: SmallColumn<u16>,
    pub(crate) to_balancer: DurationColumn,
    pub(crate) to_instance: DurationColumn,
    pub(crate) wait: DurationColumn,
    /// Until the request has ended: the work it brings, on an instance of speed 1.
    pub(crate) work: DurationColumn,
    pub(crate) back_to_balancer: DurationColumn,
    pub(crate) back_to_client: DurationColumn,
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

    #[inline]
    pub(crate) fn len(&self) -> u32 {
        self.sent.len() as u32
    }

    #[inline]
    pub(crate) fn instance(&self, request: u32) -> Option<usize> {
        let instance = self.instance[request as usize];
        (instance != NOWHERE).then_some(usize::from(instance))
    }

    #[inline]
    pub(crate) fn reason(&self, request: u32) -> Reason {
        Reason::ALL[usize::from(self.reason[request as usize])]
    }

    pub(crate) fn outcome(&self, request: u32) -> Outcome {
        self.reason(request).outcome()
    }

    pub(crate) fn moments(&self, request: u32) -> Moments {
        let sent = self.sent[request as usize];
        let at_balancer = sent + self.to_balancer.get(request);
        let at_instance = at_balancer + self.to_instance.get(request);
        let started = at_instance + self.wait.get(request);
        let finished = started + self.work.get(request);
        let back_at_balancer = finished + self.back_to_balancer.get(request);
        let ended = back_at_balancer + self.back_to_client.get(request);
        Moments { sent, at_balancer, at_instance, started, finished, back_at_balancer, ended }
    }

    /// Whether an instance worked on the request to the end.
    pub(crate) fn served(&self, request: u32) -> bool {
        matches!(self.reason(request), Reason::None | Reason::Error)
    }

    pub(crate) fn digest(&self, hasher: &mut Hasher) {
        let rows = self.sent.len();
        for row in 0..rows {
            hasher.update(&self.sent[row].to_le_bytes());
            hasher.update(&self.key[row].to_le_bytes());
            hasher.update(&self.instance[row].to_le_bytes());
            hasher.update(&[self.reason[row]]);
        }
        for column in self.durations() {
            column.digest(rows, hasher);
        }
        for row in 0..rows as u32 {
            hasher.update(&self.slot.get(row).to_le_bytes());
            hasher.update(&[self.client.get(row)]);
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let fixed =
            self.sent.capacity() * 8 + self.key.capacity() * 4 + self.instance.capacity() * 2 + self.reason.capacity();
        let lazy: usize = self.durations().iter().map(|column| column.memory_bytes()).sum();
        fixed + lazy + self.client.memory_bytes() + self.slot.memory_bytes()
    }

    fn durations(&self) -> [&DurationColumn; 6] {
        [&self.to_balancer, &self.to_instance, &self.wait, &self.work, &self.back_to_balancer, &self.back_to_client]
    }
}

/// Everything that a run leaves behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recording {
    pub(crate) requests: Requests,
    pub(crate) transitions: Vec<Transition>,
    /// Health checks answered: (when, instance, passed).
    pub(crate) checks: Vec<(u64, u16, bool)>,
    pub(crate) events: u64,
    pub(crate) end: u64,
}
