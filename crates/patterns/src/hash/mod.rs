//! Hashes by name: key in, number out, the same on every target.
//!
//! xxHash, SipHash and CRC come from crates. FNV, Murmur3, MD5 and Jenkins' hash are a few lines each here: the crates
//! that have them lack the 32-bit or the older form (`fnv`), haven't been kept for years (`murmur3`; none has
//! Cassandra's variant), or are large in wasm (`md5`).

mod fnv;
mod key_hash;
mod md5;
mod murmur3;

use std::hash::Hasher;

use crc::{CRC_16_XMODEM, Crc, Table};
use siphasher::sip::SipHasher24;

pub use fnv::{fnv1_32, fnv1_64, fnv1a_32, fnv1a_64};
pub use key_hash::KeyHash;
pub use md5::md5;
pub use murmur3::{cassandra_token, murmur3_x64_128, murmur3_x86_32};

/// xxHash64 of `bytes` with `seed` (Y. Collet, <https://xxhash.com>); what Envoy's ring and Maglev use.
pub fn xxh64(bytes: &[u8], seed: u64) -> u64 {
    xxhash_rust::xxh64::xxh64(bytes, seed)
}

/// xxHash64 of a number, taken as its eight little-endian bytes.
pub fn xxh64_of_u64(number: u64, seed: u64) -> u64 {
    xxh64(&number.to_le_bytes(), seed)
}

/// xxHash32 of `bytes` with `seed`.
pub fn xxh32(bytes: &[u8], seed: u32) -> u32 {
    xxhash_rust::xxh32::xxh32(bytes, seed)
}

/// XXH3, 64 bits, of `bytes` with `seed`.
pub fn xxh3_64(bytes: &[u8], seed: u64) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(bytes, seed)
}

/// SipHash-2-4 of `bytes` under the 128-bit key `(key0, key1)` (Aumasson and Bernstein, 2012).
pub fn siphash_2_4(bytes: &[u8], key0: u64, key1: u64) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(key0, key1);
    hasher.write(bytes);
    hasher.finish()
}

/// CRC-16/XMODEM of `bytes` (polynomial 0x1021, initially 0): what Redis Cluster takes modulo 16384.
pub fn crc16_xmodem(bytes: &[u8]) -> u16 {
    const CRC: Crc<u16, Table<1>> = Crc::<u16, Table<1>>::new(&CRC_16_XMODEM);
    CRC.checksum(bytes)
}

/// The first four bytes of the MD5, little-endian: ketama's hash of a key.
pub fn md5_first_four(bytes: &[u8]) -> u32 {
    let [a, b, c, d, ..] = md5(bytes);
    u32::from_le_bytes([a, b, c, d])
}

/// Jenkins' one-at-a-time hash (B. Jenkins, «A hash function for hash table lookup», 1997); memcached's default once.
pub fn jenkins_one_at_a_time(bytes: &[u8]) -> u32 {
    let mut hash = bytes.iter().fold(0_u32, |hash, &byte| {
        let hash = hash.wrapping_add(u32::from(byte));
        let hash = hash.wrapping_add(hash << 10);
        hash ^ hash >> 6
    });
    hash = hash.wrapping_add(hash << 3);
    hash ^= hash >> 11;
    hash.wrapping_add(hash << 15)
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
        // The check value of CRC-16/XMODEM.
        assert_eq!(crc16_xmodem(b"123456789"), 0x31c3);
    }
}
