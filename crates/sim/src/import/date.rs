//! The two forms of time that logs and tables use, as seconds since 1970 UTC.

/// `17/May/2015:10:05:03 +0000`, the fixed form of Apache's `%t` without its brackets.
pub(super) fn parse_clf(text: &[u8]) -> Option<i64> {
    let mut rest = Cursor(text);
    let day = rest.digits(2)?;
    rest.expect(b'/')?;
    let month = rest.month()?;
    rest.expect(b'/')?;
    let year = rest.digits(4)?;
    rest.expect(b':')?;
    let local = date(year, month, day)? + rest.clock()?;
    rest.expect(b' ')?;
    let offset = rest.offset()?;
    rest.0.is_empty().then_some(local - offset)
}

/// `2015-05-17T10:05:03Z`: ISO 8601 in its extended form, with `T` or a space, any fraction of a second (dropped),
/// and `Z`, an offset or nothing (which is taken as UTC) at the end.
pub(super) fn parse_iso(text: &[u8]) -> Option<i64> {
    let mut rest = Cursor(text);
    let year = rest.digits(4)?;
    rest.expect(b'-')?;
    let month = rest.digits(2)?;
    rest.expect(b'-')?;
    let day = rest.digits(2)?;
    rest.expect_one_of(b"Tt ")?;
    let local = date(year, month, day)? + rest.clock()?;
    if rest.expect_one_of(b".,").is_some() {
        rest.digit()?;
        while rest.digit().is_some() {}
    }
    let _ = rest.expect(b' ');
    let offset = if rest.0.is_empty() || rest.expect_one_of(b"Zz").is_some() { 0 } else { rest.offset()? };
    rest.0.is_empty().then_some(local - offset)
}

/// Seconds from 1970 to the start of the day, if there is such a day in the Gregorian calendar.
fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days_in_month).contains(&day).then(|| days_from_civil(year, month, day) * 86_400)
}

/// Days from 1970-01-01, after Howard Hinnant's «chrono-Compatible Low-Level Date Algorithms».
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digit(&mut self) -> Option<i64> {
        let (&first, rest) = self.0.split_first()?;
        first.is_ascii_digit().then(|| {
            self.0 = rest;
            i64::from(first - b'0')
        })
    }

    fn digits(&mut self, count: u32) -> Option<i64> {
        (0..count).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        self.expect_one_of(&[byte]).map(|_| ())
    }

    fn expect_one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        bytes.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// An English month's first three letters, as its number from 1.
    fn month(&mut self) -> Option<i64> {
        const NAMES: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
        let (name, rest) = self.0.split_at_checked(3)?;
        let index = NAMES.chunks(3).position(|month| month.eq_ignore_ascii_case(name))?;
        self.0 = rest;
        Some(index as i64 + 1)
    }

    /// `10:05:03` as seconds since midnight. A leap second, 60, counts as the next minute's first.
    fn clock(&mut self) -> Option<i64> {
        let hour = self.digits(2)?;
        self.expect(b':')?;
        let minute = self.digits(2)?;
        self.expect(b':')?;
        let second = self.digits(2)?;
        (hour < 24 && minute < 60 && second <= 60).then_some((hour * 60 + minute) * 60 + second)
    }

    /// `+0200`, `-05:30` or `+02`, in seconds east of Greenwich.
    fn offset(&mut self) -> Option<i64> {
        let sign = self.expect_one_of(b"+-")?;
        let hours = self.digits(2)?;
        let colon = self.expect(b':').is_some();
        let minutes = if colon || !self.0.is_empty() { self.digits(2)? } else { 0 };
        let seconds = (hours * 60 + minutes) * 60;
        (hours < 24 && minutes < 60).then_some(if sign == b'-' { -seconds } else { seconds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_times_honour_their_offset() {
        assert_eq!(parse_clf(b"17/May/2015:10:05:03 +0000"), Some(1_431_857_103));
        assert_eq!(parse_clf(b"17/May/2015:12:05:03 +0200"), Some(1_431_857_103));
        assert_eq!(parse_clf(b"16/may/2015:23:35:03 -1030"), Some(1_431_857_103));
        assert_eq!(parse_clf(b"01/Jan/1970:00:00:00 +0000"), Some(0));
        assert_eq!(parse_clf(b"29/Feb/2000:23:59:60 +0000"), Some(951_868_800));
    }

    #[test]
    fn iso_times_come_in_several_spellings() {
        for same in [
            "2015-05-17T10:05:03Z",
            "2015-05-17 10:05:03",
            "2015-05-17t10:05:03.999z",
            "2015-05-17T12:05:03+02:00",
            "2015-05-17 05:05:03,25 -0500",
            "2015-05-17T12:05:03+02",
        ] {
            assert_eq!(parse_iso(same.as_bytes()), Some(1_431_857_103), "{same}");
        }
    }

    #[test]
    fn days_and_times_that_do_not_exist_are_refused() {
        for bad in [
            "29/Feb/2015:10:05:03 +0000",
            "29/Feb/1900:10:05:03 +0000",
            "31/Apr/2015:10:05:03 +0000",
            "00/May/2015:10:05:03 +0000",
            "17/Mai/2015:10:05:03 +0000",
            "17/May/2015:24:05:03 +0000",
            "17/May/2015:10:60:03 +0000",
            "17/May/2015:10:05:61 +0000",
            "17/May/2015:10:05:03",
            "17/May/2015:10:05:03 0000",
            "17/May/2015:10:05:03 +0000 ",
            "17/May/2015:10:05:03 +2500",
            "7/May/2015:10:05:03 +0000",
            "",
        ] {
            assert_eq!(parse_clf(bad.as_bytes()), None, "{bad}");
        }
        for bad in
            ["2015-13-17T10:05:03Z", "2015-05-17", "2015-05-17T10:05", "2015-05-17T10:05:03.", "2015-05-17T10:05:03ZZ"]
        {
            assert_eq!(parse_iso(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn each_day_of_nine_thousand_years_follows_the_one_before() {
        let mut expected = date(1, 1, 1).unwrap();
        for year in 1..=9_999 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(got) = date(year, month, day) {
                        assert_eq!(got, expected, "{year}-{month}-{day}");
                        expected += 86_400;
                    }
                }
            }
        }
        assert_eq!(date(1970, 1, 1), Some(0));
    }
}
