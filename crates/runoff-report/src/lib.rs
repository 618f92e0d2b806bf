//! Results as text and pictures: tables for terminals, Markdown, CSV, JSON, plots, one page of HTML. Measures nothing.

mod asm;
mod bench;
mod counters;
mod curves;
mod diff;
mod escape;
mod experiment;
mod explain;
mod grid;
mod history;
mod levels;
mod long;
mod page;
mod pick;
mod plot;
#[cfg(feature = "png")]
mod png;
mod published;
mod simulation;
mod studies;
mod table;
mod width;

pub use asm::{Listing, asm_listing, asm_long, asm_measures, asm_tables, wasm_table};
pub use bench::{bench_json, bench_tables};
pub use curves::{Curve, rate_plot, share_plot};
pub use diff::{diff_comment, diff_counts, diff_json, diff_notes, diff_tables};
pub use experiment::{experiment_json, experiment_tables};
pub use grid::{Datum, Grid};
pub use history::{history_json, history_table, trends_comment, trends_json, trends_long, trends_table};
pub use long::{bench_long, diff_long, picks_long};
pub use page::{Report, Run};
pub use pick::{pick_json, pick_text, sentences};
pub use plot::Plot;
#[cfg(feature = "png")]
pub use png::{Png, PngError};
pub use published::published_tables;
pub use simulation::{simulation_json, simulation_long, simulation_tables};
pub use studies::{Chapter, Studies, experiment_chapter, figure_plots};
pub use table::{Format, Table, estimate_text};
pub use width::{fit_to, width};
