//! What verdicts must and must not say, on simulated noise.

use proptest::prelude::*;
use runoff_stats::noise::{Shape, simulate};
use runoff_stats::{
    Blocks, DEFAULT_MARGIN, DEFAULT_PRECISION, Verdict, compare, estimate, geomean_over_intersection,
    relative_half_width,
};

fn verdict(a: &Blocks, b: &Blocks, seed: u64) -> Verdict {
    compare(a, b, DEFAULT_MARGIN, seed).unwrap().verdict
}

fn false_alarms(shape: Shape, rounds: u32, comparisons: u64, seed: u64) -> u64 {
    (0..comparisons)
        .filter(|i| {
            let s = seed + i * 7919;
            let a = simulate(shape, 1000.0, 0.03, rounds, 10, s);
            let b = simulate(shape, 1000.0, 0.03, rounds, 10, s + 1);
            matches!(verdict(&a, &b, s), Verdict::Faster | Verdict::Slower)
        })
        .count() as u64
}

#[test]
fn identical_things_are_not_told_apart() {
    for shape in Shape::ALL {
        for rounds in [5, 8, 15] {
            let alarms = false_alarms(shape, rounds, 200, 1);
            assert!(alarms <= 2, "{}: {alarms} of 200 at {rounds} rounds", shape.name());
        }
    }
}

#[test]
fn the_rate_of_false_alarms_is_below_one_percent() {
    for shape in Shape::ALL {
        let alarms = false_alarms(shape, 8, 2000, 1_000_003);
        assert!(alarms < 20, "{}: {alarms} of 2000", shape.name());
    }
}

/// Runs rounds until both sides are as precise as a run is by default, as `runoff bench` does.
fn at_default_precision(shift: f64, seed: u64) -> Verdict {
    let (mut rounds, most) = (5, 400);
    loop {
        let a = simulate(Shape::Normal, 1000.0, 0.03, rounds, 10, seed);
        let b = simulate(Shape::Normal, 1000.0 * shift, 0.03, rounds, 10, seed + 1);
        let wide = |blocks: &Blocks| relative_half_width(&estimate(blocks, seed).unwrap());
        if rounds >= most || (wide(&a) <= DEFAULT_PRECISION && wide(&b) <= DEFAULT_PRECISION) {
            return verdict(&a, &b, seed);
        }
        rounds += 1;
    }
}

#[test]
fn a_shift_of_three_percent_is_found() {
    let found = (0..200).filter(|i| at_default_precision(1.03, 50_000 + i * 31) == Verdict::Slower).count();
    assert!(found >= 180, "found in {found} of 200");
}

#[test]
fn too_little_or_unvarying_data_decide_nothing() {
    let constant = |x: f64, n: u32| Blocks::new((0..n).map(|r| (r, vec![x; 5])));
    assert_eq!(verdict(&constant(1.0, 10), &constant(2.0, 10), 1), Verdict::Unsure);
    assert_eq!(verdict(&constant(1.0, 1), &constant(2.0, 1), 1), Verdict::Unsure);
    let few = |x: f64| simulate(Shape::Normal, x, 0.01, 3, 10, 9);
    assert_eq!(verdict(&few(1.0), &few(9.0), 1), Verdict::Unsure);
    assert!(compare(&Blocks::default(), &constant(1.0, 5), 0.01, 1).is_none());
    let bad = Blocks::new([(0, vec![f64::NAN, -1.0, 0.0, f64::INFINITY]), (1, vec![])]);
    assert!(bad.is_empty());
}

#[test]
fn means_are_over_the_intersection() {
    let row = |cells: &[(&str, f64)]| cells.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
    let table = [
        ("base".to_owned(), row(&[("a", 1.0), ("b", 2.0), ("c", 5.0)])),
        ("other".to_owned(), row(&[("a", 4.0), ("b", 2.0)])),
    ]
    .into();
    let means = geomean_over_intersection(&table, "base").unwrap();
    assert_eq!(means.used, ["a", "b"]);
    assert_eq!(means.dropped, [("c".to_owned(), vec!["other".to_owned()])]);
    assert!((means.rows["other"] - 2.0).abs() < 1e-12);
}

fn blocks() -> impl Strategy<Value = Blocks> {
    prop::collection::vec(prop::collection::vec(1e-3_f64..1e9, 1..6), 1..9)
        .prop_map(|p| Blocks::new(p.into_iter().enumerate().map(|(i, s)| (i as u32, s))))
}

proptest! {
    #[test]
    fn comparisons_are_symmetric_and_finite(a in blocks(), b in blocks(), seed: u64) {
        let there = compare(&a, &b, 0.01, seed).unwrap();
        let back = compare(&b, &a, 0.01, seed).unwrap();
        prop_assert!((there.ratio * back.ratio - 1.0).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&there.p) && (there.p - back.p).abs() < 1e-9);
        prop_assert!(there.shift.is_finite() && there.ratio.is_finite());
        if let Some((low, high)) = there.interval {
            prop_assert!(low <= there.ratio && there.ratio <= high && low.is_finite());
        }
    }

    #[test]
    fn estimates_scale(a in blocks(), factor in 1e-3_f64..1e3, seed: u64) {
        let scaled = Blocks::new(a.medians().iter().enumerate().map(|(i, m)| (i as u32, vec![m * factor])));
        let plain = Blocks::new(a.medians().iter().enumerate().map(|(i, m)| (i as u32, vec![*m])));
        let (x, y) = (estimate(&plain, seed).unwrap(), estimate(&scaled, seed).unwrap());
        prop_assert!((y.median / x.median / factor - 1.0).abs() < 1e-9);
    }
}
