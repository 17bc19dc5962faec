//! Lines of a file, with their numbers.

/// Every line with something in it that is no comment: its number from 1 and its bytes, trimmed.
pub(super) fn content(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    bytes
        .split(|&byte| byte == b'\n')
        .zip(1..)
        .map(|(line, number)| (number, line.trim_ascii()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with(b"#"))
}

/// How many lines there are; a last one need not end in a line feed.
pub(super) fn count(bytes: &[u8]) -> u64 {
    let line_feeds = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let unfinished = bytes.last().is_some_and(|&byte| byte != b'\n');
    line_feeds + u64::from(unfinished)
}
