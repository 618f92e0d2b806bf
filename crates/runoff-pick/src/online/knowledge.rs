//! What is known of one function: how long its calls take, by tier and size of input.
//!
//! The logarithm of a run is `level of its size + effect of its tier + noise`. A tier's effect starts as the suite's
//! slow-down on this machine; where several tiers ran inputs of the same size, their difference corrects it, weighed
//! by what both are worth. So a tier that was never built has an estimate too, from the runs of the others.

use std::collections::BTreeMap;

use crate::online::{Draws, Prior};

/// Noise of single runs assumed until there are some, as the standard deviation of the logarithm.
const NOISE: f64 = 0.5;

/// Runs that assumption is worth.
const NOISE_WEIGHT: f64 = 4.0;

/// Spread of assumed work from which on it is no more than a guess.
const BLIND: f64 = 1.0;

/// How fast work is assumed to grow with size: an exponent between "not at all" and "in proportion".
const GROWTH: f64 = 0.5;

/// Size class of an input: classes double in bytes.
pub fn bucket(size: u64) -> u8 {
    (64 - size.leading_zeros()) as u8
}

/// Runs of one size on one tier.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Runs {
    n: f64,
    mean_ln: f64,
    m2: f64,
    total_ns: f64,
}

impl Runs {
    /// So many runs that took as long.
    fn add(&mut self, ns: f64, number: f64) {
        let x = ns.max(1.0).ln();
        self.n += number;
        let step = x - self.mean_ln;
        self.mean_ln += step * number / self.n;
        self.m2 += number * step * (x - self.mean_ln);
        self.total_ns += number * ns;
    }
}

/// A tier's slow-down: ln of its run time over that of the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Effect {
    prior: f64,
    spread: f64,
    ln: f64,
    uncertainty: f64,
}

/// Everything known of one function's runs.
#[derive(Clone, Debug)]
pub struct Knowledge {
    effects: Vec<Effect>,
    /// Set-up of one call (instance) per tier, ns.
    setup: Vec<Prior>,
    /// Median run on the reference for the sizes told beforehand, ns.
    told: BTreeMap<u8, Prior>,
    work: Prior,
    runs: BTreeMap<u8, Vec<Runs>>,
    observed: u32,
    fresh: u32,
    /// [`Self::hindsight`] of every tier, kept up to date.
    sums: Vec<f64>,
}

impl Knowledge {
    /// With slow-downs and set-up per tier, and the run on the reference: `work` for any size, `told` for some.
    pub fn new(slowdown: &[Prior], setup: &[Prior], work: Prior, told: BTreeMap<u8, Prior>) -> Self {
        let effect = |p: &Prior| Effect {
            prior: p.median.ln(),
            spread: p.spread,
            ln: p.median.ln(),
            uncertainty: p.spread,
        };
        Self {
            effects: slowdown.iter().map(effect).collect(),
            setup: setup.to_vec(),
            told,
            work,
            runs: BTreeMap::new(),
            observed: 0,
            fresh: 0,
            sums: vec![0.0; slowdown.len()],
        }
    }

    /// Forgets all runs: the function changed. Slow-downs go back to what the suite says.
    pub fn forget(&mut self) {
        self.runs.clear();
        (self.observed, self.fresh) = (0, 0);
        self.sums.fill(0.0);
        for effect in &mut self.effects {
            (effect.ln, effect.uncertainty) = (effect.prior, effect.spread);
        }
    }

    /// Learns a finished run.
    pub fn observe(&mut self, tier: usize, bucket: u8, setup_ns: f64, run_ns: f64) {
        self.observe_many(tier, bucket, setup_ns, run_ns, 1);
    }

    /// Learns finished runs of one kind, by their means.
    pub fn observe_many(&mut self, tier: usize, bucket: u8, setup_ns: f64, run_ns: f64, number: u32) {
        let n = self.effects.len();
        let many = f64::from(number);
        self.runs.entry(bucket).or_insert_with(|| vec![Runs::default(); n])[tier].add(run_ns, many);
        let setup = &mut self.setup[tier];
        // Set-up is small and steady: a moving average is enough.
        setup.median += (1.0 - 0.9_f64.powi(number.min(1000).cast_signed())) * (setup_ns - setup.median);
        (self.observed, self.fresh) =
            (self.observed.saturating_add(number), self.fresh.saturating_add(number));
        // Estimates of much data do not move with every run.
        if self.fresh >= self.observed.min(16) {
            self.refresh();
            self.sums = (0..n).map(|r| self.sum(r)).collect();
        } else {
            for r in 0..n {
                let ratio = if r == tier { 1.0 } else { self.ratio(r, tier) };
                self.sums[r] += many * (run_ns * ratio + self.setup[r].median);
            }
        }
    }

    /// Number of runs.
    pub fn observed(&self) -> u32 {
        self.observed
    }

    /// Runs on a tier.
    pub fn runs_on(&self, tier: usize) -> u32 {
        self.runs.values().map(|row| row[tier].n as u32).sum()
    }

