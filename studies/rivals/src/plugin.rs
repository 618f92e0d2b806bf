//! Extism, by its Rust SDK.

use std::hint::black_box;

use extism::{Manifest, Plugin, Wasm};

use crate::{BYTES, Cell, LARGE, NUMBERS, RECORD, bytes_of, record};

/// A plug-in does with its input and output what Extism's kit for guests does: asks for their length, copies eight
/// bytes at a time through the host's functions, and names its output.
const PLUGIN: &str = include_str!("plugin.wat");

pub fn cells() -> Result<Vec<Cell>, Box<dyn std::error::Error>> {
    let make = || -> Result<Plugin, Box<dyn std::error::Error>> {
        let manifest = Manifest::new([Wasm::data(PLUGIN.as_bytes())]);
        Ok(Plugin::new(manifest, [], false)?)
    };
    let (mut mul, mut next, mut echo) = (make()?, make()?, make()?);
    let payload = vec![0x5a_u8; LARGE];
    let cell = |config, size, run| Cell { name: "extism", config, size, run };
    Ok(vec![
        cell(
            NUMBERS,
            0,
            Box::new(move |calls| {
                for n in 0..calls {
                    let mut factors = [0; 8];
                    factors[..4].copy_from_slice(&black_box(n).to_le_bytes());
                    factors[4..].copy_from_slice(&3_u32.to_le_bytes());
                    let answer = mul.call::<&[u8], &[u8]>("mul", &factors).map_err(|e| format!("{e:#}"))?;
                    if answer != n.wrapping_mul(3).to_le_bytes() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
        cell(
            RECORD,
            0,
            Box::new(move |calls| {
                for n in 0..calls {
                    let (id, count, size) = record(black_box(n));
                    let input = bytes_of((id, count, size));
                    let answer = next.call::<&[u8], &[u8]>("next", &input).map_err(|e| format!("{e:#}"))?;
                    if answer != bytes_of((id, count + 1, size)) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
        cell(
            BYTES,
            LARGE as u64,
            Box::new(move |calls| {
                for _ in 0..calls {
                    let input: &[u8] = black_box(&payload);
                    let answer = echo.call::<&[u8], &[u8]>("echo", input).map_err(|e| format!("{e:#}"))?;
                    if black_box(answer.to_vec()).len() != payload.len() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }),
        ),
    ])
}
