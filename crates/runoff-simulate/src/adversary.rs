//! Traces made to hurt.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use runoff_pick::online::{Core, ladder};

use crate::{Call, ModuleCosts, Trace};

/// A way to hurt a policy of choosing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// One call and never again.
    OneHit,
    /// Calls far apart that stop the moment a rule of hindsight has bought.
    StopAtBuy,
    /// Calls one after the other that stop when what was bought is there.
    StopWhenBuilt,
    /// Very many first calls at once.
    ColdHerd,
    /// Small inputs until everything has settled, then large ones, or the other way round.
    SizeFlip,
    /// A few calls, a long pause, then very many in a row.
    Burst,
    /// Very many calls at once just when something was bought and is not there yet.
    ///
    /// Nobody can win this who does not know the future: n calls that come at once while the fast tier is not there
    /// cost n · min(E, b + E′) with whatever is done, against b + n · E′ for the clairvoyant who built it at the
    /// deployment, so the ratio goes to E/E′ as n grows. Only building everything at the first call avoids that, and costs
    /// b/E times the optimum when no second call comes.
    BuildHerd,
}

impl Attack {
    /// Those that a policy can withstand: all but the herd during a build.
    pub const ALL: [Self; 6] =
        [Self::OneHit, Self::StopAtBuy, Self::StopWhenBuilt, Self::ColdHerd, Self::SizeFlip, Self::Burst];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneHit => "one call only",
            Self::StopAtBuy => "stops at each buy",
            Self::StopWhenBuilt => "stops when built",
            Self::ColdHerd => "herd on a cold function",
            Self::SizeFlip => "size of input flips",
            Self::Burst => "burst after a pause",
            Self::BuildHerd => "herd during a build",
        }
    }
}

/// Most calls of an attack.
const MOST: usize = 2000;

/// Makes a trace of at most 2000 calls.
pub fn attack(kind: Attack, module: usize, costs: &ModuleCosts, rng: &mut ChaCha8Rng) -> Trace {
    let work = log_uniform(rng, 1e4, 1e9);
    let size = 1000;
    let slowest = costs.builds().into_iter().fold(0.0, f64::max);
    let apart = (2.0 * slowest + 50.0 * work) as u64;
    let steady = |n: usize, gap: u64, from: u64| -> Vec<Call> {
        (0..n as u64).map(|i| Call { at: from + i * gap, size, work }).collect()
    };
    let calls = match kind {
        Attack::OneHit => steady(1, 0, 0),
        Attack::StopAtBuy => {
            let buys = buys(costs, work);
            let n = pick(rng, &buys).map_or(1, |(n, _)| n);
            // Exactly at the purchase, or one call to either side.
            steady((n + rng.random_range(0..3)).saturating_sub(1).max(1), apart, 0)
        }
        Attack::StopWhenBuilt => {
            let buys = buys(costs, work);
            let (n, tier) = pick(rng, &buys).unwrap_or((1, 0));
            // Closed loop: a call follows when the last one, on the tier before, has ended.
            let before = buys.iter().rev().find(|(at, _)| *at < n).map_or(tier, |(_, t)| *t);
            let each = (costs.tiers[before].setup_ns + costs.slowdown()[before] * work).max(1.0);
            let during = (costs.tiers[tier].build_ns / each) as usize;
            steady((n + during + 1).min(MOST), each as u64, 0)
        }
        Attack::ColdHerd => steady(log_uniform(rng, 10.0, 1000.0) as usize, 0, 0),
        Attack::SizeFlip => {
            let factor = log_uniform(rng, 4.0, 256.0);
            let n = log_uniform(rng, 2.0, 400.0) as usize;
            let m = log_uniform(rng, 1.0, 400.0) as usize;
            let base = (work / factor).max(1e3);
            let (small, large) = (
                Call { at: 0, size: 1000, work: base },
                Call { at: 0, size: (1000.0 * factor) as u64, work: base * factor },
            );
            let order =
                if rng.random_bool(0.5) { [(small, n), (large, m)] } else { [(large, m), (small, n)] };
            let all = order.into_iter().flat_map(|(call, times)| std::iter::repeat_n(call, times));
            all.zip(0..).map(|(call, i)| Call { at: i * apart, ..call }).collect()
        }
        Attack::Burst => {
            let few = rng.random_range(1..6);
            let many = log_uniform(rng, 10.0, 1000.0) as usize;
            // One caller: a call follows when the last one has ended, on whatever tier.
            let times = costs.tiers.iter().zip(costs.slowdown()).map(|(t, slow)| t.setup_ns + slow * work);
            let gap = log_uniform(rng, 1e5, 1e9).max(times.fold(0.0, f64::max)) as u64;
            let mut calls = steady(few, apart, 0);
            calls.extend(steady(many, gap, few as u64 * apart + 3_600_000_000_000));
            calls
        }
        Attack::BuildHerd => {
            let buys = buys(costs, work);
            let (n, _) = pick(rng, &buys).unwrap_or((1, 0));
            let mut calls = steady(n, apart, 0);
            let at = calls.last().map_or(0, |c| c.at) + 1;
            calls.extend(steady(log_uniform(rng, 10.0, 1000.0) as usize, 0, at));
            calls
        }
    };
    Trace::new(kind.name(), module, calls, true)
}

/// The calls with which the core buys, and what.
fn buys(costs: &ModuleCosts, work: f64) -> Vec<(usize, usize)> {
    let build = costs.builds();
    let run: Vec<f64> =
        costs.tiers.iter().zip(costs.slowdown()).map(|(t, slow)| t.setup_ns + slow * work).collect();
    let ladder = ladder::choose(&build, &run, &[]);
    let mut core = Core::new(build, &ladder.tiers);
    let mut found = Vec::new();
    let mut spent = 0.0;
    for n in 1..=MOST {
        let tier = core.call(&run);
        if core.spent() > spent {
            spent = core.spent();
            found.extend(tier.map(|t| (n, t)));
        }
    }
    found
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, list: &[T]) -> Option<T> {
    (!list.is_empty()).then(|| list[rng.random_range(0..list.len())])
}

pub(crate) fn log_uniform(rng: &mut ChaCha8Rng, low: f64, high: f64) -> f64 {
    (low.ln() + rng.random::<f64>() * (high / low).ln()).exp()
}
