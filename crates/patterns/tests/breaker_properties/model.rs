//! A breaker that remembers everything and counts again each time.
//!
//! It knows the configuration's words and nothing of rings, running sums, generations or permits.

use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::breaker::{
    AfterWait, BreakerConfig, BucketStart, Cause, Command, CountedFrom, Counts, HalfOpens, Judged, LateAnswers,
    RateRounding, RefusalReason, State, TrialLimit, TrialRule, TripRule, Verdict, WaitEnd, WindowExpiry, WindowKind,
};

use crate::operations::Ending;

#[derive(Clone, Copy, Debug)]
enum Note {
    Admitted,
    Ended { ending: Ending, slow: bool, took: Duration },
}

/// Something noted, and the bucket in which it counts.
type Noted = (u64, Note);

#[derive(Clone, Copy, Debug)]
struct Call {
    era: u64,
    bucket: u64,
    /// A trial call that has one of the places and has not given it back.
    holds_place: bool,
    trial: bool,
    /// A trial call beyond the places there are can't be told from another.
    placeless: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    config: BreakerConfig,
    pub(crate) state: State,
    since: Instant,
    /// Answers to calls of an earlier era are late.
    era: u64,
    closed: Vec<Noted>,
    closed_since: Instant,
    /// When the window last moved on.
    moved: Instant,
    /// When the buckets began that begin with a call.
    begun: Vec<Instant>,
    trials: Vec<Noted>,
    shows_trials: bool,
    pub(crate) free: u64,
    next_trial: Instant,
    calls: Vec<Call>,
    unanswered: [u64; 2],
    wait: Duration,
    pub(crate) openings: u32,
    growths: u32,
    pub(crate) refused: u64,
    pub(crate) exceeded: Verdict,
}

fn millis(ms: f64) -> Duration {
    Duration::from_nanos((ms * 1e6).round() as u64)
}

impl Model {
    pub(crate) fn new(config: &BreakerConfig, now: Instant) -> Self {
        Self {
            config: config.clone(),
            state: State::Closed,
            since: now,
            era: 0,
            closed: Vec::new(),
            closed_since: now,
            moved: now,
            begun: Vec::new(),
            trials: Vec::new(),
            shows_trials: false,
            free: 0,
            next_trial: now,
            calls: Vec::new(),
            unanswered: [0, 0],
            wait: millis(config.wait_ms),
            openings: 0,
            growths: 0,
            refused: 0,
            exceeded: Verdict::default(),
        }
    }

    /// The wait after so many growths, from the first one on.
    fn wait_now(&self) -> Duration {
        let first = millis(self.config.wait_ms).as_nanos() as u64;
        let mut wait = first;
        for _ in 0..self.growths {
            if self.config.wait_growth > 1.0 {
                wait = (wait as f64 * self.config.wait_growth) as u64;
                wait -= if wait >= 1_000_000 { wait % 1_000_000 } else { 0 };
            }
        }
        Duration::from_nanos(wait).min(millis(self.config.wait_ms_max).max(millis(self.config.wait_ms)))
    }

    fn over_at(&self, now: Instant, wait: Duration) -> Instant {
        match self.config.wait_end {
            WaitEnd::At => now + wait,
            WaitEnd::After => now + wait + Duration::from_nanos(1),
        }
    }

    fn half_open_until(&self) -> Option<Instant> {
        let limited = self.state == State::HalfOpen && self.config.half_open_ms_max > 0.0;
        limited.then(|| self.since + millis(self.config.half_open_ms_max))
    }

    // What happens

    /// Whether a call may go, with what changes by its coming.
    pub(crate) fn ask(&mut self, now: Instant) -> (Result<bool, RefusalReason>, Option<(State, State)>) {
        let from = self.state;
        let mut changed = false;
        if self.half_open_until().is_some_and(|until| until <= now) {
            self.open(now, None);
            changed = true;
        }
        if matches!(self.state, State::Open { retry_at } if retry_at <= now) {
            self.end_wait(now);
            changed = true;
        }
        let answer = self.decide(now);
        if answer.is_err() {
            self.refused += 1;
        } else {
            let bucket = if self.closed_counts() { self.newest_bucket() } else { 0 };
            let trial = answer == Ok(true);
            let holding = self.calls.iter().filter(|call| call.era == self.era && call.holds_place).count();
            let placeless = holding >= self.config.trials as usize;
            self.calls.push(Call { era: self.era, bucket, holds_place: trial && !placeless, trial, placeless });
            self.unanswered[0] += 1;
        }
        (answer, changed.then_some((from, self.state)))
    }

