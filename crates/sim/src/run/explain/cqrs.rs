//! What became of a command or a query.

use sandtable_patterns::cqrs::personnel::{Company, Person};

use super::{Story, time};
use crate::recording::{Kind, Moments, Reason};
use crate::run::Run;
use crate::run::cqrs::{asks_for, happened};
use crate::scenario::{Cqrs, ModelKind, ModelLayout};

impl Run {
    /// From the router of a pair of sides on.
    pub(super) fn in_sides(&self, row: u32, moments: &Moments, story: &mut Story) {
        let requests = &self.recording.requests;
        let edge = &self.topology.edges[usize::from(requests.call.get(row))];
        let pair = edge.to - self.scenario.services.len() - self.scenario.stores.len();
        let Some(instance) = requests.instance(row) else {
            let refused = requests.reason(row) == Reason::BreakerOpen;
            let text = if refused { "Refused: the breaker is open." } else { "Dropped at the router." };
            return story.say(moments.at_balancer, text.to_owned());
        };
        let asked = if requests.kind(row) == Kind::Command {
            self.command(row, pair)
        } else {
            let node = instance - self.topology.instances[edge.to].start;
            question(&self.scenario.cqrs[pair], node, requests.key[row as usize])
        };
        story.say(moments.at_balancer, format!("{asked} Sent to {}.", self.names[instance]));
        if requests.reason(row) == Reason::NotCaughtUp {
            let waited = time(moments.started - moments.at_instance);
            let text = format!("Its own last write was not in the read model after a wait of {waited}: refused.");
            return story.say(moments.finished, text);
        }
        self.at_instance(row, instance, moments, story);
        let told = if requests.kind(row) == Kind::Command { self.outcome(row, pair) } else { self.freshness(row) };
        if let Some(told) = told {
            story.say(moments.finished, told);
        }
        self.taken_in(row, pair, story);
    }

    /// When each read model had the events that followed from a command.
    fn taken_in(&self, row: u32, pair: usize, story: &mut Story) {
        let (sides, recorded) = (&self.scenario.cqrs[pair], &self.recording.sides[pair]);
        if sides.layout == ModelLayout::Shared {
            return; // the one model has it as it is written
        }
        let own = recorded.events.iter().zip(0_u32..).filter(|(event, _)| event.row == Some(row));
        for (event, position) in own {
            for (model, kept) in sides.models.iter().zip(&recorded.models) {
                // A rebuilt one has it again; what counts is the first time.
                let from = kept.progress.partition_point(|&(at, _)| at < event.at);
                let Some(&(at, _)) = kept.progress[from..].iter().find(|&&(_, wants)| wants > position) else {
                    continue;
                };
                let after = time(at - event.at);
                let model = model.kind.name().replace('_', " ");
                story.say(at, format!("The read model {model} has event {position}, {after} after it was written."));
            }
        }
    }

    fn command(&self, row: u32, pair: usize) -> String {
        let commands = &self.recording.sides[pair].commands;
        let own = commands.iter().find(|(attempt, ..)| *attempt == row);
        own.map_or_else(
            || "A command.".to_owned(),
            |&(_, person, command)| format!("Command: {}.", asks_for(person, command)),
        )
    }

    /// What became of a command whose work was done.
    fn outcome(&self, row: u32, pair: usize) -> Option<String> {
        let recorded = &self.recording.sides[pair];
        let person = |row: u32| {
            let own = recorded.commands.iter().find(|(attempt, ..)| *attempt == row);
            Person(own.map_or(0, |&(_, person, _)| person))
        };
        match self.recording.requests.reason(row) {
            Reason::Rejected => {
                let (_, why) = recorded.rejected.iter().find(|(attempt, _)| *attempt == row)?;
                Some(format!("Rejected: {} {}.", person(row), subject(*why)))
            }
            Reason::Conflict => {
                Some(format!("Refused: another command about {} was written since this one read.", person(row)))
            }
            Reason::LogRefused => Some(
                "Refused by the log: it is full, or a read model that is written in the same step is stopped."
                    .to_owned(),
            ),
            _ => {
                let own = recorded.events.iter().enumerate().filter(|(_, event)| event.row == Some(row));
                let told: Vec<String> = own
                    .map(|(position, event)| format!("event {position}: {}", happened(event.person, event.event)))
                    .collect();
                (!told.is_empty()).then(|| format!("Written as {}.", told.join("; ")))
            }
        }
    }

    fn freshness(&self, row: u32) -> Option<String> {
        let requests = &self.recording.requests;
        match (requests.reason(row), requests.stale.get(row)) {
            (Reason::None, 0) => Some("The answer was up to date.".to_owned()),
            (Reason::None, age) => Some(format!("The answer was stale: it had not been so for {}.", time(age))),
            _ => None,
        }
    }
}

fn subject(why: sandtable_patterns::cqrs::personnel::Rejection) -> String {
    use sandtable_patterns::cqrs::personnel::Rejection;
    match why {
        Rejection::AlreadyAssigned(_) | Rejection::NotAssigned => format!("is {why}"),
        Rejection::AlreadyThere(_) => why.to_string(),
        Rejection::UnknownCompany(_) => format!("can't go there: {why}"),
    }
}

/// What a query asks, in words.
fn question(sides: &Cqrs, node: usize, key: u32) -> String {
    let kind = sides.model(node).map_or(ModelKind::ByPerson, |model| model.kind);
    let (person, company) = (Person(key % sides.soldiers), Company((key % sides.companies) as u16));
    match kind {
        ModelKind::ByPerson => format!("Query: in which company is {person}?"),
        ModelKind::ByCompany => format!("Query: who is in {company}?"),
        ModelKind::Strength => format!("Query: how many are in {company}?"),
    }
}
