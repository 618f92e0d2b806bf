//! Native twins of the bundled modules, a file per set.

use std::sync::LazyLock;

use runoff_guest_program::{Io, Program};
use runoff_runtimes::native::{Twin, TwinBody, TwinIo};

use crate::bundled::bundled_sha256;

/// The twin of a command that is written against [`Io`].
///
/// A macro, because a twin is a plain function: nothing can be captured. Before the modules, which see it so.
macro_rules! command {
    ($name:literal, $program:path) => {
        ($name, TwinBody::Command(|args, io| crate::twins::program($program, args, io)))
    };
}

mod apps;
mod c;
mod cache;
mod edge;
mod polybench;
mod samples;

/// Twins of all bundled modules, the same one for all levels at which a module was built. One that belongs to no
/// module is found by the tests.
pub static TWINS: LazyLock<Vec<Twin>> = LazyLock::new(|| {
    let twins = |(name, body)| bundled_sha256(name).map(move |module_sha256| Twin { module_sha256, body });
    all().flat_map(twins).collect()
});

/// A workload's name and its twin.
type Named = (&'static str, TwinBody);

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Named> {
    let sets = [samples::TWINS, apps::TWINS, c::TWINS, cache::TWINS, edge::TWINS, polybench::TWINS];
    sets.into_iter().flatten().copied()
}

/// Runs a program with the streams and marks of a twin.
fn program(program: Program, args: &[String], io: &mut TwinIo<'_>) -> i32 {
    let args: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    program(&args, &mut Streams(io))
}

struct Streams<'a, 'b>(&'a mut TwinIo<'b>);

impl Io for Streams<'_, '_> {
    fn out(&mut self, bytes: &[u8]) -> bool {
        self.0.stdout(bytes)
    }

    fn err(&mut self, bytes: &[u8]) -> bool {
        self.0.stderr(bytes)
    }

    fn input(&mut self) -> Option<Vec<u8>> {
        self.0.stdin()
    }

    fn start(&mut self) {
        self.0.mark_start();
    }

    fn end(&mut self) {
        self.0.mark_end();
    }
}
