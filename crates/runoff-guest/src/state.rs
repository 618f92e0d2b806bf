//! What a guest keeps from call to call.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

/// A static value that functions change: `static CACHE: State<Option<Cache>> = State::new(None);`.
///
/// Safe without an allocator and without the standard library. One user at a time: borrowing it again inside
/// [`State::with`] panics, as borrowing a `RefCell` twice does.
pub struct State<T> {
    busy: AtomicBool,
    value: UnsafeCell<T>,
}

#[expect(unsafe_code, reason = "a lock made by hand")]
// SAFETY: `busy` lets one borrow exist at a time, on whichever thread; so the value needs to be `Send` only.
unsafe impl<T: Send> Sync for State<T> {}

impl<T> core::fmt::Debug for State<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("State").field("busy", &self.busy).finish_non_exhaustive()
    }
}

/// Gives the value back, also when the user panics.
struct Release<'a>(&'a AtomicBool);

impl Drop for Release<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl<T> State<T> {
    /// A value.
    pub const fn new(value: T) -> Self {
        Self { busy: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    /// Uses the value.
    ///
    /// # Panics
    ///
    /// When it is in use.
    #[inline]
    pub fn with<R>(&self, user: impl FnOnce(&mut T) -> R) -> R {
        assert!(!self.busy.swap(true, Ordering::Acquire), "this state is in use");
        let _release = Release(&self.busy);
        #[expect(unsafe_code, reason = "a lock made by hand")]
        // SAFETY: `busy` was false, so nobody else has the value until `_release` says so.
        user(unsafe { &mut *self.value.get() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_at_a_time() {
        static COUNT: State<u32> = State::new(1);
        COUNT.with(|n| *n += 1);
        let twice = std::panic::catch_unwind(|| COUNT.with(|_| COUNT.with(|n| *n)));
        assert!(twice.is_err());
        assert_eq!(COUNT.with(|n| *n), 2, "free again after the panic");
    }
}
