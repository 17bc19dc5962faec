//! Maglev: a lookup table that the instances fill in turn, each by its own permutation of the entries
//! (Eisenbud et al., «Maglev», NSDI 2016, section 3.4).

use super::TableHash;
use crate::hash::{siphash_2_4, xxh64};

/// Nobody's entry.
const FREE: u32 = u32::MAX;
/// go-maglev's key of its SipHash.
const SIP_KEY: (u64, u64) = (0xdead_beef_cafe_babe, 0);

/// The table: a key belongs to the owner of entry `hash mod size`.
///
/// Weights enter as in Envoy: in round r an instance takes an entry only if r × weight has caught up with what it
/// took before, counted in units of the greatest weight.
///
/// ```
/// use sandtable_patterns::balancer::{Maglev, TableHash};
///
/// let table = Maglev::new(TableHash::XxHash64, 65_537, &[(0, "alpha", 1.0), (1, "bravo", 3.0)]);
/// let of_bravo = table.entries().iter().filter(|&&owner| owner == 1).count();
/// assert_eq!(of_bravo, 49_152); // three quarters
/// ```
#[derive(Clone, Debug, Default)]
pub struct Maglev {
    table: Vec<u32>,
}

impl Maglev {
    /// A table of `size` entries, rounded up to a prime, for `(owner, name, weight)`. With nobody to own them there
    /// are no entries.
    pub fn new(hash: TableHash, size: u32, instances: &[(u32, &str, f64)]) -> Self {
        if instances.is_empty() {
            return Self::default();
        }
        let size = next_prime(size);
        let heaviest = instances.iter().map(|(.., weight)| *weight).fold(0.0, f64::max);
        let mut fillers: Vec<Filler> = instances
            .iter()
            .map(|&(owner, name, weight)| Filler { owner, weight, due: 0.0, next: Permutation::new(hash, size, name) })
            .collect();
        let mut table = vec![FREE; size as usize];
        let mut free = size;
        let mut round = 0.0;
        while free > 0 {
            round += 1.0;
            for filler in &mut fillers {
                if free == 0 {
                    break;
                }
                if round * filler.weight < filler.due {
                    continue;
                }
                filler.due += heaviest;
                filler.take(&mut table);
                free -= 1;
            }
        }
        Self { table }
    }

    /// The owner of each entry.
    pub fn entries(&self) -> &[u32] {
        &self.table
    }

    /// Who owns a hash, or nobody in an empty table.
    pub fn owner(&self, hash: u64) -> Option<u32> {
        self.walk(hash).next().map(|(_, owner)| owner)
    }

    /// Once through the table, from the entry that a hash belongs to.
    #[inline]
    pub fn walk(&self, hash: u64) -> impl Iterator<Item = (u32, u32)> {
        let start = match self.table.len() {
            0 => 0,
            size => (hash % size as u64) as usize,
        };
        let order = (start..self.table.len()).chain(0..start);
        order.map(|at| (at as u32, self.table[at]))
    }

    /// The order in which an instance of this name asks for the entries of a table of `size`, rounded up to a prime.
    pub fn permutation(hash: TableHash, size: u32, name: &str) -> impl Iterator<Item = u32> {
        let size = next_prime(size);
        Permutation::new(hash, size, name).take(size as usize)
    }
}

struct Filler {
    owner: u32,
    weight: f64,
    due: f64,
    next: Permutation,
}

impl Filler {
    /// Takes the first free entry in its order; there must be one.
    fn take(&mut self, table: &mut [u32]) {
        for entry in &mut self.next {
            let entry = &mut table[entry as usize];
            if *entry == FREE {
                *entry = self.owner;
                return;
            }
        }
    }
}

/// offset, offset + skip, offset + 2 skip, … modulo a prime: endless, and each entry once in `size` steps.
struct Permutation {
    at: u32,
    skip: u32,
    size: u32,
}

impl Permutation {
    fn new(hash: TableHash, size: u32, name: &str) -> Self {
        let (offset, skip) = match hash {
            TableHash::XxHash64 => (xxh64(name.as_bytes(), 0), xxh64(name.as_bytes(), 1)),
            TableHash::SipHash24 => {
                let both = siphash_2_4(name.as_bytes(), SIP_KEY.0, SIP_KEY.1);
                (both >> 32, both & 0xffff_ffff)
            }
        };
        Self { at: (offset % u64::from(size)) as u32, skip: (skip % u64::from(size - 1)) as u32 + 1, size }
    }
}

impl Iterator for Permutation {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let at = self.at;
        let rest = self.size - self.skip;
        self.at = if at < rest { at + self.skip } else { at - rest };
        Some(at)
    }
}

/// The least prime that is not below `n`, nor below 3.
fn next_prime(n: u32) -> u32 {
    (n.max(3)..).find(|&n| is_prime(n)).unwrap_or(3)
}

fn is_prime(n: u32) -> bool {
    !n.is_multiple_of(2) && (3..).step_by(2).take_while(|d| d * d <= n).all(|d: u32| !n.is_multiple_of(d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_sizes_are_rounded_up_to_a_prime() {
        for (wanted, prime) in [(0, 3), (3, 3), (4, 5), (8, 11), (65_536, 65_537), (1_000_003, 1_000_003)] {
            assert_eq!(next_prime(wanted), prime);
        }
    }

    #[test]
    fn equal_weights_get_equal_shares_to_within_one_entry() {
        let instances: Vec<(u32, String)> = (0..7).map(|i| (i, format!("instance-{i}"))).collect();
        let instances: Vec<(u32, &str, f64)> = instances.iter().map(|(i, name)| (*i, name.as_str(), 2.5)).collect();
        let table = Maglev::new(TableHash::XxHash64, 1_009, &instances);
        for owner in 0..7 {
            let entries = table.entries().iter().filter(|&&o| o == owner).count();
            assert!(entries == 144 || entries == 145, "{entries}");
        }
    }
}
