//! Traces drawn from what is published of two platforms.
//!
//! Azure Functions (Shahrad et al., ATC 2020): calls per day of an application: 45 % at most hourly, 81 % at most once a
//! minute, the rest up to millions; 16 % of functions are timers; gaps have a coefficient of variation above 1 for 65 % of applications without timers. Execution on the edge: log-normal with a
//! median of 10 ms, clipped at a second. Huawei (Joosen et al., `EuroSys` 2025): regions differ, median execution
//! 4 to 100 ms, 1 to 20 % of functions called at least once a minute, peak over trough from 2 to 1000, gaps heavy-tailed (Weibull, mean 1.25, standard deviation 3.66). Daily waves, bursts and sizes are assumptions, said in the code.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, LogNormal, Weibull, Zipf};

use crate::adversary::log_uniform;
use crate::{Call, Trace};

/// Whose distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Azure Functions 2019.
    Azure,
    /// Huawei Cloud 2024.
    Huawei,
}

/// Length of a trace: a day, ns.
const DAY: f64 = 86_400e9;

/// A minute in seconds-per-day terms: calls a day of a function called once a minute.
const MINUTELY: f64 = 1440.0;

/// Longest call that belongs on an edge node, ns.
const LONGEST: f64 = 1e9;

/// Shape of a Weibull distribution whose standard deviation is 2.93 means (3.66 over 1.25).
const HUAWEI_SHAPE: f64 = 0.422;

/// How calls follow each other.
enum Gaps {
    Timer { period: f64 },
    Renewal { mean: f64, gamma: Gamma<f64> },
    Heavy { mean: f64, weibull: Weibull<f64>, unit: f64 },
}

impl Gaps {
    fn next(&self, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Self::Timer { period } => period * (1.0 + 0.01 * (rng.random::<f64>() - 0.5)),
            Self::Renewal { mean, gamma } => mean * gamma.sample(rng),
            Self::Heavy { mean, weibull, unit } => mean * weibull.sample(rng) / unit,
        }
    }
}

/// Draws the trace of one function: up to a day or `most` calls; `noise` is the standard deviation of ln(work) that the
/// size of the input does not explain, and zero makes an exact trace.
pub fn generate(source: Source, module: usize, most: usize, noise: f64, rng: &mut ChaCha8Rng) -> Trace {
    let (per_day, median_work, wave) = match source {
        Source::Azure => {
            let u: f64 = rng.random();
            let per_day = if u < 0.45 {
                log_uniform(rng, 0.1, 24.0)
            } else if u < 0.814 {
                log_uniform(rng, 24.0, MINUTELY)
            } else {
                log_uniform(rng, MINUTELY, 10_f64.powf(6.5))
            };
            (per_day, 10e6, log_uniform(rng, 2.0, 10.0))
        }
        Source::Huawei => {
            // A region first: everything in it depends on it.
            let median = log_uniform(rng, 4e6, 100e6);
            let busy = 0.01 + 0.19 * rng.random::<f64>();
            let per_day = if rng.random_bool(busy) {
                log_uniform(rng, MINUTELY, 10_f64.powf(6.5))
            } else {
                log_uniform(rng, 0.1, MINUTELY)
            };
            (per_day, median, log_uniform(rng, 2.0, 1000.0))
        }
    };
    let gaps = gaps(source, DAY / per_day, rng);
    let works = Works::new(median_work, noise, rng);
    // Assumption: one function in twenty has ten seconds a hundred times as busy.
    let spike = rng.random_bool(0.05).then(|| rng.random::<f64>() * DAY);
    let phase = rng.random::<f64>();
    let mut calls = Vec::new();
    let mut at = 0.0;
    while calls.len() < most && at < DAY {
        calls.push(works.call(at as u64, rng));
        // The wave is between 1/wave and 1 of the peak, and one on average.
        let level = 0.5 + 0.5 * (std::f64::consts::TAU * (at / DAY + phase)).cos();
        let mut busy = 2.0 * (1.0 + (wave - 1.0) * level) / (1.0 + wave);
        if spike.is_some_and(|from| (from..from + 10e9).contains(&at)) {
            busy *= 100.0;
        }
        let gap = gaps.next(rng) / if matches!(gaps, Gaps::Timer { .. }) { 1.0 } else { busy };
        // A spike begins for a function whose next call lies behind it, too.
        at = match spike {
            Some(from) if at < from && at + gap > from && busy < 50.0 => from,
            _ => at + gap,
        };
    }
    let name = match source {
        Source::Azure => "azure",
        Source::Huawei => "huawei",
    };
    Trace::new(name, module, calls, noise == 0.0)
}

