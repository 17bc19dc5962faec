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

/// Where a value stands. Built on the way down, and written out only where there is a mistake.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    above: Option<(&'a Place<'a>, Step)>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Field(&'static str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// The outermost place.
    pub const TOP: Self = Self { above: None };

    /// The field `name` of what stands here.
    pub const fn field(&'a self, name: &'static str) -> Self {
        Self { above: Some((self, Step::Field(name))) }
    }

    /// The item `index` of what stands here.
    pub const fn index(&'a self, index: usize) -> Self {
        Self { above: Some((self, Step::Index(index))) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((parent, step)) = self.above else { return Ok(()) };
        write!(f, "{parent}")?;
        match step {
            Step::Field(name) if parent.above.is_none() => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// A value that can stand in a configuration: it checks itself and, with the feature `json`, reads and writes
/// itself as JSON in far less code than serde's generic derives take, which also exist.
pub trait Parameter {
    /// Adds every mistake found at or below `place` to `errors`. `bounds` holds for a number, or for each number
    /// of a list.
    fn check(&self, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>);

    /// Takes on what `value` says; what is not there, or of another type, leaves this as it is. Meant for JSON
    /// that was checked against the schema.
    #[cfg(feature = "json")]
    fn read(&mut self, value: &serde_json::Value);

    /// The JSON of this.
    #[cfg(feature = "json")]
    fn write(&self) -> serde_json::Value;
}

/// Every mistake of a configuration, or none.
///
/// # Errors
/// All mistakes, in the order of the fields.
pub fn check_all(config: &impl Parameter) -> Result<(), Vec<ConfigError>> {
    let mut errors = Vec::new();
    config.check(&Place::TOP, None, &mut errors);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn check_number(value: f64, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
    let Bounds { min, max } = bounds.unwrap_or(Bounds { min: f64::MIN, max: f64::MAX });
    // Written so that NaN fails.
    if !(value >= min && value <= max) {
        let allowed = if bounds.is_some() { format!("{min} to {max}") } else { "a finite number".to_owned() };
        errors.push(ConfigError::new(place.to_string(), value, allowed));
    }
}

macro_rules! scalars {
    ($($ty:ty: $read:expr, $number:expr;)*) => {$(
        impl Parameter for $ty {
            fn check(&self, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
                let number: fn(&$ty) -> Option<f64> = $number;
                if let Some(number) = number(self) {
                    check_number(number, place, bounds, errors);
                }
            }

            #[cfg(feature = "json")]
            fn read(&mut self, value: &serde_json::Value) {
                let read: fn(&serde_json::Value) -> Option<$ty> = $read;
                if let Some(value) = read(value) {
                    *self = value;
                }
            }

            #[cfg(feature = "json")]
            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(*self)
            }
        }
    )*};
}
scalars! {
    f64: |value| value.as_f64(), |number| Some(*number);
    u32: |value| whole(value)?.try_into().ok(), |number| Some(f64::from(*number));
    u64: whole, |number| Some(*number as f64);
    bool: |value| value.as_bool(), |_| None;
}

/// A whole number, also where it is written as 4.0.
#[cfg(feature = "json")]
fn whole(value: &serde_json::Value) -> Option<u64> {
    let float = || value.as_f64().filter(|float| float.fract() == 0.0 && (0.0..9e15).contains(float));
    value.as_u64().or_else(|| float().map(|float| float as u64))
}

impl Parameter for String {
    /// The bounds, where given, are those of the length in characters.
    fn check(&self, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        let length = self.chars().count() as f64;
        if let Some(Bounds { min, max }) = bounds
            && !(min..=max).contains(&length)
        {
            let allowed = format!("{min} to {max} characters");
            errors.push(ConfigError::new(place.to_string(), format!("{length} characters"), allowed));
        }
    }

    #[cfg(feature = "json")]
    fn read(&mut self, value: &serde_json::Value) {
        if let Some(text) = value.as_str() {
            text.clone_into(self);
        }
    }

    #[cfg(feature = "json")]
    fn write(&self) -> serde_json::Value {
        self.as_str().into()
    }
}

impl<T: Parameter + Default> Parameter for Option<T> {
    fn check(&self, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        if let Some(value) = self {
            value.check(place, bounds, errors);
        }
    }

    #[cfg(feature = "json")]
    fn read(&mut self, value: &serde_json::Value) {
        *self = (!value.is_null()).then(|| {
            let mut own = T::default();
            own.read(value);
            own
        });
    }

    #[cfg(feature = "json")]
    fn write(&self) -> serde_json::Value {
        self.as_ref().map_or(serde_json::Value::Null, Parameter::write)
    }
}

impl<T: Parameter + Default> Parameter for Vec<T> {
    fn check(&self, place: &Place<'_>, bounds: Option<Bounds>, errors: &mut Vec<ConfigError>) {
        for (index, value) in self.iter().enumerate() {
            value.check(&place.index(index), bounds, errors);
        }
    }

    #[cfg(feature = "json")]
    fn read(&mut self, value: &serde_json::Value) {
        let Some(items) = value.as_array() else { return };
        self.clear();
        for item in items {
            let mut own = T::default();
            own.read(item);
            self.push(own);
        }
    }

    #[cfg(feature = "json")]
    fn write(&self) -> serde_json::Value {
        serde_json::Value::Array(self.iter().map(Parameter::write).collect())
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
            fn check(
                &self,
                place: &$crate::Place<'_>,
                _: Option<$crate::Bounds>,
                errors: &mut Vec<$crate::ConfigError>,
            ) {
                $(
                    #[allow(unused_mut, unused_assignments)]
                    let mut bounds: Option<$crate::Bounds> = None;
                    $(bounds = Some($crate::Bounds { min: $min as f64, max: $max as f64 });)?
                    $crate::Parameter::check(&self.$field, &place.field(stringify!($field)), bounds, errors);
                )*
            }

            $crate::__json! {
                fn read(&mut self, value: &$crate::__private::serde_json::Value) {
                    $(
                        if let Some(value) = value.get(stringify!($field)) {
                            $crate::Parameter::read(&mut self.$field, value);
                        }
                    )*
                }

                fn write(&self) -> $crate::__private::serde_json::Value {
                    $crate::__private::object(&[$((stringify!($field), &self.$field),)*])
                }
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
            fn check(&self, _: &$crate::Place<'_>, _: Option<$crate::Bounds>, _: &mut Vec<$crate::ConfigError>) {}

            $crate::__json! {
                fn read(&mut self, value: &$crate::__private::serde_json::Value) {
                    let named = |choice: &&Self| Some(choice.name()) == value.as_str();
                    if let Some(choice) = Self::ALL.iter().find(named) {
                        *self = *choice;
                    }
                }

                fn write(&self) -> $crate::__private::serde_json::Value {
                    self.name().into()
                }
            }
        }
    )*};
}

/// Passes its content on, or drops it: whether JSON is read and written is this crate's feature, not that of the
/// crate in which a configuration is declared.
#[cfg(feature = "json")]
#[doc(hidden)]
#[macro_export]
macro_rules! __json {
    ($($item:item)*) => { $($item)* };
}

#[cfg(not(feature = "json"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __json {
    ($($item:item)*) => {};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balancer::BalancerConfig;
    #[cfg(feature = "json")]
    use crate::balancer::{OutlierRule, Policy};

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let mut config = BalancerConfig { choices: 1, decay_ms: f64::NAN, ..BalancerConfig::default() };
        config.active_checks.rise = 101;
        let errors = check_all(&config).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "choices: found 1; allowed: 2 to 100",
                "decay_ms: found NaN; allowed: 1 to 600000",
                "active_checks.rise: found 101; allowed: 1 to 100",
            ]
        );
    }

    #[cfg(feature = "json")]
    #[test]
    fn our_own_json_is_that_of_serde() {
        let mut config = BalancerConfig { policy: Policy::Maglev, load_bound: 1.25, ..BalancerConfig::default() };
        config.outlier_ejection.rule = OutlierRule::WithinWindow;
        let written = config.write();
        assert_eq!(written, serde_json::to_value(&config).unwrap());
        let mut read = BalancerConfig::default();
        read.read(&written);
        assert_eq!(read, config);
    }
}
