//! Numbers as sentences show them, for people. The standard library's exact ways of writing a float are 7 KB of wasm
//! (gzipped), so no text that the page can show is made with them.

use std::fmt;

/// Below this a float tells all whole numbers apart, and fifteen digits of any number.
const EXACT: f64 = 1e15;

/// A number as a message shows it: the shortest decimal that reads back as this number, as far as 15 digits tell it,
/// and ten digits with an exponent for what is very large or very small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown(pub f64);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0.is_sign_negative() { "-" } else { "" }, self.0.abs());
        match size {
            0.0 => f.write_str("0"),
            // At most 19 places, so that their unit has room in 64 bits.
            1e-5..EXACT => decimal(f, sign, size),
            f64::INFINITY => write!(f, "{sign}inf"),
            _ if size.is_nan() => f.write_str("NaN"),
            _ => with_exponent(f, sign, size),
        }
    }
}

fn decimal(f: &mut fmt::Formatter<'_>, sign: &str, size: f64) -> fmt::Result {
    let (mut scale, mut places) = (1.0, 0);
    // Both are exact here, so the quotient is the float nearest to the decimal: what a reader of it would get.
    while (size * scale).round() / scale != size && size * scale * 10.0 < EXACT {
        scale *= 10.0;
        places += 1;
    }
    let digits = (size * scale).round() as u64;
    write!(f, "{sign}{}", Digits { digits, places, trimmed: true })
}

fn with_exponent(f: &mut fmt::Formatter<'_>, sign: &str, mut size: f64) -> fmt::Result {
    const PLACES: u32 = 9;
    let mut exponent = 0;
    while size >= 10.0 {
        size /= 10.0;
        exponent += 1;
    }
    while size < 1.0 {
        size *= 10.0;
        exponent -= 1;
    }
    let mut digits = (size * 1e9).round() as u64;
    if digits == 10_000_000_000 {
        (digits, exponent) = (1_000_000_000, exponent + 1);
    }
    write!(f, "{sign}{}e{exponent}", Digits { digits, places: PLACES, trimmed: true })
}

/// A number with so many decimal places, rounded half up; `–` where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rounded(pub f64, pub u32);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, places) = *self;
        if !number.is_finite() {
            return f.write_str("–");
        }
        let scale = (0..places).fold(1.0, |scale, _| scale * 10.0);
        // The cast saturates.
        let digits = (number.abs() * scale + 0.5) as u64;
        let sign = if number < 0.0 && digits > 0 { "-" } else { "" };
        write!(f, "{sign}{}", Digits { digits, places, trimmed: false })
    }
}

/// Whole digits with a point before the last `places` of them.
struct Digits {
    digits: u64,
    places: u32,
    trimmed: bool,
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mut digits, mut places, trimmed } = *self;
        while trimmed && places > 0 && digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        let unit = 10_u64.pow(places);
        write!(f, "{}", digits / unit)?;
        if places > 0 {
            write!(f, ".{:0width$}", digits % unit, width = places as usize)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        let shown = |number: f64| Shown(number).to_string();
        for (number, text) in [
            (0.0, "0"),
            (-1.0, "-1"),
            (0.001, "0.001"),
            (0.000_01, "0.00001"),
            (1.234_567_890_123_456_7e-5, "0.0000123456789012346"),
            (-1.920_434_306_343_973_3e-6, "-1.920434306e-6"),
            (604_800_000.0, "604800000"),
            (33.333, "33.333"),
            (0.1 + 0.2, "0.3"),
            (1e21, "1e21"),
            (1e300, "1e300"),
            (9.999_999_999_99e22, "1e23"),
            (-2.5e-9, "-2.5e-9"),
            (f64::MIN_POSITIVE, "2.225073859e-308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(shown(number), text);
        }
    }

    #[test]
    fn numbers_are_rounded_to_places() {
        for (number, places, text) in [
            (12.3456, 2, "12.35"),
            (-0.001, 2, "0.00"),
            (-1.05, 0, "-1"),
            (0.5, 0, "1"),
            (99.96, 1, "100.0"),
            (0.007, 3, "0.007"),
            (f64::INFINITY, 1, "–"),
        ] {
            assert_eq!(Rounded(number, places).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn a_number_of_up_to_fifteen_digits_is_shown_as_the_standard_library_does(
            digits in 1_u64..1_000_000_000_000_000, places in 0_u32..6,
        ) {
            let number = digits as f64 / 10_f64.powi(places as i32);
            prop_assert_eq!(Shown(number).to_string(), number.to_string());
        }

        #[test]
        fn any_number_is_shown_within_its_digits(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let read: f64 = Shown(number).to_string().parse().unwrap();
            prop_assert!((read - number).abs() <= 1e-8 * number.abs() || number.abs() < 1e-300);
        }
    }
}
