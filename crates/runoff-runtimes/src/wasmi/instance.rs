//! Running modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Imports, Instance, Interrupter, Limits,
    RuntimeError, Usage, Value,
};
use wasmi::{Extern, ExternRef, Func, Memory, Store, StoreLimits, StoreLimitsBuilder, Val};

use super::convert::{failure, from_engine, func_type, instantiation_failure, to_engine};
use super::fast::Fast;
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
    /// Host references made so far, by number.
    pub(super) externs: BTreeMap<u32, ExternRef>,
    limits: StoreLimits,
}

pub(super) struct WasmiInstance {
    store: Store<StoreData>,
    instance: wasmi::Instance,
    funcs: Vec<(Func, FuncType)>,
    fast: Vec<Fast>,
    stop: Option<Stop>,
    /// Reused by dynamic calls.
    args: Vec<Val>,
    results: Vec<Val>,
}

impl WasmiInstance {
    pub(super) fn new(
        module: &wasmi::Module,
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
            externs: BTreeMap::new(),
            limits: store_limits(limits),
        };
        let mut store = Store::new(module.engine(), data);
        if limits.memory_bytes.is_some() || limits.table_elements.is_some() {
            store.limiter(|data| &mut data.limits);
        }
        let stop = interruptible.then(|| Stop::new(limits.deadline));
        if let Some(stop) = &stop {
            store.set_fuel(stop.start_fuel()).map_err(|e| RuntimeError::Engine(e.to_string()))?;
        }
        let mut externs = Vec::with_capacity(shape.imports.len());
        for import in &shape.imports {
            externs.push(Extern::Func(host_func(&mut store, resolve(imports, import)?)));
        }
        let instance =
            wasmi::Instance::new(&mut store, module, &externs).map_err(|e| instantiation_failure(&e))?;
        if let Some(name) = &shape.memory {
            store.data_mut().memory = instance.get_memory(&store, name);
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

impl Instance for WasmiInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let func = self.instance.get_func(&self.store, export)?;
        let ty = func_type(&func.ty(&self.store));
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
        for arg in args {
            self.args.push(to_engine(&mut self.store, arg)?);
        }
        self.results.clear();
        self.results.resize(results.len(), Val::I32(0));
        match &self.stop {
            None => {
                func.call(&mut self.store, &self.args, &mut self.results).map_err(|e| failure(&e))?;
            }
            Some(stop) => stop.call(*func, &mut self.store, &self.args, &mut self.results)?,
        }
        for (result, value) in results.iter_mut().zip(&self.results) {
            *result = from_engine(&self.store, value);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        self.fast.push(Fast::prepare(FastSig::of(ty)?, *func, &self.store)?);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(func) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        func.call(&mut self.store, self.stop.as_ref(), a, b)
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.store.data().memory?;
        Some(memory.data_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.get_global(&self.store, export)?;
        let value = global.get(&self.store);
        Some(from_engine(&self.store, &value))
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