    /// Variance of ln of a single run of this size.
    fn variance(&self, bucket: u8) -> f64 {
        let (mut sum, mut n) = (NOISE_WEIGHT * NOISE * NOISE, NOISE_WEIGHT);
        for runs in self.runs.get(&bucket).into_iter().flatten() {
            sum += runs.m2;
            n += (runs.n - 1.0).max(0.0);
        }
        sum / n
    }

    fn refresh(&mut self) {
        self.fresh = 0;
        // Each effect is corrected by the tiers it shares sizes with; two rounds let corrections travel.
        for _ in 0..2 {
            for tier in 0..self.effects.len() {
                let effect = self.effects[tier];
                let weight = effect.spread.powi(-2);
                let (mut sum, mut total) = (weight * effect.prior, weight);
                for (bucket, row) in &self.runs {
                    if row[tier].n == 0.0 {
                        continue;
                    }
                    let others = |q: &usize| *q != tier && row[*q].n > 0.0;
                    let n: f64 = (0..row.len()).filter(others).map(|q| row[q].n).sum();
                    if n == 0.0 {
                        continue;
                    }
                    let level = (0..row.len())
                        .filter(others)
                        .map(|q| row[q].n * (row[q].mean_ln - self.effects[q].ln))
                        .sum::<f64>()
                        / n;
                    let weight = 1.0 / (self.variance(*bucket) * (1.0 / row[tier].n + 1.0 / n));
                    sum += weight * (row[tier].mean_ln - level);
                    total += weight;
                }
                self.effects[tier].ln = sum / total;
                self.effects[tier].uncertainty = total.powf(-0.5);
            }
        }
    }

    /// ln of the median run on the reference, and whether anything but a guess is behind it.
    fn level(&self, bucket: u8) -> (f64, bool) {
        if let Some(row) = self.runs.get(&bucket) {
            let n: f64 = row.iter().map(|r| r.n).sum();
            let sum: f64 = row.iter().zip(&self.effects).map(|(r, e)| r.n * (r.mean_ln - e.ln)).sum();
            if let Some(prior) = self.told.get(&bucket) {
                let weight = self.variance(bucket) / prior.spread.powi(2);
                return ((sum + weight * prior.median.ln()) / (n + weight), true);
            }
            return (sum / n, true);
        }
        if let Some(prior) = self.told.get(&bucket) {
            return (prior.median.ln(), true);
        }
        // The nearest size that ran, scaled; below the first run the assumption for any function.
        let nearest = self.runs.keys().chain(self.told.keys()).min_by_key(|b| b.abs_diff(bucket));
        match nearest {
            Some(near) => {
                let steps = f64::from(bucket) - f64::from(*near);
                (self.level(*near).0 + GROWTH * std::f64::consts::LN_2 * steps, true)
            }
            None => (self.work.median.ln(), false),
        }
    }

    /// Whether anything is known of runs, of this function or beforehand.
    pub fn blind(&self) -> bool {
        self.observed == 0 && self.told.is_empty() && self.work.spread > BLIND
    }

    /// Times of one call on a tier, set-up included, over what its work may be: the same quantiles of work for every
    /// tier, nanoseconds.
    pub fn possible(&self, tier: usize) -> [f64; 9] {
        std::array::from_fn(|i| {
            let z = (i as f64 - 4.0) / 2.0;
            let work = (self.work.median.ln() + z * self.work.spread).exp();
            self.setup[tier].median + work * self.effects[tier].ln.exp()
        })
    }

    /// Expected time of one call of this size on a tier, set-up included, nanoseconds.
    pub fn call(&self, tier: usize, bucket: u8) -> f64 {
        self.setup[tier].median + self.run(tier, bucket, 0.0)
    }

    /// The same with the tier's slow-down drawn from what it may be.
    pub fn draw(&self, tier: usize, bucket: u8, draws: &mut impl Draws) -> f64 {
        self.setup[tier].median + self.run(tier, bucket, draws.normal() * self.effects[tier].uncertainty)
    }

    fn run(&self, tier: usize, bucket: u8, shift: f64) -> f64 {
        let (level, known) = self.level(bucket);
        // The mean of a log-normal; for sizes told beforehand and not run yet, runs are as told.
        let told_only = self.told.contains_key(&bucket) && !self.runs.contains_key(&bucket);
        let variance = if known && !told_only { self.variance(bucket) } else { 0.0 };
        (level + self.effects[tier].ln + shift + (0.5 * variance).min(4.6)).exp()
    }

    /// What all finished calls would have taken on a tier, nanoseconds: its own as they were, those of others by
    /// the ratio of slow-downs.
    pub fn hindsight(&self, tier: usize) -> f64 {
        self.sums[tier]
    }

    fn sum(&self, tier: usize) -> f64 {
        self.runs
            .values()
            .flat_map(|row| row.iter().enumerate())
            .filter(|(_, runs)| runs.n > 0.0)
            .map(|(q, runs)| {
                let ratio = if q == tier { 1.0 } else { self.ratio(tier, q) };
                runs.total_ns * ratio + runs.n * self.setup[tier].median
            })
            .sum()
    }

