//! Running modules.

use std::rc::Rc;

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Instance, Interrupter, Usage, Value,
};

use crate::ffi::Slot;
use crate::host::{slot, value};
use crate::listing::Listing;
use crate::machine::{Func, Machine};
use crate::support::check_call;

pub(crate) struct WavmInstance {
    machine: Machine,
    listing: Rc<Listing>,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<Fast>,
    /// Reused by dynamic calls: arguments, then results.
    slots: Vec<Slot>,
}

/// A function with at most two arguments and one result.
#[derive(Clone, Copy)]
struct Fast {
    func: Func,
    args: usize,
    has_result: bool,
}

impl WavmInstance {
    pub(crate) fn new(machine: Machine, listing: Rc<Listing>) -> Self {
        Self { machine, listing, funcs: Vec::new(), fast: Vec::new(), slots: Vec::new() }
    }
}

impl Instance for WavmInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let ty = self.listing.func(export)?.clone();
        self.funcs.push((self.machine.func(export)?, ty));
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
            self.slots.push(slot(arg)?);
        }
        self.slots.resize(args.len() + results.len(), Slot::default());
        let (params, answers) = self.slots.split_at_mut(args.len());
        self.machine.call(*func, params, answers)?;
        for ((result, ty), answer) in results.iter_mut().zip(&ty.results).zip(answers.iter()) {
            *result = value(*ty, answer.low);
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
        let Some(&Fast { func, args, has_result }) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let params = [Slot { low: a, high: 0 }, Slot { low: b, high: 0 }];
        let mut result = [Slot::default()];
        self.machine.call(func, &params[..args], &mut result[..usize::from(has_result)])?;
        Ok(result[0].low)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        self.machine.memory()
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        self.machine.global(export)
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
