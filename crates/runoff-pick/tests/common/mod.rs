//! Three tiers, and events for one function of one module.

use std::collections::BTreeMap;

use runoff_pick::online::{
    Certain, Decision, Deployment, Draws, Event, Policy, Prior, Settings, Tier, TierFacts,
};

pub(crate) const MS: u64 = 1_000_000;

pub(crate) fn tiers() -> Vec<Tier> {
    ["interpreter", "baseline", "optimising"]
        .iter()
        .enumerate()
        .map(|(i, id)| Tier { runtime: (*id).into(), optimising: i == 2 })
        .collect()
}

/// An interpreter (1 ms to build, 10 times slower), a baseline (5 ms, twice) and an optimising compiler (100 ms).
pub(crate) fn deployment(function: u64, module: u64, work_ms: f64) -> Deployment {
    let facts = |build: f64, slow: f64| TierFacts {
        allowed: true,
        stored: false,
        build: Prior::known(build * 1e6),
        load: Prior::known(1e5),
        setup: Prior::known(1e4),
        slowdown: Prior::known(slow),
    };
    Deployment {
        function,
        module,
        tiers: vec![facts(1.0, 10.0), facts(5.0, 2.0), facts(100.0, 1.0)],
        work: Prior::new(work_ms * 1e6, 0.1),
        told: BTreeMap::new(),
        idempotent: false,
        deadline_ns: f64::INFINITY,
        expected_calls: 0.0,
    }
}

pub(crate) fn policy() -> Policy<Certain> {
    Policy::new(tiers(), Settings::default(), Certain)
}

pub(crate) fn deploy(policy: &mut Policy<impl Draws>, what: Deployment) -> Vec<Decision> {
    policy.on(0, Event::Deployed(Box::new(what)))
}

pub(crate) fn arrive(policy: &mut Policy<impl Draws>, now: u64, call: u64) -> Vec<Decision> {
    policy.on(now, Event::Arrived { function: 1, call, size: 10 })
}

pub(crate) fn built(policy: &mut Policy<impl Draws>, now: u64, tier: usize, took: f64) -> Vec<Decision> {
    policy.on(now, Event::Built { module: 7, tier, took_ns: took, bytes: 1000, stored: tier > 0 })
}

pub(crate) fn end(
    policy: &mut Policy<impl Draws>,
    now: u64,
    call: u64,
    tier: usize,
    run: f64,
) -> Vec<Decision> {
    policy.on(now, Event::Ended { call, tier, setup_ns: 1e4, run_ns: run, well: true })
}
