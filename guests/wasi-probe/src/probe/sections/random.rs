//! Random bytes.

use crate::raw;
use crate::report::{called, check};

pub(crate) fn random() {
    let mut first = [0_u8; 96];
    let mut second = [0_u8; 96];
    for (buffer, len) in [(&mut first, 0), (&mut first, 64), (&mut second, 64)] {
        // SAFETY: `buffer` is at least `len` bytes long.
        let errno = unsafe { raw::random_get(buffer.as_mut_ptr(), len) };
        called!(errno, "random_get({len} bytes)");
    }
    check("not all bytes are zero", first.iter().any(|&byte| byte != 0));
    check("the second draw differs", first != second);
    check(
        "nothing is written behind the buffer",
        first[64..].iter().chain(&second[64..]).all(|&byte| byte == 0),
    );
}
