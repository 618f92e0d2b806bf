//! A runtime that does as it is told, in real time: for everything above the seam that has threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use runoff_runtime::{
    Artifact, ArtifactKey, BoundsChecks, Caller, Capabilities, DeadlineSupport, ExportType, Failure,
    FastFunc, Feature, FuncHandle, FuncType, HostFailure, HostFunc, HostState, Identity, ImportType, Imports,
    Info, Instance, Interrupter, Limits, MemoryCap, Module, Runtime, RuntimeError, RuntimeId, SharedModule,
    Trap, TrustClass, Usage, Value,
};
use runoff_runtimes::{Availability, Entry};

/// What a runtime does; changed while it runs.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) id: &'static str,
    pub(crate) version: &'static str,
    pub(crate) optimising: bool,
    /// Whether it translates at the first call, as interpreters that first calls are tried on do.
    pub(crate) lazy: bool,
    pub(crate) compile: Duration,
    pub(crate) load: Duration,
    pub(crate) call: Duration,
    pub(crate) fails: AtomicBool,
    pub(crate) compiles: AtomicUsize,
    pub(crate) loads: AtomicUsize,
    pub(crate) calls: AtomicUsize,
    pub(crate) interrupted: AtomicUsize,
    /// What the next calls do instead of echoing.
    pub(crate) next: Mutex<Vec<Act>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Trap,
    Panic,
    Forever,
}

impl Script {
    pub(crate) fn new(id: &'static str, compile_ms: u64, call_us: u64) -> Arc<Self> {
        Arc::new(Self::plain(id, compile_ms, call_us))
    }

    pub(crate) fn plain(id: &'static str, compile_ms: u64, call_us: u64) -> Self {
        Self {
            id,
            version: "1",
            optimising: false,
            lazy: false,
            compile: Duration::from_millis(compile_ms),
            load: Duration::from_millis(1),
            call: Duration::from_micros(call_us),
            fails: AtomicBool::new(false),
            compiles: AtomicUsize::new(0),
            loads: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
            interrupted: AtomicUsize::new(0),
            next: Mutex::new(Vec::new()),
        }
    }

    pub(crate) fn entry(self: &Arc<Self>) -> Entry {
        let script = Arc::clone(self);
        Entry::new(self.id, "scripted", Availability::Ready, move |_| {
            Ok(Box::new(Scripted { info: info(&script), script: Arc::clone(&script) }))
        })
    }
}

fn info(script: &Script) -> Info {
    let identity = Identity {
        id: RuntimeId::new(script.id),
        version: script.version.into(),
        technique: if script.optimising { "optimising compiler".into() } else { "baseline compiler".into() },
        features: Vec::new(),
        flags: BTreeMap::new(),
        compile_threads: 1,
        bounds_checks: BoundsChecks::None,
        cpu_features: "baseline".into(),
        restriction: None,
    };
    let capabilities = Capabilities {
        features: Feature::BASELINE.into_iter().collect(),
        compiles: true,
        separate_validate: false,
        save_load: true,
        lazy: script.lazy,
        deadline: if script.lazy { DeadlineSupport::Fuel } else { DeadlineSupport::Terminate },
        memory_cap: MemoryCap::Exact,
        thread_safe_module: true,
        stack_trap: true,
        max_host_results: None,
        code_size: false,
        trust: TrustClass::InProcess,
    };
    Info { identity, capabilities }
}

struct Scripted {
    info: Info,
    script: Arc<Script>,
}

impl Runtime for Scripted {
    fn info(&self) -> &Info {
        &self.info
    }

    fn validate(&self, _: &[u8]) -> Result<(), RuntimeError> {
        Ok(())
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, RuntimeError> {
        // The host asks each runtime once whether it works at all.
        if wasm.len() > 8 {
            self.script.compiles.fetch_add(1, Ordering::SeqCst);
            thread::sleep(self.script.compile);
            if self.script.fails.load(Ordering::SeqCst) {
                return Err(RuntimeError::Engine("told to fail".into()));
            }
        }
        let mut sha256 = [0; 32];
        for (to, from) in sha256.iter_mut().zip(runoff_runtime::sha256_hex(wasm).as_bytes().chunks(2)) {
            *to = u8::from_str_radix(std::str::from_utf8(from).unwrap(), 16).unwrap();
        }
        Ok(Box::new(Code {
            script: Arc::clone(&self.script),
            key: ArtifactKey::of(&self.info.identity),
            sha256,
        }))
    }

    fn load(&self, artifact: &Artifact) -> Result<Box<dyn Module>, RuntimeError> {
        self.script.loads.fetch_add(1, Ordering::SeqCst);
        thread::sleep(self.script.load);
        let key = ArtifactKey::of(&self.info.identity);
        artifact.payload(&key)?;
        Ok(Box::new(Code { script: Arc::clone(&self.script), key, sha256: [0; 32] }))
    }
}

struct Code {
    script: Arc<Script>,
    key: ArtifactKey,
    sha256: [u8; 32],
}

impl Module for Code {
    fn imports(&self) -> Vec<ImportType> {
        Vec::new()
    }

