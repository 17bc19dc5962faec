//! Lines of a file, with their numbers.

/// Every line with something in it that is no comment: its number from 1 and its bytes, trimmed.
pub(super) fn content(bytes: &[u8]) -> Lines<'_> {
    Lines { rest: Some(bytes), number: 0 }
}

/// See [`content`].
pub(super) struct Lines<'a> {
    rest: Option<&'a [u8]>,
    number: u64,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (u64, &'a [u8]);

    // Once for all its callers, which are not in a hurry.
    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest?;
            let end = rest.iter().position(|&byte| byte == b'\n');
            self.rest = end.map(|end| &rest[end + 1..]);
            self.number += 1;
            let line = rest[..end.unwrap_or(rest.len())].trim_ascii();
            if !line.is_empty() && line[0] != b'#' {
                return Some((self.number, line));
            }
        }
    }
}

/// How many lines there are; a last one need not end in a line feed.
pub(super) fn count(bytes: &[u8]) -> u64 {
    let line_feeds = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let unfinished = bytes.last().is_some_and(|&byte| byte != b'\n');
    line_feeds + u64::from(unfinished)
}
