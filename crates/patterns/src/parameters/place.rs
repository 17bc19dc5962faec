//! Where in a configuration something stands, and what is wrong there.

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

/// Where a value stands. Built on the way down, and written out only where there is a mistake.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    above: Option<(&'a Place<'a>, Step<'a>)>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// The outermost place.
    pub const TOP: Self = Self { above: None };

    /// The field `name` of what stands here.
    pub const fn field(&'a self, name: &'a str) -> Self {
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
        parent.fmt(f)?;
        match step {
            Step::Field(name) if parent.above.is_none() => f.write_str(name),
            Step::Field(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}
