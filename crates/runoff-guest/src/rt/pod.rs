//! Records: arguments read where the host wrote them, answers left where the host finds them.

use core::cell::UnsafeCell;

use bytemuck::{AnyBitPattern, NoUninit};

use crate::Output;
use crate::region::Region;
use crate::wire::{self, pack, refuse};

/// Where a function leaves its answer.
pub struct Slot<R>(UnsafeCell<core::mem::MaybeUninit<R>>);

#[expect(unsafe_code, reason = "statics must be Sync")]
// SAFETY: written by the entry it belongs to, which the host calls once at a time, and read by the host after that.
unsafe impl<R> Sync for Slot<R> {}

impl<R> Slot<R> {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "made in statics only")]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(core::mem::MaybeUninit::uninit()))
    }
}

impl<R> core::fmt::Debug for Slot<R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Slot")
    }
}

/// An argument by value.
///
/// # Safety
///
/// `len` bytes at `ptr` can be read.
#[expect(unsafe_code, reason = "the host's word")]
#[inline]
pub unsafe fn value<T: AnyBitPattern>(ptr: *const u8, len: usize) -> Result<T, u64> {
    if len != size_of::<T>() {
        return Err(refuse(wire::LENGTH));
    }
    // SAFETY: promised by the caller; any bits are a value.
    Ok(unsafe { ptr.cast::<T>().read_unaligned() })
}

/// An argument in place.
///
/// # Safety
///
/// `len` bytes at `ptr` can be read, and nobody changes them during `'a`.
#[expect(unsafe_code, reason = "the host's word")]
#[inline]
pub unsafe fn reference<'a, T: AnyBitPattern>(ptr: *const u8, len: usize) -> Result<&'a T, u64> {
    // SAFETY: the same promise.
    match unsafe { slice::<T>(ptr, len)? } {
        [one] => Ok(one),
        _ => Err(refuse(wire::LENGTH)),
    }
}

/// Arguments in place.
///
/// # Safety
///
/// As [`reference`].
#[expect(unsafe_code, reason = "the host's word")]
#[inline]
pub unsafe fn slice<'a, T: AnyBitPattern>(ptr: *const u8, len: usize) -> Result<&'a [T], u64> {
    let size = size_of::<T>();
    if size == 0 || !len.is_multiple_of(size) || !(ptr as usize).is_multiple_of(align_of::<T>()) {
        return Err(refuse(wire::LENGTH));
    }
    if len == 0 {
        return Ok(&[]);
    }
    // SAFETY: promised by the caller; aligned, a whole number, any bits are a value.
    Ok(unsafe { core::slice::from_raw_parts(ptr.cast(), len / size) })
}

/// Leaves an answer.
///
/// # Safety
///
/// The slot belongs to the entry that runs.
#[expect(unsafe_code, reason = "memory of its own")]
#[inline]
pub unsafe fn give<R: NoUninit>(slot: &'static Slot<R>, answer: R) -> u64 {
    if size_of::<R>() == 0 {
        return 0;
    }
    // SAFETY: promised by the caller.
    unsafe { (*slot.0.get()).write(answer) };
    pack(slot.0.get() as usize, size_of::<R>())
}

/// Leaves what was written to an output.
#[inline]
pub fn give_output(output: &Output) -> u64 {
    if !output.is_complete() {
        return refuse(wire::NO_ROOM);
    }
    match output.as_bytes() {
        [] => 0,
        bytes => pack(bytes.as_ptr() as usize, bytes.len()),
    }
}

/// Applies a function to each of many records. Answers not larger than arguments take their place: each is written
/// where only arguments already read have been.
///
/// # Safety
///
/// `len` bytes at `ptr` can be read and written, and nobody else uses them or the region.
#[expect(unsafe_code, reason = "the host's word")]
#[inline]
pub unsafe fn batch<T: AnyBitPattern, R: NoUninit>(
    ptr: *mut u8,
    len: usize,
    region: &'static Region,
    mut body: impl FnMut(T) -> R,
) -> u64 {
    let (from, to) = (size_of::<T>(), size_of::<R>());
    if from == 0 || !len.is_multiple_of(from) {
        return refuse(wire::LENGTH);
    }
    let count = len / from;
    let start = if to <= from {
        ptr
    } else {
        // SAFETY: promised by the caller; nothing is kept.
        let room = count.checked_mul(to).and_then(|total| unsafe { region.reserve(total, 0) });
        match room {
            Some(start) => start,
            None => return refuse(wire::NO_ROOM),
        }
    };
    for index in 0..count {
        // SAFETY: inside what the caller promised, or what was reserved.
        unsafe {
            let answer = body(ptr.add(index * from).cast::<T>().read_unaligned());
            start.add(index * to).cast::<R>().write_unaligned(answer);
        }
    }
    if to == 0 || count == 0 { 0 } else { pack(start as usize, count * to) }
}

#[cfg(test)]
#[expect(unsafe_code, reason = "entries are called as the host does")]
mod tests {
    use super::*;

    static REGION: Region = Region::new();

    #[test]
    fn lengths_are_checked() {
        let bytes = [1_u8, 0, 0, 0, 2, 0, 0, 0];
        // SAFETY: all bytes are the array's.
        unsafe {
            assert_eq!(value::<u64>(bytes.as_ptr(), 8), Ok(0x0000_0002_0000_0001));
            assert_eq!(value::<u32>(bytes.as_ptr(), 8), Err(u64::from(wire::LENGTH)));
            assert_eq!(slice::<u32>(bytes.as_ptr(), 7), Err(u64::from(wire::LENGTH)));
            assert_eq!(batch(bytes.as_ptr().cast_mut(), 7, &REGION, |x: u32| x), u64::from(wire::LENGTH));
        }
    }

    #[test]
    fn smaller_answers_replace_arguments_and_larger_ones_go_elsewhere() {
        let mut records: [u32; 4] = [1, 2, 3, 4];
        let start = records.as_mut_ptr().cast::<u8>();
        // SAFETY: all bytes are the array's; the region is this test's.
        unsafe {
            batch(start, 16, &REGION, |x: u32| x as u16 * 10);
            assert_eq!(records[0], 0x0014_000a);
            assert_eq!(records[1], 0x0028_001e);
            assert_eq!(records[2..], [3, 4]);
            batch(start, 16, &REGION, |x: u32| u64::from(x));
            let wide = core::slice::from_raw_parts(REGION.place().0, 32);
            assert_eq!(wide[24..], 4_u64.to_le_bytes());
        }
    }
}
