//! Progress on standard error; silent when that is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use runoff_bench::Progress;
use runoff_data::Block;

pub(crate) struct Bar {
    line: ProgressBar,
    budget: Duration,
    trouble: usize,
}

impl Bar {
    pub(crate) fn new(budget_s: f64) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { line: bar, budget: Duration::from_secs_f64(budget_s), trouble: 0 }
    }

    pub(crate) fn finish(&self) {
        self.line.finish_and_clear();
    }
}

impl Progress for Bar {
    fn block(&mut self, round: u32, done: usize, of: usize, runtime: &str, workload: &str) {
        let left = self.budget.saturating_sub(self.line.elapsed()).as_secs();
        let trouble = if self.trouble == 0 { String::new() } else { format!(", {} not ok", self.trouble) };
        self.line.set_message(format!(
            "round {} ({done}/{of}{trouble}): {workload} on {runtime}, at most {left} s of budget left",
            round + 1
        ));
    }

    fn ended(&mut self, block: &Block) {
        self.trouble += usize::from(!block.status.is_ok());
    }

    fn counting(&mut self, done: usize, of: usize, runtime: &str, workload: &str) {
        self.line.set_message(format!("counting under Valgrind ({done}/{of}): {workload} on {runtime}"));
    }

    fn round(&mut self, _: u32, _: Duration) {}
}

/// Steps of known number.
pub(crate) struct Steps(ProgressBar);

impl Steps {
    pub(crate) fn new(of: usize, what: &str) -> Self {
        let bar = ProgressBar::new(of as u64);
        let style = ProgressStyle::with_template("{elapsed} {wide_bar} {pos} of {len} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(what.to_owned());
        Self(bar)
    }

    pub(crate) fn at(&self, step: usize) {
        self.0.set_position(step as u64);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
