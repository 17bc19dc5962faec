//! What the caller's policies did with an attempt.

use sandtable_patterns::breaker::{State, TripRule};
use sandtable_patterns::{Instant, Rounded};

use super::{Story, time};
use crate::recording::{Moments, Outcome, Reason};
use crate::run::Run;
use crate::run::bands::seconds;
use crate::scenario::Edge;

impl Run {
    fn edge_of(&self, row: u32) -> &Edge {
        &self.topology.edges[usize::from(self.recording.requests.call.get(row))]
    }

    /// Whether the caller's own policies refused it.
    pub(super) fn never_left(&self, row: u32) -> bool {
        let edge = self.edge_of(row);
        match self.recording.requests.reason(row) {
            // A breaker for each instance stands at the balancer.
            Reason::BreakerOpen => edge.breakers.len() <= edge.parties,
            reason => reason.stayed(),
        }
    }

    pub(super) fn how_it_began(&self, row: u32) -> String {
        let requests = &self.recording.requests;
        let key = requests.key[row as usize];
        if let Some(before) = requests.previous(row) {
            let pause = time(requests.sent[row as usize] - requests.moments(before).freed);
            let number = self.attempt_number(row);
            return format!(
                "Attempt {number}, for key {key}, after a pause of {pause}: attempt {} failed.",
                number - 1
            );
        }
        match requests.parent(row) {
            Some(parent) => {
                let name = requests.instance(parent).map_or("an instance", |instance| &self.names[instance]);
                format!("Sent by {name} for the sake of attempt {parent}, for key {key}.")
            }
            None => format!("Sent, for key {key}."),
        }
    }

    /// Breaker and bulkhead.
    pub(super) fn at_caller(&self, row: u32, moments: &Moments, story: &mut Story) {
        let reason = self.recording.requests.reason(row);
        let edge = self.edge_of(row);
        if !edge.breakers.is_empty() && edge.breakers.len() <= edge.parties {
            story.say(moments.sent, self.at_breaker(edge.breaker(self.party(row), 0), row, moments.sent));
        }
        if edge.bulkheads.is_empty() || reason == Reason::BreakerOpen {
            return;
        }
        let limit = self.limit_at(edge.bulkheads.start + self.party(row), moments.sent);
        let waited = moments.left - moments.sent;
        match reason {
            Reason::BulkheadFull => {
                let text =
                    format!("Refused by the bulkhead: all {limit} slots are taken, and so is every place to wait.");
                story.say(moments.sent, text);
            }
            Reason::BulkheadWait => {
                story.say(moments.sent, format!("All {limit} slots of the bulkhead are taken, so it waits."));
                story.say(
                    moments.left,
                    format!("Refused by the bulkhead: it has waited {}, as long as it may.", time(waited)),
                );
            }
            _ if waited > 0 => {
                story.say(moments.sent, format!("All {limit} slots of the bulkhead are taken, so it waits."));
                story.say(moments.left, format!("Has a slot of the bulkhead after a wait of {}.", time(waited)));
            }
            _ => story.say(moments.sent, format!("Took one of the {limit} slots of the bulkhead at once.")),
        }
    }

    /// Which of the parties that make its call made the attempt.
    fn party(&self, row: u32) -> usize {
        let requests = &self.recording.requests;
        let parent = requests.parent(row).and_then(|parent| requests.instance(parent));
        parent.map_or(0, |instance| instance - self.topology.instances[self.topology.station_of(instance)].start)
    }

    fn at_breaker(&self, number: usize, row: u32, at: u64) -> String {
        let recorded = &self.recording.breakers[number];
        let now = Instant::from_nanos(at);
        let breaker = recorded.at(&self.recording.requests, at);
        let view = breaker.view(now);
        let refused = self.recording.requests.reason(row) == Reason::BreakerOpen;
        let last = recorded.transitions.iter().take_while(|change| change.at <= now).last();
        let because = last.map_or_else(String::new, |change| format!(" It {}.", change.sentence()));
        match view.state {
            State::Open { retry_at } if refused => {
                let until = seconds(retry_at.as_nanos());
                format!("Refused: the breaker is open and lets calls through again at {until}.{because}")
            }
            State::HalfOpen if refused => {
                format!("Refused: the breaker is half-open and its trial calls are taken.{because}")
            }
            _ if refused => "Refused by the breaker.".to_owned(),
            State::HalfOpen => "Let through by the breaker as a trial call: it is half-open.".to_owned(),
            State::Closed => match (breaker.config().trip_rule, view.failure_percent) {
                (TripRule::FailureRate, Some(percent)) => format!(
                    "Let through by the breaker: it is closed, {} % of the last {} calls failed (threshold {} %).",
                    Rounded(percent, 0),
                    view.calls,
                    Rounded(breaker.config().failure_rate_percent, 0)
                ),
                _ => "Let through by the breaker: it is closed.".to_owned(),
            },
            _ => "Let through by the breaker.".to_owned(),
        }
    }

    /// What the end of the patience did.
    pub(super) fn given_up(&self, row: u32, moments: &Moments) -> String {
        let requests = &self.recording.requests;
        let call = self.scenario.call(self.edge_of(row));
        let after = time(moments.freed - moments.left);
        let rest = match requests.instance(row) {
            _ if call.cancel => " Its work is cancelled.".to_owned(),
            Some(instance) if moments.freed < moments.finished => {
                format!(" {} goes on with it for nobody.", self.names[instance])
            }
            _ => String::new(),
        };
        format!("Given up: no answer within {after}.{rest}")
    }

    /// Whether a failed attempt is made again.
    pub(super) fn tried_again(&self, row: u32, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        let attempts = self.scenario.call(self.edge_of(row)).retry.attempts;
        if requests.outcome(row) == Outcome::Succeeded || attempts == 1 {
            return;
        }
        let text = match requests.next(row) {
            Some(next) => {
                let pause = time(requests.sent[next as usize] - moments.freed);
                format!("Tried again after a pause of {pause} (attempt {next}).")
            }
            None if requests.reason(row).stayed() => "Not tried again, as it was refused on purpose.".to_owned(),
            None if self.attempt_number(row) >= attempts => {
                format!("Not tried again: all {attempts} attempts are used up.")
            }
            None => "Not tried again: the retry budget is used up.".to_owned(),
        };
        story.say(moments.freed, text);
    }
}
