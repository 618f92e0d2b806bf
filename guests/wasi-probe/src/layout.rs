//! Structures of preview 1 as they lie in memory: little-endian, naturally aligned, padding ignored.

/// The specification's word for a file type.
pub fn filetype(number: u8) -> &'static str {
    const NAMES: [&str; 8] = [
        "unknown",
        "block device",
        "character device",
        "directory",
        "regular file",
        "datagram socket",
        "stream socket",
        "symbolic link",
    ];
    NAMES.get(usize::from(number)).copied().unwrap_or("no such type")
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// What `fd_filestat_get` and `path_filestat_get` fill in; times in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the specification's fields")]
pub struct Filestat {
    pub dev: u64,
    pub ino: u64,
    pub filetype: u8,
    pub nlink: u64,
    pub size: u64,
    pub atim: u64,
    pub mtim: u64,
    pub ctim: u64,
}

impl Filestat {
    /// Its size in memory.
    pub const BYTES: usize = 64;

    /// Reads it from the memory it was written to.
    pub fn read(bytes: &[u8; Self::BYTES]) -> Self {
        Self {
            dev: u64_at(bytes, 0),
            ino: u64_at(bytes, 8),
            filetype: bytes[16],
            nlink: u64_at(bytes, 24),
            size: u64_at(bytes, 32),
            atim: u64_at(bytes, 40),
            mtim: u64_at(bytes, 48),
            ctim: u64_at(bytes, 56),
        }
    }
}

/// What `fd_fdstat_get` fills in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the specification's fields")]
pub struct Fdstat {
    pub filetype: u8,
    pub flags: u16,
    pub rights_base: u64,
    pub rights_inheriting: u64,
}

impl Fdstat {
    /// Its size in memory.
    pub const BYTES: usize = 24;

    /// Reads it from the memory it was written to.
    pub fn read(bytes: &[u8; Self::BYTES]) -> Self {
        Self {
            filetype: bytes[0],
            flags: u16_at(bytes, 2),
            rights_base: u64_at(bytes, 8),
            rights_inheriting: u64_at(bytes, 16),
        }
    }
}

/// The head of a directory entry; its name follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dirent {
    /// The cookie from which the entry after this one is read.
    pub next: u64,
    /// The entry's inode.
    pub ino: u64,
    /// The length of the name in bytes.
    pub name_len: u32,
    /// The entry's file type.
    pub filetype: u8,
}

impl Dirent {
    /// The size of the head in memory.
    pub const BYTES: usize = 24;

    /// Splits the first entry from a buffer filled by `fd_readdir`: head, name, and what follows. `None` when the
    /// buffer ends within the entry.
    pub fn split_first(bytes: &[u8]) -> Option<(Self, &[u8], &[u8])> {
        let (head, rest) = bytes.split_at_checked(Self::BYTES)?;
        let entry = Self {
            next: u64_at(head, 0),
            ino: u64_at(head, 8),
            name_len: u32_at(head, 16),
            filetype: head[20],
        };
        let (name, rest) = rest.split_at_checked(entry.name_len as usize)?;
        Some((entry, name, rest))
    }
}

/// One thing to wait for with `poll_oneoff`, in the form it has in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(8))]
pub struct Subscription(pub [u8; 48]);

impl Subscription {
    /// A time of a clock, relative to now or absolute, in nanoseconds.
    pub fn clock(userdata: u64, clock: u32, timeout: u64, absolute: bool) -> Self {
        let mut this = Self::fd(userdata, 0, clock);
        this.0[24..32].copy_from_slice(&timeout.to_le_bytes());
        this.0[40] = u8::from(absolute);
        this
    }

    /// Data to read from (`tag` 1) or room to write to (`tag` 2) a file descriptor.
    pub fn fd(userdata: u64, tag: u8, fd: u32) -> Self {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&userdata.to_le_bytes());
        bytes[8] = tag;
        bytes[16..20].copy_from_slice(&fd.to_le_bytes());
        Self(bytes)
    }
}

/// One thing that happened, as `poll_oneoff` reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The number given in the subscription.
    pub userdata: u64,
    /// An error number of this subscription alone.
    pub error: u16,
    /// The subscription's tag: 0 clock, 1 reading, 2 writing.
    pub tag: u8,
    /// How many bytes can be read or written.
    pub nbytes: u64,
    /// Bit 0: the other end hung up.
    pub flags: u16,
}

impl Event {
    /// Its size in memory.
    pub const BYTES: usize = 32;

    /// Reads it from the memory it was written to.
    pub fn read(bytes: &[u8; Self::BYTES]) -> Self {
        Self {
            userdata: u64_at(bytes, 0),
            error: u16_at(bytes, 8),
            tag: bytes[10],
            nbytes: u64_at(bytes, 16),
            flags: u16_at(bytes, 24),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filestat_fields_lie_where_the_specification_says() {
        let mut bytes = [0_u8; Filestat::BYTES];
        for (i, byte) in (0_u8..).zip(&mut bytes) {
            *byte = i;
        }
        let stat = Filestat::read(&bytes);
        assert_eq!(stat.dev, 0x0706_0504_0302_0100);
        assert_eq!(stat.filetype, 16);
        assert_eq!(stat.nlink.to_le_bytes()[0], 24);
        assert_eq!(stat.ctim.to_le_bytes()[7], 63);
    }

    #[test]
    fn entries_are_split_and_cut_ones_refused() {
        let mut bytes = [0_u8; 30];
        bytes[0] = 7;
        bytes[16] = 3;
        bytes[20] = 4;
        bytes[24..27].copy_from_slice(b"abc");
        let (entry, name, rest) = Dirent::split_first(&bytes).unwrap();
        assert_eq!((entry.next, entry.name_len, entry.filetype), (7, 3, 4));
        assert_eq!((name, rest.len()), (&b"abc"[..], 3));
        assert_eq!(Dirent::split_first(&bytes[..26]), None);
        assert_eq!(Dirent::split_first(&bytes[..23]), None);
    }

    #[test]
    fn subscriptions_lie_where_the_specification_says() {
        let clock = Subscription::clock(5, 1, 0x0203, true);
        assert_eq!(
            (clock.0[0], clock.0[8], clock.0[16], clock.0[24], clock.0[25], clock.0[40]),
            (5, 0, 1, 3, 2, 1)
        );
        let read = Subscription::fd(6, 1, 3);
        assert_eq!((read.0[0], read.0[8], read.0[16]), (6, 1, 3));
    }
}
