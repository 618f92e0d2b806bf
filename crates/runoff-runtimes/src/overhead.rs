//! What the seam costs: a typed call by the engine's own interface beside the same call through the seam.
//!
//! Both sides run in one process and one run, in alternating batches, so that frequency and load change them
//! alike. Each adapter contributes its own side as one entry of `own_sides`; the seam's side is written
//! once, here.

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use runoff_runtime::{
    FastFunc, HostState, Imports, Instance, Limits, RuntimeError, RuntimeOptions, Slot, sha256_hex,
};

use crate::native::{Twin, TwinBody, TwinFunc};
use crate::{Availability, Registry};

/// The function called: no work besides the call.
const MUL: &str = r#"(module (func (export "mul") (param i32 i32) (result i32)
    local.get 0 local.get 1 i32.mul))"#;

/// Calls per batch: long enough that reading the clock does not count.
const BATCH: u32 = 20_000;

/// The engine's own side, ready to run: makes this many calls and says how long they took together.
pub type OwnCalls = Box<dyn FnMut(u32) -> Duration>;

/// Prepares the engine's own side from the bytes of a module that exports `mul(i32, i32) -> i32`, with the
/// engine configured as the adapter does for measuring.
type PrepareOwn = fn(&[u8]) -> Result<OwnCalls, RuntimeError>;

/// The adapters' own sides, by runtime id. One line per variant; an adapter without one has no row.
fn own_sides() -> Vec<(&'static str, PrepareOwn)> {
    vec![
        ("native", native_own),
        #[cfg(feature = "wasmtime")]
        ("wasmtime/cranelift", |w| crate::wasmtime::own_calls(crate::wasmtime::Variant::Cranelift, w)),
        #[cfg(feature = "wasmtime")]
        ("wasmtime/winch", |w| crate::wasmtime::own_calls(crate::wasmtime::Variant::Winch, w)),
        #[cfg(feature = "wasmtime")]
        ("wasmtime/pulley", |w| crate::wasmtime::own_calls(crate::wasmtime::Variant::Pulley, w)),
        #[cfg(feature = "wasmer-cranelift")]
        ("wasmer/cranelift", |w| crate::wasmer::own_calls(crate::wasmer::Variant::Cranelift, w)),
        #[cfg(feature = "llvm")]
        ("wasmer/llvm", |w| crate::wasmer::own_calls(crate::wasmer::Variant::Llvm, w)),
        #[cfg(feature = "wasmer-singlepass")]
        ("wasmer/singlepass", |w| crate::wasmer::own_calls(crate::wasmer::Variant::Singlepass, w)),
        #[cfg(feature = "wasmi")]
        ("wasmi/eager", |w| crate::wasmi::own_calls(crate::wasmi::Variant::Eager, w)),
        #[cfg(feature = "wasmi")]
        ("wasmi/lazy", |w| crate::wasmi::own_calls(crate::wasmi::Variant::Lazy, w)),
        #[cfg(feature = "wasm3")]
        ("wasm3", crate::wasm3::own_calls),
        #[cfg(feature = "wamr")]
        ("wamr/fast-interp", crate::wamr::own_calls),
        #[cfg(feature = "tinywasm")]
        ("tinywasm", crate::tinywasm::own_calls),
        #[cfg(feature = "stitch")]
        ("stitch", crate::stitch::own_calls),
        #[cfg(feature = "toywasm")]
        ("toywasm", crate::toywasm::own_calls),
    ]
}

/// The engine's own typed call of `mul(i32, i32) -> i32`, which the module must export and which it calls as the
/// adapter would without the seam; with nothing imported.
pub fn own_calls(id: &str, wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let own = own_sides().into_iter().find(|(known, _)| *known == id);
    let (_, prepare) = own.ok_or_else(|| RuntimeError::Unsupported("not in this build".into()))?;
    prepare(wasm)
}

/// The loop both sides share: `calls` calls of `mul`, arguments and result hidden from the optimiser.
#[inline]
pub(crate) fn time_calls(calls: u32, mut mul: impl FnMut(i32, i32) -> i32) -> Duration {
    let start = Instant::now();
    for i in 0..calls {
        black_box(mul(black_box(i.cast_signed()), black_box(3)));
    }
    start.elapsed()
}

/// Cost of one call on one runtime.
#[derive(Clone, Debug, PartialEq)]
pub struct SeamCost {
    /// Runtime id.
    pub runtime: String,
    /// Nanoseconds per call by the engine's own typed call; median over batches.
    pub own_ns: f64,
    /// Nanoseconds per call through [`Instance::call_fast`]; median over batches.
    pub seam_ns: f64,
}

