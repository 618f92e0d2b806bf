//! Bounded load runs against a server on this machine, a bare handler to compare with, and the host's limits measured.
//!
//! - `load bare SECONDS` serves a fixed answer and prints its address.
//! - `load ADDRESS PATH CONNECTIONS SECONDS` prints requests per second and quantiles of latency, in microseconds, and
//!   for Runoff's answers what it spent outside of loading, setting up and running.
//! - `load echo SECONDS` answers the same without understanding anything.
//! - `load gates RUNOFF [SECONDS [PART ...]]` measures what docs/HOSTING.md promises of speed on a `runoff serve` of its own, and
//!   fails when a limit is not kept.

#![allow(clippy::allow_attributes, clippy::print_stdout, reason = "a program for a terminal")]

mod bare;
mod drive;
mod gates;
mod guests;
mod server;

use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str =
    "load bare|echo SECONDS | load ADDRESS PATH CONNECTIONS SECONDS | load gates RUNOFF [SECONDS [PART ...]]";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["bare", seconds] => bare::serve(Duration::from_secs(seconds.parse().expect(USAGE))),
        ["echo", seconds] => bare::echo(Duration::from_secs(seconds.parse().expect(USAGE))),
        ["gates", runoff] => return gates::run(runoff, 1.0, &[]),
        ["gates", runoff, seconds, parts @ ..] => {
            return gates::run(runoff, seconds.parse().expect(USAGE), parts);
        }
        [address, path, connections, seconds] => {
            let seconds = Duration::from_secs_f64(seconds.parse().expect(USAGE));
            let connections = connections.parse().expect(USAGE);
            print!("{}", drive::load(address.parse().expect(USAGE), path, connections, seconds));
        }
        _ => println!("{USAGE}"),
    }
    ExitCode::SUCCESS
}
