//! Turns a file that someone dropped on the page into traffic: an access log, or counts per second.
//!
//! Takes bytes as they are (any encoding that keeps ASCII) and never panics. What a line says is either taken or
//! the line is *rejected*: counted exactly, and the first hundred listed with number and reason. Blank lines and
//! lines that start with `#` are neither.
//!
//! **What we simplify.** Of a log line only the client, the time, the request and the status are used; whatever
//! follows the size (referrer, agent, further fields) is not read, so a line cut off there still counts. Times
//! have the one-second resolution of these formats; how the requests of one second are spread over it is the
//! traffic model's affair.
//!
//! Dates and CSV are read by hand: a calendar and a CSV crate would add tens of kilobytes to the page for two
//! fixed forms of time and rows of two columns.
//!
//! ```
//! use sandtable_sim::import::{ImportOptions, import};
//!
//! let log = b"203.0.113.9 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 512\n\
//!             198.51.100.7 - - [17/May/2015:10:05:05 +0000] \"GET /a HTTP/1.1\" 404 -\n";
//! let trace = import(log, &ImportOptions::default())?;
//! assert_eq!(trace.counts, [(0, 1), (2, 1)]);
//! assert_eq!(trace.keys, [0, 1]);
//! # Ok::<(), sandtable_sim::import::ImportError>(())
//! ```

mod access_log;
mod counts;
mod date;
mod lines;
mod numbering;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use thiserror::Error;

/// The largest file read by default, in bytes (64 MiB).
pub const MAX_BYTES: usize = 64 << 20;
/// The most requests kept by default: those of a log, one by one.
pub const MAX_REQUESTS: usize = 2_000_000;
/// The most seconds with traffic kept by default.
pub const MAX_SECONDS: usize = 2_000_000;
/// Rejected lines are listed up to this number; beyond it they are only counted.
pub const MAX_LISTED: usize = 100;

/// What a log line's key is, for balancers and stores that place requests by key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyBy {
    /// The client's address: one key for each client.
    #[default]
    Client,
    /// The path asked for, without its query.
    Path,
}

/// How to read a file, and how much of it at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What to call the traffic, usually the name of the file.
    pub name: Option<String>,
    /// What becomes the key of a request.
    pub key_by: KeyBy,
    /// Larger files are refused, unread.
    pub max_bytes: usize,
    /// Logs with more good lines are refused.
    pub max_requests: usize,
    /// Traffic in more different seconds is refused.
    pub max_seconds: usize,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            name: None,
            key_by: KeyBy::Client,
            max_bytes: MAX_BYTES,
            max_requests: MAX_REQUESTS,
            max_seconds: MAX_SECONDS,
        }
    }
}

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Apache's Common Log Format.
    CommonLog,
    /// Apache's (and nginx's) Combined Log Format: referrer and agent follow.
    CombinedLog,
    /// Rows of a second and its number of requests.
    CountsPerSecond,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommonLog => "Common Log Format",
            Self::CombinedLog => "Combined Log Format",
            Self::CountsPerSecond => "CSV of requests per second",
        })
    }
}

/// Traffic read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// As given in the options.
    pub name: Option<String>,
    /// What the file was read as.
    pub format: Format,
    /// Second 0 in seconds since 1970 UTC; none if the file counts its seconds from 0.
    pub first: Option<i64>,
    /// Second since the first, and requests in it: ascending, without seconds that have none.
    pub counts: Vec<(u32, u32)>,
    /// Each request's key in order of time, numbered by first appearance; empty for counts per second.
    pub keys: Vec<u32>,
    /// How many different keys there are.
    pub distinct_keys: u32,
    /// Requests in all: the sum of the counts.
    pub requests: u64,
    /// Lines in the file, blank ones and comments too.
    pub lines_read: u64,
    /// Lines that could not be used.
    pub rejected: u64,
    /// The first [`MAX_LISTED`] of them.
    pub rejections: Vec<Rejection>,
    /// Requests by status: 1xx to 5xx at index 1 to 5, any other or none at 0. All 0 for counts per second.
    pub statuses: [u64; 6],
}

/// A line that could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rejection {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: Reason,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Why a line could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Log: there is no ` [`.
    #[error("no time in square brackets")]
    NoTime,
    /// Log: what stands in the brackets is no time.
    #[error("the time is not of the form [17/May/2015:10:05:03 +0000]")]
    BadTime,
    /// Log: fewer than three fields before the time.
    #[error("client, identity and user must stand before the time")]
    FewFields,
    /// Log: no quotation mark after the time.
    #[error("no request in quotation marks after the time")]
    NoRequest,
    /// Log: the request's quotation mark isn't closed.
    #[error("the request's closing quotation mark is missing")]
    UnclosedRequest,
    /// Log: the status isn't three digits or `-`.
    #[error("the status after the request is not three digits")]
    BadStatus,
    /// Log: the size isn't a number or `-`.
    #[error("the size after the status is not a number or -")]
    BadSize,
    /// CSV: the columns of time and count aren't both there.
    #[error("too few columns")]
    FewColumns,
    /// CSV: a quotation mark isn't closed, or something follows it.
    #[error("a quoted field is not closed")]
    BadQuotes,
    /// CSV: the time isn't understood.
    #[error("the second is not a number from 0, a Unix time or an ISO 8601 time")]
    BadSecond,
    /// CSV: counted seconds among times of day, or the reverse.
    #[error("the second is in another form than in the rows before")]
    MixedSeconds,
    /// CSV: the count isn't a number.
    #[error("the count is not a number")]
    BadCount,
    /// CSV: the count is below 0.
    #[error("the count is negative")]
    NegativeCount,
    /// CSV: the count isn't whole.
    #[error("the count is not a whole number")]
    FractionalCount,
    /// CSV: the second's count passes 4,294,967,295.
    #[error("more than 4,294,967,295 requests in one second")]
    CountTooLarge,
    /// Neither like a log line nor like a row of counts.
    #[error("neither a log line nor a row of counts")]
    Unrecognised,
}

