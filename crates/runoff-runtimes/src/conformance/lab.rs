//! What cases are written with.

use std::fmt::Debug;

use runoff_runtime::{
    Capabilities, Failure, FuncHandle, HostState, Imports, Instance, Limits, Module, Runtime, RuntimeError,
    RuntimeOptions, Trap, Value, required_features,
};

use super::Make;

/// Why a case ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// The runtime says it cannot, in agreement with its capabilities.
    Unsupported(String),
    /// It did something else.
    Fail(String),
}

pub(super) type Outcome = Result<(), Stop>;

pub(super) fn fail<T>(details: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Fail(details.into()))
}

pub(super) fn unsupported<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Unsupported(reason.into()))
}

/// Fails unless both are the same.
pub(super) fn same<T: PartialEq + Debug>(what: &str, found: &T, wanted: &T) -> Outcome {
    if found == wanted { Ok(()) } else { fail(format!("{what}: {found:?} instead of {wanted:?}")) }
}

/// Fails unless it holds.
pub(super) fn holds(what: &str, condition: bool) -> Outcome {
    if condition { Ok(()) } else { fail(format!("does not hold: {what}")) }
}

/// The bytes of a module given as text.
pub(super) fn wasm(text: &str) -> Result<Vec<u8>, Stop> {
    wat::parse_str(text).map_err(|e| Stop::Fail(format!("the case's own module is wrong: {e}")))
}

/// Makes runtimes and guests of the runtime under test.
pub(super) struct Lab<'a> {
    make: Make<'a>,
}

/// A running module with all that must outlive it.
pub(super) struct Guest {
    // Dropped in this order.
    pub(super) instance: Box<dyn Instance>,
    pub(super) module: Box<dyn Module>,
    pub(super) runtime: Box<dyn Runtime>,
}

impl<'a> Lab<'a> {
    pub(super) fn new(make: Make<'a>) -> Self {
        Self { make }
    }

    /// The runtime as it is measured.
    pub(super) fn runtime(&self) -> Result<Box<dyn Runtime>, Stop> {
        self.runtime_with(false)
    }

    /// The runtime, interruptible or not.
    pub(super) fn runtime_with(&self, interruptible: bool) -> Result<Box<dyn Runtime>, Stop> {
        (self.make)(&RuntimeOptions { interruptible, ..RuntimeOptions::default() }).map_err(|e| match e {
            // A driver without sessions.
            RuntimeError::Unsupported(reason) => Stop::Unsupported(reason),
            other => Stop::Fail(format!("the runtime cannot be made: {other}")),
        })
    }

    pub(super) fn capabilities(&self) -> Result<Capabilities, Stop> {
        Ok(self.runtime()?.info().capabilities.clone())
    }

    /// An instance of a module without imports.
    pub(super) fn start(&self, text: &str) -> Result<Guest, Stop> {
        self.start_with(text, &Imports::new(), HostState::new(), &Limits::default())
    }

    /// An instance of a module with host functions.
    pub(super) fn start_linked(&self, text: &str, imports: &Imports) -> Result<Guest, Stop> {
        self.start_with(text, imports, HostState::new(), &Limits::default())
    }

    pub(super) fn start_with(
        &self,
        text: &str,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Guest, Stop> {
        Self::start_on(self.runtime()?, text, imports, state, limits)
    }

    pub(super) fn start_on(
        runtime: Box<dyn Runtime>,
        text: &str,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Guest, Stop> {
        let bytes = wasm(text)?;
        let module =
            runtime.compile(&bytes).map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
        let instance = module
            .instantiate(imports, state, limits)
            .map_err(|e| refusal(&bytes, &runtime.info().capabilities, &e))?;
        Ok(Guest { instance, module, runtime })
    }

    /// Compiles and instantiates where an error is what the case is about. Saying "unsupported" of a module
    /// the capabilities do not cover still ends the case as such.
    pub(super) fn attempt(
        &self,
        text: &str,
        imports: &Imports,
        limits: &Limits,
    ) -> Result<Result<Guest, RuntimeError>, Stop> {
        Self::attempt_on(self.runtime()?, text, imports, limits)
    }

    pub(super) fn attempt_on(
        runtime: Box<dyn Runtime>,
        text: &str,
        imports: &Imports,
        limits: &Limits,
    ) -> Result<Result<Guest, RuntimeError>, Stop> {
        let bytes = wasm(text)?;
        let module = match runtime.compile(&bytes) {
            Ok(module) => module,
            Err(error) => {
                return match refusal(&bytes, &runtime.info().capabilities, &error) {
                    Stop::Fail(_) => Ok(Err(error)),
                    stop @ Stop::Unsupported(_) => Err(stop),
                };
            }
        };
        Ok(match module.instantiate(imports, HostState::new(), limits) {
            Ok(instance) => Ok(Guest { instance, module, runtime }),
            Err(error) => Err(error),
        })
    }
}

/// What a refused module means for a case: fine if the capabilities say so, a failure if they do not.
pub(super) fn refusal(wasm: &[u8], capabilities: &Capabilities, error: &RuntimeError) -> Stop {
    match error {
        RuntimeError::Unsupported(reason) if !capabilities.compiles => Stop::Unsupported(reason.clone()),
        RuntimeError::Unsupported(reason) => {
            if required_features(wasm).is_subset(&capabilities.features) {
                Stop::Fail(format!("says unsupported although it claims all that is needed: {reason}"))
            } else {
                Stop::Unsupported(reason.clone())
            }
        }
        error => Stop::Fail(error.to_string()),
    }
}

impl Guest {
    pub(super) fn func(&mut self, export: &str) -> Result<FuncHandle, Stop> {
        match self.instance.lookup(export) {
            Some(func) => Ok(func),
            None => fail(format!("`{export}` is not found")),
        }
    }

    /// Calls an export dynamically.
    pub(super) fn call(&mut self, export: &str, args: &[Value]) -> Result<Result<Vec<Value>, Failure>, Stop> {
        let func = self.func(export)?;
        let Some(ty) = self.instance.func_type(func) else {
            return fail(format!("`{export}` has no type"));
        };
        let mut results: Vec<_> = ty.results.iter().map(|t| Value::default_of(*t)).collect();
        Ok(self.instance.call(func, args, &mut results).map(|()| results))
    }

    /// The call must return these results.
    pub(super) fn returns(&mut self, export: &str, args: &[Value], wanted: &[Value]) -> Outcome {
        same(export, &self.call(export, args)?, &Ok(wanted.to_vec()))
    }

    /// The call must fail like this.
    pub(super) fn fails(&mut self, export: &str, args: &[Value], wanted: impl Into<Failure>) -> Outcome {
        let (found, wanted) = (self.call(export, args)?, wanted.into());
        match (&found, &wanted) {
            // An engine that has one message for two traps says so in its identity; then the words are all it can tell.
            (Err(Failure::Trap(Trap::Other(words))), Failure::Trap(_))
                if self.runtime.info().identity.flags.contains_key("indistinct-traps") =>
            {
                unsupported(format!("the engine does not tell this trap from others: {words}"))
            }
            _ => same(export, &found, &Err(wanted)),
        }
    }

    /// The memory of the guest.
    pub(super) fn memory(&mut self) -> Result<&mut [u8], Stop> {
        match self.instance.memory() {
            Some(memory) => Ok(memory),
            None => fail("the instance shows no memory"),
        }
    }
}
