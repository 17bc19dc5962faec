//! Digests that change only on purpose. The browser compares with the same file: `crates/wasm/tests/web.rs`.

mod common;

use common::run;

/// A change of this is a change of every run that anybody has seen or shared: say so in CHANGELOG.md.
#[test]
fn golden_digest() {
    let json = r#"{ "duration_ms": 5000, "faults": [{ "target": "bravo", "at_ms": 2000, "for_ms": 1000 }] }"#;
    assert_eq!(format!("{:016x}", run(json).digest()), include_str!("golden_digest.txt").trim());
}
