//! `runoff simulate`.

use std::process::ExitCode;

use anyhow::Context;
use runoff_data::ResultReader;
use runoff_report::{Format, simulation_json, simulation_long, simulation_tables};
use runoff_simulate::{CostTable, Learning, Mix, library, read_traces, replay};

use crate::args::{Known, OutputFormat, Simulate};
use crate::exit::{USAGE, coded};
use crate::support::{output, progress, subject};

/// Traces of a quick look.
const QUICK: usize = 1500;

/// Most calls of a trace of it.
const QUICK_CALLS: usize = 500;

pub(crate) fn simulate(args: &Simulate) -> anyhow::Result<ExitCode> {
    let table = table(args)?;
    if let Some(path) = &args.save_table {
        let text = serde_json::to_string_pretty(&table)? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let learning = match args.know {
        Known::All => Learning::Known,
        Known::Calls => Learning::Calls,
        Known::Suite => Learning::New,
    };
    let recorded = match &args.trace {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| coded(USAGE, format!("cannot read {}: {e}", path.display())))?;
            let names: Vec<&str> = table.modules.iter().map(|m| m.name.as_str()).collect();
            let traces =
                read_traces(&text, &names).map_err(|e| coded(USAGE, format!("{}, {e}", path.display())))?;
            if traces.is_empty() {
                return Err(coded(USAGE, format!("{} holds no calls", path.display())));
            }
            Some(traces)
        }
    };
    let mix = Mix {
        traces: args.traces.map_or(if args.quick { QUICK } else { 12_000 }, |n| n as usize),
        most_calls: args.max_calls.map_or(if args.quick { QUICK_CALLS } else { 2000 }, |n| n as usize),
        noise: args.noise,
        build_herds: args.build_herds,
        seed: args.seed,
    };
    let total = recorded.as_ref().map_or(mix.traces, Vec::len);
    let bar = progress::Steps::new(total, "traces");
    let tick = |index: usize| bar.at(index);
    let report = if let Some(traces) = recorded {
        replay(&table, traces.into_iter(), learning, args.seed, args.idempotent, tick)
    } else {
        let traces = (0..mix.traces).map(|i| library(&table, &mix, i));
        replay(&table, traces, learning, args.seed, args.idempotent, tick)
    };
    bar.finish();
    match args.format {
        OutputFormat::Json => output::json(&simulation_json(&report, &table, &mix, args.trace.is_some()))?,
        OutputFormat::Csv => output::print(&simulation_long(&report).render(Format::Csv))?,
        OutputFormat::Table | OutputFormat::Md => {
            let format = output::format(args.format);
            let tables = simulation_tables(&report, &table, &mix, args.trace.is_some());
            let parts: Vec<String> = tables.iter().map(|t| t.render(format)).collect();
            output::print(&parts.join("\n"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runtimes of the bundled table that a usual build has in it, and none that only interprets what another compiled.
const USUAL: &str = "wasmtime/cranelift,wasmtime/winch,wasmer,wasmi,wasm3,wamr/fast-interp";

fn table(args: &Simulate) -> anyhow::Result<CostTable> {
    let whole = match &args.from {
        None => CostTable::bundled()?,
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|e| coded(USAGE, format!("cannot read {}: {e}", path.display())))?;
            // A cost table is one JSON object, a result one per line.
            match CostTable::parse(&text) {
                Ok(table) => table,
                Err(_) => CostTable::from_result(&ResultReader::open(path)?),
            }
        }
    };
    let list = args.runtimes.as_deref().unwrap_or(if args.from.is_none() { USUAL } else { subject::ALL });
    let known = whole.runtimes();
    if let Some(unknown) =
        subject::names(list).find(|n| *n != subject::ALL && !known.iter().any(|id| subject::matches(id, n)))
    {
        return Err(coded(
            USAGE,
            format!("the cost table has no runtime `{unknown}`; it has {}", known.join(", ")),
        ));
    }
    whole.only(|id| subject::chosen(list, id)).map_err(|e| coded(USAGE, e.to_string()))
}
