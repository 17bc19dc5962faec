//! The tables of consistent hashing, which the balancer and the shards' placements have in common.

mod maglev;
mod ring;

pub use maglev::Maglev;
pub use ring::Ring;
pub(crate) use ring::each_label;

use crate::choices;

choices! {
    /// Which hash fills the Maglev table.
    pub enum TableHash {
        /// xxHash64 of the name with seeds 0 and 1 (Envoy).
        XxHash64 = "xxh64", "xxHash64 (Envoy)";
        /// The two halves of one SipHash-2-4 of the name (go-maglev).
        SipHash24 = "siphash_2_4", "SipHash-2-4 (go-maglev)";
    }
}
