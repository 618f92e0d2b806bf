//! Loaded modules.

use std::rc::Rc;

use runoff_runtime::{
    Artifact, ArtifactKey, ExportType, Failure, HostState, ImportType, Imports, Instance, Limits, Module,
    RuntimeError, Trap,
};
use sha2::{Digest, Sha256};

use super::ffi::{Failed, Loaded, Machine, Ready};
use super::hints;
use super::host::{self, HostData};
use super::instance::WamrInstance;
use super::mode::AotCompiler;
use super::saved::{self, Saved};
use crate::caps;
use crate::checked::Checked;
use crate::support::{refuse_artifact, resolve};

/// What modules of one runtime have in common.
#[derive(Clone)]
pub(super) struct Maker {
    pub(super) ready: Ready,
    /// Where modules are compiled before WAMR loads them.
    pub(super) compiler: Option<AotCompiler>,
    pub(super) key: ArtifactKey,
    pub(super) interruptible: bool,
}

impl Maker {
    /// From a module's bytes to what WAMR loads: a copy of its own, in which names mean what they say.
    fn code(&self, wasm: &[u8]) -> Result<Box<[u8]>, RuntimeError> {
        let mut copy: Box<[u8]> = wasm.into();
        hints::hide(&mut copy);
        match self.compiler {
            None => Ok(copy),
            Some(compiler) => (compiler.compile)(&copy).map(Vec::into_boxed_slice).map_err(|e| refused(&e)),
        }
    }
}

pub(super) struct WamrModule {
    maker: Maker,
    /// The module, or its outline if it was loaded compiled.
    checked: Rc<Checked>,
    loaded: Rc<Loaded>,
    /// Name of the export the start function was made.
    start: Option<String>,
    /// Compiled code as it can be saved: WAMR writes into what it loads.
    aot: Option<Box<[u8]>>,
    /// Of the module, if it was loaded compiled.
    origin: Option<[u8; 32]>,
}

impl WamrModule {
    pub(super) fn new(maker: Maker, checked: Rc<Checked>) -> Result<Self, RuntimeError> {
        let startless = if maker.interruptible { caps::startless(&checked)? } else { None };
        let bytes = startless.as_ref().map_or(checked.bytes.as_slice(), |(bytes, _)| bytes);
        let code = maker.code(bytes)?;
        let aot = maker.compiler.map(|_| code.clone());
        let imports = &checked.descriptor.imports;
        let loaded = Loaded::new(maker.ready, code, imports).map_err(|words| refused(&words))?;
        Ok(Self { maker, checked, loaded, start: startless.map(|(_, name)| name), aot, origin: None })
    }

    /// A module that was saved, from its outline and its code.
    pub(super) fn load(
        maker: Maker,
        outline: Checked,
        saved: &Saved<'_>,
        origin: [u8; 32],
    ) -> Result<Self, RuntimeError> {
        let loaded = Loaded::new(maker.ready, saved.aot.into(), &outline.descriptor.imports)
            .map_err(refuse_artifact)?;
        Ok(Self {
            maker,
            checked: Rc::new(outline),
            loaded,
            start: None,
            aot: Some(saved.aot.into()),
            origin: Some(origin),
        })
    }

    /// The module with its tables capped; WAMR caps memories by itself.
    fn loaded(&self, limits: &Limits) -> Result<Rc<Loaded>, RuntimeError> {
        let tables = Limits { table_elements: limits.table_elements, ..Limits::default() };
        let Some(mut bytes) = caps::capped(&self.checked, &tables)? else {
            return Ok(Rc::clone(&self.loaded));
        };
        if self.origin.is_some() {
            let words = "WAMR cannot cap the tables of a module that was loaded compiled";
            return Err(RuntimeError::Unsupported(words.into()));
        }
        if self.start.is_some() {
            let capped = self.checked.with_bytes(bytes);
            bytes = caps::startless(&capped)?.map_or_else(|| capped.bytes.to_vec(), |(bytes, _)| bytes);
        }
        let (code, imports) = (self.maker.code(&bytes)?, &self.checked.descriptor.imports);
        Loaded::new(self.maker.ready, code, imports).map_err(|words| refused(&words))
    }
}

impl Module for WamrModule {
    fn imports(&self) -> Vec<ImportType> {
        self.checked.descriptor.imports.clone()
    }

