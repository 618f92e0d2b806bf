//! SHA-1 of text, with the crate `sha1`.
//!
//! The crate is told to keep to portable code (its feature `force-soft`): natively it would otherwise use the
//! processor's instructions for SHA-1, which a module does not have.
#![forbid(unsafe_code)]

use std::fmt::Write as _;

use runoff_guest_apps_inputs::{Number, numbers, refuse, text};
use runoff_guest_program::{Io, say};
use sha1::{Digest, Sha1};

/// The program: `BYTES [TIMES]`, the text so many times as one message.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [
        Number { name: "BYTES", range: 0..=64_000_000, default: None },
        Number { name: "TIMES", range: 1..=1_000_000, default: Some(1) },
    ];
    let [bytes, times] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "sha", &message, "BYTES [TIMES]"),
    };
    let data = text(7, bytes);
    io.start();
    let digest = digest(&data, times);
    io.end();
    let written = say!(io, "{bytes} bytes {times} times: {digest}\n");
    i32::from(!written)
}

/// In hexadecimal.
fn digest(data: &[u8], times: usize) -> String {
    let mut hash = Sha1::new();
    for _ in 0..times {
        // In pieces, as one reads a file.
        data.chunks(8192).for_each(|piece| hash.update(piece));
    }
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::digest;

    /// FIPS 180-2, appendix A.
    #[test]
    fn published_vectors() {
        assert_eq!(digest(b"abc", 1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(digest(two_blocks, 1), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
        assert_eq!(digest(&[b'a'; 1000], 1000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }
}
