//! Parsed modules.

use std::rc::Rc;

use runoff_runtime::{ExportType, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError};

use super::ffi::{Context, Parsed};
use super::instance::ToywasmInstance;
use crate::caps;
use crate::checked::Checked;
use crate::stop::Stop;
use crate::support::resolve;

pub(super) struct ToywasmModule {
    checked: Rc<Checked>,
    parsed: Rc<Parsed>,
    interruptible: bool,
}

impl ToywasmModule {
    pub(super) fn new(
        context: &Rc<Context>,
        checked: Rc<Checked>,
        interruptible: bool,
    ) -> Result<Self, RuntimeError> {
        let parsed = parse(context, Rc::clone(&checked.bytes))?;
        Ok(Self { checked, parsed, interruptible })
    }
}

/// What toywasm does not parse although it is valid is outside what it can do.
fn parse(context: &Rc<Context>, bytes: Rc<Vec<u8>>) -> Result<Rc<Parsed>, RuntimeError> {
    Parsed::new(context, bytes)
        .map(Rc::new)
        .map_err(|words| RuntimeError::Unsupported(format!("toywasm refuses this valid module: {words}")))
}

impl Module for ToywasmModule {
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
        // Before anything else: a module that imports anything but functions must never get further.
        let wanted = &self.checked.descriptor.imports;
        let funcs = wanted.iter().map(|i| resolve(imports, i).cloned()).collect::<Result<Vec<_>, _>>()?;
        let parsed = match caps::capped(&self.checked, limits)? {
            Some(bytes) => parse(self.parsed.context(), Rc::new(bytes))?,
            None => Rc::clone(&self.parsed),
        };
        let stop = self.interruptible.then(|| Stop::new(limits.deadline));
        Ok(Box::new(ToywasmInstance::new(Rc::clone(&self.checked), parsed, funcs, state, stop)?))
    }
}
