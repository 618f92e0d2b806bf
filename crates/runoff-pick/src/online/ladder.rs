//! Which tiers are worth having: few enough that what is built on the way is never more than it saves.
//!
//! Every tier that was built and overtaken is money lost, so more tiers are not better: with many that lie close
//! together the lower envelope buys one after the other and ends far above twice the optimum (no deterministic rule
//! is below 2.95 for all price lists of five and more; Fujiwara et al. 2014). Prices are known well
//! enough to see that beforehand. The ladder is the subset of tiers for which following the leader is best: the
//! lowest mean over numbers of calls among subsets that never cost more than [`TARGET`] times the optimum *over all
//! tiers*, else the lowest worst case.

/// Worst case asked for, in optima.
pub const TARGET: f64 = 1.9;

/// Tiers considered: more than these make more subsets than a deployment should wait for.
const MOST: usize = 9;

/// A chosen subset.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// Tiers, by rising build cost.
    pub tiers: Vec<usize>,
    /// Largest cost over the optimum for steady calls, however many there are: of processor time, and of processor
    /// time for builds with what callers wait.
    pub worst: f64,
    /// Mean of it over numbers of calls, spread evenly on a logarithmic scale.
    pub mean: f64,
}

/// The best ladder for tiers with these build costs and steady run costs per call, nanoseconds; `have` are in it
/// in any case, because they are built.
pub fn choose(build: &[f64], run: &[f64], have: &[usize]) -> Ladder {
    let pool = pool(build, run, have);
    let mut best: Option<Ladder> = None;
    for mask in 1_u32..(1 << pool.len()) {
        let tiers: Vec<usize> =
            pool.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, r)| *r).collect();
        if have.iter().any(|r| pool.contains(r) && !tiers.contains(r)) {
            continue;
        }
        let ladder = judge(build, run, tiers);
        let key = |l: &Ladder| if l.worst <= TARGET { (0, l.mean) } else { (1, l.worst) };
        if best.as_ref().is_none_or(|b| key(&ladder) < key(b)) {
            best = Some(ladder);
        }
    }
    best.unwrap_or(Ladder { tiers: Vec::new(), worst: 1.0, mean: 1.0 })
}

/// Tiers no other beats both in building and running, and those that are there, the cheapest to build first.
fn pool(build: &[f64], run: &[f64], have: &[usize]) -> Vec<usize> {
    let beaten = |r: usize| {
        (0..build.len()).any(|q| {
            let no_worse = build[q] <= build[r] && run[q] <= run[r];
            no_worse && (build[q] < build[r] || run[q] < run[r] || q < r)
        })
    };
    let mut pool: Vec<usize> = (0..build.len()).filter(|r| have.contains(r) || !beaten(*r)).collect();
    pool.sort_by(|a, b| build[*a].total_cmp(&build[*b]));
    while pool.len() > MOST {
        // The one whose neighbours replace it best: the smallest step in run cost.
        let step = |i: usize| run[pool[i - 1]] / run[pool[i]].max(f64::MIN_POSITIVE);
        let Some(least) = (1..pool.len() - 1)
            .filter(|i| !have.contains(&pool[*i]))
            .min_by(|a, b| step(*a).total_cmp(&step(*b)))
        else {
            pool.truncate(MOST);
            break;
        };
        pool.remove(least);
    }
    pool
}

/// Where costs change their slope, and what following the leader costs there.
struct Walk {
    /// (call from which it leads, tier), the first at call one.
    leaders: Vec<(f64, usize)>,
}

impl Walk {
    fn new(build: &[f64], run: &[f64], tiers: &[usize]) -> Self {
        let at = |r: usize, n: f64| build[r] + run[r] * n;
        let Some(first) = tiers.iter().copied().min_by(|a, b| at(*a, 1.0).total_cmp(&at(*b, 1.0))) else {
            return Self { leaders: Vec::new() };
        };
        let mut leaders = vec![(1.0, first)];
        let mut current = first;
        loop {
            // The next leader is the first whose line crosses ours; of those that cross together, the flattest.
            let next = tiers
                .iter()
                .copied()
                .filter(|r| run[*r] < run[current])
                .map(|r| ((build[r] - build[current]) / (run[current] - run[r]), r))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(run[a.1].total_cmp(&run[b.1])));
            let Some((n, r)) = next else { break };
            leaders.push((n.max(1.0), r));
            current = r;
        }
        Self { leaders }
    }

    /// Cost after `n` whole calls, the leader of a call being built before it runs.
    fn cost(&self, build: &[f64], run: &[f64], n: f64) -> f64 {
        let mut cost = 0.0;
        for (i, (from, r)) in self.leaders.iter().enumerate() {
            let first = first_call(*from);
            if first > n {
                break;
            }
            let until = self.leaders.get(i + 1).map_or(n, |(next, _)| (first_call(*next) - 1.0).min(n));
            // Between two crossings there may be no whole call: then the tier never led and was not built.
            if until >= first {
                cost += build[*r] + run[*r] * (until - first + 1.0);
            }
        }
        cost
    }
}

