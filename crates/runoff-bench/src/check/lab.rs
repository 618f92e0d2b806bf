//! What checks are written with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use runoff_data::{BlockMode, PlannedWorkload, Samples, Status};
use runoff_runtime::{Capabilities, Identity, ModuleDescriptor, Value, sha256_hex};

use crate::protocol::{Job, TypedCall};
use crate::supervisor::{Bounds, Launch, WorkerReport, introduce, run_worker};

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// As promised.
    Pass,
    /// The driver says it cannot, and says why.
    Unsupported(String),
    /// Something else happened.
    Fail(String),
}

/// Longest a check may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Memory a driver may use while it is checked, bytes.
pub(super) const MEMORY: u64 = 1 << 30;

pub(super) struct Lab {
    pub(super) launch: Launch,
    scratch: PathBuf,
}

/// A module and what is to be done with it.
pub(super) struct Work<'a> {
    pub(super) wasm: Vec<u8>,
    pub(super) invoke: Option<&'a str>,
    pub(super) args: &'a [&'a str],
    pub(super) expected: Option<String>,
}

impl<'a> Work<'a> {
    /// An export of a module given as text.
    pub(super) fn export(text: &str, args: &'a [&'a str]) -> Self {
        // The texts are constants of ours; one that is wrong is found out when it is given to the driver.
        let wasm = wat::parse_str(text).unwrap_or_default();
        Self { wasm, invoke: Some("run"), args, expected: None }
    }

    /// A bundled module.
    pub(super) fn bundled(name: &str, invoke: Option<&'a str>, args: &'a [&'a str]) -> Self {
        let module = runoff_workloads::bundled(name).and_then(|(_, module)| module.bytes().ok());
        let wasm = module.unwrap_or_default().into_owned();
        Self { wasm, invoke, args, expected: None }
    }

    pub(super) fn expecting(self, results: Option<&[String]>, stdout: Option<&str>) -> Self {
        Self { expected: runoff_workloads::expected_digest(results, stdout), ..self }
    }
}

impl Lab {
    pub(super) fn new(launch: Launch, scratch: &Path) -> Self {
        Self { launch, scratch: scratch.to_owned() }
    }

    /// Who the driver says it is.
    pub(super) fn meet(&self) -> Result<(Identity, Capabilities), String> {
        introduce(&self.launch, PATIENCE)
    }

    /// Gives the driver a job.
    pub(super) fn run(&self, work: &Work<'_>, mode: BlockMode, bounds: Bounds) -> WorkerReport {
        if work.wasm.is_empty() {
            let status = Status::Crashed { reason: "the check's own module is wrong".into() };
            return WorkerReport { status, samples: Samples::default() };
        }
        let module = self.scratch.join("module.wasm");
        if let Err(e) = std::fs::write(&module, &work.wasm) {
            let status = Status::Failed { reason: format!("{}: {e}", module.display()) };
            return WorkerReport { status, samples: Samples::default() };
        }
        let job = Job {
            counters: None,
            mode,
            module: module.display().to_string(),
            workload: PlannedWorkload {
                name: "check".into(),
                sha256: sha256_hex(&work.wasm),
                bytes: work.wasm.len() as u64,
                invoke: work.invoke.map(Into::into),
                args: work.args.iter().map(ToString::to_string).collect(),
                expected: work.expected.clone(),
                ..PlannedWorkload::default()
            },
            expected_text: None,
            artifact: self.scratch.join("artifact").display().to_string(),
            calls: 1000,
            block_ms: 60,
            call: typed(work),
            stdout: None,
        };
        run_worker(&self.launch, &job, bounds, &|| false).unwrap_or_else(|| WorkerReport {
            status: Status::Failed { reason: "stopped".into() },
            samples: Samples::default(),
        })
    }

    /// Gives it a job within the usual bounds.
    pub(super) fn jit(&self, work: &Work<'_>) -> WorkerReport {
        self.run(work, BlockMode::Jit, Bounds { timeout: PATIENCE, max_memory: MEMORY })
    }
}

fn typed(work: &Work<'_>) -> Option<TypedCall> {
    let module = ModuleDescriptor::parse(&work.wasm).ok()?;
    let ty = module.func(work.invoke?)?;
    let args = ty.params.iter().zip(work.args).map(|(ty, text)| Value::parse(*ty, text));
    let args = args.collect::<Result<Vec<_>, _>>().ok()?;
    Some(TypedCall { args: args.into_iter().map(Into::into).collect(), results: ty.results.clone() })
}
