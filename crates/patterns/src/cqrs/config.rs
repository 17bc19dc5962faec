use crate::{choices, parameters};

/// No log holds more events, whatever its configuration says.
pub const MOST_EVENTS: u32 = 100_000_000;

choices! {
    /// How a read model learns of what was written.
    pub enum DeliveryKind {
        /// In the same step as the append: never behind, and the write waits for it.
        Inline = "inline", "In the same step";
        /// Afterwards, event by event, as deliveries come.
        Asynchronous = "asynchronous", "Afterwards";
        /// Not at all: somebody writes the read model by hand.
        ByHand = "by_hand", "By hand";
    }

    /// What holds when an event is delivered twice, or a projection goes down.
    pub enum Guarantee {
        /// The position is stored together with the effect, so that each event takes effect once.
        ExactlyOnce = "exactly_once", "Exactly once in effect";
        /// The position is stored now and then, after the effect: what lies between is applied again after a crash.
        AtLeastOnce = "at_least_once", "At least once";
    }

    /// What a question may be answered from.
    pub enum Consistency {
        /// Whatever the read model has.
        Eventual = "eventual", "Whatever is there";
        /// At least the asker's own writes.
        ReadYourWrites = "read_your_writes", "Read your own writes";
    }

    /// What becomes of a question whose longest wait is over.
    pub enum OnTimeout {
        /// It is refused.
        Refuse = "refuse", "Refuse";
        /// It is answered from what is there, and the answer says that it is stale.
        AnswerStale = "answer_stale", "Answer, and say that it is stale";
    }

    /// Which system to behave as.
    pub enum CqrsPreset {
        /// The field manual's: commands become events and nothing is checked; no event reaches the read model.
        AsInManual = "as_in_manual", "As in the manual";
        /// EventStoreDB: an append of events that stand in the stream already, in the same place, succeeds and writes
        /// nothing.
        EventStoreDb = "event_store_db", "EventStoreDB";
    }
}

parameters! {
    /// A log of events.
    pub struct EventStoreConfig {
        /// Events in all, links to them included; an append that needs more is refused.
        ["Most events", unit "events", range 1 ..= 100_000_000, level "more", scale "log"]
        pub most_events: u32 = 1_000_000;
        /// Appending events whose ids stand in the stream already, in the place where they are expected, succeeds and writes nothing.
        ["Idempotent by event id", level "more"]
        pub idempotent_by_event_id: bool = false;
        /// So many commands are known again by their ids, the newest; a command that comes twice is then carried out once.
        ["Commands remembered", unit "commands", range 0 ..= 1_000_000, level "more", scale "log"]
        pub commands_remembered: u32 = 10_000;
    }

    /// How commands are carried out.
    pub struct CommandConfig {
        /// Whether a command is checked against the state of what it concerns.
        ["Validated", level "basic"]
        pub validated: bool = true;
        /// After a conflict with another writer the command is decided anew on the newer state, at most so often.
        ["Tries after a conflict", unit "tries", range 0 ..= 100, level "basic"]
        pub conflict_retries: u32 = 0;
        /// A snapshot of the state is kept after so many events of a stream; 0 keeps none.
        ["Snapshot every", unit "events", range 0 ..= 1_000_000, level "more", scale "log"]
        pub snapshot_every: u32 = 0;
    }

    /// How a read model is kept.
    pub struct ProjectionConfig {
        /// How it learns of what was written.
        ["Delivery", level "basic"]
        pub delivery: DeliveryKind = DeliveryKind::Asynchronous;
        /// What holds when an event is delivered twice, or the projection goes down.
        ["Guarantee", level "basic", when "delivery=asynchronous"]
        pub guarantee: Guarantee = Guarantee::ExactlyOnce;
        /// The position is stored after so many events.
        ["Checkpoint every", unit "events", range 1 ..= 1_000_000, level "more", when "guarantee=at_least_once", scale "log"]
        pub checkpoint_every: u32 = 10;
        /// Events that come too early are kept until those before them are there, at most so many.
        ["Kept out of order", unit "events", range 0 ..= 1_000_000, level "more", when "delivery=asynchronous", scale "log"]
        pub reorder_max: u32 = 1_000;
    }

    /// How questions are answered.
    pub struct QueryConfig {
        /// What they may be answered from.
        ["Consistency", level "basic"]
        pub consistency: Consistency = Consistency::Eventual;
        /// A question waits at most so long for its asker's own writes.
        ["Longest wait", unit "ms", range 0.0 ..= 3_600_000.0, level "basic", when "consistency=read_your_writes"]
        pub wait_ms_max: f64 = 1_000.0;
        /// What becomes of a question whose longest wait is over.
        ["After the longest wait", level "basic", when "consistency=read_your_writes"]
        pub on_timeout: OnTimeout = OnTimeout::AnswerStale;
    }

    /// The two sides, and the log between them.
    pub struct CqrsConfig {
        /// The log.
        ["Event store", level "more"]
        pub store: EventStoreConfig = EventStoreConfig::default();
        /// The side that writes.
        ["Commands", level "basic"]
        pub commands: CommandConfig = CommandConfig::default();
        /// The side that reads.
        ["Projection", level "basic"]
        pub projection: ProjectionConfig = ProjectionConfig::default();
        /// Its questions.
        ["Queries", level "basic"]
        pub queries: QueryConfig = QueryConfig::default();
    }
}

impl CqrsPreset {
    /// The options that make it so.
    pub fn config(self) -> CqrsConfig {
        let mut config = CqrsConfig::default();
        match self {
            Self::AsInManual => {
                config.store.commands_remembered = 0;
                config.commands.validated = false;
                config.projection.delivery = DeliveryKind::ByHand;
            }
            Self::EventStoreDb => config.store.idempotent_by_event_id = true,
        }
        config
    }
}
