//! From JSON to a scenario, with every mistake at once.

use sandtable_patterns::{ConfigError, Shown, Value, check_all, read_all, write};

use super::{Call, Caller, Cqrs, Distribution, Fault, FaultKind, Scenario, Station, Store, Topology, Trace};

/// The JSON Schema of a scenario, generated from the types (`npm run schema`).
pub static SCHEMA: &str = include_str!("../../schema/scenario.schema.json");

/// More text than this is no scenario.
const MOST_BYTES: usize = 64 << 20;

/// A service has no more instances than this: the bound of its `count`.
const MOST_INSTANCES: u32 = 1_000;

/// More stores than this are no picture.
const MOST_STORES: usize = 4;

/// A call whose breakers take more memory than this can't be meant.
const MOST_BYTES_OF_BREAKERS: usize = 64 << 20;

/// Why a scenario can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// The text is not JSON.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// The text is JSON, but not a scenario: every mistake in it.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Invalid(Vec<ConfigError>),
}

impl Scenario {
    /// Reads a scenario from JSON. What is left out takes its default.
    ///
    /// # Errors
    /// [`ScenarioError::Syntax`] where the text is not JSON, else [`ScenarioError::Invalid`] with every mistake.
    pub fn from_json(json: &str) -> Result<Self, ScenarioError> {
        if json.len() > MOST_BYTES {
            return Err(ScenarioError::Syntax(format!("{} bytes, at most {MOST_BYTES}", json.len())));
        }
        let value = serde_json::from_str(json).map_err(|error| ScenarioError::Syntax(error.to_string()))?;
        Self::from_value(&plain(value))
    }