    fn decide(&mut self, now: Instant) -> Result<bool, RefusalReason> {
        match self.state {
            State::Closed | State::MeasuringOnly => {
                if self.counts_from_admission() {
                    self.move_on(now);
                    self.closed.push((self.newest_bucket(), Note::Admitted));
                }
                Ok(false)
            }
            State::Disabled => Ok(false),
            State::Open { .. } => Err(RefusalReason::Open),
            State::ForcedOpen => Err(RefusalReason::ForcedOpen),
            State::HalfOpen => {
                if self.config.trial_limit == TrialLimit::OnePerWait {
                    if now < self.next_trial {
                        return Err(RefusalReason::TrialsTaken);
                    }
                    self.next_trial = self.over_at(now, self.wait);
                } else if self.free == 0 {
                    return Err(RefusalReason::TrialsTaken);
                } else {
                    self.free -= 1;
                }
                self.trials.push((0, Note::Admitted));
                Ok(true)
            }
        }
    }

    pub(crate) fn answer(
        &mut self,
        now: Instant,
        call: Option<usize>,
        ending: Ending,
        took: Duration,
    ) -> Option<(State, State)> {
        if self.closed_counts() && self.tumbles_at(now) {
            self.move_on(now);
        }
        let own = call.is_none_or(|call| self.calls[call].era == self.era);
        if let Some(call) = call {
            let call = &mut self.calls[call];
            let holds_place = std::mem::take(&mut call.holds_place);
            if own && call.trial && !call.placeless && !holds_place {
                return None;
            }
            let unanswered = &mut self.unanswered[usize::from(!own)];
            if *unanswered == 0 {
                return None;
            }
            *unanswered -= 1;
            if !own && self.config.late_answers == LateAnswers::Ignored {
                return None;
            }
        }
        let slow = self.config.slow_calls && took > millis(self.config.slow_call_ms);
        let note = Note::Ended { ending, slow, took };
        let (from, mut changed) = (self.state, false);
        match self.state {
            State::Closed | State::MeasuringOnly => {
                self.move_on(now);
                let booked = call.filter(|_| own && self.counts_from_admission()).map(|call| self.calls[call].bucket);
                self.note(now, booked.unwrap_or(self.newest_bucket()), note);
                changed = ending != Ending::Ignored && self.judge(now, ending, slow);
            }
            State::HalfOpen => {
                self.trials.push((0, note));
                match self.config.trial_limit {
                    TrialLimit::AtATime if own => self.free += 1,
                    TrialLimit::InAll if own && ending == Ending::Ignored => self.free += 1,
                    _ => {}
                }
                changed = ending != Ending::Ignored && self.judge_trials(now, note);
            }
            State::Open { .. } if ending != Ending::Ignored && self.config.window_kept => {
                if self.shows_trials {
                    self.trials.push((0, note));
                } else {
                    self.drop_old(now);
                    self.note(now, self.newest_bucket(), note);
                    if self.config.late_failures_prolong && ending == Ending::Failure {
                        changed = self.judge(now, ending, slow);
                    }
                }
            }
            State::Open { .. } | State::ForcedOpen | State::Disabled => {}
        }
        changed.then_some((from, self.state))
    }

    pub(crate) fn wake(&mut self, now: Instant) -> Option<(State, State)> {
        if self.closed_counts() && self.on_grid() && self.config.window_expiry == WindowExpiry::OnTime {
            self.move_on(now);
        }
        let from = self.state;
        match self.state {
            State::Open { retry_at } if self.config.half_opens == HalfOpens::OnTime && retry_at <= now => {
                self.end_wait(now);
            }
            State::HalfOpen if self.half_open_until().is_some_and(|until| until <= now) => self.open(now, None),
            _ => return None,
        }
        Some((from, self.state))
    }

