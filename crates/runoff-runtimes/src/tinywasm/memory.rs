//! A linear memory as the engine's own, with a cap, whose bytes the adapter sees too.

#![expect(unsafe_code, reason = "the engine and host functions see the same bytes")]

use std::sync::{Arc, Mutex, PoisonError};

use tinywasm::engine::MemoryBackend;
use tinywasm::{LinearMemory, Trap};

use crate::hosted::Shared;

/// The bytes of one memory.
pub(super) type Bytes = Shared<Vec<u8>>;

/// The memories of one instance, in the order they are made.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<Vec<Bytes>>>);

impl Places {
    /// The first memory.
    pub(super) fn first(&self) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }

    /// What makes memories that are found here and stay below `cap` bytes each.
    pub(super) fn backend(&self, cap: Option<u64>) -> MemoryBackend {
        let places = self.clone();
        let cap = cap.map_or(usize::MAX, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        MemoryBackend::custom(move |ty| {
            let mut bytes = Vec::new();
            let size = usize::try_from(ty.initial_size()).map_err(|_| Trap::OutOfMemory)?;
            bytes.try_reserve_exact(size).map_err(|_| Trap::OutOfMemory)?;
            bytes.resize(size, 0);
            let bytes = Shared::new(bytes);
            places.0.lock().unwrap_or_else(PoisonError::into_inner).push(bytes.clone());
            Ok(Capped { bytes, cap })
        })
    }
}

/// What the engine gets.
struct Capped {
    bytes: Bytes,
    cap: usize,
}

#[cold]
fn outside(offset: usize, len: usize, max: usize) -> Trap {
    Trap::MemoryOutOfBounds { offset, len, max }
}

impl Capped {
    #[inline]
    fn bytes(&self) -> &[u8] {
        // SAFETY: a slice the adapter handed out is used by a host function while the guest waits, or by the
        // embedder between calls; the engine asks in neither case.
        unsafe { self.bytes.get() }
    }

    #[inline]
    fn bytes_mut(&mut self) -> &mut Vec<u8> {
        // SAFETY: as in `bytes`.
        unsafe { self.bytes.get() }
    }

    #[inline]
    fn load<const N: usize>(&self, at: usize) -> Result<[u8; N], Trap> {
        let bytes = self.bytes();
        match at.checked_add(N).and_then(|end| bytes.get(at..end)) {
            Some(found) => Ok(found.try_into().unwrap_or([0; N])),
            None => Err(outside(at, N, bytes.len())),
        }
    }

    #[inline]
    fn store<const N: usize>(&mut self, at: usize, value: &[u8]) -> Result<(), Trap> {
        let bytes = self.bytes_mut();
        let len = bytes.len();
        match at.checked_add(N).and_then(|end| bytes.get_mut(at..end)) {
            Some(place) => {
                place.copy_from_slice(value);
                Ok(())
            }
            None => Err(outside(at, N, len)),
        }
    }
}

macro_rules! fixed_width {
    ($($read:ident $write:ident $n:literal;)*) => {$(
        #[inline]
        fn $read(&self, at: usize) -> Result<[u8; $n], Trap> {
            self.load(at)
        }

        #[inline]
        fn $write(&mut self, at: usize, value: &[u8]) -> Result<(), Trap> {
            self.store::<$n>(at, value)
        }
    )*};
}

impl LinearMemory for Capped {
    #[inline]
    fn len(&self) -> usize {
        self.bytes().len()
    }

    fn grow_to(&mut self, new_len: usize) -> Result<(), Trap> {
        if new_len > self.cap {
            return Err(Trap::OutOfMemory);
        }
        let bytes = self.bytes_mut();
        let more = new_len.saturating_sub(bytes.len());
        bytes.try_reserve_exact(more).map_err(|_| Trap::OutOfMemory)?;
        bytes.resize(new_len, 0);
        Ok(())
    }

    fn read(&self, at: usize, dst: &mut [u8]) -> usize {
        let found = self.bytes().get(at..).unwrap_or_default();
        let len = dst.len().min(found.len());
        dst[..len].copy_from_slice(&found[..len]);
        len
    }

    fn read_exact(&self, at: usize, dst: &mut [u8]) -> Option<()> {
        dst.copy_from_slice(self.bytes().get(at..at.checked_add(dst.len())?)?);
        Some(())
    }

    fn write(&mut self, at: usize, src: &[u8]) -> usize {
        let place = self.bytes_mut().get_mut(at..).unwrap_or_default();
        let len = src.len().min(place.len());
        place[..len].copy_from_slice(&src[..len]);
        len
    }

    fn write_all(&mut self, at: usize, src: &[u8]) -> Option<()> {
        self.bytes_mut().get_mut(at..at.checked_add(src.len())?)?.copy_from_slice(src);
        Some(())
    }

    fn fill(&mut self, at: usize, len: usize, value: u8) -> Option<()> {
        self.bytes_mut().get_mut(at..at.checked_add(len)?)?.fill(value);
        Some(())
    }

    fn copy_within(&mut self, dst: usize, src: usize, len: usize) -> Option<()> {
        let bytes = self.bytes_mut();
        let from = src..src.checked_add(len)?;
        if from.end > bytes.len() || dst.checked_add(len)? > bytes.len() {
            return None;
        }
        bytes.copy_within(from, dst);
        Some(())
    }

    fixed_width! {
        read_8 write_8 1;
        read_16 write_16 2;
        read_32 write_32 4;
        read_64 write_64 8;
        read_128 write_128 16;
    }
}
