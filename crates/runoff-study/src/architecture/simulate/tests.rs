//! Sequences whose outcome is known, and what must hold for all of them.

use proptest::prelude::*;

use super::*;

fn wrong(predictor: &mut dyn Predictor, jumps: impl IntoIterator<Item = (u64, bool)>) -> u64 {
    let mut wrong = 0;
    for (address, taken) in jumps {
        wrong += u64::from(predictor.predict(address) != taken);
        predictor.learn(address, taken);
    }
    wrong
}

fn all() -> Vec<Box<dyn Predictor>> {
    vec![
        Box::new(TwoBit::new(2048)),
        Box::new(BiMode::new(2048, 2048)),
        Box::new(Tournament::new(1024, 4096, 4096)),
    ]
}

#[test]
fn a_cache_forgets_the_least_recently_used_line() {
    // Two sets of two lines: even lines share one of them.
    let mut cache = Cache::new(4 * LINE, 2);
    let there: Vec<bool> = [0, 2, 0, 4, 0, 2, 1, 0].iter().map(|l| cache.line(*l)).collect();
    assert_eq!(there, [false, false, true, false, true, false, false, true]);
    assert_eq!((cache.accesses(), cache.misses()), (8, 5));
}

#[test]
fn bytes_across_lines_are_two_accesses() {
    let mut cache = Cache::new(8 << 10, 8);
    cache.bytes(60, 8);
    assert_eq!((cache.accesses(), cache.misses()), (2, 2));
    cache.bytes(64, 8);
    cache.bytes(63, 1);
    assert_eq!((cache.accesses(), cache.misses()), (4, 2));
    cache.bytes(u64::MAX - 2, 8);
    assert_eq!(cache.accesses(), 5);
}

#[test]
fn a_sweep_larger_than_a_cache_misses_each_time() {
    let sweep = |bytes: u64| {
        let mut cache = Cache::new(bytes, 8);
        for _ in 0..10 {
            for line in 0..256 {
                cache.line(line);
            }
        }
        cache.misses()
    };
    // 16 KiB of lines: none stays in half of that, all stay in all of it.
    assert_eq!((sweep(8 << 10), sweep(16 << 10)), (2560, 256));
}

#[test]
fn a_jump_that_is_always_taken_is_learnt_at_once() {
    for mut predictor in all() {
        let wrong = wrong(predictor.as_mut(), std::iter::repeat_n((0x40_1000, true), 1000));
        // Histories begin empty; each new one has its own counter.
        assert!(wrong <= 13, "{wrong}");
    }
    assert_eq!(wrong(&mut TwoBit::new(2048), std::iter::repeat_n((0x40_1000, true), 1000)), 1);
}

#[test]
fn two_bits_miss_the_end_of_a_loop_once() {
    // Nine times round, then out: a hundred times.
    let jumps = (0..1000).map(|n| (64, n % 10 != 9));
    assert_eq!(wrong(&mut TwoBit::new(2048), jumps), 1 + 100);
}

#[test]
fn histories_learn_what_two_bits_cannot() {
    let alternating = || (0..2000).map(|n| (64, n % 2 == 0));
    assert!(wrong(&mut TwoBit::new(2048), alternating()) >= 1000);
    assert!(wrong(&mut BiMode::new(2048, 2048), alternating()) < 40);
    assert!(wrong(&mut Tournament::new(1024, 4096, 4096), alternating()) < 40);
    // The own history of ten jumps holds a loop of seven.
    let short_loop = || (0..7000).map(|n| (64, n % 7 != 6));
    assert!(wrong(&mut TwoBit::new(2048), short_loop()) >= 1000);
    assert!(wrong(&mut Tournament::new(1024, 4096, 4096), short_loop()) < 60);
}

#[test]
fn a_second_jump_that_follows_the_first_is_seen_by_the_global_history() {
    // A pseudo-random jump, then one that does the same: only history of all jumps knows the second.
    let mut state = 1_u64;
    let mut jumps = Vec::new();
    for _ in 0..4000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let taken = state >> 63 == 1;
        jumps.extend([(1, taken), (2, taken)]);
    }
    let second = |predictor: &mut dyn Predictor| {
        let mut wrong = 0;
        for (address, taken) in &jumps[..] {
            wrong += u64::from(*address == 2 && predictor.predict(*address) != *taken);
            predictor.learn(*address, *taken);
        }
        wrong
    };
    assert!(second(&mut TwoBit::new(2048)) > 1500);
    assert!(second(&mut BiMode::new(2048, 2048)) < 1000);
}

#[test]
fn targets_are_known_after_the_first_time() {
    let mut machine = Machine::new(8);
    for _ in 0..100 {
        machine.jump(64, Some(16));
    }
    let figures = machine.figures();
    assert_eq!((figures.conditional, figures.taken), (100, 100));
    assert_eq!(figures.misprediction("2-bit"), Some(0.01));
    // An address that shares the entry takes it away.
    machine.jump(64 + 2048, Some(16));
    machine.jump(64, Some(16));
    assert_eq!(machine.figures().predictors[0].mispredicted, 3);
    assert_eq!(Machine::new(8).figures().misprediction("2-bit"), None);
}

proptest! {
    #[test]
    fn a_larger_cache_never_misses_more(lines in prop::collection::vec(0_u64..600, 1..3000)) {
        let misses = |mut cache: Cache| {
            for line in &lines {
                cache.line(*line);
            }
            cache.misses()
        };
        // With one set a larger cache holds all that a smaller one does; with the same number of sets, too.
        let full: Vec<u64> = SIZES.iter().map(|bytes| misses(Cache::fully_associative(*bytes))).collect();
        prop_assert!(full.is_sorted_by(|a, b| a >= b), "{full:?}");
        let ways: Vec<u64> = [1, 2, 4, 8].iter().map(|w| misses(Cache::new(*w as u64 * 16 * LINE, *w))).collect();
        prop_assert!(ways.is_sorted_by(|a, b| a >= b), "{ways:?}");
        // Everything fits: only first uses miss.
        let different = lines.iter().collect::<std::collections::BTreeSet<_>>().len() as u64;
        prop_assert_eq!(*full.last().unwrap(), different);
    }

    #[test]
    fn figures_add_up(jumps in prop::collection::vec((0_u64..64, any::<bool>()), 0..500)) {
        let mut machine = Machine::new(4);
        for (address, taken) in &jumps {
            machine.fetch(*address, 2);
            machine.jump(*address, taken.then_some(address + 100));
        }
        let figures = machine.figures();
        prop_assert_eq!(figures.instructions, jumps.len() as u64);
        prop_assert_eq!(figures.taken, jumps.iter().filter(|(_, taken)| *taken).count() as u64);
        for predictor in &figures.predictors {
            prop_assert!(predictor.mispredicted <= figures.conditional);
        }
    }
}
