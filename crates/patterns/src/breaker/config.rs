use crate::{choices, parameters};

choices! {
    /// What makes a closed breaker open.
    pub enum TripRule {
        /// So many failures without a success between.
        Consecutive = "consecutive", "Failures in a row";
        /// So many failures in the window.
        Failures = "failures", "Failures in the window";
        /// Such a share of the calls in the window, once there are enough of them.
        FailureRate = "failure_rate", "Failure rate";
    }

    /// Which past calls count.
    pub enum WindowKind {
        /// The last so many calls.
        Calls = "calls", "The last calls";
        /// The calls of the last stretch of time, in buckets.
        Time = "time", "The last stretch of time";
        /// All since the breaker closed.
        Unlimited = "unlimited", "All since it closed";
    }

    /// Where the buckets of a window of time begin.
    pub enum BucketStart {
        /// At whole multiples of their width since the beginning of time (resilience4j, failsafe-go).
        Clock = "clock", "By the clock";
        /// At whole multiples of their width since the breaker closed; a single bucket is a window that is emptied by
        /// the first call after its end, and calls from before say nothing any more (gobreaker).
        Closing = "closing", "Since it closed";
        /// With the first call after the last one's end (Polly).
        FirstCall = "first_call", "With the first call";
    }

    /// From when on a call counts.
    pub enum CountedFrom {
        /// From its answer: calls under way are no part of the rate.
        Answer = "answer", "Its answer";
        /// From its admission: calls under way are part of the rate, and an answer counts in the bucket in which its call began (gobreaker). In a window of calls this is the same as from its answer.
        Admission = "admission", "Its admission";
    }

    /// After which answers the rule is looked at.
    pub enum Judged {
        /// After each: a success too can complete the minimum of calls (resilience4j, failsafe-go).
        EveryAnswer = "every_answer", "Every answer";
        /// After failures only, and calls slow enough to count as such (gobreaker, Polly).
        Failures = "failures", "Failures only";
    }

    /// How a rate is compared with its threshold.
    pub enum RateRounding {
        /// As the fraction it is.
        Exact = "exact", "Exact";
        /// Rounded to whole percent, halves up (failsafe-go).
        WholePercent = "whole_percent", "Whole percent";
    }

    /// When that which is too old leaves a window of time.
    pub enum WindowExpiry {
        /// When its time is over, whoever looks.
        OnTime = "on_time", "On time";
        /// When the next call is recorded: until then it is still seen (failsafe-go).
        OnRecord = "on_record", "With the next call recorded";
    }

    /// What happens to the answer of a call that was admitted before the breaker last changed.
    pub enum LateAnswers {
        /// Nothing: it speaks of another time (gobreaker).
        Ignored = "ignored", "Ignored";
        /// It counts as if it had just been asked for (resilience4j, failsafe-go, Polly, the manual).
        Counted = "counted", "Counted";
    }

    /// Whether the end of the wait is part of it.
    pub enum WaitEnd {
        /// A call at the very end is let through (Polly, failsafe-go).
        At = "at", "At its end";
        /// Only one strictly later is (resilience4j, gobreaker, the manual).
        After = "after", "After its end";
    }

    /// What makes an open breaker half-open when the wait is over.
    pub enum HalfOpens {
        /// Time alone, so that whoever looks sees it half-open (gobreaker, Polly).
        OnTime = "on_time", "By itself";
        /// The next call (resilience4j, failsafe-go, the manual).
        OnCall = "on_call", "With the next call";
    }

    /// What follows on the wait.
    pub enum AfterWait {
        /// Trial calls.
        HalfOpen = "half_open", "Half-open";
        /// Everything is let through at once (the manual).
        Closed = "closed", "Closed";
    }

    /// What limits the trial calls of a half-open breaker.
    pub enum TrialLimit {
        /// So many in all; one that is ignored gives its place back (resilience4j, gobreaker).
        InAll = "in_all", "So many in all";
        /// So many at a time; each that is answered gives its place back (failsafe-go).
        AtATime = "at_a_time", "So many at a time";
        /// One for each wait, whether the one before was answered or not (Polly).
        OnePerWait = "one_per_wait", "One for each wait";
    }

    /// What decides between closed and open when half-open.
    pub enum TrialRule {
        /// So many successes close it; as soon as they can't be reached any more, it opens.
        Successes = "successes", "Enough successes";
        /// The same rates and minimum as when closed, over the trial calls (resilience4j).
        Rates = "rates", "Rates";
    }
}

