//! Running modules.

#![expect(unsafe_code, reason = "globals are a union, and Lucet holds an address of the host's state")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use lucet_runtime::{InstanceHandle, MmapRegion, Region, RunResult, UntypedRetVal, Val};
use lucet_runtime_internals::module::ModuleInternal;
use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Instance, Interrupter, RuntimeError, Usage,
    Value, ValueType,
};

use crate::code::Code;
use crate::failure::{failure, panic_words};
use crate::host::{Host, HostPointer};
use crate::shape::{Shape, global_value};
use crate::trap::Witness;

pub(crate) struct LucetInstance {
    // Dropped in this order: the instance before what it has addresses of.
    handle: InstanceHandle,
    host: HostOwner,
    code: Arc<Code>,
    shape: Arc<Shape>,
    witness: Witness,
    /// Lucet calls exports by name.
    funcs: Vec<(String, FuncType)>,
    fast: Vec<u32>,
    args: Vec<Val>,
}

/// Owns a [`Host`] at an address guests know.
struct HostOwner(NonNull<Host>);

impl HostOwner {
    fn new(host: Host) -> Self {
        Self(NonNull::from(Box::leak(Box::new(host))))
    }
}

impl Drop for HostOwner {
    fn drop(&mut self) {
        // SAFETY: leaked when made, freed once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

impl LucetInstance {
    /// Makes an instance and runs its start function.
    pub(crate) fn new(
        region: &MmapRegion,
        code: &Arc<Code>,
        shape: &Arc<Shape>,
        host: Host,
    ) -> Result<Self, RuntimeError> {
        let host = HostOwner::new(host);
        let module = Arc::clone(&code.module);
        let build = || region.new_instance_builder(module).with_embed_ctx(HostPointer(host.0)).build();
        let mut handle = match catch_unwind(AssertUnwindSafe(build)) {
            Ok(Ok(handle)) => handle,
            Ok(Err(error)) => return Err(RuntimeError::Start(failure(error, None))),
            Err(panic) => return Err(RuntimeError::Start(Failure::Engine(panic_words(&*panic).into()))),
        };
        let witness = Witness::of(&mut handle);
        Ok(Self {
            handle,
            host,
            code: Arc::clone(code),
            shape: Arc::clone(shape),
            witness,
            funcs: Vec::new(),
            fast: Vec::new(),
            args: Vec::new(),
        })
    }

    /// Calls the function with this number with `self.args`.
    fn run(&mut self, func: usize) -> Result<UntypedRetVal, Failure> {
        let (handle, name, args) = (&mut self.handle, &self.funcs[func].0, &self.args);
        // A fault that is not the guest's makes Lucet panic.
        match catch_unwind(AssertUnwindSafe(|| handle.run(name, args))) {
            Ok(Ok(RunResult::Returned(value))) => Ok(value),
            Ok(Ok(RunResult::Yielded(_))) => Err(Failure::Engine("the guest yielded".into())),
            Ok(Err(error)) => Err(failure(error, self.witness.take())),
            Err(panic) => Err(Failure::Engine(panic_words(&*panic).into())),
        }
    }
}

impl Instance for LucetInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let ty = self.shape.descriptor.func(export)?.clone();
        self.code.module.get_export_func(export).ok()?;
        let known = self.funcs.iter().position(|(name, _)| name == export);
        let index = known.unwrap_or_else(|| {
            self.funcs.push((export.to_owned(), ty));
            self.funcs.len() - 1
        });
        Some(FuncHandle(index as u32))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize).map(|(_, ty)| ty.clone())
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let index = func.0 as usize;
        let Some((_, ty)) = self.funcs.get(index) else {
            return Err(Failure::BadCall("unknown function handle".into()));
        };
        if !args.iter().map(Value::ty).eq(ty.params.iter().copied()) || results.len() != ty.results.len() {
            let given = args.iter().map(|a| a.ty().to_string()).collect::<Vec<_>>().join(", ");
            return Err(Failure::BadCall(format!(
                "the function has type {ty}, the arguments are ({given}), with {} result slots",
                results.len()
            )));
        }
        let result = ty.results.first().copied();
        self.args.clear();
        self.args.extend(args.iter().map(|value| argument(*value)));
        let answer = self.run(index)?;
        if let (Some(slot), Some(ty)) = (results.first_mut(), result) {
            *slot = value(ty, &answer);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        FastSig::of(&self.funcs.get(func.0 as usize)?.1)?;
        self.fast.push(func.0);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(&index) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let index = index as usize;
        let ty = &self.funcs[index].1;
        let result = ty.results.first().copied();
        self.args.clear();
        self.args.extend(ty.params.iter().zip([a, b]).map(|(ty, slot)| argument(global_value(*ty, slot))));
        let answer = self.run(index).map_err(Box::new)?;
        Ok(match result {
            Some(ValueType::I32) => u64::from(answer.as_u32()),
            Some(ValueType::I64) => answer.as_u64(),
            Some(ValueType::F32) => u64::from(answer.as_f32().to_bits()),
            Some(ValueType::F64) => answer.as_f64().to_bits(),
            _ => 0,
        })
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        self.shape.has_memory.then(|| self.handle.heap_mut())
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let (index, ty) = self.shape.global(export)?;
        let cell = self.handle.globals().get(index)?;
        // SAFETY: globals are zeroed memory of eight bytes each, so that every bit is initialised.
        Some(global_value(ty, unsafe { cell.i_64 }.cast_unsigned()))
    }

    fn state(&mut self) -> &mut HostState {
        // SAFETY: host functions only borrow it while the guest runs, and then nobody else has `&mut self`.
        unsafe { &mut self.host.0.as_mut().state }
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}

/// An argument in Lucet's terms.
fn argument(value: Value) -> Val {
    match value {
        Value::I64(v) => Val::I64(v),
        Value::F32(bits) => Val::F32(f32::from_bits(bits)),
        Value::F64(bits) => Val::F64(f64::from_bits(bits)),
        Value::I32(v) => Val::I32(v),
        // The validator lets no other types in.
        _ => Val::I32(0),
    }
}

/// A result in the seam's terms.
fn value(ty: ValueType, answer: &UntypedRetVal) -> Value {
    match ty {
        ValueType::I64 => Value::I64(answer.as_i64()),
        ValueType::F32 => Value::f32(answer.as_f32()),
        ValueType::F64 => Value::f64(answer.as_f64()),
        _ => Value::I32(answer.as_i32()),
    }
}