    /// Reads a scenario from plain data. What is left out takes its default.
    ///
    /// # Errors
    /// [`ScenarioError::Invalid`] with every mistake.
    pub fn from_value(value: &Value) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        read_all(&mut scenario, value).map_err(ScenarioError::Invalid)?;
        scenario.validate()?;
        Ok(scenario)
    }

    /// The scenario as JSON, every parameter written out.
    pub fn to_json(&self) -> String {
        write(self).to_json()
    }

    /// The scenario as JSON without what is as it would be anyway.
    pub fn to_compact_json(&self) -> String {
        self.to_compact_value().to_json()
    }

    /// The scenario as plain data, every parameter written out.
    pub fn to_value(&self) -> Value {
        write(self)
    }

    /// The scenario as plain data without what is as it would be anyway.
    pub fn to_compact_value(&self) -> Value {
        // Items are compared with the first of the default's, of which there is none for stores and sides.
        let stores = self.stores.iter().take(1).map(|_| Store::default()).collect();
        let cqrs = self.cqrs.iter().take(1).map(|_| Cqrs::default()).collect();
        let default = Self { stores, cqrs, ..Self::default() };
        let (own, plain) = (write(self), write(&default));
        let mut compact = difference(&own, &plain).unwrap_or(Value::Object(Vec::new()));
        let Value::Object(fields) = &mut compact else { return compact };
        for name in ["stores", "cqrs"] {
            // One that is as by default must be there nevertheless.
            let there = own.get(name).is_some_and(|list| matches!(list, Value::List(items) if !items.is_empty()));
            if there && !fields.iter().any(|(field, _)| field == name) {
                fields.push((name.to_owned(), Value::List(vec![Value::Object(Vec::new())])));
            }
        }
        compact
    }

    /// Checks what the bounds of single fields can't say, and, for scenarios built in code, those too.
    ///
    /// # Errors
    /// [`ScenarioError::Invalid`] with every mistake.
    pub fn validate(&self) -> Result<(), ScenarioError> {
        let mut errors = check_all(self).err().unwrap_or_default();
        self.check_lists(&mut errors);
        self.check_traffic(&mut errors);
        self.check_services(&mut errors);
        for (index, client) in self.clients.iter().enumerate() {
            self.check_calls(&format!("clients[{index}]"), &client.calls, &mut errors);
        }
        for (index, service) in self.services.iter().enumerate() {
            self.check_calls(&format!("services[{index}]"), &service.calls, &mut errors);
        }
        self.check_circles(&mut errors);
        self.check_breakers(&mut errors);
        for (index, fault) in self.faults.iter().enumerate() {
            self.check_fault(fault, &format!("faults[{index}]"), &mut errors);
        }
        self.check_stores(&mut errors);
        if errors.is_empty() { Ok(()) } else { Err(ScenarioError::Invalid(errors)) }
    }

    fn check_lists(&self, errors: &mut Vec<ConfigError>) {
        let mut length = |path: &str, found, least, most| check_length(path, found, least, most, errors);
        length("clients", self.clients.len(), 1, 8);
        length("services", self.services.len(), usize::from(self.stores.is_empty() && self.cqrs.is_empty()), 8);
        length("stores", self.stores.len(), 0, MOST_STORES);
        length("cqrs", self.cqrs.len(), 0, MOST_STORES);
        length("faults", self.faults.len(), 0, 1_000);
        for (index, client) in self.clients.iter().enumerate() {
            length(&format!("clients[{index}].calls"), client.calls.len(), 1, 8);
        }
        for (index, service) in self.services.iter().enumerate() {
            let count = service.instances.count as usize;
            let path = |field: &str| format!("services[{index}].instances.{field}");
            length(&path("weights"), service.instances.weights.len(), 0, count);
            length(&path("speeds"), service.instances.speeds.len(), 0, count);
            length(&path("priorities"), service.instances.priorities.len(), 0, count);
            length(&format!("services[{index}].calls"), service.calls.len(), 0, 8);
        }
    }

    fn check_traffic(&self, errors: &mut Vec<ConfigError>) {
        for (index, client) in self.clients.iter().enumerate() {
            if self.clients[..index].iter().any(|other| other.name == client.name) {
                errors.push(ConfigError::new(
                    format!("clients[{index}].name"),
                    format!("{} again", quoted(&client.name)),
                    "a name of its own",
                ));
            }
            check_trace(&client.trace, &format!("clients[{index}].trace"), errors);
            let recorded = client.trace.requests();
            if recorded > u64::from(self.limits.requests) {
                errors.push(ConfigError::new(
                    format!("clients[{index}].trace.counts"),
                    format!("{recorded} requests"),
                    format!("at most limits.requests, {}", self.limits.requests),
                ));
            }
        }
    }

    fn check_services(&self, errors: &mut Vec<ConfigError>) {
        for (index, service) in self.services.iter().enumerate() {
            let path = format!("services[{index}]");
            self.check_name(index, &path, errors);
            check_time(&service.instances.service_time, &format!("{path}.instances.service_time"), errors);
        }
    }

    fn check_fault(&self, fault: &Fault, path: &str, errors: &mut Vec<ConfigError>) {
        let (known, allowed): (bool, String) = match fault.kind {
            FaultKind::Traffic => {
                let names: Vec<&str> = self.clients.iter().map(|client| client.name.as_str()).collect();
                (names.contains(&fault.target.as_str()), format!("a group of clients: {}", names.join(", ")))
            }
            kind if kind.strikes_nodes() => match self.instances_named(&fault.target) {
                Some(_) => return,
                None => (false, self.targets_allowed()),
            },
            _ => self.target_of_data(fault),
        };
        if !known {
            errors.push(ConfigError::new(format!("{path}.target"), quoted(&fault.target), allowed));
        }
    }

    fn targets_allowed(&self) -> String {
        let stations: Vec<Station<'_>> = self.stations().collect();
        let last = |&station: &Station<'_>| self.node_name(station, self.nodes(station).saturating_sub(1));
        let first = |&station: &Station<'_>| self.node_name(station, 0);
        if let [station] = stations.as_slice() {
            let nodes = if station.is_store() { "nodes" } else { "instances" };
            let (count, name) = (self.nodes(*station), station.name());
            return format!(
                "one of the {count} {nodes}, {} to {}, or {name} for all of them",
                first(station),
                last(station)
            );
        }
        let each =
            stations.iter().map(|station| format!("{}/{} to {0}/{}", station.name(), first(station), last(station)));
        let each: Vec<String> = each.collect();
        let plain = stations.iter().all(|station| !station.is_store());
        let (kind, all) = if plain { ("an instance", "a service") } else { ("a node", "a service or a store") };
        format!("{kind} ({}) or {all}", each.join(", "))
    }

    /// Names are told apart in faults and calls, so a station has one of its own that is no instance's either.
    pub(super) fn check_name(&self, station: usize, path: &str, errors: &mut Vec<ConfigError>) {
        let name = self.station(station).name();
        let again = self.stations().take(station).any(|other| other.name() == name);
        let instances = super::names::is_instance_name(name) || name.contains('/');
        if again || instances {
            let found = if again { format!("{} again", quoted(name)) } else { quoted(name).to_string() };
            let allowed = "a name of its own that no instance has, without a slash";
            errors.push(ConfigError::new(format!("{path}.name"), found, allowed));
        }
    }

    fn check_calls(&self, path: &str, calls: &[Call], errors: &mut Vec<ConfigError>) {
        for (index, call) in calls.iter().enumerate() {
            if self.station_called(call).is_none() {
                let names: Vec<&str> = self.stations().map(Station::name).collect();
                let plain = self.station_count() == self.services.len();
                let kinds = if plain { "services" } else { "services and stores" };
                let allowed = format!("one of the {kinds}: {}", names.join(", "));
                errors.push(ConfigError::new(format!("{path}.calls[{index}].to"), quoted(&call.to), allowed));
            }
        }
    }

    /// Each party of a call has a breaker, or one for each instance called: many, if both are many.
    fn check_breakers(&self, errors: &mut Vec<ConfigError>) {
        let sizes_make_sense = self.services.iter().all(|service| service.instances.count <= MOST_INSTANCES);
        if self.station_count() == 0 || !sizes_make_sense || !self.stores_make_sense() {
            return; // told elsewhere, and nothing to multiply
        }
        for edge in Topology::new(self).edges {
            let bytes = edge.breakers.len().saturating_mul(self.call(&edge).breaker.rule.memory_bytes());
            if bytes > MOST_BYTES_OF_BREAKERS {
                let place = match edge.caller {
                    Caller::Client(client) => format!("clients[{client}].calls[{}]", edge.place),
                    Caller::Service(service) => format!("services[{service}].calls[{}]", edge.place),
                };
                let found = format!("{} breakers, with their windows {} MB", edge.breakers.len(), bytes >> 20);
                let allowed = format!("at most {} MB for the breakers of a call", MOST_BYTES_OF_BREAKERS >> 20);
                errors.push(ConfigError::new(format!("{place}.breaker.rule"), found, allowed));
            }
        }
    }

    /// A request that came back to a service whose slot it holds could wait for itself for ever.
    fn check_circles(&self, errors: &mut Vec<ConfigError>) {
        // Services that call nobody, or only such as are already known to end, end too; what is left goes in circles.
        let mut ends = vec![false; self.services.len()];
        // A store calls nobody.
        ends.resize(self.station_count(), true);
        for _ in 0..self.services.len() {
            for (index, service) in self.services.iter().enumerate() {
                let mut called = service.calls.iter().filter_map(|call| self.station_called(call));
                ends[index] = called.all(|to| ends[to]);
            }
        }
        if let Some(index) = ends.iter().position(|ends| !ends) {
            let found = format!("{} calls itself, directly or through others", self.services[index].name);
            errors.push(ConfigError::new(format!("services[{index}].calls"), found, "calls that lead in no circle"));
        }
    }
}