    fn exports(&self) -> Vec<ExportType> {
        Vec::new()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        Ok(Artifact::new(&self.key, self.sha256, b"code of a scripted runtime"))
    }

    fn share(&self) -> Option<SharedModule> {
        let (script, key) = (Arc::clone(&self.script), self.key.clone());
        Some(Arc::new(Self { script, key, sha256: self.sha256 }))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        _: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        let wasi = |name| imports.get("wasi_snapshot_preview1", name).cloned().expect("WASI");
        Ok(Box::new(Running {
            script: Arc::clone(&self.script),
            read: wasi("fd_read"),
            write: wasi("fd_write"),
            state,
            stop: Arc::default(),
        }))
    }
}

struct Running {
    script: Arc<Script>,
    read: HostFunc,
    write: HostFunc,
    state: HostState,
    stop: Arc<AtomicBool>,
}

impl Running {
    fn wait(&self, until: Option<Instant>) -> Result<(), Failure> {
        while until.is_none_or(|until| Instant::now() < until) {
            if self.stop.load(Ordering::SeqCst) {
                self.script.interrupted.fetch_add(1, Ordering::SeqCst);
                return Err(Failure::Deadline);
            }
            thread::sleep(Duration::from_micros(50));
        }
        Ok(())
    }

    /// Standard input to standard output, through the host functions a guest would use.
    fn echo(&mut self) -> Result<(), Failure> {
        let mut memory = vec![0_u8; 65_536];
        loop {
            memory[..8].copy_from_slice(&[16, 0, 0, 0, 0, 0x80, 0, 0]);
            let mut caller = Caller { memory: &mut memory, state: &mut self.state };
            let mut result = [Value::I32(0)];
            let args = |fd| [Value::I32(fd), Value::I32(0), Value::I32(1), Value::I32(8)];
            self.read.call(&mut caller, &args(0), &mut result).map_err(failed)?;
            let read: [u8; 4] = caller.memory[8..12].try_into().unwrap();
            if read == [0; 4] {
                return Ok(());
            }
            caller.memory[4..8].copy_from_slice(&read);
            self.write.call(&mut caller, &args(1), &mut result).map_err(failed)?;
        }
    }
}

fn failed(failure: HostFailure) -> Failure {
    match failure {
        HostFailure::Exit(code) => Failure::Exit(code),
        HostFailure::Failed(words) => Failure::Host(words),
    }
}

impl Instance for Running {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        (export == "_start").then_some(FuncHandle(0))
    }

    fn func_type(&self, _: FuncHandle) -> Option<FuncType> {
        Some(FuncType::default())
    }

    fn call(&mut self, _: FuncHandle, _: &[Value], _: &mut [Value]) -> Result<(), Failure> {
        self.script.calls.fetch_add(1, Ordering::SeqCst);
        let act = self.script.next.lock().unwrap().pop();
        match act {
            Some(Act::Trap) => return Err(Trap::Unreachable.into()),
            Some(Act::Panic) => panic!("told to panic"),
            Some(Act::Forever) => self.wait(None)?,
            None => self.wait(Some(Instant::now() + self.script.call))?,
        }
        self.echo()
    }

    fn prepare_fast(&mut self, _: FuncHandle) -> Option<FastFunc> {
        None
    }

    fn call_fast(&mut self, _: FastFunc, _: u64, _: u64) -> Result<u64, Box<Failure>> {
        Err(Box::new(Failure::BadCall("none".into())))
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        None
    }

    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.state
    }

    fn usage(&mut self) -> Usage {
        Usage::default()
    }

    fn interrupter(&self) -> Option<Interrupter> {
        let stop = Arc::clone(&self.stop);
        Some(Interrupter::new(move || stop.store(true, Ordering::SeqCst)))
    }
}