    fn exports(&self) -> Vec<ExportType> {
        self.checked.descriptor.exports.clone()
    }

    fn save(&self) -> Result<Artifact, RuntimeError> {
        let Some(aot) = &self.aot else {
            return Err(RuntimeError::Unsupported("this mode of WAMR does not save compiled code".into()));
        };
        let outline = saved::outline(&self.checked.bytes).map_err(|e| RuntimeError::Engine(e.to_string()))?;
        let payload = Saved { outline: &outline, aot }.pack();
        let sha256 = self.origin.unwrap_or_else(|| Sha256::digest(self.checked.bytes.as_slice()).into());
        Ok(Artifact::new(&self.maker.key, sha256, &payload))
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        caps::check_start(&self.checked, limits)?;
        let mut funcs = Vec::new();
        for import in &self.checked.descriptor.imports {
            let func = resolve(imports, import)?;
            if let Some(reason) = host::unsupported(func.ty()) {
                let import = format!("import `{}` `{}`", import.module, import.name);
                return Err(RuntimeError::Unsupported(format!("{import}: {reason}")));
            }
            funcs.push(func.clone());
        }
        // 0 would mean no cap; `check_start` has refused less than a page.
        let pages = limits.memory_bytes.map_or(0, |b| u32::try_from(b / 65_536).unwrap_or(u32::MAX));
        let host = HostData { state, funcs, stopped: None, panic: None };
        let machine = Machine::new(&self.loaded(limits)?, host, pages).map_err(refusal)?;
        let checked = Rc::clone(&self.checked);
        let mut instance = WamrInstance::new(machine, checked, self.maker.interruptible, limits.deadline);
        if let Some(start) = &self.start {
            instance.start(start).map_err(RuntimeError::Start)?;
        }
        Ok(Box::new(instance))
    }
}

/// What WAMR does not load although it is valid is outside what it can do: names with a zero byte, ….
fn refused(words: &str) -> RuntimeError {
    RuntimeError::Unsupported(format!("WAMR refuses this valid module: {words}"))
}

/// Why an instance could not be made: its start function, an active segment, or something else.
fn refusal(failed: Failed) -> RuntimeError {
    let Failed { words, mut host } = failed;
    if let Some(panic) = host.panic.take() {
        std::panic::resume_unwind(panic);
    }
    if let Some(failure) = host.stopped.take() {
        return RuntimeError::Start(failure);
    }
    match trap(&words) {
        Some(trap) => RuntimeError::Start(Failure::Trap(trap)),
        None if words.contains("invalid UTF-8 encoding") => refused(&words),
        None => RuntimeError::Engine(words),
    }
}

/// A trap in the seam's words. WAMR has texts only; they are those of its version 2.4.3 (`exception_msgs` in
/// `wasm_runtime_common.c`, `wasm_interp_fast.c`, and the segments' of `wasm_instantiate`).
pub(super) fn trap(words: &str) -> Option<Trap> {
    let known = [
        ("unreachable", Trap::Unreachable),
        ("out of bounds memory access", Trap::MemoryOutOfBounds),
        ("data segment does not fit", Trap::MemoryOutOfBounds),
        ("out of bounds table access", Trap::TableOutOfBounds),
        ("elements segment does not fit", Trap::TableOutOfBounds),
        ("undefined element", Trap::TableOutOfBounds),
        ("uninitialized element", Trap::NullReference),
        ("null function reference", Trap::NullReference),
        ("null reference", Trap::NullReference),
        ("indirect call type mismatch", Trap::IndirectCallTypeMismatch),
        ("integer divide by zero", Trap::IntegerDivideByZero),
        ("integer overflow", Trap::IntegerOverflow),
        ("invalid conversion to integer", Trap::InvalidConversionToInteger),
        ("wasm operand stack overflow", Trap::StackExhausted),
        ("wasm auxiliary stack overflow", Trap::StackExhausted),
        ("native stack overflow", Trap::StackExhausted),
    ];
    let kinds = ["WASM module instantiate failed: ", "AOT module instantiate failed: "];
    let words = kinds.iter().find_map(|kind| words.strip_prefix(kind)).unwrap_or(words);
    let words = words.strip_prefix("Exception: ").unwrap_or(words);
    known.into_iter().find_map(|(text, trap)| (text == words).then_some(trap))
}
