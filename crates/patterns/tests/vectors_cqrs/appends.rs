//! Appends with expected versions, reads, links and deletions (EventStoreDB, commanded, RailsEventStore).

use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{
    AppendRefused, CqrsPreset, Deletion, EventStore, EventStoreConfig, Expected, NewEvent, StreamId, Written,
};
use serde_json::Value;

use crate::runner::{Fields, Outcome, equal};
use crate::{Names, each_op};

pub(crate) fn case(case: &Value) -> Outcome {
    let case = Fields::of(case)?;
    let config = match case.get("mode").and_then(Value::as_str) {
        None => EventStoreConfig::default(),
        Some("idempotent_by_event_id") => CqrsPreset::EventStoreDb.config().store,
        Some(other) => return Err(format!("unknown mode {other}")),
    };
    let mut log = Log {
        store: EventStore::try_new(&config).map_err(|errors| format!("{errors:?}"))?,
        streams: Names::default(),
        ids: Names::default(),
    };
    each_op(&case, |op| log.op(op))?;
    case.finish()
}

struct Log {
    store: EventStore<()>,
    streams: Names,
    ids: Names,
}

impl Log {
    fn op(&mut self, op: &Fields) -> Outcome {
        match op.text("op")? {
            "append" => {
                let events = self.ids(op)?.into_iter().map(|id| NewEvent { id, event: () }).collect::<Vec<_>>();
                let (stream, expected) = (self.stream(op)?, expected_version(op.need("expected")?)?);
                answered(op, self.store.append(Instant::ZERO, stream, expected, &events))
            }
            "link" => {
                let ids = self.ids(op)?;
                let positions = ids.iter().map(|&id| self.position(id)).collect::<Result<Vec<_>, _>>()?;
                let (stream, expected) = (self.stream(op)?, expected_version(op.need("expected")?)?);
                answered(op, self.store.link(stream, expected, &positions))
            }
            "delete" => {
                let hard = op.need("hard")?.as_bool().ok_or("hard is neither true nor false")?;
                let stream = self.stream(op)?;
                self.store.delete(stream, if hard { Deletion::Hard } else { Deletion::Soft });
                Ok(())
            }
            "count" => {
                let stream = self.stream(op)?;
                let expect = Fields::of(op.need("expect")?)?;
                equal("count", self.store.read(stream, 0).len(), expect.natural("count")? as usize)?;
                expect.finish()
            }
            "read" => {
                let (stream, from) = (self.stream(op)?, op.natural("from")?);
                let found = self.store.read(stream, from).map(|(version, event)| (version, event.id)).collect();
                self.read(op, found)
            }
            "read_all" => {
                let all = self.store.all_from(0);
                self.read(op, all.iter().map(|event| (event.version, event.id)).collect())
            }
            other => Err(format!("unknown operation {other}")),
        }
    }

    fn read(&self, op: &Fields, found: Vec<(u32, u64)>) -> Outcome {
        let expect = Fields::of(op.need("expect")?)?;
        let ids: Vec<Value> = found.iter().map(|&(_, id)| self.ids.name(id as u32).into()).collect();
        equal("event_ids", &Value::from(ids), expect.need("event_ids")?)?;
        if let Some(versions) = expect.get("versions") {
            let found: Vec<u32> = found.iter().map(|&(version, _)| version).collect();
            equal("versions", &Value::from(found), versions)?;
        }
        expect.finish()
    }

    fn stream(&mut self, op: &Fields) -> Result<StreamId, String> {
        Ok(StreamId(self.streams.number(op.text("stream")?)))
    }

    fn ids(&mut self, op: &Fields) -> Result<Vec<u64>, String> {
        let ids = op.list("event_ids")?.iter();
        ids.map(|id| Ok(self.ids.number(id.as_str().ok_or("an id is no text")?).into())).collect()
    }

    /// Where an event is in the log.
    fn position(&self, id: u64) -> Result<u64, String> {
        let place = self.store.all_from(0).iter().position(|event| event.id == id);
        place.map(|place| place as u64).ok_or_else(|| format!("no event {}", self.ids.name(id as u32)))
    }
}

fn expected_version(value: &Value) -> Result<Expected, String> {
    match (value.as_str(), value.as_i64()) {
        (Some("any"), _) => Ok(Expected::Any),
        (Some("none"), _) | (_, Some(-1)) => Ok(Expected::NoStream),
        (Some("exists"), _) => Ok(Expected::Exists),
        (_, Some(version)) => u32::try_from(version).map(Expected::Version).map_err(|error| error.to_string()),
        _ => Err(format!("unknown expected version {value}")),
    }
}

fn answered(op: &Fields, found: Result<Written, AppendRefused>) -> Outcome {
    let expect = Fields::of(op.need("expect")?)?;
    equal("ok", &Value::from(found.is_ok()), expect.need("ok")?)?;
    let version = |version: Option<u32>| version.map_or(-1, i64::from);
    match found {
        Ok(written) => {
            if let Some(next) = expect.get("next_version") {
                equal("next_version", &Value::from(version(written.version)), next)?;
            }
        }
        Err(refused) => {
            let name = match refused {
                // To EventStoreDB's clients both are one.
                AppendRefused::WrongExpectedVersion { .. } | AppendRefused::PartlyWritten { .. } => {
                    "wrong_expected_version"
                }
                AppendRefused::StreamDeleted => "stream_deleted",
                other => return Err(format!("refused: {other:?}")),
            };
            if let Some(error) = expect.get("error") {
                equal("error", &Value::from(name), error)?;
            }
            if let (Some(expected), AppendRefused::WrongExpectedVersion { actual, .. }) =
                (expect.get("actual"), refused)
            {
                equal("actual", &Value::from(version(actual)), expected)?;
            }
        }
    }
    expect.finish()
}
