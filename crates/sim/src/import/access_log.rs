//! Apache's Common and Combined Log Format.
//!
//! ```text
//! client identity user [time] "request" status size "referrer" "agent"
//! ```
//!
//! A virtual host or any other field may stand before the client, and anything after the size.

use crate::order::order_by;

use super::numbering::Numbering;
use super::{Format, ImportError, ImportOptions, Imported, KeyBy, Reason, Tally, date, lines};

/// What is used of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// Address or name of who asked.
    pub(super) client: &'a [u8],
    /// Seconds since 1970 UTC.
    pub(super) unix_s: i64,
    /// What stands between the quotation marks, escapes and all.
    pub(super) request: &'a [u8],
    /// None if the log has `-`.
    pub(super) status: Option<u16>,
    /// Whether a quoted field follows the size.
    pub(super) combined: bool,
}

impl<'a> Entry<'a> {
    /// The target of `GET /path?query HTTP/1.1` without its query; the whole of a request that is no such thing.
    pub(super) fn path(&self) -> &'a [u8] {
        let target =
            self.request.split(|&byte| byte == b' ').filter(|part| !part.is_empty()).nth(1).unwrap_or(self.request);
        let end = target.iter().position(|&byte| byte == b'?').unwrap_or(target.len());
        &target[..end]
    }
}

/// Reads one line.
#[inline(never)]
pub(super) fn parse(line: &[u8]) -> Result<Entry<'_>, Reason> {
    let (before, unix_s, after) = split_at_time(line)?;
    let client = find_client(before)?;
    let quoted = after.trim_ascii_start().strip_prefix(b"\"").ok_or(Reason::NoRequest)?;
    let (request, status, combined) = split_at_request_end(quoted)?;
    Ok(Entry { client, unix_s, request, status, combined })
}

/// The first bracket with a time in it, and what stands before and after it. A user's name may hold a bracket too.
fn split_at_time(line: &[u8]) -> Result<(&[u8], i64, &[u8]), Reason> {
    let mut reason = Reason::NoTime;
    for (start, _) in line.windows(2).enumerate().filter(|(_, pair)| pair == b" [") {
        // A time has 26 bytes, so its bracket closes soon or it is none.
        let inside = &line[start + 2..line.len().min(start + 40)];
        let Some(length) = inside.iter().position(|&byte| byte == b']') else {
            reason = Reason::BadTime;
            continue;
        };
        match date::parse_clf(&inside[..length]) {
            Some(unix_s) => return Ok((&line[..start], unix_s, &line[start + 3 + length..])),
            None => reason = Reason::BadTime,
        }
    }
    Err(reason)
}

/// The client among the fields before the time, which end in client, identity and user.
///
/// Usually the last but two. A user's name with a space in it shifts that, so an address counts for more than
/// its place; and of a list of forwarders (`a, b, c`) the first is who asked.
fn find_client(before: &[u8]) -> Result<&[u8], Reason> {
    let fields = || before.split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
    let count = fields().count();
    if count < 3 {
        return Err(Reason::FewFields);
    }
    let by_place = count - 3;
    let forwarders =
        |place: usize| fields().take(place).fold(0, |run, field| if field.ends_with(b",") { run + 1 } else { 0 });
    let place = match fields().nth(by_place) {
        Some(field) if is_address(field) => by_place,
        field => fields().position(is_address).or(field.filter(|&field| field != b"-").map(|_| by_place)).unwrap_or(0),
    };
    let client = fields().nth(place - forwarders(place)).ok_or(Reason::FewFields)?;
    Ok(client.strip_suffix(b",").unwrap_or(client))
}

/// Whether a field has the look of an IPv4 or IPv6 address (which need not exist).
fn is_address(field: &[u8]) -> bool {
    let field = field.strip_suffix(b",").unwrap_or(field);
    let is_ipv4 = field.split(|&byte| byte == b'.').count() == 4
        && field.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let is_ipv6 = field.iter().filter(|&&byte| byte == b':').count() >= 2
        && field.iter().all(|byte| byte.is_ascii_hexdigit() || b":.[]".contains(byte));
    is_ipv4 || is_ipv6
}

