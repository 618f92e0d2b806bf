//! Modules as they are kept in this program.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};

use flate2::read::GzDecoder;

/// A bundled module. The large ones, at other optimisation levels, are packed: [`bytes`](Self::bytes) unpacks them,
/// a few milliseconds per megabyte, when the workload is loaded and so before anything is timed.
#[derive(Clone, Copy)]
pub enum BundledModule {
    /// The module itself.
    Plain(&'static [u8]),
    /// The module in a gzip file.
    Gzip(&'static [u8]),
}

impl BundledModule {
    /// Size of the module, bytes, without unpacking it.
    pub fn size(self) -> u64 {
        match self {
            Self::Plain(module) => module.len() as u64,
            // The last field of the file (RFC 1952): the size modulo 2³².
            Self::Gzip(file) => file.last_chunk().map_or(0, |size| u32::from_le_bytes(*size).into()),
        }
    }

    /// The module. An error says that this program's copy of it is damaged.
    pub fn bytes(self) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Plain(module) => Ok(module.into()),
            Self::Gzip(file) => {
                let mut module = Vec::new();
                // Checks size and CRC at the end.
                GzDecoder::new(file).read_to_end(&mut module)?;
                Ok(module.into())
            }
        }
    }
}

impl fmt::Debug for BundledModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = if let Self::Plain(_) = self { "Plain" } else { "Gzip" };
        write!(f, "{kept}({} bytes)", self.size())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(module: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(module).expect("memory");
        packer.finish().expect("memory")
    }

    #[test]
    fn packed_modules_come_back() {
        for size in [0_u8, 1, 200] {
            let module: Vec<u8> = (0..size).collect();
            let kept = BundledModule::Gzip(packed(&module).leak());
            assert_eq!((kept.size(), &*kept.bytes().expect("whole")), (size.into(), &module[..]));
        }
    }

    #[test]
    fn damage_is_an_error() {
        let file = packed(&[7; 1000]);
        for place in [0, 12, file.len() - 8, file.len() - 1] {
            let mut damaged = file.clone();
            damaged[place] ^= 0xff;
            assert!(BundledModule::Gzip(damaged.leak()).bytes().is_err(), "byte {place}");
        }
        for len in [0, 3, file.len() - 1] {
            assert!(BundledModule::Gzip(file[..len].to_vec().leak()).bytes().is_err(), "{len} bytes");
        }
    }
}
