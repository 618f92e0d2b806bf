//! Host functions, as the shim calls them.

#![expect(unsafe_code, reason = "host functions and their instance own the same data")]

use makepad_stitch::{Error, Func, Mem, Store};
use runoff_runtime::{Failure, HostFunc};

use super::convert::failure;
use super::shim::SLOT;
use crate::hosted::{Host, MustStop, Shared, with_values};
use crate::support::{from_slot, into_slot};

/// What host functions of one instance share.
#[derive(Default)]
pub(super) struct Data {
    pub(super) host: Host,
    /// By import.
    pub(super) funcs: Vec<HostFunc>,
    /// The memory they see; known before any code of the guest runs.
    pub(super) memory: Option<Mem>,
    /// Where the shim passes values; there when there are imports.
    pub(super) values: Option<Mem>,
}

impl Data {
    /// Why a call ended.
    pub(super) fn failure(&mut self, error: &Error) -> Failure {
        self.host.ended().unwrap_or_else(|| failure(error))
    }
}

/// The one host function of the engine, for the shim to import.
pub(super) fn function(store: &mut Store, data: &Shared<Data>) -> Func {
    let data = data.clone();
    Func::wrap(store, move |store: &mut Store, import: i32| -> i32 {
        // SAFETY: the instance waits in a call, and host functions do not call back into it.
        let data = unsafe { data.get() };
        call(data, store, import as usize).map_or_else(|MustStop| 1, |()| 0)
    })
}

fn call(data: &mut Data, store: &mut Store, import: usize) -> Result<(), MustStop> {
    let Data { host, funcs, memory, values } = data;
    let (Some(func), Some(values)) = (funcs.get(import), *values) else {
        return Err(host.stop(Failure::Engine("an import nobody linked".into())));
    };
    let params = func.ty().params.len();
    with_values(params + func.ty().results.len(), |seam| {
        let (args, results) = seam.split_at_mut(params);
        let (slots, _) = values.bytes(store).as_chunks::<SLOT>();
        for ((arg, ty), slot) in args.iter_mut().zip(&func.ty().params).zip(slots) {
            *arg = from_slot(*ty, u64::from_le_bytes(*slot));
        }
        let bytes: &mut [u8] = match memory {
            Some(memory) => memory.bytes_mut(store),
            None => &mut [],
        };
        host.run(func, bytes, args, results)?;
        let (slots, _) = values.bytes_mut(store).as_chunks_mut::<SLOT>();
        for (slot, result) in slots.iter_mut().skip(params).zip(results.iter()) {
            *slot = into_slot(result).to_le_bytes();
        }
        Ok(())
    })
}
