//! `runoff study architecture`

mod child;
mod tables;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Context;
use indicatif::ProgressBar;
use runoff_data::units;
use runoff_runtimes::{Reach, Registry};
use runoff_study::architecture::{Cell, Followed, PLAN, Study, TraceError, follow, reap};
use runoff_workloads::TWINS;

use super::kept::{self, Kept};
use crate::args::StudyArchitecture;
use crate::exit::{RUNTIME, coded};
use crate::support::registry::registry;
use crate::support::{interrupt, subject};

pub(crate) use child::child;
pub(super) use tables::chapter;

/// The compilers in a usual build, and native code.
const USUAL: &str = "wasmtime/cranelift,wasmtime/winch,wasmer/cranelift,wasmer/singlepass,native";

/// For a quick look: two compilers that differ, and native code.
const FEW: &str = "wasmtime/cranelift,wasmer/singlepass,native";

/// Most instructions of a call, and those for a quick look.
const WHOLE: u64 = 500_000;
const QUICK: u64 = 100_000;

/// A call that is to be followed.
struct Wanted {
    workload: String,
    args: Vec<String>,
    runtime: String,
}

pub(super) fn architecture(args: &StudyArchitecture) -> anyhow::Result<ExitCode> {
    kept::show("architecture", &args.shown, || {
        let study = measured(args)?;
        Kept::new(chapter(&study, args.quick), &study, tables::long(&study))
    })
}

pub(super) fn measured(args: &StudyArchitecture) -> anyhow::Result<Study> {
    let registry = registry(&TWINS)?;
    let (wanted, mut cells) = plan(args, &registry)?;
    let limit = args.instructions.unwrap_or(if args.quick { QUICK } else { WHOLE });
    let bar = super::bar();
    cells.extend(follow_all(&wanted, limit, args.ways, &bar));
    bar.finish_and_clear();
    let study = Study::new(limit, args.ways as usize, cells);
    if study.cells.iter().all(|c| c.figures.is_none()) {
        let reasons: HashSet<&str> = study.cells.iter().filter_map(|c| c.reason.as_deref()).collect();
        let mut reasons: Vec<&str> = reasons.into_iter().collect();
        reasons.sort_unstable();
        return Err(coded(RUNTIME, format!("nothing could be followed: {}", reasons.join("; "))));
    }
    Ok(study)
}

/// What is to be followed, and what cannot be.
fn plan(args: &StudyArchitecture, registry: &Registry) -> anyhow::Result<(Vec<Wanted>, Vec<Cell>)> {
    let runtimes = subject::runtimes(
        registry,
        args.runtimes.as_deref().unwrap_or(if args.quick { FEW } else { USUAL }),
    )?;
    let texts = |list: &[&str]| list.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
    let named: Vec<(String, Vec<String>)> = if args.workloads.is_empty() {
        PLAN.iter()
            .map(|p| (p.workload.to_owned(), texts(if args.quick { p.quick } else { p.args })))
            .collect()
    } else {
        args.workloads.iter().map(|w| (w.clone(), Vec::new())).collect()
    };
    let (mut wanted, mut cells) = (Vec::new(), Vec::new());
    for (workload, args) in named {
        // What every process would stumble over is said once, before the first starts.
        child::one_workload(&workload, args.clone())?;
        for entry in &runtimes {
            let (workload, args, runtime) = (workload.clone(), args.clone(), entry.id().to_string());
            if matches!(entry.reach(), Reach::Linked) {
                wanted.push(Wanted { workload, args, runtime });
            } else {
                let reason = Some("it runs in a process of its own, which cannot be followed".into());
                cells.push(Cell { workload, args, runtime, figures: None, complete: false, reason });
            }
        }
    }
    Ok((wanted, cells))
}

/// Follows the calls, as many at once as there are processors: nothing here is timed.
fn follow_all(wanted: &[Wanted], limit: u64, ways: u32, bar: &ProgressBar) -> Vec<Cell> {
    let (next, executed, start) = (AtomicUsize::new(0), AtomicU64::new(0), Instant::now());
    let all = wanted.len() as u64 * limit;
    let work = || {
        let mut cells = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(call) = wanted.get(at) else { return cells };
            let mut before = 0;
            let mut progress = |now: u64| {
                interrupt::leave();
                let sum = executed.fetch_add(now - before, Ordering::Relaxed) + (now - before);
                before = now;
                // Calls that end before the limit make it shorter; nothing makes it longer.
                let left = start.elapsed().as_secs_f64() / sum.max(1) as f64 * all.saturating_sub(sum) as f64;
                bar.set_message(format!(
                    "{}/{}, at most {} left: {} on {}",
                    at + 1,
                    wanted.len(),
                    units::time(left * 1e9),
                    call.workload,
                    call.runtime
                ));
            };
            progress(0);
            let (figures, complete, reason) = match one(call, limit, ways, &mut progress) {
                Ok(Followed { figures, complete, .. }) => (Some(figures), complete, None),
                Err(error) => (None, false, Some(format!("{error:#}"))),
            };
            progress(limit);
            let Wanted { workload, args, runtime } = call;
            let (workload, args, runtime) = (workload.clone(), args.clone(), runtime.clone());
            cells.push((at, Cell { workload, args, runtime, figures, complete, reason }));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut cells: Vec<(usize, Cell)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect()
    });
    cells.sort_by_key(|(at, _)| *at);
    cells.into_iter().map(|(_, cell)| cell).collect()
}

/// Follows one call. The process is started and followed by the same thread, as the system demands.
fn one(call: &Wanted, limit: u64, ways: u32, progress: &mut dyn FnMut(u64)) -> anyhow::Result<Followed> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["study-trace", "--runtime", &call.runtime, "--workload", &call.workload, "--"])
        .args(&call.args);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().context("cannot start the process to be followed")?;
    let mut line = String::new();
    let said = process.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
    let thread = said.and_then(|_| line.trim().parse::<i32>().ok());
    let found = match thread {
        Some(thread) => follow(thread, limit, ways as usize, progress),
        None => Err(TraceError::Follow("it did not come to the call".into())),
    };
    // Stopped where it is: nothing of it is needed any more.
    let _ = process.kill();
    if let Some(thread) = thread {
        reap(thread);
    }
    let mut words = String::new();
    if let Some(mut stderr) = process.stderr.take() {
        let _ = stderr.read_to_string(&mut words);
    }
    process.wait()?;
    found.map_err(|error| match words.lines().last() {
        Some(last) => anyhow::anyhow!("{}", last.trim_start_matches("runoff: ")),
        None => error.into(),
    })
}
