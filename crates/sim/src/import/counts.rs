//! CSV of requests per second.
//!
//! Each row has a second and a count: `12,340`. The second is a number counted from 0, a Unix time in seconds or
//! milliseconds, or an ISO 8601 time; the delimiter is a comma, a semicolon or a tab; fields may be quoted. A
//! header may name the columns, and then others may stand between them. Rows of the same second add up.

use crate::order::order_by;

use super::numbering::Numbering;
use super::{Format, ImportError, ImportOptions, Imported, Reason, Tally, date, lines};

/// Seconds below this (three years) are counted from 0, others are Unix times (from 1973 on).
const FIRST_UNIX_S: i64 = 100_000_000;
/// Unix times from here on (the year 5138) are in milliseconds.
const FIRST_UNIX_MS: i64 = 100_000_000_000;
/// A longer line is no header.
const MAX_HEADER_BYTES: usize = 4_096;

/// How one file writes its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    delimiter: u8,
    has_header: bool,
    second_column: usize,
    count_column: usize,
}

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Since 1970 UTC, or counted from 0.
    second: i64,
    from_zero: bool,
    count: u32,
}

impl Dialect {
    /// One for each delimiter, with the columns that the first line names or else the first two.
    pub(super) fn candidates(first_line: &[u8]) -> [Self; 3] {
        [b'\t', b';', b','].map(|delimiter| Self::from_first_line(first_line, delimiter))
    }

    fn from_first_line(line: &[u8], delimiter: u8) -> Self {
        let line = if line.len() <= MAX_HEADER_BYTES { line } else { b"" };
        let names = || fields(line, delimiter).map_while(Result::ok);
        let count = names().position(names_count);
        let second = names().position(names_second);
        let second_column = second.unwrap_or(usize::from(count == Some(0)));
        Self {
            delimiter,
            has_header: count.is_some() || second.is_some(),
            second_column,
            count_column: count.unwrap_or(usize::from(second_column == 0)),
        }
    }

    #[inline(never)]
    pub(super) fn parse(&self, line: &[u8]) -> Result<Row, Reason> {
        let (mut second, mut count) = (None, None);
        let last_column = self.second_column.max(self.count_column);
        for (column, field) in fields(line, self.delimiter).take(last_column + 1).enumerate() {
            let field = field?;
            if column == self.second_column {
                second = Some(field);
            }
            if column == self.count_column {
                count = Some(field);
            }
        }
        let (Some(second), Some(count)) = (second, count) else {
            return Err(Reason::FewColumns);
        };
        let (second, from_zero) = parse_second(second).ok_or(Reason::BadSecond)?;
        let count = parse_count(count)?;
        Ok(Row { second, from_zero, count })
    }
}

fn names_count(name: &[u8]) -> bool {
    let names: [&[u8]; 6] = [b"request", b"count", b"hit", b"rps", b"rate", b"value"];
    names.iter().any(|part| contains_word(name, part))
}

fn names_second(name: &[u8]) -> bool {
    let names: [&[u8]; 3] = [b"second", b"time", b"date"];
    let is_short = [b"t".as_slice(), b"ts", b"s", b"sec"].iter().any(|it| name.eq_ignore_ascii_case(it));
    // «requests per second» is a count.
    (is_short || names.iter().any(|part| contains_word(name, part))) && !names_count(name)
}

fn contains_word(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// The fields of a row, trimmed and without their quotation marks; ends after the first that is broken.
struct Fields<'a> {
    rest: Option<&'a [u8]>,
    delimiter: u8,
}

fn fields(line: &[u8], delimiter: u8) -> Fields<'_> {
    Fields { rest: Some(line), delimiter }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<&'a [u8], Reason>;

    // Once for all its callers, which are not in a hurry.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let (field, left) = match split_field(self.rest?, self.delimiter) {
            Ok((field, left)) => (Ok(field), left),
            Err(reason) => (Err(reason), None),
        };
        self.rest = left;
        Some(field)
    }
}

/// The first field, and what follows its delimiter if there is one.
fn split_field(line: &[u8], delimiter: u8) -> Result<(&[u8], Option<&[u8]>), Reason> {
    let split_at_delimiter = |text: &'_ [u8]| text.iter().position(|&byte| byte == delimiter);
    let padding = line.iter().take_while(|&&byte| byte == b' ').count();
    if let Some(quoted) = line[padding..].strip_prefix(b"\"") {
        // A doubled quotation mark inside would make no number and no time, so the first one closes.
        let end = quoted.iter().position(|&byte| byte == b'"').ok_or(Reason::BadQuotes)?;
        let after = &quoted[end + 1..];
        let left = match split_at_delimiter(after) {
            Some(at) if after[..at].trim_ascii().is_empty() => Some(&after[at + 1..]),
            None if after.trim_ascii().is_empty() => None,
            _ => return Err(Reason::BadQuotes),
        };
        return Ok((quoted[..end].trim_ascii(), left));
    }
    Ok(match split_at_delimiter(line) {
        Some(at) => (line[..at].trim_ascii(), Some(&line[at + 1..])),
        None => (line.trim_ascii(), None),
    })
}

