//! Running modules.

#![expect(unsafe_code, reason = "host functions and their instance own the same data")]

use std::collections::BTreeSet;
use std::rc::Rc;

use makepad_stitch::{Engine, Error, Func, Linker, Module, Store, Val};
use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostFunc, HostState, Instance, Interrupter,
    RuntimeError, Usage, Value,
};

use super::convert::{from_engine, to_engine, words, zero};
use super::host::{self, Data};
use super::module::Shape;
use super::shim;
use crate::checked::Checked;
use crate::hosted::{Host, Shared};
use crate::support::{check_call, from_slot, into_slot};

pub(super) struct StitchInstance {
    store: Store,
    checked: Rc<Checked>,
    linker: Linker,
    /// There once it has started.
    instance: Option<makepad_stitch::Instance>,
    data: Shared<Data>,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<(Func, FuncType)>,
    /// Reused by dynamic calls.
    args: Vec<Val>,
    results: Vec<Val>,
}

impl StitchInstance {
    pub(super) fn new(checked: Rc<Checked>, engine: &Engine, state: HostState) -> Self {
        Self {
            store: Store::new(engine.clone()),
            checked,
            linker: Linker::new(),
            instance: None,
            data: Shared::new(Data { host: Host::new(state), ..Data::default() }),
            funcs: Vec::new(),
            fast: Vec::new(),
            args: Vec::new(),
            results: Vec::new(),
        }
    }

    /// Puts `funcs`, one for each import, behind the shim.
    pub(super) fn connect(&mut self, shim: &Module, funcs: Vec<HostFunc>) -> Result<(), RuntimeError> {
        let mut linker = Linker::new();
        linker.define(shim::HOST.0, shim::HOST.1, host::function(&mut self.store, &self.data));
        let shim = linker
            .instantiate(&mut self.store, shim)
            .map_err(|e| RuntimeError::Engine(format!("the shim: {}", words(&e))))?;
        let data = self.data();
        data.funcs = funcs;
        data.values = shim.exported_mem(shim::VALUES);
        let mut known = BTreeSet::new();
        for (number, import) in self.checked.descriptor.imports.iter().enumerate() {
            // Importing one function twice is allowed, defining it twice is not.
            if let Some(func) = shim.exported_func(&number.to_string())
                && known.insert((&import.module, &import.name))
            {
                self.linker.define(&import.module, &import.name, func);
            }
        }
        Ok(())
    }

    /// Makes the instance and runs the start function.
    pub(super) fn start(&mut self, module: &Module, shape: &Shape) -> Result<(), RuntimeError> {
        let instance = match self.linker.instantiate(&mut self.store, module) {
            Ok(instance) => instance,
            Err(error @ Error::Trap(_)) => return Err(RuntimeError::Start(self.failure(&error))),
            Err(error) => return Err(RuntimeError::Engine(words(&error))),
        };
        self.data().memory = shape.memory.as_ref().and_then(|name| instance.exported_mem(name));
        let start = shape.start.as_ref().and_then(|name| instance.exported_func(name));
        self.instance = Some(instance);
        if let Some(start) = start {
            start.call(&mut self.store, &[], &mut []).map_err(|e| RuntimeError::Start(self.failure(&e)))?;
        }
        Ok(())
    }

    fn failure(&mut self, error: &Error) -> Failure {
        self.data().failure(error)
    }

    /// The data of the host functions.
    fn data(&mut self) -> &mut Data {
        // SAFETY: between calls nobody else uses it, and `&mut self` keeps calls away.
        unsafe { self.data.get() }
    }
}

impl Instance for StitchInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let ty = self.checked.descriptor.func(export)?.clone();
        let func = self.instance.as_ref()?.exported_func(export)?;
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
        self.args.clear();
        self.args.extend(args.iter().map(to_engine));
        self.results.clear();
        self.results.extend(ty.results.iter().copied().map(zero));
        let ended = func.call(&mut self.store, &self.args, &mut self.results);
        ended.map_err(|e| self.failure(&e))?;
        for (result, answer) in results.iter_mut().zip(&self.results) {
            *result = from_engine(*answer).unwrap_or(*result);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        FastSig::of(ty)?;
        self.fast.push((*func, ty.clone()));
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some((func, ty)) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        // The engine has dynamic calls only. Fast signatures are numbers, two arguments and one result at most.
        let mut args = [Val::I32(0); 2];
        for ((arg, ty), slot) in args.iter_mut().zip(&ty.params).zip([a, b]) {
            *arg = to_engine(&from_slot(*ty, slot));
        }
        let mut result = [ty.results.first().map_or(Val::I32(0), |ty| zero(*ty))];
        let (params, results) = (ty.params.len(), ty.results.len());
        match func.call(&mut self.store, &args[..params], &mut result[..results]) {
            Ok(()) if results == 0 => Ok(0),
            Ok(()) => Ok(from_engine(result[0]).as_ref().map_or(0, into_slot)),
            Err(error) => Err(Box::new(self.failure(&error))),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.data().memory?;
        Some(memory.bytes_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.as_ref()?.exported_global(export)?;
        from_engine(global.get(&self.store))
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.data().host.state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
