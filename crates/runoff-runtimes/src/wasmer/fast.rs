//! Calls with a statically known signature.

use runoff_runtime::{FastSig, Slot, for_each_fast_signature};
use wasmer::{Function, RuntimeError, Store};

/// A function with a statically known signature, as a call from slots to a slot.
///
/// One closure per function, and not one `match` over all signatures: the engine's typed call is inlined into
/// it, and twenty of those in one body cost several nanoseconds to enter.
pub(super) type Fast = Box<dyn Fn(&mut Store, u64, u64) -> Result<u64, RuntimeError>>;

/// One call with as many arguments as the signature has; the engine's typed call is not variadic.
macro_rules! call {
    ($func:expr, $store:expr, $a:expr, $b:expr;) => {
        $func.call($store)
    };
    ($func:expr, $store:expr, $a:expr, $b:expr; $p:ty) => {
        $func.call($store, <$p as Slot>::from_slot($a))
    };
    ($func:expr, $store:expr, $a:expr, $b:expr; $p:ty, $q:ty) => {
        $func.call($store, <$p as Slot>::from_slot($a), <$q as Slot>::from_slot($b))
    };
}

macro_rules! define_prepare {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// Prepares a function of this signature; `None` when the engine says that it has another.
        #[expect(unused_parens, reason = "one parameter is a type in parentheses, two are a tuple")]
        pub(super) fn prepare(sig: FastSig, func: &Function, store: &Store) -> Option<Fast> {
            match sig {
                $(FastSig::$name => {
                    let func = func.typed::<($($param),*), $result>(store).ok()?;
                    Some(Box::new(move |store, a, b| {
                        let _ = (a, b);
                        call!(func, store, a, b; $($param),*).map(Slot::into_slot)
                    }))
                })*
            }
        }
    };
}

for_each_fast_signature!(define_prepare);
