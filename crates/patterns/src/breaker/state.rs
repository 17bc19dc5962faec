//! The breaker itself: deciding on a call, and what time alone brings about.

use std::time::Duration;

use super::places::Places;
use super::rules::Rules;
use super::{AfterWait, BreakerConfig, Cause, HalfOpens, State, Transition, TrialLimit, Verdict, Window, WindowExpiry};
use crate::{ConfigError, Instant};

/// The answer to a call that asks to be let through.
#[must_use = "a refused call must not be made"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may go. Its outcome is reported with this permit.
    Admitted(Permit),
    /// It may not.
    Refused(Refusal),
}

impl Admission {
    /// The permit, if there is one.
    pub const fn permit(self) -> Option<Permit> {
        match self {
            Self::Admitted(permit) => Some(permit),
            Self::Refused(_) => None,
        }
    }
}

/// Why a call was refused, and when to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalReason,
    /// The instant at which a call will be let through, unless somebody else's is first; nothing where that depends
    /// on answers or commands.
    pub retry_at: Option<Instant>,
}

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// The breaker is open.
    Open,
    /// It is half-open, and all trial calls are taken.
    TrialsTaken,
    /// It was forced open.
    ForcedOpen,
}

/// Says in which state, and in which bucket of the window, a call was admitted, so that its answer can be told from
/// those that speak of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The bucket of the window, or a trial call's place.
    pub(super) bucket: u64,
    /// 0 is none.
    pub(super) generation: u32,
    pub(super) trial: bool,
}

impl Permit {
    /// For a call that nobody asked to let through: its outcome counts for the state in which it comes, and gives a
    /// trial place free as that of a trial call does.
    pub const UNASKED: Self = Self { bucket: 0, generation: 0, trial: false };

    /// Whether the call is a trial call.
    pub const fn is_trial(self) -> bool {
        self.trial
    }
}

/// A circuit breaker. See the [module](super) for how it is used.
#[derive(Clone, Debug)]
pub struct Breaker {
    pub(super) rules: Rules,
    pub(super) state: State,
    /// When it came into this state.
    pub(super) since: Instant,
    /// Counts the changes after which earlier calls say nothing any more.
    pub(super) generation: u32,
    pub(super) closed: Window,
    pub(super) trials: Window,
    /// Whether what was last counted are trial calls. An open breaker keeps the window that opened it.
    pub(super) shows_trials: bool,
    pub(super) trials_free: u64,
    pub(super) places: Places,
    pub(super) next_trial_at: Instant,
    /// Calls admitted in this generation, and before, that have no answer yet.
    pub(super) outstanding: u64,
    pub(super) outstanding_before: u64,
    pub(super) wait: Duration,
    pub(super) next_wait_ns: u64,
    pub(super) openings: u32,
    pub(super) refused: u64,
    /// What would have opened it, when only measuring.
    pub(super) exceeded: Verdict,
}

impl Breaker {
    /// A closed breaker.
    ///
    /// # Errors
    /// Every mistake of the configuration, each with its field and what is allowed there.
    pub fn try_new(config: &BreakerConfig, now: Instant) -> Result<Self, Vec<ConfigError>> {
        let rules = Rules::try_new(config)?;
        Ok(Self {
            state: State::Closed,
            since: now,
            generation: 1,
            closed: rules.closed_window(now),
            trials: Window::calls(now, config.trials),
            shows_trials: false,
            trials_free: 0,
            places: Places::new(config.trials),
            next_trial_at: now,
            outstanding: 0,
            outstanding_before: 0,
            wait: Duration::from_nanos(rules.wait_ns),
            next_wait_ns: rules.wait_ns,
            openings: 0,
            refused: 0,
            exceeded: Verdict::default(),
            rules,
        })
    }

    /// Decides whether a call may go at `now`; with it comes the change that its coming brought about, if it did.
    #[inline]
    pub fn try_acquire(&mut self, now: Instant) -> (Admission, Option<Transition>) {
        if matches!(self.state, State::Closed) && !self.rules.counts_from_admission {
            return (self.admit(self.closed.bucket()), None);
        }
        let transition = match self.state {
            State::Open { .. } | State::HalfOpen => self.before_call(now),
            _ => None,
        };
        (self.decide(now), transition)
    }

    /// When [`Breaker::on_deadline`] has something to do, if nothing happens before.
    pub fn next_deadline(&self) -> Option<Instant> {
        match self.state {
            State::Open { retry_at } if self.rules.config.half_opens == HalfOpens::OnTime => Some(retry_at),
            State::HalfOpen => Some(self.since + self.rules.half_open_max?),
            _ => None,
        }
    }

    /// Does what time alone brings about: an open breaker becomes half-open (if it does so by itself), one that was
    /// half-open for too long opens, and a window on a grid moves on. Harmless at any moment.
    pub fn on_deadline(&mut self, now: Instant) -> Option<Transition> {
        let on_time = self.rules.config.window_expiry == WindowExpiry::OnTime && self.closed.on_grid();
        if on_time && matches!(self.state, State::Closed | State::MeasuringOnly) {
            self.roll(now);
        }
        if self.next_deadline()? > now {
            return None;
        }
        Some(match self.state {
            State::HalfOpen => self.leave_half_open(now),
            _ => self.end_wait(now),
        })
    }

