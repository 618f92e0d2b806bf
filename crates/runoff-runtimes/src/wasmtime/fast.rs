//! Calls with a statically known signature.

use runoff_runtime::{Failure, FastSig, Slot, for_each_fast_signature};
use wasmtime::{Func, Store, TypedFunc};

use super::convert::failure;
use super::instance::StoreData;
use crate::support::slot_args;

/// A function with a statically known signature, behind one indirect call: a `match` over the signatures
/// would be a call more, which is most of what the seam may cost on this engine.
pub(super) type Fast = Box<dyn Fn(&mut Store<StoreData>, u64, u64) -> Result<u64, Box<Failure>>>;

macro_rules! define_prepare {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        pub(super) fn prepare(sig: FastSig, func: &Func, store: &Store<StoreData>) -> Option<Fast> {
            match sig {
                $(FastSig::$name => {
                    let func: TypedFunc<($($param,)*), $result> = func.typed(store).ok()?;
                    Some(Box::new(move |store, a, b| {
                        let _ = (a, b);
                        match func.call(store, slot_args!(a, b; $($param),*)) {
                            Ok(result) => Ok(result.into_slot()),
                            Err(error) => Err(boxed(&error)),
                        }
                    }))
                })*
            }
        }
    };
}

for_each_fast_signature!(define_prepare);

#[cold]
fn boxed(error: &wasmtime::Error) -> Box<Failure> {
    Box::new(failure(error))
}
