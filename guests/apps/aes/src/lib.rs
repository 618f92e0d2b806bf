//! AES with a 256-bit key in cipher block chaining.
//!
//! Written from FIPS 197 with four tables a direction, which is how the published benchmark does it, and not with a
//! crate: those choose hardware instructions or the word size of the machine, so the native twin would run another
//! algorithm than the module.
#![forbid(unsafe_code)]

mod cipher;
mod tables;

use runoff_guest_apps_inputs::{Number, Random, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};

pub use cipher::{BLOCK, Cbc};

/// The key of the published benchmark.
pub const KEY: [u8; 32] = [
    0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x09, 0x87, 0x65, 0x43, 0x21, 0x12,
    0x34, 0x56, 0x78, 0x90, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x09, 0x87, 0x65, 0x43, 0x21,
];

/// The initialisation vector, which the benchmark draws at random.
pub const IV: [u8; BLOCK] = [0x5a; BLOCK];

/// The program: `encrypt|decrypt BLOCKS [TIMES]`, in place, again and again in one chain.
///
/// Text is encrypted; what is decrypted is random bytes, which is what an encrypted file looks like.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let usage = |io: &mut dyn Io, m: &str| refuse(io, "aes", m, "encrypt|decrypt BLOCKS [TIMES]");
    let Some((&action @ ("encrypt" | "decrypt"), rest)) = args.split_first() else {
        return usage(io, "expected encrypt or decrypt");
    };
    let wanted = [
        Number { name: "BLOCKS", range: 1..=4_000_000, default: None },
        Number { name: "TIMES", range: 1..=1_000_000, default: Some(1) },
    ];
    let [blocks, times] = match numbers(rest, &wanted) {
        Ok(values) => values,
        Err(message) => return usage(io, &message),
    };
    let encrypt = action == "encrypt";
    let bytes = blocks * BLOCK;
    let mut data = if encrypt { text(7, bytes) } else { Random::new(8).bytes(bytes) };
    io.start();
    let mut cipher = Cbc::new(&KEY, &IV);
    for _ in 0..times {
        if encrypt {
            cipher.encrypt(&mut data);
        } else {
            cipher.decrypt(&mut data);
        }
    }
    io.end();
    let written = say!(io, "{action} {bytes} bytes {times} times: {:016x}\n", fnv64(&data));
    i32::from(!written)
}

#[cfg(test)]
mod tests;