    pub(crate) fn command(&mut self, now: Instant, command: Command) -> Result<Option<(State, State)>, ()> {
        let from = self.state;
        let target = match command {
            Command::Close | Command::Reset => "closed",
            Command::Open | Command::OpenFor(_) => "open",
            Command::HalfOpen => "half_open",
            Command::ForceOpen => "forced_open",
            Command::Disable => "disabled",
            Command::MeasureOnly => "measuring_only",
        };
        if self.config.commands_strict {
            match (from, target) {
                (State::Closed, "half_open") | (State::MeasuringOnly, "half_open" | "open") => return Err(()),
                _ => {}
            }
        }
        let always = matches!(command, Command::Reset | Command::OpenFor(_));
        if from.name() == target && !always && !self.config.commands_renew {
            return Ok(None);
        }
        match command {
            Command::Close | Command::Reset => self.enter(now, State::Closed),
            Command::Open => self.open(now, None),
            Command::OpenFor(wait) => self.open(now, Some(wait)),
            Command::HalfOpen => self.enter(now, State::HalfOpen),
            Command::ForceOpen => {
                self.openings += 1;
                self.growths += 1;
                self.enter(now, State::ForcedOpen);
            }
            Command::Disable => self.enter(now, State::Disabled),
            Command::MeasureOnly => self.enter(now, State::MeasuringOnly),
        }
        Ok(Some((from, self.state)))
    }

    // States

    fn enter(&mut self, now: Instant, to: State) {
        let kept = matches!(to, State::Open { .. }) && self.config.window_kept;
        self.state = to;
        self.since = now;
        self.exceeded = Verdict::default();
        self.next_era();
        if kept {
            return;
        }
        self.refused = 0;
        self.shows_trials = to == State::HalfOpen;
        if to == State::HalfOpen {
            self.trials.clear();
            self.free = self.config.trials.into();
            self.next_trial = now;
        } else {
            self.empty(now);
        }
        if matches!(to, State::Closed | State::Disabled | State::MeasuringOnly) {
            self.openings = 0;
            self.growths = 0;
        }
    }

    fn open(&mut self, now: Instant, wait: Option<Duration>) {
        self.wait = wait.unwrap_or_else(|| self.wait_now());
        self.openings += 1;
        self.growths += 1;
        let retry_at = self.over_at(now, self.wait);
        self.enter(now, State::Open { retry_at });
    }

    fn end_wait(&mut self, now: Instant) {
        let to = match self.config.after_wait {
            AfterWait::HalfOpen => State::HalfOpen,
            AfterWait::Closed => State::Closed,
        };
        self.enter(now, to);
    }

    fn next_era(&mut self) {
        self.era += 1;
        self.unanswered = [0, self.unanswered[0] + self.unanswered[1]];
    }

    fn judge(&mut self, now: Instant, ending: Ending, slow: bool) -> bool {
        if self.config.judged == Judged::Failures && ending == Ending::Success && !slow {
            return false;
        }
        let counts = self.count(&self.closed, |bucket| self.is_inside(bucket, now));
        let calls = self.rate_of(&counts);
        let enough = calls >= self.minimum();
        let verdict = Verdict {
            by_failures: match self.config.trip_rule {
                TripRule::Consecutive => counts.failures_in_a_row >= self.config.failures.into(),
                TripRule::Failures => counts.failures >= self.config.failures.into(),
                TripRule::FailureRate => {
                    enough && self.reaches(counts.failures, calls, self.config.failure_rate_percent)
                }
            },
            by_slow_calls: self.config.slow_calls
                && enough
                && self.reaches(counts.slow(), calls, self.config.slow_rate_percent),
        };
        if self.state == State::MeasuringOnly {
            self.exceeded.by_failures |= verdict.by_failures;
            self.exceeded.by_slow_calls |= verdict.by_slow_calls;
        } else if verdict.any() {
            self.open(now, None);
            return true;
        }
        false
    }

