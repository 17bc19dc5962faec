//! Persistent subscriptions (commanded).

use std::collections::BTreeMap;

use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{EventStore, EventStoreConfig, Expected, Feed, NewEvent, Source, StreamId};
use serde_json::{Value, json};

use crate::runner::{Fields, Outcome, equal};
use crate::{Names, each_op};

pub(crate) fn case(case: &Value) -> Outcome {
    let case = Fields::of(case)?;
    let store = EventStore::try_new(&EventStoreConfig::default()).map_err(|errors| format!("{errors:?}"))?;
    let mut log = Log { store, streams: Names::default(), feeds: BTreeMap::new() };
    each_op(&case, |op| log.op(op))?;
    case.finish()
}

struct Log {
    store: EventStore<()>,
    streams: Names,
    /// By the subscriber's name, with whether it is connected.
    feeds: BTreeMap<String, (Feed, bool)>,
}

impl Log {
    fn op(&mut self, op: &Fields) -> Outcome {
        match op.text("op")? {
            "append" => {
                let stream = StreamId(self.streams.number(op.text("stream")?));
                let events = vec![NewEvent { id: 0, event: () }; op.natural("n")? as usize];
                let written = self.store.append(Instant::ZERO, stream, Expected::Any, &events);
                written.map(drop).map_err(|refused| format!("{refused:?}"))
            }
            "subscribe" => self.subscribe(op),
            "unsubscribe" => {
                let (feed, connected) = self.feeds.get_mut(op.text("name")?).ok_or("no such subscriber")?;
                feed.restart();
                *connected = false;
                Ok(())
            }
            "delete_subscription" => self.feeds.remove(op.text("name")?).map(drop).ok_or("no such".to_owned()),
            "ack_all" => {
                self.connected().for_each(Feed::acknowledge_all);
                Ok(())
            }
            "receive" => self.receive(op),
            other => Err(format!("unknown operation {other}")),
        }
    }

    fn subscribe(&mut self, op: &Fields) -> Outcome {
        let source = match op.text("to")? {
            "*" => Source::All,
            stream => Source::Stream(StreamId(self.streams.number(stream))),
        };
        let new = match op.text("from")? {
            "origin" => Feed::from_origin(source),
            "current" => Feed::from_now(source, &self.store),
            other => return Err(format!("unknown beginning {other}")),
        };
        // One that is known goes on from its checkpoint.
        let (feed, connected) = self.feeds.entry(op.text("name")?.to_owned()).or_insert((new, true));
        feed.restart();
        *connected = true;
        Ok(())
    }

    fn receive(&mut self, op: &Fields) -> Outcome {
        let mut found = Vec::new();
        let Self { store, streams, feeds } = self;
        for (feed, _) in feeds.values_mut().filter(|(_, connected)| *connected) {
            while let Some((_, event)) = feed.deliver(store) {
                found.push(json!([streams.name(event.stream.0), event.version + 1]));
            }
        }
        let expect = Fields::of(op.need("expect")?)?;
        equal("events", &Value::from(found), expect.need("events")?)?;
        expect.finish()
    }

    fn connected(&mut self) -> impl Iterator<Item = &mut Feed> {
        self.feeds.values_mut().filter(|(_, connected)| *connected).map(|(feed, _)| feed)
    }
}
