//! The policy where it knows how many calls come.

mod common;

use std::collections::BTreeSet;

use runoff_pick::online::{Certain, Decision, Event, Policy, Settings};

use common::{MS, arrive, built, deploy, deployment, end, policy, tiers};

#[test]
fn who_was_called_often_before_is_built_for_with_the_first_call() {
    // The optimising compiler pays after 112 calls, the baseline after 5.
    for (expected, builds) in [(0.0, None), (1.0, None), (40.0, Some(1)), (1000.0, Some(2))] {
        let mut policy = policy();
        let mut what = deployment(1, 7, 0.1);
        what.expected_calls = expected;
        deploy(&mut policy, what);
        // The call itself still runs where it is over first.
        let decisions = arrive(&mut policy, 0, 0);
        assert!(decisions.contains(&Decision::Wait { call: 0, tier: 0 }), "{expected}: {decisions:?}");
        let mut asked: BTreeSet<usize> = decisions
            .iter()
            .chain(&built(&mut policy, MS, 0, 1e6))
            .filter_map(|d| if let Decision::Build { tier, .. } = d { Some(*tier) } else { None })
            .collect();
        asked.remove(&0);
        assert_eq!(
            asked.into_iter().collect::<Vec<_>>(),
            builds.into_iter().collect::<Vec<_>>(),
            "{expected}"
        );
    }
}

#[test]
fn a_call_waits_for_much_better_code_that_shares_its_processors() {
    for (contention, expected, waits) in [(0.5, 1000.0, true), (0.05, 1000.0, false), (0.5, 0.0, false)] {
        let mut policy = Policy::new(tiers(), Settings { contention, ..Settings::default() }, Certain);
        let mut what = deployment(1, 7, 4.0);
        what.tiers[1].allowed = false;
        what.expected_calls = expected;
        deploy(&mut policy, what);
        arrive(&mut policy, 0, 0);
        let decisions = built(&mut policy, MS, 0, 1e6);
        assert!(decisions.contains(&Decision::Run { call: 0, tier: 0 }), "the first call: {decisions:?}");
        end(&mut policy, 41 * MS, 0, 0, 4e7);
        // 40 ms on the interpreter, or 4 ms on a compiler that has been at work for 41 of its 100.
        let decisions = arrive(&mut policy, 42 * MS, 1);
        let wait = decisions.contains(&Decision::Wait { call: 1, tier: 2 });
        assert_eq!(wait, waits, "{contention} {expected}: {decisions:?}");
        if wait {
            let decisions = built(&mut policy, 100 * MS, 2, 1e8);
            assert!(decisions.contains(&Decision::Run { call: 1, tier: 2 }), "{decisions:?}");
        }
    }
}

#[test]
fn nobody_waits_into_the_second_half_of_a_deadline_or_for_a_build_that_is_late() {
    // As above; the build has 58 ms left when the call comes.
    for (deadline_ms, late_ms, waits) in [(200.0, 0, true), (110.0, 0, false), (200.0, 120, false)] {
        let mut policy = Policy::new(tiers(), Settings { contention: 0.5, ..Settings::default() }, Certain);
        let mut what = deployment(1, 7, 4.0);
        what.tiers[1].allowed = false;
        what.expected_calls = 1000.0;
        what.deadline_ns = deadline_ms * 1e6;
        deploy(&mut policy, what);
        arrive(&mut policy, 0, 0);
        built(&mut policy, MS, 0, 1e6);
        end(&mut policy, 41 * MS, 0, 0, 4e7);
        let decisions = arrive(&mut policy, (42 + late_ms) * MS, 1);
        let wait = decisions.contains(&Decision::Wait { call: 1, tier: 2 });
        assert_eq!(wait, waits, "{deadline_ms} {late_ms}: {decisions:?}");
    }
}

#[test]
fn a_function_of_which_nothing_is_expected_gets_its_build_beside_one_that_is_expected_for_ever() {
    let mut policy = policy();
    // The one nobody calls any more may run on the interpreter only, and has no use for any build.
    let mut quiet = deployment(2, 7, 0.1);
    (quiet.tiers[1].allowed, quiet.tiers[2].allowed, quiet.expected_calls) = (false, false, 1e6);
    deploy(&mut policy, quiet);
    deploy(&mut policy, deployment(1, 7, 0.1));
    arrive(&mut policy, 0, 0);
    built(&mut policy, MS, 0, 1e6);
    end(&mut policy, 2 * MS, 0, 0, 1e6);
    let mut builds = BTreeSet::new();
    for call in 1..200_u64 {
        let now = call * 1000 * MS;
        for decision in arrive(&mut policy, now, call) {
            if let Decision::Build { tier, .. } = decision {
                builds.insert((tier, call));
            }
        }
        end(&mut policy, now + MS, call, 0, 1e6);
    }
    // Its first call alone is no reason; after some hundred, one of the compilers is.
    let (_, call) = builds.first().expect("a build for the one that is called");
    assert!(*call > 2, "{builds:?}");
    assert_eq!(policy.on(300_000 * MS, Event::Tick), []);
}
