//! Host functions, written once for every engine.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::{FuncType, HostState, Value};

/// What a host function sees of its caller: the guest's memory as a slice, and the instance's state.
#[derive(Debug)]
pub struct Caller<'a> {
    /// The guest's first memory; empty when it has none. Valid for this call only.
    pub memory: &'a mut [u8],
    /// State given at instantiation.
    pub state: &'a mut HostState,
}

/// Why a host function does not return to its guest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostFailure {
    /// Ends the guest with an exit code.
    Exit(i32),
    /// Fails the call with these words.
    Failed(String),
}

type HostFn = dyn Fn(&mut Caller<'_>, &[Value], &mut [Value]) -> Result<(), HostFailure> + Send + Sync;

/// One host function: its type and body.
///
/// The body gets as many arguments and result slots as its type says; result slots start as zeros.
#[derive(Clone)]
pub struct HostFunc {
    ty: FuncType,
    body: Arc<HostFn>,
}

impl fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostFunc{}", self.ty)
    }
}

impl HostFunc {
    /// A host function from its type and body.
    pub fn new(
        ty: FuncType,
        body: impl Fn(&mut Caller<'_>, &[Value], &mut [Value]) -> Result<(), HostFailure> + Send + Sync + 'static,
    ) -> Self {
        Self { ty, body: Arc::new(body) }
    }

    /// Its type.
    pub fn ty(&self) -> &FuncType {
        &self.ty
    }

    /// Runs it. Adapters call this; arguments and results must fit [`HostFunc::ty`].
    pub fn call(
        &self,
        caller: &mut Caller<'_>,
        args: &[Value],
        results: &mut [Value],
    ) -> Result<(), HostFailure> {
        (self.body)(caller, args, results)
    }
}

/// Host functions by import module and name.
///
/// Only functions can be imported through the seam; a module importing a memory, table or global is
/// [`crate::RuntimeError::Unsupported`] on every runtime.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    funcs: BTreeMap<String, BTreeMap<String, HostFunc>>,
}

impl Imports {
    /// No host functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a host function.
    pub fn define(&mut self, module: impl Into<String>, name: impl Into<String>, func: HostFunc) {
        self.funcs.entry(module.into()).or_default().insert(name.into(), func);
    }

    /// The host function under this name.
    pub fn get(&self, module: &str, name: &str) -> Option<&HostFunc> {
        self.funcs.get(module)?.get(name)
    }

    /// All host functions in name order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &HostFunc)> {
        self.funcs.iter().flat_map(|(m, fs)| fs.iter().map(move |(n, f)| (m.as_str(), n.as_str(), f)))
    }
}
