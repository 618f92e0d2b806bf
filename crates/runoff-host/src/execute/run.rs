//! One run, whatever the ABI.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use runoff_runtime::{Imports, Instance};

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

/// What every run of a host shares.
pub(super) struct Bounds<'a> {
    pub(super) imports: &'a Imports,
    pub(super) deadlines: &'a Deadlines,
    pub(super) until: Instant,
    pub(super) cancel: &'a Arc<Cancel>,
}

impl Bounds<'_> {
    /// Runs `work` on an instance under the clock, its deferred start function first.
    pub(super) fn guarded<T>(
        &self,
        instance: Box<dyn Instance>,
        work: impl FnOnce(Box<dyn Instance>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let armed = instance.interrupter().map(|i| self.deadlines.arm(self.until, i));
        if let Some(armed) = &armed {
            self.cancel.watch(armed);
        }
        let done = if self.cancel.is_cancelled() { Err(Fault::Cancelled) } else { work(instance) };
        self.cancel.unwatch();
        drop(armed);
        done.map_err(|fault| self.explain(fault))
    }

    /// An interrupt is a deadline to the engine, whoever asked for it.
    pub(super) fn explain(&self, fault: Fault) -> Fault {
        if fault == Fault::Deadline && self.cancel.is_cancelled() { Fault::Cancelled } else { fault }
    }
}

/// Calls a module's deferred start function.
pub(super) fn begin(function: &Function, instance: &mut dyn Instance) -> Result<(), Fault> {
    let Some(export) = function.module.start else { return Ok(()) };
    let handle = instance.lookup(export).ok_or_else(|| Fault::Engine(format!("`{export}` is gone")))?;
    instance.call(handle, &[], &mut []).map_err(Fault::from)
}

/// Runs a function on the calling thread, which must not be one of the executor's.
#[expect(clippy::too_many_arguments, reason = "one place calls it")]
pub fn run(
    function: &Function,
    code: &Code,
    tier: usize,
    invocation: &Invocation,
    imports: &Imports,
    deadlines: &Deadlines,
    until: Instant,
    cancel: &Arc<Cancel>,
    warm: &mut Warm,
) -> Ran {
    if cancel.is_cancelled() {
        return Ran::early(Fault::Cancelled, Spent::default());
    }
    if Instant::now() >= until {
        return Ran::early(Fault::Overloaded("no thread was free in time"), Spent::default());
    }
    let bounds = Bounds { imports, deadlines, until, cancel };
    match function.abi {
        AbiName::Command | AbiName::Wagi => command::run(function, code, invocation, &bounds),
        AbiName::Call => call::run(function, code, tier, invocation, &bounds, warm),
    }
}
