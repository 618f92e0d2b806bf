//! An instance a driver holds, with the host functions on this side.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use runoff_runtime::{
    Caller, Failure, FastFunc, FastSig, FuncHandle, FuncType, HostFailure, HostFunc, HostState, Instance,
    Interrupter, Usage, Value,
};

use super::messages::{Request, Response, WireValue};
use super::pipe::{Broken, Pipe};
use crate::checked::Checked;
use crate::support::{check_call, from_slot, into_slot};

/// Host functions of one instance.
pub(super) struct Host {
    pub(super) funcs: Vec<HostFunc>,
    pub(super) state: HostState,
    pub(super) memory: PathBuf,
}

impl Host {
    /// Sends a request during which the guest may run, and serves its calls until the answer comes.
    pub(super) fn converse(&mut self, pipe: &mut Pipe, request: &Request) -> Result<Response, Broken> {
        pipe.send(request)?;
        loop {
            match pipe.receive()? {
                Response::HostCall { import, args, bytes, .. } => {
                    let answer = self.serve(import, &args, bytes)?;
                    pipe.send(&answer)?;
                }
                response => return Ok(response),
            }
        }
    }

    fn serve(&mut self, import: u32, args: &[WireValue], bytes: Option<u64>) -> Result<Request, Broken> {
        let func = self
            .funcs
            .get(import as usize)
            .cloned()
            .ok_or_else(|| Broken(format!("the driver called import {import}, which there is not")))?;
        let args = args.iter().map(WireValue::value).collect::<Result<Vec<_>, _>>().map_err(Broken)?;
        if !args.iter().map(Value::ty).eq(func.ty().params.iter().copied()) {
            return Err(Broken(format!("the driver called import {import} with arguments of another type")));
        }
        let before = match bytes {
            Some(_) => std::fs::read(&self.memory).map_err(|e| Broken(e.to_string()))?,
            None => Vec::new(),
        };
        let mut memory = before.clone();
        let mut results: Vec<_> = func.ty().results.iter().map(|t| Value::default_of(*t)).collect();
        let mut caller = Caller { memory: &mut memory, state: &mut self.state };
        let ended = func.call(&mut caller, &args, &mut results);
        let memory_changed = memory != before;
        if memory_changed {
            std::fs::write(&self.memory, &memory).map_err(|e| Broken(e.to_string()))?;
        }
        Ok(match ended {
            Ok(()) => {
                Request::HostReturn { results: results.into_iter().map(Into::into).collect(), memory_changed }
            }
            Err(HostFailure::Exit(code)) => Request::HostFail { failure: Failure::Exit(code) },
            Err(HostFailure::Failed(words)) => Request::HostFail { failure: Failure::Host(words) },
        })
    }
}

pub(super) struct DriverInstance {
    pipe: Rc<RefCell<Pipe>>,
    checked: Rc<Checked>,
    number: u32,
    host: Host,
    funcs: Vec<(String, FuncType)>,
    fast: Vec<FuncHandle>,
    /// The memory as it was handed out, to be sent back before the guest runs again.
    mirror: Option<Vec<u8>>,
}

impl DriverInstance {
    pub(super) fn new(pipe: Rc<RefCell<Pipe>>, checked: Rc<Checked>, number: u32, host: Host) -> Self {
        Self { pipe, checked, number, host, funcs: Vec::new(), fast: Vec::new(), mirror: None }
    }

    fn invoke(&mut self, func: FuncHandle, args: &[Value]) -> Result<Vec<Value>, Failure> {
        let (export, ty) = self
            .funcs
            .get(func.0 as usize)
            .ok_or_else(|| Failure::BadCall("unknown function handle".into()))?;
        let request = Request::Invoke {
            instance: self.number,
            export: export.clone(),
            args: args.iter().map(|v| WireValue::from(*v)).collect(),
            results: ty.results.clone(),
        };
        let engine = |e: Broken| Failure::Engine(e.0);
        self.give_back().map_err(engine)?;
        let mut pipe = self.pipe.borrow_mut();
        match self.host.converse(&mut pipe, &request).map_err(engine)? {
            Response::Values { values } => {
                values.iter().map(WireValue::value).collect::<Result<_, _>>().map_err(Failure::Engine)
            }
            Response::Failure { failure } => Err(failure),
            Response::Unsupported { reason } => Err(Failure::BadCall(reason)),
            other => Err(Failure::Engine(format!("the driver gave an answer that does not fit: {other:?}"))),
        }
    }