    /// What is due when a call comes. A half-open breaker whose time is over and that need not wait begins anew.
    fn before_call(&mut self, now: Instant) -> Option<Transition> {
        let mut reopened = None;
        if self.state == State::HalfOpen && self.next_deadline().is_some_and(|deadline| deadline <= now) {
            reopened = Some(self.leave_half_open(now));
        }
        match self.state {
            State::Open { retry_at } if retry_at <= now => {
                let ended = self.end_wait(now);
                Some(reopened.map_or(ended, |reopened| Transition { to: ended.to, ..reopened }))
            }
            _ => reopened,
        }
    }

    fn decide(&mut self, now: Instant) -> Admission {
        let refusal = match self.state {
            State::Closed | State::MeasuringOnly => {
                if self.rules.counts_from_admission {
                    self.roll(now);
                    self.closed.admit();
                }
                return self.admit(self.closed.bucket());
            }
            State::Disabled => return self.admit(0),
            State::HalfOpen => match self.take_trial(now) {
                Ok(()) => {
                    self.trials.admit();
                    let place = self.places.take();
                    return self.admit(place);
                }
                Err(retry_at) => Refusal { reason: RefusalReason::TrialsTaken, retry_at },
            },
            State::Open { retry_at } => Refusal { reason: RefusalReason::Open, retry_at: Some(retry_at) },
            State::ForcedOpen => Refusal { reason: RefusalReason::ForcedOpen, retry_at: None },
        };
        self.refused += 1;
        Admission::Refused(refusal)
    }

    #[inline]
    fn admit(&mut self, bucket: u64) -> Admission {
        self.outstanding += 1;
        Admission::Admitted(Permit { bucket, generation: self.generation, trial: self.state == State::HalfOpen })
    }

    /// A place for a trial call, or when to come again.
    fn take_trial(&mut self, now: Instant) -> Result<(), Option<Instant>> {
        match self.rules.config.trial_limit {
            TrialLimit::OnePerWait if now < self.next_trial_at => {
                // By then it may be open again.
                let stays = |until: &Instant| self.next_deadline().is_none_or(|deadline| deadline > *until);
                Err(Some(self.next_trial_at).filter(stays))
            }
            TrialLimit::OnePerWait => {
                self.next_trial_at = self.rules.over_at(now, self.wait);
                Ok(())
            }
            TrialLimit::InAll | TrialLimit::AtATime => {
                self.trials_free = self.trials_free.checked_sub(1).ok_or(None)?;
                Ok(())
            }
        }
    }

    /// A window that began anew makes strangers of the calls from before.
    #[inline]
    pub(super) fn roll(&mut self, now: Instant) {
        if self.closed.advance(now) {
            self.next_generation();
        }
    }

    fn end_wait(&mut self, now: Instant) -> Transition {
        let cause = Cause::WaitOver { waited: now - self.since };
        match self.rules.config.after_wait {
            AfterWait::HalfOpen => self.enter(now, State::HalfOpen, cause),
            AfterWait::Closed => self.enter(now, State::Closed, cause),
        }
    }

    fn leave_half_open(&mut self, now: Instant) -> Transition {
        let answered = self.trials.counts_then().answered();
        self.open(now, None, Cause::HalfOpenTooLong { stayed: now - self.since, answered })
    }

    /// Opens for the next wait in the row, or for one that somebody chose.
    pub(super) fn open(&mut self, now: Instant, wait: Option<Duration>, cause: Cause) -> Transition {
        self.wait = wait.unwrap_or_else(|| self.rules.capped(self.next_wait_ns));
        self.count_opening();
        let retry_at = self.rules.over_at(now, self.wait);
        self.enter(now, State::Open { retry_at }, cause)
    }

    pub(super) fn count_opening(&mut self) {
        self.openings = self.openings.saturating_add(1);
        self.next_wait_ns = self.rules.grown(self.next_wait_ns);
    }

    pub(super) fn enter(&mut self, now: Instant, to: State, cause: Cause) -> Transition {
        let transition = Transition { at: now, from: self.state, to, cause };
        self.state = to;
        self.since = now;
        self.exceeded = Verdict::default();
        self.next_generation();
        match to {
            State::HalfOpen => {
                self.trials.clear(now);
                self.places.clear();
                self.trials_free = self.rules.config.trials.into();
                self.next_trial_at = now;
            }
            State::Open { .. } if self.rules.config.window_kept => return transition,
            _ => self.closed.clear(now),
        }
        if matches!(to, State::Closed | State::Disabled | State::MeasuringOnly) {
            self.openings = 0;
            self.next_wait_ns = self.rules.wait_ns;
        }
        self.shows_trials = to == State::HalfOpen;
        self.refused = 0;
        transition
    }

    fn next_generation(&mut self) {
        self.generation = self.generation.wrapping_add(1).max(1);
        self.outstanding_before += self.outstanding;
        self.outstanding = 0;
    }
}
