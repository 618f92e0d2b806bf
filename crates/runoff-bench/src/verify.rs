//! Whether a runtime gives a workload's right answer; nothing is measured.

use std::path::Path;

use runoff_data::{BlockMode, Samples, Status};
use runoff_workloads::{Workload, furnish};

use crate::protocol::Job;
use crate::run::typed_call;
use crate::supervisor::{Bounds, Launch, WorkerReport, run_worker};

/// One life of a workload in a fresh worker: compile, instantiate, one call, save where that can be. `scratch` is a
/// folder of this cell's own. `None` when stopped.
pub fn verify(
    launch: &Launch,
    workload: &Workload,
    scratch: &Path,
    bounds: Bounds,
    stop: &dyn Fn() -> bool,
) -> Option<WorkerReport> {
    let failed = |reason: String| {
        Some(WorkerReport { status: Status::Failed { reason }, samples: Samples::default() })
    };
    let module = scratch.join("module.wasm");
    if let Err(e) = std::fs::write(&module, &workload.wasm) {
        return failed(format!("{}: {e}", module.display()));
    }
    let spec = match furnish(&workload.spec, &scratch.join("files")) {
        Ok(furnished) => furnished.unwrap_or_else(|| workload.spec.clone()),
        Err(reason) => return failed(reason),
    };
    let job = Job {
        counters: None,
        mode: BlockMode::Jit,
        module: module.display().to_string(),
        workload: spec,
        expected_text: workload.expected_text.clone(),
        artifact: scratch.join("artifact").display().to_string(),
        calls: 1,
        block_ms: 0,
        stdout: None,
        call: typed_call(workload),
    };
    run_worker(launch, &job, bounds, stop)
}