fn gaps(source: Source, mean: f64, rng: &mut ChaCha8Rng) -> Gaps {
    if rng.random_bool(0.16) {
        let minutes = [1.0, 5.0, 15.0, 60.0];
        let near = |a: &f64| (a * 60e9 / mean).ln().abs();
        let period = minutes.into_iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap_or(60.0);
        return Gaps::Timer { period: period * 60e9 };
    }
    if source == Source::Huawei
        && let Ok(weibull) = Weibull::new(1.0, HUAWEI_SHAPE)
    {
        // Γ(1 + 1/k) at this shape.
        return Gaps::Heavy { mean, weibull, unit: 2.884 };
    }
    // 65 % of gaps vary by more than their mean.
    let cv = if rng.random_bool(0.65) {
        1.0 - (1.0 - rng.random::<f64>()).ln()
    } else {
        0.2 + 0.8 * rng.random::<f64>()
    };
    let shape = 1.0 / (cv * cv);
    match Gamma::new(shape, 1.0 / shape) {
        Ok(gamma) => Gaps::Renewal { mean, gamma },
        Err(_) => Gaps::Timer { period: mean },
    }
}

/// Sizes and work of one function's calls.
struct Works {
    base: f64,
    growth: f64,
    sizes: Zipf<f64>,
    smallest: u64,
    noise: f64,
}

impl Works {
    fn new(median: f64, noise: f64, rng: &mut ChaCha8Rng) -> Self {
        // Assumptions: eight size classes, Zipf; work independent of size, or growing with its root, or with it.
        let growth = [0.0, 0.0, 0.5, 1.0][rng.random_range(0..4)];
        let base = LogNormal::new(median.ln(), 1.8).map_or(median, |d| d.sample(rng));
        let exponent = 0.8 + rng.random::<f64>();
        let sizes =
            Zipf::new(8.0, exponent).unwrap_or_else(|_| unreachable!("eight classes, a positive exponent"));
        Self { base, growth, sizes, smallest: 1 << rng.random_range(4..14), noise }
    }

    fn call(&self, at: u64, rng: &mut ChaCha8Rng) -> Call {
        let class = (self.sizes.sample(rng) as u32).saturating_sub(1).min(7);
        let noise = if self.noise > 0.0 {
            LogNormal::new(0.0, self.noise).map_or(1.0, |d| d.sample(rng))
        } else {
            1.0
        };
        let work = self.base * 2_f64.powf(self.growth * f64::from(class)) * noise;
        Call { at, size: self.smallest << class, work: work.clamp(1e3, LONGEST) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn traces(source: Source, n: usize) -> Vec<Trace> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        (0..n).map(|_| generate(source, 0, 2000, 0.0, &mut rng)).collect()
    }

    #[test]
    fn functions_are_as_rare_and_as_busy_as_published() {
        let all = traces(Source::Azure, 4000);
        let share = |most: f64| {
            let below = all.iter().filter(|t| (t.calls.len() as f64) <= most).count();
            below as f64 / all.len() as f64
        };
        // Hourly at most: 45 %, with timers and the first call moving it a little; once a minute at most: 81 %.
        assert!((0.38..0.50).contains(&share(24.0)), "{}", share(24.0));
        assert!((0.74..0.86).contains(&share(1440.0)), "{}", share(1440.0));
    }

    #[test]
    fn work_has_the_median_asked_for_and_stays_on_the_edge() {
        let mut work: Vec<f64> = traces(Source::Azure, 4000).iter().map(|t| t.calls[0].work).collect();
        work.sort_by(f64::total_cmp);
        assert!((8e6..20e6).contains(&work[work.len() / 2]), "{}", work[work.len() / 2]);
        assert!(work.iter().all(|w| *w <= LONGEST));
    }

    #[test]
    fn heavy_gaps_have_the_published_variation() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let weibull = Weibull::new(1.0, HUAWEI_SHAPE).unwrap();
        let gaps = Gaps::Heavy { mean: 1.25, weibull, unit: 2.884 };
        let drawn: Vec<f64> = (0..400_000).map(|_| gaps.next(&mut rng)).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let deviation = (drawn.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / drawn.len() as f64).sqrt();
        assert!((mean - 1.25).abs() < 0.05 && (deviation - 3.66).abs() < 0.4, "{mean} {deviation}");
    }

    #[test]
    fn the_same_seed_gives_the_same_trace() {
        assert_eq!(traces(Source::Huawei, 20), traces(Source::Huawei, 20));
    }
}
