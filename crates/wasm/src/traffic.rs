use sandtable_sim::import::{ImportOptions, KeyBy, import};
use wasm_bindgen::prelude::*;

use crate::error::SandtableError;
use crate::plain::{Plain, plain};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Traffic read from a file. */
export interface ImportResult {
  trace: { name: string; counts: [number, number][]; keys: number[] };
  format: string; requests: number; span_s: number; distinct_keys: number; lines: number;
  rejected: number; rejections: { line: number; reason: string }[];
}
"#;

struct ImportResult {
    trace: Trace,
    format: String,
    requests: u64,
    span_s: u32,
    distinct_keys: u32,
    lines: u64,
    rejected: u64,
    rejections: Vec<Rejection>,
}

struct Trace {
    name: String,
    counts: Vec<(u32, u32)>,
    keys: Vec<u32>,
}

struct Rejection {
    line: u64,
    reason: String,
}

plain! {
    ImportResult { trace, format, requests, span_s, distinct_keys, lines, rejected, rejections }
    Trace { name, counts, keys }
    Rejection { line, reason }
}

/// Reads an access log (Common or Combined Log Format) or a CSV of requests per second.
///
/// # Errors
/// A `SandtableError` for a file of which nothing can be used.
#[wasm_bindgen(unchecked_return_type = "ImportResult")]
pub fn import_traffic(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "\"client\" | \"path\"")] key_by: &str,
    name: String,
) -> Result<JsValue, JsValue> {
    let key_by = match key_by {
        "client" => KeyBy::Client,
        "path" => KeyBy::Path,
        _ => {
            return Err(SandtableError::bad_argument("key_by", key_by, "client, path").into());
        }
    };
    let options = ImportOptions { key_by, ..ImportOptions::default() };
    let imported = import(bytes, &options).map_err(SandtableError::from)?;
    let rejections = imported.rejections.iter();
    let result = ImportResult {
        format: imported.format.to_string(),
        requests: imported.requests,
        // From the beginning of the first second to the end of the last.
        span_s: imported.counts.last().map_or(0, |&(second, _)| second + 1),
        distinct_keys: imported.distinct_keys,
        lines: imported.lines_read,
        rejected: imported.rejected,
        rejections: rejections
            .map(|rejection| Rejection { line: rejection.line, reason: rejection.reason.to_string() })
            .collect(),
        trace: Trace { name, counts: imported.counts, keys: imported.keys },
    };
    Ok(result.to_host())
}
