//! Running modules.

use std::rc::Rc;

use runoff_runtime::{
    ExternKind, Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Instance, Interrupter, Usage,
    Value, ValueType,
};

use super::ffi::{Func, Machine};
use super::host::{from_slot, into_slot};
use crate::checked::Checked;
use crate::support::check_call;

pub(super) struct Wasm3Instance {
    machine: Machine,
    checked: Rc<Checked>,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<Fast>,
    /// Reused by dynamic calls: arguments, then results.
    slots: Vec<u64>,
}

/// A function with at most two arguments and one result.
#[derive(Clone, Copy)]
struct Fast {
    func: Func,
    args: usize,
    has_result: bool,
}

impl Wasm3Instance {
    pub(super) fn new(machine: Machine, checked: Rc<Checked>) -> Self {
        Self { machine, checked, funcs: Vec::new(), fast: Vec::new(), slots: Vec::new() }
    }
}

impl Instance for Wasm3Instance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let (index, ty) = self.checked.func(export)?;
        self.funcs.push((self.machine.func(index)?, ty));
        Some(FuncHandle(self.funcs.len() as u32 - 1))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize).map(|(_, ty)| ty.clone())
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let (func, ty) = self
            .funcs
            .get(func.0 as usize)
            .ok_or_else(|| Failure::BadCall("unknown function handle".into()))?;
        check_call(Some(ty), args, results)?;
        self.slots.clear();
        for arg in args {
            self.slots.push(into_slot(arg)?);
        }
        self.slots.resize(args.len() + results.len(), 0);
        let (params, answers) = self.slots.split_at_mut(args.len());
        self.machine.call(*func, params, answers)?;
        for ((result, ty), answer) in results.iter_mut().zip(&ty.results).zip(answers.iter()) {
            *result = from_slot(*ty, *answer);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        FastSig::of(ty)?;
        self.fast.push(Fast { func: *func, args: ty.params.len(), has_result: !ty.results.is_empty() });
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        match self.fast.get(func.0 as usize) {
            Some(&Fast { func, args, has_result }) => self.machine.call_fast(func, args, has_result, [a, b]),
            None => Err(Box::new(Failure::BadCall("unknown function handle".into()))),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        self.checked.has_memory.then(|| self.machine.memory())
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let is_global = |e: &runoff_runtime::ExportType| e.name == export && e.kind == ExternKind::Global;
        self.checked.descriptor.exports.iter().any(is_global).then_some(())?;
        let (ty, bits) = self.machine.global(export)?;
        // Numbers of `M3ValueType`; references of globals cannot be read.
        let ty = [ValueType::I32, ValueType::I64, ValueType::F32, ValueType::F64]
            .get((ty as usize).checked_sub(1)?)?;
        Some(from_slot(*ty, bits))
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.machine.host().state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
