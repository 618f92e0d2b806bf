//! Running modules.

use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use runoff_runtime::{
    Failure, FastFunc, FastSig, FuncHandle, FuncType, HostState, Imports, Instance, Interrupter, Limits,
    RuntimeError, Usage, Value,
};
use wasmer::sys::vm::VMMemoryDefinition;
use wasmer::sys::{BaseTunables, NativeEngineExt};
use wasmer::{Engine, Extern, Function, FunctionEnv, InstantiationError, LinkError, Store};

use super::convert::{failure, from_engine, func_type, to_engine};
use super::fast::{self, Fast};
use super::host::{self, Host};
use super::interrupt::{Flag, FlagSlot, explain};
use super::module;
use super::tunables::{Capped, Places};
use crate::stop::Stop;
use crate::support::{check_call, resolve};

pub(super) struct WasmerInstance {
    // Before the store: dropping it takes the flag away from interrupters that outlive the instance.
    stop: Option<Stop<Flag>>,
    store: Store,
    instance: wasmer::Instance,
    env: FunctionEnv<Host>,
    memory: Option<NonNull<VMMemoryDefinition>>,
    funcs: Vec<(Function, Option<FuncType>)>,
    fast: Vec<Fast>,
}

impl WasmerInstance {
    pub(super) fn new(
        module: &wasmer::Module,
        mut engine: Engine,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
        interruptible: bool,
    ) -> Result<Self, RuntimeError> {
        let places = Arc::new(Mutex::new(Places::default()));
        let stop = interruptible.then(|| Stop::new(limits.deadline));
        let base = BaseTunables::for_target(engine.target());
        engine.set_tunables(Capped::new(
            base,
            limits.memory_bytes,
            limits.table_elements,
            stop.as_ref().map(|s| FlagSlot::new(s, module.info())),
            Arc::clone(&places),
        ));
        let mut store = Store::new(engine);
        let env = FunctionEnv::new(&mut store, Host { state, places: Arc::clone(&places) });
        let mut externs = Vec::new();
        for import in module::imports(module) {
            externs.push(Extern::Function(host::function(&mut store, &env, resolve(imports, &import)?)));
        }
        let instance = {
            let _running = stop.as_ref().map(Stop::run);
            wasmer::Instance::new_by_index(&mut store, module, &externs)
        };
        let instance = instance.map_err(|e| refusal(e, stop.as_ref()))?;
        let memory = places.lock().unwrap_or_else(PoisonError::into_inner).memory;
        Ok(Self { stop, store, instance, env, memory, funcs: Vec::new(), fast: Vec::new() })
    }
}

fn refusal(error: InstantiationError, stop: Option<&Stop<Flag>>) -> RuntimeError {
    match error {
        InstantiationError::Start(error) | InstantiationError::Link(LinkError::Trap(error)) => {
            RuntimeError::Start(explain(stop, failure(&error)))
        }
        error => RuntimeError::Engine(error.to_string()),
    }
}

impl Instance for WasmerInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let func = self.instance.exports.get_function(export).ok()?.clone();
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
        let args = args.iter().map(|arg| to_engine(&mut self.store, arg)).collect::<Result<Vec<_>, _>>()?;
        let answers = {
            let _running = self.stop.as_ref().map(Stop::run);
            func.call(&mut self.store, &args)
        };
        let answers = answers.map_err(|e| explain(self.stop.as_ref(), failure(&e)))?;
        for (result, answer) in results.iter_mut().zip(answers.iter()) {
            *result = from_engine(&self.store, answer)?;
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        let (func, ty) = self.funcs.get(func.0 as usize)?;
        let sig = FastSig::of(ty.as_ref()?)?;
        self.fast.push(fast::prepare(sig, func, &self.store)?);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        match self.fast.get(func.0 as usize) {
            Some(call) if self.stop.is_none() => match call(&mut self.store, a, b) {
                Ok(result) => Ok(result),
                Err(error) => Err(boxed(&error)),
            },
            _ => self.call_stoppable(func, a, b),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        #[expect(unsafe_code, reason = "the engine's own view needs the memory to be exported")]
        // SAFETY: the definition lies in the instance, which the store keeps; `&mut self` is held as long
        // as the slice, so no code of the instance runs meanwhile.
        self.memory.map(|memory| unsafe { host::bytes(memory) })
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let global = self.instance.exports.get_global(export).ok()?.clone();
        let value = global.get(&mut self.store);
        from_engine(&self.store, &value).ok()
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.env.as_mut(&mut self.store).state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        self.stop.as_ref().map(Stop::interrupter)
    }
}

impl WasmerInstance {
    /// [`Instance::call_fast`] when calls can be stopped, or the handle is wrong.
    #[cold]
    fn call_stoppable(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let Some(call) = self.fast.get(func.0 as usize) else {
            return Err(Box::new(Failure::BadCall("unknown function handle".into())));
        };
        let answer = {
            let _running = self.stop.as_ref().map(Stop::run);
            call(&mut self.store, a, b)
        };
        answer.map_err(|e| Box::new(explain(self.stop.as_ref(), failure(&e))))
    }
}

#[cold]
fn boxed(error: &wasmer::RuntimeError) -> Box<Failure> {
    Box::new(failure(error))
}