    fn judge_trials(&mut self, now: Instant, last: Note) -> bool {
        let counts = self.trial_counts();
        let (config, answered) = (&self.config, counts.answered());
        let decision = match config.trial_rule {
            TrialRule::Successes if counts.successes >= config.trial_successes.into() => Some(true),
            TrialRule::Successes => {
                // More have failed than may.
                (counts.failures + u64::from(config.trial_successes) > config.trials.into()).then_some(false)
            }
            TrialRule::Rates if answered < config.minimum_calls.min(config.trials).into() => None,
            TrialRule::Rates => {
                let slow = config.slow_calls && self.reaches(counts.slow(), answered, config.slow_rate_percent);
                let failed = self.reaches(counts.failures, answered, config.failure_rate_percent);
                let well = match config.rate_rounding {
                    RateRounding::Exact => !failed,
                    RateRounding::WholePercent => {
                        rounded_percent(counts.successes, answered) as f64 > 100.0 - config.failure_rate_percent
                    }
                };
                if well && !slow { Some(true) } else { (slow || failed).then_some(false) }
            }
        };
        match decision {
            Some(true) => {
                self.enter(now, State::Closed);
                if self.config.closing_trial_counts {
                    self.move_on(now);
                    self.note(now, self.newest_bucket(), last);
                }
            }
            Some(false) => self.open(now, None),
            None => return false,
        }
        true
    }

    // The window

    fn closed_counts(&self) -> bool {
        matches!(self.state, State::Closed | State::MeasuringOnly)
    }

    pub(crate) fn counts_from_admission(&self) -> bool {
        self.config.counted_from == CountedFrom::Admission && self.config.window != WindowKind::Calls
    }

    fn on_grid(&self) -> bool {
        self.config.window == WindowKind::Time && self.config.bucket_start != BucketStart::FirstCall
    }

    fn span(&self) -> Duration {
        millis(self.config.window_ms)
    }

    fn width(&self) -> u64 {
        self.span().as_nanos() as u64 / u64::from(self.config.window_buckets)
    }

    fn tumbles(&self) -> bool {
        self.on_grid() && self.config.bucket_start == BucketStart::Closing && self.config.window_buckets == 1
    }

    fn tumbles_at(&self, now: Instant) -> bool {
        self.tumbles() && now - self.closed_since > self.span()
    }

    fn empty(&mut self, now: Instant) {
        self.closed.clear();
        self.begun.clear();
        self.closed_since = now;
        self.moved = now;
    }

    fn drop_old(&mut self, now: Instant) {
        if self.tumbles_at(now) {
            self.empty(now);
        }
        self.moved = now;
        if self.config.window == WindowKind::Time
            && self.config.bucket_start == BucketStart::FirstCall
            && self.begun.last().is_none_or(|&begun| (now - begun).as_nanos() as u64 >= self.width())
        {
            self.begun.push(now);
        }
    }

    fn move_on(&mut self, now: Instant) {
        if self.tumbles_at(now) {
            self.next_era();
        }
        self.drop_old(now);
    }

    fn grid(&self, at: Instant) -> u64 {
        let base = if self.config.bucket_start == BucketStart::Clock { Instant::ZERO } else { self.closed_since };
        (at - base).as_nanos() as u64 / self.width()
    }

    fn newest_bucket(&self) -> u64 {
        match self.config.window {
            WindowKind::Calls | WindowKind::Unlimited => 0,
            WindowKind::Time if self.tumbles() => 0,
            WindowKind::Time if self.on_grid() => self.grid(self.moved),
            WindowKind::Time => self.begun.len() as u64,
        }
    }

    fn is_inside(&self, bucket: u64, now: Instant) -> bool {
        match self.config.window {
            WindowKind::Calls | WindowKind::Unlimited => true,
            WindowKind::Time if self.tumbles() => !self.tumbles_at(now),
            WindowKind::Time if self.on_grid() => self.grid(now) - bucket < self.config.window_buckets.into(),
            WindowKind::Time => now - self.begun[bucket as usize - 1] < self.span(),
        }
    }

    fn note(&mut self, now: Instant, bucket: u64, note: Note) {
        if self.is_inside(bucket, now) {
            self.closed.push((bucket, note));
        }
    }

