//! The online policy against events in any order: what must never happen, and what must.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use runoff_pick::online::{Decision, Deployment, Event, Policy, Seeded, Settings, TierState};

use common::{MS, arrive, built, deploy, deployment, end, policy, tiers};

#[test]
fn a_light_function_starts_on_the_interpreter_and_moves_up_when_it_paid() {
    let mut policy = policy();
    deploy(&mut policy, deployment(1, 7, 0.1));
    let first = arrive(&mut policy, 0, 0);
    assert_eq!(first, [Decision::Wait { call: 0, tier: 0 }, Decision::Build { module: 7, tier: 0 }]);
    assert_eq!(built(&mut policy, MS, 0, 1e6), [Decision::Run { call: 0, tier: 0 }]);
    end(&mut policy, 2 * MS, 0, 0, 1e6);
    let mut bought = None;
    for call in 1..2000_u64 {
        let now = call * 1000 * MS;
        let decisions = arrive(&mut policy, now, call);
        assert!(decisions.contains(&Decision::Run { call, tier: 0 }), "{call}: {decisions:?}");
        if let Some(Decision::Build { tier, .. }) =
            decisions.iter().find(|d| matches!(d, Decision::Build { .. }))
        {
            bought = Some((call, *tier));
            break;
        }
        end(&mut policy, now + MS, call, 0, 1e6);
    }
    // Whichever is on the ladder, it is bought when its price was lost: 5 ms after 5 calls, 100 ms after 111.
    let (call, tier) = bought.expect("a purchase");
    let due = if tier == 1 { 4..=6 } else { 108..=114 };
    assert!(due.contains(&call), "tier {tier} with call {call}");
}

#[test]
fn a_thousand_first_calls_make_one_build() {
    let mut policy = policy();
    deploy(&mut policy, deployment(1, 7, 0.1));
    let mut builds = Vec::new();
    for call in 0..1000 {
        let decisions = arrive(&mut policy, 0, call);
        builds.extend(decisions.into_iter().filter(|d| matches!(d, Decision::Build { .. })));
    }
    let unique: BTreeSet<String> = builds.iter().map(|b| format!("{b:?}")).collect();
    assert_eq!(unique.len(), builds.len(), "{builds:?}");
    let run = built(&mut policy, MS, 0, 1e6);
    assert_eq!(run.iter().filter(|d| matches!(d, Decision::Run { tier: 0, .. })).count(), 1000);
}

#[test]
fn a_long_first_call_is_raced_only_where_it_may_run_twice() {
    for idempotent in [true, false] {
        let mut policy = policy();
        let mut what = deployment(1, 7, 0.1);
        what.idempotent = idempotent;
        deploy(&mut policy, what);
        arrive(&mut policy, 0, 0);
        built(&mut policy, MS, 0, 1e6);
        // It was expected to take 1 ms, and goes on and on.
        let mut now = MS;
        let mut asked = BTreeSet::new();
        while let Some(at) = policy.wake().filter(|at| *at < 1000 * MS) {
            now = at;
            for decision in policy.on(now, Event::Tick) {
                if let Decision::Build { tier, .. } = decision {
                    asked.insert(tier);
                }
            }
            if !asked.is_empty() {
                break;
            }
        }
        let tier = *asked.first().expect("a better tier is built while the call runs");
        let took = if tier == 1 { 5e6 } else { 1e8 };
        let decisions = built(&mut policy, now + took as u64, tier, took);
        let raced = decisions.contains(&Decision::Race { call: 0, tier });
        assert_eq!(raced, idempotent, "{decisions:?}");
        end(&mut policy, now + 2 * took as u64, 0, tier, 1e6);
    }
}

#[test]
fn a_failed_build_is_not_tried_again_at_once_and_calls_go_elsewhere() {
    let mut policy = policy();
    deploy(&mut policy, deployment(1, 7, 0.1));
    arrive(&mut policy, 0, 0);
    let decisions = policy.on(MS, Event::BuildFailed { module: 7, tier: 0 });
    assert!(
        matches!(decisions[..], [Decision::Wait { call: 0, tier: 1 }, Decision::Build { tier: 1, .. }]),
        "{decisions:?}"
    );
    assert!(matches!(policy.state(7, 0), Some(TierState::Failed { times: 1, .. })));
    let decisions = policy.on(2 * MS, Event::BuildFailed { module: 7, tier: 1 });
    assert!(decisions.contains(&Decision::Wait { call: 0, tier: 2 }), "{decisions:?}");
    let decisions = policy.on(3 * MS, Event::BuildFailed { module: 7, tier: 2 });
    assert_eq!(decisions, [Decision::Refuse { call: 0 }]);
    // Later it is worth another try.
    let decisions = arrive(&mut policy, 10_000 * MS, 1);
    assert!(decisions.iter().any(|d| matches!(d, Decision::Build { .. })), "{decisions:?}");
}

