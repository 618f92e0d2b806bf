//! `runoff run`.

use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use runoff_bench::fingerprint;
use runoff_data::PlannedWorkload;
use runoff_runtime::{
    DeadlineSupport, Failure, HostState, Imports, Limits, MemoryCap, Runtime, RuntimeError, RuntimeOptions,
    Value,
};
use runoff_runtimes::{Availability, Reach, Registry, on_engine_stack};
use runoff_wasi::{Input, Output, Wasi, WasiConfig};
use runoff_workloads::{Overrides, TWINS, Workload, furnish, resolve};

use crate::args::Run;
use crate::exit::{RUNTIME, TIMEOUT, TRAP, UNSUPPORTED, USAGE, coded};
use crate::support::registry::registry;
use crate::support::{home, output, scratch, subject};

/// What is used when nothing is known of a module.
const DEFAULT: &str = "wasmtime/cranelift";

pub(crate) fn run(args: Run) -> anyhow::Result<ExitCode> {
    let overrides = Overrides {
        invoke: args.invoke.clone().map(|export| (export, args.args.clone())),
        args: args.args.clone(),
        stdin: args.stdin.clone(),
        dirs: subject::dirs(&args.dir),
        env: subject::env(&args.env)?,
        size: args.size.clone(),
    };
    let mut found = resolve(&args.module, &overrides)?;
    let (Some(workload), true) = (found.pop(), found.is_empty()) else {
        return Err(coded(USAGE, format!("{} is a folder; name one module", args.module)));
    };
    let registry = registry(&TWINS)?;
    let id = args.runtime.clone().unwrap_or_else(|| best_known(&workload, &registry));
    let entry = subject::one_runtime(&registry, &id)?;
    let id = entry.id().to_string();
    if let Availability::Absent { how } = entry.availability() {
        return Err(coded(RUNTIME, format!("{id} is absent: {how}")));
    }
    on_engine_stack(move || go(&args, &workload, &registry, &id))?
}

/// The fastest known runtime for one such call of this module on this machine: the same export and arguments, since
/// what is best for little work is not for much.
fn best_known(workload: &Workload, registry: &Registry) -> String {
    let profile = home::recall(&workload.spec, &fingerprint().key());
    let cost = |r: &runoff_data::RuntimeProfile| {
        r.startup_ns + r.cumulative_ns.first().copied().unwrap_or(r.call_ns)
    };
    profile
        .as_ref()
        .and_then(|p| {
            // Nobody is made to break a licence without being asked; and behind a driver every host call costs more
            // than what was measured there, with the driver's own WASI.
            let open = |r: &&runoff_data::RuntimeProfile| {
                r.runtime != "native"
                    && runoff_runtimes::restriction(&r.runtime).is_none()
                    && registry.get(&r.runtime).is_some_and(|e| matches!(e.reach(), Reach::Linked))
            };
            p.runtimes.iter().filter(open).min_by(|a, b| cost(a).total_cmp(&cost(b)))
        })
        .map_or_else(|| DEFAULT.to_owned(), |r| r.runtime.clone())
}

fn go(args: &Run, workload: &Workload, registry: &Registry, id: &str) -> anyhow::Result<ExitCode> {
    let entry = registry.get(id).ok_or_else(|| coded(USAGE, format!("no runtime `{id}`")))?;
    let runtime = entry
        .make(&RuntimeOptions { interruptible: args.timeout.is_some(), ..RuntimeOptions::default() })
        .map_err(|e| refused(id, &e))?;
    let can = &runtime.info().capabilities;
    if args.max_memory.is_some() && can.memory_cap == MemoryCap::ProcessOnly {
        return Err(coded(
            USAGE,
            format!("{id} cannot cap linear memory; leave --max-memory out or take another runtime"),
        ));
    }
    if let (Some(seconds), DeadlineSupport::KillOnly) = (args.timeout, can.deadline) {
        return in_a_child(id, Duration::from_secs_f64(seconds));
    }
    execute(args, workload, runtime.as_ref(), id)
}

fn refused(id: &str, error: &RuntimeError) -> anyhow::Error {
    let code = match error {
        RuntimeError::Unsupported(_) => UNSUPPORTED,
        RuntimeError::Malformed { .. } | RuntimeError::Link { .. } => USAGE,
        RuntimeError::Start(Failure::Trap(_)) => TRAP,
        RuntimeError::Start(Failure::Deadline) => TIMEOUT,
        _ => RUNTIME,
    };
    coded(code, format!("{id}: {error}"))
}

