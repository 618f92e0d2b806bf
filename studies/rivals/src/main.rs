//! Times what else one could call a guest with, when told to: Extism and the component model.
//!
//! `runoff study calls` starts it and tells it what to time, round by round, so that its figures belong to the same run
//! (the protocol: `runoff-study`, `calls/external.rs`).

mod component;
mod plugin;

use std::io::{self, BufRead, Write};
use std::time::{Duration, Instant};

/// One thing that is timed.
pub struct Cell {
    name: &'static str,
    config: &'static str,
    size: u64,
    /// Makes so many calls; whether all answered right.
    run: Box<dyn FnMut(u32) -> Result<bool, String>>,
}

/// Bytes of the large payload.
const LARGE: usize = 65_536;

// What `runoff study calls` calls them.
const NUMBERS: &str = "numbers";
const RECORD: &str = "16-byte record in and out";
const BYTES: &str = "bytes there and back";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut cells = plugin::cells()?;
    cells.extend(component::cells()?);
    let mut out = io::stdout().lock();
    let extism = concat!(env!("EXTISM_VERSION"), " on Wasmtime ", env!("EXTISM_WASMTIME_VERSION"));
    writeln!(out, "version Extism\t{extism}")?;
    writeln!(out, "version component model\tWasmtime {}", env!("WASMTIME_VERSION"))?;
    for cell in &cells {
        writeln!(out, "cell {}\t{}\t{}", cell.name, cell.config, cell.size)?;
    }
    writeln!(out, "ready")?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match answer(&mut cells, &line) {
            Ok(took) => writeln!(out, "{}", took.as_nanos())?,
            Err(why) => writeln!(out, "error {}", why.replace('\n', " "))?,
        }
        out.flush()?;
    }
    Ok(())
}

fn answer(cells: &mut [Cell], line: &str) -> Result<Duration, String> {
    let (index, calls) = line.split_once(' ').ok_or("expected `INDEX CALLS`")?;
    let index: usize = index.parse().map_err(|_| "not an index")?;
    let calls: u32 = calls.parse().map_err(|_| "not a number of calls")?;
    let cell = cells.get_mut(index).ok_or("no such cell")?;
    let start = Instant::now();
    match (cell.run)(calls)? {
        true => Ok(start.elapsed()),
        false => Err("a wrong answer".into()),
    }
}

/// The record of 16 bytes: id, count, size.
fn record(n: u32) -> (u32, u32, u64) {
    (n, 1, 13_304)
}

fn bytes_of((id, count, size): (u32, u32, u64)) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&id.to_le_bytes());
    bytes[4..8].copy_from_slice(&count.to_le_bytes());
    bytes[8..].copy_from_slice(&size.to_le_bytes());
    bytes
}
