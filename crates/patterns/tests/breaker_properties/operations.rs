//! What can be done to a breaker, as data: a sequence of these drives one, whoever made the sequence up.
//!
//! Nothing here judges. [`Bench::apply`] tells what the breaker answered; a model, or a fuzz target, looks at that.

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{Admission, Breaker, Command, CommandRefused, Permit, Transition};

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Success,
    Failure,
    Ignored,
}

/// One thing that is done. Calls are picked by a number that is taken modulo those there are.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// A call asks to be let through.
    Acquire,
    /// A call under way ends.
    Answer { call: u8, ending: Ending, took_ms: u16 },
    /// A call that has ended ends once more.
    AnswerAgain { call: u8, ending: Ending },
    /// A call that never asked ends.
    Unasked { ending: Ending, took_ms: u16 },
    /// Time passes.
    Wait { nanos: u64 },
    /// Time passes until the last refusal said to come again, if it did, and is that still to come.
    UntilPromise,
    /// Time passes until the breaker's deadline, if it has one.
    UntilDeadline,
    /// Time jumps to within so many nanoseconds of its end.
    NearTheEnd { nanos: u64 },
    /// The breaker is woken, whether there is anything to do or not.
    Wake,
    /// Somebody gives a command.
    Command(Command),
}

/// What came of it. Calls are numbered in the order in which they were let through.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happened {
    Asked { admission: Admission, change: Option<Transition> },
    Answered { call: Option<usize>, ending: Ending, took: Duration, change: Option<Transition> },
    Woke { change: Option<Transition> },
    Commanded { command: Command, result: Result<Option<Transition>, CommandRefused> },
    Nothing,
}

/// A breaker, the time, and the calls that it let through.
#[derive(Clone, Debug)]
pub(crate) struct Bench {
    pub(crate) breaker: Breaker,
    pub(crate) now: Instant,
    pub(crate) permits: Vec<Permit>,
    under_way: Vec<usize>,
    ended: Vec<usize>,
    promise: Option<Instant>,
}

impl Bench {
    pub(crate) fn new(breaker: Breaker, now: Instant) -> Self {
        Self { breaker, now, permits: Vec::new(), under_way: Vec::new(), ended: Vec::new(), promise: None }
    }

    pub(crate) fn apply(&mut self, op: Op) -> Happened {
        match op {
            Op::Acquire => return self.acquire(),
            Op::Answer { call, ending, took_ms } if !self.under_way.is_empty() => {
                let call = self.under_way.swap_remove(usize::from(call) % self.under_way.len());
                self.ended.push(call);
                return self.answer(Some(call), ending, Duration::from_millis(took_ms.into()));
            }
            Op::AnswerAgain { call, ending } if !self.ended.is_empty() => {
                let call = self.ended[usize::from(call) % self.ended.len()];
                return self.answer(Some(call), ending, Duration::MAX);
            }
            Op::Answer { .. } | Op::AnswerAgain { .. } => {}
            Op::Unasked { ending, took_ms } => return self.answer(None, ending, Duration::from_millis(took_ms.into())),
            Op::Wait { nanos } => self.now = self.now + Duration::from_nanos(nanos),
            Op::UntilPromise => self.now = self.promise.map_or(self.now, |promise| promise.max(self.now)),
            Op::UntilDeadline => {
                self.now = self.breaker.next_deadline().map_or(self.now, |deadline| deadline.max(self.now));
            }
            Op::NearTheEnd { nanos } => self.now = self.now.max(Instant::from_nanos(u64::MAX - nanos)),
            Op::Wake => return Happened::Woke { change: self.breaker.on_deadline(self.now) },
            Op::Command(command) => {
                return Happened::Commanded { command, result: self.breaker.command(self.now, command) };
            }
        }
        Happened::Nothing
    }

    fn acquire(&mut self) -> Happened {
        let (admission, change) = self.breaker.try_acquire(self.now);
        match admission {
            Admission::Admitted(permit) => {
                self.under_way.push(self.permits.len());
                self.permits.push(permit);
            }
            Admission::Refused(refusal) => self.promise = refusal.retry_at,
        }
        Happened::Asked { admission, change }
    }

    fn answer(&mut self, call: Option<usize>, ending: Ending, took: Duration) -> Happened {
        let permit = call.map_or(Permit::UNASKED, |call| self.permits[call]);
        let change = match ending {
            Ending::Success => self.breaker.on_success(self.now, permit, took),
            Ending::Failure => self.breaker.on_failure(self.now, permit, took),
            Ending::Ignored => self.breaker.on_ignored(self.now, permit),
        };
        Happened::Answered { call, ending, took, change }
    }
}