fn execute(args: &Run, workload: &Workload, runtime: &dyn Runtime, id: &str) -> anyhow::Result<ExitCode> {
    let refused = |e: RuntimeError| refused(id, &e);
    runtime.validate(&workload.wasm).map_err(refused)?;
    let module = runtime.compile(&workload.wasm).map_err(refused)?;
    let mut imports = Imports::new();
    runoff_wasi::define(&mut imports);
    define_markers(&mut imports);
    let mut state = HostState::new();
    // A manifest's files are copied, so that the guest cannot change them.
    let scratch = scratch::folder()?;
    let furnished = furnish(&workload.spec, &scratch.path().join("files")).map_err(|e| coded(USAGE, e))?;
    state.insert(Wasi::new(&config(&args.module, furnished.as_ref().unwrap_or(&workload.spec)))?);
    let limits = Limits {
        memory_bytes: args.max_memory,
        table_elements: None,
        deadline: args.timeout.map(Duration::from_secs_f64),
    };
    let mut instance = match module.instantiate(&imports, state, &limits) {
        Err(RuntimeError::Start(Failure::Exit(code))) => return Ok(exit_code(code)),
        other => other.map_err(refused)?,
    };
    if workload.spec.invoke.is_some()
        && let Err(failure) = runoff_wasi::initialize(instance.as_mut())
    {
        return ended(id, args, failure);
    }
    let entry = workload.spec.invoke.clone().unwrap_or_else(|| "_start".into());
    let func =
        instance.lookup(&entry).ok_or_else(|| coded(RUNTIME, format!("{id} finds no export `{entry}`")))?;
    let ty = instance
        .func_type(func)
        .ok_or_else(|| coded(UNSUPPORTED, format!("`{entry}` has values that cannot be typed or printed")))?;
    let texts = if workload.spec.invoke.is_some() { workload.spec.args.as_slice() } else { &[] };
    let values = ty
        .params
        .iter()
        .zip(texts)
        .map(|(ty, text)| Value::parse(*ty, text).map_err(|e| coded(USAGE, e)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut results: Vec<Value> = ty.results.iter().map(|t| Value::default_of(*t)).collect();
    match instance.call(func, &values, &mut results) {
        Ok(()) => {
            if workload.spec.invoke.is_some() {
                for value in &results {
                    output::print(&format!("{value}\n"))?;
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => ended(id, args, failure),
    }
}

/// A call that did not return.
fn ended(id: &str, args: &Run, failure: Failure) -> anyhow::Result<ExitCode> {
    match failure {
        Failure::Exit(code) => Ok(exit_code(code)),
        Failure::Trap(_) => Err(coded(TRAP, format!("{id}: {failure}"))),
        Failure::Deadline => Err(timed_out(id, args.timeout.unwrap_or_default())),
        other => Err(coded(RUNTIME, format!("{id}: {other}"))),
    }
}

fn timed_out(id: &str, seconds: f64) -> anyhow::Error {
    coded(TIMEOUT, format!("{id}: stopped after {}", runoff_data::units::time(seconds * 1e9)))
}

/// A process can only pass on the low eight bits.
fn exit_code(code: i32) -> ExitCode {
    ExitCode::from((code & 0xff) as u8)
}

/// Modules made for measuring between their own markers run without being measured.
fn define_markers(imports: &mut Imports) {
    for name in ["start", "end"] {
        imports.define(
            "bench",
            name,
            runoff_runtime::HostFunc::new(runoff_runtime::FuncType::default(), |_, _, _| Ok(())),
        );
    }
}

fn config(program: &str, spec: &PlannedWorkload) -> WasiConfig {
    let mut config = WasiConfig::new()
        .arg(program)
        .stdin(spec.stdin.as_ref().map_or(Input::Inherit, |path| Input::File(path.into())))
        .stdout(Output::Inherit)
        .stderr(Output::Inherit);
    if spec.invoke.is_none() {
        for arg in &spec.args {
            config = config.arg(arg);
        }
    }
    for (key, value) in &spec.env {
        config = config.env(key, value);
    }
    for (host, guest) in &spec.dirs {
        config = config.preopen(host, guest);
    }
    config
}

/// For runtimes that only stop when their process does: the same command without its timeout, as a child.
fn in_a_child(id: &str, timeout: Duration) -> anyhow::Result<ExitCode> {
    let mut words = std::env::args_os().skip(1).peekable();
    let mut args = Vec::new();
    let mut ours = true;
    while let Some(word) = words.next() {
        ours &= word != "--";
        match word.to_str() {
            Some("--timeout") if ours => drop(words.next()),
            Some(text) if ours && text.starts_with("--timeout=") => {}
            _ => args.push(word),
        }
    }
    // The runtime was chosen already; the child must not choose again.
    if !args.iter().any(|a| a.to_str().is_some_and(|a| a == "--runtime" || a.starts_with("--runtime="))) {
        args.insert(1, "--runtime".into());
        args.insert(2, id.into());
    }
    let mut child = Command::new(std::env::current_exe()?).args(args).stdin(Stdio::inherit()).spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return match status.code() {
                Some(code) => Ok(exit_code(code)),
                None => Err(coded(RUNTIME, format!("{id}: its process died ({status})"))),
            };
        }
        if start.elapsed() >= timeout {
            // A driver it waits for would go on alone.
            let below = children(child.id());
            child.kill()?;
            child.wait()?;
            for pid in below {
                let _ = kill(pid, Signal::SIGKILL);
            }
            return Err(timed_out(id, timeout.as_secs_f64()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Processes a process has started, from whichever of its threads.
fn children(pid: u32) -> Vec<Pid> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task"));
    let lists = tasks
        .into_iter()
        .flatten()
        .flatten()
        .map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
    let pids =
        |list: String| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<i32>>();
    lists.flat_map(pids).map(Pid::from_raw).collect()
}
