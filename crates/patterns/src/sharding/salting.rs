//! A hot key is spread over sub-keys, which the placement takes for keys like any other.

use super::placement::DIGITS;

/// A hot key has at most so many sub-keys.
pub const MOST_SUB_KEYS: u32 = DIGITS.len() as u32;

/// The second byte of every sub-key and of no other key. No text in UTF-8 has this byte.
const MARK: u8 = 0xff;

/// A key whose second byte is 0xff, which sub-keys have, is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedKey;

/// The sub-key `part` of `of`. What tells sub-keys apart comes first, so that ranges are spread as well as hashes.
pub(super) fn sub_key(key: &[u8], part: u32, of: u32) -> Vec<u8> {
    let first = DIGITS[(part * MOST_SUB_KEYS / of) as usize];
    let mut sub_key = Vec::with_capacity(key.len() + 2);
    sub_key.extend_from_slice(&[first, MARK]);
    sub_key.extend_from_slice(key);
    sub_key
}

pub(super) fn is_sub_key(key: &[u8]) -> bool {
    key.get(1) == Some(&MARK)
}

pub(super) fn check(key: &[u8]) -> Result<(), ReservedKey> {
    if is_sub_key(key) { Err(ReservedKey) } else { Ok(()) }
}
