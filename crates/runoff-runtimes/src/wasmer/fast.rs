//! Calls with a statically known signature.

use runoff_runtime::{FastSig, Slot, for_each_fast_signature};
use wasmer::{Function, RuntimeError, Store, TypedFunction};

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

macro_rules! define_fast {
    ($($name:ident : ($($param:ty),*) -> $result:ty;)*) => {
        /// A function with a statically known signature.
        #[expect(unused_parens, reason = "one parameter is a type in parentheses, two are a tuple")]
        pub(super) enum Fast {
            $($name(TypedFunction<($($param),*), $result>),)*
        }

        impl Fast {
            pub(super) fn prepare(sig: FastSig, func: &Function, store: &Store) -> Option<Self> {
                match sig {
                    $(FastSig::$name => func.typed(store).ok().map(Self::$name),)*
                }
            }

            #[inline]
            pub(super) fn call(&self, store: &mut Store, a: u64, b: u64) -> Result<u64, RuntimeError> {
                match self {
                    $(Self::$name(func) => call!(func, store, a, b; $($param),*).map(Slot::into_slot),)*
                }
            }
        }
    };
}

for_each_fast_signature!(define_fast);
