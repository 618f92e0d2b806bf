//! Traces: what is read, and what is said about lines that cannot be.

use runoff_guest_cache::Request;
use runoff_guest_cache::trace::{Sizes, parse};

fn requests(pairs: &[(u64, u64)]) -> Vec<Request> {
    pairs.iter().map(|&(id, size)| Request { id, size }).collect()
}

#[test]
fn lines_are_ids_and_sizes() {
    let text = b"1 10\n         2         20\r\n\n1 11\n18446744073709551615 0";
    let expected = [(1, 10), (2, 20), (1, 11), (u64::MAX, 0)];
    assert_eq!(parse(text, Sizes::AsRecorded).unwrap(), requests(&expected));
    let expected = [(1, 10), (2, 20), (1, 10), (u64::MAX, 0)];
    assert_eq!(parse(text, Sizes::FirstWins).unwrap(), requests(&expected));
}

#[test]
fn errors_name_the_line() {
    for (text, message) in [
        ("1 2\n3\n", "trace, line 2: only one number; needed are `id size`: \"3\""),
        ("1 2 3\n", "trace, line 1: more than `id size`: \"1 2 3\""),
        ("1 2\n\nx 2\n", "trace, line 3: the id is not a whole number below 2^64: \"x 2\""),
        ("1 -2\n", "trace, line 1: the size is not a whole number of bytes: \"1 -2\""),
        ("1 18446744073709551616", "line 1: the size"),
        ("\n \n", "the trace has no requests"),
    ] {
        let error = parse(text.as_bytes(), Sizes::AsRecorded).unwrap_err().to_string();
        assert!(error.contains(message), "{text:?}: {error}");
    }
    let long = parse(&[b'9'; 5000], Sizes::AsRecorded).unwrap_err().to_string();
    assert!(long.len() < 200, "a long line is shortened");
    assert!(parse(b"\xff\xfe 1\n", Sizes::AsRecorded).is_err());
}

#[cfg(feature = "gzip")]
mod gzip {
    use super::*;
    use runoff_guest_cache::trace::read;
    use std::io::Write as _;

    #[test]
    fn packed_or_not() {
        let text = b"1 10\n2 20\n";
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        let packed = encoder.finish().unwrap();
        let expected = requests(&[(1, 10), (2, 20)]);
        assert_eq!(read(text.as_slice(), Sizes::FirstWins).unwrap(), expected);
        assert_eq!(read(packed.as_slice(), Sizes::FirstWins).unwrap(), expected);
        let twice = [packed.as_slice(), packed.as_slice()].concat();
        assert_eq!(read(twice.as_slice(), Sizes::FirstWins).unwrap().len(), 4, "members one after the other");
        let error = read(&packed[..packed.len() - 6], Sizes::FirstWins).unwrap_err().to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }
}
