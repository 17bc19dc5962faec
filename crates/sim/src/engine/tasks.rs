//! What is to happen to stores and sides later. An event in the queue has room for a number only.

use sandtable_patterns::sharding::{MoveId, ShardId};

use super::{EventKind, Simulation};

/// What is to happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Task {
    /// A move's time is over; it is recorded under this number.
    MoveEnds { station: usize, id: MoveId, number: usize },
    /// Copies of a shard apply what they lack.
    CopiesApply { station: usize, shard: ShardId },
    /// Ranges are split, and dealt out again.
    LookAtRanges { station: usize },
    /// An event has come to a read model.
    EventComes { station: usize, model: usize, position: u64 },
    /// A read model has done with an event.
    Projected { station: usize, model: usize, turn: u32 },
    /// Queries that wait for a read model are to be asked about again.
    QuestionsAgain { station: usize, model: usize },
}

/// Tasks in the queue, by number.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    tasks: Vec<Task>,
    free: Vec<u32>,
}

impl Simulation {
    pub(super) fn schedule_task(&mut self, at: u64, task: Task) {
        let number = match self.tasks.free.pop() {
            Some(number) => {
                self.tasks.tasks[number as usize] = task;
                number
            }
            None => {
                self.tasks.tasks.push(task);
                (self.tasks.tasks.len() - 1) as u32
            }
        };
        self.schedule(at, EventKind::StoreTask, number);
    }

    #[inline(never)]
    pub(super) fn store_task(&mut self, number: u32) {
        self.tasks.free.push(number);
        match self.tasks.tasks[number as usize] {
            Task::MoveEnds { station, id, number } => self.move_ends(station, id, number),
            Task::CopiesApply { station, shard } => self.copies_apply(station, shard),
            Task::LookAtRanges { station } => self.look_at_ranges(station),
            Task::EventComes { station, model, position } => self.event_comes(station, model, position),
            Task::Projected { station, model, turn } => self.projected(station, model, turn),
            Task::QuestionsAgain { station, model } => self.questions_again(station, model),
        }
    }
}
