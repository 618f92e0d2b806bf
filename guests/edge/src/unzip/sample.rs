//! An archive to unpack.

use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress,
    create_comp_flags_from_zip_params,
};

use super::crc32;
use crate::common::Random;

/// An archive of three members: text of `size` bytes in blocks with codes of their own, a sixteenth of it with the
/// standard's codes, and as many random bytes, which are stored.
pub fn archive(size: usize, seed: u64) -> Vec<u8> {
    let text = text(size, seed);
    let mut random = Random::new(seed);
    let noise: Vec<u8> = (0..size / 16).map(|_| random.next_u64().to_le_bytes()[0]).collect();
    zip(&[
        ("text.txt", &text, deflate(&text, 6, CompressionStrategy::Default)),
        ("short.txt", &text[..size / 16], deflate(&text[..size / 16], 6, CompressionStrategy::Fixed)),
        ("noise.bin", &noise, deflate(&noise, 0, CompressionStrategy::Default)),
    ])
}

/// Text of `size` bytes: sentences of two thousand made-up words, common ones more often, as in language.
pub fn text(size: usize, seed: u64) -> Vec<u8> {
    const SYLLABLES: [&str; 24] = [
        "an", "ber", "co", "da", "el", "fi", "ga", "hor", "is", "ka", "lu", "men", "no", "or", "pe", "qua",
        "ri", "sta", "te", "un", "ve", "wi", "yo", "zu",
    ];
    let mut random = Random::new(seed);
    let words: Vec<String> = (0..2000)
        .map(|_| (0..=random.below(4)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect())
        .collect();
    let mut text = Vec::with_capacity(size + 80);
    while text.len() < size {
        for _ in 0..5 + random.below(12) {
            // The smaller of two draws, twice: the first words come far more often.
            let bound = 1 + random.below(words.len());
            text.extend_from_slice(words[random.below(bound).min(random.below(bound))].as_bytes());
            text.push(b' ');
        }
        text.pop();
        text.extend_from_slice(if random.below(6) == 0 { b".\n" } else { b". " });
    }
    text.truncate(size);
    text
}

pub(super) fn deflate(bytes: &[u8], level: i32, strategy: CompressionStrategy) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(level, 0, strategy as i32);
    let mut compressor = CompressorOxide::new(flags);
    let mut packed = vec![0; bytes.len() / 2 + 64];
    let (mut read, mut written) = (0, 0);
    loop {
        let (status, taken, given) =
            compress(&mut compressor, &bytes[read..], &mut packed[written..], TDEFLFlush::Finish);
        read += taken;
        written += given;
        if status != TDEFLStatus::Okay {
            packed.truncate(written);
            return packed;
        }
        packed.resize(packed.len() * 2, 0);
    }
}

/// Name, content and packed content of the members.
fn zip(members: &[(&str, &[u8], Vec<u8>)]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content, packed) in members {
        let place = word(archive.len());
        // Version 2.0, no flags, DEFLATE, midnight of the first day there is; no extra field.
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        common.extend(crc32(content).to_le_bytes());
        common.extend([packed.len(), content.len()].into_iter().flat_map(word));
        common.extend(&word(name.len())[..2]);
        common.extend([0, 0]);
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&common);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(packed);
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&place);
        directory.extend_from_slice(name.as_bytes());
    }
    let (place, size, count) = (word(archive.len()), word(directory.len()), word(members.len()));
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&[count[0], count[1], count[0], count[1]]);
    archive.extend_from_slice(&size);
    archive.extend_from_slice(&place);
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// Four bytes; archives here are smaller than 4 GiB.
fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
