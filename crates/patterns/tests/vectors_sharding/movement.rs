//! shard_movement

use sandtable_patterns::hash::KeyHash;
use sandtable_patterns::sharding::{MapChange, Movement, Placement, ShardId, ShardSpec, ShardingConfig, modulo_share};
use serde_json::Value;

use crate::fixture::{map, near};
use crate::runner::{Fields, Outcome, number};

const KEYS: u32 = 200_000;

pub(crate) fn row(row: &Value) -> Outcome {
    let fields = Fields::of(row)?;
    let (from, to) = (fields.natural("from")?, fields.natural("to")?);
    let (modulo, ideal) = (fields.number("modulo_moved_exact")?, fields.number("consistent_ideal")?);
    near("modulo_share", modulo_share(from, to), modulo, 1e-12)?;
    measured(&fields, Placement::HashModulo, from, to, "measured_modulo", modulo, ideal)?;
    measured(&fields, Placement::Jump, from, to, "measured_jump", ideal, ideal)?;
    fields.finish()
}

/// Of n keys, a share p moves with a standard deviation of √(p (1 − p) / n): each measurement must lie within four of
/// the exact share, and within 4 √2 of the file's, which was measured on as many other keys.
fn measured(fields: &Fields, placement: Placement, from: u32, to: u32, name: &str, exact: f64, ideal: f64) -> Outcome {
    let config = ShardingConfig { placement, hash: KeyHash::XxHash64, ..ShardingConfig::default() };
    let shards: Vec<ShardSpec> = (0..from).map(|at| ShardSpec::named(&at.to_string())).collect();
    let before = map(&config, &shards)?;
    let mut after = before.clone();
    for at in from..to {
        let added = after.apply(&MapChange::Add(ShardSpec::named(&at.to_string())));
        added.map_err(|refused| format!("{refused:?}"))?;
    }
    for at in to..from {
        after.apply(&MapChange::Remove(ShardId(at))).map_err(|refused| format!("{refused:?}"))?;
    }
    let keys: Vec<[u8; 4]> = (0..KEYS).map(u32::to_le_bytes).collect();
    let movement = Movement::between(&before, &after, keys.iter().map(<[u8; 4]>::as_slice));
    near("least share", movement.least_share, ideal, 1e-12)?;
    let deviation = (exact * (1.0 - exact) / f64::from(KEYS)).sqrt();
    near("share moved", movement.share(), exact, 4.0 * deviation)?;
    let Some(there) = fields.get(name) else { return Ok(()) };
    near(name, movement.share(), number(there)?, 4.0 * 2_f64.sqrt() * deviation)
}
