//! What became of an attempt in a store.

use super::{Story, time};
use crate::engine::Probe;
use crate::recording::{Kind, Moments, Reason};
use crate::run::Run;

impl Run {
    /// From the router on.
    pub(super) fn in_store(&self, row: u32, moments: &Moments, probe: Option<&Probe>, story: &mut Story) {
        let requests = &self.recording.requests;
        let found = probe.and_then(|probe| probe.place.as_deref());
        let Some(instance) = requests.instance(row) else {
            return self.at_router(row, moments, found, story);
        };
        let name = &self.names[instance];
        let text = match (self.is_part(row), found) {
            (true, _) => format!("A part of attempt {}: the router asks {name}.", requests.parent(row).unwrap_or(row)),
            (false, Some(found)) => format!("{}: sent to {name}.", sentence(found)),
            (false, None) => format!("Sent to {name}."),
        };
        story.say(moments.at_balancer, text);
        self.at_instance(row, instance, moments, story);
        self.what_was_read(row, moments, story);
    }

    /// An attempt for which the router asks several nodes, or none.
    fn at_router(&self, row: u32, moments: &Moments, found: Option<&str>, story: &mut Story) {
        let requests = &self.recording.requests;
        let parts = self.calls_for(row, moments);
        let names: Vec<&str> =
            parts.iter().filter_map(|&part| requests.instance(part)).map(|node| self.names[node].as_str()).collect();
        if names.is_empty() {
            let refused = requests.reason(row) == Reason::BreakerOpen;
            let text = if refused { "Refused: the breaker of its shard is open." } else { "Dropped at the router." };
            return story.say(moments.at_balancer, text.to_owned());
        }
        let found = found.map_or_else(String::new, |found| format!("{}. ", sentence(found)));
        let numbers: Vec<String> = parts.iter().map(u32::to_string).collect();
        let asked = names.join(", ");
        story.say(moments.at_balancer, format!("{found}The router asks {asked} (attempts {}).", numbers.join(", ")));
        let took = time(moments.finished - moments.at_balancer);
        let text = match requests.reason(row) {
            Reason::CallFailed => format!("Too many of them failed, as was clear after {took}."),
            Reason::Moved => format!("By then, after {took}, the key had moved."),
            _ => format!("Enough had answered after {took}: as long as the slowest that was needed."),
        };
        story.say(moments.finished, text);
        self.what_was_read(row, moments, story);
    }

    fn what_was_read(&self, row: u32, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        if requests.reason(row) != Reason::None || self.is_part(row) {
            return;
        }
        let text = match (requests.kind(row), requests.stale.get(row)) {
            (Kind::Command, _) => "What it wrote can be read from now on.".to_owned(),
            (Kind::Query, 0) => return,
            (_, age) => format!("What it read was stale: it had been overwritten {} before.", time(age)),
        };
        story.say(moments.finished, text);
    }
}

/// With a capital letter, unless it begins with a key.
fn sentence(found: &str) -> String {
    let begins = ["the ", "all "].iter().any(|word| found.starts_with(word));
    match found.split_at_checked(1) {
        Some((first, rest)) if begins => format!("{}{rest}", first.to_ascii_uppercase()),
        _ => found.to_owned(),
    }
}
