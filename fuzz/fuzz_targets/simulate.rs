//! Scenarios made by the schema rather than out of text: almost all of them are JSON that fits, so that what lies
//! behind the reading is reached, run and read.
#![no_main]

#[path = "shared/drawing.rs"]
mod drawing;
#[path = "shared/running.rs"]
mod running;

use arbitrary::Unstructured;
use drawing::draw;
use libfuzzer_sys::fuzz_target;
use running::{run_and_read, tame};
use sandtable_sim::Scenario;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut scenario) = draw::<Scenario>(&mut Unstructured::new(bytes), "Scenario") else { return };
    if scenario.validate().is_err() {
        return;
    }
    assert_eq!(Scenario::from_json(&scenario.to_compact_json()).as_ref(), Ok(&scenario));
    tame(&mut scenario);
    run_and_read(&scenario);
});
