//! Running modules.

#![expect(unsafe_code, reason = "toywasm is a C library")]

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostFunc, HostState, Instance, Interrupter,
    RuntimeError, Usage, Value, ValueType,
};
use toywasmx_sys as toy;

use super::ffi::{self, Parsed};
use super::host::{Data, from_engine, to_engine, zero};
use super::machine::{Flag, Func, Machine};
use crate::checked::Checked;
use crate::hosted::{Host, Shared};
use crate::stop::Stop;
use crate::support::check_call;

pub(super) struct ToywasmInstance {
    machine: Machine,
    checked: Rc<Checked>,
    data: Shared<Data>,
    stop: Option<Stop<Flag>>,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<Fast>,
    /// Reused by dynamic calls.
    args: Vec<toy::val>,
    results: Vec<toy::val>,
}

/// A function with at most two numbers as arguments and one as result.
#[derive(Clone, Copy)]
struct Fast {
    func: Func,
    args: usize,
    result: Option<ValueType>,
}

impl ToywasmInstance {
    pub(super) fn new(
        checked: Rc<Checked>,
        parsed: Rc<Parsed>,
        funcs: Vec<HostFunc>,
        state: HostState,
        stop: Option<Stop<Flag>>,
    ) -> Result<Self, RuntimeError> {
        let data = Shared::new(Data { host: Host::new(state), memory: None });
        let flag = stop.as_ref().map(|stop| {
            let flag = Arc::new(AtomicU32::new(0));
            stop.socket().plug(Flag(Arc::clone(&flag)));
            flag
        });
        let mut machine = Machine::new(parsed, data.clone(), funcs, flag)?;
        {
            let _running = stop.as_ref().map(Stop::run);
            machine.start().map_err(RuntimeError::Start)?;
        }
        let (funcs, fast) = (Vec::new(), Vec::new());
        Ok(Self { machine, checked, data, stop, funcs, fast, args: Vec::new(), results: Vec::new() })
    }

    /// The data of the host functions.
    fn data(&mut self) -> &mut Data {
        // SAFETY: between calls nobody else uses it, and `&mut self` keeps calls away.
        unsafe { self.data.get() }
    }
}

impl Instance for ToywasmInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let (index, ty) = self.checked.func(export)?;
        self.funcs.push((self.machine.func(index), ty));
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
        self.args.clear();
        for arg in args {
            self.args.push(to_engine(arg)?);
        }
        self.results.clear();
        self.results.resize(results.len(), zero());
        let ended = {
            let _running = self.stop.as_ref().map(Stop::run);
            self.machine.call(*func, &self.args, &mut self.results)
        };
        ended?;
        for ((result, ty), answer) in results.iter_mut().zip(&ty.results).zip(&self.results) {
            // SAFETY: it is the function's result of this type.
            *result = unsafe { from_engine(*ty, answer) };
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        FastSig::of(ty)?;
        self.fast.push(Fast { func: *func, args: ty.params.len(), result: ty.results.first().copied() });
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(&Fast { func, args, result }) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let (mut slots, mut answer) = ([zero(); 2], [zero(); 1]);
        // Numbers of four bytes are the lower half of a slot, which comes first on the machines toywasm knows.
        slots[0].u.i64_ = a;
        slots[1].u.i64_ = b;
        let ended = {
            let _running = self.stop.as_ref().map(Stop::run);
            self.machine.call(func, &slots[..args], &mut answer)
        };
        ended?;
        // SAFETY: it is the function's result of this type, and numbers only.
        unsafe {
            Ok(match result {
                None => 0,
                Some(ValueType::I32 | ValueType::F32) => u64::from(answer[0].u.i32_),
                Some(_) => answer[0].u.i64_,
            })
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.data().memory?;
        // SAFETY: the memory belongs to the instance, whose code cannot run while `&mut self` is borrowed.
        Some(unsafe { ffi::bytes(memory) })
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let (index, ty) = self.checked.global(export)?;
        // SAFETY: the global is of this type.
        Some(unsafe { from_engine(ty, &self.machine.global(index)) })
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.data().host.state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        self.stop.as_ref().map(Stop::interrupter)
    }
}
