//! Counting events while guest code runs: with the processor's counters, or under Valgrind.
//!
//! A counting block is no timed block: it compiles, instantiates, calls until everything is warm, and counts a few
//! calls after that. Only those calls are counted; of a command, its run on a fresh instance.

mod callgrind;
mod hardware;
mod simulated;
mod software;

use std::path::Path;

use runoff_data::{CounterSource, Counters, Missing};
use runoff_runtime::{Instance, Module, Runtime};
use runoff_workloads::Output;

use super::guest::{CallError, Entry, Guest};

pub use callgrind::{Profile, ProfileError};
pub use hardware::pmu;

/// Most calls that are counted together.
const MAX_CALLS: u64 = 1000;

/// A workload's calls, one after the other, as a counter needs them.
pub(super) struct Calls<'a> {
    guest: &'a Guest,
    // The instance goes before the module it came from.
    instance: Option<Box<dyn Instance>>,
    module: Box<dyn Module>,
    entry: Option<Entry>,
    last: Option<Output>,
}

impl<'a> Calls<'a> {
    /// Compiles; nothing is called yet.
    pub(super) fn new(runtime: &dyn Runtime, guest: &'a Guest, wasm: &[u8]) -> Result<Self, CallError> {
        Ok(Self { guest, module: runtime.compile(wasm)?, instance: None, entry: None, last: None })
    }

    /// What the last call answered; verified.
    pub(super) fn last(&self) -> Option<&Output> {
        self.last.as_ref()
    }

    /// What a call needs, made before anything is counted: commands get a fresh instance each time.
    fn ready(&mut self) -> Result<(&'a Guest, &mut dyn Instance, &mut Entry), CallError> {
        if self.guest.is_command() || self.instance.is_none() {
            self.entry = None;
            let mut instance = self.guest.instantiate(self.module.as_ref(), self.guest.state()?)?;
            self.entry = Some(self.guest.entry(instance.as_mut())?);
            self.instance = Some(instance);
        }
        match (&mut self.instance, &mut self.entry) {
            (Some(instance), Some(entry)) => Ok((self.guest, instance.as_mut(), entry)),
            _ => Err(CallError::Failed("there is no instance to call".into())),
        }
    }

    /// `calls` calls between `begin` and `end`, and the check of the last answer after that. Of a command one run.
    fn counted<T>(
        &mut self,
        calls: u64,
        begin: impl FnOnce(),
        end: impl FnOnce() -> T,
    ) -> Result<T, CallError> {
        let (guest, instance, entry) = self.ready()?;
        begin();
        let mut answer = guest.call(instance, entry);
        for _ in 1..calls {
            if answer.is_err() {
                break;
            }
            answer = guest.call(instance, entry);
        }
        let counted = end();
        let output = guest.output(instance, entry, answer)?;
        guest.verify(&output)?;
        self.last = Some(output);
        Ok(counted)
    }
}

/// Counts, by the source a job asks for; events that are absent go to `missing` with their reason. `dumps` is where
/// Callgrind writes.
pub(super) fn count(
    source: CounterSource,
    calls: &mut Calls<'_>,
    dumps: &Path,
    missing: &mut Vec<Missing>,
) -> Result<Counters, CallError> {
    match source {
        CounterSource::Simulated => simulated::count(calls, dumps, missing),
        CounterSource::Hardware => hardware::count(calls, missing),
    }
}

fn absent(missing: &mut Vec<Missing>, what: impl Into<String>, why: impl Into<String>) {
    missing.push(Missing { what: what.into(), why: why.into() });
}
