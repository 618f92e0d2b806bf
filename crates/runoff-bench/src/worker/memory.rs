//! What the process uses, read from the kernel.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use procfs::process::Process;
use runoff_data::{Cpu, MemorySplit, Missing};

/// Processor time of this process so far, all threads.
pub(super) fn cpu_now() -> Cpu {
    getrusage(UsageWho::RUSAGE_SELF).map_or_else(
        |_| Cpu::default(),
        |usage| Cpu {
            user_ns: usage.user_time().num_nanoseconds() as f64,
            system_ns: usage.system_time().num_nanoseconds() as f64,
        },
    )
}

/// Processor time between two readings.
pub(super) fn cpu_between(start: Cpu, end: Cpu) -> Cpu {
    Cpu { user_ns: end.user_ns - start.user_ns, system_ns: end.system_ns - start.system_ns }
}

/// Resident set and address space before the engine exists.
#[derive(Clone, Copy, Debug, Default)]
pub struct Floor {
    rss: Option<u64>,
    address_space: Option<u64>,
}

impl Floor {
    /// Reads it.
    pub(super) fn read() -> Self {
        let status = Process::myself().and_then(|p| p.status()).ok();
        Self {
            rss: status.as_ref().and_then(|s| s.vmrss).map(|kib| kib * 1024),
            address_space: status.as_ref().and_then(|s| s.vmsize).map(|kib| kib * 1024),
        }
    }

    /// The split now; what the kernel does not tell is added to `missing`.
    pub(super) fn split(self, missing: &mut Vec<Missing>) -> (MemorySplit, Option<u64>) {
        let process = Process::myself();
        let status = process.as_ref().ok().and_then(|p| p.status().ok());
        let pss = process
            .and_then(|p| p.smaps_rollup())
            .ok()
            .and_then(|rollup| rollup.memory_map_rollup.iter().next()?.extension.map.get("Pss").copied());
        if pss.is_none() {
            missing.push(Missing { what: "pss".into(), why: "the kernel offers no smaps_rollup".into() });
        }
        let kib = |value: Option<u64>| value.map(|v| v * 1024);
        let size = kib(status.as_ref().and_then(|s| s.vmsize));
        let split = MemorySplit {
            floor_rss: self.rss,
            peak_rss: kib(status.as_ref().and_then(|s| s.vmhwm)),
            pss,
            code: None,
            linear: None,
            reserved: size.zip(self.address_space).map(|(now, floor)| now.saturating_sub(floor)),
        };
        (split, status.map(|s| s.threads))
    }
}
