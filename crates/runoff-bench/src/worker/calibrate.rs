//! What measuring itself costs.

use runoff_runtime::Clock;

/// Median cost of two clock readings in a row, nanoseconds. Reported with every block; subtracted from nothing.
pub fn clock_cost_ns(clock: &dyn Clock) -> f64 {
    const PAIRS: usize = 1001;
    let mut costs: Vec<u128> = (0..PAIRS)
        .map(|_| {
            let start = clock.now();
            (clock.now() - start).as_nanos()
        })
        .collect();
    costs.sort_unstable();
    costs[PAIRS / 2] as f64
}
