//! When a function will be called again: the histogram of its idle times (after Shahrad et al., ATC 2020).

/// Minutes covered; longer gaps count as out of range.
const MINUTES: usize = 240;

/// A minute in nanoseconds.
const MINUTE: f64 = 60e9;

/// Gaps needed before the histogram is believed.
const ENOUGH: u32 = 10;

/// Keep-alive without a histogram to go by: the ten minutes most platforms use.
const DEFAULT_KEEP: f64 = 10.0 * MINUTE;

/// How long to keep a function ready after a call, and when to make it ready again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Idle time after which it is made ready again, ns; zero to keep it from the start.
    pub prewarm_ns: f64,
    /// Idle time after which it is given up, ns.
    pub keep_ns: f64,
}

/// Idle times of one function in bins of a minute.
#[derive(Clone, Debug, Default)]
pub struct IdleTimes {
    bins: Vec<u32>,
    total: u32,
    outside: u32,
}

impl IdleTimes {
    /// Learns the time between the end of one call and the arrival of the next.
    pub fn observe(&mut self, idle_ns: f64) {
        let minute = (idle_ns / MINUTE).max(0.0) as usize;
        self.total += 1;
        if minute >= MINUTES {
            self.outside += 1;
            return;
        }
        if self.bins.len() <= minute {
            self.bins.resize(minute + 1, 0);
        }
        self.bins[minute] += 1;
    }

    /// From five per cent of the gaps (less a tenth) to 99 % (and a tenth more); the default where gaps are few,
    /// mostly out of range, or without a pattern (coefficient of variation of the bins below 2).
    pub fn window(&self) -> Window {
        let inside = self.total - self.outside;
        if self.total < ENOUGH || self.outside * 2 > self.total || self.variation() < 2.0 {
            return Window { prewarm_ns: 0.0, keep_ns: DEFAULT_KEEP };
        }
        let at = |share: f64| -> usize {
            let wanted = (f64::from(inside) * share).ceil() as u32;
            let mut sum = 0;
            self.bins
                .iter()
                .position(|n| {
                    sum += n;
                    sum >= wanted.max(1)
                })
                .unwrap_or(self.bins.len())
        };
        // The bottom of the first bin and the top of the last one.
        Window { prewarm_ns: at(0.05) as f64 * MINUTE * 0.9, keep_ns: (at(0.99) + 1) as f64 * MINUTE * 1.1 }
    }

    /// Coefficient of variation of the counts over all bins of the range.
    fn variation(&self) -> f64 {
        let n = MINUTES as f64;
        let mean = f64::from(self.total - self.outside) / n;
        let squares: f64 = self.bins.iter().map(|c| f64::from(*c).powi(2)).sum();
        if mean == 0.0 { 0.0 } else { (squares / n - mean * mean).max(0.0).sqrt() / mean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(gaps: impl Iterator<Item = f64>) -> Window {
        let mut times = IdleTimes::default();
        gaps.for_each(|minutes| times.observe(minutes * MINUTE));
        times.window()
    }

    #[test]
    fn a_timer_is_made_ready_just_before_it_fires() {
        let window = after((0..20).map(|_| 60.2));
        assert!((window.prewarm_ns / MINUTE - 54.0).abs() < 1e-9, "{window:?}");
        assert!((window.keep_ns / MINUTE - 67.1).abs() < 1e-9, "{window:?}");
    }

    #[test]
    fn frequent_calls_keep_it_all_the_time() {
        let window = after((0..50).map(|i| 0.01 * f64::from(i)));
        assert!(window.prewarm_ns == 0.0 && (window.keep_ns / MINUTE - 1.1).abs() < 1e-9, "{window:?}");
    }

    #[test]
    fn few_scattered_or_rare_calls_get_the_default() {
        let default = Window { prewarm_ns: 0.0, keep_ns: DEFAULT_KEEP };
        assert_eq!(after(std::iter::repeat_n(3.0, 5)), default);
        assert_eq!(after((0..240).map(f64::from)), default);
        assert_eq!(after((0..30).map(|i| 200.0 + 10.0 * f64::from(i))), default);
    }
}
