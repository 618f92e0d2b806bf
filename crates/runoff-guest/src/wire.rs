//! Numbers of the convention; names of exports are made by the macro.

/// Oldest version of the convention this library speaks.
pub const OLDEST: u32 = 1;
/// Newest version of the convention this library speaks.
pub const NEWEST: u32 = 1;

/// What addresses of buffers are multiples of.
pub const ALIGN: usize = 16;

/// Arguments have another length than the function's type.
pub const LENGTH: u32 = 1;
/// Arguments cannot be decoded.
pub const DECODE: u32 = 2;
/// There is no room for the answer.
pub const NO_ROOM: u32 = 3;
/// The answer cannot be encoded.
pub const ENCODE: u32 = 4;

/// Where an answer lies: address above, length below.
#[inline]
pub const fn pack(address: usize, len: usize) -> u64 {
    (address as u64) << 32 | (len as u64 & 0xffff_ffff)
}

/// A refusal: address 0 and a reason.
#[inline]
pub const fn refuse(reason: u32) -> u64 {
    reason as u64
}

/// The version to use with a host whose newest is this; 0 when there is none.
pub const fn agree(host: u32) -> u32 {
    if host < OLDEST {
        0
    } else if host < NEWEST {
        host
    } else {
        NEWEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_of_both_newest_versions_is_used() {
        assert_eq!(agree(0), 0);
        assert_eq!(agree(NEWEST), NEWEST);
        assert_eq!(agree(u32::MAX), NEWEST);
    }

    #[test]
    fn address_and_length_keep_their_halves() {
        assert_eq!(pack(0xffff_fff0, 0xf), 0xffff_fff0_0000_000f);
        assert_eq!(refuse(NO_ROOM) >> 32, 0);
    }
}
