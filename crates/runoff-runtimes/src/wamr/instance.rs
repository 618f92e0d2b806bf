//! Running modules.

use std::rc::Rc;
use std::time::Duration;

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Instance, Interrupter, Usage, Value,
    ValueType,
};
use wamrx_sys as wamr;

use super::ffi::{Func, Machine, Terminate};
use super::host::{number, pop, push, width};
use super::module::trap;
use crate::checked::Checked;
use crate::stop::{Stop, explain};
use crate::support::check_call;

pub(super) struct WamrInstance {
    // Before the machine: dropping it takes the switch away from interrupters that outlive the instance.
    stop: Option<Stop<Terminate>>,
    machine: Machine,
    checked: Rc<Checked>,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<Fast>,
    /// Reused by dynamic calls.
    cells: Vec<u32>,
}

/// A function with at most two arguments and one result, and how many cells each takes.
#[derive(Clone, Copy)]
struct Fast {
    func: Func,
    args: usize,
    wide_a: bool,
    wide_b: bool,
    result: usize,
}

impl WamrInstance {
    pub(super) fn new(
        machine: Machine,
        checked: Rc<Checked>,
        interruptible: bool,
        deadline: Option<Duration>,
    ) -> Self {
        let stop = interruptible.then(|| Stop::new(deadline));
        if let Some(stop) = &stop {
            stop.socket().plug(machine.switch());
        }
        Self { stop, machine, checked, funcs: Vec::new(), fast: Vec::new(), cells: Vec::new() }
    }

    /// Runs a start function that was made an export.
    pub(super) fn start(&mut self, export: &str) -> Result<(), Failure> {
        let func = self
            .machine
            .func(export, 0, 0)
            .ok_or_else(|| Failure::Engine("the start function was not found".into()))?;
        let returned = {
            let _running = self.stop.as_ref().map(Stop::run);
            self.machine.call(func, 0, &mut [0; 2])
        };
        if returned { Ok(()) } else { Err(self.failure()) }
    }

    /// What ended the last call.
    #[cold]
    fn failure(&mut self) -> Failure {
        let words = self.machine.take_exception();
        let host = self.machine.host();
        if let Some(panic) = host.panic.take() {
            std::panic::resume_unwind(panic);
        }
        if let Some(failure) = host.stopped.take() {
            return failure;
        }
        let failure = match trap(&words) {
            Some(trap) => Failure::Trap(trap),
            None => Failure::Engine(words),
        };
        let terminated = |f: &Failure| match f {
            Failure::Engine(words) => words == "Exception: terminated by user",
            _ => false,
        };
        explain(self.stop.as_ref(), terminated, failure)
    }
}

impl Instance for WamrInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let (_, ty) = self.checked.func(export)?;
        let func = self.machine.func(export, ty.params.len(), ty.results.len())?;
        self.funcs.push((func, ty));
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
        self.cells.clear();
        for arg in args {
            push(&mut self.cells, arg)?;
        }
        let count = self.cells.len();
        let answers = ty.results.iter().map(|t| width(*t)).sum::<usize>();
        self.cells.resize(count.max(answers), 0);
        let returned = {
            let _running = self.stop.as_ref().map(Stop::run);
            self.machine.call(*func, count, &mut self.cells)
        };
        if !returned {
            return Err(self.failure());
        }
        let mut cells = &self.cells[..];
        for (result, ty) in results.iter_mut().zip(&ty.results) {
            *result = pop(&mut cells, *ty);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        FastSig::of(ty)?;
        let wide = |i: usize| ty.params.get(i).is_some_and(|t| width(*t) == 2);
        self.fast.push(Fast {
            func: *func,
            args: ty.params.iter().map(|t| width(*t)).sum(),
            wide_a: wide(0),
            wide_b: wide(1),
            result: ty.results.first().map_or(0, |t| width(*t)),
        });
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(&Fast { func, args, wide_a, wide_b, result }) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let mut cells = [a as u32, (a >> 32) as u32, 0, 0];
        let at = if wide_a { 2 } else { 1 };
        cells[at] = b as u32;
        if wide_b {
            cells[at + 1] = (b >> 32) as u32;
        }
        let returned = match &self.stop {
            None => self.machine.call(func, args, &mut cells),
            Some(stop) => {
                let _running = stop.run();
                self.machine.call(func, args, &mut cells)
            }
        };
        if !returned {
            return Err(Box::new(self.failure()));
        }
        Ok(match result {
            0 => 0,
            1 => u64::from(cells[0]),
            _ => u64::from(cells[0]) | u64::from(cells[1]) << 32,
        })
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        // WAMR gives compiled modules a memory even when they have none.
        self.checked.has_memory.then(|| self.machine.memory()).flatten()
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let (kind, bits) = self.machine.global(export)?;
        let ty = match wamr::wasm_valkind_enum::from(kind) {
            wamr::WASM_I32 => ValueType::I32,
            wamr::WASM_I64 => ValueType::I64,
            wamr::WASM_F32 => ValueType::F32,
            wamr::WASM_F64 => ValueType::F64,
            // What a reference held by a global refers to cannot be asked.
            _ => return None,
        };
        Some(number(ty, bits))
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.machine.host().state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        self.stop.as_ref().map(Stop::interrupter)
    }
}
