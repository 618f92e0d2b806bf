//! The edge study's last question: does a host that chooses a runtime for each call beat every single runtime?
//!
//! Each measurement is a host of its own, a child process on a fresh store, asked over HTTP: limited to one runtime, or
//! free to choose. It chooses twice: knowing nothing of a function, as it would of one deployed now, and knowing from
//! earlier days what every runtime costs, which is what the source's scheduler was given, and how often the function is
//! called. Nothing compiled is kept in either case. Cells are interleaved in shuffled order in every repetition; ratios are taken within a repetition.

mod figures;
mod known;
mod request;
mod run;
mod server;

pub use figures::{TableRow, breakdown, claims, figures, table_two};
pub use run::{App, Cell, Mode, Options, Pattern, Report, Sample, study};
