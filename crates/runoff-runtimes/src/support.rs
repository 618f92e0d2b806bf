//! What several adapters need.

use std::collections::BTreeSet;

use runoff_runtime::{
    ArtifactRefusal, ExternKind, Failure, Feature, FuncType, HostFailure, HostFunc, ImportType, Imports,
    LimitKind, RuntimeError, Value, check,
};
use runoff_runtime::{Slot, ValueType};
#[cfg(any(feature = "wasmer", feature = "tinywasm"))]
use sha2::{Digest, Sha256};

/// The host function for an import, or why it cannot be linked. `wanted` is the import's type where the
/// engine or the descriptor knows it.
pub(crate) fn resolve<'a>(imports: &'a Imports, import: &ImportType) -> Result<&'a HostFunc, RuntimeError> {
    let link = |reason: String| RuntimeError::Link {
        module: import.module.clone(),
        name: import.name.clone(),
        reason,
    };
    let wanted: &FuncType = match &import.kind {
        ExternKind::Func(Some(ty)) => ty,
        ExternKind::Func(None) => {
            return Err(RuntimeError::Unsupported(format!(
                "import `{}` `{}` has a type outside the seam's value types",
                import.module, import.name
            )));
        }
        kind => {
            return Err(RuntimeError::Unsupported(format!(
                "imports a {kind} (`{}` `{}`); only functions can be imported",
                import.module, import.name
            )));
        }
    };
    let func = imports.get(&import.module, &import.name).ok_or_else(|| link("nothing provides it".into()))?;
    if func.ty() == wanted {
        Ok(func)
    } else {
        Err(link(format!("it is provided as {}, wanted as {wanted}", func.ty())))
    }
}

/// Explains why an engine refused bytes: malformed with position, unsupported with the proposals needed, or
/// the engine's own words when neither holds.
#[cfg_attr(
    not(any(feature = "wasmtime", feature = "wasmer", feature = "wasmi", feature = "tinywasm")),
    expect(dead_code, reason = "other engines only get bytes that were checked")
)]
pub(crate) fn explain_refusal(
    wasm: &[u8],
    features: &BTreeSet<Feature>,
    engine_words: String,
) -> RuntimeError {
    match check(wasm, features) {
        Err(error) => error,
        Ok(()) => RuntimeError::Engine(engine_words),
    }
}

/// An artifact the engine itself refuses.
pub(crate) fn refuse_artifact(words: String) -> RuntimeError {
    RuntimeError::Artifact(ArtifactRefusal::Engine(words))
}

/// What code was made from, for artifacts to name.
#[cfg(any(feature = "wasmer", feature = "tinywasm"))]
#[derive(Clone)]
pub(crate) enum Origin {
    /// The module: hashed when it is saved, since hashing is no part of compiling.
    Module(Box<[u8]>),
    /// What the artifact it was loaded from says.
    Artifact([u8; 32]),
}

#[cfg(any(feature = "wasmer", feature = "tinywasm"))]
impl Origin {
    pub(crate) fn sha256(&self) -> [u8; 32] {
        match self {
            Self::Module(bytes) => Sha256::digest(bytes).into(),
            Self::Artifact(sha256) => *sha256,
        }
    }
}

/// Features of this CPU that compilers here generate code for, in the order they came.
#[cfg_attr(
    not(any(feature = "wasmtime", feature = "wasmer", feature = "wamr")),
    expect(dead_code, reason = "interpreters generate none")
)]
#[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "other architectures add nothing yet"))]
pub(crate) fn cpu_features() -> String {
    let mut found: Vec<&str> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        macro_rules! detect {
            ($($name:tt)*) => {$(
                if std::arch::is_x86_feature_detected!($name) {
                    found.push($name);
                }
            )*};
        }
        detect!("sse3" "ssse3" "sse4.1" "sse4.2" "popcnt" "avx" "avx2" "fma" "bmi1" "bmi2" "lzcnt" "avx512f" "avx512vl");
    }
    if found.is_empty() { "baseline".into() } else { found.join("+") }
}

