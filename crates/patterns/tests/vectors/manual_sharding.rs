//! The shard manager's cases of manual_python_cases

use sandtable_patterns::hash::KeyHash;
use sandtable_patterns::sharding::{ReadWish, ShardSpec, ShardedStore, ShardingPreset};
use serde_json::{Value, json};

use crate::manual::{each_answer, known_mode};
use crate::runner::{Fields, Outcome};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    known_mode(&fields)?;
    let mut config = ShardingPreset::AsInManual.config();
    config.hash = match fields.text("hash")? {
        "builtin" => KeyHash::WholeNumber,
        "fnv1a64" => KeyHash::Fnv1a64,
        other => return Err(format!("unknown hash {other}")),
    };
    let init = Fields::of(fields.need("init")?)?;
    let specs: Vec<ShardSpec> =
        (0..init.natural("num_shards")?).map(|shard| ShardSpec::named(&shard.to_string())).collect();
    init.finish()?;
    let mut store = ShardedStore::try_new(&config, &specs).map_err(|errors| format!("{errors:?}"))?;
    each_answer(fields, |op| answer(&mut store, op))
}

fn answer(store: &mut ShardedStore, op: &Value) -> Result<Value, String> {
    let fields = Fields::of(op)?;
    let key = match fields.need("key")? {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_i64() => number.to_string(),
        other => return Err(format!("{other} is no key")),
    };
    let value = match fields.text("op")? {
        "write" => {
            // The manual keeps any value; here it is kept as the text that JSON has for it.
            let value = fields.need("value")?.to_string();
            store.write(key.as_bytes(), value.as_bytes()).map_err(|refused| format!("{refused:?}"))?;
            Value::Null
        }
        "read" => {
            let read = store.read(key.as_bytes(), &ReadWish::default());
            read.value.map_or(Ok(Value::Null), serde_json::from_slice).map_err(|error| error.to_string())?
        }
        "shard_of" => store.route(key.as_bytes(), 0).owner.0.into(),
        other => return Err(format!("unknown operation {other}")),
    };
    fields.finish()?;
    let sizes: Vec<usize> = store.shard_ids().map(|shard| store.primary(shard).len()).collect();
    Ok(json!({ "ok": true, "value": value, "state": { "sizes": sizes } }))
}
