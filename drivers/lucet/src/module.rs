//! Compiled modules.

use std::sync::Arc;

use lucet_runtime_internals::module::ModuleInternal;
use runoff_runtime::{
    Artifact, ArtifactKey, ArtifactRefusal, ExportType, HostFunc, HostState, ImportType, Imports, Instance,
    LimitKind, Limits, Module, RuntimeError,
};

use crate::code::{Code, slots};
use crate::failure::words;
use crate::host::Host;
use crate::instance::LucetInstance;
use crate::regions::{GLOBALS, MEMORY, Regions};
use crate::shape::{Checked, Shape};

const PAGE: u64 = 65_536;

pub(crate) struct LucetModule {
    code: Arc<Code>,
    shape: Arc<Shape>,
    sha256: [u8; 32],
    key: ArtifactKey,
    regions: Arc<Regions>,
}

impl LucetModule {
    /// Compiles.
    pub(crate) fn compile(
        wasm: &[u8],
        checked: &Checked,
        key: ArtifactKey,
        regions: Arc<Regions>,
    ) -> Result<Self, RuntimeError> {
        let shape = Arc::clone(&checked.shape);
        // lucetc writes segments when it compiles, so one that does not fit has no code to be instantiated.
        shape.check_segments()?;
        if shape.global_count > GLOBALS {
            return Err(RuntimeError::Unsupported(format!("has more than {GLOBALS} globals")));
        }
        let code = Arc::new(Code::compile(wasm, &shape.descriptor)?);
        Ok(Self { code, shape, sha256: checked.sha256, key, regions })
    }

    /// Loads what [`Module::save`] saved.
    pub(crate) fn load(
        artifact: &Artifact,
        key: ArtifactKey,
        regions: Arc<Regions>,
    ) -> Result<Self, RuntimeError> {
        let refuse = |words: &str| RuntimeError::Artifact(ArtifactRefusal::Engine(words.to_owned()));
        let payload = artifact.payload(&key)?;
        let (length, rest) = payload.split_first_chunk::<4>().ok_or_else(|| refuse("cut short"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (shape, object) = rest.split_at_checked(length).ok_or_else(|| refuse("cut short"))?;
        let shape = serde_json::from_slice(shape).map_err(|e| refuse(&e.to_string()))?;
        let sha256 = artifact.module_sha256().try_into().map_err(|_| refuse("another hash"))?;
        Ok(Self { code: Arc::new(Code::load(object)?), shape: Arc::new(shape), sha256, key, regions })
    }

    /// Largest memory under these limits, or which of them the module breaks from the start.
    fn memory(&self, limits: &Limits) -> Result<u64, RuntimeError> {
        let least = self.shape.descriptor.memory_min.unwrap_or(0);
        if least > MEMORY {
            return Err(RuntimeError::Unsupported(
                "starts with 4 GiB of memory; Lucet counts to a page less".into(),
            ));
        }
        let most = limits.memory_bytes.unwrap_or(MEMORY).min(MEMORY);
        if least > most {
            let words = format!("the module starts with {least} bytes of memory, {most} are allowed");
            return Err(RuntimeError::Limit(LimitKind::Memory, words));
        }
        match limits.table_elements {
            Some(cap) if self.shape.table_min > u64::from(cap) => {
                let least = self.shape.table_min;
                let words = format!("the module starts with a table of {least} elements, {cap} are allowed");
                Err(RuntimeError::Limit(LimitKind::Table, words))
            }
            _ => Ok(most / PAGE * PAGE),
        }
    }
}

/// The host function for an import.
fn resolve(imports: &Imports, import: &ImportType) -> Result<HostFunc, RuntimeError> {
    let link = |reason: String| RuntimeError::Link {
        module: import.module.clone(),
        name: import.name.clone(),
        reason,
    };
    let func = imports.get(&import.module, &import.name).ok_or_else(|| link("nothing provides it".into()))?;
    match &import.kind {
        runoff_runtime::ExternKind::Func(Some(wanted)) if func.ty() != wanted => {
            Err(link(format!("it is provided as {}, wanted as {wanted}", func.ty())))
        }
        _ => Ok(func.clone()),
    }
}

impl Module for LucetModule {
    fn imports(&self) -> Vec<ImportType> {
        self.shape.descriptor.imports.clone()
    }

    fn exports(&self) -> Vec<ExportType> {
        self.shape.descriptor.exports.clone()
    }

    /// The payload is a length, what the shared object does not tell of the module, and the shared object.
    fn save(&self) -> Result<Artifact, RuntimeError> {
        let shape = serde_json::to_vec(&*self.shape).map_err(|e| RuntimeError::Engine(e.to_string()))?;
        let mut payload = (shape.len() as u32).to_le_bytes().to_vec();
        payload.extend_from_slice(&shape);
        payload.extend_from_slice(&self.code.object()?);
        Ok(Artifact::new(&self.key, self.sha256, &payload))
    }

    fn code_size(&self) -> Option<u64> {
        Some(self.code.module.function_manifest().iter().map(|f| u64::from(f.code_len())).sum())
    }

    fn instantiate(
        &self,
        imports: &Imports,
        state: HostState,
        limits: &Limits,
    ) -> Result<Box<dyn Instance>, RuntimeError> {
        let memory = self.memory(limits)?;
        let wanted = slots(&self.shape.descriptor)?;
        let funcs = wanted.into_iter().map(|i| resolve(imports, i)).collect::<Result<_, _>>()?;
        let region = self.regions.room(memory).map_err(|e| RuntimeError::Engine(words(&e)))?;
        let instance = LucetInstance::new(&region, &self.code, &self.shape, Host { state, funcs })?;
        Ok(Box::new(instance))
    }
}
