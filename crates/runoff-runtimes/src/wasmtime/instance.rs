//! Running modules.

use std::sync::Arc;

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Imports, Instance, Interrupter, Limits,
    RuntimeError, Usage, Value,
};
use wasmtime::{Extern, Func, Memory, RootScope, Store, StoreLimits, StoreLimitsBuilder, Val};

use super::convert::{failure, from_engine, func_type, to_engine};
use super::fast::{Fast, prepare};
use super::host::host_func;
use super::interrupt::Stop;
use super::module::Shape;
use crate::support::{check_call, resolve};

/// What a store holds besides the engine's own.
pub(super) struct StoreData {
    pub(super) state: HostState,
    pub(super) memory: Option<Memory>,
    /// Export name of that memory, for host calls before the instance is known.
    pub(super) memory_name: Option<Arc<str>>,
    limits: StoreLimits,
}

pub(super) struct WasmtimeInstance {
    store: Store<StoreData>,
    instance: wasmtime::Instance,
    funcs: Vec<(Func, Option<FuncType>)>,
    fast: Vec<Fast>,
    stop: Option<Stop>,
    /// Reused by dynamic calls.
    args: Vec<Val>,
    results: Vec<Val>,
}

impl WasmtimeInstance {
    pub(super) fn new(
        module: &wasmtime::Module,
        shape: &Shape,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
        interruptible: bool,
    ) -> Result<Self, RuntimeError> {
        let data = StoreData {
            state,
            memory: None,
            memory_name: shape.memory.clone(),
            limits: store_limits(limits),
        };
        let mut store = Store::new(module.engine(), data);
        if limits.memory_bytes.is_some() || limits.table_elements.is_some() {
            store.limiter(|data| &mut data.limits);
        }
        let stop = interruptible.then(|| Stop::new(&mut store, limits.deadline));
        let mut externs = Vec::with_capacity(shape.imports.len());
        for (import, ty) in &shape.imports {
            let func = resolve(imports, import)?;
            // What resolves is a function, and functions have a type.
            let Some(ty) = ty.clone() else { continue };
            externs.push(Extern::Func(host_func(&mut store, ty, func)));
        }
        let instance = {
            let _armed = stop.as_ref().and_then(Stop::arm);
            wasmtime::Instance::new(&mut store, module, &externs)
        };
        let instance = instance.map_err(|e| match failure(&e) {
            Failure::Engine(words) => RuntimeError::Engine(words),
            failure => RuntimeError::Start(failure),
        })?;
        if let Some(name) = &shape.memory {
            store.data_mut().memory = instance.get_memory(&mut store, name);
        }
        Ok(Self {
            store,
            instance,
            funcs: Vec::new(),
            fast: Vec::new(),
            stop,
            args: Vec::new(),
            results: Vec::new(),
        })
    }
}

fn store_limits(limits: &Limits) -> StoreLimits {
    let mut builder = StoreLimitsBuilder::new();
    if let Some(bytes) = limits.memory_bytes {
        builder = builder.memory_size(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    if let Some(elements) = limits.table_elements {
        builder = builder.table_elements(elements as usize);
    }
    builder.build()
}

impl WasmtimeInstance {
    /// A fast call with its clock running.
    #[inline(never)]
    fn call_armed(
        func: &Fast,
        store: &mut Store<StoreData>,
        stop: Option<&Stop>,
        a: u64,
        b: u64,
    ) -> Result<u64, Box<Failure>> {
        let _armed = stop.and_then(Stop::arm);
        func(store, a, b)
    }
}

impl Instance for WasmtimeInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let func = self.instance.get_func(&mut self.store, export)?;
        let ty = func_type(&func.ty(&self.store));
        self.funcs.push((func, ty));
        Some(FuncHandle(self.funcs.len() as u32 - 1))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize)?.1.clone()
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let (func, ty) = self
            .funcs
            .get(func.0 as usize)
            .ok_or_else(|| Failure::BadCall("unknown function handle".into()))?;
        check_call(ty.as_ref(), args, results)?;
        // References made for this call are forgotten with it.
        let mut scope = RootScope::new(&mut self.store);
        self.args.clear();
        for arg in args {
            self.args.push(to_engine(&mut scope, arg)?);
        }
        self.results.clear();
        self.results.resize(results.len(), Val::I32(0));
        {
            let _armed = self.stop.as_ref().and_then(Stop::arm);
            func.call(&mut scope, &self.args, &mut self.results).map_err(|e| failure(&e))?;
        }
        for (result, value) in results.iter_mut().zip(&self.results) {
            *result = from_engine(&mut scope, value)?;
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        let sig = FastSig::of(ty.as_ref()?)?;
        self.fast.push(prepare(sig, func, &self.store)?);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(func) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        // Nothing but this comparison stands between a measured call and the engine's own.
        if self.stop.is_some() {
            return Self::call_armed(func, &mut self.store, self.stop.as_ref(), a, b);
        }
        func(&mut self.store, a, b)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.store.data().memory?;
        Some(memory.data_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.get_global(&mut self.store, export)?;
        let mut scope = RootScope::new(&mut self.store);
        let value = global.get(&mut scope);
        from_engine(&mut scope, &value).ok()
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.store.data_mut().state
    }

    fn usage(&mut self) -> Usage {
        let memory = self.store.data().memory;
        Usage { linear_memory: memory.map(|m| m.data_size(&self.store) as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        self.stop.as_ref().map(Stop::interrupter)
    }
}
