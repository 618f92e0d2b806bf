//! Functions on plain records: their bytes are copied as they are.

use bytemuck::{AnyBitPattern, NoUninit};

use crate::error::{Error, ErrorKind};
use crate::guest::Guest;
use crate::link::{Link, handle};
use crate::view::View;
use crate::wire;

handle! {
    /// A function from a record, or a slice of records, to a record or a slice of records: `Pod<Point, f64>`,
    /// `Pod<[Point], f64>`, `Pod<Query, [Point]>`.
    ///
    /// Records are `repr(C)` structs of numbers without padding, so that host and guest lay them out alike;
    /// `bytemuck` derives what says so.
    Pod<A, R>
}

/// What a [`Pod`] function takes: a record or a slice of them.
pub trait PodInput {
    /// As bytes.
    fn bytes(&self) -> &[u8];
}

impl<T: NoUninit> PodInput for T {
    #[inline]
    fn bytes(&self) -> &[u8] {
        bytemuck::bytes_of(self)
    }
}

impl<T: NoUninit> PodInput for [T] {
    #[inline]
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }
}

impl Guest {
    /// Looks a function on records up by its name without prefix.
    pub fn pod<A: PodInput + ?Sized, R: ?Sized>(&mut self, name: &str) -> Result<Pod<A, R>, Error> {
        self.bytes_handle(wire::POD, name).map(|handle| Pod { link: Link::new(handle) })
    }
}

impl<A: PodInput + ?Sized, R: AnyBitPattern> Pod<A, R> {
    /// Calls it, arguments in the reused buffer.
    #[inline]
    pub fn call(&self, guest: &mut Guest, args: &A) -> Result<R, Error> {
        let args = args.bytes();
        let (ptr, len) = guest.exchange(self.link.handle, args.len(), |at| at.copy_from_slice(args))?;
        record(guest.answer(ptr, len)?)
    }

    /// Calls it, arguments in a block of their own; needs `runoff_alloc` and `runoff_free` in the guest.
    pub fn call_dynamic(&self, guest: &mut Guest, args: &A) -> Result<R, Error> {
        let args = args.bytes();
        let write = |at: &mut [u8]| {
            at.copy_from_slice(args);
            Ok(())
        };
        guest.exchange_dynamic(self.link.handle, args.len(), write, record)
    }
}

impl<A: PodInput + ?Sized, R: AnyBitPattern> Pod<A, [R]> {
    /// Calls it and shows the answer where it lies.
    #[inline]
    pub fn view<'g>(&self, guest: &'g mut Guest, args: &A) -> Result<View<'g, R>, Error> {
        let args = args.bytes();
        let (ptr, len) = guest.exchange(self.link.handle, args.len(), |at| at.copy_from_slice(args))?;
        records(guest.answer(ptr, len)?)
    }

    /// Calls it and replaces what `into` holds by the answer.
    pub fn call_into(&self, guest: &mut Guest, args: &A, into: &mut Vec<R>) -> Result<(), Error> {
        self.view(guest, args)?.copy_into(into);
        Ok(())
    }
}

#[inline]
fn record<R: AnyBitPattern>(bytes: &[u8]) -> Result<R, Error> {
    match bytemuck::try_pod_read_unaligned(bytes) {
        Ok(record) => Ok(record),
        Err(_) => Err(wrong_length::<R>(bytes)),
    }
}

#[inline]
pub(crate) fn records<R: AnyBitPattern>(bytes: &[u8]) -> Result<View<'_, R>, Error> {
    View::new(bytes).ok_or_else(|| wrong_length::<R>(bytes))
}

#[cold]
fn wrong_length<R>(bytes: &[u8]) -> Error {
    ErrorKind::Length { found: bytes.len() as u64, wanted: size_of::<R>() as u64 }.into()
}
