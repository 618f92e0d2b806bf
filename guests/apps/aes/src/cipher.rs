//! The cipher and its chaining.

use crate::tables::{BACKWARD, FORWARD, INVERSE, SBOX};

/// Bytes in a block.
pub const BLOCK: usize = 16;

/// Rounds with a 256-bit key.
const ROUNDS: usize = 14;

type Block = [u32; 4];
type RoundKeys = [Block; ROUNDS + 1];

/// AES-256 in cipher block chaining; the chain goes on from call to call.
#[derive(Clone)]
pub struct Cbc {
    forward: RoundKeys,
    backward: RoundKeys,
    chain: Block,
}

impl Cbc {
    /// A chain that begins with `iv`.
    #[must_use]
    pub fn new(key: &[u8; 32], iv: &[u8; BLOCK]) -> Self {
        let forward = expand(key);
        let mut backward = forward;
        backward.reverse();
        // The equivalent inverse cipher adds its keys after the mixing, so the keys are mixed as well.
        for word in backward[1..ROUNDS].iter_mut().flatten() {
            let bytes = word.to_be_bytes().map(|b| usize::from(SBOX[usize::from(b)]));
            *word = (0..4).fold(0, |sum, place| sum ^ BACKWARD[place][bytes[place]]);
        }
        Self { forward, backward, chain: load(iv) }
    }

    /// Encrypts in place; `data` must be whole blocks.
    pub fn encrypt(&mut self, data: &mut [u8]) {
        for block in data.as_chunks_mut().0 {
            let plain = load(block);
            self.chain = encrypt(&self.forward, xor(plain, self.chain));
            store(self.chain, block);
        }
    }

    /// Decrypts in place; `data` must be whole blocks.
    pub fn decrypt(&mut self, data: &mut [u8]) {
        for block in data.as_chunks_mut().0 {
            let coded = load(block);
            store(xor(decrypt(&self.backward, coded), self.chain), block);
            self.chain = coded;
        }
    }
}

fn load(bytes: &[u8; BLOCK]) -> Block {
    let mut block = [0; 4];
    for (word, bytes) in block.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    block
}

fn store(block: Block, bytes: &mut [u8; BLOCK]) {
    for (word, bytes) in block.iter().zip(bytes.as_chunks_mut::<4>().0) {
        *bytes = word.to_be_bytes();
    }
}

fn xor(a: Block, b: Block) -> Block {
    [a[0] ^ b[0], a[1] ^ b[1], a[2] ^ b[2], a[3] ^ b[3]]
}

/// The key schedule (section 5.2).
fn expand(key: &[u8; 32]) -> RoundKeys {
    let mut keys = [[0; 4]; ROUNDS + 1];
    let words = keys.as_flattened_mut();
    for (word, bytes) in words.iter_mut().zip(key.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    let substitute = |word: u32| u32::from_be_bytes(word.to_be_bytes().map(|b| SBOX[usize::from(b)]));
    let mut round = 1_u32;
    for index in 8..words.len() {
        let before = words[index - 1];
        let mixed = match index % 8 {
            0 => {
                let mixed = substitute(before.rotate_left(8)) ^ (round << 24);
                round <<= 1; // at most 2⁷: no reduction
                mixed
            }
            4 => substitute(before),
            _ => before,
        };
        words[index] = words[index - 8] ^ mixed;
    }
    keys
}

/// The byte of a word at a place, the first one on top.
fn byte(word: u32, place: u32) -> usize {
    (word >> (24 - 8 * place) & 0xff) as usize
}

/// All rounds. Rows shift by their number: the byte in row r of column c comes from column c + r, or c − r when
/// decrypting.
macro_rules! rounds {
    ($name:ident, $tables:ident, $last:ident, $a:literal, $b:literal, $c:literal) => {
        #[inline]
        fn $name(keys: &RoundKeys, block: Block) -> Block {
            let mut s = xor(block, keys[0]);
            for key in &keys[1..ROUNDS] {
                s = core::array::from_fn(|c| {
                    $tables[0][byte(s[c], 0)]
                        ^ $tables[1][byte(s[(c + $a) % 4], 1)]
                        ^ $tables[2][byte(s[(c + $b) % 4], 2)]
                        ^ $tables[3][byte(s[(c + $c) % 4], 3)]
                        ^ key[c]
                });
            }
            core::array::from_fn(|c| {
                u32::from_be_bytes([
                    $last[byte(s[c], 0)],
                    $last[byte(s[(c + $a) % 4], 1)],
                    $last[byte(s[(c + $b) % 4], 2)],
                    $last[byte(s[(c + $c) % 4], 3)],
                ]) ^ keys[ROUNDS][c]
            })
        }
    };
}

rounds!(encrypt, FORWARD, SBOX, 1, 2, 3);
rounds!(decrypt, BACKWARD, INVERSE, 3, 2, 1);
