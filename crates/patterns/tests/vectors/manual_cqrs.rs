//! The Cqrs cases of manual_python_cases.

use std::collections::BTreeMap;

use sandtable_patterns::Instant;
use sandtable_patterns::cqrs::{
    Aggregate, Answer, Commands, CqrsPreset, Delivered, EventStore, Handled, Projection, Queries, ReadModel, Recorded,
    StreamId,
};
use serde_json::{Value, json};

use crate::manual::{each_answer, known_mode};
use crate::runner::{Fields, Outcome, equal};

const NOW: Instant = Instant::ZERO;
/// The manual has one list of events.
const ALL: StreamId = StreamId(0);

/// In the manual a command becomes an event as it is.
#[derive(Clone, Default)]
struct Whole;

impl Aggregate for Whole {
    type Event = Value;
    type Command = Value;
    type World = ();
    type Rejection = ();

    fn apply(&mut self, _: &Value) {}

    fn decide(&self, command: &Value, (): &()) -> Result<Vec<Value>, ()> {
        Ok(Self::unchecked(command))
    }

    fn unchecked(command: &Value) -> Vec<Value> {
        vec![command.clone()]
    }
}

#[derive(Default)]
struct Dictionary(BTreeMap<String, Value>);

impl ReadModel<Value> for Dictionary {
    fn apply(&mut self, _: &Recorded<Value>) {
        panic!("no event reaches the manual's read model");
    }
}

struct Manual {
    store: EventStore<Value>,
    commands: Commands<Whole>,
    read_model: Projection<Dictionary>,
    queries: Queries,
    asked: u64,
}

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    known_mode(&fields)?;
    if let Some(init) = fields.get("init").filter(|init| !init.is_null()) {
        Fields::of(init)?.finish()?;
    }
    let config = CqrsPreset::AsInManual.config();
    let wrong = |errors| format!("{errors:?}");
    let mut manual = Manual {
        store: EventStore::try_new(&config.store).map_err(wrong)?,
        commands: Commands::try_new(&config.commands).map_err(wrong)?,
        read_model: Projection::try_new(&config.projection).map_err(wrong)?,
        queries: Queries::try_new(&config.queries).map_err(wrong)?,
        asked: 0,
    };
    each_answer(fields, |op| manual.answer(op))
}

impl Manual {
    fn answer(&mut self, op: &Value) -> Result<Value, String> {
        let fields = Fields::of(op)?;
        let value = match fields.text("op")? {
            "command" => {
                let command = json!({ "type": fields.text("type")?, "data": fields.need("data")? });
                self.asked += 1;
                let handled = self.commands.handle(NOW, &mut self.store, ALL, self.asked, &command, &());
                if !matches!(handled, Handled::Written(_)) {
                    return Err(format!("not written: {handled:?}"));
                }
                // Nothing comes of it, as nobody listens.
                let last = self.store.len() - 1;
                equal("delivered", self.read_model.deliver(&self.store, last), Delivered::Stopped)?;
                self.store.at(last).map(|recorded| recorded.event.clone()).ok_or("it is not in the log")?
            }
            "query" => {
                let question = self.queries.ask(NOW, self.store.len());
                match self.queries.answer(NOW, &question, &self.store, &self.read_model) {
                    Answer::Now(_) => self.read_model.model().0.get(fields.text("key")?).cloned().unwrap_or_default(),
                    other => return Err(format!("no answer: {other:?}")),
                }
            }
            "put_read_model" => {
                let (key, value) = (fields.text("key")?.to_owned(), fields.need("value")?.clone());
                self.read_model.model_mut().0.insert(key, value);
                Value::Null
            }
            other => return Err(format!("unknown operation {other}")),
        };
        fields.finish()?;
        let events: Vec<&Value> = self.store.all_from(0).iter().map(|recorded| &recorded.event).collect();
        let state = json!({ "events": events, "read_model": self.read_model.model().0 });
        Ok(json!({ "ok": true, "value": value, "state": state }))
    }
}
