//! Calls with a statically known signature.

use runoff_runtime::{FastSig, Slot, for_each_fast_signature};
use wasmtime::{Func, Store, TypedFunc};

use super::instance::StoreData;
use crate::support::slot_args;

macro_rules! define_fast {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// A function with a statically known signature.
        pub(super) enum Fast {
            $($name(TypedFunc<($($param,)*), $result>),)*
        }

        impl Fast {
            pub(super) fn prepare(sig: FastSig, func: &Func, store: &Store<StoreData>) -> Option<Self> {
                match sig {
                    $(FastSig::$name => func.typed(store).ok().map(Self::$name),)*
                }
            }

            #[inline]
            pub(super) fn call(&self, store: &mut Store<StoreData>, a: u64, b: u64) -> wasmtime::Result<u64> {
                match self {
                    $(Self::$name(func) => {
                        func.call(store, slot_args!(a, b; $($param),*)).map(Slot::into_slot)
                    })*
                }
            }
        }
    };
}

for_each_fast_signature!(define_fast);
