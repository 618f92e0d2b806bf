//! The compressed data format DEFLATE (RFC 1951).

use super::Damaged;
use super::bits::Bits;
use super::huffman::Code;

/// How many blocks of each kind there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Not compressed.
    pub stored: u32,
    /// With the codes of the standard.
    pub fixed: u32,
    /// With codes of their own.
    pub dynamic: u32,
}

/// Lengths of copies from symbol 257 on: the shortest and how many more bits say what is added.
const LENGTHS: [(u16, u8); 29] = steps::<29>(3, 4, true);
/// Distances of copies likewise.
const DISTANCES: [(u16, u8); 30] = steps::<30>(1, 2, false);
/// Symbols of the code that lengths of words are written in, in the order in which their words' lengths come.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Both tables of section 3.2.5 follow one rule: two groups have no extra bits, and every group of `group` symbols after
/// them has one bit more than the one before. The last length is 258, without extra bits.
#[expect(clippy::cast_possible_truncation, reason = "at most 13 bits")]
const fn steps<const N: usize>(first: u16, group: usize, lengths: bool) -> [(u16, u8); N] {
    let mut table = [(0, 0); N];
    let (mut base, mut i) = (first, 0);
    while i < N {
        let bits = if i < 2 * group { 0 } else { i / group - 1 };
        table[i] = (base, bits as u8);
        base = base.wrapping_add(1 << bits);
        i += 1;
    }
    if lengths {
        table[N - 1] = (258, 0);
    }
    table
}

/// Unpacks data of a known size, which it does not exceed; gives the bytes and what blocks there were.
///
/// # Errors
///
/// Data that are no DEFLATE, end too early, or unpack to more than `size` bytes.
pub fn inflate(packed: &[u8], size: usize) -> Result<(Vec<u8>, Blocks), Damaged> {
    let mut bits = Bits::new(packed);
    let mut blocks = Blocks::default();
    // A wrong size must not take the memory before the data are seen.
    let mut out = Vec::with_capacity(size.min(packed.len().saturating_mul(1032)));
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => {
                blocks.stored += 1;
                stored(&mut bits, &mut out, size)?;
            }
            1 => {
                blocks.fixed += 1;
                let (literals, distances) = fixed_codes()?;
                compressed(&mut bits, &literals, &distances, &mut out, size)?;
            }
            2 => {
                blocks.dynamic += 1;
                let (literals, distances) = dynamic_codes(&mut bits)?;
                compressed(&mut bits, &literals, &distances, &mut out, size)?;
            }
            _ => return Err(Damaged("a block of a kind that does not exist")),
        }
        if last {
            return Ok((out, blocks));
        }
    }
}

const LONG: Damaged = Damaged("the compressed data unpack to more than they should");

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, size: usize) -> Result<(), Damaged> {
    bits.align();
    let (length, inverted) = (bits.take_u16()?, bits.take_u16()?);
    if length != !inverted {
        return Err(Damaged("a stored block contradicts its own length"));
    }
    let bytes = bits.take_bytes(length.into())?;
    if out.len() + bytes.len() > size {
        return Err(LONG);
    }
    out.extend_from_slice(bytes);
    Ok(())
}

/// Section 3.2.6.
fn fixed_codes() -> Result<(Code, Code), Damaged> {
    let mut lengths = [8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    Ok((Code::new(&lengths)?, Code::new(&[5; 32])?))
}

/// Section 3.2.7.
fn dynamic_codes(bits: &mut Bits<'_>) -> Result<(Code, Code), Damaged> {
    let (literals, distances) = (bits.take(5)? + 257, bits.take(5)? + 1);
    let mut lengths = [0; 19];
    let count = bits.take(4)? + 4;
    for &symbol in &ORDER[..count] {
        lengths[symbol] = u8::try_from(bits.take(3)?).unwrap_or(0);
    }
    let code = Code::new(&lengths)?;
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (length, times) = match code.read(bits)? {
            16 => {
                let before = lengths.last().ok_or(Damaged("the first length repeats one before"))?;
                (*before, 3 + bits.take(2)?)
            }
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (u8::try_from(length).unwrap_or(0), 1),
        };
        lengths.extend(core::iter::repeat_n(length, times));
    }
    if lengths.len() > literals + distances {
        return Err(Damaged("more lengths of words than symbols"));
    }
    let (literals, distances) = lengths.split_at(literals);
    Ok((Code::new(literals)?, Code::new(distances)?))
}

/// Literals and copies up to the end of the block.
fn compressed(
    bits: &mut Bits<'_>,
    literals: &Code,
    distances: &Code,
    out: &mut Vec<u8>,
    size: usize,
) -> Result<(), Damaged> {
    loop {
        let symbol = literals.read(bits)?;
        if let Ok(literal) = u8::try_from(symbol) {
            if out.len() == size {
                return Err(LONG);
            }
            out.push(literal);
            continue;
        }
        let Some(step) = symbol.checked_sub(257) else { return Ok(()) };
        let &(base, extra) = LENGTHS.get(step).ok_or(Damaged("a length that does not exist"))?;
        let length = usize::from(base) + bits.take(extra.into())?;
        let step = distances.read(bits)?;
        let &(base, extra) = DISTANCES.get(step).ok_or(Damaged("a distance that does not exist"))?;
        let distance = usize::from(base) + bits.take(extra.into())?;
        let from = out.len().checked_sub(distance).ok_or(Damaged("a copy from before the beginning"))?;
        if length > size - out.len() {
            return Err(LONG);
        }
        if distance >= length {
            out.extend_from_within(from..from + length);
        } else {
            // The copy reads what it has just written.
            for i in from..from + length {
                out.push(out[i]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_the_standard() {
        assert_eq!(LENGTHS[..9], [3, 4, 5, 6, 7, 8, 9, 10, 11].map(|n| (n, u8::from(n == 11))));
        assert_eq!(
            LENGTHS[20..],
            [67, 83, 99, 115, 131, 163, 195, 227, 258].map(|n| (
                n,
                match n {
                    258 => 0,
                    131.. => 5,
                    _ => 4,
                }
            ))
        );
        assert_eq!(DISTANCES[..6], [(1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1)]);
        assert_eq!(DISTANCES[26..], [(8193, 12), (12_289, 12), (16_385, 13), (24_577, 13)]);
    }
}
