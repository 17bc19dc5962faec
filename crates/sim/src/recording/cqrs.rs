//! What became of a pair of sides: commands, the log, and how far each read model had come.

use sandtable_patterns::cqrs::personnel::{PersonnelCommand, PersonnelEvent, Rejection};

use super::Hasher;

/// A pair of sides while a run goes on and afterwards.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordedSides {
    /// What each command asked for, in the order in which they came to the router: (attempt, person, command).
    pub(crate) commands: Vec<(u32, u32, PersonnelCommand)>,
    /// The log.
    pub(crate) events: Vec<Happened>,
    /// Commands that were rejected: (attempt, why).
    pub(crate) rejected: Vec<(u32, Rejection)>,
    /// Read model by read model.
    pub(crate) models: Vec<RecordedModel>,
}

/// An event in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened {
    pub(crate) at: u64,
    /// The attempt whose command it follows from; none of what was there at the start.
    pub(crate) row: Option<u32>,
    pub(crate) person: u32,
    pub(crate) version: u32,
    pub(crate) event: PersonnelEvent,
}

/// How a read model was kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct RecordedModel {
    /// From when on which event was the next that it wanted, also where that fell back.
    pub(crate) progress: Vec<(u64, u32)>,
    /// Queries that began and ceased to wait for it: (when, how many wait from then on).
    pub(crate) waiting: Vec<(u64, u32)>,
    pub(crate) duplicates: u64,
    pub(crate) applied: u64,
    /// Whether at the end it was what a replay of the log up to there gives.
    pub(crate) as_replayed: bool,
}

impl RecordedModel {
    /// The next event that the model wanted at `t`.
    pub(crate) fn position_at(&self, t: u64) -> u32 {
        let before = self.progress.partition_point(|&(at, _)| at <= t);
        before.checked_sub(1).map_or(0, |last| self.progress[last].1)
    }

    /// The queries that waited for it at `t`.
    pub(crate) fn waiting_at(&self, t: u64) -> u32 {
        let before = self.waiting.partition_point(|&(at, _)| at <= t);
        before.checked_sub(1).map_or(0, |last| self.waiting[last].1)
    }
}

impl RecordedSides {
    /// How many events were in the log at `t`.
    pub(crate) fn length_at(&self, t: u64) -> u32 {
        self.events.partition_point(|event| event.at <= t) as u32
    }

    pub(crate) fn digest(&self, hasher: &mut Hasher) {
        for event in &self.events {
            hasher.update(&event.at.to_le_bytes());
            hasher.update(&event.person.to_le_bytes());
            hasher.update(&event.version.to_le_bytes());
        }
        for model in &self.models {
            for &(at, position) in &model.progress {
                hasher.update(&at.to_le_bytes());
                hasher.update(&position.to_le_bytes());
            }
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let progress = self.models.iter().map(|model| model.progress.capacity() + model.waiting.capacity());
        self.events.capacity() * size_of::<Happened>()
            + self.commands.capacity() * size_of::<(u32, u32, PersonnelCommand)>()
            + progress.sum::<usize>() * size_of::<(u64, u32)>()
    }
}
