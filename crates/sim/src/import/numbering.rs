//! Numbers for keys, by first appearance. The standard library's maps are kilobytes of wasm for each type of key.

use sandtable_patterns::hash::xxh64;

/// No key here.
const FREE: u32 = u32::MAX;

/// What a key is hashed by.
pub(super) trait Key: Copy + PartialEq {
    fn hash(&self) -> u64;
}

impl Key for &[u8] {
    fn hash(&self) -> u64 {
        xxh64(self, 0)
    }
}

impl Key for i64 {
    fn hash(&self) -> u64 {
        xxh64(&self.to_le_bytes(), 0)
    }
}

/// Keys, and the places of their numbers in a table that is at most half full (open addressing, linear probing).
pub(super) struct Numbering<K> {
    pub(super) keys: Vec<K>,
    table: Vec<u32>,
}

impl<K: Key> Numbering<K> {
    pub(super) fn new() -> Self {
        Self { keys: Vec::new(), table: vec![FREE; 16] }
    }

    /// The key's number: that of its first appearance, or the next one.
    #[inline(never)]
    pub(super) fn number_of(&mut self, key: K) -> u32 {
        let place = self.place_of(key);
        if self.table[place] != FREE {
            return self.table[place];
        }
        let number = self.keys.len() as u32;
        self.table[place] = number;
        self.keys.push(key);
        if 2 * self.keys.len() > self.table.len() {
            self.table = vec![FREE; 2 * self.table.len()];
            for number in 0..self.keys.len() {
                let place = self.place_of(self.keys[number]);
                self.table[place] = number as u32;
            }
        }
        number
    }

    /// Where the key's number stands, or would.
    fn place_of(&self, key: K) -> usize {
        // The length is a power of two.
        let mask = self.table.len() - 1;
        let mut place = key.hash() as usize & mask;
        while self.table[place] != FREE && self.keys[self.table[place] as usize] != key {
            place = (place + 1) & mask;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_by_first_appearance() {
        let mut numbering = Numbering::new();
        let numbers: Vec<u32> = [b"b".as_slice(), b"a", b"b", b"", b"a"].map(|key| numbering.number_of(key)).to_vec();
        assert_eq!(numbers, [0, 1, 0, 2, 1]);
        let mut many = Numbering::new();
        for _ in 0..2 {
            for second in 0..10_000_i64 {
                assert_eq!(many.number_of(second * 7), second as u32);
            }
        }
        assert_eq!(many.keys.len(), 10_000);
    }
}
