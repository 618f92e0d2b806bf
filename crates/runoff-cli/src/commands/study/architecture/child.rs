//! The process whose call is followed.

use std::io::Write;
use std::process::ExitCode;

use runoff_runtime::{
    FuncType, HostFunc, HostState, Imports, Limits, ModuleDescriptor, RuntimeOptions, Value,
};
use runoff_runtimes::on_engine_stack;
use runoff_study::architecture::{begin, end, offer};
use runoff_wasi::{Output, Wasi, WasiConfig};
use runoff_workloads::{Overrides, TWINS, Workload, resolve};

use crate::exit::{RUNTIME, USAGE, coded};
use crate::support::registry::registry;
use crate::support::subject;

/// Makes one call of a workload on a runtime of this process, followed by the parent process.
pub(crate) fn child(runtime: String, workload: &str, args: Vec<String>) -> anyhow::Result<ExitCode> {
    let workload = one_workload(workload, args)?;
    on_engine_stack(move || call(&runtime, &workload))?
}

/// `NAME` or `NAME@SIZE`, which must be one workload.
pub(super) fn one_workload(what: &str, args: Vec<String>) -> anyhow::Result<Workload> {
    let (name, size) = match what.split_once('@') {
        Some((name, size)) => (name, Some(size.to_owned())),
        None => (what, None),
    };
    let mut found = resolve(name, &Overrides { args, size, ..Overrides::default() })?;
    match (found.pop(), found.is_empty()) {
        (Some(workload), true) => Ok(workload),
        _ => Err(coded(USAGE, format!("`{what}` is several workloads; name one"))),
    }
}

fn call(runtime: &str, workload: &Workload) -> anyhow::Result<ExitCode> {
    let registry = registry(&TWINS)?;
    let entry = subject::one_runtime(&registry, runtime)?;
    let engine = entry.make(&RuntimeOptions::default())?;
    let module = engine.compile(&workload.wasm)?;
    let descriptor = ModuleDescriptor::parse(&workload.wasm)?;
    let marked = descriptor.imports.iter().any(|i| i.module == "bench" && i.name == "start");
    let mut imports = Imports::new();
    runoff_wasi::define(&mut imports);
    for (name, mark) in [("start", begin as fn()), ("end", end)] {
        let mark = HostFunc::new(FuncType::default(), move |_, _, _| {
            mark();
            Ok(())
        });
        imports.define("bench", name, mark);
    }
    let mut config = WasiConfig::new().arg(&workload.spec.name).stdout(Output::Discard);
    let invoked = workload.spec.invoke.is_some();
    if !invoked {
        config = workload.spec.args.iter().fold(config, WasiConfig::arg);
    }
    let mut state = HostState::new();
    state.insert(Wasi::new(&config)?);
    let mut instance = module.instantiate(&imports, state, &Limits::default())?;
    if invoked {
        runoff_wasi::initialize(instance.as_mut())?;
    }
    let entry = workload.spec.invoke.clone().unwrap_or_else(|| "_start".into());
    let func = instance.lookup(&entry).ok_or_else(|| coded(RUNTIME, format!("no export `{entry}`")))?;
    let ty = instance.func_type(func).unwrap_or_default();
    let texts = if invoked { workload.spec.args.as_slice() } else { &[] };
    let values = ty.params.iter().zip(texts).map(|(ty, text)| Value::parse(*ty, text));
    let values = values.collect::<Result<Vec<_>, _>>().map_err(|e| coded(USAGE, e))?;
    let mut results: Vec<Value> = ty.results.iter().map(|t| Value::default_of(*t)).collect();
    let thread = offer().map_err(|e| coded(RUNTIME, e))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{thread}")?;
    out.flush()?;
    drop(out);
    if !marked {
        begin();
    }
    let outcome = instance.call(func, &values, &mut results);
    if !marked {
        end();
    }
    outcome.map_err(|failure| coded(RUNTIME, failure.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
