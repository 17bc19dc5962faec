//! One place for each parameter: its default, bounds, unit, label and meaning, from which come the check, the
//! JSON Schema, the form on the page and the reference table.

mod kinds;
mod place;
mod value;
mod walk;

pub use place::{ConfigError, Place};
pub use value::Value;
pub use walk::{check_all, read_all, write};

/// The closed interval a number must lie in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The smallest value allowed.
    pub min: f64,
    /// The largest value allowed.
    pub max: f64,
}

/// What kind of thing a parameter is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// True or false.
    Flag,
    /// A number.
    Number(NumberShape),
    /// A text.
    Text,
    /// One of these names.
    Choice(&'static [&'static str]),
    /// These fields, each of which is a part.
    Struct(&'static [Field]),
    /// Any number of parts of one kind.
    List,
    /// As many parts as it has.
    Tuple,
    /// One part, or none.
    Optional,
}

/// What a number may be by its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberShape {
    /// Whether it has no fraction.
    pub whole: bool,
    /// What the type can hold, where a field has no bounds of its own.
    pub bounds: Bounds,
}

/// A field of a configuration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The bounds of the number, of each number of a list, or of the length of the text.
    pub bounds: Option<Bounds>,
}

impl Shape {
    /// Whether this is a value of its own, without parts.
    const fn is_single(self) -> bool {
        matches!(self, Self::Flag | Self::Number(_) | Self::Text | Self::Choice(_))
    }

    /// What may stand here, as an error message says it.
    const fn described(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Number(NumberShape { whole: true, .. }) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text | Self::Choice(_) => "a text",
            Self::Struct(_) => "an object",
            Self::List | Self::Tuple => "a list",
            Self::Optional => "null",
        }
    }
}

/// A value that can stand in a configuration. It only shows its shape and its parts; [`check_all`], [`read_all`]
/// and [`write()`] do the rest for all of them.
pub trait Parameter {
    /// What kind of thing this is.
    fn shape(&self) -> Shape;

    /// How many parts there are.
    fn length(&self) -> usize {
        0
    }

    /// Makes a list or an option hold so many parts, each as its type is by default.
    fn set_length(&mut self, _length: usize) {}

    /// One of the parts.
    fn part(&self, _index: usize) -> Option<&dyn Parameter> {
        None
    }

    /// One of the parts, to be changed.
    fn part_mut(&mut self, _index: usize) -> Option<&mut dyn Parameter> {
        None
    }

    /// What this says, where it has no parts.
    fn value(&self) -> Value {
        Value::Null
    }

    /// Takes on what `value` says, where it has no parts; another type of value changes nothing.
    fn set_value(&mut self, _value: &Value) {}
}

/// Declares configuration structs, each field with its default, label, and where they apply: unit, bounds, when
/// it matters (`when "policy=ring_hash|maglev"`), and the level at which a form shows it (`"basic"` or `"more"`).
///
/// Out of one declaration come the struct with public fields, `Default`, serde's derives (unknown fields are
/// refused, missing ones take their default), [`Parameter`](crate::Parameter) and, with the feature `schema`, the JSON Schema.
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
            fn shape(&self) -> $crate::Shape {
                const FIELDS: &[$crate::Field] = &[$($crate::Field {
                    name: stringify!($field),
                    bounds: $crate::__bounds!($($min, $max)?),
                },)*];
                $crate::Shape::Struct(FIELDS)
            }

            fn length(&self) -> usize {
                [$(stringify!($field)),*].len()
            }

            fn part(&self, index: usize) -> Option<&dyn $crate::Parameter> {
                let parts: &[&dyn $crate::Parameter] = &[$(&self.$field),*];
                parts.get(index).copied()
            }

            fn part_mut(&mut self, index: usize) -> Option<&mut dyn $crate::Parameter> {
                let parts: [&mut dyn $crate::Parameter; _] = [$(&mut self.$field),*];
                parts.into_iter().nth(index)
            }
        }
    )*};
}

/// The bounds of a field, where it has any.
#[doc(hidden)]
#[macro_export]
macro_rules! __bounds {
    () => {
        None
    };
    ($min:literal, $max:literal) => {
        Some($crate::Bounds { min: $min as f64, max: $max as f64 })
    };
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
            fn shape(&self) -> $crate::Shape {
                const NAMES: &[&str] = &[$($json),*];
                $crate::Shape::Choice(NAMES)
            }

            fn value(&self) -> $crate::Value {
                $crate::Value::Text(self.name().to_owned())
            }

            fn set_value(&mut self, value: &$crate::Value) {
                if let Some(place) = $crate::__private::place_of(value, &[$($json),*]) {
                    *self = Self::ALL[place];
                }
            }
        }
    )*};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::balancer::{BalancerConfig, OutlierRule, Policy};

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

    #[test]
    fn our_own_json_is_that_of_serde() {
        let mut config = BalancerConfig { policy: Policy::Maglev, load_bound: 1.25, ..BalancerConfig::default() };
        config.outlier_ejection.rule = OutlierRule::WithinWindow;
        let written = write(&config);
        assert_eq!(serde_json::from_str::<BalancerConfig>(&written.to_json()).unwrap(), config);
        let mut read = BalancerConfig::default();
        assert_eq!(read_all(&mut read, &written), Ok(()));
        assert_eq!(read, config);
    }

    #[test]
    fn what_is_left_out_stays_as_it_is() {
        let mut config = BalancerConfig { choices: 7, ..BalancerConfig::default() };
        let policy = ("policy".to_owned(), Value::Text("maglev".to_owned()));
        assert_eq!(read_all(&mut config, &Value::Object(vec![policy])), Ok(()));
        assert_eq!(config, BalancerConfig { choices: 7, policy: Policy::Maglev, ..BalancerConfig::default() });
    }

    #[test]
    fn whole_numbers_are_whole_and_as_large_as_their_type_can_hold() {
        let mut list: Vec<u32> = Vec::new();
        let numbers = [4.0, 4.5, -1.0, 4_294_967_296.0].map(Value::Number);
        let errors = read_all(&mut list, &Value::List(numbers.to_vec())).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "[1]: found 4.5; allowed: a whole number",
                "[2]: found -1; allowed: 0 to 4294967295",
                "[3]: found 4294967296; allowed: 0 to 4294967295",
            ]
        );
        let mut optional = Some(1.5);
        let errors = read_all(&mut optional, &Value::Bool(true)).unwrap_err();
        assert_eq!(errors[0].allowed, "a number or null");
        assert_eq!((read_all(&mut optional, &Value::Null), optional), (Ok(()), None));
    }
}
