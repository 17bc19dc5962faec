//! MurmurHash3 (A. Appleby, 2011), and Cassandra's variant of it.

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// MurmurHash3 x64, 128 bits, as its two halves.
pub fn murmur3_x64_128(bytes: &[u8], seed: u32) -> (u64, u64) {
    x64_128(bytes, seed, u64::from)
}

/// The token of Cassandra's `Murmur3Partitioner`: the first half of [`murmur3_x64_128`] with seed 0, except that the
/// bytes after the last whole block of 16 count as signed, as Java's do. The least token means «before all others»
/// there, so a key that hashes to it gets the greatest.
pub fn cassandra_token(key: &[u8]) -> i64 {
    match x64_128(key, 0, |byte| byte as i8 as u64).0 as i64 {
        i64::MIN => i64::MAX,
        token => token,
    }
}

fn x64_128(bytes: &[u8], seed: u32, of_tail: fn(u8) -> u64) -> (u64, u64) {
    let (mut h1, mut h2) = (u64::from(seed), u64::from(seed));
    let (blocks, tail) = bytes.as_chunks::<16>();
    for block in blocks {
        let k1 = u64::from_le_bytes(block[..8].try_into().expect("half a block is 8 bytes"));
        let k2 = u64::from_le_bytes(block[8..].try_into().expect("half a block is 8 bytes"));
        h1 = (h1 ^ mix_first(k1)).rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 = (h2 ^ mix_second(k2)).rotate_left(31).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let half = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, &byte| (sum << 8) ^ of_tail(byte));
    let (first, second) = tail.split_at(tail.len().min(8));
    h1 ^= mix_first(half(first)) ^ bytes.len() as u64;
    h2 ^= mix_second(half(second)) ^ bytes.len() as u64;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (h1, h2) = (finish(h1), finish(h2));
    h1 = h1.wrapping_add(h2);
    (h1, h2.wrapping_add(h1))
}

fn mix_first(k: u64) -> u64 {
    k.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix_second(k: u64) -> u64 {
    k.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn finish(mut k: u64) -> u64 {
    k = (k ^ k >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    k = (k ^ k >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ k >> 33
}

/// MurmurHash3 x86, 32 bits.
pub fn murmur3_x86_32(bytes: &[u8], seed: u32) -> u32 {
    let mix = |k: u32| k.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let (blocks, tail) = bytes.as_chunks::<4>();
    let mut hash = seed;
    for block in blocks {
        hash = (hash ^ mix(u32::from_le_bytes(*block))).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    hash ^= mix(tail.iter().rev().fold(0, |sum, &byte| (sum << 8) | u32::from(byte)));
    hash ^= bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}
