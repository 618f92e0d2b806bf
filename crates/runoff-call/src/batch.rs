//! Many records, one call.

use bytemuck::{AnyBitPattern, NoUninit};

use crate::error::{Error, ErrorKind};
use crate::guest::Guest;
use crate::link::{Link, handle};
use crate::pod::records;
use crate::view::View;
use crate::wire;

handle! {
    /// A function on records that the guest applies to each of a slice: one call, as many answers. `Batch<T, ()>`
    /// is for functions that answer nothing.
    Batch<T, R>
}

impl Guest {
    /// Looks a batched function up by its name without prefix.
    pub fn batch<T: NoUninit + AnyBitPattern, R: AnyBitPattern>(
        &mut self,
        name: &str,
    ) -> Result<Batch<T, R>, Error> {
        self.bytes_handle(wire::BATCH, name).map(|handle| Batch { link: Link::new(handle) })
    }
}

impl<T: NoUninit + AnyBitPattern, R: AnyBitPattern> Batch<T, R> {
    /// Calls it for all records and shows the answers, as many and in the same order, where they lie.
    #[inline]
    pub fn view<'g>(&self, guest: &'g mut Guest, args: &[T]) -> Result<View<'g, R>, Error> {
        let bytes: &[u8] = bytemuck::cast_slice(args);
        let (ptr, len) = guest.exchange(self.link.handle, bytes.len(), |at| at.copy_from_slice(bytes))?;
        answers(guest.answer(ptr, len)?, args.len())
    }

    /// Calls it and replaces what `into` holds by the answers.
    #[inline]
    pub fn call_into(&self, guest: &mut Guest, args: &[T], into: &mut Vec<R>) -> Result<(), Error> {
        self.view(guest, args)?.copy_into(into);
        Ok(())
    }

    /// Like [`Batch::view`] with arguments that `next` makes, by number, right in the guest's memory.
    pub fn view_from<'g>(
        &self,
        guest: &'g mut Guest,
        count: usize,
        mut next: impl FnMut(usize) -> T,
    ) -> Result<View<'g, R>, Error> {
        let size = size_of::<T>();
        let len = count.checked_mul(size).ok_or(ErrorKind::NoRoom(u64::MAX))?;
        let write = |at: &mut [u8]| {
            for (index, place) in at.chunks_exact_mut(size.max(1)).enumerate() {
                place.copy_from_slice(bytemuck::bytes_of(&next(index)));
            }
        };
        let (ptr, len) = guest.exchange(self.link.handle, len, write)?;
        answers(guest.answer(ptr, len)?, count)
    }
}

#[inline]
fn answers<R: AnyBitPattern>(bytes: &[u8], count: usize) -> Result<View<'_, R>, Error> {
    let wanted = count.saturating_mul(size_of::<R>());
    if bytes.len() != wanted {
        return Err(ErrorKind::Length { found: bytes.len() as u64, wanted: wanted as u64 }.into());
    }
    records(bytes)
}