/// The request up to its closing quotation mark, the status and whether a quoted field follows.
///
/// A backslash escapes what follows it. Some servers write quotation marks unescaped, so the one that closes is
/// the first after which status and size follow.
fn split_at_request_end(quoted: &[u8]) -> Result<(&[u8], Option<u16>, bool), Reason> {
    let mut first_problem = None;
    let mut escaped = false;
    for (end, &byte) in quoted.iter().enumerate() {
        if byte == b'"' && !escaped {
            match parse_result(&quoted[end + 1..]) {
                Ok((status, combined)) => return Ok((&quoted[..end], status, combined)),
                Err(problem) => _ = first_problem.get_or_insert(problem),
            }
        }
        escaped = byte == b'\\' && !escaped;
    }
    Err(first_problem.unwrap_or(Reason::UnclosedRequest))
}

/// ` 200 512 …`: the status, and whether what follows the size is quoted.
fn parse_result(rest: &[u8]) -> Result<(Option<u16>, bool), Reason> {
    let rest = rest.strip_prefix(b" ").ok_or(Reason::BadStatus)?;
    let (status, rest) = match rest {
        [b'-', rest @ ..] => (None, rest),
        [a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            (Some(digit(a) * 100 + digit(b) * 10 + digit(c)), rest)
        }
        _ => return Err(Reason::BadStatus),
    };
    if rest.first().is_some_and(|&byte| byte != b' ') {
        return Err(Reason::BadStatus);
    }
    let rest = rest.strip_prefix(b" ").ok_or(Reason::BadSize)?;
    let length = match rest {
        [b'-', ..] => 1,
        _ => rest.iter().take_while(|byte| byte.is_ascii_digit()).count(),
    };
    match (length, &rest[length..]) {
        (1.., [] | [b' ', ..]) => Ok((status, rest[length..].starts_with(b" \""))),
        _ => Err(Reason::BadSize),
    }
}

/// Reads a whole log of which at least one line is good.
pub(super) fn read(bytes: &[u8], options: &ImportOptions) -> Result<Imported, ImportError> {
    let mut tally = Tally::default();
    let mut format = None;
    let mut statuses = [0; 6];
    let mut ids = Numbering::new();
    let mut requests: Vec<(i64, u32)> = Vec::new();
    for (number, line) in lines::content(bytes) {
        let entry = match parse(line) {
            Ok(entry) => entry,
            Err(reason) => {
                tally.reject(number, reason);
                continue;
            }
        };
        if requests.len() == options.max_requests {
            let max = options.max_requests;
            return Err(ImportError::TooManyRequests { max });
        }
        format.get_or_insert(if entry.combined { Format::CombinedLog } else { Format::CommonLog });
        statuses[status_class(entry.status)] += 1;
        let key = match options.key_by {
            KeyBy::Client => entry.client,
            KeyBy::Path => entry.path(),
        };
        requests.push((entry.unix_s, ids.number_of(key)));
    }
    // Servers log a request when it ends, so lines are often a little out of order.
    let times = requests.iter().map(|&(unix_s, _)| unix_s.cast_unsigned() ^ 1 << 63);
    let requests: Vec<(i64, u32)> = order_by(times).map(|index| requests[index as usize]).collect();
    let Some(&(first, _)) = requests.first() else {
        return Err(ImportError::NoRequests);
    };
    Ok(Imported {
        name: options.name.clone(),
        format: format.unwrap_or(Format::CommonLog),
        first: Some(first),
        counts: count_seconds(&requests, first, options.max_seconds)?,
        requests: requests.len() as u64,
        distinct_keys: ids.keys.len() as u32,
        keys: renumber(requests.into_iter().map(|(_, id)| id), ids.keys.len()),
        lines_read: lines::count(bytes),
        rejected: tally.rejected,
        rejections: tally.rejections,
        statuses,
    })
}

fn status_class(status: Option<u16>) -> usize {
    match status.map_or(0, |status| status / 100) {
        class @ 1..=5 => usize::from(class),
        _ => 0,
    }
}

fn count_seconds(requests: &[(i64, u32)], first: i64, max: usize) -> Result<Vec<(u32, u32)>, ImportError> {
    let mut counts = Vec::new();
    for same_second in requests.chunk_by(|a, b| a.0 == b.0) {
        if counts.len() == max {
            return Err(ImportError::TooManySeconds { max });
        }
        let second = u32::try_from(same_second[0].0 - first).map_err(|_| ImportError::SpanTooLong)?;
        counts.push((second, same_second.len() as u32));
    }
    Ok(counts)
}

/// Numbers keys anew by first appearance; they came in the order of the file.
fn renumber(keys: impl Iterator<Item = u32>, distinct: usize) -> Vec<u32> {
    let mut new_ids = vec![None; distinct];
    let mut next = 0;
    keys.map(|key| {
        *new_ids[key as usize].get_or_insert_with(|| {
            next += 1;
            next - 1
        })
    })
    .collect()
}
