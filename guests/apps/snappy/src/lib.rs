//! Snappy there and back, with the crate `snap`.
#![forbid(unsafe_code)]

use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};
use snap::raw::{Decoder, Encoder, max_compress_len};

/// The program: `BYTES [TIMES]`, so many times compressed and uncompressed.
///
/// The published benchmark works on 512 MiB at once, which measures mostly memory; here the same amount goes through
/// 16 MiB.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    const USAGE: &str = "BYTES [TIMES]";
    let wanted = [
        Number { name: "BYTES", range: 1..=64_000_000, default: None },
        Number { name: "TIMES", range: 1..=1_000_000, default: Some(1) },
    ];
    let [bytes, times] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "snappy", &message, USAGE),
    };
    let data = text(7, bytes);
    let mut file = vec![0; max_compress_len(bytes)];
    let mut back = vec![0; bytes];
    io.start();
    let mut result = there_and_back(&data, &mut file, &mut back);
    for _ in 1..times {
        result = there_and_back(&data, &mut file, &mut back);
    }
    io.end();
    match result {
        Ok(length) if back == data => {
            let digest = fnv64(&file[..length]);
            let written = say!(io, "{bytes} bytes to {length} and back, {times} times: {digest:016x}\n");
            i32::from(!written)
        }
        Ok(_) => refuse(io, "snappy", "what came back differs", USAGE),
        Err(error) => refuse(io, "snappy", &error.to_string(), USAGE),
    }
}

/// Gives the compressed length.
fn there_and_back(data: &[u8], file: &mut [u8], back: &mut [u8]) -> snap::Result<usize> {
    let length = Encoder::new().compress(data, file)?;
    Decoder::new().decompress(&file[..length], back)?;
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand from the description of the format: length 11, a literal of 5 bytes, a copy of 6 from 5 before.
    #[test]
    fn a_literal_and_a_copy() {
        let file = [11, 4 << 2, b'a', b'b', b'c', b'd', b'e', (6 - 4) << 2 | 1, 5];
        assert_eq!(Decoder::new().decompress_vec(&file).expect("text"), b"abcdeabcdea");
        // A copy from before the beginning.
        let file = [11, 4 << 2, b'a', b'b', b'c', b'd', b'e', (6 - 4) << 2 | 1, 6];
        assert!(Decoder::new().decompress_vec(&file).is_err());
    }

    #[test]
    fn text_gets_smaller_and_comes_back() {
        let data = text(3, 300_000);
        let (mut file, mut back) = (vec![0; max_compress_len(data.len())], vec![0; data.len()]);
        let length = there_and_back(&data, &mut file, &mut back).expect("room");
        assert!(length < 2 * data.len() / 3, "{length}");
        assert!(back == data);
    }
}
