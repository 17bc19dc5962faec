use sandtable_patterns::cqrs::{CommandConfig, EventStoreConfig, ProjectionConfig, QueryConfig};
use sandtable_patterns::{choices, parameters};

use super::service::{Distribution, Hop};

choices! {
    /// Whether both sides have a model of their own.
    pub enum ModelLayout {
        /// Commands are written to a log, and queries are answered from read models made of it.
        Apart = "apart", "Two models";
        /// Both use one model: nothing is ever behind, and they stand in each other's way.
        Shared = "shared", "One shared model";
    }

    /// What a read model answers.
    pub enum ModelKind {
        /// In which company a soldier is.
        ByPerson = "by_person", "By person";
        /// Who is in a company.
        ByCompany = "by_company", "By company";
        /// How many are in a company.
        Strength = "strength", "Strength";
    }
}

parameters! {
    /// Commands and queries, each with a side of its own: soldiers are assigned to companies, transferred and released, and people ask who is where.
    pub struct Cqrs {
        /// A name, unique in the scenario.
        ["Name", range 1 ..= 60, level "hidden"]
        pub name: String = "personnel".to_owned();
        /// Whether both sides have a model of their own.
        ["Models", level "basic"]
        pub layout: ModelLayout = ModelLayout::Apart;
        /// How many soldiers there are; a request's key is a soldier's number.
        ["Soldiers", unit "soldiers", range 1 ..= 100_000, level "basic", scale "log"]
        pub soldiers: u32 = 200;
        /// How many companies there are.
        ["Companies", unit "companies", range 1 ..= 26, level "more"]
        pub companies: u32 = 4;
        /// How many of the soldiers are in a company at the start.
        ["Assigned at the start", unit "%", range 0.0 ..= 100.0, level "more"]
        pub assigned_percent: f64 = 50.0;
        /// The side that writes.
        ["Commands", level "basic"]
        pub commands: CommandSide = CommandSide::default();
        /// The shared model.
        ["Shared model", level "basic", when "layout=shared"]
        pub shared: SharedModel = SharedModel::default();
        /// The read models, each kept from the log.
        ["Read models", level "basic", when "layout=apart"]
        pub models: Vec<Model> = vec![Model::default()];
        /// How fresh an answer a query accepts.
        ["Queries", level "basic", when "layout=apart"]
        pub queries: QueryConfig = QueryConfig::default();
        /// The log.
        ["Event store", level "more"]
        pub store: EventStoreConfig = EventStoreConfig::default();
        /// The way to either side, and back.
        ["Way to the models", level "more"]
        pub hop: Hop = Hop { time_ms: 10.0, jitter_percent: 20.0 };
    }

    /// The side that writes.
    pub struct CommandSide {
        /// How commands are carried out.
        ["Rule", level "basic"]
        pub rule: CommandConfig = CommandConfig::default();
        /// How long a command takes.
        ["Command", level "basic"]
        pub work: Distribution = Distribution { mean_ms: 20.0, ..Distribution::default() };
        /// Commands that are worked on at a time; of a shared model, commands and queries.
        ["Concurrency", unit "requests", range 1 ..= 10_000, level "basic", scale "log"]
        pub concurrency: u32 = 4;
        /// Requests that wait; one more is shed.
        ["Queue limit", unit "requests", range 0 ..= 2_000_000, level "basic"]
        pub queue_limit: u32 = 64;
    }

    /// One model for commands and queries.
    pub struct SharedModel {
        /// How long a query takes on a model that is kept for writing: tables have to be joined.
        ["Query", level "basic"]
        pub read_time: Distribution = Distribution { mean_ms: 20.0, ..Distribution::default() };
        /// Whether a command locks the model: while it is worked on, nothing else is.
        ["Commands lock", level "basic"]
        pub locks: bool = true;
    }

    /// A read model: a copy of what the log says, kept in the form in which it is asked for.
    pub struct Model {
        /// What it answers.
        ["Answers", level "basic"]
        pub kind: ModelKind = ModelKind::ByPerson;
        /// How it is kept.
        ["Projection", level "basic"]
        pub projection: ProjectionConfig = ProjectionConfig::default();
        /// How long a query takes on it.
        ["Query", level "basic"]
        pub read_time: Distribution = Distribution { mean_ms: 5.0, ..Distribution::default() };
        /// How long it takes to bring an event into it.
        ["Time per event", unit "ms", range 0.0 ..= 600_000.0, level "basic"]
        pub event_ms: f64 = 10.0;
        /// How long an event is on its way from the log.
        ["Delay", unit "ms", range 0.0 ..= 600_000.0, level "basic"]
        pub delay_ms: f64 = 50.0;
        /// Queries that are worked on at a time.
        ["Concurrency", unit "requests", range 1 ..= 10_000, level "basic", scale "log"]
        pub concurrency: u32 = 4;
        /// Queries that wait; one more is shed.
        ["Queue limit", unit "requests", range 0 ..= 2_000_000, level "basic"]
        pub queue_limit: u32 = 64;
        /// How many of the queries are for this model, in proportion to the others'.
        ["Share of the queries", unit "%", range 0.0 ..= 100.0, level "more"]
        pub share_percent: f64 = 100.0;
    }
}

impl Cqrs {
    /// The names of its nodes: the side that writes, then the read models; or the one model.
    pub fn node_names(&self) -> Vec<&'static str> {
        match self.layout {
            ModelLayout::Shared => vec!["model"],
            ModelLayout::Apart => {
                std::iter::once("commands").chain(self.models.iter().map(|m| m.kind.name())).collect()
            }
        }
    }

    /// The read model behind a node, if it is one.
    pub fn model(&self, node: usize) -> Option<&Model> {
        match self.layout {
            ModelLayout::Shared => None,
            ModelLayout::Apart => node.checked_sub(1).and_then(|model| self.models.get(model)),
        }
    }
}
