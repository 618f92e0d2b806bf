//! A host that uses everything, and compares what it is given with what is there.

use std::cell::RefCell;
use std::rc::Rc;

use runoff_call::{Batch, Bytes, Encoded, Error, ErrorKind, Guest, Pair, Pod, wire};

use crate::liar::{Liar, Truth};
use crate::random::Random;

/// What happened, by kind.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) cases: u64,
    good: u64,
    outside: u64,
    refused: u64,
    length: u64,
    misaligned: u64,
    no_room: u64,
    decode: u64,
    version: u64,
    failed: u64,
    last_words: u64,
    poisoned: u64,
}

impl Seen {
    pub(crate) fn kinds(&self) -> [(&'static str, u64); 11] {
        [
            ("good", self.good),
            ("outside", self.outside),
            ("refused", self.refused),
            ("length", self.length),
            ("misaligned", self.misaligned),
            ("no room", self.no_room),
            ("decode", self.decode),
            ("version", self.version),
            ("failed", self.failed),
            ("last words", self.last_words),
            ("poisoned", self.poisoned),
        ]
    }

    fn count(&mut self, error: &Error) {
        match error.kind() {
            ErrorKind::OutOfBounds { .. } => self.outside += 1,
            ErrorKind::Refused(_) => self.refused += 1,
            ErrorKind::Length { .. } => self.length += 1,
            ErrorKind::Misaligned(_) => self.misaligned += 1,
            ErrorKind::NoRoom(_) => self.no_room += 1,
            ErrorKind::Decode(_) => self.decode += 1,
            ErrorKind::Version { .. } => self.version += 1,
            ErrorKind::Failed { message, .. } => {
                self.failed += 1;
                self.last_words += u64::from(message.is_some());
            }
            ErrorKind::Poisoned(_) => self.poisoned += 1,
            other => panic!("{other}"),
        }
    }
}

/// One guest and its host.
pub(crate) struct Drive {
    random: Random,
    truth: Rc<RefCell<Truth>>,
    guest: Result<Guest, Error>,
}

struct Handles {
    pair: Pair<(i32, i32), i32>,
    wide: Pair<(f64, f64, f64), f64>,
    pod: Pod<u64, u64>,
    many: Pod<[u32], [u16]>,
    batch: Batch<u32, u32>,
    encoded: Encoded<Vec<u32>, (u32, String)>,
    bytes: Bytes,
}

impl Drive {
    pub(crate) fn new(seed: u64) -> Self {
        let truth = Rc::new(RefCell::new(Truth::default()));
        let guest = Guest::new(Box::new(Liar::new(seed, Rc::clone(&truth))));
        Self { random: Random::new(seed ^ 0xdead_beef), truth, guest }
    }

    pub(crate) fn run(mut self, seen: &mut Seen) {
        seen.cases += 1;
        let mut guest = match std::mem::replace(&mut self.guest, Err(ErrorKind::NoConvention.into())) {
            Ok(guest) => guest,
            Err(error) => return seen.count(&error),
        };
        let handles = Handles {
            pair: guest.pair("pair").expect("exported"),
            wide: guest.pair("wide").expect("exported"),
            pod: guest.pod("f").expect("exported"),
            many: guest.pod("many").expect("exported"),
            batch: guest.batch("f").expect("exported"),
            encoded: guest.encoded("f").expect("exported"),
            bytes: guest.bytes("f").expect("exported"),
        };
        for _ in 0..40 {
            seen.cases += 1;
            match self.call(&mut guest, &handles) {
                Ok(()) => seen.good += 1,
                Err(error) => seen.count(&error),
            }
        }
        let truth = self.truth.borrow();
        assert_eq!(truth.calls_after, 0, "a poisoned guest was called");
        assert_eq!(truth.failed, guest.poison().is_some());
    }

    fn call(&mut self, guest: &mut Guest, handles: &Handles) -> Result<(), Error> {
        let len =
            if self.random.one_in(10) { self.random.below(9000) } else { self.random.below(40) } as usize;
        let numbers = vec![7_u32; len];
        match self.random.below(11) {
            0 => {
                let answer = handles.pair.call(guest, (1, 2))?;
                assert_eq!(answer, self.truth.borrow().answer as i32);
            }
            1 => drop(handles.wide.call(guest, (1.0, 2.0, 3.0))?),
            2 => {
                let answer = handles.pod.call(guest, &5)?;
                self.is_there(&answer.to_le_bytes());
            }
            3 => drop(handles.pod.call_dynamic(guest, &5)?),
            4 => {
                let view = handles.many.view(guest, &numbers)?;
                self.is_there(view.as_bytes());
                assert_eq!(view.iter().len(), view.len());
                assert_eq!(view.get(view.len()), None);
            }
            5 => {
                let view = handles.batch.view(guest, &numbers)?;
                assert_eq!(view.len(), len);
                self.is_there(view.as_bytes());
            }
            6 => {
                let view = handles.batch.view_from(guest, len, |i| i as u32)?;
                assert_eq!(view.to_vec().len(), len);
            }
            7 => drop(handles.encoded.call(guest, &numbers)?),
            8 => drop(handles.encoded.call_dynamic(guest, &numbers)?),
            9 => {
                let answer = handles.bytes.call(guest, &vec![1; len])?;
                self.is_there(answer);
            }
            _ => drop(handles.bytes.call_dynamic(guest, &vec![1; len])?),
        }
        Ok(())
    }

    /// What was given is what the guest has where it says.
    fn is_there(&self, bytes: &[u8]) {
        let truth = self.truth.borrow();
        let (ptr, len) = wire::unpack(truth.answer);
        let there = truth.memory.get(ptr as usize..ptr as usize + len as usize);
        assert_eq!(there.filter(|_| ptr != 0).unwrap_or_default(), bytes);
    }
}
