//! shard_hashes and shard_cassandra_tokens

use sandtable_patterns::hash::{
    KeyHash, cassandra_token, fnv1_32, fnv1_64, fnv1a_32, fnv1a_64, jenkins_one_at_a_time, md5_first_four,
    murmur3_x64_128, murmur3_x86_32, siphash_2_4, xxh3_64, xxh32, xxh64,
};
use serde_json::Value;

use crate::fixture::{bytes, key};
use crate::runner::{Fields, Outcome, equal, list};

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let input = key(&fields, "input_hex", "input_text")?;
    let (found, by_name) = match fields.text("algorithm")? {
        "fnv1_32" => (vec![fnv1_32(&input).into()], None),
        "fnv1a_32" => (vec![fnv1a_32(&input).into()], Some(KeyHash::Fnv1a32)),
        "fnv1_64" => (vec![fnv1_64(&input)], None),
        "fnv1a_64" => (vec![fnv1a_64(&input)], Some(KeyHash::Fnv1a64)),
        "ketama_md5_first4_le" => (vec![md5_first_four(&input).into()], Some(KeyHash::Md5)),
        "jenkins_one_at_a_time_32" => (vec![jenkins_one_at_a_time(&input).into()], None),
        "murmur3_x86_32" => (vec![murmur3_x86_32(&input, seed_32(&fields)?).into()], None),
        "murmur3_x64_128" => {
            let seed = seed_32(&fields)?;
            let (first, second) = murmur3_x64_128(&input, seed);
            (vec![first, second], (seed == 0).then_some(KeyHash::Murmur3))
        }
        "siphash_2_4_64" => {
            let key = bytes(fields.text("key_hex")?)?;
            let halves: Vec<u64> = key.as_chunks::<8>().0.iter().map(|half| u64::from_le_bytes(*half)).collect();
            let [key0, key1] = halves[..] else { return Err(format!("a key of {} bytes", key.len())) };
            let hash = siphash_2_4(&input, key0, key1);
            (vec![hash], ((key0, key1) == (0, 0)).then_some(KeyHash::SipHash24))
        }
        "xxh32" => (vec![xxh32(&input, seed_32(&fields)?).into()], None),
        "xxh64" => {
            let seed = seed(&fields)?;
            (vec![xxh64(&input, seed)], (seed == 0).then_some(KeyHash::XxHash64))
        }
        "xxh3_64" => (vec![xxh3_64(&input, seed(&fields)?)], None),
        other => return Err(format!("unknown algorithm {other}")),
    };
    let expected = match fields.need("expect")? {
        Value::String(hash) => vec![parse(hash)?],
        hashes => {
            list(hashes)?.iter().map(|hash| parse(hash.as_str().unwrap_or_default())).collect::<Result<_, _>>()?
        }
    };
    equal("hash", &found, &expected)?;
    if let Some(hash) = by_name {
        equal(hash.name(), hash.of(&input), expected[0])?;
    }
    fields.finish()
}

pub(crate) fn cassandra_token_case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    let key = bytes(fields.text("key_hex")?)?;
    let token: i64 = fields.text("token")?.parse().map_err(|_| "the token is no number".to_owned())?;
    equal("token", cassandra_token(&key), token)?;
    equal("by name", KeyHash::CassandraMurmur3.of(&key) as i64, token)?;
    let same = fields.need("standard_murmur3_same")?.as_bool();
    equal("standard_murmur3_same", Some(murmur3_x64_128(&key, 0).0 as i64 == token), same)?;
    fields.finish()
}

fn seed(fields: &Fields) -> Result<u64, String> {
    fields.need("seed")?.as_u64().ok_or_else(|| "the seed is no number".to_owned())
}

fn seed_32(fields: &Fields) -> Result<u32, String> {
    u32::try_from(seed(fields)?).map_err(|_| "the seed has more than 32 bits".to_owned())
}

fn parse(hash: &str) -> Result<u64, String> {
    let digits = hash.strip_prefix("0x").ok_or_else(|| format!("{hash} does not begin with 0x"))?;
    u64::from_str_radix(digits, 16).map_err(|_| format!("{hash} is no hash"))
}
