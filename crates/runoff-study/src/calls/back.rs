//! The guest calls the host: in a loop of the guest's, so that what is measured is the way back only.

use std::rc::Rc;

use runoff_call::{Error, Pair};

use super::cell::{Cell, Group, time};
use super::guests::Guests;
use super::sweep::SIZES;

/// Host calls in one call of ours.
const INNER: u32 = 200;

pub(crate) fn cells(guests: &Guests) -> Result<Vec<Cell>, String> {
    make(guests).map_err(|e| e.to_string())
}

fn make(guests: &Guests) -> Result<Vec<Cell>, Error> {
    let mut cells = Vec::new();
    for (export, name) in [
        ("none", "the loop alone, no host"),
        ("numbers", "pair"),
        ("records", "pod, 16-byte record"),
        ("encoded", "encoded, 16-byte record"),
    ] {
        let func: Pair<(u32,), i32> = guests.back.borrow_mut().pair(export)?;
        let guest = Rc::clone(&guests.back);
        let run = move |calls| {
            let guest = &mut *guest.borrow_mut();
            time(calls, |_| Ok::<_, Error>(func.call(guest, (INNER,))? != 0))
        };
        let cell = Cell::new(&guests.id, Group::Back, name, run).inner(INNER);
        cells.push(cell.started(guests.start.back));
    }
    for size in SIZES {
        let func: Pair<(u32, u32), u32> = guests.back.borrow_mut().pair("bytes")?;
        let guest = Rc::clone(&guests.back);
        // About a megabyte in one call of ours.
        let inner = ((1 << 20) / size).clamp(1, INNER);
        let run = move |calls| {
            let guest = &mut *guest.borrow_mut();
            time(calls, |_| Ok::<_, Error>(func.call(guest, (inner, size))? == inner * size))
        };
        let cell = Cell::new(&guests.id, Group::Back, "bytes there and back", run).inner(inner);
        cells.push(cell.sized(size.into()).started(guests.start.back));
    }
    Ok(cells)
}
