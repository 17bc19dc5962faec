//! Passive outlier ejection: what the answers of one instance say about it.

use std::time::Duration;

use super::{OutlierEjection, OutlierRule};
use crate::Instant;
use crate::time::{nanos_from_millis, nanos_of};

/// The validated form of [`OutlierEjection`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) enabled: bool,
    pub(super) rule: OutlierRule,
    failures: u32,
    window: Duration,
    base: Duration,
    longest: Duration,
    interval: Duration,
    max_percent: f64,
}

impl Rules {
    pub(super) fn new(config: &OutlierEjection) -> Self {
        let millis = |value| Duration::from_nanos(nanos_from_millis(value));
        let base = millis(config.base_ejection_ms);
        Self {
            enabled: config.enabled,
            rule: config.rule,
            failures: config.failures,
            window: millis(config.window_ms),
            base,
            longest: millis(config.max_ejection_ms).max(base),
            interval: millis(config.interval_ms),
            max_percent: config.max_ejected_percent,
        }
    }

    /// The time between sweeps, if there are any. nginx's rule knows none.
    pub(super) fn sweep_interval(&self) -> Option<Duration> {
        let sweeps = self.rule == OutlierRule::Consecutive && !self.interval.is_zero();
        sweeps.then_some(self.interval)
    }

    /// Whether one more may be ejected: Envoy's cap, with one always allowed.
    pub(super) fn allows(&self, ejected: u32, present: u32) -> bool {
        ejected == 0 || 100.0 * f64::from(ejected + 1) <= self.max_percent * f64::from(present)
    }

    fn ejection_time(&self, times: u32) -> Duration {
        self.base.saturating_mul(times).min(self.longest)
    }
}

/// What follows from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Fine,
    /// It should be ejected, if the cap allows.
    Eject,
    /// Its trial went well.
    Return,
}

/// The record of one instance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record {
    /// Its own number of failures, if it has one; 0 is never.
    pub(super) limit: Option<u32>,
    failures: u32,
    /// Consecutive ejections: the k of base × k.
    times: u32,
    out_until: Option<Instant>,
    /// When it came back last.
    returned: Instant,
    /// nginx's `checked` and `accessed`: failures are forgiven by a success in a request that was sent more than the
    /// window after the last failure.
    checked: Instant,
    accessed: Instant,
}

impl Record {
    pub(super) const fn out_until(&self) -> Option<Instant> {
        self.out_until
    }

    pub(super) const fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) const fn times(&self) -> u32 {
        self.times
    }

    fn limit(&self, rules: &Rules) -> u32 {
        self.limit.unwrap_or(rules.failures)
    }

    #[inline]
    pub(super) fn on_success(&mut self, rules: &Rules) -> Verdict {
        match rules.rule {
            OutlierRule::Consecutive => self.failures = 0,
            OutlierRule::WithinWindow if self.accessed < self.checked => {
                self.failures = 0;
                if self.out_until.is_some() {
                    return Verdict::Return;
                }
            }
            OutlierRule::WithinWindow => {}
        }
        Verdict::Fine
    }

    pub(super) fn on_failure(&mut self, rules: &Rules, now: Instant) -> Verdict {
        match rules.rule {
            // Late answers of what was sent before the ejection say nothing new.
            OutlierRule::Consecutive if self.out_until.is_some() => return Verdict::Fine,
            OutlierRule::Consecutive => {}
            OutlierRule::WithinWindow => {
                self.accessed = now;
                self.checked = now;
            }
        }
        self.failures = self.failures.saturating_add(1);
        let limit = self.limit(rules);
        if limit > 0 && self.failures >= limit { Verdict::Eject } else { Verdict::Fine }
    }

    /// By how much a failure lowers the weight: nginx's weight / max_fails, in whole numbers where the weight is one.
    pub(super) fn penalty(&self, rules: &Rules, weight: f64) -> f64 {
        let limit = f64::from(self.limit(rules));
        match rules.rule {
            OutlierRule::WithinWindow if limit > 0.0 && weight.fract() == 0.0 => (weight / limit).floor(),
            OutlierRule::WithinWindow if limit > 0.0 => weight / limit,
            _ => 0.0,
        }
    }

    /// A request goes to it. Whether that is a trial, so that no other may follow before it is answered.
    #[inline]
    pub(super) fn on_sent(&mut self, rules: &Rules, now: Instant) -> bool {
        if rules.rule == OutlierRule::Consecutive {
            return false;
        }
        let limit = self.limit(rules);
        let is_trial = limit > 0 && self.failures >= limit && now.since(self.checked) > rules.base;
        if is_trial || now.since(self.checked) > rules.window {
            self.checked = now;
        }
        is_trial
    }

    /// The cap did not allow it: a new run of failures has to come together first.
    pub(super) fn spare(&mut self, rules: &Rules) {
        if rules.rule == OutlierRule::Consecutive {
            self.failures = 0;
        }
    }

    /// Takes it out; returns the failures that counted and when its time is over.
    pub(super) fn eject(&mut self, rules: &Rules, now: Instant) -> (u32, Instant) {
        let failures = self.failures;
        let time = match rules.rule {
            OutlierRule::Consecutive => {
                self.failures = 0;
                self.forgive_without_sweeps(rules, now);
                // Envoy's bound: k grows while base × k is below longest + base.
                if rules.base.saturating_mul(self.times) < rules.longest + rules.base {
                    self.times += 1;
                }
                rules.ejection_time(self.times)
            }
            OutlierRule::WithinWindow => {
                self.times = 1;
                // nginx lets it back when more than the time has passed.
                rules.base + Duration::from_nanos(1)
            }
        };
        let until = now + time;
        self.out_until = Some(until);
        (failures, until)
    }

    pub(super) fn bring_back(&mut self, rules: &Rules, now: Instant) {
        self.out_until = None;
        self.returned = now;
        if rules.rule == OutlierRule::Consecutive {
            self.failures = 0;
        } else {
            self.times = 0;
        }
    }

    /// A sweep found it in: one ejection is forgiven.
    pub(super) fn forgive(&mut self) {
        self.times = self.times.saturating_sub(1);
    }

    /// Where no sweep forgives, each base time that it stayed in does.
    fn forgive_without_sweeps(&mut self, rules: &Rules, now: Instant) {
        if rules.sweep_interval().is_none() && self.times > 0 {
            let stayed = nanos_of(now.since(self.returned)) / nanos_of(rules.base).max(1);
            self.times = self.times.saturating_sub(u32::try_from(stayed).unwrap_or(u32::MAX));
        }
    }
}
