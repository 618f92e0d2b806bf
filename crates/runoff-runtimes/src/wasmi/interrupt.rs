//! Stopping a call: fuel is given in portions, and between portions somebody may say stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use runoff_runtime::{Failure, Interrupter};
use wasmi::{Func, ResumableCall, Store, TypedFunc, TypedResumableCall, Val, WasmParams, WasmResults};

use super::convert::failure;
use super::instance::StoreData;

/// Fuel of one portion: a few milliseconds of interpretation.
const PORTION: u64 = 1_000_000;

/// Fuel for a nanosecond of start function: no instruction mix was seen to burn more. The engine cannot
/// resume a start function, so its deadline is turned into fuel, on the generous side.
const START_FUEL_PER_NANOSECOND: u64 = 2;

/// What interrupting needs; only made when the runtime is interruptible.
pub(super) struct Stop {
    flag: Arc<AtomicBool>,
    deadline: Option<Duration>,
}

impl Stop {
    pub(super) fn new(deadline: Option<Duration>) -> Self {
        Self { flag: Arc::new(AtomicBool::new(false)), deadline }
    }

    pub(super) fn interrupter(&self) -> Interrupter {
        let flag = Arc::clone(&self.flag);
        Interrupter::new(move || flag.store(true, Ordering::Release))
    }

    /// Fuel for instantiation.
    pub(super) fn start_fuel(&self) -> u64 {
        self.deadline.map_or(u64::MAX, |d| {
            u64::try_from(d.as_nanos()).unwrap_or(u64::MAX).saturating_mul(START_FUEL_PER_NANOSECOND)
        })
    }

    /// Calls a function of any signature.
    pub(super) fn call(
        &self,
        func: Func,
        store: &mut Store<StoreData>,
        args: &[Val],
        results: &mut [Val],
    ) -> Result<(), Failure> {
        let until = self.begin(store)?;
        let mut call = func.call_resumable(&mut *store, args, results).map_err(|e| failure(&e))?;
        loop {
            match call {
                ResumableCall::Finished => return Ok(()),
                ResumableCall::HostTrap(stopped) => return Err(failure(stopped.host_error())),
                ResumableCall::OutOfFuel(paused) => {
                    self.refuel(store, paused.required_fuel(), until)?;
                    call = paused.resume(&mut *store, results).map_err(|e| failure(&e))?;
                }
            }
        }
    }

    /// Calls a function of a statically known signature.
    pub(super) fn call_typed<P: WasmParams, R: WasmResults>(
        &self,
        func: TypedFunc<P, R>,
        store: &mut Store<StoreData>,
        args: P,
    ) -> Result<R, Failure> {
        let until = self.begin(store)?;
        let mut call = func.call_resumable(&mut *store, args).map_err(|e| failure(&e))?;
        loop {
            match call {
                TypedResumableCall::Finished(result) => return Ok(result),
                TypedResumableCall::HostTrap(stopped) => return Err(failure(stopped.host_error())),
                TypedResumableCall::OutOfFuel(paused) => {
                    self.refuel(store, paused.required_fuel(), until)?;
                    call = paused.resume(&mut *store).map_err(|e| failure(&e))?;
                }
            }
        }
    }

    fn begin(&self, store: &mut Store<StoreData>) -> Result<Option<Instant>, Failure> {
        self.flag.store(false, Ordering::Release);
        store.set_fuel(PORTION).map_err(|e| failure(&e))?;
        Ok(self.deadline.and_then(|d| Instant::now().checked_add(d)))
    }

    /// Gives the next portion unless the call is to stop.
    fn refuel(
        &self,
        store: &mut Store<StoreData>,
        needed: u64,
        until: Option<Instant>,
    ) -> Result<(), Failure> {
        if self.flag.load(Ordering::Acquire) || until.is_some_and(|until| Instant::now() >= until) {
            return Err(Failure::Deadline);
        }
        store.set_fuel(needed.max(PORTION)).map_err(|e| failure(&e))
    }
}
