//! CRC-32 as in ZIP, gzip and Ethernet: polynomial 04C11DB7, bits reversed.

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let mut value = i;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[i as usize] = value;
        i += 1;
    }
    table
};

/// The checksum of bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| (crc >> 8) ^ TABLE[usize::from(byte ^ crc.to_le_bytes()[0])])
}
