//! The Bulkhead cases of manual_python_cases.

use std::collections::BTreeMap;
use std::time::Duration;

use sandtable_patterns::Instant;
use sandtable_patterns::bulkhead::{Bulkhead, BulkheadConfig, BulkheadPreset, Entry, Outcome as Ended, Permit};
use serde_json::{Value, json};

use crate::manual::{each_answer, known_mode};
use crate::runner::{Fields, Outcome, equal};

const NOW: Instant = Instant::ZERO;

pub(crate) fn case(case: &Value) -> Outcome {
    let fields = Fields::of(case)?;
    known_mode(&fields)?;
    let init = Fields::of(fields.need("init")?)?;
    let max_concurrent = init.natural("max_concurrent_calls")?;
    let config = BulkheadConfig { max_concurrent, ..BulkheadPreset::AsInManual.config() };
    let mut calls = Calls {
        name: init.text("name")?,
        bulkhead: Bulkhead::try_new(&config, NOW).map_err(|errors| format!("{errors:?}"))?,
        running: BTreeMap::new(),
    };
    init.finish()?;
    each_answer(fields, |op| calls.answer(op))
}

struct Calls<'a> {
    name: &'a str,
    bulkhead: Bulkhead,
    running: BTreeMap<String, Permit>,
}

impl Calls<'_> {
    fn answer(&mut self, op: &Value) -> Result<Value, String> {
        let fields = Fields::of(op)?;
        let mut answer = match fields.text("op")? {
            "begin" => match self.enter()? {
                Some(permit) => {
                    self.running.insert(fields.text("id")?.to_owned(), permit);
                    json!({ "ok": true, "value": "running" })
                }
                None => {
                    fields.text("id")?;
                    self.full()
                }
            },
            "end" => match self.running.remove(fields.text("id")?) {
                Some(permit) => self.end(permit, fields.text("outcome")?)?,
                None => {
                    ended_well(fields.text("outcome")?)?;
                    json!({ "ok": false, "error": "Oracle", "message": "no such call" })
                }
            },
            "execute" => match self.enter()? {
                Some(permit) => self.end(permit, fields.text("outcome")?)?,
                None => {
                    ended_well(fields.text("outcome")?)?;
                    self.full()
                }
            },
            other => return Err(format!("unknown operation {other}")),
        };
        let view = self.bulkhead.view(NOW);
        answer["state"] = json!({ "permits_left": view.free, "queued": view.waiting });
        fields.finish()?;
        Ok(answer)
    }

    fn enter(&mut self) -> Result<Option<Permit>, String> {
        match self.bulkhead.try_acquire(NOW, 0) {
            Entry::Admit(permit) => Ok(Some(permit)),
            Entry::Refuse(_) => Ok(None),
            Entry::Wait(_) => Err("the manual's bulkhead lets nobody wait".to_owned()),
        }
    }

    fn end(&mut self, permit: Permit, outcome: &str) -> Result<Value, String> {
        let well = ended_well(outcome)?;
        let ended = if well { Ended::Succeeded } else { Ended::Dropped };
        equal("counted", self.bulkhead.on_release(NOW, permit, ended, Duration::ZERO).counted, true)?;
        Ok(if well {
            json!({ "ok": true, "value": "done" })
        } else {
            json!({ "ok": false, "error": "Boom", "message": "boom" })
        })
    }

    fn full(&self) -> Value {
        json!({ "ok": false, "error": "Exception", "message": format!("Bulkhead {} is full", self.name) })
    }
}

fn ended_well(outcome: &str) -> Result<bool, String> {
    match outcome {
        "success" => Ok(true),
        "failure" => Ok(false),
        other => Err(format!("unknown outcome {other}")),
    }
}
