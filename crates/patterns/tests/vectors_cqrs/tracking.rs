//! Events and the position of their source stored as one (the Python library eventsourcing).

use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{AppendRefused, EventStore, EventStoreConfig, NewEvent, StreamId};
use serde_json::Value;

use crate::runner::{Fields, Outcome, equal, natural};
use crate::{Names, each_op};

pub(crate) fn case(case: &Value) -> Outcome {
    let case = Fields::of(case)?;
    let mut store = EventStore::try_new(&EventStoreConfig::default()).map_err(|errors| format!("{errors:?}"))?;
    let mut streams = Names::default();
    each_op(&case, |op| operation(&mut store, &mut streams, op))?;
    case.finish()
}

fn operation(store: &mut EventStore<()>, streams: &mut Names, op: &Fields) -> Outcome {
    let expect = Fields::of(op.need("expect")?)?;
    match op.text("op")? {
        "insert_events" => {
            let stream = StreamId(streams.number(op.text("stream")?));
            let versions = op.map_list("versions", natural)?;
            let events: Vec<_> = versions.into_iter().map(|version| (version, NewEvent { id: 0, event: () })).collect();
            let source = match op.need("tracking_position")? {
                Value::Null => None,
                position => Some(natural(position)?.into()),
            };
            let inserted = store.append_tracked(Instant::ZERO, stream, &events, source);
            if let Err(refused) = inserted
                && !matches!(refused, AppendRefused::VersionTaken { .. } | AppendRefused::NotLater { .. })
            {
                return Err(format!("refused: {refused:?}"));
            }
            equal("ok", &Value::from(inserted.is_ok()), expect.need("ok")?)?;
        }
        "max_notification_id" => {
            equal("value", &Value::from(store.len()), expect.need("value")?)?;
        }
        // The peer's is 0 where nothing is stored.
        "max_tracking_position" => {
            equal("value", &Value::from(store.tracked().unwrap_or(0)), expect.need("value")?)?;
        }
        "select_events" => {
            let stream = StreamId(streams.number(op.text("stream")?));
            let versions: Vec<u32> = store.read(stream, 0).map(|(version, _)| version).collect();
            equal("versions", &Value::from(versions), expect.need("versions")?)?;
        }
        other => return Err(format!("unknown operation {other}")),
    }
    expect.finish()
}
