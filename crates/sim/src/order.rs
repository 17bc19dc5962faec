//! One way of sorting. The standard library's sorts are kilobytes of wasm for each type that they sort, so everything
//! here is sorted as pairs of a key and a place, and percentiles are found by one small search.

pub(crate) use sandtable_patterns::__private::sorted;

/// The places 0, 1, … of `keys` in the order of the keys, equal keys in the order in which they stand.
pub(crate) fn order_by(keys: impl Iterator<Item = u64>) -> impl Iterator<Item = u32> {
    sorted(keys.zip(0..).collect()).into_iter().map(|(_, place)| place)
}

/// The value that would stand at `rank` if `values` were sorted (Hoare 1961, «Find»). Reorders them: what is not
/// greater comes before it, what is not less after it.
pub(crate) fn value_at_rank(values: &mut [u64], rank: usize) -> u64 {
    let (mut low, mut high) = (0, values.len() - 1);
    while low < high {
        let pivot = values[rank];
        let (mut up, mut down) = (low, high);
        loop {
            while values[up] < pivot {
                up += 1;
            }
            while values[down] > pivot {
                down -= 1;
            }
            if up <= down {
                values.swap(up, down);
                up += 1;
                // Where the pivot was the first of all, nothing is left below.
                down = down.saturating_sub(1);
            }
            if up > down {
                break;
            }
        }
        if down < rank {
            low = up;
        }
        if rank < up {
            high = down;
        }
    }
    values[rank]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let keys = [3, 1, 3, 0, 1, u64::MAX];
        assert_eq!(order_by(keys.into_iter()).collect::<Vec<_>>(), [3, 1, 4, 0, 2, 5]);
    }

    proptest! {
        #[test]
        fn the_value_at_a_rank_is_that_of_the_sorted_list(
            values in prop::collection::vec(prop_oneof![0_u64..4, any::<u64>()], 1..80), rank in any::<prop::sample::Index>(),
        ) {
            let rank = rank.index(values.len());
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let mut reordered = values;
            prop_assert_eq!(value_at_rank(&mut reordered, rank), sorted[rank]);
            reordered.sort_unstable();
            prop_assert_eq!(reordered, sorted);
        }
    }
}
