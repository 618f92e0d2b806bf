//! One number that stands for all of an answer.

/// FNV-1a with 64 bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self
    }

    /// Floating-point numbers count with all their bits.
    pub(crate) fn floats(self, numbers: &[f64]) -> Self {
        numbers.iter().fold(self, |digest, number| digest.bytes(&number.to_bits().to_le_bytes()))
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_values() {
        // From the authors' table of test vectors.
        assert_eq!(Digest::new().bytes(b"").hex(), "cbf29ce484222325");
        assert_eq!(Digest::new().bytes(b"a").hex(), "af63dc4c8601ec8c");
        assert_eq!(Digest::new().bytes(b"foobar").hex(), "85944171f73967e8");
    }
}
