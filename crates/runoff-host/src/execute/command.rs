//! Programs: `_start` once, in a fresh instance.

use std::sync::Arc;
use std::time::Instant;

use runoff_runtime::{Failure, HostState, Module};
use runoff_wasi::{Input, Output, Wasi};

use super::clock::GuestClocks;
use super::ending::{Answer, Fault};
use super::run::{Invocation, Ran, Shared, Spent, begin};
use super::wagi;
use crate::config::AbiName;
use crate::function::Function;

/// Most that is kept of standard error; a guest that writes more is ended.
pub(crate) const STDERR: usize = 64 << 10;

pub(super) fn run(
    function: &Function,
    module: &dyn Module,
    invocation: &Invocation,
    bounds: &Shared<'_>,
) -> Ran {
    let started = Instant::now();
    let mut config = function
        .wasi
        .clone()
        .stdin(Input::Bytes(Arc::from(&invocation.body[..])))
        .stdout(Output::Capture(function.config.limits.output))
        .stderr(Output::Capture(STDERR))
        .clocks(Arc::new(GuestClocks::new(bounds.until, Arc::clone(bounds.cancel))));
    for (name, value) in &invocation.env {
        config = config.env(name, value);
    }
    let mut state = HostState::new();
    let instance = match Wasi::new(&config) {
        Ok(wasi) => {
            state.insert(wasi);
            module.instantiate(bounds.imports, state, &function.limits).map_err(Fault::from)
        }
        Err(error) => Err(Fault::Engine(error.to_string())),
    };
    let mut spent = Spent { setup: started.elapsed(), ..Spent::default() };
    let instance = match instance {
        Ok(instance) => instance,
        Err(fault) => return Ran::early(bounds.explain(fault), spent),
    };
    let running = Instant::now();
    let mut written = None;
    let done = bounds.guarded(instance, |mut instance| {
        let done = begin(function, &mut *instance).and_then(|()| {
            let start = instance.lookup("_start").ok_or_else(|| Fault::Engine("`_start` is gone".into()))?;
            match instance.call(start, &[], &mut []) {
                Ok(()) | Err(Failure::Exit(0)) => Ok(()),
                Err(failure) => Err(failure.into()),
            }
        });
        written = instance.state().take::<Wasi>();
        done
    });
    spent.run = running.elapsed();
    let (stdout, stderr) = written
        .map_or_else(Default::default, |wasi| (wasi.stdout_bytes().to_vec(), wasi.stderr_bytes().to_vec()));
    let ending = done.and_then(|()| match function.abi {
        AbiName::Wagi => wagi::parse(&stdout).map_err(Fault::Malformed),
        _ => Ok(Answer { status: 200, headers: Vec::new(), body: stdout }),
    });
    Ran { ending, spent, stderr }
}
