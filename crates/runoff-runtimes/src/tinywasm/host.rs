//! Host functions as the engine calls them.

#![expect(unsafe_code, reason = "host functions and their instance own the same data")]

use runoff_runtime::{Failure, HostFunc};
use tinywasm::types::WasmValue;
use tinywasm::{Error, Function, HostFunction, Store, Trap};

use super::convert::{Externs, engine_func_type, failure};
use super::memory::Bytes;
use crate::hosted::{Host, MustStop, Shared, with_values};

/// What host functions of one instance share.
#[derive(Default)]
pub(super) struct Data {
    pub(super) host: Host,
    pub(super) externs: Externs,
    /// The first memory; known before any code of the guest runs.
    pub(super) memory: Option<Bytes>,
}

impl Data {
    /// Why a call ended.
    pub(super) fn failure(&mut self, error: &Error) -> Failure {
        self.host.ended().unwrap_or_else(|| failure(error))
    }
}

/// A host function in an engine's store.
pub(super) fn function(store: &mut Store, data: &Shared<Data>, func: &HostFunc) -> Function {
    let ty = engine_func_type(func.ty());
    let (data, func) = (data.clone(), func.clone());
    HostFunction::from_untyped(store, &ty, move |_, args| {
        // SAFETY: the instance waits in a call, and host functions do not call back into it.
        let data = unsafe { data.get() };
        call(data, &func, args).map_err(|MustStop| Error::Trap(Trap::Other("stopped by a host function")))
    })
}

fn call(data: &mut Data, func: &HostFunc, args: &[WasmValue]) -> Result<Vec<WasmValue>, MustStop> {
    with_values(args.len() + func.ty().results.len(), |values| {
        let (params, results) = values.split_at_mut(args.len());
        for (param, arg) in params.iter_mut().zip(args) {
            *param = data.externs.seam_value(arg);
        }
        let memory: &mut [u8] = match &data.memory {
            // SAFETY: the engine waits for the host function.
            Some(bytes) => unsafe { bytes.get() },
            None => &mut [],
        };
        data.host.run(func, memory, params, results)?;
        let answers: Result<_, _> = results.iter().map(|r| data.externs.engine_value(r)).collect();
        answers.map_err(|failure| data.host.stop(failure))
    })
}