impl SeamCost {
    /// Seam over own.
    pub fn ratio(&self) -> f64 {
        self.seam_ns / self.own_ns
    }

    /// Whether the seam keeps its promise: at most 10 % or 2 ns, whichever is larger.
    pub fn holds(&self) -> bool {
        self.seam_ns <= (self.own_ns * 1.10).max(self.own_ns + 2.0)
    }
}

/// Measures every runtime of this build, or those whose id is in `only`; a runtime that cannot be measured is
/// an error in its row. `batches` pairs of batches are taken of each (100 are plenty). Runs on the calling
/// thread, which should be an engine thread ([`crate::on_engine_stack`]).
pub fn measure(only: Option<&[&str]>, batches: usize) -> Vec<(String, Result<SeamCost, RuntimeError>)> {
    own_sides()
        .into_iter()
        .filter(|(id, _)| only.is_none_or(|ids| ids.contains(id)))
        .map(|(id, prepare)| (id.to_owned(), measure_one(id, prepare, batches)))
        .collect()
}

fn measure_one(id: &str, prepare: PrepareOwn, batches: usize) -> Result<SeamCost, RuntimeError> {
    let wasm = wat::parse_str(MUL).map_err(|e| RuntimeError::Engine(e.to_string()))?;
    let mut own = prepare(&wasm)?;
    let mut seam = seam_calls(id, &wasm)?;
    // Lazy translation, caches and branch predictors settle before anything counts.
    own(BATCH);
    seam(BATCH);
    let (mut own_ns, mut seam_ns) = (Vec::with_capacity(batches), Vec::with_capacity(batches));
    for batch in 0..batches.max(1) {
        // Who goes first alternates, so that neither always follows the other.
        if batch % 2 == 0 {
            own_ns.push(own(BATCH));
            seam_ns.push(seam(BATCH));
        } else {
            seam_ns.push(seam(BATCH));
            own_ns.push(own(BATCH));
        }
    }
    Ok(SeamCost { runtime: id.to_owned(), own_ns: per_call(own_ns), seam_ns: per_call(seam_ns) })
}

fn per_call(mut batches: Vec<Duration>) -> f64 {
    batches.sort_unstable();
    batches[batches.len() / 2].as_secs_f64() * 1e9 / f64::from(BATCH)
}

/// The seam's side, as any user of the seam calls: through the object-safe interface.
fn seam_calls(id: &str, wasm: &[u8]) -> Result<OwnCalls, RuntimeError> {
    let registry = Registry::new(&*TWINS);
    let entry = registry
        .get(id)
        .filter(|e| *e.availability() == Availability::Ready)
        .ok_or_else(|| RuntimeError::Unsupported("not in this build".into()))?;
    let module = entry.make(&RuntimeOptions::default())?.compile(wasm)?;
    let mut instance = module.instantiate(&Imports::new(), HostState::new(), &Limits::default())?;
    let func = fast_mul(instance.as_mut())
        .ok_or_else(|| RuntimeError::Engine("`mul` has no fast path on this runtime".into()))?;
    Ok(Box::new(move |calls| {
        // The module outlives its instances, as with every user of the seam.
        let _ = &module;
        time_calls(calls, |a, b| {
            instance.call_fast(func, a.into_slot(), b.into_slot()).map_or(0, i32::from_slot)
        })
    }))
}

fn fast_mul(instance: &mut dyn Instance) -> Option<FastFunc> {
    let func = instance.lookup("mul")?;
    instance.prepare_fast(func)
}

/// The twin of [`MUL`]. Twins have no two-argument signature yet: the second factor is fixed.
static TWINS: LazyLock<[Twin; 1]> =
    LazyLock::new(|| [Twin { module_sha256: &MUL_SHA256, body: TwinBody::Exports(twin_exports) }]);

static MUL_SHA256: LazyLock<String> =
    LazyLock::new(|| wat::parse_str(MUL).map(|wasm| sha256_hex(&wasm)).unwrap_or_default());

fn twin_exports() -> Vec<(&'static str, TwinFunc)> {
    vec![("mul", TwinFunc::I32I32(triple()))]
}

fn triple() -> Box<dyn FnMut(i32) -> i32> {
    Box::new(|x| x.wrapping_mul(3))
}

/// Native code has no engine: its own side is the boxed closure the twin is made of.
#[expect(clippy::unnecessary_wraps, reason = "engines' own sides may fail")]
fn native_own(_: &[u8]) -> Result<OwnCalls, RuntimeError> {
    // Hidden, or the compiler would see through the box here and nowhere else.
    let mut triple = black_box(triple());
    Ok(Box::new(move |calls| time_calls(calls, |a, _| triple(a))))
}
