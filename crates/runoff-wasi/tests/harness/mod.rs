//! A guest made of bytes: calls WASI functions by name on a memory of its own.

#![allow(dead_code, clippy::allow_attributes, reason = "not every test file uses every helper")]

mod clocks;
mod paths;
mod world;

use runoff_runtime::{Caller, HostFailure, HostState, Imports, Value, ValueType};
use runoff_wasi::{Wasi, WasiConfig};

#[allow(unused_imports, clippy::allow_attributes, reason = "not every test file uses every helper")]
pub(crate) use {clocks::*, paths::*, world::*};

const MODULE: &str = "wasi_snapshot_preview1";

/// A call that answered with an error number, or ended the guest.
pub(crate) type Answer = Result<u32, HostFailure>;

pub(crate) const SUCCESS: Answer = Ok(0);
pub(crate) const BADF: Answer = Ok(8);
pub(crate) const BUSY: Answer = Ok(10);
pub(crate) const EXIST: Answer = Ok(20);
pub(crate) const FAULT: Answer = Ok(21);
pub(crate) const ILSEQ: Answer = Ok(25);
pub(crate) const INVAL: Answer = Ok(28);
pub(crate) const ISDIR: Answer = Ok(31);
pub(crate) const LOOP: Answer = Ok(32);
pub(crate) const MFILE: Answer = Ok(33);
pub(crate) const NAMETOOLONG: Answer = Ok(37);
pub(crate) const NOENT: Answer = Ok(44);
pub(crate) const NOTDIR: Answer = Ok(54);
pub(crate) const NXIO: Answer = Ok(60);
pub(crate) const NOTEMPTY: Answer = Ok(55);
pub(crate) const NOTSOCK: Answer = Ok(57);
pub(crate) const PERM: Answer = Ok(63);
pub(crate) const SPIPE: Answer = Ok(70);
pub(crate) const NOTCAPABLE: Answer = Ok(76);

/// The first preopened directory.
pub(crate) const ROOT: u64 = 3;

pub(crate) struct Guest {
    imports: Imports,
    state: HostState,
    pub(crate) memory: Vec<u8>,
}

impl Guest {
    pub(crate) fn new(config: &WasiConfig) -> Self {
        Self::with_memory(config, 65_536)
    }

    pub(crate) fn with_memory(config: &WasiConfig, bytes: usize) -> Self {
        let mut imports = Imports::new();
        runoff_wasi::define(&mut imports);
        let mut state = HostState::new();
        state.insert(Wasi::new(config).expect("what the guest is given exists"));
        Self { imports, state, memory: vec![0; bytes] }
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

    /// Names of all functions, with their number of parameters.
    pub(crate) fn functions(&self) -> Vec<(String, usize)> {
        self.imports.iter().map(|(_, name, func)| (name.to_owned(), func.ty().params.len())).collect()
    }

    /// Puts bytes into memory; their address and length.
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

    /// Puts a table of buffers (address, length) into memory; its address and number.
    pub(crate) fn vectors(&mut self, buffers: &[(u32, u32)]) -> (u64, u64) {
        let table: Vec<u8> = buffers
            .iter()
            .flat_map(|(at, length)| [at.to_le_bytes(), length.to_le_bytes()])
            .flatten()
            .collect();
        let (at, _) = self.put(40_000, &table);
        (at, buffers.len() as u64)
    }

    /// Writes pieces to a descriptor with one call, at an offset if there is one; how many bytes went.
    pub(crate) fn write_pieces(
        &mut self,
        fd: u64,
        pieces: &[&[u8]],
        offset: Option<u64>,
    ) -> Result<u32, Answer> {
        let mut at = 50_000;
        let mut buffers = Vec::new();
        for piece in pieces {
            self.put(at, piece);
            buffers.push((at as u32, piece.len() as u32));
            at += piece.len();
        }
        let (table, count) = self.vectors(&buffers);
        let answer = match offset {
            None => self.call("fd_write", &[fd, table, count, 39_000]),
            Some(offset) => self.call("fd_pwrite", &[fd, table, count, offset, 39_000]),
        };
        if answer == SUCCESS { Ok(self.u32(39_000)) } else { Err(answer) }
    }

    /// Reads from a descriptor into buffers of these sizes with one call, at an offset if there is one.
    pub(crate) fn read_pieces(
        &mut self,
        fd: u64,
        sizes: &[u32],
        offset: Option<u64>,
    ) -> Result<Vec<u8>, Answer> {
        let mut at = 50_000;
        let mut buffers = Vec::new();
        for size in sizes {
            buffers.push((at, *size));
            at += size;
        }
        let (table, count) = self.vectors(&buffers);
        let answer = match offset {
            None => self.call("fd_read", &[fd, table, count, 39_000]),
            Some(offset) => self.call("fd_pread", &[fd, table, count, offset, 39_000]),
        };
        if answer == SUCCESS {
            Ok(self.bytes(50_000, self.u32(39_000) as usize).to_vec())
        } else {
            Err(answer)
        }
    }

    /// Writes bytes to a descriptor; how many went.
    pub(crate) fn write(&mut self, fd: u64, bytes: &[u8]) -> Result<u32, Answer> {
        self.write_pieces(fd, &[bytes], None)
    }

    /// Reads up to 1,000 bytes from a descriptor.
    pub(crate) fn read(&mut self, fd: u64) -> Result<Vec<u8>, Answer> {
        self.read_pieces(fd, &[1_000], None)
    }

    /// Moves a descriptor's position; where it is then.
    pub(crate) fn seek(&mut self, fd: u64, offset: i64, whence: u64) -> Result<u64, Answer> {
        let answer = self.call("fd_seek", &[fd, offset.cast_unsigned(), whence, 39_000]);
        if answer == SUCCESS { Ok(self.u64(39_000)) } else { Err(answer) }
    }

    pub(crate) fn tell(&mut self, fd: u64) -> Result<u64, Answer> {
        let answer = self.call("fd_tell", &[fd, 39_000]);
        if answer == SUCCESS { Ok(self.u64(39_000)) } else { Err(answer) }
    }

    pub(crate) fn close(&mut self, fd: u64) -> Answer {
        self.call("fd_close", &[fd])
    }

    /// What the guest wrote to captured standard output.
    pub(crate) fn stdout(&self) -> Vec<u8> {
        self.state.get::<Wasi>().map_or_else(Vec::new, |wasi| wasi.stdout_bytes().to_vec())
    }

    /// What the guest wrote to captured standard error.
    pub(crate) fn stderr(&self) -> Vec<u8> {
        self.state.get::<Wasi>().map_or_else(Vec::new, |wasi| wasi.stderr_bytes().to_vec())
    }
}
