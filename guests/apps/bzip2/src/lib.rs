//! bzip2 both ways, with the crate `bzip2` on `libbz2-rs-sys`, which is the reference implementation in Rust: the same
//! input gives the same file.
#![forbid(unsafe_code)]

use std::io::{Read, Write};

use bzip2::Compression;
use bzip2::read::BzDecoder;
use bzip2::write::BzEncoder;
use runoff_guest_apps_inputs::{Number, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};

/// Compresses with the largest blocks, 900 000 bytes, as the command does unless told otherwise.
fn compress(data: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = BzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).map_err(|error| error.to_string())?;
    encoder.finish().map_err(|error| error.to_string())
}

fn decompress(file: &[u8]) -> Result<Vec<u8>, String> {
    let mut data = Vec::new();
    BzDecoder::new(file).read_to_end(&mut data).map_err(|error| error.to_string())?;
    Ok(data)
}

/// The program: `compress|decompress BYTES` of text.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    const USAGE: &str = "compress|decompress BYTES";
    let Some((&action @ ("compress" | "decompress"), rest)) = args.split_first() else {
        return refuse(io, "bzip2", "expected compress or decompress", USAGE);
    };
    let wanted = [Number { name: "BYTES", range: 0..=64_000_000, default: None }];
    let [bytes] = match numbers(rest, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "bzip2", &message, USAGE),
    };
    let data = text(7, bytes);
    let result = if action == "compress" {
        io.start();
        let file = compress(&data);
        io.end();
        file
    } else {
        compress(&data).and_then(|file| {
            io.start();
            let data = decompress(&file);
            io.end();
            data
        })
    };
    match result {
        Ok(result) => {
            let written =
                say!(io, "{action} {bytes} bytes: {} bytes, {:016x}\n", result.len(), fnv64(&result));
            i32::from(!written)
        }
        Err(message) => refuse(io, "bzip2", &message, USAGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the command gives for no input: header, end mark (the digits of √π), checksum of nothing.
    #[test]
    fn nothing_is_fourteen_bytes() {
        let file = compress(b"").expect("a file");
        assert_eq!(file, b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0");
    }

    /// Made by libbz2 1.0.8 in C.
    const FILE: &[u8] = &[
        0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xc6, 0x0f, 0xb3, 0x4c, 0x00, 0x00, 0x04,
        0xd7, 0x80, 0x00, 0x10, 0x40, 0x00, 0x00, 0x20, 0x40, 0x00, 0x2f, 0x2c, 0xdc, 0x00, 0x20, 0x00, 0x21,
        0xa0, 0x81, 0x93, 0x4c, 0x42, 0x86, 0x9a, 0x60, 0x02, 0x9a, 0x9a, 0x19, 0x17, 0x1a, 0xd9, 0x76, 0x01,
        0x8a, 0x69, 0x4b, 0x31, 0x33, 0x6a, 0x16, 0xcb, 0x6e, 0x4f, 0x94, 0x0e, 0x07, 0x8f, 0xe2, 0xee, 0x48,
        0xa7, 0x0a, 0x12, 0x18, 0xc1, 0xf6, 0x69, 0x80,
    ];

    #[test]
    fn files_of_the_reference_are_read_and_made() {
        assert_eq!(decompress(FILE).expect("text"), b"If Peter Piper picked a peck of pickled peppers\n");
        assert_eq!(compress(b"If Peter Piper picked a peck of pickled peppers\n").expect("a file"), FILE);
    }

    #[test]
    fn there_and_back_over_several_blocks() {
        let data = text(3, 2_000_000);
        let file = compress(&data).expect("a file");
        assert!(file.len() < data.len() / 3);
        assert!(decompress(&file).expect("text") == data);
    }

    #[test]
    fn damage_is_noticed() {
        let mut file = compress(&text(3, 1000)).expect("a file");
        let middle = file.len() / 2;
        file[middle] ^= 1;
        assert!(decompress(&file).is_err());
    }
}
