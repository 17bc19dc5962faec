//! Jump consistent hash (J. Lamping and E. Veach, «A fast, minimal memory, consistent hash algorithm», 2014).

/// The bucket, below `buckets`, of a 64-bit key. With one bucket more, a key stays or moves to the new one.
///
/// ```
/// use sandtable_patterns::sharding::jump;
///
/// assert!((0..1_000).all(|key| jump(key, 5) == jump(key, 4) || jump(key, 5) == 4));
/// ```
///
/// # Panics
/// If there are no buckets.
pub fn jump(key: u64, buckets: u32) -> u32 {
    jump_in_steps(key, buckets).0
}

/// The bucket and the number of jumps.
pub(super) fn jump_in_steps(mut key: u64, buckets: u32) -> (u32, u32) {
    assert!(buckets > 0, "there must be a bucket");
    let (mut at, mut next, mut steps) = (0, 0, 0);
    while next < i64::from(buckets) {
        at = next;
        steps += 1;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let draw = (1_u64 << 31) as f64 / ((key >> 33) + 1) as f64;
        next = ((at + 1) as f64 * draw) as i64;
    }
    (at as u32, steps)
}
