//! A guest made of bytes: calls WASI functions by name on a memory of its own.

#![allow(dead_code, clippy::allow_attributes, reason = "not every test file uses every helper")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runoff_runtime::{Caller, HostFailure, HostState, Imports, Value, ValueType};
use runoff_wasi::{Clocks, Wasi, WasiConfig};

const MODULE: &str = "wasi_snapshot_preview1";

/// A call that answered with an error number, or ended the guest.
pub(crate) type Answer = Result<u32, HostFailure>;

pub(crate) const SUCCESS: Answer = Ok(0);
pub(crate) const BADF: Answer = Ok(8);
pub(crate) const FAULT: Answer = Ok(21);
pub(crate) const INVAL: Answer = Ok(28);
pub(crate) const NOTSOCK: Answer = Ok(57);
pub(crate) const PERM: Answer = Ok(63);
pub(crate) const ROFS: Answer = Ok(69);
pub(crate) const NOTCAPABLE: Answer = Ok(76);

pub(crate) struct Guest {
    imports: Imports,
    state: HostState,
    pub(crate) memory: Vec<u8>,
}

impl Guest {
    pub(crate) fn new(config: &WasiConfig) -> Self {
        let mut imports = Imports::new();
        runoff_wasi::define(&mut imports);
        let mut state = HostState::new();
        state.insert(Wasi::new(config).expect("what the guest is given exists"));
        Self { imports, state, memory: vec![0; 65_536] }
    }

    /// Calls a function. Arguments are fitted to its parameter types.
    pub(crate) fn call(&mut self, name: &str, args: &[u64]) -> Answer {
        let func = self.imports.get(MODULE, name).unwrap_or_else(|| panic!("no function `{name}`"));
        let ty = func.ty().clone();
        assert_eq!(ty.params.len(), args.len(), "{name} has type {ty}");
        let args: Vec<Value> = ty
            .params
            .iter()
            .zip(args)
            .map(|(ty, bits)| match ty {
                ValueType::I64 => Value::I64(bits.cast_signed()),
                _ => Value::I32((*bits as u32).cast_signed()),
            })
            .collect();
        let mut results: Vec<Value> = ty.results.iter().map(|ty| Value::default_of(*ty)).collect();
        let mut caller = Caller { memory: &mut self.memory, state: &mut self.state };
        func.call(&mut caller, &args, &mut results)?;
        Ok(match results.first() {
            Some(Value::I32(errno)) => errno.cast_unsigned(),
            _ => 0,
        })
    }

    /// Number of parameters of a function.
    pub(crate) fn arity(&self, name: &str) -> usize {
        self.imports.get(MODULE, name).map_or(0, |func| func.ty().params.len())
    }

    /// Puts bytes into memory.
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) -> (u64, u64) {
        self.memory[at..at + bytes.len()].copy_from_slice(bytes);
        (at as u64, bytes.len() as u64)
    }

    pub(crate) fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.memory[at..at + 4].try_into().expect("four bytes"))
    }

    pub(crate) fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.memory[at..at + 8].try_into().expect("eight bytes"))
    }

    pub(crate) fn bytes(&self, at: usize, length: usize) -> &[u8] {
        &self.memory[at..at + length]
    }

    /// Opens a path below the first preopen with all rights asked for; the descriptor, or the error number.
    pub(crate) fn open(&mut self, path: &str, flags: u64, rights: u64) -> Result<u64, u32> {
        let (at, length) = self.put(60_000, path.as_bytes());
        match self.call("path_open", &[3, 1, at, length, flags, rights, rights, 0, 59_000]) {
            Ok(0) => Ok(u64::from(self.u32(59_000))),
            Ok(errno) => Err(errno),
            Err(ended) => panic!("{ended:?}"),
        }
    }

    /// Writes text to a descriptor; how many bytes went.
    pub(crate) fn write(&mut self, fd: u64, text: &[u8]) -> Result<u32, Answer> {
        let (at, length) = self.put(50_000, text);
        self.put(49_000, &(at as u32).to_le_bytes());
        self.put(49_004, &(length as u32).to_le_bytes());
        match self.call("fd_write", &[fd, 49_000, 1, 49_008]) {
            Ok(0) => Ok(self.u32(49_008)),
            other => Err(other),
        }
    }

    /// Reads up to 1,000 bytes from a descriptor.
    pub(crate) fn read(&mut self, fd: u64) -> Result<Vec<u8>, Answer> {
        self.put(49_000, &50_000_u32.to_le_bytes());
        self.put(49_004, &1_000_u32.to_le_bytes());
        match self.call("fd_read", &[fd, 49_000, 1, 49_008]) {
            Ok(0) => Ok(self.bytes(50_000, self.u32(49_008) as usize).to_vec()),
            other => Err(other),
        }
    }

    /// What the guest wrote to captured standard output.
    pub(crate) fn stdout(&self) -> Vec<u8> {
        self.state.get::<Wasi>().map_or_else(Vec::new, |wasi| wasi.stdout_bytes().to_vec())
    }
}

/// Rights to read and to write files, and everything a directory needs.
pub(crate) const ALL_RIGHTS: u64 = 0x1fff_ffff;

pub(crate) const CREATE: u64 = 1;
pub(crate) const DIRECTORY: u64 = 2;

/// Clocks that go on only when somebody sleeps.
#[derive(Debug, Default)]
pub(crate) struct Frozen(AtomicU64);

impl Clocks for Frozen {
    fn realtime_ns(&self) -> u64 {
        1_000_000_000 + self.0.load(Ordering::Relaxed)
    }

    fn monotonic_ns(&self) -> u64 {
        5 + self.0.load(Ordering::Relaxed)
    }

    fn sleep(&self, duration: Duration) {
        self.0.fetch_add(duration.as_nanos() as u64, Ordering::Relaxed);
    }
}

pub(crate) fn frozen() -> Arc<Frozen> {
    Arc::new(Frozen::default())
}
