//! Running modules.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runoff_runtime::{
    Caller, Failure, FastFunc, FastSig, FuncHandle, FuncType, HostFunc, HostState, ImportType, Imports,
    Instance, Interrupter, Limits, RuntimeError, Slot, Usage, Value, Watchdog, WatchdogGuard,
    for_each_fast_signature,
};
use wasmtime::{
    Extern, Func, Memory, Store, StoreLimits, StoreLimitsBuilder, TypedFunc, UpdateDeadline, Val,
};

use super::convert::{engine_type, extern_kind, failure, from_engine, func_type, to_engine};
use crate::support::{Stopped, resolve};

/// What a store holds besides the engine's own.
pub(super) struct StoreData {
    state: HostState,
    memory: Option<Memory>,
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

/// What interrupting needs; only made when the runtime is interruptible.
struct Stop {
    flag: Arc<AtomicBool>,
    interrupter: Interrupter,
    deadline: Option<(Duration, Watchdog)>,
}

impl Stop {
    fn arm(&self) -> Option<WatchdogGuard<'_>> {
        self.flag.store(false, Ordering::Release);
        let (deadline, watchdog) = self.deadline.as_ref()?;
        Some(watchdog.arm(*deadline, self.interrupter.clone()))
    }
}

macro_rules! define_fast {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// A function with a statically known signature.
        enum Fast {
            $($name(TypedFunc<($($param,)*), $result>),)*
        }

        impl Fast {
            fn prepare(sig: FastSig, func: &Func, store: &Store<StoreData>) -> Option<Self> {
                match sig {
                    $(FastSig::$name => func.typed(store).ok().map(Self::$name),)*
                }
            }

            #[inline]
            fn call(&self, store: &mut Store<StoreData>, a: u64, b: u64) -> wasmtime::Result<u64> {
                let _ = b;
                match self {
                    $(Self::$name(func) => {
                        func.call(store, slot_args!(a, b; $($param),*)).map(Slot::into_slot)
                    })*
                }
            }
        }
    };
}

for_each_fast_signature!(define_fast);

