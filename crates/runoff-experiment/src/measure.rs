//! What is read off a cell.

use std::fmt;
use std::str::FromStr;

use runoff_analysis::{CellSummary, Size, reach};
use runoff_data::{CounterSource, Event, Phase, Rate, View};
use runoff_stats::Estimate;
use serde::Deserialize;

/// A measure by its name in experiments: a phase (`compile`, `call`), a view (`jit`, `aot_execute`), `startup`
/// (compile and instantiate), memory (`peak_rss`, `code`, `artifact`), a whole process (`process_wall`, `process_cpu`,
/// `process_rss`), an event per repeated call (`instructions`, `branch_misses`), a quotient of events (`ipc`,
/// `cache_miss_ratio`), either with `cold_` before it of a call with empty caches, or `calls_N`: a cold start and N calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Measure {
    /// A phase the first time; of calls the repeated one.
    Phase(Phase),
    /// A sum of phases, cold.
    View(View),
    /// Peak resident set of the worker less what it had before its engine.
    EngineRss,
    /// Peak resident set of the worker.
    PeakRss,
    /// Machine code.
    Code,
    /// The saved artifact.
    Artifact,
    /// Wall time of a whole process.
    ProcessWall,
    /// Processor time of a whole process.
    ProcessCpu,
    /// Peak resident set of a whole process.
    ProcessRss,
    /// Cold start, a first call, and the others of that many.
    Calls(u64),
    /// An event per repeated call, or per call with empty caches.
    Event(Event, Warmth),
    /// A quotient of two events.
    Rate(Rate, Warmth),
}

/// Which call events are counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warmth {
    /// A repeated one.
    Warm,
    /// One with empty caches and predictors that know nothing; simulated processors only.
    Cold,
}

/// What kind of number a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Nanoseconds.
    Time,
    /// Bytes.
    Bytes,
    /// Events.
    Count,
    /// A part of something.
    Share,
    /// A number as such.
    Plain,
}

/// A value, with an interval where there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Median.
    pub median: f64,
    /// 95 % interval; none of a single process. Of simulated counts what is known of their repeatability.
    pub interval: Option<(f64, f64)>,
}

impl From<Estimate> for Value {
    fn from(estimate: Estimate) -> Self {
        Self { median: estimate.median, interval: estimate.interval }
    }
}

impl Measure {
    /// The kind of number.
    pub fn unit(self) -> Unit {
        match self {
            Self::EngineRss | Self::PeakRss | Self::Code | Self::Artifact | Self::ProcessRss => Unit::Bytes,
            Self::Event(..) => Unit::Count,
            Self::Rate(Rate::Ipc, _) => Unit::Plain,
            Self::Rate(..) => Unit::Share,
            _ => Unit::Time,
        }
    }

    /// Its value in a cell; `None` when that was not measured, or is nothing.
    pub fn of(self, cell: &CellSummary) -> Option<Value> {
        let size = |size| cell.sizes.get(&size).copied().map(Into::into);
        let value = match self {
            Self::Phase(Phase::Call) => cell.call().map(Into::into),
            Self::Phase(Phase::Marked) => {
                cell.phases.get(&Phase::Marked).and_then(|p| p.warm.or(p.cold)).map(Into::into)
            }
            Self::Phase(phase) => cell.phases.get(&phase).and_then(|p| p.cold).map(Into::into),
            // Native code has nothing to compile: from its bytes to the answer is its first call.
            Self::View(View::Jit) if cell.runtime == "native" && !cell.views.contains_key(&View::Jit) => {
                cell.phases.get(&Phase::FirstCall).and_then(|p| p.cold).map(Into::into)
            }
            Self::View(view) => cell.views.get(&view).and_then(|v| v.cold.or(v.warm)).map(Into::into),
            Self::EngineRss => size(Size::EngineRss),
            Self::PeakRss => size(Size::PeakRss),
            Self::Code => size(Size::Code),
            Self::Artifact => size(Size::Artifact),
            Self::ProcessWall => cell.process.map(|(wall, ..)| wall.into()),
            Self::ProcessCpu => cell.process.map(|(_, cpu, _)| cpu.into()),
            Self::ProcessRss => size(Size::ProcessRss),
            Self::Calls(n) => calls(cell, n),
            Self::Event(..) | Self::Rate(..) => counted(self, cell),
        };
        value.filter(|v| v.median > 0.0)
    }
}

