//! What must hold.

use super::alternatives;
use super::cell::Group;
use super::run::Row;
use super::{sweep, typed};
use crate::Promise;

const BEST: &str = "wasmtime/cranelift";

pub(crate) fn promises(rows: &[Row]) -> Vec<Promise> {
    let find = |runtime: &str, group: Group, config: &str, size: u64| -> &[Option<f64>] {
        let is = |row: &&Row| {
            let key = &row.key;
            key.runtime == runtime && key.group == group && key.config == config && key.size == size
        };
        rows.iter().find(is).map_or(&[], |row| &row.rounds)
    };
    let typed = |config| find(BEST, Group::Typed, config, 0);
    let large = u64::from(alternatives::LARGE);
    let extism = |config, size| find("extism", Group::Alternative, config, size);
    vec![
        Promise::new(
            format!("{BEST}: cached pair call / the engine's own typed call"),
            typed(typed::PAIR),
            typed(typed::OWN),
            1.15,
            false,
        ),
        Promise::new(
            format!("{BEST}: static pod call / pair call"),
            typed(typed::POD),
            typed(typed::PAIR),
            1.5,
            false,
        ),
        Promise::new(
            format!("{BEST}: encoded / pod, 16-byte record"),
            typed(typed::ENCODED_RECORD),
            typed(typed::POD_RECORD),
            2.5,
            false,
        ),
        Promise::new(
            format!("Extism / {BEST}, 16-byte record in and out"),
            extism(alternatives::RECORD, 0),
            typed(typed::POD_RECORD),
            10.0,
            true,
        ),
        Promise::new(
            format!("Extism / {BEST}, 64 KiB in and out"),
            extism(alternatives::BYTES, large),
            find(BEST, Group::Payload, sweep::ECHO, large),
            1.0,
            true,
        ),
    ]
}
