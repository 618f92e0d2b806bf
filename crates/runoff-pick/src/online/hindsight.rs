//! The deterministic core: build what would have been best in hindsight.

/// Costs of all tiers over the calls so far: `H_r = b_r + Σ E_r`.
///
/// Building each new leader of H at once and running every call on the cheapest built tier costs at most
/// min H + Σ b(built) − min b, whatever the calls are. Proof: let the leader of a call be the argmin of H with that
/// call included, and b a call number zero of its own, whose leader is the tier with the smallest b. Then the costs
/// of the leaders, each on its own call, add up to at most min H after the last call ("be the leader", by induction:
/// the last leader's H bounds its own last cost plus its H before, which is no less than min H before). Leaders
/// are built when their call runs, so calls cost no more than that, less the min b of call zero; what was built
/// costs Σ b. The bound is a property test. On a ladder ([`crate::online::ladder`]) whose prices are known it stays
/// below twice the optimum.
#[derive(Clone, Debug, PartialEq)]
pub struct Hindsight {
    build: Vec<f64>,
    run: Vec<f64>,
}

impl Hindsight {
    /// No calls yet; `build` is what each tier costs to build, nanoseconds.
    pub fn new(build: Vec<f64>) -> Self {
        let run = vec![0.0; build.len()];
        Self { build, run }
    }

    /// Counts a call that would have taken `costs` on the tiers, nanoseconds.
    pub fn add(&mut self, costs: &[f64]) {
        for (sum, cost) in self.run.iter_mut().zip(costs) {
            *sum += cost;
        }
    }

    /// H of a tier, nanoseconds.
    pub fn total(&self, tier: usize) -> f64 {
        self.build[tier] + self.run[tier]
    }

    /// The tier with the lowest H among those allowed, the first of equals; `None` when none is.
    pub fn leader(&self, allowed: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.build.len()).filter(|r| allowed(*r)).min_by(|a, b| self.total(*a).total_cmp(&self.total(*b)))
    }
}

/// The core run by itself: builds are paid for and there at once. This is the model the bound is about.
#[derive(Clone, Debug)]
pub struct Core {
    hindsight: Hindsight,
    ladder: Vec<bool>,
    built: Vec<bool>,
    spent: f64,
    ran: f64,
}

impl Core {
    /// For tiers with these build costs (ns), of which those in `ladder` may be built.
    pub fn new(build: Vec<f64>, ladder: &[usize]) -> Self {
        let n = build.len();
        Self {
            hindsight: Hindsight::new(build),
            ladder: (0..n).map(|r| ladder.contains(&r)).collect(),
            built: vec![false; n],
            spent: 0.0,
            ran: 0.0,
        }
    }

    /// Runs a call that takes `costs` on the tiers (ns); the tier it ran on, `None` when there is none.
    pub fn call(&mut self, costs: &[f64]) -> Option<usize> {
        self.hindsight.add(costs);
        let leader = self.hindsight.leader(|r| self.ladder[r])?;
        if !self.built[leader] {
            self.built[leader] = true;
            self.spent += self.hindsight.build[leader];
        }
        let tier =
            (0..costs.len()).filter(|r| self.built[*r]).min_by(|a, b| costs[*a].total_cmp(&costs[*b]))?;
        self.ran += costs[tier];
        Some(tier)
    }

    /// What builds and calls have cost, nanoseconds.
    pub fn cost(&self) -> f64 {
        self.spent + self.ran
    }

    /// What builds have cost, nanoseconds.
    pub fn spent(&self) -> f64 {
        self.spent
    }

    /// The cheapest single tier in hindsight, nanoseconds, of all tiers.
    pub fn best_single(&self) -> f64 {
        self.hindsight.leader(|_| true).map_or(0.0, |r| self.hindsight.total(r))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::online::ladder;
    use proptest::prelude::*;

    #[test]
    fn two_tiers_are_ski_rental() {
        // Renting at 1, buying at 10: bought with the tenth call, when both come to the same.
        let mut core = Core::new(vec![0.0, 10.0], &[0, 1]);
        let tiers: Vec<_> = (0..12).map(|_| core.call(&[1.0, 0.0]).unwrap()).collect();
        assert_eq!(tiers.iter().position(|t| *t == 1), Some(10));
        assert!((core.cost() - 20.0).abs() < 1e-9, "{}", core.cost());
    }

    proptest! {
        /// The bound of the module's comment, for calls that follow no law at all.
        #[test]
        fn following_the_leader_costs_the_best_tier_and_what_was_built(
            build in prop::collection::vec(0.0_f64..1e4, 1..6),
            calls in prop::collection::vec(prop::collection::vec(0.0_f64..1e3, 6), 0..60),
        ) {
            let all: Vec<usize> = (0..build.len()).collect();
            let mut core = Core::new(build.clone(), &all);
            for call in &calls {
                core.call(&call[..build.len()]);
                let least = build.iter().copied().fold(f64::INFINITY, f64::min);
                let bound = core.best_single() + core.spent() - least;
                prop_assert!(core.cost() <= bound * (1.0 + 1e-12) + 1e-9, "{} > {bound}", core.cost());
            }
        }

        /// Stopped after any call, steady calls cost at most what the ladder promises, plus the one call by which
        /// whole numbers overshoot.
        #[test]
        fn a_ladder_keeps_its_promise(
            tiers in prop::collection::vec((1.0_f64..1e5, 0.1_f64..1e3), 1..6),
            n in 1_usize..400,
        ) {
            let (build, run): (Vec<f64>, Vec<f64>) = tiers.into_iter().unzip();
            let ladder = ladder::choose(&build, &run, &[]);
            let mut core = Core::new(build, &ladder.tiers);
            for _ in 0..n {
                core.call(&run);
                let best = core.best_single();
                prop_assert!(
                    core.cost() <= ladder.worst * best * (1.0 + 1e-9),
                    "{} > {} x {best} on {:?}", core.cost(), ladder.worst, ladder.tiers
                );
            }
        }

        /// With two tiers twice the optimum is kept always.
        #[test]
        fn two_tiers_are_never_worse_than_twice_the_optimum(
            build in prop::collection::vec(0.0_f64..1e4, 2),
            calls in prop::collection::vec(prop::collection::vec(0.0_f64..1e3, 2), 1..80),
        ) {
            let mut core = Core::new(build, &[0, 1]);
            for call in &calls {
                core.call(call);
                prop_assert!(core.cost() <= 2.0 * core.best_single() * (1.0 + 1e-12));
            }
        }
    }
}
