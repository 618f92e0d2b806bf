//! The machine's fingerprint.

use std::fs;
use std::thread::available_parallelism;

use procfs::{Current, LoadAverage, Meminfo};
use runoff_data::Machine;

use crate::worker::count::pmu;

/// Fingerprint of this machine, now. What cannot be read is absent.
pub fn fingerprint() -> Machine {
    let line = |path: &str| fs::read_to_string(path).ok().map(|t| t.trim().to_owned());
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        cpuinfo.lines().find_map(|l| l.strip_prefix(name)?.split_once(':').map(|(_, v)| v.trim().to_owned()))
    };
    let mut environment = Vec::new();
    if cpuinfo.contains(" hypervisor") {
        environment.push("virtual machine".to_owned());
    }
    if fs::metadata("/.dockerenv").is_ok() || line("/proc/1/cgroup").is_some_and(|c| c.contains("docker")) {
        environment.push("container".to_owned());
    }
    if let Some(quota) = line("/sys/fs/cgroup/cpu.max").filter(|q| !q.starts_with("max")) {
        environment.push(format!("cpu quota {quota}"));
    }
    let turbo = line("/sys/devices/system/cpu/intel_pstate/no_turbo")
        .map(|v| v == "0")
        .or_else(|| line("/sys/devices/system/cpu/cpufreq/boost").map(|v| v == "1"));
    Machine {
        cpu: field("model name").unwrap_or_else(|| "unknown processor".into()),
        arch: std::env::consts::ARCH.into(),
        cores: available_parallelism().map_or(1, usize::from),
        memory_bytes: Meminfo::current().map_or(0, |m| m.mem_total),
        os: format!("{} {}", std::env::consts::OS, line("/proc/sys/kernel/osrelease").unwrap_or_default()),
        governor: line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        turbo,
        smt: line("/sys/devices/system/cpu/smt/active").map(|v| v == "1"),
        aslr: line("/proc/sys/kernel/randomize_va_space").and_then(|v| v.parse().ok()),
        load: LoadAverage::current().ok().map(|l| f64::from(l.one)),
        counters: Some(pmu().map_or_else(|why| why, |()| "available".into())),
        environment,
    }
}
