//! Prints what the seam costs per call, for each runtime of this build.
//!
//! `cargo run --release -p runoff-runtimes --example seam_overhead [BATCHES]`

#![expect(clippy::print_stdout, reason = "an example prints")]

use runoff_runtimes::{on_engine_stack, overhead};

fn main() -> std::io::Result<()> {
    let batches = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(200);
    let rows = on_engine_stack(move || overhead::measure(None, batches))?;
    println!("{:<20} {:>9} {:>9} {:>7} {:>8}", "runtime", "own ns", "seam ns", "ratio", "promise");
    for (runtime, row) in rows {
        match row {
            Ok(cost) => println!(
                "{runtime:<20} {:>9.2} {:>9.2} {:>7.3} {:>8}",
                cost.own_ns,
                cost.seam_ns,
                cost.ratio(),
                if cost.holds() { "kept" } else { "BROKEN" }
            ),
            Err(error) => println!("{runtime:<20} {error}"),
        }
    }
    Ok(())
}
