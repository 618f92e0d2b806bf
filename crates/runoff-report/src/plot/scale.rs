//! From values to places, and where the ticks are.

/// A scale from values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    log: bool,
}

impl Scale {
    /// From zero to the largest value.
    pub(crate) fn linear(high: f64, from: f64, to: f64) -> Self {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        Self { low: 0.0, high, from, to, log: false }
    }

    /// Over positive values, with a little room on both sides; anything else among them is left out of account.
    pub(crate) fn log(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Self {
        let usable = |v: &f64| v.is_finite() && *v > 0.0;
        let (low, high) = values
            .into_iter()
            .filter(usable)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = if low <= high { (low, high) } else { (1.0, 10.0) };
        // A single value still gets an axis around it.
        let room = (high / low).powf(0.04).max(1.08);
        Self { low: low / room, high: high * room, from, to, log: true }
    }

    /// Where a value stands; values beyond the ends stand at them.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = if self.log {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            value / self.high
        };
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self.from + share * (self.to - self.from)
    }

    /// Values of ticks, at most about `most` of them: powers of ten (with 2 and 5 between them where there are few) or
    /// round steps.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        if self.log { self.log_ticks(most) } else { self.linear_ticks(most) }
    }

    fn linear_ticks(&self, most: usize) -> Vec<f64> {
        let raw = self.high / most.max(1) as f64;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|f| f * power).into_iter().find(|s| *s >= raw).unwrap_or(raw);
        (0..=most).map(|i| i as f64 * step).take_while(|v| *v <= self.high * (1.0 + 1e-9)).collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<f64> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let within = |v: &f64| *v >= self.low * (1.0 - 1e-9) && *v <= self.high * (1.0 + 1e-9);
        let of = |factors: &[f64], every: i32| -> Vec<f64> {
            (first..=last)
                .filter(|p| p.rem_euclid(every) == 0)
                .flat_map(|p| factors.iter().map(move |f| f * 10_f64.powi(p)))
                .filter(within)
                .collect()
        };
        let candidates: [(&[f64], i32); 6] = [
            (&[1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0], 1),
            (&[1.0, 2.0, 5.0], 1),
            (&[1.0, 3.0], 1),
            (&[1.0], 1),
            (&[1.0], 2),
            (&[1.0], 3),
        ];
        candidates
            .into_iter()
            .map(|(factors, every)| of(factors, every))
            .find(|ticks| ticks.len() <= most && ticks.len() >= 2)
            .unwrap_or_else(|| of(&[1.0], ((last - first) / most.max(1) as i32).max(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_ends_and_the_middle_is_geometric() {
        let scale = Scale::linear(10.0, 100.0, 200.0);
        assert_eq!((scale.at(0.0), scale.at(10.0), scale.at(99.0)), (100.0, 200.0, 200.0));
        let log = Scale::log([1.0, 100.0], 0.0, 100.0);
        assert!((log.at(10.0) - 50.0).abs() < 1e-9);
        assert!(log.at(0.0).abs() < 1e-9);
        assert!(log.at(f64::NAN).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(Scale::linear(7.3, 0.0, 1.0).ticks(5), [0.0, 2.0, 4.0, 6.0]);
        let wide = Scale::log([3.0, 3e9], 0.0, 1.0).ticks(6);
        assert!((2..=6).contains(&wide.len()), "{wide:?}");
        let narrow = Scale::log([1.0, 1.4], 0.0, 1.0).ticks(6);
        assert!(narrow.len() >= 2, "{narrow:?}");
        for odd in [vec![], vec![0.0, -1.0], vec![f64::INFINITY], vec![5.0]] {
            let scale = Scale::log(odd, 0.0, 1.0);
            assert!(scale.at(5.0).is_finite() && scale.ticks(5).iter().all(|t| t.is_finite()));
        }
    }
}
