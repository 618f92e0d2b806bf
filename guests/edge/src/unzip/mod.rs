//! Decompression of the members of a ZIP archive: DEFLATE (RFC 1951), checked by CRC-32.

mod archive;
mod bits;
mod crc;
mod huffman;
mod inflate;
mod sample;

pub use archive::{Member, members};
pub use crc::crc32;
pub use inflate::{Blocks, inflate};
pub use sample::{archive, text};

use runoff_guest_program::{Io, say};

use crate::common::{Digest, number, refuse};

/// What is wrong with an archive or with compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damaged(pub &'static str);

/// A member unpacked.
struct Unpacked {
    bytes: Vec<u8>,
    blocks: Blocks,
    crc: u32,
}

/// The command.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let size = match args {
        [size] => number(size, 16..=256 << 20),
        _ => Err("argument: size of the largest member in bytes".to_owned()),
    };
    let packed = match size {
        Ok(size) => archive(size, 1),
        Err(message) => return refuse(io, &message),
    };
    io.start();
    let unpacked = unpack(&packed);
    io.end();
    let unpacked = match unpacked {
        Ok(unpacked) => unpacked,
        Err(Damaged(what)) => {
            io.err(format!("{what}\n").as_bytes());
            return 1;
        }
    };
    let mut fine = say!(io, "archive {} bytes\n", packed.len());
    for (name, Unpacked { bytes, blocks, crc }) in unpacked {
        let Blocks { stored, fixed, dynamic } = blocks;
        let digest = Digest::new().bytes(&bytes).hex();
        fine &= say!(
            io,
            "{name} {} bytes crc {crc:08x} {digest}, blocks {stored} stored {fixed} fixed {dynamic} dynamic\n",
            bytes.len()
        );
    }
    i32::from(!fine)
}

/// All members by name, each with the size and checksum that the archive says.
#[inline(never)]
fn unpack(archive: &[u8]) -> Result<Vec<(String, Unpacked)>, Damaged> {
    let unpack = |member: Member<'_>| {
        let (bytes, blocks) = match member.method {
            0 => (member.packed.to_vec(), Blocks::default()),
            8 => inflate(member.packed, member.size)?,
            _ => return Err(Damaged("a member is packed by another method than DEFLATE")),
        };
        let crc = crc32(&bytes);
        if bytes.len() != member.size {
            return Err(Damaged("a member has another size than the archive says"));
        }
        if crc != member.crc {
            return Err(Damaged("a member has another checksum than the archive says"));
        }
        Ok((member.name, Unpacked { bytes, blocks, crc }))
    };
    members(archive)?.into_iter().map(unpack).collect()
}

#[cfg(test)]
mod tests;
