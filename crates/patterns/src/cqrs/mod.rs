//! CQRS: commands become events on one side, questions are answered from read models on the other.
//!
//! Command query responsibility segregation (G. Young; M. Fowler, «CQRS», 2011) over an event store: a command is
//! checked against an [`Aggregate`], whose state is made of its stream of events; what follows is appended to the
//! [`EventStore`], if the stream still has the version that was looked at; a [`Projection`] makes a [`ReadModel`] of
//! the log, in the same step or some time later; [`Queries`] say how fresh an answer a question accepts. Expected
//! versions and idempotent appends are those of EventStoreDB, links those of RailsEventStore, subscriptions ([`Feed`])
//! those of Elixir's commanded, tracked positions those of Python's eventsourcing.
//!
//! # A first example
//!
//! ```
//! use sandtable_patterns::Instant;
//! use sandtable_patterns::cqrs::personnel::{Assignment, ByPerson, Companies, Company, Person, PersonnelCommand, Rejection};
//! use sandtable_patterns::cqrs::{Answer, Commands, CqrsConfig, Delivered, EventStore, Handled, Projection, Queries};
//!
//! let (config, now) = (CqrsConfig::default(), Instant::ZERO);
//! let mut store = EventStore::try_new(&config.store)?;
//! let mut commands = Commands::<Assignment>::try_new(&config.commands)?;
//! let mut by_person = Projection::<ByPerson>::try_new(&config.projection)?;
//! let queries = Queries::try_new(&config.queries)?;
//!
//! let (soldier, alpha, companies) = (Person(1), Company(0), Companies(4));
//! let assign = PersonnelCommand::Assign(alpha);
//! let done = commands.handle(now, &mut store, soldier.stream(), 7, &assign, &companies);
//! let Handled::Written(written) = done else { panic!("nothing speaks against it") };
//! let again = commands.handle(now, &mut store, soldier.stream(), 8, &assign, &companies);
//! assert_eq!(again, Handled::Rejected(Rejection::AlreadyAssigned(alpha)));
//!
//! // The read model hasn't heard of it, and the answer says so.
//! let question = queries.ask(now, written.position);
//! let Answer::Now(freshness) = queries.answer(now, &question, &store, &by_person) else { panic!("it may be stale") };
//! assert_eq!((freshness.behind, by_person.model().company_of(soldier)), (1, None));
//!
//! assert_eq!(by_person.deliver(&store, 0), Delivered::Applied { events: 1 });
//! assert_eq!(by_person.deliver(&store, 0), Delivered::Duplicate);
//! assert_eq!(by_person.model().company_of(soldier), Some(alpha));
//! # Ok::<(), Vec<sandtable_patterns::ConfigError>>(())
//! ```
//!
//! # What can be relied on
//!
//! - An append is all or nothing, and says what it found where it was refused.
//! - A command that comes twice under one id is carried out once, as long as it is remembered.
//! - Under [`Guarantee::ExactlyOnce`] a read model equals a replay of the log up to its position, however often and in
//!   whatever order events were delivered, and whatever crashed in between.
//! - Under [`DeliveryKind::Inline`] an append by way of [`Together`] is in the log and in the read models, or nowhere.
//! - An aggregate loaded from a snapshot equals one made of all its events.
//! - Everything has a bound: the log, the commands remembered, the events kept out of order.
//! - Nothing here knows the time, or waits: deliveries, crashes and questions come when the caller makes them come.
//!
//! # What is simplified
//!
//! - The log is in memory and never compacted; what is deleted from a stream stays in it.
//! - A crash loses what wasn't stored, at once and entirely; there are no half-written pages.
//! - One log has one order. Partitioned logs order within a partition only.
//! - Commands without events (a decision that nothing follows from) succeed and write nothing.

mod aggregate;
mod config;
mod event_store;
mod feed;
mod inline;
pub mod personnel;
mod projection;
mod query;

pub use aggregate::{Aggregate, Commands, Handled, Loaded};
pub use config::*;
pub use event_store::{AppendRefused, Deletion, EventStore, Expected, NewEvent, Recorded, StreamId, Written};
pub use feed::{Feed, Source};
pub use inline::{Inline, Together};
pub use projection::{Delivered, Lag, Projection, ProjectionView, ReadModel};
pub use query::{Answer, Freshness, Queries, Question};