#[test]
fn functions_of_one_module_may_have_no_runtime_in_common() {
    for only in 0..3 {
        let mut policy = policy();
        for (function, may) in [(1, only), (2, (only + 1) % 3)] {
            let mut what = deployment(function, 7, 50.0);
            for (tier, facts) in what.tiers.iter_mut().enumerate() {
                facts.allowed = tier == may;
            }
            deploy(&mut policy, what);
        }
        let decisions = arrive(&mut policy, MS, 1);
        assert!(decisions.contains(&Decision::Wait { call: 1, tier: only }), "{only}: {decisions:?}");
        let decisions = policy.on(2 * MS, Event::Arrived { function: 2, call: 2, size: 10 });
        assert!(
            decisions.contains(&Decision::Wait { call: 2, tier: (only + 1) % 3 }),
            "{only}: {decisions:?}"
        );
    }
}

#[test]
fn a_warm_store_serves_the_best_tier_from_the_first_call() {
    let mut policy = policy();
    let mut what = deployment(1, 7, 1.0);
    what.tiers[2].stored = true;
    assert_eq!(deploy(&mut policy, what), [Decision::Load { module: 7, tier: 2 }]);
    assert_eq!(arrive(&mut policy, 0, 0), [Decision::Wait { call: 0, tier: 2 }]);
    assert_eq!(built(&mut policy, MS, 2, 1e5), [Decision::Run { call: 0, tier: 2 }]);
}

#[test]
fn a_redeployed_function_is_another_one() {
    let mut policy = policy();
    deploy(&mut policy, deployment(1, 7, 0.1));
    arrive(&mut policy, 0, 0);
    built(&mut policy, MS, 0, 1e6);
    arrive(&mut policy, MS, 1);
    let decisions = policy.on(2 * MS, Event::Deployed(Box::new(deployment(1, 8, 0.1))));
    assert!(decisions.contains(&Decision::Evict { module: 7, tier: 0 }), "{decisions:?}");
    assert_eq!(policy.state(7, 0), None);
    // The old call ends without leaving a trace; the same code deployed again keeps what is built.
    assert!(end(&mut policy, 3 * MS, 0, 0, 1e6).is_empty());
    assert!((policy.hindsight(8, 0).unwrap() - 1e6).abs() < 1.0);
    policy.on(4 * MS, Event::Arrived { function: 1, call: 2, size: 10 });
    policy.on(5 * MS, Event::Built { module: 8, tier: 0, took_ns: 1e6, bytes: 1, stored: false });
    policy.on(6 * MS, Event::Deployed(Box::new(deployment(1, 8, 0.1))));
    assert_eq!(policy.state(8, 0), Some(TierState::Loaded));
}

