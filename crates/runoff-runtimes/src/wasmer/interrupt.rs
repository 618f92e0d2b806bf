//! Stopping a running call: check points compiled into the code.
//!
//! Wasmer has no check points of its own that another thread could trip without a cost to every call
//! (`experimental-host-interrupt` takes a lock per call and sends signals; metering counts every
//! instruction). A middleware adds two globals that the guest cannot name, and at each function entry and
//! loop head the code `sink = 0; if (flag) unreachable`. The store to `sink` keeps the optimiser from
//! believing that `flag` still has the value it had at the last check point.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use runoff_runtime::{Failure, Interrupter, Trap, Watchdog, WatchdogGuard};
use wasmer::sys::vm::VMGlobalDefinition;
use wasmer::sys::wasmparser::{BlockType, Operator, ValType};
use wasmer::sys::{FunctionMiddleware, MiddlewareError, MiddlewareReaderState, ModuleMiddleware};
use wasmer::{GlobalInit, GlobalType, Mutability, Type};
use wasmer_types::{LocalFunctionIndex, ModuleInfo, entity::EntityRef};

/// The type of the two globals.
pub(super) const FLAG_TYPE: GlobalType = GlobalType { ty: Type::I32, mutability: Mutability::Var };

/// Adds the globals to a module and the check points to its functions.
#[derive(Debug, Default)]
pub(super) struct CheckPoints {
    /// Index of the flag in the module being compiled; the sink follows it.
    flag: AtomicU32,
}

impl ModuleMiddleware for CheckPoints {
    fn generate_function_middleware<'a>(&self, _: LocalFunctionIndex) -> Box<dyn FunctionMiddleware<'a> + 'a> {
        Box::new(FunctionCheckPoints { flag: self.flag.load(Ordering::Acquire), entered: false })
    }

    fn transform_module_info(&self, info: &mut ModuleInfo) -> Result<(), MiddlewareError> {
        let flag = info.globals.push(FLAG_TYPE);
        info.globals.push(FLAG_TYPE);
        info.global_initializers.push(GlobalInit::I32Const(0));
        info.global_initializers.push(GlobalInit::I32Const(0));
        self.flag.store(flag.index() as u32, Ordering::Release);
        Ok(())
    }
}

#[derive(Debug)]
struct FunctionCheckPoints {
    flag: u32,
    entered: bool,
}

impl FunctionCheckPoints {
    fn check(&self) -> [Operator<'static>; 6] {
        [
            Operator::I32Const { value: 0 },
            Operator::GlobalSet { global_index: self.flag + 1 },
            Operator::GlobalGet { global_index: self.flag },
            Operator::If { blockty: BlockType::Empty },
            Operator::Unreachable,
            Operator::End,
        ]
    }
}

impl<'a> FunctionMiddleware<'a> for FunctionCheckPoints {
    fn locals_info(&mut self, _: &[ValType]) {}

    fn feed(&mut self, operator: Operator<'a>, state: &mut MiddlewareReaderState<'a>) -> Result<(), MiddlewareError> {
        if !std::mem::replace(&mut self.entered, true) {
            state.extend(self.check());
        }
        let head = matches!(operator, Operator::Loop { .. });
        state.push_operator(operator);
        if head {
            state.extend(self.check());
        }
        Ok(())
    }
}

/// What an instance needs to be stopped; only made when the runtime is interruptible.
pub(super) struct Stop {
    shared: Arc<Mutex<Shared>>,
    deadline: Option<(Duration, Watchdog)>,
}

#[derive(Default)]
struct Shared {
    flag: Option<NonNull<VMGlobalDefinition>>,
    /// Number of the running call; `None` between calls, when an interrupt must not hit the next one.
    running: Option<u64>,
    calls: u64,
    fired: bool,
}

#[expect(unsafe_code, reason = "raw pointers are not Send")]
// SAFETY: the flag is only written, atomically, while the lock is held, and taken away under the same lock
// before the store it lies in is dropped.
unsafe impl Send for Shared {}

impl Shared {
    fn set(&self, value: u32) {
        if let Some(flag) = self.flag {
            #[expect(unsafe_code, reason = "the flag lies in the engine's memory")]
            // SAFETY: `flag` points to a live, 16-byte aligned definition (see `Shared`), which the code
            // compiled by the engine reads and nothing else writes.
            unsafe { AtomicU32::from_ptr(flag.as_ptr().cast()) }.store(value, Ordering::Release);
        }
    }
}

/// Ends the call it was made for when dropped.
pub(super) struct Running<'a> {
    stop: &'a Stop,
    _armed: Option<WatchdogGuard<'a>>,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        lock(&self.stop.shared).running = None;
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stop {
    pub(super) fn new(deadline: Option<Duration>) -> Self {
        Self { shared: Arc::default(), deadline: deadline.map(|d| (d, Watchdog::new())) }
    }

    /// Tells where the flag lies, once the instance is built.
    pub(super) fn found(&self, flag: Option<NonNull<VMGlobalDefinition>>) {
        let mut shared = lock(&self.shared);
        shared.flag = flag;
        if shared.fired {
            shared.set(1);
        }
    }

    /// Marks a call as running until the guard is dropped.
    pub(super) fn run(&self) -> Running<'_> {
        let call = {
            let mut shared = lock(&self.shared);
            shared.calls += 1;
            shared.running = Some(shared.calls);
            shared.fired = false;
            shared.set(0);
            shared.calls
        };
        // The interrupter of a deadline knows its call: one that comes late must not hit the next.
        let armed = self.deadline.as_ref().map(|(deadline, watchdog)| {
            watchdog.arm(*deadline, interrupter(Arc::clone(&self.shared), Some(call)))
        });
        Running { stop: self, _armed: armed }
    }

    /// A failure of the last call, with the check points' `unreachable` given its meaning.
    pub(super) fn explain(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Trap(Trap::Unreachable) if lock(&self.shared).fired => Failure::Deadline,
            failure => failure,
        }
    }

    pub(super) fn interrupter(&self) -> Interrupter {
        interrupter(Arc::clone(&self.shared), None)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        lock(&self.shared).flag = None;
    }
}

/// Interrupts the given call, or whichever runs.
fn interrupter(shared: Arc<Mutex<Shared>>, call: Option<u64>) -> Interrupter {
    Interrupter::new(move || {
        let mut shared = lock(&shared);
        if shared.running.is_some() && (call.is_none() || shared.running == call) {
            shared.fired = true;
            shared.set(1);
        }
    })
}
