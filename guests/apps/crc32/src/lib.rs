//! The CRC-32 of sound, a byte at a time through a table, from its definition: the reflected polynomial 0xEDB88320,
//! all ones at the beginning, inverted at the end.
#![forbid(unsafe_code)]

use runoff_guest_apps_inputs::{Number, numbers, refuse, sound};
use runoff_guest_program::{Io, say};

/// What a byte does to the register.
static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte: u32 = 0;
    while byte < 256 {
        let (mut value, mut bit) = (byte, 0);
        while bit < 8 {
            value = (value >> 1) ^ (if value & 1 == 1 { 0xedb8_8320 } else { 0 });
            bit += 1;
        }
        table[byte as usize] = value;
        byte += 1;
    }
    table
};

/// The register after some more bytes.
fn update(register: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(register, |register, byte| {
        TABLE[usize::from(register.to_le_bytes()[0] ^ byte)] ^ (register >> 8)
    })
}

/// The program: `SAMPLES [TIMES]`, 16 bits each, so many times in a row.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let wanted = [
        Number { name: "SAMPLES", range: 0..=16_000_000, default: None },
        Number { name: "TIMES", range: 1..=1_000_000, default: Some(1) },
    ];
    let [samples, times] = match numbers(args, &wanted) {
        Ok(values) => values,
        Err(message) => return refuse(io, "crc32", &message, "SAMPLES [TIMES]"),
    };
    let data: Vec<u8> = sound(5, samples).into_iter().flat_map(i16::to_le_bytes).collect();
    io.start();
    let crc = !(0..times).fold(!0, |register, _| update(register, &data));
    io.end();
    let written = say!(io, "{} bytes {times} times: {crc:08x}\n", data.len());
    i32::from(!written)
}

#[cfg(test)]
mod tests {
    use super::update;

    #[test]
    fn published_check_value() {
        assert_eq!(!update(!0, b"123456789"), 0xcbf4_3926);
        assert_eq!(!update(!0, b""), 0);
        assert_eq!(!update(!0, b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    }

    #[test]
    fn pieces_are_one_message() {
        assert_eq!(update(update(!0, b"1234"), b"56789"), update(!0, b"123456789"));
    }
}
