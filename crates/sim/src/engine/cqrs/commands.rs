//! The side that writes.

use sandtable_patterns::cqrs::personnel::{Assignment, Company, Person, PersonnelCommand};
use sandtable_patterns::cqrs::{AppendRefused, Handled, Inline, Together};

use crate::random::{Stream, below, unit};
use crate::recording::{Happened, Kind, Reason};

use super::super::Simulation;
use super::super::data::Data;
use super::super::instance::Reception;
use super::{Ordered, SidesRouter};

/// Of those who are in a company, so many of the commands release; the others transfer.
const RELEASED: f64 = 0.25;

impl SidesRouter {
    /// What a client asks for, who has just looked where the person is: what makes sense by what it saw, which may be
    /// old by then.
    fn sensible(&self, person: Person, rng: &mut impl rand_core::Rng) -> PersonnelCommand {
        let known = self.models.iter().find_map(|kept| kept.model.company_of(person));
        // Where no read model answers that, clients know.
        let seen = known.unwrap_or_else(|| {
            let Assignment(company) = self.commands.load(&self.log, person.stream()).state;
            company
        });
        let companies = u32::from(self.companies.0);
        let company = Company(below(rng, companies) as u16);
        match seen {
            None => PersonnelCommand::Assign(company),
            Some(_) if companies == 1 || unit(rng) < RELEASED => PersonnelCommand::Release,
            Some(there) if there == company => PersonnelCommand::Transfer(Company((there.0 + 1) % self.companies.0)),
            Some(_) => PersonnelCommand::Transfer(company),
        }
    }

    /// What read models that are written in the same step add to each command, in nanoseconds.
    fn inline_time(&self) -> u64 {
        let inline = self.models.iter().filter(|kept| kept.model.is_inline());
        inline.map(|kept| kept.projecting.time()).sum()
    }
}

impl Simulation {
    /// A command or a query comes to the router of a pair of sides.
    pub(in crate::engine) fn at_sides(&mut self, row: u32, station: usize) {
        let (key, kind) = (self.recording.requests.key[row as usize], self.recording.requests.kind(row));
        let (entity, seed) = (self.entity(row), self.seed);
        let mut rng = seed.generator(Stream::Router, entity);
        let Some(router) = self.sides(station) else { return };
        let (number, person) = (router.number, router.person(key));
        let node = if kind == Kind::Command {
            let command = router.sensible(person, &mut rng);
            let more = router.inline_time();
            self.recording.sides[number].commands.push((row, person.0, command));
            let work = self.recording.requests.work.get(row);
            self.recording.requests.work.set(row, work.saturating_add(more));
            self.data.insert(row, Data::Orders(Ordered { command, loaded: None }));
            0
        } else {
            let model = router.model_for(&mut rng);
            // The draw that the row was made with, for the model that it turned out to be for.
            let demand = router.models[model].read_time.draw(&mut seed.generator(Stream::Demand, entity));
            let node = if router.shared { 0 } else { 1 + model };
            self.recording.requests.work.set(row, (demand + 0.5) as i64 as u64);
            node
        };
        if let Some(probe) = self.probe.as_mut().filter(|probe| probe.row == row) {
            probe.place = Some(String::new());
        }
        self.send_to_node(row, station, node);
    }

    /// How a model that locks receives an attempt.
    #[inline(never)]
    pub(in crate::engine) fn received_locked(&mut self, row: u32, instance: usize) -> Option<Reception> {
        self.instances[instance].lock?;
        let alone = self.recording.requests.kind(row) == Kind::Command;
        Some(self.instances[instance].receive_locked(row, alone))
    }

    /// The work of a command begins: it reads what it concerns.
    pub(in crate::engine) fn command_begins(&mut self, row: u32) {
        let Some(station) = self.own_sides(row) else { return };
        if self.recording.requests.kind(row) != Kind::Command {
            return;
        }
        let key = self.recording.requests.key[row as usize];
        let Some(router) = self.sides(station) else { return };
        let loaded = router.commands.load(&router.log, router.person(key).stream());
        if let Some(Data::Orders(ordered)) = self.data.get_mut(&row) {
            ordered.loaded = Some(loaded);
        }
    }

    /// The work of a command is done: what follows from it is written.
    pub(super) fn command_ends(&mut self, row: u32, station: usize) -> Reason {
        let now = self.instant();
        let entity = self.live(row).map_or(0, |live| live.origin);
        let Some(Data::Orders(Ordered { command, loaded: Some(loaded) })) = self.data.remove(&row) else {
            return Reason::None;
        };
        let Some(router) = self.sides(station) else { return Reason::None };
        let SidesRouter { log, commands, models, companies, number, own, .. } = router;
        let (number, stream, before) = (*number, loaded.stream, log.len());
        let mut inline: Vec<&mut dyn Inline<_>> = models.iter_mut().map(|kept| kept.model.inline()).collect();
        let mut together = Together { store: log, projections: &mut inline };
        // All attempts of a request are one command: what a retry brings again is not carried out twice.
        let handled = commands.write_together(now, &mut together, loaded, entity, &command, companies);
        let position = log.len();
        let told = match handled {
            Handled::Written(written) | Handled::Already(written) => {
                own[stream.0 as usize] = written.position;
                Reason::None
            }
            Handled::Rejected(why) => {
                self.recording.sides[number].rejected.push((row, why));
                return Reason::Rejected;
            }
            Handled::Refused(AppendRefused::WrongExpectedVersion { .. }) => return Reason::Conflict,
            Handled::Refused(_) => return Reason::LogRefused,
        };
        self.written(row, station, before..position);
        told
    }

    /// Events are in the log, and on their way to the read models.
    fn written(&mut self, row: u32, station: usize, positions: std::ops::Range<u64>) {
        let now = self.now;
        for position in positions {
            let Some(router) = self.sides(station) else { return };
            let number = router.number;
            let Some(event) = router.log.at(position) else { return };
            let (person, version, event) = (event.stream.0, event.version, event.event);
            router.index(position);
            self.recording.sides[number].events.push(Happened { at: now, row: Some(row), person, version, event });
            self.events_leave(station, position);
        }
        let Some(router) = self.sides(station) else { return };
        let number = router.number;
        let inline: Vec<(usize, u64)> = router
            .models
            .iter()
            .enumerate()
            .filter(|(_, kept)| kept.model.is_inline())
            .map(|(model, kept)| (model, kept.model.wants()))
            .collect();
        for (model, wants) in inline {
            self.recording.sides[number].models[model].progress.push((now, wants as u32));
        }
    }
}
