//! Loaded modules.

use std::rc::Rc;

use runoff_runtime::{
    ExportType, Failure, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError, Trap,
};

use super::ffi::{Failed, Loaded, Machine, Ready};
use super::host::{self, HostData};
use super::instance::WamrInstance;
use crate::caps;
use crate::checked::Checked;
use crate::support::resolve;

pub(super) struct WamrModule {
    ready: Ready,
    checked: Rc<Checked>,
    loaded: Rc<Loaded>,
    interruptible: bool,
    /// Name of the export the start function was made.
    start: Option<String>,
}

impl WamrModule {
    pub(super) fn new(ready: Ready, checked: Rc<Checked>, interruptible: bool) -> Result<Self, RuntimeError> {
        let startless = if interruptible { caps::startless(&checked)? } else { None };
        let bytes = startless.as_ref().map_or(checked.bytes.as_slice(), |(bytes, _)| bytes);
        let loaded =
            Loaded::new(ready, bytes, &checked.descriptor.imports).map_err(|words| refused(&words))?;
        Ok(Self { ready, checked, loaded, interruptible, start: startless.map(|(_, name)| name) })
    }

    /// The module with its tables capped; WAMR caps memories by itself.
    fn loaded(&self, limits: &Limits) -> Result<Rc<Loaded>, RuntimeError> {
        let tables = Limits { table_elements: limits.table_elements, ..Limits::default() };
        let Some(mut bytes) = caps::capped(&self.checked, &tables)? else {
            return Ok(Rc::clone(&self.loaded));
        };
        if self.start.is_some() {
            let capped = self.checked.with_bytes(bytes);
            bytes = caps::startless(&capped)?.map_or_else(|| capped.bytes.to_vec(), |(bytes, _)| bytes);
        }
        Loaded::new(self.ready, &bytes, &self.checked.descriptor.imports).map_err(|words| refused(&words))
    }
}

impl Module for WamrModule {
    fn imports(&self) -> Vec<ImportType> {
        self.checked.descriptor.imports.clone()
    }

    fn exports(&self) -> Vec<ExportType> {
        self.checked.descriptor.exports.clone()
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
        let mut instance = WamrInstance::new(machine, checked, self.interruptible, limits.deadline);
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
    let words = words.strip_prefix("WASM module instantiate failed: ").unwrap_or(words);
    let words = words.strip_prefix("Exception: ").unwrap_or(words);
    known.into_iter().find_map(|(text, trap)| (text == words).then_some(trap))
}
