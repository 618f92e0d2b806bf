//! The mean's interval, for comparison with studies that report it.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::{INTERVAL_CONFIDENCE, mean, standard_deviation};

/// Student's interval of the mean at [`INTERVAL_CONFIDENCE`]: mean ± t · s/√n with n − 1 degrees of freedom. `None`
/// for fewer than two values. It takes values for independent and normal, which times are not; estimates of this
/// project use [`crate::estimate`] and [`crate::median_interval`].
pub fn mean_interval(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let (centre, deviation) = (mean(values)?, standard_deviation(values)?);
    let student = StudentsT::new(0.0, 1.0, n - 1.0).ok()?;
    let reach = student.inverse_cdf(f64::midpoint(1.0, INTERVAL_CONFIDENCE)) * deviation / n.sqrt();
    Some((centre - reach, centre + reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// t for 95 % and 4 degrees of freedom is 2.776 (any table of the distribution).
    #[test]
    fn half_width_is_the_tabulated_one() {
        let (low, high) = mean_interval(&[1.0, 2.0, 3.0, 4.0, 5.0]).expect("five values");
        let reach = 2.776_445 * 2.5_f64.sqrt() / 5.0_f64.sqrt();
        assert!((low - (3.0 - reach)).abs() < 1e-5 && (high - (3.0 + reach)).abs() < 1e-5, "{low} {high}");
        assert_eq!(mean_interval(&[1.0]), None);
    }
}
