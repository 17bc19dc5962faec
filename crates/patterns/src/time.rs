use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment, in whole nanoseconds since a beginning that the caller chooses (the start of a process, of a run).
///
/// The standard `Instant` can't be built from a number and traps in a browser; this one is a plain value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(u64);

impl Instant {
    /// The beginning.
    pub const ZERO: Self = Self(0);
    /// Later than everything that happens.
    pub const FAR_FUTURE: Self = Self(u64::MAX);

    /// The moment `nanos` nanoseconds after the beginning.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The moment `millis` milliseconds after the beginning, rounded to the nanosecond. Negative and non-finite
    /// values become the nearest moment that exists.
    pub fn from_millis_f64(millis: f64) -> Self {
        Self(nanos_from_millis(millis))
    }

    /// Nanoseconds since the beginning.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Milliseconds since the beginning.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

/// Milliseconds as configuration writes them, in whole nanoseconds: rounded, and saturating at both ends.
pub(crate) fn nanos_from_millis(millis: f64) -> u64 {
    // `as` saturates and turns NaN into 0, which is what is wanted here.
    (millis * 1e6).round() as u64
}

/// A duration's nanoseconds in 64 bits, which hold 584 years; more is that. Without the 128 bits that the standard
/// library reckons with: they are a function call on some targets.
#[inline]
pub(crate) const fn nanos_of(duration: Duration) -> u64 {
    const PER_SECOND: u64 = 1_000_000_000;
    let seconds = duration.as_secs();
    if seconds > u64::MAX / PER_SECOND {
        return u64::MAX;
    }
    (seconds * PER_SECOND).saturating_add(duration.subsec_nanos() as u64)
}

impl Add<Duration> for Instant {
    type Output = Self;

    /// Saturates at [`Instant::FAR_FUTURE`].
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(nanos_of(rhs)))
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    /// The same as [`Instant::since`].
    fn sub(self, rhs: Instant) -> Duration {
        self.since(rhs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_round_to_the_nanosecond_and_saturate() {
        assert_eq!(Instant::from_millis_f64(1.5).as_nanos(), 1_500_000);
        assert_eq!(Instant::from_millis_f64(-3.0), Instant::ZERO);
        assert_eq!(Instant::from_millis_f64(f64::NAN), Instant::ZERO);
        assert_eq!(Instant::from_millis_f64(f64::INFINITY), Instant::FAR_FUTURE);
    }

    #[test]
    fn arithmetic_saturates_instead_of_wrapping() {
        assert_eq!(Instant::FAR_FUTURE + Duration::MAX, Instant::FAR_FUTURE);
        assert_eq!(Instant::ZERO - Instant::from_nanos(5), Duration::ZERO);
        for nanos in [0, 999_999_999, u64::MAX - 1, u64::MAX] {
            assert_eq!(nanos_of(Duration::from_nanos(nanos)), nanos);
        }
        assert_eq!(nanos_of(Duration::from_nanos(u64::MAX) + Duration::from_nanos(1)), u64::MAX);
        assert_eq!(nanos_of(Duration::from_secs(18_446_744_074)), u64::MAX);
    }
}