impl WasmtimeInstance {
    pub(super) fn new(
        module: &wasmtime::Module,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
        interruptible: bool,
    ) -> Result<Self, RuntimeError> {
        let mut builder = StoreLimitsBuilder::new();
        if let Some(bytes) = limits.memory_bytes {
            builder = builder.memory_size(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        if let Some(elements) = limits.table_elements {
            builder = builder.table_elements(elements as usize);
        }
        let data = StoreData { state, memory: None, limits: builder.build() };
        let mut store = Store::new(module.engine(), data);
        if limits.memory_bytes.is_some() || limits.table_elements.is_some() {
            store.limiter(|data| &mut data.limits);
        }
        let stop = interruptible.then(|| interruption(&mut store, limits.deadline));
        let mut externs = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            let wanted = ImportType {
                module: import.module().to_owned(),
                name: import.name().to_owned(),
                kind: extern_kind(&import.ty()),
            };
            externs.push(Extern::Func(host_func(&mut store, resolve(imports, &wanted)?)));
        }
        let instance = {
            let _armed = stop.as_ref().and_then(Stop::arm);
            wasmtime::Instance::new(&mut store, module, &externs)
        };
        let instance = instance.map_err(|e| match failure(&e) {
            Failure::Engine(words) => RuntimeError::Engine(words),
            failure => RuntimeError::Start(failure),
        })?;
        let memory = instance
            .get_memory(&mut store, "memory")
            .or_else(|| instance.exports(&mut store).find_map(wasmtime::Export::into_memory));
        store.data_mut().memory = memory;
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

/// Lets this store be stopped without stopping others of its engine: the epoch is engine-wide, the flag is not.
fn interruption(store: &mut Store<StoreData>, deadline: Option<Duration>) -> Stop {
    let flag = Arc::new(AtomicBool::new(false));
    let (seen, set) = (Arc::clone(&flag), Arc::clone(&flag));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        if seen.load(Ordering::Acquire) {
            Err(wasmtime::Error::new(Stopped(Failure::Deadline)))
        } else {
            Ok(UpdateDeadline::Continue(1))
        }
    });
    let engine = store.engine().clone();
    let interrupter = Interrupter::new(move || {
        set.store(true, Ordering::Release);
        engine.increment_epoch();
    });
    Stop { flag, interrupter, deadline: deadline.map(|d| (d, Watchdog::new())) }
}

fn host_func(store: &mut Store<StoreData>, func: &HostFunc) -> Func {
    let ty = wasmtime::FuncType::new(
        store.engine(),
        func.ty().params.iter().map(|t| engine_type(*t)),
        func.ty().results.iter().map(|t| engine_type(*t)),
    );
    let func = func.clone();
    Func::new(store, ty, move |mut caller, params, results| {
        // Host functions have few parameters: the values live on the stack.
        let mut space = [Value::I32(0); 16];
        let mut heap = Vec::new();
        let count = params.len() + results.len();
        let values: &mut [Value] = if count <= space.len() {
            &mut space[..count]
        } else {
            heap.resize(count, Value::I32(0));
            &mut heap
        };
        let (args, answers) = values.split_at_mut(params.len());
        for (arg, param) in args.iter_mut().zip(params) {
            *arg = from_engine(&mut caller, param).map_err(stopped)?;
        }
        for (answer, ty) in answers.iter_mut().zip(&func.ty().results) {
            *answer = Value::default_of(*ty);
        }
        // During the start function the instance is not known yet: ask the caller.
        let memory =
            caller.data().memory.or_else(|| caller.get_export("memory").and_then(Extern::into_memory));
        let ended = match memory {
            Some(memory) => {
                let (bytes, data) = memory.data_and_store_mut(&mut caller);
                func.call(&mut Caller { memory: bytes, state: &mut data.state }, args, answers)
            }
            None => {
                func.call(&mut Caller { memory: &mut [], state: &mut caller.data_mut().state }, args, answers)
            }
        };
        ended.map_err(|f| wasmtime::Error::new(Stopped::from(f)))?;
        for (result, answer) in results.iter_mut().zip(answers.iter()) {
            *result = to_engine(&mut caller, answer).map_err(stopped)?;
        }
        Ok(())
    })
}

fn stopped(failure: Failure) -> wasmtime::Error {
    wasmtime::Error::new(Stopped(failure))
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
        crate::support::check_call(ty.as_ref(), args, results)?;
        self.args.clear();
        for arg in args {
            let value = to_engine(&mut self.store, arg)?;
            self.args.push(value);
        }
        self.results.clear();
        self.results.resize(results.len(), Val::I32(0));
        {
            let _armed = self.stop.as_ref().and_then(Stop::arm);
            func.call(&mut self.store, &self.args, &mut self.results).map_err(|e| failure(&e))?;
        }
        for (result, value) in results.iter_mut().zip(&self.results) {
            *result = from_engine(&mut self.store, value)?;
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        let sig = FastSig::of(ty.as_ref()?)?;
        self.fast.push(Fast::prepare(sig, func, &self.store)?);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(func) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let _armed = self.stop.as_ref().and_then(Stop::arm);
        func.call(&mut self.store, a, b).map_err(|e| Box::new(failure(&e)))
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let memory = self.store.data().memory?;
        Some(memory.data_mut(&mut self.store))
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.get_global(&mut self.store, export)?;
        let value = global.get(&mut self.store);
        from_engine(&mut self.store, &value).ok()
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.store.data_mut().state
    }

    fn usage(&mut self) -> Usage {
        let memory = self.store.data().memory;
        Usage { linear_memory: memory.map(|m| m.data_size(&self.store) as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        self.stop.as_ref().map(|s| s.interrupter.clone())
    }
}
