//! A piece of memory that grows, without an allocator.

use core::cell::UnsafeCell;

/// Bytes a region starts with.
const FIRST: usize = 4096;

/// Bytes from the start on that stay where they are until the region grows.
///
/// It starts as a static array. More comes from the end of memory, in whole pages: in place while the region is the
/// last thing there, else somewhere new. It doubles, so that all places it ever had are together less than twice the
/// last one; nothing is given back, as WebAssembly has no way to.
#[doc(hidden)]
pub struct Region {
    first: UnsafeCell<First>,
    /// Address and length of what grew; 0 and 0 before.
    grown: UnsafeCell<(usize, usize)>,
}

#[repr(C, align(16))]
struct First([u8; FIRST]);

#[expect(unsafe_code, reason = "statics must be Sync")]
// SAFETY: regions are only reached through `unsafe` functions whose callers promise that there is one of them at a
// time: the entries of a guest, which hosts call one after the other.
unsafe impl Sync for Region {}

impl Region {
    /// An empty region.
    pub const fn new() -> Self {
        Self { first: UnsafeCell::new(First([0; FIRST])), grown: UnsafeCell::new((0, 0)) }
    }

    /// Where it is and how long.
    ///
    /// # Safety
    ///
    /// Nobody else uses the region now.
    #[expect(unsafe_code, reason = "memory of its own")]
    #[inline]
    pub unsafe fn place(&self) -> (*mut u8, usize) {
        // SAFETY: promised by the caller.
        match unsafe { *self.grown.get() } {
            (0, _) => (self.first.get().cast(), FIRST),
            (address, len) => (core::ptr::with_exposed_provenance_mut(address), len),
        }
    }

    /// Makes it at least `len` bytes long, keeping the first `keep`; `None` when there is no room.
    ///
    /// # Safety
    ///
    /// Nobody else uses the region now, and `keep` is not more than it has.
    #[expect(unsafe_code, reason = "memory of its own")]
    pub unsafe fn reserve(&self, len: usize, keep: usize) -> Option<*mut u8> {
        // SAFETY: promised by the caller.
        let (old, old_len) = unsafe { self.place() };
        if len <= old_len {
            return Some(old);
        }
        let wanted = len.max(old_len.checked_mul(2)?);
        let (new, new_len) = more(wanted).or_else(|| more(len))?;
        // SAFETY: the pages before the new ones are the region's own, so both are one; else what is kept fits both
        // places, which do not overlap as the new one has never been in use.
        let (new, new_len) = unsafe {
            if old.wrapping_add(old_len) == new && old_len > FIRST {
                (old, old_len + new_len)
            } else {
                core::ptr::copy_nonoverlapping(old, new, keep);
                (new, new_len)
            }
        };
        // SAFETY: promised by the caller.
        unsafe { *self.grown.get() = (new.expose_provenance(), new_len) };
        Some(new)
    }
}

/// At least `len` new bytes, and how many.
#[cfg(target_arch = "wasm32")]
fn more(len: usize) -> Option<(*mut u8, usize)> {
    const PAGE: usize = 65536;
    let pages = len.div_ceil(PAGE);
    let before = core::arch::wasm32::memory_grow::<0>(pages);
    if before == usize::MAX {
        return None;
    }
    Some((core::ptr::with_exposed_provenance_mut(before.checked_mul(PAGE)?), pages * PAGE))
}

/// Natively, for tests: never given back either.
#[cfg(not(target_arch = "wasm32"))]
fn more(len: usize) -> Option<(*mut u8, usize)> {
    let layout = core::alloc::Layout::from_size_align(len, crate::wire::ALIGN).ok()?;
    #[expect(unsafe_code, reason = "memory of its own")]
    // SAFETY: `len` is more than a region starts with. Cleared, as new pages of a module are.
    let new = unsafe { alloc::alloc::alloc_zeroed(layout) };
    (!new.is_null()).then_some((new, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(unsafe_code, reason = "the one user of its region")]
    fn growing_keeps_what_it_is_told_to() {
        static REGION: Region = Region::new();
        // SAFETY: nobody else knows this region; all writes are inside what was reserved.
        unsafe {
            let (start, len) = REGION.place();
            assert_eq!((start as usize % crate::wire::ALIGN, len), (0, FIRST));
            start.write_bytes(7, len);
            let grown = REGION.reserve(FIRST + 1, FIRST).expect("memory");
            assert_ne!(start, grown);
            assert!(core::slice::from_raw_parts(grown, FIRST).iter().all(|b| *b == 7));
            assert!(REGION.place().1 >= 2 * FIRST, "doubles");
            assert_eq!(REGION.reserve(FIRST, 0), Some(grown), "does not shrink");
            assert_eq!(REGION.reserve(usize::MAX, 0), None);
            assert_eq!(REGION.place().0, grown, "a refusal changes nothing");
        }
    }
}
