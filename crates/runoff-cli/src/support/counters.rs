//! From `--counters` to a plan.

use runoff_bench::supervisor::Valgrind;
use runoff_bench::worker::count::pmu;
use runoff_data::{CounterPlan, CounterSource};

use super::output;
use crate::args::{CountWith, Counting};
use crate::exit::{USAGE, coded};

/// What a run counts. `needed` is whether counts are simulated unasked where the processor gives none.
pub(crate) fn plan(args: &Counting, needed: bool) -> anyhow::Result<Option<CounterPlan>> {
    let source = match args.counters {
        CountWith::Off => None,
        CountWith::Hw => Some(CounterSource::Hardware),
        CountWith::Sim => {
            Valgrind::find().map_err(|reason| coded(USAGE, reason))?;
            Some(CounterSource::Simulated)
        }
        CountWith::Auto => match pmu() {
            Ok(()) => Some(CounterSource::Hardware),
            Err(_) if !needed => None,
            Err(why) => match Valgrind::find() {
                Ok(_) => Some(CounterSource::Simulated),
                Err(reason) => {
                    output::warn(&format!("no counters: {why}; and none are simulated: {reason}"));
                    None
                }
            },
        },
    };
    Ok(source.map(|source| CounterPlan {
        source,
        block_timeout_s: args.counter_timeout,
        budget_s: args.counter_budget,
    }))
}

/// Why a run counted nothing, when that was not asked for.
pub(crate) fn not_counted(args: &Counting) -> Option<String> {
    let why = pmu().err().filter(|_| args.counters == CountWith::Auto)?;
    Some(format!(
        "no events were counted: {why}; `--counters sim` simulates a processor (docs/METHODOLOGY.md)"
    ))
}
