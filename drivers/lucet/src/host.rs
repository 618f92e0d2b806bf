//! Host functions as guests call them.

#![expect(unsafe_code, reason = "guests call through the C calling convention")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use lucet_runtime::TerminationDetails;
use lucet_runtime::vmctx::{Vmctx, VmctxInternal, lucet_vmctx};
use lucet_runtime_internals::instance::InstanceInternal;
use runoff_runtime::{Caller, Failure, HostFailure, HostFunc, HostState, Trap, Value};

use crate::slots::Arguments;

/// Bytes of the guest's stack a host function may rely on, since it runs there.
const HOST_STACK: usize = 256 << 10;

/// What the host functions of one instance work with.
pub(crate) struct Host {
    /// State of the host functions.
    pub(crate) state: HostState,
    /// Function of each slot.
    pub(crate) funcs: Vec<HostFunc>,
}

/// Where an instance finds its [`Host`].
#[derive(Clone, Copy)]
pub(crate) struct HostPointer(pub(crate) NonNull<Host>);

/// Why a host function did not return to its guest; travels as Lucet's termination details.
pub(crate) enum Ended {
    /// It, or what surrounds it, failed.
    Failed(Failure),
    /// It panicked.
    Panicked(Box<dyn Any + Send>),
}

/// Runs the host function of a slot for the guest that called it; does not return when that fails.
///
/// # Safety
///
/// `context` is that of the guest that calls, and the arguments are those of the import bound to `slot`.
pub(crate) unsafe fn call(context: *mut lucet_vmctx, slot: usize, arguments: Arguments<'_>) -> Option<Value> {
    // SAFETY: promised by the caller.
    let work = AssertUnwindSafe(|| unsafe { enter(context, slot, arguments) });
    let ended = match catch_unwind(work) {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => Ended::Failed(failure),
        Err(panic) => Ended::Panicked(panic),
    };
    // SAFETY: nothing on this stack is left to be dropped: frames below are the guest's.
    unsafe { Vmctx::from_raw(context).terminate_no_unwind(TerminationDetails::provide(ended)) }
}

/// # Safety
///
/// See [`call`].
unsafe fn enter(
    context: *mut lucet_vmctx,
    slot: usize,
    mut arguments: Arguments<'_>,
) -> Result<Option<Value>, Failure> {
    // SAFETY: promised by the caller.
    let vmctx = unsafe { Vmctx::from_raw(context) };
    let lowest = vmctx.instance().alloc().slot().stack as usize;
    if arguments.stack_pointer().saturating_sub(lowest) < HOST_STACK {
        return Err(Failure::Trap(Trap::StackExhausted));
    }
    let HostPointer(mut host) = *vmctx.get_embed_ctx::<HostPointer>();
    // SAFETY: the instance owns its host and is running, so nobody else borrows from it.
    let host = unsafe { host.as_mut() };
    let func = host.funcs.get(slot).ok_or_else(|| Failure::Engine("a slot without a function".into()))?;
    let ty = func.ty();
    // Host functions have few parameters: the values live on the stack.
    let mut space = [Value::I32(0); 12];
    let mut heap = Vec::new();
    let args: &mut [Value] = if ty.params.len() <= space.len() {
        &mut space[..ty.params.len()]
    } else {
        heap.resize(ty.params.len(), Value::I32(0));
        &mut heap
    };
    for (arg, param) in args.iter_mut().zip(&ty.params) {
        // SAFETY: the import has the type of its function: compared when it was linked.
        *arg = unsafe { arguments.next(*param) };
    }
    let mut results = [Value::I32(0)];
    let results = &mut results[..ty.results.len()];
    for (result, ty) in results.iter_mut().zip(&ty.results) {
        *result = Value::default_of(*ty);
    }
    let mut memory = vmctx.heap_mut();
    let mut caller = Caller { memory: &mut memory, state: &mut host.state };
    func.call(&mut caller, args, results).map_err(|failure| match failure {
        HostFailure::Exit(code) => Failure::Exit(code),
        HostFailure::Failed(words) => Failure::Host(words),
    })?;
    Ok(results.first().copied())
}
