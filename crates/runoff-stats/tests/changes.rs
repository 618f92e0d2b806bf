//! Change points: steps are found where they are, quiet series raise no alarm more often than said.

use proptest::prelude::*;
use runoff_stats::noise::{Shape, simulate};
use runoff_stats::{CHANGE_LEVEL, MIN_SEGMENT, changes};

/// Medians of runs as a history has them: each run some processes with some samples.
fn runs(shape: Shape, relative: f64, count: u32, seed: u64) -> Vec<f64> {
    simulate(shape, 1000.0, relative, count, 5, seed).medians()
}

/// Shapes whose order says nothing. A machine that drifts does change its level.
const QUIET: [Shape; 4] = [Shape::Normal, Shape::HeavyTailed, Shape::Bimodal, Shape::ProcessShift];

#[test]
fn quiet_series_raise_few_alarms() {
    for shape in QUIET {
        let series = 600;
        let alarms = (0..series).filter(|i| !changes(&runs(shape, 0.02, 24, 77 + i), *i).is_empty()).count();
        // Six are expected; 15 or more would come once in a thousand.
        assert!(alarms < 15, "{}: {alarms} alarms in {series} series", shape.name());
        assert!((CHANGE_LEVEL - 0.01).abs() < 1e-12);
    }
}

#[test]
fn a_step_of_three_times_the_noise_is_found_where_it_is() {
    for shape in QUIET {
        let mut found = 0;
        for seed in 0..50 {
            let mut series = runs(shape, 0.01, 24, 1000 + seed);
            for value in &mut series[15..] {
                *value *= 1.1;
            }
            let list = changes(&series, seed);
            found += usize::from(list.iter().any(|c| (14..=16).contains(&c.at) && c.ratio() > 1.05));
        }
        assert!(found >= 47, "{}: {found} of 50", shape.name());
    }
}

#[test]
fn a_new_level_shows_after_three_runs() {
    let mut series = runs(Shape::Normal, 0.01, 15, 3);
    for value in &mut series[12..] {
        *value *= 1.2;
    }
    let list = changes(&series, 1);
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list[0].at, 12);
    assert!((list[0].ratio() - 1.2).abs() < 0.03);
}

#[test]
fn two_steps_are_two_changes() {
    let mut series = runs(Shape::Normal, 0.01, 30, 5);
    for value in &mut series[10..20] {
        *value *= 0.8;
    }
    let at: Vec<usize> = changes(&series, 1).iter().map(|c| c.at).collect();
    assert_eq!(at, [10, 20]);
}

#[test]
fn what_cannot_be_tested_has_no_change() {
    assert!(changes(&[], 1).is_empty());
    assert!(changes(&[5.0; 40], 1).is_empty(), "nothing varies");
    assert!(changes(&[1.0, 1.0, 1.0, 9.0, 9.0], 1).is_empty(), "too short");
    assert!(changes(&[1.0, 2.0, 0.0, 4.0, 5.0, 6.0, 7.0], 1).is_empty(), "no logarithm of zero");
    let mut outlier = vec![1.0; 30];
    outlier[17] = 50.0;
    assert!(changes(&outlier, 1).is_empty(), "one wild run is no level");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn changes_are_in_order_apart_and_independent_of_the_unit(
        values in prop::collection::vec(0.5_f64..2.0, 0..40),
        step in 0_usize..40,
        factor in 1.0_f64..4.0,
        unit in 1e-3_f64..1e9,
        seed in 0_u64..1000,
    ) {
        let series: Vec<f64> =
            values.iter().enumerate().map(|(i, v)| if i >= step { v * factor } else { *v }).collect();
        let found = changes(&series, seed);
        let bounds: Vec<usize> =
            std::iter::once(0).chain(found.iter().map(|c| c.at)).chain([series.len()]).collect();
        if !found.is_empty() {
            prop_assert!(bounds.windows(2).all(|w| w[1] >= w[0] + MIN_SEGMENT));
        }
        for change in &found {
            prop_assert!(change.p <= CHANGE_LEVEL && change.before > 0.0 && change.after > 0.0);
        }
        let scaled: Vec<f64> = series.iter().map(|v| v * unit).collect();
        let places = |list: &[runoff_stats::Change]| list.iter().map(|c| c.at).collect::<Vec<_>>();
        prop_assert_eq!(places(&found), places(&changes(&scaled, seed)));
    }
}
