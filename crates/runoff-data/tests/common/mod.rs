//! Records with something in every field.

#![allow(dead_code, clippy::allow_attributes, reason = "not every test file uses every record")]

use runoff_data::{
    Block, BlockMode, CounterPlan, CounterSource, Counters, Cpu, Curve, End, EndReason, Event, Header,
    Machine, MemorySplit, Missing, Phase, PhaseSamples, Plan, PlannedWorkload, ProcessCost, SCHEMA_VERSION,
    Samples, Status,
};
use runoff_runtime::RuntimeId;

pub(crate) fn header() -> Header {
    let workload = PlannedWorkload {
        name: "work".into(),
        path: Some("suite/work.wasm".into()),
        sha256: "00ff".into(),
        bytes: 1234,
        invoke: Some("run".into()),
        args: vec!["10".into(), "a \"quoted\" one\n".into()],
        stdin: Some("input".into()),
        dirs: vec![("host".into(), "/guest".into())],
        env: [("KEY".to_owned(), "value".to_owned())].into(),
        expected: Some("digest".into()),
        ..PlannedWorkload::default()
    };
    Header {
        schema_version: SCHEMA_VERSION,
        runoff_version: "0.1.0".into(),
        created_unix: 1_700_000_000,
        optimised_build: true,
        machine: Machine { cpu: "Some CPU".into(), cores: 2, load: Some(0.25), ..Machine::default() },
        plan: Plan {
            seed: 7,
            workloads: vec![workload],
            max_rounds: 40,
            budget_s: Some(60.0),
            counters: Some(CounterPlan {
                source: CounterSource::Simulated,
                block_timeout_s: 30.0,
                budget_s: Some(60.0),
            }),
            ..Plan::default()
        },
    }
}

pub(crate) fn block(round: u32) -> Block {
    let compile = PhaseSamples {
        cold_ns: Some(1234.5),
        warm_ns: vec![100.0, 101.25, 99.0],
        cold_cpu: Some(Cpu { user_ns: 1e3, system_ns: 2e2 }),
        batch: 1,
    };
    let call = PhaseSamples { warm_ns: vec![3.25; 5], batch: 4096, ..PhaseSamples::default() };
    Block {
        round,
        order: 2,
        runtime: RuntimeId::new("engine/variant"),
        workload: "work".into(),
        mode: BlockMode::Jit,
        status: if round % 3 == 1 {
            Status::Crashed { reason: "killed by signal 9".into() }
        } else {
            Status::Ok
        },
        samples: Samples {
            phases: [(Phase::Compile, compile), (Phase::Call, call)].into(),
            curve: Some(Curve {
                startup_ns: 5e3,
                calls: vec![1, 2, 5],
                cumulative_ns: vec![10.0, 12.0, 18.0],
            }),
            memory: MemorySplit { peak_rss: Some(1 << 20), linear: Some(65536), ..MemorySplit::default() },
            artifact_bytes: Some(4096),
            threads: Some(3),
            clock_ns: Some(25.5),
            process: Some(ProcessCost { wall_ns: 1e6, ..ProcessCost::default() }),
            counters: Some(Counters {
                source: CounterSource::Hardware,
                calls: 7,
                events: [(Event::Instructions, 700), (Event::BranchMisses, 3)].into(),
                cold: [(Event::CacheMisses, 12)].into(),
                running: Some(0.5),
                model: vec!["I1 cache: 32768 B".into()],
            }),
            missing: vec![Missing { what: "code".into(), why: "not told".into() }],
            ..Samples::default()
        },
    }
}

pub(crate) fn end() -> End {
    End { reason: EndReason::Budget, rounds: 4, seconds: 61.5 }
}
