use sandtable_patterns::{ConfigError, parameters};

use super::{Fault, Scenario};

parameters! {
    /// A store, of which this build knows nothing but that there is one.
    pub struct Store {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "store".to_owned();
    }

    /// Commands and queries, of which this build knows nothing but that there are some.
    pub struct Cqrs {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "personnel".to_owned();
    }
}

impl Scenario {
    pub(super) fn check_stores(&self, errors: &mut Vec<ConfigError>) {
        for (path, found) in [("stores", self.stores.len()), ("cqrs", self.cqrs.len())] {
            if found > 0 {
                errors.push(ConfigError::new(path, found, "none: this build knows no stores"));
            }
        }
    }

    #[expect(clippy::unused_self, reason = "there are no stores in this build")]
    pub(super) fn target_of_data(&self, _fault: &Fault) -> (bool, String) {
        (false, "none: this build knows no stores".to_owned())
    }

    #[expect(clippy::unused_self, reason = "there are no stores in this build")]
    pub(super) const fn stores_make_sense(&self) -> bool {
        true
    }
}
