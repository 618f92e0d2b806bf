//! Answers read where they lie.

use std::marker::PhantomData;

use bytemuck::AnyBitPattern;

/// Records in the guest's memory, without a copy; ends with the borrow of the guest, and so before its next call.
///
/// A guest may place records at any address, so access by index copies one record, which is right everywhere;
/// [`View::as_slice`] is there when they lie as the host would have them.
#[derive(Clone, Copy)]
pub struct View<'g, R> {
    bytes: &'g [u8],
    records: PhantomData<&'g [R]>,
}

impl<R> std::fmt::Debug for View<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("bytes", &self.bytes.len()).finish()
    }
}

impl<'g, R: AnyBitPattern> View<'g, R> {
    /// `None` when the bytes are no whole number of records.
    #[inline]
    pub(crate) fn new(bytes: &'g [u8]) -> Option<Self> {
        let whole = match size_of::<R>() {
            0 => bytes.is_empty(),
            size => bytes.len().is_multiple_of(size),
        };
        whole.then_some(Self { bytes, records: PhantomData })
    }

    /// Number of records.
    #[inline]
    pub fn len(&self) -> usize {
        self.bytes.len().checked_div(size_of::<R>()).unwrap_or(0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &'g [u8] {
        self.bytes
    }

    /// All records in place, when their address is aligned in the host as well.
    pub fn as_slice(&self) -> Option<&'g [R]> {
        bytemuck::try_cast_slice(self.bytes).ok()
    }

    /// One record.
    #[inline]
    pub fn get(&self, index: usize) -> Option<R> {
        let at = index.checked_mul(size_of::<R>())?;
        self.bytes.get(at..at.checked_add(size_of::<R>())?).map(bytemuck::pod_read_unaligned)
    }

    /// The records in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = R> + use<'g, R> {
        // `max` only keeps `chunks_exact` from refusing records without a size, of which there are none here.
        self.bytes.chunks_exact(size_of::<R>().max(1)).map(bytemuck::pod_read_unaligned)
    }

    /// A copy.
    pub fn to_vec(&self) -> Vec<R> {
        self.iter().collect()
    }

    /// Replaces what `into` holds by a copy.
    pub fn copy_into(&self, into: &mut Vec<R>) {
        into.clear();
        match self.as_slice() {
            Some(records) => into.extend_from_slice(records),
            None => into.extend(self.iter()),
        }
    }
}