/// The first call that a tier leads from a crossing on; at a tie the old leader stays or the cheaper build comes
/// first, and rounding may put a call on either side.
fn first_call(crossing: f64) -> f64 {
    if crossing <= 1.0 { 1.0 } else { crossing.ceil() }
}

fn judge(build: &[f64], run: &[f64], tiers: Vec<usize>) -> Ladder {
    let all: Vec<usize> = (0..build.len()).collect();
    let walk = Walk::new(build, run, &tiers);
    let first = walk.leaders.first().map_or(0.0, |(_, r)| build[*r]);
    let single = |n: f64| all.iter().map(|r| build[*r] + run[*r] * n).fold(f64::INFINITY, f64::min);
    // With what callers wait for, the code of the first call counts twice, and a second tier may come after it.
    let waited = |n: f64| {
        let with = |p: usize| {
            let alone = run[p] * n;
            let better = all.iter().map(|r| build[*r] + run[p] + run[*r] * (n - 1.0)).fold(alone, f64::min);
            2.0 * build[p] + better
        };
        all.iter().map(|p| with(*p)).fold(f64::INFINITY, f64::min)
    };
    let ratio = |n: f64| {
        let cost = walk.cost(build, run, n);
        (cost / single(n).max(f64::MIN_POSITIVE)).max((first + cost) / waited(n).max(f64::MIN_POSITIVE))
    };
    // Between purchases the cost is a line and the optimum a minimum of lines, over each of which the ratio is
    // monotone: it is largest at a purchase, just before one, or far away.
    let kinks = walk.leaders.iter().flat_map(|(n, _)| [first_call(*n) - 1.0, first_call(*n)]);
    let mut worst = kinks.filter(|n| *n >= 1.0).map(ratio).fold(1.0, f64::max);
    let least = |list: &[usize]| list.iter().map(|r| run[*r]).fold(f64::INFINITY, f64::min);
    worst = worst.max(least(&tiers) / least(&all).max(f64::MIN_POSITIVE));
    let best = Walk::new(build, run, &all);
    let last = walk.leaders.iter().chain(&best.leaders).map(|(n, _)| *n).fold(10.0, f64::max) * 10.0;
    let points = 24;
    let sample = |i: i32| ratio(last.powf(f64::from(i) / f64::from(points - 1)).round());
    let mean = (0..points).map(sample).sum::<f64>() / f64::from(points);
    Ladder { tiers, worst, mean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_that_lie_close_together_are_left_out() {
        // Eight tiers, each a little dearer and a little faster: buying all of them would cost far above twice.
        let build: Vec<f64> = (0..8).map(|i| 1000.0 * 1.3_f64.powi(i)).collect();
        let run: Vec<f64> = (0..8).map(|i| 100.0 * 0.7_f64.powi(i)).collect();
        let all = judge(&build, &run, (0..8).collect());
        let ladder = choose(&build, &run, &[]);
        assert!(all.worst > 2.5, "{all:?}");
        // No subset of these reaches the target; the best one comes near.
        assert!(ladder.worst < 2.05 && ladder.tiers.len() == 2, "{ladder:?}");
    }

    #[test]
    fn what_is_built_stays() {
        let ladder = choose(&[1.0, 5.0, 1000.0], &[100.0, 99.0, 1.0], &[1]);
        assert!(ladder.tiers.contains(&1), "{ladder:?}");
        assert_eq!(choose(&[], &[], &[]).tiers, Vec::<usize>::new());
    }

    #[test]
    fn a_tier_that_is_worse_in_everything_is_never_built() {
        let ladder = choose(&[1.0, 2.0, 50.0], &[10.0, 11.0, 1.0], &[]);
        assert!(!ladder.tiers.contains(&1), "{ladder:?}");
    }
}
