//! Instances of twins.

use runoff_runtime::{
    Caller, Failure, FastFunc, FuncHandle, FuncType, HostFailure, HostState, Imports, Instance, Interrupter,
    Slot, Usage, Value,
};

use super::twin::TwinHost;
use super::{TwinFunc, TwinIo};

/// Name of the module WASI functions are imported from.
const WASI: &str = "wasi_snapshot_preview1";

pub(super) struct ExportsInstance {
    funcs: Vec<(&'static str, TwinFunc)>,
    state: HostState,
}

impl ExportsInstance {
    pub(super) fn new(funcs: Vec<(&'static str, TwinFunc)>, state: HostState) -> Self {
        Self { funcs, state }
    }
}

impl Instance for ExportsInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        self.funcs.iter().position(|(name, _)| *name == export).map(|i| FuncHandle(i as u32))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize).map(|(_, f)| f.ty())
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        match (self.funcs.get_mut(func.0 as usize), args, results) {
            (Some((_, TwinFunc::I32I32(f))), [Value::I32(x)], [result]) => *result = Value::I32(f(*x)),
            (Some((_, TwinFunc::UnitF64(f))), [], [result]) => *result = Value::f64(f()),
            _ => return Err(Failure::BadCall("arguments do not fit the function's type".into())),
        }
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        self.funcs.get(func.0 as usize).map(|_| FastFunc(func.0))
    }

    #[inline]
    fn call_fast(&mut self, func: FastFunc, a: u64, _: u64) -> Result<u64, Box<Failure>> {
        match self.funcs.get_mut(func.0 as usize) {
            Some((_, TwinFunc::I32I32(f))) => Ok(f(i32::from_slot(a)).into_slot()),
            Some((_, TwinFunc::UnitF64(f))) => Ok(f().into_slot()),
            None => Err(Box::new(Failure::BadCall("stale handle".into()))),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        None
    }

    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.state
    }

    fn usage(&mut self) -> Usage {
        Usage::default()
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}

pub(super) struct CommandInstance {
    main: fn(&[String], &mut TwinIo<'_>) -> i32,
    imports: Imports,
    state: HostState,
}

impl CommandInstance {
    pub(super) fn new(
        main: fn(&[String], &mut TwinIo<'_>) -> i32,
        imports: Imports,
        state: HostState,
    ) -> Self {
        Self { main, imports, state }
    }

    /// Arguments as the module would get them: through `args_sizes_get` and `args_get`.
    fn args(&mut self) -> Result<Vec<String>, Failure> {
        let mut memory = [0_u8; 8];
        self.wasi("args_sizes_get", &mut memory, &[0, 4])?;
        let (count, bytes) = (word(&memory, 0) as usize, word(&memory, 4) as usize);
        let mut memory = vec![0_u8; count * 4 + bytes];
        self.wasi("args_get", &mut memory, &[0, (count * 4) as i32])?;
        Ok(memory[count * 4..]
            .split(|b| *b == 0)
            .take(count)
            .map(|arg| String::from_utf8_lossy(arg).into_owned())
            .collect())
    }

    fn wasi(&mut self, name: &str, memory: &mut [u8], args: &[i32]) -> Result<i32, Failure> {
        call_wasi(&self.imports, &mut self.state, name, memory, args)
    }
}

/// The host functions of one call of a twin.
struct Wasi<'a> {
    imports: &'a Imports,
    state: &'a mut HostState,
}

/// Bytes per call of `fd_read`.
const CHUNK: usize = 64 << 10;

impl TwinHost for Wasi<'_> {
    fn write(&mut self, fd: u32, bytes: &[u8]) -> bool {
        // One iovec at 0 (address 16, length), the count written back at 8, the bytes from 16 on.
        let mut memory = vec![0_u8; 16 + bytes.len()];
        memory[0..4].copy_from_slice(&16_u32.to_le_bytes());
        memory[4..8].copy_from_slice(&(bytes.len() as u32).to_le_bytes());
        memory[16..].copy_from_slice(bytes);
        call_wasi(self.imports, self.state, "fd_write", &mut memory, &[fd as i32, 0, 1, 8]) == Ok(0)
    }

    fn read(&mut self) -> Option<Vec<u8>> {
        let mut all = Vec::new();
        let mut memory = vec![0_u8; 16 + CHUNK];
        loop {
            memory[0..4].copy_from_slice(&16_u32.to_le_bytes());
            memory[4..8].copy_from_slice(&(CHUNK as u32).to_le_bytes());
            let errno = call_wasi(self.imports, self.state, "fd_read", &mut memory, &[0, 0, 1, 8]);
            match (errno, word(&memory, 8) as usize) {
                (Ok(0), 0) => return Some(all),
                (Ok(0), read) => all.extend_from_slice(memory.get(16..16 + read)?),
                _ => return None,
            }
        }
    }

    fn mark(&mut self, name: &str) {
        if let Some(func) = self.imports.get("bench", name) {
            // A failing mark leaves no time behind, which the measuring side notices.
            let _ = func.call(&mut Caller { memory: &mut [], state: self.state }, &[], &mut []);
        }
    }
}

fn word(memory: &[u8], at: usize) -> u32 {
    memory.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn call_wasi(
    imports: &Imports,
    state: &mut HostState,
    name: &str,
    memory: &mut [u8],
    args: &[i32],
) -> Result<i32, Failure> {
    let func = imports
        .get(WASI, name)
        .ok_or_else(|| Failure::Host(format!("the twin needs WASI's `{name}`, which nothing provides")))?;
    let args: Vec<Value> = args.iter().map(|a| Value::I32(*a)).collect();
    let mut results = [Value::I32(0)];
    match func.call(&mut Caller { memory, state }, &args, &mut results) {
        Ok(()) => Ok(if let Value::I32(errno) = results[0] { errno } else { 0 }),
        Err(HostFailure::Exit(code)) => Err(Failure::Exit(code)),
        Err(HostFailure::Failed(words)) => Err(Failure::Host(words)),
    }
}

impl Instance for CommandInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        (export == "_start").then_some(FuncHandle(0))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        (func.0 == 0).then(FuncType::default)
    }

    fn call(&mut self, func: FuncHandle, _: &[Value], _: &mut [Value]) -> Result<(), Failure> {
        self.call_fast(FastFunc(func.0), 0, 0).map(drop).map_err(|f| *f)
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        (func.0 == 0).then_some(FastFunc(0))
    }

    fn call_fast(&mut self, _: FastFunc, _: u64, _: u64) -> Result<u64, Box<Failure>> {
        let args = self.args().map_err(Box::new)?;
        let mut host = Wasi { imports: &self.imports, state: &mut self.state };
        match (self.main)(&args, &mut TwinIo { host: &mut host }) {
            0 => Ok(0),
            code => Err(Box::new(Failure::Exit(code))),
        }
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        None
    }

    fn global(&mut self, _: &str) -> Option<Value> {
        None
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.state
    }

    fn usage(&mut self) -> Usage {
        Usage::default()
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
