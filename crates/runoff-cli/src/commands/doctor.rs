//! `runoff doctor`.

use std::process::ExitCode;

use clap::Parser;
use runoff_bench::fingerprint;
use runoff_bench::supervisor::Valgrind;
use runoff_data::{BlockMode, Machine, Phase, units};
use runoff_report::Table;
use runoff_stats::{Blocks, DEFAULT_MARGIN, Verdict, compare};
use serde_json::json;

use crate::args::{Cli, Command, Doctor, OutputFormat};
use crate::support::{measure, output, scratch, subject};

pub(crate) fn doctor(args: &Doctor) -> anyhow::Result<ExitCode> {
    if args.noise {
        return noise(args);
    }
    if args.seam {
        return super::seam::seam(args);
    }
    if args.conformance {
        return super::conformance::conformance(args);
    }
    let machine = fingerprint();
    let findings = findings(&machine);
    if let OutputFormat::Json = args.format {
        let list: Vec<_> = findings
            .iter()
            .map(|(ok, what, say)| json!({ "ok": ok, "what": what, "finding": say }))
            .collect();
        output::json(&json!({ "machine": machine, "findings": list }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(machine.key(), &["", "what", "finding"]).text_columns(&[1, 2]);
    for (ok, what, say) in findings {
        table.row(vec![if ok { "ok" } else { "!" }.into(), what.into(), say]);
    }
    table.note("`runoff runtimes` lists the runtimes; `runoff doctor --noise` measures what this machine can tell apart");
    output::print(&table.render(output::format(args.format)))?;
    Ok(ExitCode::SUCCESS)
}

type Finding = (bool, &'static str, String);

fn findings(machine: &Machine) -> Vec<Finding> {
    let load = machine.load.unwrap_or(0.0);
    let mut list = vec![
        if cfg!(debug_assertions) {
            (false, "build", "unoptimised: every engine in it is too; build with --release".into())
        } else {
            (true, "build", "optimised".into())
        },
        (
            load < 0.5 * machine.cores as f64,
            "load",
            format!(
                "{load:.2} on {} cores{}",
                machine.cores,
                if load < 0.5 * machine.cores as f64 {
                    ""
                } else {
                    ": something else is running; intervals will be wide"
                }
            ),
        ),
        match machine.governor.as_deref() {
            Some("performance") => (true, "governor", "performance".into()),
            Some(other) => (
                false,
                "governor",
                format!("{other}: frequencies change under way; try `cpupower frequency-set -g performance`"),
            ),
            None => (true, "governor", unknown("the frequency governor")),
        },
        match machine.turbo {
            Some(true) => (false, "turbo", "on: short runs look faster than long ones".into()),
            Some(false) => (true, "turbo", "off".into()),
            None => (true, "turbo", unknown("turbo")),
        },
        match machine.smt {
            Some(true) => (false, "smt", "on: a neighbour on the same core slows us down".into()),
            Some(false) => (true, "smt", "off".into()),
            None => (true, "smt", unknown("hardware threading")),
        },
        match machine.aslr {
            Some(0) => (
                false,
                "aslr",
                "off: every process has the same layout, so one layout's luck looks like speed".into(),
            ),
            Some(level) => (true, "aslr", format!("level {level}: fresh processes average over layouts")),
            None => (true, "aslr", unknown("layout randomisation")),
        },
        (machine.memory_bytes > 2 << 30, "memory", units::bytes(machine.memory_bytes)),
    ];
    let environment = machine.environment.join(", ");
    list.push(if environment.is_empty() {
        (true, "environment", "no virtual machine or container seen".into())
    } else {
        (
            false,
            "environment",
            format!("{environment}: neighbours cannot be seen; compare within one run only"),
        )
    });
    list.push(counters(machine));
    list.push(valgrind());
    list
}

/// Whether the processor's counters can be read; Debian and most virtual machines say no.
fn counters(machine: &Machine) -> Finding {
    match machine.counters.as_deref() {
        Some("available") => {
            (true, "counters", "the processor's counters can be read: `--counters hw` counts events".into())
        }
        Some(reason) => (false, "counters", reason.into()),
        None => (false, "counters", unknown("counters")),
    }
}

/// Whether counts can be simulated instead.
fn valgrind() -> Finding {
    match Valgrind::find() {
        Ok(valgrind) => (
            true,
            "simulator",
            format!("{}: `--counters sim` counts events on a simulated processor", valgrind.version()),
        ),
        Err(reason) => (false, "simulator", reason),
    }
}

fn unknown(what: &str) -> String {
    format!("{what} cannot be read here")
}

/// Identical things under two names, measured like any others: a verdict of faster or slower is a false alarm.
fn noise(args: &Doctor) -> anyhow::Result<ExitCode> {
    let cli = Cli::try_parse_from([
        "runoff",
        "bench",
        "fibonacci",
        "nbody",
        "--time",
        "40s",
        "--precision",
        "0.1%",
        "--runtimes",
        &args.runtimes,
    ])?;
    let Command::Bench(bench) = cli.command else { anyhow::bail!("the command line of `bench` changed") };
    let mut workloads = subject::workloads(&bench.subject)?;
    for i in 0..workloads.len() {
        let mut twin = workloads[i].clone();
        twin.spec.name += " again";
        workloads.push(twin);
    }
    let header = measure::header(&bench.subject, &workloads, false)?;
    let folder = scratch::folder()?;
    let measured = measure::measure(&header, &workloads, Some(folder.path().join("noise.jsonl")))?;
    let cells = runoff_data::cells(&measured.result);
    let mut table = Table::new(
        "A/A: identical things compared",
        &["workload", "runtime", "measure", "ratio", "99 % interval", "verdict"],
    )
    .text_columns(&[1, 2, 5]);
    let (mut compared, mut alarms, mut reaches) = (0, 0, Vec::new());
    for cell in cells.iter().filter(|c| !c.workload.ends_with(" again")) {
        let Some(again) = cells
            .iter()
            .find(|c| c.runtime == cell.runtime && c.workload == format!("{} again", cell.workload))
        else {
            continue;
        };
        for (name, phase) in [("compile", Phase::Compile), ("call", Phase::Call)] {
            let blocks = |c: &runoff_data::Cell<'_>| Blocks::new(c.warm(BlockMode::Jit, phase));
            let Some(c) = compare(&blocks(cell), &blocks(again), DEFAULT_MARGIN, 1) else { continue };
            compared += 1;
            alarms += usize::from(matches!(c.verdict, Verdict::Faster | Verdict::Slower));
            reaches.extend(c.verdict_interval.map(|(low, high)| (high / low).sqrt() - 1.0));
            let interval = c.verdict_interval.map_or_else(|| "–".into(), |(l, h)| format!("{l:.3} – {h:.3}"));
            table.row(vec![
                cell.workload.into(),
                cell.runtime.into(),
                name.into(),
                format!("{:.3}", c.ratio),
                interval,
                c.verdict.name().into(),
            ]);
        }
    }
    table.note(format!("{alarms} of {compared} identical pairs were told apart; at most 1 % is the promise"));
    // Half of the pairs would need a larger difference than this to be told apart.
    let reach = runoff_stats::median(&reaches);
    if let Some(reach) = reach {
        table.note(format!(
            "in such a run this machine tells differences of about {:.0} % apart; more rounds narrow that, less load even more",
            reach * 100.0
        ));
    }
    if let OutputFormat::Json = args.format {
        output::json(&json!({ "compared": compared, "told_apart": alarms, "median_reach": reach }))?;
    } else {
        output::print(&table.render(output::format(args.format)))?;
    }
    Ok(ExitCode::SUCCESS)
}
