//! One way of sorting for all. The standard library's sorts are kilobytes of wasm for each type that they sort.

/// Fewer pairs than this are sorted by insertion, as counting digits costs more.
const FEW: usize = 40;

/// The pairs of a key and a place in order: a radix sort, byte by byte from the lowest, leaving out the bytes in which
/// all are alike, and the places where they are in order anyway.
pub fn sorted(mut pairs: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    if pairs.len() < FEW {
        insertion_sort(&mut pairs);
        return pairs;
    }
    let mut other = pairs.clone();
    let first = if pairs.is_sorted_by_key(|pair| pair.1) { 4 } else { 0 };
    for byte in first..12 {
        let digit = |&(key, place): &(u64, u32)| {
            let shifted = if byte < 4 { u64::from(place) >> (8 * byte) } else { key >> (8 * (byte - 4)) };
            usize::from(shifted as u8)
        };
        let mut places = [0_usize; 256];
        for pair in &pairs {
            places[digit(pair)] += 1;
        }
        if places[digit(&pairs[0])] == pairs.len() {
            continue;
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        for pair in &pairs {
            let place = &mut places[digit(pair)];
            other[*place] = *pair;
            *place += 1;
        }
        std::mem::swap(&mut pairs, &mut other);
    }
    pairs
}

fn insertion_sort(pairs: &mut [(u64, u32)]) {
    for end in 1..pairs.len() {
        let mut at = end;
        while at > 0 && pairs[at - 1] > pairs[at] {
            pairs.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorting_agrees_with_the_standard_library(
            keys in prop::collection::vec(prop_oneof![0_u64..5, any::<u64>(), Just(u64::MAX)], 0..200),
            places in prop::collection::vec(prop_oneof![0_u32..5, any::<u32>()], 200),
            in_place in any::<bool>(),
        ) {
            let places = places.into_iter().zip(0..).map(|(place, index)| if in_place { index } else { place });
            let pairs: Vec<(u64, u32)> = keys.into_iter().zip(places).collect();
            let mut expected = pairs.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(pairs), expected);
        }
    }
}
