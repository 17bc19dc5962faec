//! Active health checks: rise and fall.

/// Counts checks in a row: `fall` failed ones take a healthy instance out, `rise` passed ones bring it back.
///
/// Any passed check of a healthy instance forgives all failed ones, and any failed check of an unhealthy one
/// starts its way back anew (HAProxy `check fall rise`, and Envoy and nginx alike).
///
/// ```
/// use sandtable_patterns::balancer::HealthCounter;
///
/// let mut checks = HealthCounter::new(3, 2);
/// for passed in [false, false, true, false, false, false] {
///     checks.on_check(passed);
/// }
/// assert!(!checks.is_healthy());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthCounter {
    fall: u32,
    rise: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Up { failed: u32 },
    Down { passed: u32 },
}

impl HealthCounter {
    /// A healthy instance. Counts below 1 are taken as 1.
    pub fn new(fall: u32, rise: u32) -> Self {
        Self { fall: fall.max(1), rise: rise.max(1), state: State::Up { failed: 0 } }
    }

    /// A healthy instance that a single failed check takes out, as HAProxy starts its servers.
    pub fn new_suspect(fall: u32, rise: u32) -> Self {
        let mut counter = Self::new(fall, rise);
        counter.state = State::Up { failed: counter.fall - 1 };
        counter
    }

    /// Takes in one check; whether that changed its health.
    pub fn on_check(&mut self, passed: bool) -> bool {
        let before = self.is_healthy();
        self.state = match (self.state, passed) {
            (State::Up { .. }, true) => State::Up { failed: 0 },
            (State::Up { failed }, false) if failed + 1 >= self.fall => State::Down { passed: 0 },
            (State::Up { failed }, false) => State::Up { failed: failed + 1 },
            (State::Down { .. }, false) => State::Down { passed: 0 },
            (State::Down { passed }, true) if passed + 1 >= self.rise => State::Up { failed: 0 },
            (State::Down { passed }, true) => State::Down { passed: passed + 1 },
        };
        before != self.is_healthy()
    }

    /// Whether the instance is healthy.
    pub const fn is_healthy(&self) -> bool {
        matches!(self.state, State::Up { .. })
    }

    /// Failed checks of a healthy instance that a passed one has not forgiven; `fall` of them take it out.
    pub const fn failed(&self) -> u32 {
        match self.state {
            State::Up { failed } => failed,
            State::Down { .. } => 0,
        }
    }

    /// Passed checks in a row of an unhealthy instance; `rise` of them bring it back.
    pub const fn passed(&self) -> u32 {
        match self.state {
            State::Up { .. } => 0,
            State::Down { passed } => passed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_check_forgives_all_failed_ones() {
        let mut checks = HealthCounter::new(2, 2);
        for passed in [false, true, false, true, false] {
            assert!(!checks.on_check(passed));
        }
        assert!(checks.is_healthy());
        assert!(checks.on_check(false));
    }

    #[test]
    fn a_failed_check_starts_the_way_back_anew() {
        let mut checks = HealthCounter::new(1, 2);
        assert!(checks.on_check(false));
        for passed in [true, false, true] {
            assert!(!checks.on_check(passed));
        }
        assert!(checks.on_check(true));
        assert!(checks.is_healthy());
    }

    #[test]
    fn a_suspect_falls_at_its_first_failed_check_only() {
        let mut checks = HealthCounter::new_suspect(3, 1);
        checks.on_check(true);
        assert!(!checks.on_check(false));
        assert!(HealthCounter::new_suspect(3, 1).on_check(false));
    }
}
