//! Digests of results that are not bytes.

use runoff_guest_apps_inputs::fnv64;

/// Equal exactly when the numbers are, bit by bit (but for collisions).
pub(crate) fn words(words: impl IntoIterator<Item = u64>) -> u64 {
    let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
    fnv64(&bytes)
}

/// The same of floats, by their bits.
pub(crate) fn floats<'a>(floats: impl IntoIterator<Item = &'a f64>) -> u64 {
    words(floats.into_iter().map(|x| x.to_bits()))
}