/// Threads of the pool compilers share, as the pool itself decides it. (Asking the pool would start its threads
/// too early and move their cost from the first compilation to where nobody looks.)
#[cfg_attr(not(feature = "wasmtime"), expect(dead_code, reason = "only some engines compile in parallel"))]
pub(crate) fn pool_threads() -> usize {
    std::env::var("RAYON_NUM_THREADS")
        .ok()
        .and_then(|n| n.parse().ok())
        .filter(|n| *n > 0)
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Checks the size a memory starts with against a cap.
pub(crate) fn check_memory_cap(start_bytes: u64, cap: Option<u64>) -> Result<(), RuntimeError> {
    match cap {
        Some(cap) if start_bytes > cap => Err(RuntimeError::Limit(
            LimitKind::Memory,
            format!("the module starts with {start_bytes} bytes of memory, {cap} are allowed"),
        )),
        _ => Ok(()),
    }
}

/// Checks the size a table starts with against a cap.
pub(crate) fn check_table_cap(start_elements: u64, cap: Option<u32>) -> Result<(), RuntimeError> {
    match cap {
        Some(cap) if start_elements > u64::from(cap) => Err(RuntimeError::Limit(
            LimitKind::Table,
            format!("the module starts with a table of {start_elements} elements, {cap} are allowed"),
        )),
        _ => Ok(()),
    }
}

/// Carries a host function's ending through an engine's error type.
#[cfg_attr(
    not(any(
        feature = "wasmtime",
        feature = "wasmer",
        feature = "wasmi",
        feature = "wasm3",
        feature = "wamr",
        feature = "tinywasm",
        feature = "stitch",
        feature = "toywasm"
    )),
    expect(dead_code, reason = "a build without engines has no errors to carry it through")
)]
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Stopped(pub(crate) Failure);

impl From<HostFailure> for Stopped {
    fn from(failure: HostFailure) -> Self {
        Self(match failure {
            HostFailure::Exit(code) => Failure::Exit(code),
            HostFailure::Failed(words) => Failure::Host(words),
        })
    }
}

/// Checks arguments and result slots of a dynamic call.
pub(crate) fn check_call(ty: Option<&FuncType>, args: &[Value], results: &[Value]) -> Result<(), Failure> {
    let ty =
        ty.ok_or_else(|| Failure::BadCall("the function has a type that does not cross the seam".into()))?;
    if !args.iter().map(Value::ty).eq(ty.params.iter().copied()) {
        let given = args.iter().map(|a| a.ty().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Failure::BadCall(format!("the function has type {ty}, the arguments are ({given})")));
    }
    if results.len() != ty.results.len() {
        return Err(Failure::BadCall(format!(
            "the function has type {ty}, {} result slots given",
            results.len()
        )));
    }
    Ok(())
}

/// A number from the slot of a fast call; other types are never in one.
pub(crate) fn from_slot(ty: ValueType, slot: u64) -> Value {
    match ty {
        ValueType::I32 => Value::I32(Slot::from_slot(slot)),
        ValueType::I64 => Value::I64(Slot::from_slot(slot)),
        ValueType::F32 => Value::F32(slot as u32),
        ValueType::F64 => Value::F64(slot),
        other => Value::default_of(other),
    }
}

/// The slot of a number; see [`from_slot`].
pub(crate) fn into_slot(value: &Value) -> u64 {
    match *value {
        Value::I32(v) => v.into_slot(),
        Value::I64(v) => v.into_slot(),
        Value::F32(bits) => bits.into(),
        Value::F64(bits) => bits,
        _ => 0,
    }
}

/// The arguments of a fast call as the tuple a typed call takes.
#[cfg(any(feature = "wasmtime", feature = "wasmi", feature = "tinywasm"))]
macro_rules! slot_args {
    ($a:expr, $b:expr;) => {
        ()
    };
    ($a:expr, $b:expr; $p:ty) => {
        (<$p as Slot>::from_slot($a),)
    };
    ($a:expr, $b:expr; $p:ty, $q:ty) => {
        (<$p as Slot>::from_slot($a), <$q as Slot>::from_slot($b))
    };
}
#[cfg(any(feature = "wasmtime", feature = "wasmi", feature = "tinywasm"))]
pub(crate) use slot_args;
