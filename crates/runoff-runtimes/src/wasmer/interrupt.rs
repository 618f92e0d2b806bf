//! Stopping a running call: check points compiled into the code.
//!
//! Wasmer has no check points of its own that another thread could trip without a cost to every call
//! (`experimental-host-interrupt` takes a lock per call and sends signals; metering counts every
//! instruction). A middleware adds two globals that the guest cannot name, and at each function entry and
//! loop head the code `sink = 0; if (flag) unreachable`. The store to `sink` keeps the optimiser from
//! believing that `flag` still has the value it had at the last check point.
//!
//! LLVM is not impressed by that: it knows one global from another. There the sink counts, and every so often the
//! code calls the engine for nothing (`ref.func`), after which even LLVM has to look at the flag again. (A memory
//! for the flag would do as well, but the engine decides on memories before it asks middlewares.)

use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::stop::{Socket, Stop, Switch};
use runoff_runtime::{Failure, Trap};
use wasmer::sys::vm::VMGlobalDefinition;
use wasmer::sys::wasmparser::{BlockType, Operator, ValType};
use wasmer::sys::{FunctionMiddleware, MiddlewareError, MiddlewareReaderState, ModuleMiddleware};
use wasmer::{GlobalInit, GlobalType, LocalFunctionIndex, ModuleInfo, Mutability, Type};

/// The type of the two globals.
const FLAG_TYPE: GlobalType = GlobalType { ty: Type::I32, mutability: Mutability::Var };

/// Check points between two looks at the flag where looking is a call; one less than a power of two.
#[cfg(feature = "llvm")]
const BETWEEN: i32 = 1023;

/// How code looks at the flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// It does.
    #[cfg(any(feature = "wasmer-cranelift", feature = "wasmer-singlepass"))]
    Always,
    /// After a call the compiler cannot see through, now and then.
    #[cfg(feature = "llvm")]
    AfterCall,
}

/// Adds the globals to a module and the check points to its functions.
#[derive(Debug)]
pub(super) struct CheckPoints {
    look: Look,
    /// Index of the flag in the module being compiled; the sink follows it.
    flag: AtomicU32,
}

impl CheckPoints {
    pub(super) fn new(look: Look) -> Self {
        Self { look, flag: AtomicU32::new(0) }
    }
}

impl ModuleMiddleware for CheckPoints {
    fn generate_function_middleware<'a>(
        &self,
        _: LocalFunctionIndex,
    ) -> Box<dyn FunctionMiddleware<'a> + 'a> {
        let flag = self.flag.load(Ordering::Acquire);
        Box::new(FunctionCheckPoints { look: self.look, flag, entered: false })
    }

    fn transform_module_info(&self, info: &mut ModuleInfo) -> Result<(), MiddlewareError> {
        self.flag.store(info.globals.len() as u32, Ordering::Release);
        info.globals.push(FLAG_TYPE);
        info.globals.push(FLAG_TYPE);
        info.global_initializers.push(GlobalInit::I32Const(0));
        info.global_initializers.push(GlobalInit::I32Const(0));
        Ok(())
    }
}

#[derive(Debug)]
struct FunctionCheckPoints {
    look: Look,
    flag: u32,
    entered: bool,
}

impl FunctionCheckPoints {
    fn check<'a>(&self) -> Vec<Operator<'a>> {
        let (flag, sink) = (self.flag, self.flag + 1);
        let stop = [
            Operator::GlobalGet { global_index: flag },
            Operator::If { blockty: BlockType::Empty },
            Operator::Unreachable,
            Operator::End,
        ];
        let mut code = Vec::with_capacity(16);
        match self.look {
            #[cfg(any(feature = "wasmer-cranelift", feature = "wasmer-singlepass"))]
            Look::Always => {
                code.extend([Operator::I32Const { value: 0 }, Operator::GlobalSet { global_index: sink }]);
                code.extend(stop);
            }
            #[cfg(feature = "llvm")]
            Look::AfterCall => {
                code.extend([
                    Operator::GlobalGet { global_index: sink },
                    Operator::I32Const { value: 1 },
                    Operator::I32Add,
                    Operator::GlobalSet { global_index: sink },
                    Operator::GlobalGet { global_index: sink },
                    Operator::I32Const { value: BETWEEN },
                    Operator::I32And,
                    Operator::I32Eqz,
                    Operator::If { blockty: BlockType::Empty },
                    Operator::RefFunc { function_index: 0 },
                    Operator::Drop,
                ]);
                code.extend(stop);
                code.push(Operator::End);
            }
        }
        code
    }
}

impl<'a> FunctionMiddleware<'a> for FunctionCheckPoints {
    fn locals_info(&mut self, _: &[ValType]) {}

    fn feed(
        &mut self,
        operator: Operator<'a>,
        state: &mut MiddlewareReaderState<'a>,
    ) -> Result<(), MiddlewareError> {
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

/// The flag of one instance.
pub(super) struct Flag(NonNull<VMGlobalDefinition>);

#[expect(unsafe_code, reason = "raw pointers are not Send")]
// SAFETY: the flag is only written, atomically, while `Stop` holds its lock, and taken away under the same
// lock before the store it lies in is dropped.
unsafe impl Send for Flag {}

impl Flag {
    fn set(&self, value: u32) {
        #[expect(unsafe_code, reason = "the flag lies in the engine's memory")]
        // SAFETY: it points to a live, 16-byte aligned definition (see `Send` above). The compiled code reads
        // it; nobody else writes it once the engine has initialised the instance, which is long before any
        // deadline of the start function.
        unsafe { AtomicU32::from_ptr(self.0.as_ptr().cast()) }.store(value, Ordering::Release);
    }
}

impl Switch for Flag {
    fn trip(&self) {
        self.set(1);
    }

    fn rest(&self) {
        self.set(0);
    }
}

/// Where the engine, while it builds an instance, tells where the flag lies.
pub(super) struct FlagSlot {
    socket: Socket<Flag>,
    index: usize,
}

impl FlagSlot {
    pub(super) fn new(stop: &Stop<Flag>, module: &ModuleInfo) -> Self {
        // The flag and the sink come last; see `CheckPoints::transform_module_info`.
        let index = module.globals.len() - module.num_imported_globals - 2;
        Self { socket: stop.socket(), index }
    }

    /// The engine makes the module's own global `index` at `location`.
    pub(super) fn made(&self, index: usize, location: NonNull<VMGlobalDefinition>) {
        if index == self.index {
            self.socket.plug(Flag(location));
        }
    }
}

/// The failure of a call, with the check points' `unreachable` given its meaning.
pub(super) fn explain(stop: Option<&Stop<Flag>>, failure: Failure) -> Failure {
    crate::stop::explain(stop, |f| matches!(f, Failure::Trap(Trap::Unreachable)), failure)
}
