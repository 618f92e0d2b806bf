//! What an instance shares with its host functions, for engines that keep nothing of the kind themselves.

#![expect(unsafe_code, reason = "host functions and their instance own the same data")]

use std::any::Any;
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use runoff_runtime::{Caller, Failure, HostFunc, HostState, Value};

use crate::support::Stopped;

/// A value several parts of one instance own. It stays on the thread of its instance, which is not `Send`.
pub(crate) struct Shared<T>(Arc<UnsafeCell<T>>);

// SAFETY: engines ask for closures that could move to other threads, but every owner is part of one instance
// and goes where that goes, which is nowhere: `Box<dyn Instance>` is not `Send`.
unsafe impl<T> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(UnsafeCell::new(value)))
    }

    /// The value.
    ///
    /// # Safety
    ///
    /// No other reference to it, or to a part of it, may be used while this one is.
    #[expect(clippy::mut_from_ref, reason = "that is what the contract is about")]
    pub(crate) unsafe fn get(&self) -> &mut T {
        // SAFETY: promised by the caller.
        unsafe { &mut *self.0.get() }
    }
}

/// State of the host functions of one instance, and how the last one that did not return ended.
#[derive(Default)]
pub(crate) struct Host {
    pub(crate) state: HostState,
    /// Why it did not return.
    stopped: Option<Failure>,
    /// Its panic, which the engine must not see: not all of them are ready to be unwound through.
    panic: Option<Box<dyn Any + Send>>,
}

/// The guest must stop; [`Host::ended`] says why.
#[derive(Debug)]
pub(crate) struct MustStop;

impl Host {
    pub(crate) fn new(state: HostState) -> Self {
        Self { state, ..Self::default() }
    }

    /// Runs a host function on `args`; `results` are reset first and have the types of the function after.
    pub(crate) fn run(
        &mut self,
        func: &HostFunc,
        memory: &mut [u8],
        args: &[Value],
        results: &mut [Value],
    ) -> Result<(), MustStop> {
        for (result, ty) in results.iter_mut().zip(&func.ty().results) {
            *result = Value::default_of(*ty);
        }
        let caller = &mut Caller { memory, state: &mut self.state };
        match catch_unwind(AssertUnwindSafe(|| func.call(caller, args, results))) {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => return Err(self.stop(Stopped::from(failure).0)),
            Err(panic) => {
                self.panic = Some(panic);
                return Err(MustStop);
            }
        }
        match results.iter().zip(&func.ty().results).find(|(result, ty)| result.ty() != **ty) {
            None => Ok(()),
            Some((result, ty)) => {
                let words = format!("it answered {} where its type says {ty}", result.ty());
                Err(self.stop(Failure::Host(words)))
            }
        }
    }

    /// Makes the running call end like this.
    pub(crate) fn stop(&mut self, failure: Failure) -> MustStop {
        self.stopped = Some(failure);
        MustStop
    }

    /// How the host function that ended the call ended; `None` when none did. Its panic goes on here.
    pub(crate) fn ended(&mut self) -> Option<Failure> {
        if let Some(panic) = self.panic.take() {
            resume_unwind(panic);
        }
        self.stopped.take()
    }
}

/// Room for the values of one host call: on the stack when there are few.
pub(crate) fn with_values<R>(count: usize, work: impl FnOnce(&mut [Value]) -> R) -> R {
    const FEW: usize = 16;
    if count <= FEW {
        work(&mut [Value::I32(0); FEW][..count])
    } else {
        work(&mut vec![Value::I32(0); count])
    }
}
