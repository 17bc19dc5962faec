//! One class of errors for JavaScript, with a stable code, the field concerned, and a sentence.

#[cfg(feature = "full")]
use sandtable_sim::import::ImportError;
use sandtable_sim::{ConfigError, RunError, ScenarioError};
use wasm_bindgen::prelude::*;

use crate::plain::{Plain, plain};

#[wasm_bindgen(inline_js = r#"
export class SandtableError extends Error {
  constructor(code, path, message, mistakes) {
    super(message);
    this.name = "SandtableError";
    this.code = code;
    this.path = path;
    this.mistakes = mistakes;
  }
}
export function sandtable_error(code, path, message, mistakes) {
  return new SandtableError(code, path, message, mistakes);
}
"#)]
extern "C" {
    fn sandtable_error(code: &str, path: &str, message: &str, mistakes: JsValue) -> JsValue;
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One mistake in a scenario. */
export interface Mistake { path: string; found: string; allowed: string; message: string }
/** What every call throws: a stable code, the field concerned (empty where none is), a sentence, and every mistake. */
export interface SandtableError extends Error { code: string; path: string; mistakes: Mistake[] }
"#;

/// What goes wrong at the boundary.
#[derive(Debug)]
pub(crate) struct SandtableError {
    code: &'static str,
    path: String,
    message: String,
    mistakes: Vec<Mistake>,
}

#[derive(Debug)]
struct Mistake {
    path: String,
    found: String,
    allowed: String,
    message: String,
}

plain! { Mistake { path, found, allowed, message } }

impl SandtableError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, path: String::new(), message: message.into(), mistakes: Vec::new() }
    }

    /// An argument that is none of those allowed.
    #[cfg(feature = "full")]
    pub(crate) fn bad_argument(name: &str, found: &str, allowed: &str) -> Self {
        Self::new("bad_argument", format!("{name}: found {found}; allowed: {allowed}"))
    }
}

impl From<ScenarioError> for SandtableError {
    fn from(error: ScenarioError) -> Self {
        let message = error.to_string();
        match error {
            ScenarioError::Syntax(_) => Self::new("not_json", message),
            ScenarioError::Invalid(mistakes) => Self {
                code: "invalid_scenario",
                path: mistakes.first().map_or_else(String::new, |first| first.path.clone()),
                message,
                mistakes: mistakes.into_iter().map(Mistake::from).collect(),
            },
        }
    }
}

impl From<ConfigError> for Mistake {
    fn from(error: ConfigError) -> Self {
        let message = error.to_string();
        let ConfigError { path, found, allowed } = error;
        Self { path, found, allowed, message }
    }
}

impl From<RunError> for SandtableError {
    fn from(error: RunError) -> Self {
        let message = error.to_string();
        match error {
            RunError::Scenario(error) => error.into(),
            RunError::Limit { path, limit, advice, .. } => Self {
                code: "limit",
                path: path.to_owned(),
                mistakes: vec![Mistake {
                    path: path.to_owned(),
                    found: format!("more than {limit}"),
                    allowed: advice.to_owned(),
                    message: message.clone(),
                }],
                message,
            },
        }
    }
}

#[cfg(feature = "full")]
impl From<ImportError> for SandtableError {
    fn from(error: ImportError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<SandtableError> for JsValue {
    fn from(error: SandtableError) -> Self {
        sandtable_error(error.code, &error.path, &error.message, error.mistakes.to_host())
    }
}