    /// Run time on `tier` over run time on `other`.
    pub fn ratio(&self, tier: usize, other: usize) -> f64 {
        (self.effects[tier].ln - self.effects[other].ln).exp()
    }

    /// How a run compares with what was expected, in standard deviations, before it is learned; `None` for sizes
    /// with fewer than `least` runs.
    pub fn surprise(&self, tier: usize, bucket: u8, run_ns: f64, least: f64) -> Option<f64> {
        let n: f64 = self.runs.get(&bucket)?.iter().map(|r| r.n).sum();
        let (level, _) = self.level(bucket);
        let variance = self.variance(bucket) * (1.0 + 1.0 / n.max(1.0));
        (n >= least).then(|| (run_ns.max(1.0).ln() - level - self.effects[tier].ln) / variance.sqrt())
    }

    /// The mean call so far on a tier, for choosing tiers by; before the first call the assumed one.
    pub fn typical(&self, tier: usize) -> f64 {
        let n = f64::from(self.observed);
        if n > 0.0 {
            return self.hindsight(tier) / n;
        }
        let told: Vec<f64> = self.told.values().map(|p| p.median).collect();
        let reference = runoff_stats::geometric_mean(&told).unwrap_or(self.work.median);
        self.setup[tier].median + reference * self.effects[tier].ln.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::online::Certain;

    fn two_tiers() -> Knowledge {
        let prior = |m| Prior::new(m, 0.5);
        let setup = [Prior::known(10.0), Prior::known(20.0)];
        Knowledge::new(&[prior(10.0), prior(1.0)], &setup, Prior::new(1e6, 1.5), BTreeMap::new())
    }

    #[test]
    fn size_classes_double() {
        assert_eq!([0, 1, 2, 3, 4, 1023, 1024, u64::MAX].map(bucket), [0, 1, 2, 2, 3, 10, 11, 64]);
    }

    #[test]
    fn what_never_ran_is_estimated_from_what_did() {
        let mut known = two_tiers();
        for _ in 0..10 {
            known.observe(0, 5, 10.0, 1000.0);
        }
        let (slow, fast) = (known.call(0, 5), known.call(1, 5));
        assert!((1000.0..1400.0).contains(&slow), "{slow}");
        assert!((100.0..160.0).contains(&fast), "{fast}");
        assert!((known.hindsight(0) - 10_100.0).abs() < 1.0, "{}", known.hindsight(0));
        assert!((known.hindsight(1) - 1200.0).abs() < 1.0, "{}", known.hindsight(1));
        // Larger inputs are expected to take longer, smaller ones shorter.
        assert!(known.call(0, 8) > slow && known.call(0, 2) < slow);
    }

    #[test]
    fn a_wrong_slow_down_is_corrected_by_runs_of_both() {
        let mut known = two_tiers();
        for _ in 0..40 {
            known.observe(0, 5, 10.0, 1000.0);
            known.observe(1, 5, 20.0, 500.0);
        }
        assert!((1.9..2.6).contains(&known.ratio(0, 1)), "{}", known.ratio(0, 1));
        assert!((known.draw(0, 5, &mut Certain) - known.call(0, 5)).abs() < 1e-9);
        known.forget();
        assert!((known.ratio(0, 1) - 10.0).abs() < 1e-9 && known.observed() == 0);
    }

    #[test]
    fn many_at_once_are_as_one_by_one() {
        let (mut single, mut many) = (two_tiers(), two_tiers());
        for (tier, run, number) in [(0, 1000.0, 7), (1, 130.0, 20), (0, 1100.0, 1)] {
            for _ in 0..number {
                single.observe(tier, 5, 10.0, run);
            }
            many.observe_many(tier, 5, 10.0, run, number);
        }
        // Estimates do not move with every run; after these, both have.
        for known in [&mut single, &mut many] {
            (0..16).for_each(|_| known.observe(1, 5, 10.0, 130.0));
        }
        for tier in 0..2 {
            let (a, b) = (single.call(tier, 5), many.call(tier, 5));
            assert!((a / b - 1.0).abs() < 0.02, "{a} {b}");
            let (a, b) = (single.hindsight(tier), many.hindsight(tier));
            assert!((a / b - 1.0).abs() < 0.02, "{a} {b}");
        }
        assert_eq!(single.observed(), many.observed());
    }

    #[test]
    fn surprises_are_in_standard_deviations() {
        let mut known = two_tiers();
        assert_eq!(known.surprise(0, 5, 1.0, 1.0), None);
        for i in 0..200 {
            known.observe(0, 5, 10.0, if i % 2 == 0 { 900.0 } else { 1100.0 });
        }
        assert!(known.surprise(0, 5, 1000.0, 50.0).unwrap().abs() < 0.5);
        assert!(known.surprise(0, 5, 10_000.0, 50.0).unwrap() > 4.0);
    }
}
