//! A workload made callable: entry, arguments, host functions, and the check of its answers.

use std::cell::OnceCell;
use std::hint::black_box;
use std::sync::Arc;

use runoff_data::PlannedWorkload;
use runoff_runtime::{
    Clock, Failure, FastFunc, FuncHandle, FuncType, HostFailure, HostFunc, HostState, Imports, Instance,
    Limits, Module, ModuleDescriptor, RuntimeError, Slot, Value,
};
use runoff_wasi::{Wasi, WasiConfig};
use runoff_workloads::{Output, check_answer};

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum CallError {
    /// The runtime cannot do it.
    Unsupported(String),
    /// Making the instance or the call failed.
    Failed(String),
    /// The answer is not the expected one.
    Wrong(String),
}

impl From<RuntimeError> for CallError {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Unsupported(reason) => Self::Unsupported(reason),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// What `bench.start` and `bench.end` leave behind.
#[derive(Debug, Default)]
struct Markers {
    started_ns: Option<u128>,
    marked_ns: f64,
}

/// A workload made callable on any runtime.
#[derive(Debug)]
pub struct Guest {
    entry: String,
    args: Vec<Value>,
    results: Vec<Value>,
    command: bool,
    markers: bool,
    imports: Imports,
    wasi: WasiConfig,
    /// What it is, and how its answers are compared.
    spec: PlannedWorkload,
    expected_text: Option<String>,
    /// Digest of the first answer, where all others must be the same: who is not told the right one can tell at least
    /// whether it changes.
    first: Option<OnceCell<String>>,
}

impl Guest {
    /// Prepares a workload; with `repeats` all answers must be the same; `clock` times what lies between `bench.start` and `bench.end`.
    pub fn new(
        spec: &PlannedWorkload,
        expected_text: Option<String>,
        repeats: bool,
        wasm: &[u8],
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, CallError> {
        let module = ModuleDescriptor::parse(wasm)?;
        if let Some(import) = module.unlinkable() {
            return Err(CallError::Unsupported(format!(
                "imports a {} (`{}` `{}`); only functions can be imported",
                import.kind, import.module, import.name
            )));
        }
        let entry = spec.invoke.clone().unwrap_or_else(|| "_start".into());
        let ty = module.func(&entry).cloned().ok_or_else(|| {
            let exports = module.exported_functions();
            CallError::Failed(format!("no function `{entry}` to call; {exports}: see --invoke"))
        })?;
        let args = parse_args(&ty, spec).map_err(CallError::Failed)?;
        let mut imports = Imports::new();
        runoff_wasi::define(&mut imports);
        let markers = module.imports.iter().any(|i| i.module == "bench");
        if markers {
            define_markers(&mut imports, clock);
        }
        Ok(Self {
            command: spec.invoke.is_none(),
            results: ty.results.iter().map(|t| Value::default_of(*t)).collect(),
            wasi: wasi_config(spec).map_err(CallError::Failed)?,
            spec: spec.clone(),
            expected_text,
            first: repeats.then(OnceCell::new),
            entry,
            args,
            markers,
            imports,
        })
    }

    /// Whether every call needs a fresh instance.
    pub fn is_command(&self) -> bool {
        self.command
    }

    /// Host state of one instance. Made before the clock starts: it is the embedder's work, not the engine's.
    pub fn state(&self) -> Result<HostState, CallError> {
        let mut state = HostState::new();
        state.insert(Wasi::new(&self.wasi).map_err(|e| CallError::Failed(e.to_string()))?);
        if self.markers {
            state.insert(Markers::default());
        }
        Ok(state)
    }

    /// Makes an instance.
    pub fn instantiate(&self, module: &dyn Module, state: HostState) -> Result<Box<dyn Instance>, CallError> {
        let mut instance = module.instantiate(&self.imports, state, &Limits::default())?;
        if !self.command {
            // Part of what an embedder does before the first call, so part of the phase.
            let prepared = runoff_wasi::initialize(instance.as_mut());
            prepared.map_err(|e| CallError::Failed(format!("`_initialize`: {e}")))?;
        }
        Ok(instance)
    }

    /// The entry in an instance, ready to be called.
    pub fn entry(&self, instance: &mut dyn Instance) -> Result<Entry, CallError> {
        let handle = instance
            .lookup(&self.entry)
            .ok_or_else(|| CallError::Failed(format!("the runtime finds no export `{}`", self.entry)))?;
        let fast = instance.prepare_fast(handle);
        let slot = |i: usize| self.args.get(i).map_or(0, value_slot);
        Ok(Entry { handle, fast, a: slot(0), b: slot(1), results: self.results.clone() })
    }

    /// Calls the entry once. What it answered is read with [`Guest::output`].
    #[inline]
    pub fn call(&self, instance: &mut dyn Instance, entry: &mut Entry) -> Result<u64, Failure> {
        let (a, b) = (black_box(entry.a), black_box(entry.b));
        match entry.fast {
            Some(fast) => instance.call_fast(fast, a, b).map_err(|f| *f),
            None => instance.call(entry.handle, black_box(&self.args), &mut entry.results).map(|()| 0),
        }
    }

    /// The answer of the last call: results, or captured output and exit code.
    pub fn output(
        &self,
        instance: &mut dyn Instance,
        entry: &Entry,
        ended: Result<u64, Failure>,
    ) -> Result<Output, CallError> {
        if self.command {
            let exit = match ended {
                Ok(_) => 0,
                Err(Failure::Exit(code)) => code,
                Err(failure) => return Err(CallError::Failed(failure.to_string())),
            };
            let stdout = instance.state().get::<Wasi>().map_or_else(Vec::new, |w| w.stdout_bytes().to_vec());
            return Ok(Output::Command { stdout, exit });
        }
        match ended {
            Ok(slot) if entry.fast.is_some() => {
                Ok(Output::Results(self.results.iter().map(|like| slot_value(slot, *like)).collect()))
            }
            Ok(_) => Ok(Output::Results(entry.results.clone())),
            Err(failure) => Err(CallError::Failed(failure.to_string())),
        }
    }

    /// Compares an answer with the right one, where that is known.
    pub fn verify(&self, output: &Output) -> Result<(), CallError> {
        if let Some(first) = &self.first {
            let digest = output.digest();
            if *first.get_or_init(|| digest.clone()) != digest {
                return Err(CallError::Wrong("a later call answered differently from the first".into()));
            }
        }
        check_answer(&self.spec, self.expected_text.as_deref(), output).map_err(CallError::Wrong)
    }

    /// The slot every right answer comes back in; `None` when answers cannot be compared that way.
    pub fn expects_slot(&self, first: u64, entry: &Entry) -> Option<u64> {
        let known = self.spec.expected.is_some() || self.first.is_some();
        (known && !self.command && entry.fast.is_some()).then_some(first)
    }

    /// Time between the guest's markers since the last reading, nanoseconds.
    pub fn take_marked(&self, instance: &mut dyn Instance) -> Option<f64> {
        let markers = instance.state().get_mut::<Markers>()?;
        let marked = std::mem::take(&mut markers.marked_ns);
        (marked > 0.0).then_some(marked)
    }
}

/// An entry ready to be called in one instance.
#[derive(Clone, Debug)]
pub struct Entry {
    handle: FuncHandle,
    fast: Option<FastFunc>,
    a: u64,
    b: u64,
    results: Vec<Value>,
}

fn parse_args(ty: &FuncType, spec: &PlannedWorkload) -> Result<Vec<Value>, String> {
    if spec.invoke.is_none() {
        return Ok(Vec::new());
    }
    if ty.params.len() != spec.args.len() {
        return Err(format!(
            "the export has type {ty}: it takes {} arguments, not {}",
            ty.params.len(),
            spec.args.len()
        ));
    }
    ty.params.iter().zip(&spec.args).map(|(ty, arg)| Value::parse(*ty, arg)).collect()
}

fn wasi_config(spec: &PlannedWorkload) -> Result<WasiConfig, String> {
    let mut config = WasiConfig::new().arg(&spec.name);
    if spec.invoke.is_none() {
        for arg in &spec.args {
            config = config.arg(arg);
        }
    }
    for (key, value) in &spec.env {
        config = config.env(key, value);
    }
    for (host, guest) in &spec.dirs {
        config = config.preopen(host, guest);
    }
    if let Some(path) = &spec.stdin {
        let bytes = std::fs::read(path).map_err(|e| format!("cannot read standard input {path}: {e}"))?;
        config = config.stdin_bytes(bytes);
    }
    Ok(config)
}

fn define_markers(imports: &mut Imports, clock: &Arc<dyn Clock>) {
    let now = Arc::clone(clock);
    imports.define(
        "bench",
        "start",
        HostFunc::new(FuncType::default(), move |caller, _, _| {
            let markers = caller.state.get_mut::<Markers>();
            let markers = markers.ok_or_else(|| HostFailure::Failed("no markers in this instance".into()))?;
            markers.started_ns = Some(now.now().as_nanos());
            Ok(())
        }),
    );
    let now = Arc::clone(clock);
    imports.define(
        "bench",
        "end",
        HostFunc::new(FuncType::default(), move |caller, _, _| {
            let end = now.now().as_nanos();
            let markers = caller.state.get_mut::<Markers>();
            let markers = markers.ok_or_else(|| HostFailure::Failed("no markers in this instance".into()))?;
            let start = markers.started_ns.take();
            let start = start.ok_or_else(|| HostFailure::Failed("bench.end without bench.start".into()))?;
            markers.marked_ns += end.saturating_sub(start) as f64;
            Ok(())
        }),
    );
}

fn value_slot(value: &Value) -> u64 {
    match value {
        Value::I32(v) => v.into_slot(),
        Value::I64(v) => v.into_slot(),
        Value::F32(bits) => u64::from(*bits),
        Value::F64(bits) => *bits,
        // Never in a fast signature.
        Value::V128(_) | Value::FuncRef(_) | Value::ExternRef(_) => 0,
    }
}

fn slot_value(slot: u64, like: Value) -> Value {
    match like {
        Value::I32(_) => Value::I32(i32::from_slot(slot)),
        Value::I64(_) => Value::I64(i64::from_slot(slot)),
        Value::F32(_) => Value::F32(slot as u32),
        Value::F64(_) => Value::F64(slot),
        other => other,
    }
}
