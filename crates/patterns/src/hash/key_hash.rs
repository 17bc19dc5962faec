use super::{cassandra_token, crc16_xmodem, fnv1a_32, fnv1a_64, md5_first_four, murmur3_x64_128, siphash_2_4, xxh64};
use crate::choices;

choices! {
    /// The hash of a key.
    pub enum KeyHash {
        /// FNV-1a, 64 bits.
        Fnv1a64 = "fnv1a_64", "FNV-1a";
        /// FNV-1a, 32 bits.
        Fnv1a32 = "fnv1a_32", "FNV-1a, 32 bits";
        /// xxHash64 with seed 0.
        XxHash64 = "xxh64", "xxHash64";
        /// The first half of MurmurHash3 x64 128 with seed 0.
        Murmur3 = "murmur3", "Murmur3";
        /// Cassandra's token, whose 64 bits are read as a signed number there.
        CassandraMurmur3 = "murmur3_cassandra", "Murmur3 (Cassandra)";
        /// SipHash-2-4 under the key 0.
        SipHash24 = "siphash_2_4", "SipHash-2-4";
        /// CRC-16/XMODEM: 65 536 values.
        Crc16 = "crc16", "CRC-16";
        /// The first four bytes of MD5, little-endian (ketama).
        Md5 = "md5", "MD5, 32 bits (ketama)";
        /// The number that the key spells, as Python hashes a whole number; what spells none is hashed by FNV-1a. Neighbours stay neighbours.
        WholeNumber = "whole_number", "The number itself";
    }
}

impl KeyHash {
    /// The hash of `key`, in the lowest [`bits`](Self::bits) of the number.
    pub fn of(self, key: &[u8]) -> u64 {
        match self {
            Self::Fnv1a64 => fnv1a_64(key),
            Self::Fnv1a32 => fnv1a_32(key).into(),
            Self::XxHash64 => xxh64(key, 0),
            Self::Murmur3 => murmur3_x64_128(key, 0).0,
            Self::CassandraMurmur3 => cassandra_token(key) as u64,
            Self::SipHash24 => siphash_2_4(key, 0, 0),
            Self::Crc16 => crc16_xmodem(key).into(),
            Self::Md5 => md5_first_four(key).into(),
            Self::WholeNumber => whole_number(key).map_or_else(|| fnv1a_64(key), |number| number as u64),
        }
    }

    /// How many bits the hash has.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Crc16 => 16,
            Self::Fnv1a32 | Self::Md5 => 32,
            _ => 64,
        }
    }

    /// The hash modulo `n`. A whole number below zero gives what Python's `%` does, which is never negative.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn modulo(self, hash: u64, n: u32) -> u32 {
        if self == Self::WholeNumber {
            return (hash as i64).rem_euclid(i64::from(n)) as u32;
        }
        (hash % u64::from(n)) as u32
    }
}

/// Python's hash of the whole number that a key spells in decimal: the number modulo 2⁶¹ − 1, with its sign, but never
/// −1, which means an error in there.
fn whole_number(key: &[u8]) -> Option<i64> {
    let (negative, digits) = match key {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    const MODULUS: u64 = (1 << 61) - 1;
    // Times five, then times two, neither of which is too much for 64 bits.
    let next = |sum: u64, digit: &u8| (sum * 5 % MODULUS * 2 + u64::from(digit - b'0')) % MODULUS;
    let size = digits.iter().fold(0, next) as i64;
    Some(match (negative, size) {
        (true, 1) => -2,
        (true, size) => -size,
        (false, size) => size,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_hashed_as_python_hashes_them() {
        for (key, hash) in [
            ("0", Some(0)),
            ("33", Some(33)),
            ("-5", Some(-5)),
            ("-1", Some(-2)),
            ("2305843009213693951", Some(0)), // 2⁶¹ − 1
            ("-2305843009213693952", Some(-2)),
            ("100000000000000000000", Some(848_750_603_811_160_107)),
            ("soldier_1", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(whole_number(key.as_bytes()), hash, "{key}");
        }
        assert_eq!(KeyHash::WholeNumber.modulo(KeyHash::WholeNumber.of(b"-5"), 3), 1);
    }
}
