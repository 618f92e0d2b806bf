//! Calls with a statically known signature.

use runoff_runtime::{Failure, FastSig, Slot, for_each_fast_signature};
use wasmi::{Func, Store, TypedFunc, WasmParams, WasmResults};

use super::convert::failure;
use super::instance::StoreData;
use super::interrupt::Stop;
use crate::support::slot_args;

macro_rules! define_fast {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// A function with a statically known signature.
        pub(super) enum Fast {
            $($name(TypedFunc<($($param,)*), $result>),)*
        }

        impl Fast {
            pub(super) fn prepare(sig: FastSig, func: Func, store: &Store<StoreData>) -> Option<Self> {
                match sig {
                    $(FastSig::$name => func.typed(store).ok().map(Self::$name),)*
                }
            }

            #[inline]
            pub(super) fn call(
                &self,
                store: &mut Store<StoreData>,
                stop: Option<&Stop>,
                a: u64,
                b: u64,
            ) -> Result<u64, Box<Failure>> {
                match self {
                    $(Self::$name(func) => {
                        call(*func, store, stop, slot_args!(a, b; $($param),*))
                    })*
                }
            }
        }
    };
}

for_each_fast_signature!(define_fast);

#[inline]
fn call<P: WasmParams, R: WasmResults + Slot>(
    func: TypedFunc<P, R>,
    store: &mut Store<StoreData>,
    stop: Option<&Stop>,
    args: P,
) -> Result<u64, Box<Failure>> {
    match stop {
        None => func.call(store, args).map(Slot::into_slot).map_err(|e| Box::new(failure(&e))),
        Some(stop) => stop.call_typed(func, store, args).map(Slot::into_slot).map_err(Box::new),
    }
}
