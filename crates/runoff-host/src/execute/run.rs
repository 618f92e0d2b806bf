//! One run, whatever the ABI.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use runoff_runtime::{Imports, Instance, Interrupter, Module};

use super::call::Kept;
use super::ending::{Answer, Fault};
use super::{Warm, call, command};
use crate::config::AbiName;
use crate::deadline::{Cancel, Deadlines};
use crate::function::Function;
use crate::module::Code;

/// What a function is given.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// Request body.
    pub body: Bytes,
    /// CGI variables, for `wagi`.
    pub env: Vec<(String, String)>,
}

/// What a run took, by phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Making the instance.
    pub setup: Duration,
    /// Running.
    pub run: Duration,
}

/// A run that ended.
#[derive(Debug)]
pub struct Ran {
    /// How.
    pub ending: Result<Answer, Fault>,
    /// What it took.
    pub spent: Spent,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
}

impl Ran {
    pub(crate) fn early(fault: Fault, spent: Spent) -> Self {
        Self { ending: Err(fault), spent, stderr: Vec::new() }
    }
}

/// What bounds a run, and what it is given besides its function.
pub(crate) struct Shared<'a> {
    pub(crate) imports: &'a Imports,
    pub(crate) deadlines: &'a Deadlines,
    pub(crate) until: Instant,
    pub(crate) cancel: &'a Arc<Cancel>,
}

impl Shared<'_> {
    /// Does work that `interrupter` ends, at `until` or when the run is cancelled.
    pub(crate) fn under_clock<T>(
        &self,
        interrupter: Option<Interrupter>,
        until: Instant,
        work: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let armed = interrupter.map(|i| self.deadlines.arm(until, i));
        if let Some(armed) = &armed {
            self.cancel.watch(armed);
        }
        let done = if self.cancel.is_cancelled() { Err(Fault::Cancelled) } else { work() };
        self.cancel.unwatch();
        drop(armed);
        done.map_err(|fault| self.explain(fault))
    }

    /// Runs `work` on an instance under the clock.
    pub(super) fn guarded<T>(
        &self,
        instance: Box<dyn Instance>,
        work: impl FnOnce(Box<dyn Instance>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.under_clock(instance.interrupter(), self.until, || work(instance))
    }

    /// An interrupt is a deadline to the engine, whoever asked for it; what a host function refuses when time is up, such
    /// as to sleep on, is one, too.
    pub(crate) fn explain(&self, fault: Fault) -> Fault {
        match fault {
            Fault::Deadline | Fault::Limit(_) if self.cancel.is_cancelled() => Fault::Cancelled,
            Fault::Limit(_) if Instant::now() >= self.until => Fault::Deadline,
            fault => fault,
        }
    }
}

/// Calls a module's deferred start function.
pub(super) fn begin(function: &Function, instance: &mut dyn Instance) -> Result<(), Fault> {
    let Some(export) = function.module.start else { return Ok(()) };
    let handle = instance.lookup(export).ok_or_else(|| Fault::Engine(format!("`{export}` is gone")))?;
    instance.call(handle, &[], &mut []).map_err(Fault::from)
}

/// Runs a function on the calling thread, which must not be one of the executor's unless the run is brief.
pub(crate) fn run(
    function: &Function,
    code: &Code,
    tier: usize,
    invocation: &Invocation,
    shared: &Shared<'_>,
    warm: &mut Warm,
) -> Ran {
    if shared.cancel.is_cancelled() {
        return Ran::early(Fault::Cancelled, Spent::default());
    }
    if Instant::now() >= shared.until {
        return Ran::early(Fault::Overloaded("no thread was free in time"), Spent::default());
    }
    match code {
        Code::Here(module) => {
            run_here(function, &**module, invocation, shared, Some(Kept { tier, code: module, warm }))
        }
        Code::Worker(remote) => remote.run(function, invocation, shared),
    }
}

/// Runs a function in this process; without `kept` no instance is used again.
pub(crate) fn run_here(
    function: &Function,
    module: &dyn Module,
    invocation: &Invocation,
    shared: &Shared<'_>,
    kept: Option<Kept<'_>>,
) -> Ran {
    match function.abi {
        AbiName::Command | AbiName::Wagi => command::run(function, module, invocation, shared),
        AbiName::Call => call::run(function, module, invocation, shared, kept),
    }
}
