//! Running modules.

#![expect(unsafe_code, reason = "host functions and their instance own the same data")]

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, ImportType, Imports, Instance, Interrupter,
    Limits, RuntimeError, Usage, Value,
};
use tinywasm::types::{ExportType, WasmValue};
use tinywasm::{Error, Function, ModuleInstance, Store};

use super::convert::{failure, func_type};
use super::fast::{self, Fast};
use super::host::{self, Data};
use super::interrupt::Stop;
use super::memory::Places;
use super::runtime::engine;
use crate::hosted::{Host, Shared};
use crate::support::{check_call, from_slot, into_slot, resolve};

pub(super) struct TinywasmInstance {
    store: Store,
    instance: ModuleInstance,
    module: tinywasm::Module,
    data: Shared<Data>,
    funcs: Vec<Func>,
    /// With the function's place among `funcs`.
    fast: Vec<(Fast, FuncHandle)>,
    stop: Option<Stop>,
    /// Reused by dynamic calls.
    args: Vec<WasmValue>,
}

struct Func {
    export: String,
    handle: Function,
    ty: FuncType,
}

impl TinywasmInstance {
    pub(super) fn new(
        module: tinywasm::Module,
        wanted: &[ImportType],
        imports: &Imports,
        state: HostState,
        limits: &Limits,
        interruptible: bool,
    ) -> Result<Self, RuntimeError> {
        let places = Places::default();
        let mut store = Store::new(engine(places.backend(limits.memory_bytes)));
        let data = Shared::new(Data { host: Host::new(state), ..Data::default() });
        let mut linked = tinywasm::Imports::new();
        for import in wanted {
            let func = host::function(&mut store, &data, resolve(imports, import)?);
            linked.define(&import.module, &import.name, func);
        }
        let instance = ModuleInstance::instantiate_no_start(&mut store, &module, Some(linked))
            .map_err(|e| refusal(&e))?;
        // SAFETY: no code of the guest has run yet.
        unsafe { data.get() }.memory = places.first();
        let start = instance.start_func(&store).map_err(|e| refusal(&e))?;
        let stop = interruptible.then(|| Stop::new(limits.deadline));
        let mut this = Self {
            store,
            instance,
            module,
            data,
            funcs: Vec::new(),
            fast: Vec::new(),
            stop,
            args: Vec::new(),
        };
        if let Some(start) = start {
            this.run(&start).map_err(RuntimeError::Start)?;
        }
        Ok(this)
    }

    /// Calls a function with `args`.
    fn run(&mut self, func: &Function) -> Result<Vec<WasmValue>, Failure> {
        match &self.stop {
            None => func.call(&mut self.store, &self.args).map_err(|e| self.failure(&e)),
            Some(stop) => stop
                .call(func, &mut self.store, &self.args)
                .map_err(|ended| ended.failure(|e| self.failure(e))),
        }
    }

    fn failure(&self, error: &Error) -> Failure {
        // SAFETY: the call is over, so no host function runs.
        unsafe { self.data.get() }.failure(error)
    }

    /// The data of the host functions.
    fn data(&mut self) -> &mut Data {
        // SAFETY: between calls nobody else uses it, and `&mut self` keeps calls away.
        unsafe { self.data.get() }
    }
}

/// Why an instance could not be made.
fn refusal(error: &Error) -> RuntimeError {
    match failure(error) {
        Failure::Engine(words) => RuntimeError::Engine(words),
        failure => RuntimeError::Start(failure),
    }
}

impl Instance for TinywasmInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let ty = self.module.exports().find(|e| e.name == export).and_then(|e| match e.ty {
            ExportType::Func(ty) => Some(func_type(ty)),
            _ => None,
        })?;
        let handle = self.instance.func_untyped(&self.store, export).ok()?;
        self.funcs.push(Func { export: export.to_owned(), handle, ty });
        Some(FuncHandle(self.funcs.len() as u32 - 1))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize).map(|func| func.ty.clone())
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let func = self
            .funcs
            .get(func.0 as usize)
            .ok_or_else(|| Failure::BadCall("unknown function handle".into()))?;
        check_call(Some(&func.ty), args, results)?;
        let func = func.handle.clone();
        self.args.clear();
        for arg in args {
            let arg = self.data().externs.engine_value(arg)?;
            self.args.push(arg);
        }
        let answers = self.run(&func)?;
        for (result, answer) in results.iter_mut().zip(&answers) {
            *result = self.data().externs.seam_value(answer);
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let Func { export, ty, .. } = self.funcs.get(func.0 as usize)?;
        let call = fast::prepare(FastSig::of(ty)?, &self.instance, &self.store, export)?;
        self.fast.push((call, func));
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        match self.fast.get(func.0 as usize) {
            Some((call, _)) if self.stop.is_none() => match call(&mut self.store, a, b) {
                Ok(result) => Ok(result),
                Err(error) => Err(Box::new(self.failure(&error))),
            },
            Some(&(_, func)) => self.call_slots(func, a, b).map_err(Box::new),
            None => Err(Box::new(Failure::BadCall("unknown function handle".into()))),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        let bytes = self.data().memory.as_ref()?;
        // SAFETY: no call runs while `&mut self` is borrowed, so nobody else uses the bytes.
        Some(unsafe { bytes.get() })
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let value = self.instance.global_get(&self.store, export).ok()?;
        Some(self.data().externs.seam_value(&value))
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

impl TinywasmInstance {
    /// [`Instance::call_fast`] when calls can be stopped.
    fn call_slots(&mut self, func: FuncHandle, a: u64, b: u64) -> Result<u64, Failure> {
        let ty = self.func_type(func).unwrap_or_default();
        let args: Vec<_> = ty.params.iter().zip([a, b]).map(|(ty, slot)| from_slot(*ty, slot)).collect();
        let mut results: Vec<_> = ty.results.iter().map(|ty| Value::default_of(*ty)).collect();
        self.call(func, &args, &mut results)?;
        Ok(results.first().map_or(0, into_slot))
    }
}
