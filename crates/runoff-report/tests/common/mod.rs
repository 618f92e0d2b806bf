//! Results made up for tests: any size, any text.

#![allow(dead_code, clippy::allow_attributes, reason = "not every test file uses every helper")]

pub(crate) mod browser;

use runoff_data::{
    Block, BlockMode, CounterSource, Counters, Curve, End, EndReason, Event, Header, Machine, MemorySplit,
    Missing, Phase, PhaseSamples, Plan, PlannedRuntime, PlannedWorkload, ResultFile, SCHEMA_VERSION, Samples,
    Status,
};
use runoff_report::Report;
use runoff_runtime::RuntimeId;
use serde_json::json;

/// A small source of numbers that look random and are the same every time.
pub(crate) struct Dice(u64);

impl Dice {
    /// Between 0 and 1 (xorshift64*, Vigna 2016).
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Around `value`, some per cent off, now and then far off.
    fn near(&mut self, value: f64) -> f64 {
        let tail = if self.roll() > 0.97 { 1.3 } else { 1.0 };
        (value * (0.98 + 0.04 * self.roll()) * tail * 1e4).round() / 1e4
    }
}

/// What a made-up result is like.
pub(crate) struct Shape {
    pub(crate) runtimes: Vec<String>,
    pub(crate) workloads: Vec<String>,
    pub(crate) rounds: u32,
    pub(crate) warm: usize,
    pub(crate) cpu: String,
    /// Why the second runtime fails on the first workload.
    pub(crate) reason: String,
    pub(crate) seed: u64,
}

/// What a simulator counted of runtime `r`.
fn counted(r: usize, w: usize) -> Samples {
    let instructions = 100_000 * (1 + w as u64) * (1 + r as u64);
    let events = [
        (Event::Instructions, instructions),
        (Event::Branches, instructions / 5),
        (Event::BranchMisses, instructions / 500),
    ];
    let counters = Counters {
        source: CounterSource::Simulated,
        calls: 10,
        events: events.into(),
        cold: [(Event::CacheMisses, 300)].into(),
        running: None,
        model: vec!["I1 cache: 32768 B, 64 B, 8-way associative".into()],
    };
    let missing = vec![Missing { what: "cycles".into(), why: "a simulated processor has none".into() }];
    Samples { counters: Some(counters), missing, ..Samples::default() }
}

impl Shape {
    pub(crate) fn new(runtimes: usize, workloads: usize, rounds: u32) -> Self {
        let engines = ["wasmtime", "wasmer", "wasmi", "wasm3", "wamr", "node"];
        let variants = ["cranelift", "winch", "eager", "lazy", "fast-interp"];
        let name = |i: usize| format!("{}/{}", engines[i % 6], variants[i / 6 % 5]);
        Self {
            runtimes: std::iter::once("native".to_owned())
                .chain((0..runtimes.saturating_sub(1)).map(name))
                .collect(),
            workloads: (0..workloads).map(|i| format!("workload-{i:02}")).collect(),
            rounds,
            warm: 40,
            cpu: "Example Processor 9000".into(),
            reason: "unknown import: env.tick".into(),
            seed: 7,
        }
    }

    /// The result.
    pub(crate) fn result(&self) -> ResultFile {
        let mut dice = Dice(self.seed);
        let mut blocks = Vec::new();
        for round in 0..self.rounds {
            for (w, workload) in self.workloads.iter().enumerate() {
                for (r, runtime) in self.runtimes.iter().enumerate() {
                    let failed = r == 1 && w == 0;
                    let order = blocks.len() as u32;
                    let mut add = |mode: BlockMode, status: Status, samples: Samples| {
                        blocks.push(Block {
                            round,
                            order,
                            runtime: RuntimeId::new(runtime.clone()),
                            workload: workload.clone(),
                            mode,
                            status,
                            samples,
                        });
                    };
                    if failed {
                        if round == 0 {
                            let reason = self.reason.clone();
                            add(BlockMode::Jit, Status::Unsupported { reason }, Samples::default());
                        }
                        continue;
                    }
                    add(BlockMode::Jit, Status::Ok, self.samples(&mut dice, r, w, false));
                    if round == 0 {
                        add(BlockMode::Counters, Status::Ok, counted(r, w));
                    }
                    if r > 0 && r % 3 == 0 {
                        add(BlockMode::Aot, Status::Ok, self.samples(&mut dice, r, w, true));
                    }
                }
            }
        }
        ResultFile {
            header: self.header(),
            blocks,
            end: Some(End { reason: EndReason::Rounds, rounds: self.rounds, seconds: 61.5 }),
            torn: false,
        }
    }

