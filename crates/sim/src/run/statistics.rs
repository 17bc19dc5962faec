//! Means with their uncertainty, and percentiles.

use serde::Serialize;

use crate::order::value_at_rank;

/// A mean of independent values and how far it may be off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Half the width of the 95 % confidence interval (Student's t).
    pub half_width_95: f64,
}

/// The mean of independent values, one for each seed for instance, with its 95 % confidence interval. `None`
/// for fewer than two finite values, which say nothing of their spread.
pub fn summarise(values: &[f64]) -> Option<Estimate> {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let n = finite.len();
    if n < 2 {
        return None;
    }
    let mean = finite.iter().sum::<f64>() / n as f64;
    let squares: f64 = finite.iter().map(|value| (value - mean) * (value - mean)).sum();
    let standard_error = (squares / (n - 1) as f64 / n as f64).sqrt();
    Some(Estimate { mean, half_width_95: student_t_975(n - 1) * standard_error })
}

/// The 97.5 % quantile of Student's t: a table to 30 degrees of freedom, beyond it the expansion in 1/ν
/// (Abramowitz and Stegun 26.7.5), which is right to four places there.
fn student_t_975(degrees: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
        2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518,
        2.0484, 2.0452, 2.0423,
    ];
    if let Some(&value) = degrees.checked_sub(1).and_then(|index| TABLE.get(index)) {
        return value;
    }
    let (z, v) = (1.959_963_984_540_054_f64, degrees as f64);
    let (z3, z5) = (z * z * z, z * z * z * z * z);
    z + (z3 + z) / (4.0 * v) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
}

/// The percentiles at these ascending shares, by nearest rank: the smallest value that at least that share does not
/// exceed. Reorders `values`: each is looked for only above the one before.
pub(super) fn percentiles<const N: usize>(values: &mut [u64], shares: [f64; N]) -> [Option<u64>; N] {
    let count = values.len();
    let mut from = 0;
    shares.map(|share| {
        let rank = ((share * count as f64).ceil().max(1.0) as usize - 1).min(count.checked_sub(1)?);
        let value = value_at_rank(&mut values[from..], rank - from);
        from = rank;
        Some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_occurred() {
        let mut values: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(percentiles(&mut values, [0.5, 0.99, 1.0]), [Some(50), Some(99), Some(100)]);
        assert_eq!(percentiles(&mut [7], [0.01, 0.01]), [Some(7), Some(7)]);
        assert_eq!(percentiles(&mut [], [0.5]), [None]);
    }

    #[test]
    fn an_interval_is_that_of_students_t() {
        // Mean 3, standard deviation √2.5, n = 5: t = 2.7764, half width 2.7764 × √(2.5 / 5) = 1.9632.
        let estimate = summarise(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!((estimate.mean - 3.0).abs() < 1e-12 && (estimate.half_width_95 - 1.9632).abs() < 1e-3);
        assert_eq!(summarise(&[1.0]), None);
        // The expansion joins the table without a step.
        assert!((student_t_975(31) - 2.0395).abs() < 1e-3);
    }
}
