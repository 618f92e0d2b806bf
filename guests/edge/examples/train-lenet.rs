//! Trains the digit classifier and writes its weights to standard output:
//!
//!     cargo run --release -p runoff-guest-edge --features train --example train-lenet >weights.bin

use std::io::{self, Write};

fn main() -> io::Result<()> {
    io::stdout().write_all(&runoff_guest_edge::lenet::train(10_000, 4).to_bytes())
}
