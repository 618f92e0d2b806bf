//! Parsed modules.

use std::rc::Rc;

use makepad_stitch::Engine;
use runoff_runtime::{
    ExportType, ExternKind, HostState, ImportType, Imports, Instance, Limits, Module, RuntimeError,
};

use super::instance::StitchInstance;
use super::shim;
use crate::caps;
use crate::checked::Checked;
use crate::support::resolve;

pub(super) struct StitchModule {
    engine: Engine,
    /// With the start function exported instead of run, so that host functions know the guest's memory by then.
    checked: Rc<Checked>,
    parsed: makepad_stitch::Module,
    /// Between host functions and a guest that has imports, all of them functions.
    shim: Option<makepad_stitch::Module>,
    shape: Shape,
}

/// What every instantiation needs to know of the module.
pub(super) struct Shape {
    /// Export name of the start function.
    pub(super) start: Option<String>,
    /// The memory host functions see: `memory`, or else the first one exported.
    pub(super) memory: Option<String>,
}

impl StitchModule {
    pub(super) fn new(engine: Engine, checked: &Rc<Checked>) -> Result<Self, RuntimeError> {
        let (checked, start) = match caps::startless(checked)? {
            Some((bytes, name)) => (Rc::new(checked.with_bytes(bytes)), Some(name)),
            None => (Rc::clone(checked), None),
        };
        let parsed = parse(&engine, &checked.bytes)?;
        let shim = shim_of(&engine, &checked.descriptor.imports)?;
        let shape = Shape { start, memory: memory_name(&checked.descriptor.exports) };
        Ok(Self { engine, checked, parsed, shim, shape })
    }
}

fn memory_name(exports: &[ExportType]) -> Option<String> {
    let memories = || exports.iter().filter(|e| e.kind == ExternKind::Memory).map(|e| &e.name);
    memories().find(|name| *name == "memory").or_else(|| memories().next()).cloned()
}

/// What stitch does not parse although it is valid is outside what it can do: long functions, large data
/// segments, ….
fn parse(engine: &Engine, wasm: &[u8]) -> Result<makepad_stitch::Module, RuntimeError> {
    makepad_stitch::Module::new(engine, wasm)
        .map_err(|e| RuntimeError::Unsupported(format!("stitch refuses this valid module: {e}")))
}

fn shim_of(engine: &Engine, imports: &[ImportType]) -> Result<Option<makepad_stitch::Module>, RuntimeError> {
    let types: Option<Vec<_>> = imports
        .iter()
        .map(|import| match &import.kind {
            ExternKind::Func(ty) => ty.as_ref(),
            _ => None,
        })
        .collect();
    // What cannot be linked is refused when somebody tries.
    let Some(types) = types.filter(|types| !types.is_empty()) else { return Ok(None) };
    let wasm = wat::parse_str(shim::text(&types)).map_err(|e| RuntimeError::Engine(e.to_string()))?;
    parse(engine, &wasm).map(Some)
}

impl Module for StitchModule {
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
        let wanted = &self.checked.descriptor.imports;
        let funcs = wanted.iter().map(|i| resolve(imports, i).cloned()).collect::<Result<Vec<_>, _>>()?;
        let capped = match caps::capped(&self.checked, limits)? {
            Some(bytes) => Some(parse(&self.engine, &bytes)?),
            None => None,
        };
        let mut instance = StitchInstance::new(Rc::clone(&self.checked), &self.engine, state);
        if let Some(shim) = &self.shim {
            instance.connect(shim, funcs)?;
        }
        instance.start(capped.as_ref().unwrap_or(&self.parsed), &self.shape)?;
        Ok(Box::new(instance))
    }
}