fn counted(measure: Measure, cell: &CellSummary) -> Option<Value> {
    let counters = cell.counters.as_ref()?;
    let (estimate, reach) = match measure {
        Measure::Event(event, warmth) => {
            let events = if warmth == Warmth::Cold { &counters.cold_events } else { &counters.events };
            (events.get(&event)?, reach(event))
        }
        Measure::Rate(rate, warmth) => {
            let rates = if warmth == Warmth::Cold { &counters.cold_rates } else { &counters.rates };
            (rates.get(&rate)?, reach(rate.of().0))
        }
        _ => return None,
    };
    let mut value = Value::from(*estimate);
    if counters.source == CounterSource::Simulated && value.interval.is_none() {
        value.interval = Some((value.median / reach, value.median * reach));
    }
    Some(value)
}

/// Cold start with its first call, and n − 1 repeated calls. Native code has no start: its calls alone.
fn calls(cell: &CellSummary, n: u64) -> Option<Value> {
    let first = match cell.views.get(&View::Jit) {
        Some(jit) => jit.cold?,
        None => cell.phases.get(&Phase::FirstCall)?.cold?,
    };
    let others = n.saturating_sub(1) as f64;
    let call = cell.call()?;
    let sum = |a: f64, b: f64| a + others * b;
    let interval = first.interval.zip(call.interval).map(|(a, b)| (sum(a.0, b.0), sum(a.1, b.1)));
    Some(Value { median: sum(first.median, call.median), interval })
}

const OTHERS: [(&str, Measure); 7] = [
    ("engine_rss", Measure::EngineRss),
    ("peak_rss", Measure::PeakRss),
    ("code", Measure::Code),
    ("artifact", Measure::Artifact),
    ("process_wall", Measure::ProcessWall),
    ("process_cpu", Measure::ProcessCpu),
    ("process_rss", Measure::ProcessRss),
];

impl FromStr for Measure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let phase = Phase::ALL.into_iter().find(|p| p.name() == text).map(Self::Phase);
        let view = || View::ALL.into_iter().find(|v| v.name() == text).map(Self::View);
        let other = || OTHERS.iter().find(|(name, _)| *name == text).map(|(_, m)| *m);
        let calls = || text.strip_prefix("calls_")?.parse().ok().filter(|n| *n > 0).map(Self::Calls);
        let counted = || {
            let (name, warmth) =
                text.strip_prefix("cold_").map_or((text, Warmth::Warm), |name| (name, Warmth::Cold));
            let event = Event::ALL.into_iter().find(|e| e.name() == name).map(|e| Self::Event(e, warmth));
            let rate = || Rate::ALL.into_iter().find(|r| r.name() == name).map(|r| Self::Rate(r, warmth));
            event.or_else(rate)
        };
        phase.or_else(view).or_else(other).or_else(calls).or_else(counted).ok_or_else(|| {
            let phases = Phase::ALL.map(Phase::name);
            let views = View::ALL.map(View::name);
            let others = OTHERS.map(|(name, _)| name);
            let (events, rates) = (Event::ALL.map(Event::name), Rate::ALL.map(Rate::name));
            let known = phases.iter().chain(&views).chain(&others).chain(&events).chain(&rates);
            let known = known.copied().collect::<Vec<_>>().join(", ");
            format!("`{text}` is no measure; there are: {known}, events with `cold_` before them, calls_N")
        })
    }
}

impl TryFrom<String> for Measure {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase(phase) => phase.fmt(f),
            Self::View(view) => view.fmt(f),
            Self::Calls(n) => write!(f, "calls_{n}"),
            Self::Event(event, Warmth::Warm) => event.fmt(f),
            Self::Event(event, Warmth::Cold) => write!(f, "cold_{event}"),
            Self::Rate(rate, Warmth::Warm) => rate.fmt(f),
            Self::Rate(rate, Warmth::Cold) => write!(f, "cold_{rate}"),
            other => f.pad(OTHERS.iter().find(|(_, m)| m == other).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_measures_are_the_same_thing() {
        let phases = Phase::ALL.into_iter().map(Measure::Phase);
        let views = View::ALL.into_iter().map(Measure::View);
        let others = OTHERS.into_iter().map(|(_, m)| m).chain([Measure::Calls(1), Measure::Calls(50)]);
        let warmths = [Warmth::Warm, Warmth::Cold];
        let events = warmths.into_iter().flat_map(|w| Event::ALL.map(|e| Measure::Event(e, w)));
        let rates = warmths.into_iter().flat_map(|w| Rate::ALL.map(|r| Measure::Rate(r, w)));
        for measure in phases.chain(views).chain(others).chain(events).chain(rates) {
            assert_eq!(measure.to_string().parse(), Ok(measure));
        }
        for wrong in ["", "cold_", "cold_code", "calls_", "calls_0", "calls_-1", "rss", "Compile"] {
            let error = wrong.parse::<Measure>().expect_err(wrong);
            assert!(error.contains("aot_execute") && error.contains("calls_N"), "{error}");
        }
    }
}
