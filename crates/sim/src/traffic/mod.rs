//! Who sends what, when: arrivals, keys and demands, each a function of (seed, stream, entity).

mod arrivals;
mod distribution;
mod keys;
mod rate;
mod replay;

pub(crate) use arrivals::{Arrival, ArrivalProcess};
pub(crate) use distribution::Sampler;
pub(crate) use keys::KeySampler;
pub(crate) use rate::Multiplier;