    /// Runs the start function, which is an export here.
    pub(super) fn start(&mut self, export: &str) -> Result<(), Failure> {
        self.funcs.push((export.to_owned(), FuncType::default()));
        self.invoke(FuncHandle(self.funcs.len() as u32 - 1), &[]).map(drop)
    }

    fn give_back(&mut self) -> Result<(), Broken> {
        let Some(mirror) = self.mirror.take() else { return Ok(()) };
        std::fs::write(&self.host.memory, mirror).map_err(|e| Broken(e.to_string()))?;
        match self.pipe.borrow_mut().ask(&Request::WriteMemory { instance: self.number })? {
            Response::Done => Ok(()),
            other => Err(Broken(format!("the driver does not take its memory back: {other:?}"))),
        }
    }

    fn fetch(&mut self) -> Option<Vec<u8>> {
        match self.pipe.borrow_mut().ask(&Request::ReadMemory { instance: self.number }) {
            Ok(Response::Memory { bytes: Some(_) }) => std::fs::read(&self.host.memory).ok(),
            _ => None,
        }
    }
}

impl Drop for DriverInstance {
    fn drop(&mut self) {
        // A driver that is gone has forgotten it already.
        let _ = self.pipe.borrow_mut().ask(&Request::DropInstance { instance: self.number });
    }
}

impl Instance for DriverInstance {
    fn lookup(&mut self, export: &str) -> Option<FuncHandle> {
        let (_, ty) = self.checked.func(export)?;
        self.funcs.push((export.to_owned(), ty));
        Some(FuncHandle(self.funcs.len() as u32 - 1))
    }

    fn func_type(&self, func: FuncHandle) -> Option<FuncType> {
        self.funcs.get(func.0 as usize).map(|(_, ty)| ty.clone())
    }

    fn call(&mut self, func: FuncHandle, args: &[Value], results: &mut [Value]) -> Result<(), Failure> {
        let ty = self.func_type(func).ok_or_else(|| Failure::BadCall("unknown function handle".into()))?;
        check_call(Some(&ty), args, results)?;
        let values = self.invoke(func, args)?;
        if !values.iter().map(Value::ty).eq(ty.results.iter().copied()) {
            return Err(Failure::Engine(format!("the driver answered {values:?} for {ty}")));
        }
        results.copy_from_slice(&values);
        Ok(())
    }

    fn prepare_fast(&mut self, func: FuncHandle) -> Option<FastFunc> {
        FastSig::of(&self.func_type(func)?)?;
        self.fast.push(func);
        Some(FastFunc(self.fast.len() as u32 - 1))
    }

    fn call_fast(&mut self, func: FastFunc, a: u64, b: u64) -> Result<u64, Box<Failure>> {
        let unknown = || Failure::BadCall("unknown function handle".into());
        let func = *self.fast.get(func.0 as usize).ok_or_else(unknown)?;
        let ty = self.func_type(func).ok_or_else(unknown)?;
        let args: Vec<_> = ty.params.iter().zip([a, b]).map(|(ty, slot)| from_slot(*ty, slot)).collect();
        let mut results: Vec<_> = ty.results.iter().map(|t| Value::default_of(*t)).collect();
        self.call(func, &args, &mut results)?;
        Ok(results.first().map_or(0, into_slot))
    }

    fn memory(&mut self) -> Option<&mut [u8]> {
        if !self.checked.has_memory {
            return None;
        }
        if self.mirror.is_none() {
            self.mirror = self.fetch();
        }
        self.mirror.as_deref_mut()
    }

    fn global(&mut self, export: &str) -> Option<Value> {
        let (_, ty) = self.checked.global(export)?;
        let request = Request::Global { instance: self.number, export: export.to_owned(), ty };
        match self.pipe.borrow_mut().ask(&request) {
            Ok(Response::Values { values }) => values.first()?.value().ok(),
            _ => None,
        }
    }

    fn state(&mut self) -> &mut HostState {
        &mut self.host.state
    }

    fn usage(&mut self) -> Usage {
        Usage { linear_memory: self.memory().map(|bytes| bytes.len() as u64) }
    }

    fn interrupter(&self) -> Option<Interrupter> {
        None
    }
}