pub(super) fn check_length(path: &str, found: usize, least: usize, most: usize, errors: &mut Vec<ConfigError>) {
    if !(least..=most).contains(&found) {
        let allowed = if least == most { format!("exactly {least}") } else { format!("{least} to {most}") };
        errors.push(ConfigError::new(path, format!("{found} items"), allowed));
    }
}

pub(super) fn check_time(time: &Distribution, path: &str, errors: &mut Vec<ConfigError>) {
    if time.min_ms > time.max_ms {
        let allowed = format!("at most max_ms, {}", Shown(time.max_ms));
        errors.push(ConfigError::new(format!("{path}.min_ms"), Shown(time.min_ms), allowed));
    }
}

/// A text as messages show it.
pub(super) fn quoted(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn check_trace(trace: &Trace, path: &str, errors: &mut Vec<ConfigError>) {
    let falls = trace.counts.windows(2).position(|pair| pair[0].0 >= pair[1].0);
    if let Some(index) = falls {
        errors.push(ConfigError::new(
            format!("{path}.counts[{}][0]", index + 1),
            trace.counts[index + 1].0,
            format!("a second after {}", trace.counts[index].0),
        ));
    }
    let requests = trace.requests();
    if !trace.keys.is_empty() && trace.keys.len() as u64 != requests {
        errors.push(ConfigError::new(
            format!("{path}.keys"),
            format!("{} keys", trace.keys.len()),
            format!("none, or one for each of the {requests} requests"),
        ));
    }
}

/// What of `value` is not as in `default`. Lists are compared item by item against the default's first item.
fn difference(value: &Value, default: &Value) -> Option<Value> {
    match (value, default) {
        (Value::Object(fields), Value::Object(_)) => {
            let differing: Vec<(String, Value)> = fields
                .iter()
                .filter_map(|(name, field)| {
                    let difference = difference(field, default.get(name).unwrap_or(&Value::Null))?;
                    Some((name.clone(), difference))
                })
                .collect();
            (!differing.is_empty()).then_some(Value::Object(differing))
        }
        // `clients` and `services`: each item starts from the type's default, which is the default's first item.
        (Value::List(items), Value::List(defaults)) if items != defaults => {
            let Some(default @ Value::Object(_)) = defaults.first() else { return Some(value.clone()) };
            let empty = Value::Object(Vec::new());
            let items = items.iter().map(|item| difference(item, default).unwrap_or_else(|| empty.clone()));
            Some(Value::List(items.collect()))
        }
        _ => (value != default).then(|| value.clone()),
    }
}

/// What serde_json has read, as our own plain data.
fn plain(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(plain).collect()),
        serde_json::Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, plain(value))).collect())
        }
    }
}
