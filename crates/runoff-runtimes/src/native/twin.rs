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

impl TwinBody {
    /// Where in this process its code begins.
    pub fn address(self) -> u64 {
        match self {
            Self::Exports(make) => make as usize as u64,
            Self::Command(main) => main as usize as u64,
        }
    }
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

/// What a command's twin may do besides computing. Streams and marks go through the same host functions a module
/// would call, so capture, caps, redirection and timing are the same.
pub struct TwinIo<'a> {
    pub(super) host: &'a mut dyn TwinHost,
}

/// Where a twin's calls go.
pub(super) trait TwinHost {
    /// Writes everything; `false` when it was refused.
    fn write(&mut self, fd: u32, bytes: &[u8]) -> bool;
    /// Everything on standard input; `None` when it cannot be read.
    fn read(&mut self) -> Option<Vec<u8>>;
    /// `bench.start` or `bench.end`, when somebody listens.
    fn mark(&mut self, name: &str);
}

impl std::fmt::Debug for TwinIo<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TwinIo")
    }
}

impl TwinIo<'_> {
    /// Writes to standard output; `false` when it was refused.
    pub fn stdout(&mut self, bytes: &[u8]) -> bool {
        self.host.write(1, bytes)
    }

    /// Writes to standard error; `false` when it was refused.
    pub fn stderr(&mut self, bytes: &[u8]) -> bool {
        self.host.write(2, bytes)
    }

    /// Everything on standard input; `None` when it cannot be read.
    pub fn stdin(&mut self) -> Option<Vec<u8>> {
        self.host.read()
    }

    /// The part to be measured begins.
    pub fn mark_start(&mut self) {
        self.host.mark("start");
    }

    /// The part to be measured ends.
    pub fn mark_end(&mut self) {
        self.host.mark("end");
    }
}
