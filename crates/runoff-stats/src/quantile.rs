//! Order statistics and moments.

/// Quantile `p` in [0, 1], type 7 of Hyndman & Fan 1996 (the default of R and `NumPy`). `None` when empty.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    if values.is_empty() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = p * (sorted.len() - 1) as f64;
    let (low, high) = (position.floor() as usize, position.ceil() as usize);
    Some(sorted[low] + (position - low as f64) * (sorted[high] - sorted[low]))
}

/// Median. `None` when empty.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Median absolute deviation from the median, unscaled.
pub fn mad(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    median(&values.iter().map(|x| (x - centre).abs()).collect::<Vec<_>>())
}

/// Arithmetic mean.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Sample standard deviation (divisor n − 1). `None` for fewer than two values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    let centre = mean(values).filter(|_| values.len() > 1)?;
    let sum: f64 = values.iter().map(|x| (x - centre).powi(2)).sum();
    Some((sum / (values.len() - 1) as f64).sqrt())
}

/// Geometric mean; `None` when empty or when a value is not positive.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.iter().any(|x| *x <= 0.0 || !x.is_finite()) {
        return None;
    }
    mean(&values.iter().map(|x| x.ln()).collect::<Vec<_>>()).map(f64::exp)
}

/// Number of values beyond 1.5 interquartile ranges of the quartiles (Tukey 1977). Counted, never removed.
pub fn tukey_outliers(values: &[f64]) -> usize {
    let (Some(q1), Some(q3)) = (quantile(values, 0.25), quantile(values, 0.75)) else { return 0 };
    let reach = 1.5 * (q3 - q1);
    values.iter().filter(|x| **x < q1 - reach || **x > q3 + reach).count()
}
