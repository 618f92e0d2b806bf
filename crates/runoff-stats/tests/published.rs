//! Statistics against published values.

use runoff_stats::{
    geometric_mean, hodges_lehmann, mad, mann_whitney, mean, median, quantile, standard_deviation,
    tukey_outliers,
};

fn close(got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance, "got {got}, want {want}");
}

#[test]
fn quantiles_are_type_seven() {
    // R: quantile(c(1, 3, 4, 8, 15, 16, 23, 42), c(.1, .25, .5, .9))
    let x = [1.0, 3.0, 4.0, 8.0, 15.0, 16.0, 23.0, 42.0];
    for (p, want) in [(0.1, 2.4), (0.25, 3.75), (0.5, 11.5), (0.9, 28.7)] {
        close(quantile(&x, p).unwrap(), want, 1e-12);
    }
    assert_eq!(quantile(&[], 0.5), None);
    assert_eq!(quantile(&x, 1.5), None);
}

#[test]
fn moments_and_spread() {
    // The example of the standard deviation in most textbooks: mean 5, population sd 2, sample sd 2.138.
    let x = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
    close(mean(&x).unwrap(), 5.0, 1e-12);
    close(standard_deviation(&x).unwrap(), 2.138_089_935, 1e-9);
    close(mad(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]).unwrap(), 1.0, 1e-12);
    close(geometric_mean(&[1.0, 3.0, 9.0]).unwrap(), 3.0, 1e-12);
    assert_eq!(geometric_mean(&[1.0, 0.0]), None);
    assert_eq!(standard_deviation(&[1.0]), None);
    assert_eq!(tukey_outliers(&[1.0, 2.0, 3.0, 4.0, 5.0, 100.0]), 1);
}

#[test]
fn mann_whitney_exact() {
    // Hollander & Wolfe, Nonparametric Statistical Methods, example 4.1 (permeability of membranes), two-sided;
    // R: wilcox.test(x, y) gives W = 35, p = 0.2544.
    let x = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    let y = [1.15, 0.88, 0.90, 0.74, 1.21];
    let test = mann_whitney(&x, &y).unwrap();
    close(test.u, 35.0, 0.0);
    close(test.p, 0.2544, 5e-5);
    // The same data: Hodges–Lehmann estimate of x − y is 0.305.
    close(hodges_lehmann(&y, &x).unwrap(), 0.305, 1e-12);
}

#[test]
fn mann_whitney_extremes_and_ties() {
    // Complete separation of 5 and 5: 2 of 252 arrangements.
    let low = [1.0, 2.0, 3.0, 4.0, 5.0];
    let high = [6.0, 7.0, 8.0, 9.0, 10.0];
    close(mann_whitney(&low, &high).unwrap().p, 2.0 / 252.0, 1e-12);
    // All equal: no evidence at all.
    close(mann_whitney(&[1.0; 6], &[1.0; 6]).unwrap().p, 1.0, 1e-12);
    assert!(mann_whitney(&[], &[1.0]).is_none());
    // Every exact distribution is symmetric and sums to one: the middle value has p = 1.
    close(mann_whitney(&[1.0, 4.0], &[2.0, 3.0]).unwrap().p, 1.0, 1e-12);
}

#[test]
fn median_of_even_counts_is_the_midpoint() {
    close(median(&[4.0, 1.0, 3.0, 2.0]).unwrap(), 2.5, 0.0);
}
