/// Milliseconds as a scenario writes them, in whole nanoseconds; rounded, saturating, NaN as 0.
pub(crate) fn nanos(millis: f64) -> u64 {
    (millis * 1e6).round() as u64
}

/// Whole nanoseconds in milliseconds.
pub(crate) fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}
