//! The parent's side of a worker: start it, listen, and kill it when it hangs or eats too much.

mod collect;
mod conformance;
mod process;
mod timed;
mod valgrind;
mod version;
mod watch;
mod worker;

pub use conformance::{CASE_SILENCE, run_conformance};
pub use process::{ResultLines, WholeProcess, whole_process};
pub use valgrind::Valgrind;
pub use version::version_line;
pub use worker::{Bounds, Launch, WorkerReport, counts, introduce, leaves_at_end_of_input, run_worker};
