//! Bytes.

use runoff_guest::Output;

/// Gives back what it gets.
#[runoff_guest::export(bytes)]
pub fn echo(bytes: &[u8], out: &mut Output) {
    out.extend_from_slice(bytes);
}

/// Reads all it gets: 64-bit FNV-1a of eight bytes at a time.
#[runoff_guest::export(bytes)]
pub fn checksum(bytes: &[u8], out: &mut Output) {
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let hash = words.chain(rest.iter().map(|byte| u64::from(*byte)));
    out.push(
        hash.fold(0xcbf2_9ce4_8422_2325, |sum: u64, word| (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3)),
    );
}

/// Gives as many bytes as it is told to.
#[runoff_guest::export(pod)]
pub fn make(len: u32, out: &mut Output) {
    const SOME: [u8; 64] = [b'.'; 64];
    let len = len as usize;
    for _ in 0..len / SOME.len() {
        out.extend_from_slice(&SOME);
    }
    out.extend_from_slice(&SOME[..len % SOME.len()]);
}
