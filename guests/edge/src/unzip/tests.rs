//! Against archives of other programs, other unpackers, and damage.

use super::*;
use crate::common::Random;
use miniz_oxide::deflate::core::CompressionStrategy;

/// Two members, the second not packed, and a comment, as Python's `zipfile` writes them.
const PYTHON: &str = "\
    504b030414000000080000002100c3c280a50d0000001c0000000900000068656c6c6f2e747874cb48cdc9c9d751c8c0a414b900\
    504b03041400000000000000210085a1edd80a0000000a00000009000000706c61696e2e7478746e6f74207061636b6564504b01\
    02140314000000080000002100c3c280a50d0000001c00000009000000000000000000000080010000000068656c6c6f2e747874\
    504b010214031400000000000000210085a1edd80a0000000a000000090000000000000000000000800134000000706c61696e2e\
    747874504b050600000000020002006e0000006500000009006120636f6d6d656e74";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<char> = hexadecimal.chars().filter(char::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&String::from_iter(pair), 16).unwrap()).collect()
}

#[test]
fn archive_of_another_program() {
    let unpacked = unpack(&bytes(PYTHON)).unwrap();
    let contents: Vec<(&str, &[u8])> =
        unpacked.iter().map(|(name, u)| (name.as_str(), u.bytes.as_slice())).collect();
    assert_eq!(
        contents,
        [("hello.txt", b"hello, hello, hello, hello!\n".as_slice()), ("plain.txt", b"not packed".as_slice())]
    );
}

#[test]
fn check_values() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    assert_eq!(crc32(b""), 0);
    // The empty sequence with the standard's codes, and three letters stored.
    assert_eq!(inflate(&[3, 0], 0).unwrap().0, b"");
    assert_eq!(inflate(&[1, 3, 0, 252, 255, b'a', b'b', b'c'], 3).unwrap().0, b"abc");
}

#[test]
fn the_sample_has_all_kinds_of_blocks() {
    let archive = archive(1 << 20, 1);
    let unpacked = unpack(&archive).unwrap();
    let [(_, text_member), (_, short), (_, noise)] = unpacked.as_slice() else { panic!("three members") };
    assert_eq!(text_member.bytes, text(1 << 20, 1));
    assert_eq!(short.bytes, text(1 << 20, 1)[..1 << 16]);
    assert_eq!((text_member.blocks.stored, text_member.blocks.fixed), (0, 0));
    assert!(text_member.blocks.dynamic > 1);
    assert!(short.blocks.fixed > 0 && short.blocks.dynamic == 0);
    assert!(noise.blocks.stored > 0 && noise.blocks.fixed + noise.blocks.dynamic == 0);
    assert!(archive.len() < (1 << 20) / 2, "text is compressed: {}", archive.len());
}

#[test]
fn whatever_is_packed_comes_back() {
    let mut random = Random::new(7);
    for round in 0..300 {
        let size = random.below(3000) * random.below(30);
        let alphabet = 1 + random.below(256);
        let bytes: Vec<u8> = match round % 3 {
            0 => (0..size).map(|_| u8::try_from(random.below(alphabet)).unwrap()).collect(),
            1 => text(size, round),
            _ => (0..size).map(|i| u8::try_from(i / alphabet % 256).unwrap()).collect(),
        };
        let strategies = [
            CompressionStrategy::Default,
            CompressionStrategy::Filtered,
            CompressionStrategy::HuffmanOnly,
            CompressionStrategy::RLE,
            CompressionStrategy::Fixed,
        ];
        let level = i32::try_from(random.below(11)).unwrap();
        let packed = sample::deflate(&bytes, level, strategies[random.below(5)]);
        assert_eq!(inflate(&packed, bytes.len()).unwrap().0, bytes, "round {round}");
        if !bytes.is_empty() {
            assert!(inflate(&packed, bytes.len() - 1).is_err(), "round {round}: more than it should be");
            assert!(inflate(&packed[..packed.len() / 2], bytes.len()).is_err(), "round {round}: cut");
        }
    }
}

/// What another unpacker takes is taken with the same result; nothing panics.
#[test]
fn damage_is_found_or_unpacks_as_elsewhere() {
    let packed = sample::deflate(&text(5000, 1), 6, CompressionStrategy::Default);
    let whole = archive(2000, 1);
    let mut random = Random::new(11);
    for _ in 0..3000 {
        let mut damaged = packed.clone();
        damaged[random.below(packed.len())] ^= 1 << random.below(8);
        let theirs = miniz_oxide::inflate::decompress_to_vec_with_limit(&damaged, 20_000);
        let ours = inflate(&damaged, 20_000).map(|(bytes, _)| bytes);
        assert_eq!(ours.ok(), theirs.ok());
        let mut damaged = whole.clone();
        let place = random.below(whole.len());
        damaged[place] = damaged[place].wrapping_add(1);
        drop(unpack(&damaged));
        drop(unpack(&whole[..place]));
    }
    let mut damaged = whole;
    // The stored bytes at the end of the last member's data: only the checksum can tell.
    let directory = damaged.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    damaged[directory - 1] ^= 0x10;
    assert!(matches!(unpack(&damaged), Err(Damaged("a member has another checksum than the archive says"))));
    assert_eq!(members(b"no archive"), Err(Damaged("no ZIP archive: it has no directory")));
}
