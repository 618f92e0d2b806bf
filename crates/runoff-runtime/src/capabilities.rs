//! What a runtime can do.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A WebAssembly proposal beyond the 1.0 core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Mutable imported and exported globals.
    MutableGlobals,
    /// Saturating float-to-integer conversion.
    SaturatingFloatToInt,
    /// Sign-extension operators.
    SignExtension,
    /// Several results and block parameters.
    MultiValue,
    /// `memory.copy` and friends.
    BulkMemory,
    /// `externref`, several tables, table instructions.
    ReferenceTypes,
    /// 128-bit vectors.
    Simd,
    /// Relaxed vector instructions.
    RelaxedSimd,
    /// Shared memories and atomics.
    Threads,
    /// `return_call`.
    TailCall,
    /// Several memories.
    MultiMemory,
    /// 64-bit memories.
    Memory64,
    /// Exceptions.
    Exceptions,
    /// Arithmetic in constant expressions.
    ExtendedConst,
    /// Typed function references.
    FunctionReferences,
    /// Garbage-collected types.
    Gc,
    /// Wide (128-bit) arithmetic.
    WideArithmetic,
    /// Components rather than core modules.
    ComponentModel,
}

impl Feature {
    /// All features in order of the list above.
    pub const ALL: [Self; 18] = [
        Self::MutableGlobals,
        Self::SaturatingFloatToInt,
        Self::SignExtension,
        Self::MultiValue,
        Self::BulkMemory,
        Self::ReferenceTypes,
        Self::Simd,
        Self::RelaxedSimd,
        Self::Threads,
        Self::TailCall,
        Self::MultiMemory,
        Self::Memory64,
        Self::Exceptions,
        Self::ExtendedConst,
        Self::FunctionReferences,
        Self::Gc,
        Self::WideArithmetic,
        Self::ComponentModel,
    ];

    /// WebAssembly 2.0 without vectors: what current compilers emit by default.
    pub const BASELINE: [Self; 6] = [
        Self::MutableGlobals,
        Self::SaturatingFloatToInt,
        Self::SignExtension,
        Self::MultiValue,
        Self::BulkMemory,
        Self::ReferenceTypes,
    ];

    /// The name of the proposal.
    pub fn name(self) -> &'static str {
        match self {
            Self::MutableGlobals => "mutable-globals",
            Self::SaturatingFloatToInt => "saturating-float-to-int",
            Self::SignExtension => "sign-extension",
            Self::MultiValue => "multi-value",
            Self::BulkMemory => "bulk-memory",
            Self::ReferenceTypes => "reference-types",
            Self::Simd => "simd",
            Self::RelaxedSimd => "relaxed-simd",
            Self::Threads => "threads",
            Self::TailCall => "tail-call",
            Self::MultiMemory => "multi-memory",
            Self::Memory64 => "memory64",
            Self::Exceptions => "exceptions",
            Self::ExtendedConst => "extended-const",
            Self::FunctionReferences => "function-references",
            Self::Gc => "gc",
            Self::WideArithmetic => "wide-arithmetic",
            Self::ComponentModel => "component-model",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a call can be stopped when its time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineSupport {
    /// Check points compiled into the code; almost free.
    Epoch,
    /// Instructions are counted; costs run time.
    Fuel,
    /// The engine's own terminate call.
    Terminate,
    /// Only by killing the process.
    KillOnly,
}

/// How precisely linear memory can be capped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemoryCap {
    /// [`crate::Limits::memory_bytes`] holds to the page.
    Exact,
    /// Only the process can be capped.
    ProcessOnly,
}

/// Where a runtime may run guests nobody vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustClass {
    /// In the host's own process.
    InProcess,
    /// In a process of its own.
    OwnProcess,
    /// In a child that is expected to be killed.
    KillableChild,
}

impl fmt::Display for TrustClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::InProcess => "in-process",
            Self::OwnProcess => "own process",
            Self::KillableChild => "killable child",
        })
    }
}

/// What a runtime can do.
#[expect(clippy::struct_excessive_bools, reason = "independent yes/no facts, read one at a time")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Proposals it runs.
    pub features: BTreeSet<Feature>,
    /// Whether it has phases of its own before the first call; `false` for native code.
    pub compiles: bool,
    /// Whether `validate` is a step of its own rather than part of compiling (or of the first call).
    pub separate_validate: bool,
    /// Whether compiled code can be saved and loaded.
    pub save_load: bool,
    /// Whether functions are translated at their first call, so that compile cost hides in the first calls.
    pub lazy: bool,
    /// How calls can be stopped.
    pub deadline: DeadlineSupport,
    /// How memory can be capped.
    pub memory_cap: MemoryCap,
    /// Whether one compiled module can be instantiated from several threads.
    pub thread_safe_module: bool,
    /// Whether infinite recursion comes back as a trap.
    pub stack_trap: bool,
    /// Most results a host function may have, where limited.
    pub max_host_results: Option<usize>,
    /// Whether the size of generated code is known.
    pub code_size: bool,
    /// Where it may run.
    pub trust: TrustClass,
}
