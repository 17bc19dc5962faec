//! Fowler, Noll and Vo's hash: multiply and xor, byte by byte.

const PRIME_32: u32 = 0x0100_0193;
const BASIS_32: u32 = 0x811c_9dc5;
const PRIME_64: u64 = 0x0000_0100_0000_01b3;
const BASIS_64: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits: xor, then multiply.
pub fn fnv1a_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(BASIS_64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME_64))
}

/// FNV-1a, 32 bits.
pub fn fnv1a_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(BASIS_32, |hash, &byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME_32))
}

/// FNV-1, 64 bits: multiply, then xor.
pub fn fnv1_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(BASIS_64, |hash, &byte| hash.wrapping_mul(PRIME_64) ^ u64::from(byte))
}

/// FNV-1, 32 bits.
pub fn fnv1_32(bytes: &[u8]) -> u32 {
    bytes.iter().fold(BASIS_32, |hash, &byte| hash.wrapping_mul(PRIME_32) ^ u32::from(byte))
}
