//! One way of sorting. The standard library's stable sort is some 9 KB of wasm for each type that it sorts, so
//! everything here is sorted as pairs of a key and a place.

/// The places 0, 1, … of `keys` in the order of the keys, equal keys in the order in which they stand.
pub(crate) fn order_by(keys: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    let mut pairs: Vec<(u64, u32)> = keys.zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let keys = [3, 1, 3, 0, 1, u64::MAX];
        assert_eq!(order_by(keys.into_iter()).collect::<Vec<_>>(), [3, 1, 4, 0, 2, 5]);
    }
}
