//! From arguments to a measured result; shared by `bench`, `pick` and `doctor`.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use runoff_bench::supervisor::Launch;
use runoff_bench::{Run, fingerprint};
use runoff_data::{EndReason, Header, Plan, ResultFile, ResultWriter, SCHEMA_VERSION};
use runoff_workloads::{TWINS, Workload};

use super::progress::Bar;
use super::registry::registry;
use super::{home, interrupt, launch, output, scratch, subject};
use crate::args::Subject;
use crate::exit::{RUNTIME, coded};

/// Shortest block in milliseconds that still gives warm samples.
const QUICK_BLOCK_MS: u64 = 45;
const BLOCK_MS: u64 = 90;

/// The header of a new run.
pub(crate) fn header(
    subject: &Subject,
    workloads: &[Workload],
    whole_process: bool,
) -> anyhow::Result<Header> {
    let registry = registry(&TWINS)?;
    let mut runtimes = Vec::new();
    let mut list = subject.runtimes.clone();
    if whole_process && list.split(',').any(|name| name.trim() == subject::ALL) {
        list = format!("{list},{}", subject::COMMANDS);
    }
    for entry in subject::runtimes(&registry, &list)? {
        match launch::meet(entry) {
            Ok(planned) => runtimes.push(planned),
            Err(reason) => output::warn(&format!("{} does not start and is left out: {reason}", entry.id())),
        }
    }
    if runtimes.is_empty() {
        return Err(coded(RUNTIME, "no runtime started"));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let plan = Plan {
        seed: subject.seed.unwrap_or(now.as_nanos() as u64),
        runtimes,
        workloads: workloads.iter().map(|w| w.spec.clone()).collect(),
        whole_process,
        max_rounds: if subject.quick { subject.rounds.min(10) } else { subject.rounds },
        budget_s: Some(if subject.quick { subject.time.min(15.0) } else { subject.time }),
        precision: subject.precision,
        calls: subject.max_calls,
        block_ms: if subject.quick { QUICK_BLOCK_MS } else { BLOCK_MS },
        block_timeout_s: subject.block_timeout,
        max_memory_bytes: subject.block_memory,
        counters: None,
    };
    Ok(Header {
        schema_version: SCHEMA_VERSION,
        runoff_version: env!("CARGO_PKG_VERSION").into(),
        created_unix: now.as_secs(),
        optimised_build: !cfg!(debug_assertions),
        machine: fingerprint(),
        plan,
    })
}

/// A finished, or interrupted, measurement.
pub(crate) struct Measured {
    pub(crate) result: ResultFile,
    pub(crate) path: PathBuf,
    pub(crate) interrupted: bool,
}

/// Measures into a new file.
pub(crate) fn measure(
    header: &Header,
    workloads: &[Workload],
    out: Option<PathBuf>,
) -> anyhow::Result<Measured> {
    let path = match out {
        Some(path) => path,
        None => home::new_result(header.created_unix)?,
    };
    let writer = ResultWriter::create(&path, header)?;
    go(header, workloads, writer, Vec::new(), path)
}

/// Goes on with an interrupted file.
pub(crate) fn resume(
    path: &Path,
    workloads_of: impl Fn(&Header) -> anyhow::Result<Vec<Workload>>,
) -> anyhow::Result<(Measured, Vec<Workload>)> {
    let (writer, before) = ResultWriter::resume(path)?;
    let workloads = workloads_of(&before.header)?;
    let measured = go(&before.header, &workloads, writer, before.blocks, path.to_owned())?;
    Ok((measured, workloads))
}

fn go(
    header: &Header,
    workloads: &[Workload],
    mut writer: ResultWriter,
    done: Vec<runoff_data::Block>,
    path: PathBuf,
) -> anyhow::Result<Measured> {
    if !header.optimised_build {
        output::warn(
            "this is an unoptimised build of Runoff: its engines are too, and the numbers mean nothing",
        );
    }
    let stop = interrupt::watch()?;
    let scratch = scratch::folder()?;
    let registry = registry(&TWINS)?;
    let entry = |id: &str| registry.get(id).ok_or_else(|| format!("this Runoff knows no runtime `{id}`"));
    // A resumed plan may name what is no longer there: a program that cannot be started, which is a row like any other.
    let start_worker = |id: &str| {
        entry(id)
            .ok()
            .and_then(|e| launch::worker(e).ok())
            .unwrap_or_else(|| Launch { program: id.into(), ..Launch::default() })
    };
    let start_whole = |id: &str, w: &Workload, module: &Path| launch::whole(entry(id)?, w, module);
    let run = Run {
        header,
        workloads,
        worker: &start_worker,
        process: &start_whole,
        scratch: scratch.path(),
        interrupted: &|| stop.load(Ordering::Relaxed),
    };
    let mut so_far = ResultFile { header: header.clone(), blocks: Vec::new(), end: None, torn: false };
    let mut bar = Bar::new(header.plan.budget_s.unwrap_or(0.0));
    let ended = run.go(
        &mut writer,
        done,
        &mut |blocks| {
            so_far.blocks = blocks.to_vec();
            runoff_analysis::precise(&so_far, header.plan.precision)
        },
        &mut bar,
    );
    bar.finish();
    let (blocks, end) = ended.with_context(|| {
        format!(
            "the run stopped; what was measured before is in {0}, go on with: runoff bench --resume {0}",
            path.display()
        )
    })?;
    let interrupted = end.reason == EndReason::Interrupted;
    let result = ResultFile { header: header.clone(), blocks, end: Some(end), torn: false };
    if let Err(error) = home::remember(&result) {
        output::warn(&format!("what was found out is not kept for `runoff run`: {error:#}"));
    }
    Ok(Measured { result, path, interrupted })
}