parameters! {
    /// A circuit breaker: what opens it, for how long, and what closes it again.
    pub struct BreakerConfig {
        /// What makes it open.
        ["Opens on", level "basic"]
        pub trip_rule: TripRule = TripRule::FailureRate;
        /// So many failures open it.
        ["Failures", unit "failures", range 1 ..= 10_000, level "basic", when "trip_rule=consecutive|failures"]
        pub failures: u32 = 5;
        /// Such a share of failures opens it.
        ["Failure rate", unit "%", range 0.0 ..= 100.0, level "basic", when "trip_rule=failure_rate"]
        pub failure_rate_percent: f64 = 50.0;
        /// No rate is looked at before so many calls are in the window (or all that the window holds, if that is fewer).
        ["Minimum calls", unit "calls", range 1 ..= 100_000, level "basic", scale "log"]
        pub minimum_calls: u32 = 10;
        /// Which past calls count.
        ["Window", level "basic"]
        pub window: WindowKind = WindowKind::Calls;
        /// The last so many calls.
        ["Window size", unit "calls", range 1 ..= 10_000, level "basic", when "window=calls", scale "log"]
        pub window_calls: u32 = 20;
        /// The last stretch of time.
        ["Window length", unit "ms", range 1.0 ..= 86_400_000.0, level "basic", when "window=time", scale "log"]
        pub window_ms: f64 = 10_000.0;
        /// The window moves on by one bucket at a time.
        ["Buckets", unit "buckets", range 1 ..= 3_600, level "more", when "window=time"]
        pub window_buckets: u32 = 10;
        /// Where the buckets begin.
        ["Buckets begin", level "more", when "window=time"]
        pub bucket_start: BucketStart = BucketStart::Clock;
        /// When that which is too old leaves the window.
        ["Old calls leave", level "more", when "window=time"]
        pub window_expiry: WindowExpiry = WindowExpiry::OnTime;
        /// From when on a call counts.
        ["Calls count from", level "more", when "window=time|unlimited"]
        pub counted_from: CountedFrom = CountedFrom::Answer;
        /// After which answers the rule is looked at.
        ["Judged after", level "more"]
        pub judged: Judged = Judged::EveryAnswer;
        /// How a rate is compared with its threshold.
        ["Rates are", level "more"]
        pub rate_rounding: RateRounding = RateRounding::Exact;
        /// Whether slow calls can open it too, even if they succeed.
        ["Slow calls", level "basic"]
        pub slow_calls: bool = false;
        /// A call that takes longer than this is slow.
        ["Slow from", unit "ms", range 0.0 ..= 3_600_000.0, level "basic", when "slow_calls=true", scale "log"]
        pub slow_call_ms: f64 = 1_000.0;
        /// Such a share of slow calls opens it, once there is the minimum of calls.
        ["Slow rate", unit "%", range 0.0 ..= 100.0, level "basic", when "slow_calls=true"]
        pub slow_rate_percent: f64 = 80.0;
        /// Open for this long.
        ["Wait", unit "ms", range 0.0 ..= 86_400_000.0, level "basic", scale "log"]
        pub wait_ms: f64 = 5_000.0;
        /// Each time it opens again without having closed, the wait is so many times the last one, rounded down to the millisecond; 1 keeps it constant.
        ["Wait grows", unit "×", range 1.0 ..= 10.0, level "more"]
        pub wait_growth: f64 = 1.0;
        /// No wait grows beyond this (or beyond the first, if that is longer).
        ["Longest wait", unit "ms", range 0.0 ..= 86_400_000.0, level "more", scale "log"]
        pub wait_ms_max: f64 = 300_000.0;
        /// Whether the end of the wait is part of it.
        ["Over", level "more"]
        pub wait_end: WaitEnd = WaitEnd::At;
        /// What makes it half-open when the wait is over.
        ["Half-open", level "more"]
        pub half_opens: HalfOpens = HalfOpens::OnTime;
        /// What follows on the wait.
        ["After the wait", level "more"]
        pub after_wait: AfterWait = AfterWait::HalfOpen;
        /// Trial calls.
        ["Trial calls", unit "calls", range 1 ..= 10_000, level "basic", when "after_wait=half_open"]
        pub trials: u32 = 5;
        /// What limits them.
        ["Trials are limited to", level "more", when "after_wait=half_open"]
        pub trial_limit: TrialLimit = TrialLimit::InAll;
        /// What decides on closing or opening again.
        ["Decided by", level "more", when "after_wait=half_open"]
        pub trial_rule: TrialRule = TrialRule::Successes;
        /// So many successes among the trial calls close it.
        ["Successes to close", unit "calls", range 1 ..= 10_000, level "basic", when "trial_rule=successes"]
        pub trial_successes: u32 = 3;
        /// If half-open for this long without a decision, it opens again; 0 sets no limit.
        ["Longest half-open", unit "ms", range 0.0 ..= 86_400_000.0, level "more", when "after_wait=half_open"]
        pub half_open_ms_max: f64 = 30_000.0;
        /// Whether the trial call that closes it is the first in the new window (Polly).
        ["Last trial counts", level "more", when "after_wait=half_open"]
        pub closing_trial_counts: bool = false;
        /// What happens to the answers of calls from before the last change of state.
        ["Late answers", level "more"]
        pub late_answers: LateAnswers = LateAnswers::Ignored;
        /// Whether a late failure that fulfils the rule starts the wait again (the manual).
        ["Late failures prolong", level "more", when "late_answers=counted"]
        pub late_failures_prolong: bool = false;
        /// Whether an open breaker keeps its window, so that one sees what opened it.
        ["Window kept when open", level "more"]
        pub window_kept: bool = true;
        /// Whether a command to enter the state it is in begins that state anew (resilience4j), or does nothing.
        ["Commands renew", level "more"]
        pub commands_renew: bool = false;
        /// Whether commands without a use are refused: half-open when nothing is wrong, open when only measuring (resilience4j).
        ["Strict commands", level "more"]
        pub commands_strict: bool = false;
    }
}

impl BreakerConfig {
    /// About the memory that a breaker takes, in bytes; most of it are its windows.
    pub fn memory_bytes(&self) -> usize {
        const CALL: usize = size_of::<u64>();
        const BUCKET: usize = size_of::<super::Counts>() + size_of::<crate::Instant>();
        let window = match self.window {
            WindowKind::Calls => self.window_calls as usize * CALL,
            WindowKind::Time => self.window_buckets as usize * BUCKET,
            WindowKind::Unlimited => 0,
        };
        size_of::<super::Breaker>() + window + self.trials as usize * CALL
    }
}
