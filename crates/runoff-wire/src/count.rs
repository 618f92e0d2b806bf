//! Finding out how long an encoding is.

use crate::{EncodeError, LONGEST, Sink};

/// Counts bytes and forgets them.
#[derive(Debug, Default)]
pub struct Count {
    len: usize,
    window: [u8; LONGEST],
}

impl Count {
    /// Bytes counted.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Sink for Count {
    #[inline]
    fn window(&mut self) -> Option<&mut [u8; LONGEST]> {
        Some(&mut self.window)
    }

    #[inline]
    fn advance(&mut self, len: usize) {
        self.len += len;
    }

    #[inline]
    fn extend(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.len = self.len.checked_add(bytes.len()).ok_or(EncodeError::Full)?;
        Ok(())
    }
}
