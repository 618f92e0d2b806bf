//! Error numbers of preview 1.

use core::fmt;

const NAMES: [&str; 77] = [
    "success",
    "2big",
    "acces",
    "addrinuse",
    "addrnotavail",
    "afnosupport",
    "again",
    "already",
    "badf",
    "badmsg",
    "busy",
    "canceled",
    "child",
    "connaborted",
    "connrefused",
    "connreset",
    "deadlk",
    "destaddrreq",
    "dom",
    "dquot",
    "exist",
    "fault",
    "fbig",
    "hostunreach",
    "idrm",
    "ilseq",
    "inprogress",
    "intr",
    "inval",
    "io",
    "isconn",
    "isdir",
    "loop",
    "mfile",
    "mlink",
    "msgsize",
    "multihop",
    "nametoolong",
    "netdown",
    "netreset",
    "netunreach",
    "nfile",
    "nobufs",
    "nodev",
    "noent",
    "noexec",
    "nolck",
    "nolink",
    "nomem",
    "nomsg",
    "noprotoopt",
    "nospc",
    "nosys",
    "notconn",
    "notdir",
    "notempty",
    "notrecoverable",
    "notsock",
    "notsup",
    "notty",
    "nxio",
    "overflow",
    "ownerdead",
    "perm",
    "pipe",
    "proto",
    "protonosupport",
    "prototype",
    "range",
    "rofs",
    "spipe",
    "srch",
    "stale",
    "timedout",
    "txtbsy",
    "xdev",
    "notcapable",
];

/// The specification's name of an error number.
pub fn name_of(errno: u32) -> Option<&'static str> {
    NAMES.get(errno as usize).copied()
}

/// An error number, displayed as `0` or as number and name, `8 badf`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome(pub u32);

impl Outcome {
    /// Whether the call did what it was asked to.
    pub fn is_success(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, name_of(self.0)) {
            (0, _) => f.write_str("0"),
            (errno, Some(name)) => write!(f, "{errno} {name}"),
            (errno, None) => write!(f, "{errno} (no such error)"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn numbers_have_the_specified_names() {
        for (errno, name) in
            [(8, "badf"), (21, "fault"), (28, "inval"), (44, "noent"), (54, "notdir"), (76, "notcapable")]
        {
            assert_eq!(name_of(errno), Some(name));
        }
        assert_eq!(name_of(77), None);
        assert_eq!(Outcome(0).to_string(), "0");
        assert_eq!(Outcome(55).to_string(), "55 notempty");
        assert_eq!(Outcome(99).to_string(), "99 (no such error)");
    }
}