    /// Fast compilers make slow code here, and the other way round.
    fn samples(&self, dice: &mut Dice, r: usize, w: usize, aot: bool) -> Samples {
        let work = 5e4 * (1.0 + w as f64);
        let slow = if r == 0 { 1.0 } else { 1.1 + 12.0 / r as f64 };
        let call = work * slow;
        let build = if r == 0 { 1e3 } else { 2e4 * (r * r) as f64 };
        let mut phases = std::collections::BTreeMap::new();
        let mut phase = |p: Phase, ns: f64, warm: usize| {
            let cold_ns = (p != Phase::Call).then(|| dice.near(ns * 1.2));
            let warm_ns = (0..warm).map(|_| dice.near(ns)).collect();
            phases.insert(p, PhaseSamples { cold_ns, warm_ns, cold_cpu: None, batch: 1 });
        };
        phase(Phase::Bootstrap, 4e6, 0);
        phase(Phase::Init, 2e5, 0);
        if aot {
            phase(Phase::Load, build / 30.0, 4);
        } else {
            phase(Phase::Validate, 3e4, 4);
            phase(Phase::Compile, build, 4);
            phase(Phase::Save, build / 20.0, 4);
        }
        phase(Phase::Instantiate, 1e4, 4);
        phase(Phase::FirstCall, call * 1.3, 4);
        phase(Phase::Call, call, self.warm);
        phase(Phase::Teardown, 9e3, 4);
        let calls = vec![1_u64, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000];
        let cumulative_ns = calls.iter().map(|n| (call * 0.5 + call * *n as f64).round()).collect();
        let startup_ns = dice.near(build + 4e4);
        Samples {
            phases,
            curve: Some(Curve { startup_ns, calls, cumulative_ns }),
            memory: MemorySplit {
                floor_rss: Some(9_000_000 + 4096 * (dice.roll() * 10.0) as u64),
                peak_rss: Some(15_000_000 + 300_000 * r as u64 + 4096 * (dice.roll() * 20.0) as u64),
                pss: Some(12_000_000),
                code: (r > 2).then_some(8192 * r as u64),
                linear: Some(1_114_112),
                reserved: Some(4_500_819_968),
            },
            artifact_bytes: r.is_multiple_of(3).then_some(22_000 + r as u64),
            threads: Some(2),
            clock_ns: Some(34.0),
            output: Some("09b5".into()),
            ..Samples::default()
        }
    }

    fn header(&self) -> Header {
        let runtime = |id: &String| -> PlannedRuntime {
            serde_json::from_value(json!({
                "id": id,
                "identity": {
                    "id": id, "version": "48.0.8", "technique": "optimising compiler", "features": ["std"],
                    "flags": { "opt-level": "speed" }, "compile_threads": 2, "bounds_checks": "guard-pages",
                    "cpu_features": "baseline",
                },
                "capabilities": {
                    "features": ["simd"], "compiles": true, "separate_validate": true, "save_load": true,
                    "lazy": false, "deadline": "epoch", "memory_cap": "exact", "thread_safe_module": true,
                    "stack_trap": true, "max_host_results": null, "code_size": true, "trust": "in-process",
                },
            }))
            .expect("a runtime")
        };
        Header {
            schema_version: SCHEMA_VERSION,
            runoff_version: "0.1.0".into(),
            created_unix: 1_772_373_900,
            optimised_build: true,
            machine: Machine {
                cpu: self.cpu.clone(),
                arch: "x86_64".into(),
                cores: 8,
                memory_bytes: 32 << 30,
                os: "linux 6.18".into(),
                load: Some(0.3),
                environment: vec!["virtual machine".into()],
                ..Machine::default()
            },
            plan: Plan {
                seed: 42,
                runtimes: self.runtimes.iter().map(runtime).collect(),
                workloads: self
                    .workloads
                    .iter()
                    .map(|name| PlannedWorkload {
                        name: name.clone(),
                        sha256: "ab".repeat(32),
                        bytes: 12_345,
                        invoke: Some("run".into()),
                        args: vec!["10".into()],
                        ..PlannedWorkload::default()
                    })
                    .collect(),
                max_rounds: self.rounds,
                precision: 0.01,
                calls: 1000,
                block_ms: 300,
                block_timeout_s: 120.0,
                max_memory_bytes: 4 << 30,
                ..Plan::default()
            },
        }
    }

    pub(crate) fn report(&self) -> Report {
        let file = ("result.jsonl".to_owned(), "cd".repeat(32), self.result());
        Report::new("A report", vec![file], None, &[1, 50, 1_000_000])
    }
}
