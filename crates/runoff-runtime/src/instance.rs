//! A running module.

use crate::{Failure, FastFunc, FuncType, HostState, Interrupter, Value};

/// An exported function of one instance, looked up once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FuncHandle(
    /// Index in the instance's own list.
    pub u32,
);

/// What an instance uses now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes of linear memory (first memory); `None` when it has none.
    pub linear_memory: Option<u64>,
}

/// A running module. Handles of one instance mean nothing to another.
///
/// Not `Send`: several engines bind an instance to its thread.
pub trait Instance {
    /// Looks an exported function up, once; `None` when there is no such function.
    fn lookup(&mut self, export: &str) -> Option<FuncHandle>;

    /// The type of a function looked up before.
    fn func_type(&self, func: FuncHandle) -> Option<FuncType>;

    /// Calls a function with any signature. `results` must have one entry per result; old content is ignored.
    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure>;

    /// Prepares a function for [`Instance::call_fast`]; `None` when its signature is not a fast one.
    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc>;

    /// Calls a prepared function with arguments in slots (unused slots ignored); the result's slot, or 0.
    ///
    /// The failure is boxed to keep the good path in registers.
    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>>;

    /// The first memory. Valid until the next call; `None` when there is none.
    fn memory(&mut self) -> Option<&mut [u8]>;

    /// The value of an exported global; `None` when there is none of a type that crosses the seam.
    fn global(&mut self, export: &str) -> Option<Value>;

    /// State of the host functions.
    fn state(&mut self) -> &mut HostState;

    /// What it uses now.
    fn usage(&mut self) -> Usage;

    /// A handle to stop a running call from another thread; `None` where only killing helps, or when the
    /// runtime was not made interruptible.
    fn interrupter(&self) -> Option<Interrupter>;
}
