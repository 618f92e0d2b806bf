//! Rank statistics of two independent groups (Mann & Whitney 1947; Hodges & Lehmann 1963).

use statrs::distribution::{ContinuousCDF, Normal};

use crate::quantile::median;

/// Result of a Mann–Whitney test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// U of the first group: pairs in which it is larger, ties counting half.
    pub u: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Below this many values in both groups together, and without ties, the distribution of U is exact.
const EXACT_BELOW: usize = 40;

/// Two-sided Mann–Whitney test. Exact for small groups without ties; otherwise the normal approximation with
/// correction for ties and continuity. `None` when a group is empty.
pub fn mann_whitney(a: &[f64], b: &[f64]) -> Option<MannWhitney> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let mut u = 0.0;
    for x in a {
        for y in b {
            u += match x.total_cmp(y) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    let ties = tie_sizes(a, b);
    let p = if ties.is_empty() && a.len() + b.len() < EXACT_BELOW {
        exact_p(u, a.len(), b.len())
    } else {
        normal_p(u, a.len() as f64, b.len() as f64, &ties)
    };
    Some(MannWhitney { u, p })
}

/// Sizes of groups of equal values.
fn tie_sizes(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = a.iter().chain(b).copied().collect();
    all.sort_by(f64::total_cmp);
    all.chunk_by(|x, y| x.total_cmp(y).is_eq()).map(|c| c.len() as f64).filter(|n| *n > 1.0).collect()
}

/// Counts arrangements by U with the recurrence of Mann & Whitney: f(u; m, n) = f(u−n; m−1, n) + f(u; m, n−1).
fn exact_p(u: f64, m: usize, n: usize) -> f64 {
    let largest = m * n;
    // counts[j][u] for the current m; grows by one value of the first group at a time.
    let mut counts = vec![vec![0.0_f64; largest + 1]; n + 1];
    for row in &mut counts {
        row[0] = 1.0;
    }
    for _ in 1..=m {
        let mut next = vec![vec![0.0; largest + 1]; n + 1];
        next[0][0] = 1.0;
        for j in 1..=n {
            for value in 0..=largest {
                let with_first = if value >= j { counts[j][value - j] } else { 0.0 };
                next[j][value] = with_first + next[j - 1][value];
            }
        }
        counts = next;
    }
    let total: f64 = counts[n].iter().sum();
    let extreme = u.min(largest as f64 - u) as usize;
    let tail: f64 = counts[n][..=extreme].iter().sum();
    (2.0 * tail / total).min(1.0)
}

fn normal_p(u: f64, m: f64, n: f64, ties: &[f64]) -> f64 {
    let total = m + n;
    let tie_term: f64 = ties.iter().map(|t| t.powi(3) - t).sum();
    let variance = m * n / 12.0 * ((total + 1.0) - tie_term / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = ((u - m * n / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    Normal::new(0.0, 1.0).map_or(1.0, |normal| 2.0 * normal.sf(z))
}

/// Hodges–Lehmann shift: median of all differences `b − a`. `None` when a group is empty.
pub fn hodges_lehmann(a: &[f64], b: &[f64]) -> Option<f64> {
    median(&b.iter().flat_map(|y| a.iter().map(move |x| y - x)).collect::<Vec<_>>())
}
