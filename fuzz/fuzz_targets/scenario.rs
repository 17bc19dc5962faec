//! Text as a scenario: refused with every mistake, or read; what was read can be written, read again and run.
#![no_main]

#[path = "shared/running.rs"]
mod running;

use libfuzzer_sys::fuzz_target;
use running::{run_and_read, tame};
use sandtable_sim::{Scenario, ScenarioError};

fuzz_target!(|text: &str| {
    match Scenario::from_json(text) {
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(!matches!(error, ScenarioError::Invalid(mistakes) if mistakes.is_empty()));
        }
        Ok(mut scenario) => {
            assert_eq!(scenario.validate(), Ok(()));
            assert_eq!(Scenario::from_json(&scenario.to_json()).as_ref(), Ok(&scenario));
            assert_eq!(Scenario::from_json(&scenario.to_compact_json()).as_ref(), Ok(&scenario));
            tame(&mut scenario);
            run_and_read(&scenario);
        }
    }
});
