//! Hashes by name: key in, number out, the same on every target.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;

/// xxHash64 of `bytes` with `seed` (Y. Collet, <https://xxhash.com>); what Envoy's ring and Maglev use.
pub fn xxh64(bytes: &[u8], seed: u64) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, seed)
}

/// xxHash64 of a number, taken as its eight little-endian bytes.
pub fn xxh64_of_u64(number: u64, seed: u64) -> u64 {
    xxh64(&number.to_le_bytes(), seed)
}

/// SipHash-2-4 of `bytes` under the 128-bit key `(key0, key1)` (Aumasson and Bernstein, 2012).
pub fn siphash_2_4(bytes: &[u8], key0: u64, key1: u64) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(key0, key1);
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_the_published_test_vectors() {
        // XXH64 of nothing with seed 0, from the xxHash specification.
        assert_eq!(xxh64(b"", 0), 0xef46_db37_51d8_e999);
        // SipHash-2-4 of 00 01 … 0e under the key 00 01 … 0f, from the paper's appendix A.
        let message: Vec<u8> = (0..15).collect();
        assert_eq!(siphash_2_4(&message, 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908), 0xa129_ca61_49be_45e5);
    }
}
