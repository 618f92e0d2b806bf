//! The tables of AES, computed at compile time from the field that FIPS 197 defines.

/// Product by x in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1.
const fn double(a: u8) -> u8 {
    (a << 1) ^ (if a & 0x80 == 0 { 0 } else { 0x1b })
}

/// Product in that field.
const fn product(a: u8, b: u8) -> u8 {
    let (mut sum, mut term, mut bit) = (0, a, 0);
    while bit < 8 {
        if b >> bit & 1 == 1 {
            sum ^= term;
        }
        term = double(term);
        bit += 1;
    }
    sum
}

/// Substitution of bytes: the inverse in the field, then the affine map of the standard.
pub(crate) const SBOX: [u8; 256] = {
    let mut table = [0; 256];
    // Powers of 3, which generate all elements but 0, beside the powers of its inverse.
    let (mut power, mut inverse, mut step) = (1_u8, 1_u8, 0);
    while step < 255 {
        let b = inverse;
        let rotated = b.rotate_left(1) ^ b.rotate_left(2) ^ b.rotate_left(3) ^ b.rotate_left(4);
        table[power as usize] = b ^ rotated ^ 0x63;
        power ^= double(power);
        inverse = product(inverse, 0xf6);
        step += 1;
    }
    table[0] = 0x63;
    table
};

/// Its inverse.
pub(crate) const INVERSE: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < u8::MAX {
        table[SBOX[byte as usize] as usize] = byte;
        byte += 1;
    }
    table[SBOX[byte as usize] as usize] = byte;
    table
};

/// A column that a byte of the state contributes, for its four places in a column: the product of `table`'s entry
/// with the first column of the mixing matrix.
const fn columns(table: &[u8; 256], matrix: [u8; 4]) -> [[u32; 256]; 4] {
    let mut out = [[0; 256]; 4];
    let mut index = 0;
    while index < 256 {
        let s = table[index];
        let column = u32::from_be_bytes([
            product(s, matrix[0]),
            product(s, matrix[1]),
            product(s, matrix[2]),
            product(s, matrix[3]),
        ]);
        out[0][index] = column;
        out[1][index] = column.rotate_right(8);
        out[2][index] = column.rotate_right(16);
        out[3][index] = column.rotate_right(24);
        index += 1;
    }
    out
}

/// Substitution and `MixColumns`.
pub(crate) static FORWARD: [[u32; 256]; 4] = columns(&SBOX, [2, 1, 1, 3]);

/// Inverse substitution and `InvMixColumns`.
pub(crate) static BACKWARD: [[u32; 256]; 4] = columns(&INVERSE, [14, 9, 13, 11]);
