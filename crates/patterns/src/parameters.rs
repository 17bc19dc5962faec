//! One place for each parameter: its default, bounds, unit, label and meaning, from which come the check, the
//! JSON Schema, the form on the page and the reference table.

use std::fmt;

/// One mistake in a configuration: which field, what was found there, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Where, as in `services[1].balancer.policy`.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
}

impl ConfigError {
    /// A mistake at `path`.
    pub fn new(path: impl Into<String>, found: impl fmt::Display, allowed: impl Into<String>) -> Self {
        Self { path: path.into(), found: found.to_string(), allowed: allowed.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {}; allowed: {}", self.path, self.found, self.allowed)
    }
}

impl std::error::Error for ConfigError {}

/// The closed interval a number must lie in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The smallest value allowed.
    pub min: f64,
    /// The largest value allowed.
    pub max: f64,
}

/// A value that can stand in a configuration and knows how to check itself.
pub trait Parameter {
    /// Adds every mistake found at or below `path` to `errors`. `bounds` holds for a number, or for each number
    /// of a list.
    fn check(&self, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>);
}

/// Every mistake of a configuration, or none.
///
/// # Errors
/// All mistakes, in the order of the fields.
pub fn check_all(config: &impl Parameter) -> Result<(), Vec<ConfigError>> {
    let mut errors = Vec::new();
    config.check("", None, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn check_number(value: f64, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
    let Some(Bounds { min, max }) = bounds else {
        if !value.is_finite() {
            errors.push(ConfigError::new(path, value, "a finite number"));
        }
        return;
    };
    // Written so that NaN fails.
    if !(value >= min && value <= max) {
        errors.push(ConfigError::new(path, value, format!("{min} to {max}")));
    }
}

macro_rules! numbers {
    ($($ty:ty),*) => {$(
        impl Parameter for $ty {
            fn check(&self, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
                check_number(*self as f64, path, bounds, errors);
            }
        }
    )*};
}
numbers!(f64, u32, u64);

impl Parameter for bool {
    fn check(&self, _: &str, _: Option<Bounds>, _: &mut Vec<ConfigError>) {}
}

impl Parameter for String {
    /// The bounds, where given, are those of the length in characters.
    fn check(&self, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        let length = self.chars().count() as f64;
        if let Some(Bounds { min, max }) = bounds
            && !(min..=max).contains(&length)
        {
            errors.push(ConfigError::new(path, format!("{length} characters"), format!("{min} to {max} characters")));
        }
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn check(&self, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        if let Some(value) = self {
            value.check(path, bounds, errors);
        }
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn check(&self, path: &str, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        for (index, value) in self.iter().enumerate() {
            value.check(&format!("{path}[{index}]"), bounds, errors);
        }
    }
}

/// Declares configuration structs, each field with its default, label, and where they apply: unit, bounds, when
/// it matters (`when "policy=ring_hash|maglev"`), and the level at which a form shows it (`"basic"` or `"more"`).
///
/// Out of one declaration come the struct with public fields, `Default`, serde's derives (unknown fields are
/// refused, missing ones take their default), [`Parameter`] and, with the feature `schema`, the JSON Schema.
#[macro_export]
macro_rules! parameters {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                [$title:literal
                    $(, unit $unit:literal)?
                    $(, range $min:literal ..= $max:literal)?
                    $(, level $level:literal)?
                    $(, when $when:literal)?
                    $(, scale $scale:literal)?
                ]
                pub $field:ident: $ty:ty = $default:expr;
            )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize)]
        #[serde(crate = "sandtable_patterns::__private::serde", default, deny_unknown_fields)]
        #[cfg_attr(feature = "schema", derive($crate::__private::schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(crate = "sandtable_patterns::__private::schemars"))]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[cfg_attr(feature = "schema", schemars(
                    title = $title
                    $(, extend("x-unit" = $unit))?
                    $(, range(min = $min, max = $max), extend("x-min" = $min, "x-max" = $max))?
                    $(, extend("x-level" = $level))?
                    $(, extend("x-when" = $when))?
                    $(, extend("x-scale" = $scale))?
                ))]
                pub $field: $ty,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::Parameter for $name {
            fn check(&self, path: &str, _: Option<$crate::Bounds>, errors: &mut Vec<$crate::ConfigError>) {
                let dot = if path.is_empty() { "" } else { "." };
                $(
                    #[allow(unused_mut, unused_assignments)]
                    let mut bounds: Option<$crate::Bounds> = None;
                    $(bounds = Some($crate::Bounds { min: $min as f64, max: $max as f64 });)?
                    $crate::Parameter::check(
                        &self.$field,
                        &format!("{path}{dot}{}", stringify!($field)),
                        bounds,
                        errors,
                    );
                )*
            }
        }
    )*};
}

/// Declares an enum of names that users know; each variant with its name in JSON, its label and its meaning.
#[macro_export]
macro_rules! choices {
    ($(
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $variant:ident = $json:literal, $title:literal;
            )*
        }
    )*) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq,
            $crate::__private::serde::Serialize, $crate::__private::serde::Deserialize
        )]
        #[serde(crate = "sandtable_patterns::__private::serde")]
        #[cfg_attr(feature = "schema", derive($crate::__private::schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(crate = "sandtable_patterns::__private::schemars"))]
        pub enum $name {
            $(
                $(#[doc = $doc])*
                #[serde(rename = $json)]
                #[cfg_attr(feature = "schema", schemars(title = $title))]
                $variant,
            )*
        }

        impl $name {
            /// All of them, in the order in which they are listed to a reader.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $json,)* }
            }

            /// The name as it is shown to a reader.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }

        impl $crate::Parameter for $name {
            fn check(&self, _: &str, _: Option<$crate::Bounds>, _: &mut Vec<$crate::ConfigError>) {}
        }
    )*};
}
