//! Prefix codes given by the lengths of their words (RFC 1951, 3.2.2).

use super::Damaged;
use super::bits::Bits;

/// Longest word, bits.
const LONGEST: usize = 15;

/// For every sequence of as many bits as the longest word has: the symbol that begins it, and the word's length, zero
/// where no word begins it.
pub(super) struct Code {
    table: Vec<(u16, u8)>,
    longest: u32,
}

impl Code {
    /// From the length of each symbol's word, zero for symbols without one; lengths are at most 15. Words that contradict
    /// one another are refused; sequences without a word are allowed only where there is at most one word.
    pub(super) fn new(lengths: &[u8]) -> Result<Self, Damaged> {
        let mut counts = [0_usize; LONGEST + 1];
        for &length in lengths {
            counts[usize::from(length)] += 1;
        }
        counts[0] = 0;
        let longest = counts.iter().rposition(|&count| count > 0).unwrap_or(0);
        // First word of each length: after the last of the length before, with a bit more.
        let mut next = [0_usize; LONGEST + 2];
        for length in 1..=longest {
            next[length + 1] = (next[length] + counts[length]) << 1;
            if next[length] + counts[length] > 1 << length {
                return Err(Damaged("a prefix code has too many words"));
            }
        }
        let used: usize = (1..=longest).map(|length| counts[length] << (longest - length)).sum();
        if used < 1 << longest && counts.iter().sum::<usize>() > 1 {
            return Err(Damaged("a prefix code has too few words"));
        }
        let mut table = vec![(0, 0); 1 << longest];
        for (symbol, &length) in (0_u16..).zip(lengths) {
            if length == 0 {
                continue;
            }
            let word = &mut next[usize::from(length)];
            // Words come with their first bit first, numbers with their last.
            let reversed = word.reverse_bits() >> (usize::BITS - u32::from(length));
            *word += 1;
            for entry in table.iter_mut().skip(reversed).step_by(1 << length) {
                *entry = (symbol, length);
            }
        }
        Ok(Self { table, longest: u32::try_from(longest).unwrap_or(0) })
    }

    /// Reads a word; gives its symbol.
    pub(super) fn read(&self, bits: &mut Bits<'_>) -> Result<usize, Damaged> {
        let (symbol, length) = self.table[bits.peek(self.longest)];
        if length == 0 {
            return Err(Damaged("bits that are no word of the prefix code"));
        }
        bits.skip(length.into())?;
        Ok(symbol.into())
    }
}
