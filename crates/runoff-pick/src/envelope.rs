//! The lower envelope of the candidates' costs, and where on it they break even.

use runoff_stats::{Verdict, compare, median_interval};

use crate::{BreakEven, Candidate};

/// Largest number of calls looked at for break-even points.
const HORIZON: u64 = 1_000_000_000_000;

/// The lower envelope: from one call on, the runtime that overtakes the current one first, and so on.
pub(crate) fn envelope(left: &[&Candidate]) -> (Option<String>, Vec<BreakEven>) {
    let best_at =
        |n: u64| left.iter().copied().min_by(|a, b| a.median_total(n).total_cmp(&b.median_total(n)));
    let Some(first) = best_at(1) else { return (None, Vec::new()) };
    let (mut current, mut at, mut steps) = (first, 1, Vec::new());
    // Each runtime appears at most once per overtaking; the bound only guards against ties.
    for _ in 0..left.len() * 4 {
        let next = left
            .iter()
            .copied()
            .filter(|c| c.runtime != current.runtime)
            .filter_map(|c| {
                overtakes(&|n| current.median_total(n), &|n| c.median_total(n), at).map(|n| (n, c))
            })
            .min_by(|a, b| {
                // Where several take over at once, the cheapest there does; of equals, the one cheaper later.
                a.0.cmp(&b.0)
                    .then_with(|| a.1.median_total(a.0).total_cmp(&b.1.median_total(b.0)))
                    .then_with(|| a.1.median_steady().total_cmp(&b.1.median_steady()))
            });
        let Some((calls, after)) = next else { break };
        steps.push(BreakEven {
            before: current.runtime.clone(),
            after: after.runtime.clone(),
            calls,
            interval: break_even_interval(current, after, at, calls),
        });
        (current, at) = (after, calls);
    }
    (Some(first.runtime.clone()), steps)
}

/// The steps of an envelope without runtimes that are nowhere certainly better than their neighbours.
///
/// A runtime is best, compared with both neighbours, where these two break even: at one call for the first, in the
/// long run for the last. Where it is not certainly better even there, it goes.
pub(crate) fn settled(
    left: &[&Candidate],
    first: Option<&str>,
    steps: &[BreakEven],
    margin: f64,
) -> (Option<String>, Vec<BreakEven>) {
    let named = |name: &str| left.iter().copied().find(|c| c.runtime == name);
    let mut chain: Vec<&Candidate> =
        first.into_iter().chain(steps.iter().map(|s| s.after.as_str())).filter_map(named).collect();
    while let Some(i) = (0..chain.len()).find(|i| chain.len() > 1 && !certain(left, &chain, *i, margin)) {
        chain.remove(i);
        // Its neighbours may now be the same runtime.
        chain.dedup_by(|a, b| a.runtime == b.runtime);
    }
    let (mut at, mut steps) = (1, Vec::new());
    for pair in chain.windows(2) {
        let Some(calls) = overtakes(&|n| pair[0].median_total(n), &|n| pair[1].median_total(n), at) else {
            break;
        };
        steps.push(BreakEven {
            before: pair[0].runtime.clone(),
            after: pair[1].runtime.clone(),
            calls,
            interval: break_even_interval(pair[0], pair[1], at, calls),
        });
        at = calls;
    }
    (chain.first().map(|c| c.runtime.clone()), steps)
}

/// Whether member `i` of a chain must stay: whoever would take its place is, where it is best, certainly slower than
/// it, or than the best of all there (small uncertainties must not add up to a bad advice).
fn certain(left: &[&Candidate], chain: &[&Candidate], i: usize, margin: f64) -> bool {
    let slower = |than: &Candidate, what: &Candidate, n: u64| {
        let comparison = compare(&than.totals(n), &what.totals(n), margin, n);
        comparison.is_some_and(|c| c.verdict == Verdict::Slower)
    };
    let stays = |heir: &Candidate, n: u64| {
        let best = left.iter().copied().min_by(|a, b| a.median_total(n).total_cmp(&b.median_total(n)));
        slower(chain[i], heir, n) || best.is_some_and(|best| slower(best, heir, n))
    };
    match (i.checked_sub(1).map(|p| chain[p]), chain.get(i + 1)) {
        (None, Some(next)) => stays(next, 1),
        (Some(before), None) => stays(before, HORIZON),
        (Some(before), Some(next)) => {
            match overtakes(&|n| before.median_total(n), &|n| next.median_total(n), 1) {
                Some(n) => stays(before, n) && stays(next, n),
                // They never meet: one of them is better everywhere, and this one must beat it somewhere.
                None => stays(before, HORIZON),
            }
        }
        (None, None) => true,
    }
}

/// Smallest n > `from` from which `b` is cheaper than `a`, by doubling and bisection; `None` below the horizon.
fn overtakes(a: &dyn Fn(u64) -> f64, b: &dyn Fn(u64) -> f64, from: u64) -> Option<u64> {
    let cheaper = |n: u64| b(n) < a(n);
    let mut step = 1;
    let mut high = from + 1;
    while !cheaper(high) {
        if high > HORIZON {
            return None;
        }
        step = (step * 3 / 2).max(step + 1);
        high = from + step;
    }
    let mut low = from;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if cheaper(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// Interval of a break-even point from the rounds both sides share, each with a point of its own or none below
/// the horizon. It holds `found`, the point of the medians, also where few rounds have theirs near it.
fn break_even_interval(a: &Candidate, b: &Candidate, from: u64, found: u64) -> Option<(u64, Option<u64>)> {
    let points: Vec<f64> = a
        .by_round()
        .filter_map(|(round, mine)| {
            let (_, theirs) = b.by_round().find(|(r, _)| *r == round)?;
            let point = overtakes(&|n| mine.total(n), &|n| theirs.total(n), from.saturating_sub(1));
            Some(point.map_or(f64::INFINITY, |n| n as f64))
        })
        .collect();
    let (low, high) = median_interval(&points)?;
    let high = high.is_finite().then(|| (high as u64).max(found));
    Some((if low.is_finite() { (low as u64).min(found) } else { found }, high))
}