/// The second, and whether it is counted from 0.
fn parse_second(field: &[u8]) -> Option<(i64, bool)> {
    let Some((whole, _)) = parse_decimal(field) else {
        return date::parse_iso(field).map(|unix_s| (unix_s, false));
    };
    let number = i64::try_from(whole).ok()?;
    Some(match number {
        ..FIRST_UNIX_S => (number, true),
        FIRST_UNIX_S..FIRST_UNIX_MS => (number, false),
        _ => (number / 1_000, false),
    })
}

fn parse_count(field: &[u8]) -> Result<u32, Reason> {
    if let Some(number) = field.strip_prefix(b"-")
        && parse_decimal(number).is_some()
    {
        return Err(Reason::NegativeCount);
    }
    let (whole, fraction) = parse_decimal(field).ok_or(Reason::BadCount)?;
    if fraction.iter().any(|&byte| byte != b'0') {
        return Err(Reason::FractionalCount);
    }
    u32::try_from(whole).map_err(|_| Reason::CountTooLarge)
}

/// `12` or `12.50`: the whole part (at most the greatest `u64`) and the digits of the fraction.
fn parse_decimal(field: &[u8]) -> Option<(u64, &[u8])> {
    let end = field.iter().position(|&byte| byte == b'.' || byte == b',').unwrap_or(field.len());
    let (whole, fraction) = field.split_at(end);
    let fraction = fraction.get(1..).unwrap_or_default();
    let is_number = !whole.is_empty() && whole.iter().chain(fraction).all(u8::is_ascii_digit);
    is_number.then(|| {
        let digit = |byte: &u8| u64::from(byte - b'0');
        let add = |number: u64, byte| number.saturating_mul(10).saturating_add(digit(byte));
        (whole.iter().fold(0, add), fraction)
    })
}

/// Reads a whole table of which at least one row is good.
pub(super) fn read(bytes: &[u8], dialect: &Dialect, options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut tally = Tally::default();
    let mut from_zero = None;
    let mut first = i64::MAX;
    let mut seconds = Numbering::new();
    let mut sums: Vec<u32> = Vec::new();
    for (number, line) in lines::content(bytes).skip(usize::from(dialect.has_header)) {
        let row = match dialect.parse(line) {
            Ok(row) if row.from_zero == *from_zero.get_or_insert(row.from_zero) => row,
            Ok(_) => {
                tally.reject(number, Reason::MixedSeconds);
                continue;
            }
            Err(reason) => {
                tally.reject(number, reason);
                continue;
            }
        };
        if row.count > 0 {
            let second = seconds.number_of(row.second) as usize;
            sums.resize(seconds.keys.len(), 0);
            let Some(sum) = sums[second].checked_add(row.count) else {
                tally.reject(number, Reason::CountTooLarge);
                continue;
            };
            sums[second] = sum;
        }
        first = first.min(row.second);
        if sums.len() > options.max_seconds {
            let max = options.max_seconds;
            return Err(ImportError::TooManySeconds { max });
        }
    }
    if sums.is_empty() {
        return Err(ImportError::NoRequests);
    }
    let from_zero = from_zero == Some(true);
    let start = if from_zero { 0 } else { first };
    let mut counts = Vec::with_capacity(sums.len());
    // Seconds counted from 0 are not negative, others lie behind the first.
    for place in order_by(seconds.keys.iter().map(|second| second.abs_diff(start))) {
        let place = place as usize;
        let second = u32::try_from(seconds.keys[place] - start).map_err(|_| ImportError::SpanTooLong)?;
        counts.push((second, sums[place]));
    }
    Ok(Imported {
        name: options.name.clone(),
        format: Format::CountsPerSecond,
        first: (!from_zero).then_some(start),
        counts,
        keys: Vec::new(),
        distinct_keys: 0,
        requests: sums.iter().map(|&count| u64::from(count)).sum(),
        lines_read: lines::count(bytes),
        rejected: tally.rejected,
        rejections: tally.rejections,
        statuses: [0; 6],
    })
}
