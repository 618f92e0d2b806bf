//! A module as the host keeps it: its bytes, what they say of themselves, and its code per tier.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use runoff_pick::online::{ModuleId, TierId};
use runoff_runtime::{
    ExternKind, Feature, FuncType, Imports, ModuleDescriptor, SharedModule, ValueType, required_features,
    sha256_hex,
};
use wasmparser::{Parser, Payload};

use crate::config::{Abi, AbiName};
use crate::workers::Remote;

/// Most functions of a module: compilers need time and memory for each.
const MOST_FUNCTIONS: u32 = 200_000;

/// Why a module cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleError {
    /// It is no module, or one no runtime can run.
    #[error("{0}")]
    Bytes(#[from] runoff_runtime::RuntimeError),
    /// It is larger than allowed.
    #[error("it has {found} {what}; at most {most} are served")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// How many it has.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// It imports what the host does not offer.
    #[error(
        "it imports `{module}` `{name}`, which the host does not offer: functions get WASI preview 1, and marks of benchmarks (`bench.start`, `bench.end`) that do nothing"
    )]
    Import {
        /// Import module.
        module: String,
        /// Import name.
        name: String,
    },
    /// It has not the exports of its ABI.
    #[error("{0}")]
    Abi(String),
}

/// Code of one tier.
#[derive(Clone)]
pub enum Code {
    /// In this process.
    Here(SharedModule),
    /// In worker processes.
    Worker(Remote),
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code")
    }
}

/// Code calls were tried on.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    tier: TierId,
    pub(crate) code: Code,
    /// Making it.
    pub(crate) took: Duration,
}

/// A module as the host keeps it.
#[derive(Debug)]
pub struct HostedModule {
    /// Number in the policy.
    pub id: ModuleId,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// What is compiled: the file, with its start function deferred.
    pub wasm: Vec<u8>,
    /// SHA-256 of that.
    pub code_sha256: String,
    /// Export to call before anything else, where the module has a start function.
    pub start: Option<&'static str>,
    /// What it says of itself.
    pub descriptor: ModuleDescriptor,
    /// Proposals it needs.
    pub features: BTreeSet<Feature>,
    /// Number of its memories.
    pub memories: u32,
    /// Whether it imports anything of WASI.
    pub wants_wasi: bool,
    slots: Vec<ArcSwapOption<Code>>,
    /// Code to try calls on while there is no other.
    trial: Mutex<Option<Tried>>,
}

impl HostedModule {
    /// Checks bytes and keeps them, with room for the code of so many tiers.
    pub fn new(
        id: ModuleId,
        bytes: &[u8],
        tiers: usize,
        imports: &Imports,
        max_bytes: u64,
    ) -> Result<Self, ModuleError> {
        let too_large = |what, found: u64, most: u64| ModuleError::TooLarge { what, found, most };
        if bytes.len() as u64 > max_bytes {
            return Err(too_large("bytes", bytes.len() as u64, max_bytes));
        }
        let descriptor = ModuleDescriptor::parse(bytes)?;
        if descriptor.functions > MOST_FUNCTIONS {
            return Err(too_large("functions", descriptor.functions.into(), MOST_FUNCTIONS.into()));
        }
        for import in &descriptor.imports {
            let offered = imports.get(&import.module, &import.name);
            let fits = offered.is_some_and(|f| import.kind == ExternKind::Func(Some(f.ty().clone())));
            if !fits {
                return Err(ModuleError::Import { module: import.module.clone(), name: import.name.clone() });
            }
        }
        let (wasm, start) = match runoff_runtimes::defer_start(bytes)? {
            Some((wasm, export)) => (wasm, Some(export)),
            None => (bytes.to_vec(), None),
        };
        Ok(Self {
            id,
            sha256: sha256_hex(bytes),
            code_sha256: sha256_hex(&wasm),
            wasm,
            start,
            features: required_features(bytes),
            memories: memories(bytes),
            wants_wasi: descriptor.imports.iter().any(|import| import.module != "bench"),
            descriptor,
            slots: (0..tiers).map(|_| ArcSwapOption::empty()).collect(),
            trial: Mutex::default(),
        })
    }

    /// Code of a tier, when it is in memory.
    pub fn code(&self, tier: TierId) -> Option<Arc<Code>> {
        self.slots.get(tier)?.load_full()
    }

    /// Puts code in memory, or lets it go; runs that have it keep it until they end.
    pub fn set_code(&self, tier: TierId, code: Option<Code>) {
        if let Some(slot) = self.slots.get(tier) {
            slot.store(code.map(Arc::new));
            // Whoever tries meanwhile keeps what it has until it ends; where one is being made, nobody waits for that.
            if let Ok(mut trial) = self.trial.try_lock() {
                *trial = None;
            }
        }
    }

    /// Code to try calls on; made once, however many want it.
    pub(crate) fn trial<E>(&self, tier: TierId, make: impl FnOnce() -> Result<Code, E>) -> Result<Code, E> {
        let mut trial = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tried) = trial.as_ref().filter(|tried| tried.tier == tier) {
            return Ok(tried.code.clone());
        }
        let started = Instant::now();
        let code = make()?;
        *trial = Some(Tried { tier, code: code.clone(), took: started.elapsed() });
        Ok(code)
    }

    /// The code calls were tried on, if it was of this tier.
    pub(crate) fn tried(&self, tier: TierId) -> Option<Tried> {
        let trial = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        trial.as_ref().filter(|tried| tried.tier == tier).cloned()
    }

    /// The ABI it is served with, checked against its exports; `None` asks the exports.
    pub fn abi(&self, wanted: Option<Abi>) -> Result<Abi, ModuleError> {
        let found = |export: &str| self.descriptor.func(export);
        let has = self.descriptor.exported_functions();
        let abi = match wanted {
            Some(abi) => abi,
            None if found("runoff_call").is_some() => AbiName::Call,
            None if found("_start").is_some() => AbiName::Command,
            None => {
                return Err(ModuleError::Abi(format!(
                    "it exports neither `_start` (a program) nor `runoff_call` (docs/CALLS.md); {has}"
                )));
            }
        };
        let i32s = |n: usize| vec![ValueType::I32; n];
        let needed: &[(&str, FuncType)] = &match abi {
            AbiName::Command | AbiName::Wagi => vec![("_start", FuncType::default())],
            AbiName::Call => vec![
                ("runoff_version", FuncType::new(i32s(1), i32s(1))),
                ("runoff_buffer", FuncType::new(i32s(1), i32s(1))),
                ("runoff_call", FuncType::new(i32s(2), [ValueType::I64])),
            ],
        };
        for (export, ty) in needed {
            match found(export) {
                Some(there) if there == ty => {}
                Some(there) => {
                    return Err(ModuleError::Abi(format!("its export `{export}` is {there}, not {ty}")));
                }
                None => {
                    return Err(ModuleError::Abi(format!(
                        "it does not export `{export}`, which its abi needs; {has}"
                    )));
                }
            }
        }
        Ok(abi)
    }
}

fn memories(wasm: &[u8]) -> u32 {
    let sections = Parser::new(0).parse_all(wasm).filter_map(Result::ok);
    sections
        .map(|payload| if let Payload::MemorySection(reader) = payload { reader.count() } else { 0 })
        .sum()
}
