//! What handles of functions on bytes have in common.

use std::marker::PhantomData;

use crate::guest::Handle;

/// Defines a handle: a number with types, to be copied and kept.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident<$($ty:ident),*>) => {
        $(#[$doc])*
        pub struct $name<$($ty: ?Sized),*> {
            pub(crate) link: $crate::link::Link<fn($(&$ty),*)>,
        }

        impl<$($ty: ?Sized),*> Clone for $name<$($ty),*> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<$($ty: ?Sized),*> Copy for $name<$($ty),*> {}

        impl<$($ty: ?Sized),*> std::fmt::Debug for $name<$($ty),*> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("handle", &self.link.handle).finish()
            }
        }
    };
}

pub(crate) use handle;

/// A handle of the guest, and types it stands for.
pub(crate) struct Link<T> {
    pub(crate) handle: Handle,
    types: PhantomData<T>,
}

impl<T> Link<T> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, types: PhantomData }
    }
}

impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Link<T> {}

#[cfg(test)]
mod tests {
    use crate::{Batch, Bytes, Encoded, Error, Pair, Pod};

    /// Where the guest lives is decided by its engine; handles go anywhere, whatever types they stand for.
    #[test]
    fn handles_are_shared_between_threads() {
        fn anywhere<T: Copy + Send + Sync + 'static>() {}
        fn sent<T: Send + Sync + 'static>() {}
        anywhere::<Pair<(i32, i64), bool>>();
        anywhere::<Pod<[f64], [u32]>>();
        anywhere::<Batch<u64, u8>>();
        anywhere::<Encoded<str, std::rc::Rc<str>>>();
        anywhere::<Bytes>();
        sent::<Error>();
    }
}
