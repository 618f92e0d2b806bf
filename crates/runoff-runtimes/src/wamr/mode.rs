//! WAMR's ways of running a module.

use runoff_runtime::{BoundsChecks, DeadlineSupport, Feature};
use wamrx_sys as wamr;

use crate::support::cpu_features;

/// One of WAMR's ways of running a module. Each needs a library built for it, so a process has one of them.
#[derive(Clone, Debug)]
pub enum Mode {
    /// The interpreter of a translated code; the library is that of the package `wamrx-sys`.
    FastInterp,
    /// The interpreter of the module's own bytes.
    Classic,
    /// The baseline compiler.
    FastJit,
    /// LLVM while loading.
    LlvmJit {
        /// LLVM's version.
        llvm: String,
    },
    /// LLVM before loading.
    Aot {
        /// LLVM's version.
        llvm: String,
        /// The compiler, which is no part of WAMR's C interface for embedders.
        compiler: AotCompiler,
    },
}

/// WAMR's AOT compiler.
#[derive(Clone, Copy, Debug)]
pub struct AotCompiler {
    /// Called once per process, when WAMR is initialised. `false` ends the attempt.
    pub prepare: fn() -> bool,
    /// Turns a valid module into WAMR's AOT format, or says why not.
    pub compile: fn(&[u8]) -> Result<Vec<u8>, String>,
}

impl Mode {
    /// The runtime's id.
    pub fn id(&self) -> &'static str {
        match self {
            Self::FastInterp => "wamr/fast-interp",
            Self::Classic => "wamr/classic",
            Self::FastJit => "wamr/fast-jit",
            Self::LlvmJit { .. } => "wamr/llvm-jit",
            Self::Aot { .. } => "wamr/aot",
        }
    }

    /// How it executes.
    pub fn technique(&self) -> &'static str {
        match self {
            Self::FastInterp => "interpreter of a translated register code",
            Self::Classic => "interpreter of the module's bytes",
            Self::FastJit => "baseline compiler",
            Self::LlvmJit { .. } => "optimising compiler",
            Self::Aot { .. } => "optimising compiler, ahead of time",
        }
    }

    pub(super) fn compiler(&self) -> Option<AotCompiler> {
        match self {
            Self::Aot { compiler, .. } => Some(*compiler),
            _ => None,
        }
    }

    /// What WAMR is told to run modules by.
    pub(super) fn running(&self) -> wamr::RunningMode {
        match self {
            // Compiled modules say so themselves.
            Self::FastInterp | Self::Classic | Self::Aot { .. } => wamr::Mode_Interp,
            Self::FastJit => wamr::Mode_Fast_JIT,
            Self::LlvmJit { .. } => wamr::Mode_LLVM_JIT,
        }
    }

    /// What it runs beyond [`Feature::BASELINE`].
    pub(super) fn proposals(&self) -> &'static [Feature] {
        match self {
            Self::FastInterp | Self::Classic => &[Feature::TailCall, Feature::ExtendedConst],
            Self::FastJit => &[Feature::ExtendedConst],
            Self::LlvmJit { .. } | Self::Aot { .. } => {
                &[Feature::TailCall, Feature::ExtendedConst, Feature::Simd]
            }
        }
    }

    /// What of the library's build matters, beyond what is the same for all modes.
    pub(super) fn flags(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FastInterp => Vec::new(),
            Self::Classic => vec![("stack-checks", "explicit".into())],
            Self::FastJit => vec![("stack-checks", "explicit".into()), ("lazy", "off".into())],
            Self::LlvmJit { llvm } | Self::Aot { llvm, .. } => vec![
                ("stack-checks", "explicit".into()),
                ("lazy", "off".into()),
                ("llvm", llvm.clone()),
                ("optimisation", "3".into()),
            ],
        }
    }

    /// WAMR's compilers have no check points in code whose memory is not shared.
    pub(super) fn deadline(&self) -> DeadlineSupport {
        match self {
            Self::FastInterp | Self::Classic => DeadlineSupport::Terminate,
            Self::FastJit | Self::LlvmJit { .. } | Self::Aot { .. } => DeadlineSupport::KillOnly,
        }
    }

    pub(super) fn bounds_checks(&self) -> BoundsChecks {
        match self {
            Self::FastInterp => BoundsChecks::Explicit,
            _ => BoundsChecks::GuardPages,
        }
    }

    pub(super) fn cpu_features(&self) -> String {
        match self {
            Self::FastInterp | Self::Classic | Self::FastJit => "baseline".into(),
            Self::LlvmJit { .. } | Self::Aot { .. } => cpu_features(),
        }
    }

    /// Threads WAMR's library starts to compile a module.
    pub(super) fn compile_threads(&self) -> usize {
        match self {
            // `WASM_ORC_JIT_BACKEND_THREAD_NUM` of WAMR's `config.h`.
            Self::FastJit => 4,
            Self::FastInterp | Self::Classic | Self::LlvmJit { .. } | Self::Aot { .. } => 1,
        }
    }
}
