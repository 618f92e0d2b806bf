//! Calls with a statically known signature.

use runoff_runtime::{FastSig, Slot, for_each_fast_signature};
use tinywasm::{Error, ModuleInstance, Store};

/// A function with a statically known signature, as a call from slots to a slot.
pub(super) type Fast = Box<dyn Fn(&mut Store, u64, u64) -> Result<u64, Error>>;

macro_rules! define_prepare {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// Prepares an exported function of this signature; `None` when the engine says that it has another.
        pub(super) fn prepare(
            sig: FastSig,
            instance: &ModuleInstance,
            store: &Store,
            export: &str,
        ) -> Option<Fast> {
            match sig {
                $(FastSig::$name => {
                    let func = instance.func::<($($param,)*), $result>(store, export).ok()?;
                    Some(Box::new(move |store, a, b| {
                        let _ = (a, b);
                        func.call(store, slot_args!(a, b; $($param),*)).map(Slot::into_slot)
                    }))
                })*
            }
        }
    };
}

use crate::support::slot_args;

for_each_fast_signature!(define_prepare);