#[test]
fn a_timer_is_let_go_and_made_ready_again() {
    let mut policy = policy();
    let mut what = deployment(1, 7, 1.0);
    what.tiers[2].stored = true;
    assert_eq!(deploy(&mut policy, what), [Decision::Load { module: 7, tier: 2 }]);
    assert!(built(&mut policy, 0, 2, 1e5).is_empty());
    let hour = 3_600_000 * MS;
    let (mut evicted, mut ready) = (0, 0);
    for call in 0..30_u64 {
        let now = call * hour;
        // Time passes: all wake-ups before the call.
        while let Some(at) = policy.wake().filter(|at| *at < now) {
            for decision in policy.on(at, Event::Tick) {
                match decision {
                    Decision::Evict { .. } => evicted += 1,
                    Decision::Load { tier, .. } => {
                        ready += 1;
                        assert!(built(&mut policy, at, tier, 1e5).is_empty());
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
        let decisions = arrive(&mut policy, now, call);
        if let Some(Decision::Load { tier, .. }) = decisions.last() {
            built(&mut policy, now, *tier, 1e5);
        } else if call > 20 {
            assert!(
                matches!(decisions[..], [Decision::Run { .. }]),
                "call {call} had to wait: {decisions:?}"
            );
        }
        let decisions = end(&mut policy, now + MS, call, 2, 1e6);
        evicted += decisions.iter().filter(|d| matches!(d, Decision::Evict { .. })).count();
    }
    assert!(evicted >= 20 && ready >= 10, "{evicted} times let go, {ready} times made ready");
}

/// What a host would see: every decision is checked against what is there.
#[derive(Default)]
struct Host {
    loaded: BTreeSet<(u64, usize)>,
    building: BTreeSet<(u64, usize)>,
    waiting: BTreeSet<u64>,
    running: BTreeMap<u64, usize>,
    module_of: BTreeMap<u64, u64>,
    log: Vec<Decision>,
}

impl Host {
    fn obey(&mut self, decisions: Vec<Decision>) -> Result<(), TestCaseError> {
        for decision in decisions {
            self.log.push(decision);
            match decision {
                Decision::Run { call, tier } => {
                    let module = self.module_of[&call];
                    prop_assert!(
                        self.loaded.contains(&(module, tier)),
                        "{decision:?} on code that is not there"
                    );
                    self.waiting.remove(&call);
                    prop_assert!(self.running.insert(call, tier).is_none(), "{decision:?} twice");
                }
                Decision::Race { call, tier } => {
                    prop_assert!(
                        self.running.contains_key(&call)
                            && self.loaded.contains(&(self.module_of[&call], tier))
                    );
                }
                Decision::Wait { call, .. } => {
                    self.waiting.insert(call);
                }
                Decision::Refuse { call } => {
                    self.waiting.remove(&call);
                }
                Decision::Build { module, tier } | Decision::Load { module, tier } => {
                    prop_assert!(!self.loaded.contains(&(module, tier)), "{decision:?} of what is there");
                    prop_assert!(self.building.insert((module, tier)), "{decision:?} twice at once");
                }
                Decision::Cancel { module, tier } => {
                    prop_assert!(self.building.remove(&(module, tier)), "{decision:?} of nothing");
                }
                Decision::Evict { module, tier } => {
                    prop_assert!(self.loaded.remove(&(module, tier)), "{decision:?} of what is not there");
                }
            }
        }
        Ok(())
    }
}

fn play(steps: &[(u8, u8, u16)], seed: u64) -> Result<Host, TestCaseError> {
    let settings = Settings { memory_bytes: 2500, contention: 0.5, ..Settings::default() };
    let mut policy = Policy::new(tiers(), settings, Seeded::new(seed));
    let deployment = |function: u64, module: u64, expected: u8| {
        let expected_calls = [0.0, 1.0, 40.0, 1e9][usize::from(expected % 4)];
        Event::Deployed(Box::new(Deployment { expected_calls, ..deployment(function, module, 0.3) }))
    };
    let mut host = Host::default();
    let mut now = 0;
    for f in 1..3 {
        host.obey(policy.on(0, deployment(f, 7 + f % 2, (seed % 4) as u8)))?;
    }
    for (i, (what, which, wait)) in steps.iter().enumerate() {
        now += u64::from(*wait) * 10_000;
        let event = match what % 8 {
            0..=2 => {
                let function = u64::from(which % 3) + 1;
                host.module_of.insert(i as u64, 7 + function % 2);
                Event::Arrived { function, call: i as u64, size: u64::from(*which) }
            }
            3 => {
                let Some((call, tier)) = host.running.pop_first() else { continue };
                Event::Ended {
                    call,
                    tier,
                    setup_ns: 1e4,
                    run_ns: f64::from(*wait) * 1e3,
                    well: which % 5 > 0,
                }
            }
            4 | 5 => {
                let Some((module, tier)) = host.building.pop_first() else { continue };
                if which % 6 == 0 {
                    Event::BuildFailed { module, tier }
                } else {
                    host.loaded.insert((module, tier));
                    Event::Built { module, tier, took_ns: 1e6, bytes: 1000, stored: tier > 0 }
                }
            }
            6 => deployment(u64::from(which % 2) + 1, 7 + (u64::from(which % 2) + 1) % 2, *wait as u8),
            _ => Event::Tick,
        };
        host.obey(policy.on(now, event))?;
    }
    // Whatever waits is waited for with reason: let all builds end, and nobody waits.
    while let Some((module, tier)) = host.building.pop_first() {
        now += MS;
        host.loaded.insert((module, tier));
        host.obey(policy.on(now, Event::Built { module, tier, took_ns: 1e6, bytes: 1000, stored: false }))?;
    }
    prop_assert!(host.waiting.is_empty(), "{:?} wait for ever", host.waiting);
    Ok(host)
}

proptest! {
    #[test]
    fn no_order_of_events_leads_to_nonsense(
        steps in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u16>()), 0..200),
        seed in any::<u64>(),
    ) {
        let host = play(&steps, seed)?;
        prop_assert_eq!(host.log, play(&steps, seed)?.log, "the same events and chance decide the same");
    }
}
