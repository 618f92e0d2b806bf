//! The library's calls, and the engine's own typed call beside them.

use std::hint::black_box;
use std::rc::Rc;

use runoff_call::{Batch, Encoded, Error, Guest, Pair, Pod};
use runoff_guest_calls::{Factors, Greeting, Record};
use runoff_runtimes::overhead;

use super::cell::{Cell, Group, time};
use super::guests::{Guests, Shared};
use crate::modules;

/// Names that promises and tables refer to.
pub(crate) const OWN: &str = "the engine's own typed call";
pub(crate) const PAIR: &str = "pair";
pub(crate) const POD: &str = "pod, static";
pub(crate) const POD_RECORD: &str = "pod, static, 16-byte record";
pub(crate) const ENCODED_RECORD: &str = "encoded, static, 16-byte record";

pub(crate) fn cells(guests: &Guests) -> Result<Vec<Cell>, String> {
    make(guests).map_err(|e| e.to_string())
}

fn make(guests: &Guests) -> Result<Vec<Cell>, Error> {
    let (kinds, blocks) = (&guests.kinds, &guests.blocks);
    let mut cells = Vec::new();
    let mut add = |name: &str, run: Run| {
        let start = if name.contains("dynamic") { guests.start.blocks } else { guests.start.kinds };
        cells.push(Cell::new(&guests.id, Group::Typed, name, run).started(start));
    };
    if let Ok(mut own) = overhead::own_calls(&guests.id, modules::KINDS) {
        add(OWN, Box::new(move |calls| Ok(own(calls))));
    }
    let mul: Pair<(i32, i32), i32> = kinds.borrow_mut().pair("mul")?;
    add(PAIR, on(kinds, move |guest, n| Ok(mul.call(guest, (n, 3))? == n.wrapping_mul(3))));
    let wide: Pair<(f64, f64, f64), f64> = kinds.borrow_mut().pair("mul_add")?;
    add(
        "pair, three numbers (no fast path)",
        on(kinds, move |guest, n| {
            let n = f64::from(n);
            Ok(wide.call(guest, (n, 3.0, 1.0))? > n)
        }),
    );
    let mul: Pod<Factors, i32> = kinds.borrow_mut().pod("mul")?;
    add(POD, on(kinds, move |guest, n| Ok(mul.call(guest, &Factors { x: n, y: 3 })? == n.wrapping_mul(3))));
    let next: Pod<Record, Record> = kinds.borrow_mut().pod("next")?;
    add(POD_RECORD, on(kinds, move |guest, n| Ok(is_next(n, next.call(guest, &record(n))?))));
    let next: Pod<Record, Record> = blocks.borrow_mut().pod("next")?;
    add(
        "pod, dynamic, 16-byte record",
        on(blocks, move |guest, n| Ok(is_next(n, next.call_dynamic(guest, &record(n))?))),
    );
    let mul: Encoded<(i32, i32), i32> = kinds.borrow_mut().encoded("mul")?;
    add("encoded, static", on(kinds, move |guest, n| Ok(mul.call(guest, &(n, 3))? == n.wrapping_mul(3))));
    let next: Encoded<Record, Record> = kinds.borrow_mut().encoded("next")?;
    add(ENCODED_RECORD, on(kinds, move |guest, n| Ok(is_next(n, next.call(guest, &record(n))?))));
    let next: Encoded<Record, Record> = blocks.borrow_mut().encoded("next")?;
    add(
        "encoded, dynamic, 16-byte record",
        on(blocks, move |guest, n| Ok(is_next(n, next.call_dynamic(guest, &record(n))?))),
    );
    let greet: Encoded<str, ()> = kinds.borrow_mut().encoded("greet")?;
    add(
        "encoded, static, text in, nested text out",
        on(kinds, move |guest, _| {
            let greeting: Greeting<'_> = greet.call_borrowed(guest, "Ada Lovelace")?;
            Ok(greeting.name == ("Ada", Some("Lovelace")))
        }),
    );
    Ok(cells)
}

/// One call for 1 to 100,000 records.
pub(crate) fn batches(guests: &Guests) -> Result<Vec<Cell>, String> {
    let next: Batch<Record, Record> = guests.kinds.borrow_mut().batch("next").map_err(|e| e.to_string())?;
    let cells = [1_u32, 10, 100, 1000, 10_000, 100_000].map(|count| {
        let records: Vec<Record> = (0..count.cast_signed()).map(record).collect();
        let run = on(&guests.kinds, move |guest, _| {
            let answers = next.view(guest, black_box(&records))?;
            // Every answer is read, as its user would.
            let sum: u64 = answers.iter().map(|r| u64::from(r.count)).sum();
            Ok(answers.len() == count as usize && sum == u64::from(count) * 2)
        });
        let cell = Cell::new(&guests.id, Group::Batched, "pod, batched, 16-byte records", run);
        cell.sized(count.into()).started(guests.start.kinds)
    });
    Ok(cells.into())
}

type Run = Box<dyn FnMut(u32) -> Result<std::time::Duration, String>>;

/// A cell's body: calls on a guest others use as well, arguments hidden from the optimiser.
#[inline]
fn on(guest: &Shared, mut call: impl FnMut(&mut Guest, i32) -> Result<bool, Error> + 'static) -> Run {
    let guest = Rc::clone(guest);
    Box::new(move |calls| {
        let guest = &mut *guest.borrow_mut();
        time(calls, |n| call(guest, black_box(n.cast_signed() | 1)))
    })
}

fn record(n: i32) -> Record {
    Record { id: n.cast_unsigned(), count: 1, size: 13_304 }
}

fn is_next(n: i32, found: Record) -> bool {
    found == Record { count: 2, ..record(n) }
}
