//! Results as text: tables for terminals, Markdown, CSV and JSON. Measures nothing.

mod bench;
mod diff;
mod experiment;
mod explain;
mod levels;
mod long;
mod pick;
mod published;
mod simulation;
mod table;

pub use bench::{bench_json, bench_tables};
pub use diff::{diff_json, diff_tables};
pub use experiment::{experiment_json, experiment_tables};
pub use long::{bench_long, diff_long, picks_long};
pub use pick::{pick_json, pick_text, sentences};
pub use published::published_tables;
pub use simulation::{simulation_json, simulation_long, simulation_tables};
pub use table::{Format, Table, estimate_text};
