//! `runoff bench`.

use std::process::ExitCode;

use runoff_data::{EndReason, Header};
use runoff_workloads::{Overrides, Workload, resolve};

use crate::args::Bench;
use crate::exit::{self, RUNTIME, USAGE, coded};
use crate::support::measure::{self, Measured};
use crate::support::{counters, output, subject};

pub(crate) fn bench(args: Bench) -> anyhow::Result<ExitCode> {
    let (measured, workloads) = if let Some(path) = &args.resume {
        measure::resume(path, again)?
    } else {
        let workloads = subject::workloads(&args.subject)?;
        let whole = args.process
            || args.published
                && workloads
                    .iter()
                    .any(|w| w.published.iter().any(|p| p.rows.iter().any(|r| r.process_wall.is_some())));
        let mut header = measure::header(&args.subject, &workloads, whole)?;
        header.plan.counters = counters::plan(&args.counting, false)?;
        (measure::measure(&header, &workloads, args.out)?, workloads)
    };
    let Measured { result, path, interrupted } = measured;
    output::result(&result, &workloads, &args.calls, args.published, args.format)?;
    if let Some(end) = &result.end {
        let measured = result.blocks.iter().any(|b| b.status.is_ok());
        let why = match end.reason {
            EndReason::Rounds if !measured => "every cell was given up",
            EndReason::Precise => "all intervals are narrow enough",
            EndReason::Budget => "the time budget is spent",
            EndReason::Rounds => "all rounds are done",
            EndReason::Interrupted => "interrupted",
        };
        output::warn(&format!(
            "{} whole round{} in {:.0} s ({why}); results in {}",
            end.rounds,
            if end.rounds == 1 { "" } else { "s" },
            end.seconds,
            path.display()
        ));
    }
    if let Some(why) = counters::not_counted(&args.counting).filter(|_| result.header.plan.counters.is_none())
    {
        output::warn(&why);
    }
    if interrupted {
        output::warn(&format!("go on with: runoff bench --resume {}", path.display()));
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    if result.blocks.iter().any(|b| b.status.is_ok()) {
        Ok(ExitCode::SUCCESS)
    } else {
        Err(coded(RUNTIME, "nothing could be measured; the table above says why"))
    }
}

/// The workloads of an interrupted run, from their files, which must still be the same.
pub(super) fn again(header: &Header) -> anyhow::Result<Vec<Workload>> {
    header
        .plan
        .workloads
        .iter()
        .map(|spec| {
            let source = spec.bundled.as_deref().or(spec.path.as_deref()).unwrap_or(&spec.name);
            let overrides = Overrides {
                size: spec.name.split('@').nth(1).map(ToOwned::to_owned),
                invoke: spec
                    .invoke
                    .clone()
                    .filter(|_| spec.bundled.is_none())
                    .map(|e| (e, spec.args.clone())),
                ..Overrides::default()
            };
            let found = resolve(source, &overrides)?.into_iter().next();
            let mut workload = found
                .filter(|w| w.spec.sha256 == spec.sha256)
                .ok_or_else(|| coded(USAGE, format!("{source} is not the module this run began with")))?;
            workload.spec = spec.clone();
            Ok(workload)
        })
        .collect()
}
