//! Why a key is where it is, in words.

use std::fmt;

use super::{Location, Placement, ShardId, ShardMap, Why};
use crate::Rounded;

impl ShardMap {
    /// A sentence that says why a key is where it is: «soldier_17 hashes to 0x043a…; the next point on the ring is
    /// charlie#26 at 0x05b9…». The location must be of this version of the map.
    pub fn explain(&self, key: &[u8], location: &Location) -> String {
        fmt::from_fn(|f| self.write(f, key, location)).to_string()
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, key: &[u8], location: &Location) -> fmt::Result {
        let (key, owner) = (Text(key), self.name(location.shard));
        match location.why {
            Why::Modulo { hash, remainder, of } => {
                write!(f, "{key} hashes to 0x{hash:016x}; modulo {of} shards that leaves {remainder}, which is {owner}")
            }
            Why::Jump { hash, bucket, of } => {
                let jumps = location.steps;
                write!(
                    f,
                    "{key} hashes to 0x{hash:016x}; jump {jumps} is the last below {of}, at bucket {bucket}: {owner}"
                )
            }
            Why::RingPoint { hash, point, replica, bits } => {
                let width = bits as usize / 4;
                write!(f, "{key} hashes to 0x{hash:0width$x}; the next point on the ring is {owner}#{replica}")?;
                write!(f, " at 0x{point:0width$x}")
            }
            Why::HighestScore { hash, mixed, score, next } => {
                if self.config.placement == Placement::Directory {
                    write!(f, "the directory doesn't list {key}, so it goes by its scores: ")?;
                }
                write!(f, "{key} hashes to 0x{hash:016x}; {owner} has the highest score with it, ")?;
                match score {
                    Some(score) => write!(f, "{}", Rounded(score, 3))?,
                    None => write!(f, "0x{mixed:016x}")?,
                }
                next.map_or(Ok(()), |next| write!(f, ", before {}", self.name(next)))
            }
            Why::TableEntry { hash, entry, of } => {
                write!(f, "{key} hashes to 0x{hash:016x}; modulo {of} that is entry {entry}, which {owner} took")
            }
            Why::Slot { crc, slot, tag } => {
                if let Some((from, to)) = tag {
                    write!(f, "the tag {} of ", Text(&key.0[from as usize..to as usize]))?;
                }
                let slots = self.config.slots;
                write!(f, "{key} has the CRC 0x{crc:04x}; modulo {slots} that is slot {slot}, which {owner} has")
            }
            Why::Range { range, of } => {
                let view = self.ranges().nth(range as usize).expect("a location is of this map");
                let at = range + 1;
                match (view.start, view.end) {
                    ([], None) => write!(f, "all keys are in one range, which {owner} has"),
                    ([], Some(end)) => write!(f, "{key} comes before {}", Text(end)),
                    (start, None) => write!(f, "{key} does not come before {}", Text(start)),
                    (start, Some(end)) => write!(f, "{key} lies from {} to before {}", Text(start), Text(end)),
                }?;
                if of > 1 { write!(f, ": range {at} of {of}, which {owner} has") } else { Ok(()) }
            }
            Why::Listed => write!(f, "the directory lists {key} for {owner}"),
            Why::FirstShard => write!(f, "the directory doesn't list {key}, so it goes to the first shard, {owner}"),
        }
    }

    fn name(&self, id: ShardId) -> &str {
        self.shard(id).map_or("a shard that has left", |shard| &shard.name)
    }
}

/// A key as a sentence shows it: as text where it is text, else its bytes.
#[derive(Clone, Copy)]
struct Text<'a>(&'a [u8]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match str::from_utf8(self.0) {
            Ok("") => f.write_str("the empty key"),
            Ok(text) => f.write_str(text),
            Err(_) => {
                f.write_str("0x")?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sharding::{MapChange, ShardSpec, ShardingConfig};

    /// Each placement says what it saw; the numbers were checked against the hashes' vectors and by hand.
    #[test]
    fn each_placement_has_its_sentence() {
        let sentence = |placement, key: &[u8]| {
            let config = ShardingConfig { placement, ..ShardingConfig::default() };
            let mut map = ShardMap::try_new(&config, &["alpha", "bravo"].map(ShardSpec::named)).unwrap();
            let _ = map.apply(&MapChange::List(b"listed", Some(ShardId(1))));
            map.explain(key, &map.locate(key))
        };
        let told: Vec<String> = Placement::ALL.iter().map(|&placement| sentence(placement, b"foo")).collect();
        assert_eq!(
            told,
            [
                "foo hashes to 0x33bf00a859c4ba3f; modulo 2 shards that leaves 1, which is bravo",
                "foo hashes to 0x33bf00a859c4ba3f; the next point on the ring is bravo#95 at 0x34074e6e9f1ba95d",
                "foo hashes to 0x33bf00a859c4ba3f; jump 1 is the last below 2, at bucket 0: alpha",
                "foo hashes to 0x33bf00a859c4ba3f; bravo has the highest score with it, 0x351dec11d413e8be, before alpha",
                "foo hashes to 0x33bf00a859c4ba3f; modulo 65537 that is entry 11620, which bravo took",
                "foo has the CRC 0xaf96; modulo 16384 that is slot 12182, which bravo has",
                "foo comes before i: range 1 of 2, which alpha has",
                "the directory doesn't list foo, so it goes by its scores: foo hashes to 0x33bf00a859c4ba3f; bravo has the highest score with it, 0x351dec11d413e8be, before alpha",
            ]
        );
        // The hash of one key looks alike in every sentence, also where it begins with a zero.
        let hashes = Placement::ALL.iter().map(|&placement| sentence(placement, b"soldier_17"));
        let hashes: Vec<String> = hashes.filter(|told| told.contains("hashes to")).collect();
        assert!(hashes.iter().all(|told| told.contains("soldier_17 hashes to 0x043a45ed452ba5fa; ")), "{hashes:?}");
        assert_eq!(hashes.len(), 6);
        assert_eq!(
            sentence(Placement::Slots, b"{foo}bar"),
            "the tag foo of {foo}bar has the CRC 0xaf96; modulo 16384 that is slot 12182, which bravo has"
        );
        assert_eq!(sentence(Placement::Directory, b"listed"), "the directory lists listed for bravo");
        assert_eq!(sentence(Placement::Range, b"\xff"), "0xff does not come before i: range 2 of 2, which bravo has");
    }
}
