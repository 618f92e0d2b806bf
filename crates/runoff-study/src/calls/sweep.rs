//! Payloads from 8 bytes to a megabyte: both ways, in only, out only.

use std::hint::black_box;
use std::rc::Rc;

use runoff_call::{Bytes, Error, Pod};

use super::cell::{Cell, Group, time};
use super::guests::Guests;

/// Bytes per call.
pub(crate) const SIZES: [u32; 8] = [8, 64, 512, 4096, 32_768, 65_536, 262_144, 1 << 20];

/// The name that promises refer to.
pub(crate) const ECHO: &str = "bytes there and back, copied out";

pub(crate) fn cells(guests: &Guests) -> Result<Vec<Cell>, String> {
    make(guests).map_err(|e| e.to_string())
}

fn make(guests: &Guests) -> Result<Vec<Cell>, Error> {
    let (echo, checksum, make) = {
        let mut guest = guests.kinds.borrow_mut();
        (guest.bytes("echo")?, guest.bytes("checksum")?, guest.pod::<u32, [u8]>("make")?)
    };
    let mut cells = Vec::new();
    for size in SIZES {
        let mut add = |name: &str, run: Run| {
            let cell = Cell::new(&guests.id, Group::Payload, name, run).sized(size.into());
            cells.push(cell.started(guests.start.kinds));
        };
        add(ECHO, echoing(guests, echo, size));
        add("bytes in, read by the guest", reading(guests, checksum, size));
        add("bytes out, read in place", making(guests, make, size));
    }
    Ok(cells)
}

type Run = Box<dyn FnMut(u32) -> Result<std::time::Duration, String>>;

fn echoing(guests: &Guests, echo: Bytes, size: u32) -> Run {
    let guest = Rc::clone(&guests.kinds);
    let payload = vec![0x5a_u8; size as usize];
    let mut answer = Vec::new();
    Box::new(move |calls| {
        let guest = &mut *guest.borrow_mut();
        time(calls, |_| {
            answer.clear();
            answer.extend_from_slice(echo.call(guest, black_box(&payload))?);
            Ok::<_, Error>(answer.len() == payload.len())
        })
    })
}

fn reading(guests: &Guests, checksum: Bytes, size: u32) -> Run {
    let guest = Rc::clone(&guests.kinds);
    let payload = vec![0x5a_u8; size as usize];
    Box::new(move |calls| {
        let guest = &mut *guest.borrow_mut();
        time(calls, |_| Ok::<_, Error>(checksum.call(guest, black_box(&payload))?.len() == 8))
    })
}

fn making(guests: &Guests, make: Pod<u32, [u8]>, size: u32) -> Run {
    let guest = Rc::clone(&guests.kinds);
    Box::new(move |calls| {
        let guest = &mut *guest.borrow_mut();
        time(calls, |_| {
            let view = make.view(guest, &black_box(size))?;
            // Read in place: the first and the last byte stand for what a user wants to see.
            let bytes = view.as_bytes();
            Ok::<_, Error>(bytes.len() == size as usize && bytes.first() == bytes.last())
        })
    })
}
