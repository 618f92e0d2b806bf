//! Parsed modules.

use std::cell::RefCell;
use std::rc::Rc;

use runoff_runtime::{
    ExportType, Failure, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError, Trap,
};

use super::ffi::{Environment, Machine, Parsed};
use super::host::HostData;
use super::instance::Wasm3Instance;
use crate::caps;
use crate::checked::Checked;
use crate::support::resolve;

pub(super) struct Wasm3Module {
    environment: Rc<Environment>,
    checked: Rc<Checked>,
    /// What `compile` parsed. wasm3 binds a parsed module to one instance, so the first takes this and the
    /// others parse again: that is what an instance costs there.
    parsed: RefCell<Option<Parsed>>,
}

impl Wasm3Module {
    pub(super) fn new(environment: Rc<Environment>, checked: Rc<Checked>) -> Result<Self, RuntimeError> {
        let parsed = Parsed::new(&environment, Rc::clone(&checked.bytes)).map_err(|words| refused(&words))?;
        Ok(Self { environment, checked, parsed: RefCell::new(Some(parsed)) })
    }

    fn parsed(&self, limits: &Limits) -> Result<Parsed, RuntimeError> {
        let bytes = match caps::capped(&self.checked, limits)? {
            Some(capped) => Rc::new(capped),
            None => match self.parsed.take() {
                Some(parsed) => return Ok(parsed),
                None => Rc::clone(&self.checked.bytes),
            },
        };
        Parsed::new(&self.environment, bytes).map_err(|words| refused(&words))
    }
}

impl Module for Wasm3Module {
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
        // Before loading: a module that imports anything but functions must never get that far.
        let wanted = &self.checked.descriptor.imports;
        let funcs = wanted.iter().map(|i| resolve(imports, i)).collect::<Result<Vec<_>, _>>()?;
        let host = HostData { state, stopped: None, panic: None };
        let mut machine = Machine::load(self.parsed(limits)?, host).map_err(load_error)?;
        for (import, func) in wanted.iter().zip(funcs) {
            machine.link(&import.module, &import.name, func.clone()).map_err(|reason| {
                RuntimeError::Link { module: import.module.clone(), name: import.name.clone(), reason }
            })?;
        }
        machine.start().map_err(RuntimeError::Start)?;
        Ok(Box::new(Wasm3Instance::new(machine, Rc::clone(&self.checked))))
    }
}

/// What wasm3 does not parse although it is valid is outside what it can do: large tables, exported tables
/// besides the first, ….
fn refused(words: &str) -> RuntimeError {
    RuntimeError::Unsupported(format!("wasm3 refuses this valid module: {words}"))
}

/// Why loading failed. Active segments are written then; wasm3 has no constants for their failures.
fn load_error(words: String) -> RuntimeError {
    match words.as_str() {
        "data segment out of bounds" => RuntimeError::Start(Failure::Trap(Trap::MemoryOutOfBounds)),
        "out of bounds table access" | "table underflow" => {
            RuntimeError::Start(Failure::Trap(Trap::TableOutOfBounds))
        }
        _ => RuntimeError::Engine(words),
    }
}
