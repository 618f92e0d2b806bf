//! Arguments and environment: sizes first, then the strings, packed one behind the other.

use crate::raw;
use crate::report::{called, check, line};
use crate::words::Bytes;

/// The most strings and bytes that the probe looks at.
const STRINGS: usize = 32;
const BYTES: usize = 4096;

/// Strings as WASI hands them over: addresses of NUL-terminated strings in one buffer.
pub(crate) struct Strings {
    addresses: [u32; STRINGS],
    bytes: [u8; BYTES],
    count: u32,
    used: u32,
    errno: u32,
}

type Sizes = unsafe extern "C" fn(*mut u32, *mut u32) -> u32;
type Get = unsafe extern "C" fn(*mut u32, *mut u8) -> u32;

impl Strings {
    pub(crate) const fn new() -> Self {
        Self { addresses: [0; STRINGS], bytes: [b'.'; BYTES], count: 0, used: 0, errno: 0 }
    }

    /// Reads the arguments without printing; the addresses refer to `self`, which therefore must stay where it is.
    pub(crate) fn arguments(&mut self) -> &Self {
        self.fill(raw::args_sizes_get, raw::args_get)
    }

    fn fill(&mut self, sizes: Sizes, get: Get) -> &Self {
        // SAFETY: both numbers are writable.
        self.errno = unsafe { sizes(&raw mut self.count, &raw mut self.used) };
        if self.count as usize > STRINGS || self.used as usize > BYTES {
            self.errno = 1;
        }
        if self.errno == 0 {
            // SAFETY: the check above shows that strings and addresses fit.
            self.errno = unsafe { get(self.addresses.as_mut_ptr(), self.bytes.as_mut_ptr()) };
        }
        if self.errno != 0 {
            self.count = 0;
            self.used = 0;
        }
        self
    }

    /// String number `index` without its NUL; empty when there is none.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        let start = match self.addresses[..self.count as usize].get(index) {
            Some(address) => (*address).wrapping_sub(self.bytes.as_ptr() as u32) as usize,
            None => return &[],
        };
        let rest = self.bytes[..self.used as usize].get(start..).unwrap_or(&[]);
        rest.split(|&byte| byte == 0).next().unwrap_or(&[])
    }

    fn print(&self, sizes: &str, get: &str) {
        called!(self.errno, "{sizes}()"; "{} strings, {} bytes", self.count, self.used);
        called!(self.errno, "{get}()");
        for index in 0..self.count as usize {
            line(format_args!("  [{index}] {}", Bytes(self.get(index))));
        }
        let mut expected = self.bytes.as_ptr() as u32;
        let packed = (0..self.count as usize).all(|index| {
            let here = self.addresses[index] == expected;
            expected += self.get(index).len() as u32 + 1;
            here
        });
        check("strings are packed in order", packed);
        check("the sizes are exact", expected == self.bytes.as_ptr() as u32 + self.used);
        let behind = &self.bytes[self.used as usize..];
        check("nothing is written behind them", behind.iter().all(|&byte| byte == b'.'));
    }
}

pub(crate) fn args(arguments: &Strings) {
    arguments.print("args_sizes_get", "args_get");
}

pub(crate) fn env() {
    let mut memory = Strings::new();
    let environment = memory.fill(raw::environ_sizes_get, raw::environ_get);
    environment.print("environ_sizes_get", "environ_get");
}
