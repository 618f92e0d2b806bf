//! How runtimes are started: our own binary again, a driver, or somebody else's command.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use runoff_bench::supervisor::{Launch, ResultLines, WholeProcess, introduce, version_line};
use runoff_data::PlannedRuntime;
use runoff_runtime::{
    BoundsChecks, Capabilities, DeadlineSupport, Identity, MemoryCap, ModuleDescriptor, TrustClass,
};
use runoff_runtimes::declared::{Given, Places, Template};
use runoff_runtimes::{Entry, Reach};
use runoff_workloads::Workload;

/// How long a runtime may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(20);

fn program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("cannot find Runoff's own binary to start workers with")
}

/// Our own worker for a runtime, whatever it is behind.
pub(crate) fn own_worker(runtime: &str) -> anyhow::Result<Launch> {
    let args = ["worker", "--runtime", runtime].map(ToOwned::to_owned);
    Ok(Launch { program: program()?, args: args.into(), ..Launch::default() })
}

/// The process that measures a runtime.
pub(crate) fn worker(entry: &Entry) -> anyhow::Result<Launch> {
    match entry.reach() {
        Reach::Driver(command) => Ok(Launch {
            program: command.program.clone(),
            args: command.args.clone(),
            env: command.env.clone(),
            foreign: true,
            ..Launch::default()
        }),
        Reach::Linked | Reach::CommandLine(_) => own_worker(entry.id().as_str()),
    }
}

/// Who a runtime is, in the words of the engine itself: asked in a process of its own, for one that cannot even start
/// must not take us along.
pub(crate) fn meet(entry: &Entry) -> Result<PlannedRuntime, String> {
    if let Reach::CommandLine(line) = entry.reach() {
        let (template, places) = line.as_ref();
        return meet_command(entry, template, places);
    }
    let launch = worker(entry).map_err(|e| e.to_string())?;
    let (identity, capabilities) = introduce(&launch, PATIENCE)?;
    if identity.id != *entry.id() {
        return Err(format!("it says it is `{}`", identity.id));
    }
    let driver = matches!(entry.reach(), Reach::Driver(_));
    Ok(PlannedRuntime { id: identity.id.clone(), identity, capabilities, process_only: false, driver })
}

fn meet_command(entry: &Entry, template: &Template, places: &Places) -> Result<PlannedRuntime, String> {
    let program = template.found(places);
    let launch = Launch {
        program: program.clone(),
        args: template.version.clone(),
        env: template.environment.clone(),
        ..Launch::default()
    };
    let identity = Identity {
        id: entry.id().clone(),
        version: version_line(&launch, PATIENCE)?,
        technique: "whole process of a command".into(),
        features: Vec::new(),
        flags: [("command".into(), template.run.join(" "))].into(),
        compile_threads: 1,
        bounds_checks: BoundsChecks::Explicit,
        cpu_features: "unknown".into(),
        restriction: None,
    };
    let capabilities = Capabilities {
        // What it runs is found out by running it.
        features: runoff_runtime::Feature::ALL.into(),
        compiles: true,
        separate_validate: false,
        save_load: template.compile.is_some(),
        lazy: false,
        deadline: DeadlineSupport::KillOnly,
        memory_cap: MemoryCap::ProcessOnly,
        thread_safe_module: false,
        stack_trap: false,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::KillableChild,
    };
    Ok(PlannedRuntime { id: identity.id.clone(), identity, capabilities, process_only: true, driver: false })
}

/// A whole process: what a user would type to run the workload once. An error says why there is nothing to type.
pub(crate) fn whole(entry: &Entry, workload: &Workload, module: &Path) -> Result<WholeProcess, String> {
    match entry.reach() {
        Reach::CommandLine(line) => {
            let (template, places) = line.as_ref();
            command_line(template, places, workload, module)
        }
        Reach::Linked | Reach::Driver(_) => {
            let launch = ourselves(entry.id().as_str(), workload, module).map_err(|e| e.to_string())?;
            let results = workload.spec.invoke.as_ref().map(|_| ResultLines::default());
            Ok(WholeProcess { launch, compile: None, results })
        }
    }
}

fn command_line(
    template: &Template,
    places: &Places,
    workload: &Workload,
    module: &Path,
) -> Result<WholeProcess, String> {
    let spec = &workload.spec;
    let artifact = PathBuf::from(format!("{}.{}", module.display(), template.id.replace('/', "-")));
    let given = Given {
        wasm: module.to_owned(),
        artifact: artifact.clone(),
        invoke: spec.invoke.clone(),
        args: spec.args.clone(),
        dirs: spec.dirs.clone(),
        env: spec.env.clone(),
    };
    let line = template.command(&given, places)?;
    let launch = |program, args, stdin: Option<&String>| Launch {
        program,
        args,
        env: line.env.clone(),
        stdin: stdin.map(Into::into),
        foreign: true,
    };
    let types = spec
        .invoke
        .as_deref()
        .and_then(|export| Some(ModuleDescriptor::parse(&workload.wasm).ok()?.func(export)?.results.clone()));
    let prefix = line.result_prefix.clone();
    Ok(WholeProcess {
        compile: line.compile.clone().map(|(program, args)| (launch(program, args, None), artifact)),
        launch: launch(line.program.clone(), line.args.clone(), spec.stdin.as_ref()),
        results: types.map(|types| ResultLines { prefix, types }),
    })
}

fn ourselves(runtime: &str, workload: &Workload, module: &Path) -> anyhow::Result<Launch> {
    let spec = &workload.spec;
    let mut args: Vec<String> = vec!["run".into(), "--runtime".into(), runtime.into()];
    if let Some(export) = &spec.invoke {
        args.extend(["--invoke".into(), export.clone()]);
    }
    for (host, guest) in &spec.dirs {
        args.extend(["--dir".into(), format!("{host}::{guest}")]);
    }
    for (key, value) in &spec.env {
        args.extend(["--env".into(), format!("{key}={value}")]);
    }
    if let Some(file) = &spec.stdin {
        args.extend(["--stdin".into(), file.clone()]);
    }
    args.extend([module.display().to_string(), "--".into()]);
    args.extend(spec.args.iter().cloned());
    Ok(Launch { program: program()?, args, ..Launch::default() })
}
