//! From modules to loaded shared objects and back.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use lucet_module::bindings::Bindings;
use lucet_runtime::DlModule;
use lucetc::{CpuFeatures, Lucetc, LucetcOpts, OptLevel};
use runoff_runtime::{ArtifactRefusal, ExternKind, ImportType, ModuleDescriptor, RuntimeError};
use tempfile::TempDir;
use wasmparser::BinaryReader;

use crate::failure::{panic_words, words};
use crate::slots::{SLOTS, passes, symbol};

/// lucetc's default.
pub(crate) const OPT_LEVEL: OptLevel = OptLevel::SpeedAndSize;
/// Bytes reserved for a memory: all of it, so that guard pages stand in for comparisons, as Lucet's own WASI
/// program has it.
pub(crate) const RESERVED: u64 = 4 << 30;
/// Bytes of guard behind it.
pub(crate) const GUARD: u64 = 4 << 20;

/// Code in this process.
pub(crate) struct Code {
    /// The loaded shared object.
    pub(crate) module: Arc<DlModule>,
    /// Its file, of which no name is left: nothing stays behind whatever happens to this process.
    file: Mutex<File>,
}

impl Code {
    /// Compiles, links and loads a valid module.
    pub(crate) fn compile(wasm: &[u8], descriptor: &ModuleDescriptor) -> Result<Self, RuntimeError> {
        let bindings = bindings(&slots(descriptor)?);
        let folder = folder()?;
        let path = folder.path().join("module.so");
        let compile = |wasm: &[u8]| {
            let work = || {
                Lucetc::try_from_bytes(wasm)?
                    .with_bindings(bindings.clone())
                    .with_opt_level(OPT_LEVEL)
                    .with_cpu_features(CpuFeatures::detect_cpuid())
                    .with_reserved_size(RESERVED)
                    .with_guard_size(GUARD)
                    .shared_object_file(&path)
            };
            catch_unwind(AssertUnwindSafe(work))
        };
        // lucetc panics on names of functions that are not there; names are not what a module is judged by.
        match compile(wasm).or_else(|_| compile(&nameless(wasm))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(refused(&error, descriptor)),
            Err(panic) => return Err(RuntimeError::Engine(format!("lucetc: {}", panic_words(&*panic)))),
        }
        Self::open(&folder).map_err(|e| RuntimeError::Engine(words(&e)))
    }

    /// Loads a shared object.
    pub(crate) fn load(object: &[u8]) -> Result<Self, RuntimeError> {
        let folder = folder()?;
        let mut file = File::create(folder.path().join("module.so")).map_err(io)?;
        file.write_all(object).map_err(io)?;
        drop(file);
        Self::open(&folder).map_err(|e| RuntimeError::Artifact(ArtifactRefusal::Engine(words(&e))))
    }

    fn open(folder: &TempDir) -> Result<Self, lucet_runtime::Error> {
        let path = folder.path().join("module.so");
        let module = DlModule::load(&path)?;
        Ok(Self { module, file: Mutex::new(File::open(&path)?) })
    }

    /// The shared object.
    pub(crate) fn object(&self) -> Result<Vec<u8>, RuntimeError> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut object = Vec::new();
        file.rewind().map_err(io)?;
        file.read_to_end(&mut object).map_err(io)?;
        Ok(object)
    }
}

/// A valid module without its custom sections.
fn nameless(wasm: &[u8]) -> Vec<u8> {
    let mut out = wasm[..8].to_vec();
    let mut reader = BinaryReader::new(&wasm[8..], 8);
    while !reader.eof() {
        let start = reader.current_position();
        let (Ok(id), Ok(size)) = (reader.read_u8(), reader.read_var_u32()) else { break };
        if reader.read_bytes(size as usize).is_err() {
            break;
        }
        if id != 0 {
            out.extend_from_slice(&wasm[8 + start..8 + reader.current_position()]);
        }
    }
    out
}

fn folder() -> Result<TempDir, RuntimeError> {
    tempfile::Builder::new().prefix("runoff-lucet-").tempdir().map_err(io)
}

fn io(error: std::io::Error) -> RuntimeError {
    RuntimeError::Io(error.to_string())
}

/// The distinct imports of a module; their places are their slots.
pub(crate) fn slots(descriptor: &ModuleDescriptor) -> Result<Vec<&ImportType>, RuntimeError> {
    let unsupported = |words: String| Err(RuntimeError::Unsupported(words));
    let mut slots: Vec<&ImportType> = Vec::new();
    for import in &descriptor.imports {
        let ImportType { module, name, kind } = import;
        let ExternKind::Func(ty) = kind else {
            return unsupported(format!(
                "imports a {kind} (`{module}` `{name}`); only functions can be imported"
            ));
        };
        if !ty.as_ref().is_some_and(passes) {
            return unsupported(format!("import `{module}` `{name}` has a type Lucet has not"));
        }
        match slots.iter().find(|known| known.module == *module && known.name == *name) {
            Some(known) if known.kind == *kind => {}
            Some(_) => return unsupported(format!("imports `{module}` `{name}` with two types")),
            None => slots.push(import),
        }
    }
    if slots.len() > SLOTS {
        return unsupported(format!(
            "imports {} functions; this driver has symbols for {SLOTS}",
            slots.len()
        ));
    }
    Ok(slots)
}

fn bindings(slots: &[&ImportType]) -> Bindings {
    let mut modules: HashMap<String, HashMap<String, String>> = HashMap::new();
    for (slot, import) in slots.iter().enumerate() {
        modules.entry(import.module.clone()).or_default().insert(import.name.clone(), symbol(slot));
    }
    Bindings::new(modules)
}

/// What lucetc says of a valid module that it does not compile.
fn refused(error: &lucetc::Error, descriptor: &ModuleDescriptor) -> RuntimeError {
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.$-".contains(&b));
    match error {
        lucetc::Error::IOError(e) => {
            RuntimeError::Engine(format!("lucetc needs `ld` (Debian: binutils): {e}"))
        }
        // Names of exports become symbols; some have a meaning for `ld`.
        lucetc::Error::LdError(_) if !descriptor.exports.iter().all(|e| plain(&e.name)) => {
            RuntimeError::Unsupported("exports a name that `ld` does not take as a symbol".into())
        }
        lucetc::Error::LdError(_) => RuntimeError::Engine(error.to_string()),
        _ => RuntimeError::Unsupported(format!("lucetc refuses this valid module: {}", words(error))),
    }
}
