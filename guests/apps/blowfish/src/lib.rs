//! Blowfish in 64-bit cipher feedback, with the crate `blowfish`.
#![forbid(unsafe_code)]

use blowfish::Blowfish;
use blowfish::cipher::{Block, BlockCipherEncrypt, KeyInit};
use runoff_guest_apps_inputs::{Number, Random, fnv64, numbers, refuse, text};
use runoff_guest_program::{Io, say};

/// The key of the published benchmark.
pub const KEY: [u8; 16] =
    [0x12, 0x34, 0x56, 0x78, 0x90, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x09, 0x87, 0x65, 0x43, 0x21];

/// Bytes in a block.
const BLOCK: usize = 8;

/// Cipher feedback: what was sent is encrypted and added to what comes next.
struct Cfb {
    cipher: Blowfish,
    feedback: [u8; BLOCK],
}

impl Cfb {
    /// Without a cipher for a key of no or more than 56 bytes.
    fn new(key: &[u8], iv: [u8; BLOCK]) -> Option<Self> {
        Some(Self { cipher: Blowfish::new_from_slice(key).ok()?, feedback: iv })
    }

    fn mask(&self) -> [u8; BLOCK] {
        let mut block = Block::<Blowfish>::from(self.feedback);
        self.cipher.encrypt_block(&mut block);
        block.into()
    }

    /// Encrypts in place; only the last piece of a message may be less than whole blocks.
    fn encrypt(&mut self, data: &mut [u8]) {
        for block in data.chunks_mut(BLOCK) {
            for ((byte, mask), sent) in block.iter_mut().zip(self.mask()).zip(&mut self.feedback) {
                *byte ^= mask;
                *sent = *byte;
            }
        }
    }

    /// Decrypts in place; only the last piece of a message may be less than whole blocks.
    fn decrypt(&mut self, data: &mut [u8]) {
        for block in data.chunks_mut(BLOCK) {
            for ((byte, mask), sent) in block.iter_mut().zip(self.mask()).zip(&mut self.feedback) {
                *sent = *byte;
                *byte ^= mask;
            }
        }
    }
}

/// The program: `encrypt|decrypt BLOCKS [TIMES]`, blocks of 8 bytes, in place, again and again in one chain.
///
/// Text is encrypted; what is decrypted is random bytes, which is what an encrypted file looks like.
pub fn main(args: &[&str], io: &mut dyn Io) -> i32 {
    let usage = |io: &mut dyn Io, m: &str| refuse(io, "blowfish", m, "encrypt|decrypt BLOCKS [TIMES]");
    let Some((&action @ ("encrypt" | "decrypt"), rest)) = args.split_first() else {
        return usage(io, "expected encrypt or decrypt");
    };
    let wanted = [
        Number { name: "BLOCKS", range: 1..=8_000_000, default: None },
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
    let Some(mut cipher) = Cfb::new(&KEY, [0; BLOCK]) else {
        return usage(io, "the key has a wrong length");
    };
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
mod tests {
    use super::*;

    /// The CFB vector that is published with the cipher.
    #[test]
    fn published_vector() {
        let key = 0x0123_4567_89ab_cdef_f0e1_d2c3_b4a5_9687_u128.to_be_bytes();
        let iv = 0xfedc_ba98_7654_3210_u64.to_be_bytes();
        let plain = *b"7654321 Now is the time for \0";
        let mut data = plain;
        Cfb::new(&key, iv).expect("a key").encrypt(&mut data);
        let coded = data.iter().fold(String::new(), |text, byte| format!("{text}{byte:02X}"));
        assert_eq!(coded, "E73214A2822139CAF26ECF6D2EB9E76E3DA3DE04D1517200519D57A6C3");
        Cfb::new(&key, iv).expect("a key").decrypt(&mut data);
        assert_eq!(data, plain);
    }

    #[test]
    fn there_and_back_in_pieces() {
        let plain = text(3, 4096);
        let mut data = plain.clone();
        let (mut sender, mut receiver) =
            (Cfb::new(&KEY, [0; 8]).expect("a key"), Cfb::new(&KEY, [0; 8]).expect("a key"));
        data.chunks_mut(800).for_each(|piece| sender.encrypt(piece));
        assert_ne!(data, plain);
        data.chunks_mut(1600).for_each(|piece| receiver.decrypt(piece));
        assert_eq!(data, plain);
    }
}
