//! What a cell's counting processes say.

use std::collections::BTreeMap;

use runoff_data::{Block, BlockMode, Cell, CounterSource, Counters, Event, Rate};
use runoff_stats::{Blocks, Estimate, estimate, median};

use crate::SEED;

/// Events per call, and their quotients.
#[derive(Clone, Debug, PartialEq)]
pub struct CounterSummary {
    /// Where the counts come from; of a file with both, the processor's own.
    pub source: CounterSource,
    /// Calls counted together in a process, median.
    pub calls: f64,
    /// Per steady call; of a command, per run.
    pub events: BTreeMap<Event, Estimate>,
    /// Quotients of the same.
    pub rates: BTreeMap<Rate, Estimate>,
    /// Of a call with empty caches; only simulated.
    pub cold_events: BTreeMap<Event, Estimate>,
    /// Quotients of the same.
    pub cold_rates: BTreeMap<Rate, Estimate>,
    /// Smallest share of the time a hardware counter was counting, in any process.
    pub running: Option<f64>,
    /// The simulated caches.
    pub model: Vec<String>,
    /// Events that were not counted, and why.
    pub missing: Vec<(String, String)>,
}

impl CounterSummary {
    /// Summarises a cell; `None` when nothing was counted.
    pub(crate) fn of<'a>(cell: &Cell<'a>) -> Option<Self> {
        let counted = |source: CounterSource| -> Vec<(&'a Block, &'a Counters)> {
            let of = |block: &'a Block| {
                let counters = block.samples.counters.as_ref().filter(|c| c.source == source)?;
                Some((block, counters))
            };
            cell.blocks
                .iter()
                .filter(|b| b.mode == BlockMode::Counters && b.status.is_ok())
                .filter_map(|b| of(b))
                .collect()
        };
        let hardware = counted(CounterSource::Hardware);
        let (source, blocks) = if hardware.is_empty() {
            (CounterSource::Simulated, counted(CounterSource::Simulated))
        } else {
            (CounterSource::Hardware, hardware)
        };
        let (first, _) = blocks.first()?;
        let over = |get: &dyn Fn(&Counters) -> Option<f64>| {
            let samples: Vec<(u32, f64)> =
                blocks.iter().filter_map(|(b, c)| Some((b.round, get(c)?))).collect();
            summary(&samples)
        };
        let events = |cold| -> BTreeMap<Event, Estimate> {
            Event::ALL.into_iter().filter_map(|e| Some((e, over(&|c| c.per_call(e, cold))?))).collect()
        };
        let rates = |cold| -> BTreeMap<Rate, Estimate> {
            Rate::ALL.into_iter().filter_map(|r| Some((r, over(&|c| c.rate(r, cold))?))).collect()
        };
        Some(Self {
            source,
            calls: median(&blocks.iter().map(|(_, c)| c.calls as f64).collect::<Vec<_>>())?,
            events: events(false),
            rates: rates(false),
            cold_events: events(true),
            cold_rates: rates(true),
            running: blocks.iter().filter_map(|(_, c)| c.running).reduce(f64::min),
            model: blocks.first().map(|(_, c)| c.model.clone()).unwrap_or_default(),
            missing: first.samples.missing.iter().map(|m| (m.what.clone(), m.why.clone())).collect(),
        })
    }

    /// Per steady call.
    pub fn event(&self, event: Event) -> Option<f64> {
        self.events.get(&event).map(|e| e.median)
    }

    /// Of steady calls.
    pub fn rate(&self, rate: Rate) -> Option<f64> {
        self.rates.get(&rate).map(|e| e.median)
    }
}

/// How far simulated counts of the same thing were seen apart from their middle: instructions and branches are exact but
/// for what a process does by the way; predictions and misses depend on where code and data lie (docs/METHODOLOGY.md).
const EXACT: f64 = 1.001;
const PREDICTED: f64 = 1.02;
const CACHED: f64 = 1.15;

/// The factor by which a simulated count may be off its middle, either way.
pub fn reach(event: Event) -> f64 {
    match event {
        Event::Instructions | Event::Branches | Event::ConditionalBranches | Event::IndirectBranches => EXACT,
        Event::BranchMisses | Event::ConditionalMisses | Event::IndirectMisses => PREDICTED,
        _ => CACHED,
    }
}

/// Median and interval over processes. Statistics of times know no zero; of counts it is a figure like any other, with a
/// median and no interval.
fn summary(samples: &[(u32, f64)]) -> Option<Estimate> {
    if samples.iter().all(|(_, n)| *n > 0.0) {
        return estimate(&Blocks::new(samples.iter().map(|(round, n)| (*round, vec![*n]))), SEED);
    }
    let values: Vec<f64> = samples.iter().map(|(_, n)| *n).collect();
    Some(Estimate { median: median(&values)?, interval: None, processes: values.len() })
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn zero_is_a_count_and_not_an_absence() {
        let of = |values: &[f64]| {
            let samples: Vec<(u32, f64)> = values.iter().enumerate().map(|(i, n)| (i as u32, *n)).collect();
            summary(&samples)
        };
        assert_eq!(of(&[]), None);
        let zero = of(&[0.0]).expect("one process");
        assert!(zero.median.abs() < 1e-12 && zero.interval.is_none() && zero.processes == 1);
        let mixed = of(&[0.0, 5.0, 7.0]).expect("three");
        assert!((mixed.median - 5.0).abs() < 1e-12 && mixed.interval.is_none());
        let all = of(&[100.0, 101.0, 102.0, 99.0, 100.5]).expect("five");
        assert!(all.interval.is_some_and(|(low, high)| low < 100.5 && high > 100.0));
    }
}
