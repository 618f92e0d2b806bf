//! Random bytes.

use crate::raw;
use crate::report::{called, check};

pub(crate) fn random() {
    let mut first = [0_u8; 96];
    let mut second = [0_u8; 96];
    draw(&mut first[..0]);
    draw(&mut first[..64]);
    draw(&mut second[..64]);
    check("not all bytes are zero", first.iter().any(|&byte| byte != 0));
    check("the second draw differs", first != second);
    check(
        "nothing is written behind the buffer",
        first[64..].iter().chain(&second[64..]).all(|&byte| byte == 0),
    );
}

fn draw(buffer: &mut [u8]) {
    let len = buffer.len() as u32;
    // SAFETY: `buffer` is writable.
    let errno = unsafe { raw::random_get(buffer.as_mut_ptr(), len) };
    called!(errno, "random_get({len} bytes)");
}