/// Why a file gave no traffic.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImportError {
    /// No line with anything in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than allowed.
    #[error("the file has {bytes} bytes; at most {max} are read")]
    TooManyBytes {
        /// The file's length.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// Compressed by gzip: the caller is to decompress it first.
    #[error("the file is compressed with gzip and must be decompressed first")]
    Gzip,
    /// A zip archive, which a spreadsheet file is too.
    #[error("the file is a zip archive or a spreadsheet; unpack it, or save it as CSV")]
    Zip,
    /// Text in UTF-16.
    #[error("the file is text in UTF-16; save it as UTF-8")]
    Utf16,
    /// Not one good line.
    #[error(
        "no line could be read. Understood are access logs in Common or Combined Log Format, and CSV of requests \
         per second (second,requests); {}",
        first_few(.rejections, *.rejected)
    )]
    NothingUnderstood {
        /// Lines in the file.
        lines_read: u64,
        /// Lines that could not be used.
        rejected: u64,
        /// The first [`MAX_LISTED`] of them.
        rejections: Vec<Rejection>,
    },
    /// Good rows, but all of them count 0.
    #[error("the file has no request in it")]
    NoRequests,
    /// More good log lines than allowed.
    #[error("the log has more than {max} requests")]
    TooManyRequests {
        /// The limit.
        max: usize,
    },
    /// More different seconds than allowed.
    #[error("the file has traffic in more than {max} different seconds")]
    TooManySeconds {
        /// The limit.
        max: usize,
    },
    /// More than 2³² − 1 seconds (136 years) from the first to the last.
    #[error("there are more than 136 years between the first and the last request")]
    SpanTooLong,
}

impl ImportError {
    /// A short name that stays the same when the sentence changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
            Self::Utf16 => "utf16",
            Self::NothingUnderstood { .. } => "nothing_understood",
            Self::NoRequests => "no_requests",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::TooManySeconds { .. } => "too_many_seconds",
            Self::SpanTooLong => "span_too_long",
        }
    }
}

fn first_few(rejections: &[Rejection], rejected: u64) -> String {
    const SHOWN: usize = 3;
    let mut text: Vec<String> = rejections.iter().take(SHOWN).map(Rejection::to_string).collect();
    let more = rejected.saturating_sub(SHOWN as u64);
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    text.join("; ")
}

/// Reads an access log or a CSV of requests per second; which of the two is found out from the first line that
/// is good as one of them.
///
/// # Errors
/// See [`ImportError`]; nothing of a refused file is kept.
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    refuse_other_files(bytes, options.max_bytes)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let Some((_, first)) = lines::content(bytes).next() else {
        return Err(ImportError::Empty);
    };
    let dialects = counts::Dialect::candidates(first);
    for (_, line) in lines::content(bytes) {
        if access_log::parse(line).is_ok() {
            return access_log::read(bytes, options);
        }
        if let Some(dialect) = dialects.iter().find(|dialect| dialect.parse(line).is_ok()) {
            return counts::read(bytes, dialect, options);
        }
    }
    Err(nothing_understood(bytes, &dialects))
}

fn refuse_other_files(bytes: &[u8], max: usize) -> Result<(), ImportError> {
    if bytes.starts_with(b"\x1F\x8B") {
        return Err(ImportError::Gzip);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ImportError::Zip);
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(ImportError::Utf16);
    }
    if bytes.len() > max {
        let bytes = bytes.len();
        return Err(ImportError::TooManyBytes { bytes, max });
    }
    Ok(())
}

/// Lists what is wrong with each line, as the format that it looks most like.
fn nothing_understood(bytes: &[u8], dialects: &[counts::Dialect]) -> ImportError {
    let mut tally = Tally::default();
    for (number, line) in lines::content(bytes) {
        let as_log = access_log::parse(line).err();
        let as_row = dialects.iter().find_map(|dialect| match dialect.parse(line) {
            Err(Reason::FewColumns) | Ok(_) => None,
            Err(reason) => Some(reason),
        });
        let reason = match (as_log, as_row) {
            (Some(reason), _) if reason != Reason::NoTime => reason,
            (_, Some(reason)) => reason,
            _ => Reason::Unrecognised,
        };
        tally.reject(number, reason);
    }
    ImportError::NothingUnderstood {
        lines_read: lines::count(bytes),
        rejected: tally.rejected,
        rejections: tally.rejections,
    }
}

/// Rejected lines, counted, and the first of them listed.
#[derive(Default)]
struct Tally {
    rejected: u64,
    rejections: Vec<Rejection>,
}

impl Tally {
    fn reject(&mut self, line: u64, reason: Reason) {
        self.rejected += 1;
        if self.rejections.len() < MAX_LISTED {
            self.rejections.push(Rejection { line, reason });
        }
    }
}
