//! Runs the conformance vectors of one file and counts how its cases fare.
//!
//! Included by path from the test crates. A file is read from the workspace's `tests/vectors/` and, where the
//! environment variable `SANDTABLE_VECTORS` names a folder, from there too.
#![allow(dead_code, unreachable_pub)] // Each test crate that includes this uses a part of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::{Map, Value};

/// What a case comes to: nothing to say, or a sentence about what was wrong.
pub type Outcome = Result<(), String>;

/// Keys that describe a case and set nothing.
const DOCUMENTATION: &[&str] = &[
    "id",
    "name",
    "note",
    "source",
    "description",
    "verified",
    "licence_of_source",
    "agrees",
    "agrees_with_formula",
    "model",
    "model_agrees",
    "observed_on_haproxy",
    "own_run_max_deviation",
];

/// Runs one vector file: `body` gets its contents and reports every case.
///
/// # Panics
/// If a case failed, or the workspace's own copy of the file can't be read.
pub fn run(file: &str, body: impl Fn(&Value, &mut Report)) {
    let mut report = Report::default();
    body(&read(&own_folder(), file).expect("the workspace holds this file"), &mut report);
    if let Some(folder) = std::env::var_os("SANDTABLE_VECTORS")
        && let Some(contents) = read(&PathBuf::from(folder), file)
    {
        body(&contents, &mut report);
    }
    report.finish(file);
}

fn own_folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors"))
}

fn read(folder: &std::path::Path, file: &str) -> Option<Value> {
    let path = folder.join(format!("{file}.json"));
    let text = std::fs::read_to_string(&path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// How the cases fared.
#[derive(Debug, Default)]
pub struct Report {
    passed: u32,
    failed: Vec<String>,
    left_out: BTreeMap<String, u32>,
}

impl Report {
    /// Runs one case; a panic is a failure like any other.
    pub fn case(&mut self, name: &str, case: impl FnOnce() -> Outcome) {
        let outcome = catch_unwind(AssertUnwindSafe(case)).unwrap_or_else(|_| Err("panicked".to_owned()));
        match outcome {
            Ok(()) => self.passed += 1,
            Err(what) => self.failed.push(format!("{name}: {what}")),
        }
    }

    /// Counts a case as left out on purpose, for a reason that holds for all of its kind.
    pub fn leave_out(&mut self, reason: &str) {
        *self.left_out.entry(reason.to_owned()).or_default() += 1;
    }

    /// Runs each case of a list, named by its `id`, or by its place where it has none. No list is no case.
    pub fn each(&mut self, file: &Value, list: &str, case: impl Fn(&Value) -> Outcome) {
        for (at, value) in file[list].as_array().into_iter().flatten().enumerate() {
            let name = value["id"].as_str().map_or_else(|| format!("{list}[{at}]"), str::to_owned);
            self.case(&name, || case(value));
        }
    }

    /// Fails for each list of cases that the file has and the test does not know.
    pub fn only_lists(&mut self, file: &Value, known: &[&str]) {
        for (key, value) in file.as_object().into_iter().flatten() {
            if value.is_array() && !known.contains(&key.as_str()) {
                self.failed.push(format!("{key}: an unknown list of cases"));
            }
        }
    }

    fn finish(self, file: &str) {
        let Self { passed, failed, left_out } = self;
        let mut text = String::new();
        for (reason, count) in &left_out {
            text += &format!("vectors {file}: left out {count}: {reason}\n");
        }
        for failure in &failed {
            text += &format!("vectors {file}: failed {failure}\n");
        }
        let left_out: u32 = left_out.values().sum();
        let m = failed.len();
        text += &format!("vectors {file}: {passed} passed, {m} failed, {left_out} left out\n");
        // Written straight out, so that a passing test shows its line too.
        let _ = std::io::stdout().write_all(text.as_bytes());
        assert!(failed.is_empty(), "{m} cases of {file} failed:\n{}", failed.join("\n"));
    }
}

/// The fields of a JSON object, each of which must be read: what nobody asked for is an unknown setting.
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    read: RefCell<BTreeSet<&'a str>>,
}

impl<'a> Fields<'a> {
    /// # Errors
    /// If the value is no object.
    pub fn of(value: &'a Value) -> Result<Self, String> {
        let map = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
        let read = RefCell::default();
        Ok(Self { map, read })
    }

    /// A field that may be missing.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        let (key, value) = self.map.get_key_value(key)?;
        self.read.borrow_mut().insert(key);
        Some(value)
    }

    /// # Errors
    /// If there is no such field.
    pub fn need(&self, key: &str) -> Result<&'a Value, String> {
        self.get(key).ok_or_else(|| format!("no {key}"))
    }

    /// # Errors
    /// If there is no such field, or it is no string.
    pub fn text(&self, key: &str) -> Result<&'a str, String> {
        let value = self.need(key)?;
        value.as_str().ok_or_else(|| format!("{key} is no string: {value}"))
    }

    /// # Errors
    /// If there is no such field, or it is no number.
    pub fn number(&self, key: &str) -> Result<f64, String> {
        number(self.need(key)?)
    }

    /// # Errors
    /// If there is no such field, or it is no natural number.
    pub fn natural(&self, key: &str) -> Result<u32, String> {
        natural(self.need(key)?)
    }

    /// # Errors
    /// If there is no such field, or it is no list.
    pub fn list(&self, key: &str) -> Result<&'a [Value], String> {
        list(self.need(key)?)
    }

    /// A field of a list whose elements are read alike; empty if there is none.
    ///
    /// # Errors
    /// If it is no list, or an element can't be read.
    pub fn map_list<T>(&self, key: &str, read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
        match self.get(key) {
            Some(value) => list(value)?.iter().map(read).collect(),
            None => Ok(Vec::new()),
        }
    }

    /// Keys that begin so, read or not.
    pub fn keys_with_prefix(&self, prefix: &str) -> Vec<&'a str> {
        let keys = self.map.keys().map(String::as_str);
        keys.filter(|key| key.starts_with(prefix)).collect()
    }

    /// # Errors
    /// If a field was never read and documents nothing.
    pub fn finish(self) -> Outcome {
        let read = self.read.into_inner();
        let mut keys = self.map.keys().map(String::as_str);
        match keys.find(|key| !read.contains(key) && !DOCUMENTATION.contains(key)) {
            Some(key) => Err(format!("unknown setting {key}")),
            None => Ok(()),
        }
    }
}

/// # Errors
/// If the value is no number.
pub fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{value} is no number"))
}

/// # Errors
/// If the value is no natural number below 2³².
pub fn natural(value: &Value) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| format!("{value} is no natural number"))
}

/// # Errors
/// If the value is no list.
pub fn list(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("{value} is no list"))
}

/// # Errors
/// If they differ.
pub fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?} instead of {expected:?}")) }
}
