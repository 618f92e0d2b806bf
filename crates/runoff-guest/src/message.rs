//! Last words for the host: what a panic says, and where.

#[cfg(target_arch = "wasm32")]
use core::cell::UnsafeCell;

const CAP: usize = 508;

/// As the host reads it: length, then text.
#[repr(C, align(4))]
struct Words {
    len: u32,
    text: [u8; CAP],
}

impl Words {
    const fn new() -> Self {
        Self { len: 0, text: [0; CAP] }
    }

    /// Adds what fits.
    fn add(&mut self, text: &str) {
        let start = self.len as usize;
        let fits = text.len().min(CAP - start);
        self.text[start..start + fits].copy_from_slice(&text.as_bytes()[..fits]);
        self.len = (start + fits) as u32;
    }

    /// Adds a number, without the weight of formatting.
    fn add_number(&mut self, mut number: u32) {
        let mut digits = [0; 10];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.add(core::str::from_utf8(&digits[at..]).unwrap_or("?"));
    }

    fn set(&mut self, what: &str, location: Option<&core::panic::Location<'_>>) {
        self.len = 0;
        self.add(what);
        if let Some(place) = location {
            self.add(" at ");
            self.add(place.file());
            self.add(":");
            self.add_number(place.line());
        }
    }
}

#[cfg(target_arch = "wasm32")]
struct Shared(UnsafeCell<Words>);

#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "statics must be Sync")]
// SAFETY: written by the one panic a guest can have, and read by the host when the guest has stopped.
unsafe impl Sync for Shared {}

#[cfg(target_arch = "wasm32")]
static WORDS: Shared = Shared(UnsafeCell::new(Words::new()));

/// Where the last words will be.
#[cfg(target_arch = "wasm32")]
pub(crate) fn address() -> usize {
    WORDS.0.get() as usize
}

/// Leaves last words.
#[cfg(target_arch = "wasm32")]
pub(crate) fn leave(what: &str, location: Option<&core::panic::Location<'_>>) {
    #[expect(unsafe_code, reason = "see `Shared`")]
    // SAFETY: see `Shared`.
    unsafe {
        (*WORDS.0.get()).set(what, location);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_what_and_where() {
        let mut words = Words::new();
        words.set("index out of bounds", Some(core::panic::Location::caller()));
        let text = core::str::from_utf8(&words.text[..words.len as usize]).expect("text");
        assert!(text.starts_with("index out of bounds at ") && text.contains("message.rs:"), "{text}");
        words.set(&"x".repeat(2 * CAP), None);
        assert_eq!(words.len as usize, CAP);
    }
}
