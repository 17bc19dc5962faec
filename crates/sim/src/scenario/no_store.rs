use sandtable_patterns::{ConfigError, parameters};

use super::Scenario;

parameters! {
    /// A store, of which this build knows nothing but that there is one.
    pub struct Store {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "store".to_owned();
    }
}

impl Scenario {
    pub(super) fn check_stores(&self, errors: &mut Vec<ConfigError>) {
        if !self.stores.is_empty() {
            errors.push(ConfigError::new("stores", self.stores.len(), "none: this build knows no stores"));
        }
    }

    #[expect(clippy::unused_self, reason = "there are no stores in this build")]
    pub(super) const fn stores_make_sense(&self) -> bool {
        true
    }
}