    /// Counts again. Admissions and what was ignored take no cell of a window of calls; runs reach beyond it.
    fn count(&self, notes: &[Noted], inside: impl Fn(u64) -> bool) -> Counts {
        let size = if std::ptr::eq(notes, self.trials.as_slice()) {
            Some(self.config.trials)
        } else {
            (self.config.window == WindowKind::Calls).then_some(self.config.window_calls)
        };
        let mut counts = Counts::default();
        let mut cells = Vec::new();
        for &(_, note) in notes.iter().filter(|noted| inside(noted.0)) {
            match note {
                Note::Admitted => counts.admitted += 1,
                Note::Ended { ending: Ending::Ignored, .. } => counts.ignored += 1,
                Note::Ended { ending: Ending::Success, slow, took } => {
                    cells.push((false, slow, took));
                    counts.successes_in_a_row += 1;
                    counts.failures_in_a_row = 0;
                }
                Note::Ended { ending: Ending::Failure, slow, took } => {
                    cells.push((true, slow, took));
                    counts.failures_in_a_row += 1;
                    counts.successes_in_a_row = 0;
                }
            }
        }
        let first = size.map_or(0, |size| cells.len().saturating_sub(size as usize));
        for &(failed, slow, took) in &cells[first..] {
            counts.failures += u64::from(failed);
            counts.successes += u64::from(!failed);
            counts.slow_failures += u64::from(failed && slow);
            counts.slow_successes += u64::from(!failed && slow);
            counts.duration_ns += took.as_nanos().min(u128::from(u64::MAX >> 2));
        }
        counts
    }

    fn trial_counts(&self) -> Counts {
        self.count(&self.trials, |_| true)
    }

    fn minimum(&self) -> u64 {
        match self.config.window {
            WindowKind::Calls => self.config.minimum_calls.min(self.config.window_calls).into(),
            _ => self.config.minimum_calls.into(),
        }
    }

    fn rate_of(&self, counts: &Counts) -> u64 {
        if self.counts_from_admission() { counts.admitted.saturating_sub(counts.ignored) } else { counts.answered() }
    }

    /// The thresholds drawn are whole percents.
    fn reaches(&self, part: u64, calls: u64, percent: f64) -> bool {
        match self.config.rate_rounding {
            _ if calls == 0 => false,
            RateRounding::Exact => 100 * part >= percent as u64 * calls,
            RateRounding::WholePercent => rounded_percent(part, calls) >= percent as u64,
        }
    }

    // What is to be seen

    pub(crate) fn state_at(&self, now: Instant) -> State {
        let retry_at = match self.state {
            State::Open { retry_at } => retry_at,
            State::HalfOpen if self.half_open_until().is_some_and(|until| until <= now) => {
                self.over_at(now, self.wait_now())
            }
            state => return state,
        };
        match (self.config.half_opens, self.config.after_wait) {
            (HalfOpens::OnTime, AfterWait::HalfOpen) if retry_at <= now => State::HalfOpen,
            (HalfOpens::OnTime, AfterWait::Closed) if retry_at <= now => State::Closed,
            _ => State::Open { retry_at },
        }
    }

    pub(crate) fn counts_at(&self, now: Instant) -> Counts {
        let seen = self.state_at(now);
        let unnoticed = seen.name() != self.state.name()
            || (self.state == State::HalfOpen && self.half_open_until().is_some_and(|until| until <= now));
        if unnoticed && !(matches!(seen, State::Open { .. }) && self.config.window_kept) {
            return Counts::default();
        }
        if self.shows_trials {
            return self.trial_counts();
        }
        let at = match self.config.window_expiry {
            WindowExpiry::OnTime => now,
            WindowExpiry::OnRecord => self.moved,
        };
        self.count(&self.closed, |bucket| self.is_inside(bucket, at))
    }
}

/// The nearest whole percent, halves up.
fn rounded_percent(part: u64, calls: u64) -> u64 {
    (0..).find(|percent| 200 * part < (2 * percent + 1) * calls).expect("some number is the nearest")
}

/// Whether a cause names what it is about: calls for a trip, and so on.
pub(crate) fn is_fitting(cause: Cause, from: State, to: State) -> bool {
    match cause {
        Cause::Tripped(trip) => trip.verdict.any() && matches!(to, State::Open { .. }),
        Cause::WaitOver { .. } => matches!(from, State::Open { .. }),
        Cause::TrialsPassed { .. } => from == State::HalfOpen && to == State::Closed,
        Cause::TrialsFailed { .. } => from == State::HalfOpen && matches!(to, State::Open { .. }),
        Cause::HalfOpenTooLong { .. } => from == State::HalfOpen,
        Cause::Commanded(_) => true,
    }
}
