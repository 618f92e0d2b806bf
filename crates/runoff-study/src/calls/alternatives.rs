//! What else a program could call: its own code, a library loaded at run time, another process.

use std::hint::black_box;

use runoff_call::bytemuck;
use runoff_guest_calls::Record;

use super::cell::{Cell, Group, time};
use super::child::{Peer, PeerCommand};
use super::dylib::Library;
use super::run::Absent;

/// Names that promises and tables refer to.
pub(crate) const NUMBERS: &str = "numbers";
pub(crate) const RECORD: &str = "16-byte record in and out";
pub(crate) const BYTES: &str = "bytes there and back";

/// Bytes per call, large.
pub(crate) const LARGE: u32 = 65_536;

pub(crate) fn cells(peer: Option<&PeerCommand>, absent: &mut Vec<Absent>) -> Vec<Cell> {
    let mut cells = native();
    match Library::build().map(|library| dylib(&library)) {
        Ok(more) => cells.extend(more),
        Err(why) => absent.push(Absent { what: "native library".into(), why }),
    }
    let process = peer.ok_or_else(|| "not asked for".to_owned()).and_then(process);
    match process {
        Ok(more) => cells.extend(more),
        Err(why) => absent.push(Absent { what: "child process".into(), why }),
    }
    cells
}

fn cell(
    runtime: &str,
    config: &str,
    run: impl FnMut(u32) -> Result<std::time::Duration, String> + 'static,
) -> Cell {
    Cell::new(runtime, Group::Alternative, config, run)
}

fn record(n: u32) -> Record {
    Record { id: n, count: 1, size: 13_304 }
}

/// Through pointers the optimiser does not see through.
fn native() -> Vec<Cell> {
    let id = "native function";
    let mul: fn(i32, i32) -> i32 = black_box(runoff_guest_calls::mul);
    let next: fn(Record) -> Record = black_box(runoff_guest_calls::next);
    let copy: fn(&[u8], &mut Vec<u8>) = black_box(copy);
    let payload = vec![0x5a_u8; LARGE as usize];
    let mut into = Vec::new();
    vec![
        cell(id, NUMBERS, move |calls| {
            time(calls, |n| {
                let n = black_box(n.cast_signed());
                Ok::<_, String>(mul(n, 3) == n.wrapping_mul(3))
            })
        }),
        cell(id, RECORD, move |calls| {
            time(calls, |n| Ok::<_, String>(next(record(black_box(n))) == Record { count: 2, ..record(n) }))
        }),
        cell(id, BYTES, move |calls| {
            time(calls, |_| {
                copy(black_box(&payload), &mut into);
                Ok::<_, String>(into.len() == payload.len())
            })
        })
        .sized(LARGE.into()),
    ]
}

#[inline(never)]
fn copy(from: &[u8], to: &mut Vec<u8>) {
    to.clear();
    to.extend_from_slice(from);
}

fn dylib(library: &Library) -> Vec<Cell> {
    let id = "native library";
    let functions = [library.functions(), library.functions(), library.functions()];
    let [mul, next, echo] = functions;
    let payload = vec![0x5a_u8; LARGE as usize];
    let mut into = vec![0_u8; LARGE as usize];
    vec![
        cell(id, NUMBERS, move |calls| {
            time(calls, |n| {
                let n = black_box(n.cast_signed());
                Ok::<_, String>(mul.mul(n, 3) == n.wrapping_mul(3))
            })
        }),
        cell(id, RECORD, move |calls| {
            time(calls, |n| {
                Ok::<_, String>(next.next(record(black_box(n))) == Record { count: 2, ..record(n) })
            })
        }),
        cell(id, BYTES, move |calls| {
            time(calls, |_| Ok::<_, String>(echo.echo(black_box(&payload), &mut into) == payload.len()))
        })
        .sized(LARGE.into()),
    ]
}

fn process(command: &PeerCommand) -> Result<Vec<Cell>, String> {
    let id = "child process";
    let mut peers = Vec::new();
    for _ in 0..3 {
        peers.push(Peer::start(command)?);
    }
    let [Some(mut mul), Some(mut next), Some(mut echo)] = [peers.pop(), peers.pop(), peers.pop()] else {
        return Err("no processes".into());
    };
    let payload = vec![0x5a_u8; LARGE as usize];
    Ok(vec![
        cell(id, NUMBERS, move |calls| {
            time(calls, |n| {
                let n = n.cast_signed();
                let factors = runoff_guest_calls::Factors { x: n, y: 3 };
                let answer = mul.call(super::child::MUL, bytemuck::bytes_of(&factors))?;
                Ok::<_, String>(answer == n.wrapping_mul(3).to_le_bytes())
            })
        }),
        cell(id, RECORD, move |calls| {
            time(calls, |n| {
                let answer = next.call(super::child::NEXT, bytemuck::bytes_of(&record(n)))?;
                Ok::<_, String>(answer == bytemuck::bytes_of(&Record { count: 2, ..record(n) }))
            })
        }),
        cell(id, BYTES, move |calls| {
            time(calls, |_| Ok::<_, String>(echo.call(super::child::ECHO, &payload)?.len() == payload.len()))
        })
        .sized(LARGE.into()),
    ])
}
