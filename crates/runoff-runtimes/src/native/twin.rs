//! Native twins of modules.

use runoff_runtime::{FuncType, ValueType};

/// The native twin of one module.
#[derive(Debug, Clone, Copy)]
pub struct Twin {
    /// SHA-256 of the module, lower-case hexadecimal.
    pub module_sha256: &'static str,
    /// What it exports.
    pub body: TwinBody,
}

/// What a twin exports.
#[derive(Clone, Copy)]
pub enum TwinBody {
    /// Exported functions over state made per instance.
    Exports(fn() -> Vec<(&'static str, TwinFunc)>),
    /// A WASI command: arguments (program name first), output, exit code.
    Command(fn(&[String], &mut TwinIo<'_>) -> i32),
}

impl std::fmt::Debug for TwinBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Exports(_) => "Exports",
            Self::Command(_) => "Command",
        })
    }
}

/// One native function.
pub enum TwinFunc {
    /// `(i32) -> i32`
    I32I32(Box<dyn FnMut(i32) -> i32>),
    /// `() -> f64`
    UnitF64(Box<dyn FnMut() -> f64>),
}

impl std::fmt::Debug for TwinFunc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TwinFunc{}", self.ty())
    }
}

impl TwinFunc {
    /// Its type as WebAssembly sees it.
    pub fn ty(&self) -> FuncType {
        match self {
            Self::I32I32(_) => FuncType::new([ValueType::I32], [ValueType::I32]),
            Self::UnitF64(_) => FuncType::new([], [ValueType::F64]),
        }
    }
}

/// Standard streams of a command's twin. They go through the same WASI functions a module would call, so
/// capture, caps and redirection are the same.
pub struct TwinIo<'a> {
    pub(super) write: &'a mut dyn FnMut(u32, &[u8]) -> bool,
}

impl std::fmt::Debug for TwinIo<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TwinIo")
    }
}

impl TwinIo<'_> {
    /// Writes to standard output; `false` when it was refused.
    pub fn stdout(&mut self, bytes: &[u8]) -> bool {
        (self.write)(1, bytes)
    }

    /// Writes to standard error; `false` when it was refused.
    pub fn stderr(&mut self, bytes: &[u8]) -> bool {
        (self.write)(2, bytes)
    }
}
