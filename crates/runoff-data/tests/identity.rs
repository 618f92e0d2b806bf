//! Any record is read again as it was written, to the last bit of its numbers.

mod common;

use common::{block, end, header};
use proptest::collection::{btree_map, vec};
use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use runoff_data::{
    Block, BlockMode, CounterSource, Counters, Cpu, Curve, End, EndReason, Event, Header, MemorySplit,
    Missing, Phase, PhaseSamples, PlannedWorkload, ProcessCost, Profile, Record, RuntimeProfile, Samples,
    Status,
};
use runoff_runtime::RuntimeId;

/// Any finite number.
fn number() -> impl Strategy<Value = f64> {
    POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO
}

fn cpu() -> impl Strategy<Value = Cpu> {
    (number(), number()).prop_map(|(user_ns, system_ns)| Cpu { user_ns, system_ns })
}

fn phase_samples() -> impl Strategy<Value = PhaseSamples> {
    (of(number()), vec(number(), 0..6), of(cpu()), 1_u64..)
        .prop_map(|(cold_ns, warm_ns, cold_cpu, batch)| PhaseSamples { cold_ns, warm_ns, cold_cpu, batch })
}

fn status() -> impl Strategy<Value = Status> {
    (0..7, any::<String>()).prop_map(|(kind, reason)| match kind {
        0 => Status::Ok,
        1 => Status::Unsupported { reason },
        2 => Status::Wrong { reason },
        3 => Status::Failed { reason },
        4 => Status::Crashed { reason },
        5 => Status::TimedOut { reason },
        _ => Status::OutOfMemory { reason },
    })
}

fn memory() -> impl Strategy<Value = MemorySplit> {
    let size = || of(any::<u64>());
    (size(), size(), size(), size(), size(), size()).prop_map(
        |(floor_rss, peak_rss, pss, code, linear, reserved)| MemorySplit {
            floor_rss,
            peak_rss,
            pss,
            code,
            linear,
            reserved,
        },
    )
}

fn curve() -> impl Strategy<Value = Curve> {
    (number(), vec(any::<u64>(), 0..5), vec(number(), 0..5))
        .prop_map(|(startup_ns, calls, cumulative_ns)| Curve { startup_ns, calls, cumulative_ns })
}

fn counters() -> impl Strategy<Value = Counters> {
    let events = || btree_map(select(&Event::ALL[..]), any::<u64>(), 0..6);
    let source = select(vec![CounterSource::Hardware, CounterSource::Simulated]);
    (source, any::<u64>(), events(), events(), of(number()), vec(any::<String>(), 0..3)).prop_map(
        |(source, calls, events, cold, running, model)| Counters {
            source,
            calls,
            events,
            cold,
            running,
            model,
        },
    )
}

fn samples() -> impl Strategy<Value = Samples> {
    let missing = (any::<String>(), any::<String>()).prop_map(|(what, why)| Missing { what, why });
    let process = (number(), cpu(), of(any::<u64>())).prop_map(|(wall_ns, cpu, peak_rss)| ProcessCost {
        wall_ns,
        cpu,
        peak_rss,
    });
    let times =
        (btree_map(select(&Phase::ALL[..]), phase_samples(), 0..5), of(curve()), of(number()), of(process));
    let sizes = (memory(), of(any::<u64>()), of(any::<u64>()));
    let words = (of(any::<String>()), of(any::<String>()), vec(missing, 0..3));
    (times, sizes, of(counters()), words).prop_map(
        |(
            (phases, curve, clock_ns, process),
            (memory, artifact_bytes, threads),
            counters,
            (output, output_text, missing),
        )| Samples {
            phases,
            curve,
            memory,
            artifact_bytes,
            threads,
            clock_ns,
            process,
            counters,
            output,
            output_text,
            missing,
        },
    )
}

fn any_block() -> impl Strategy<Value = Block> {
    let modes = [BlockMode::Jit, BlockMode::Aot, BlockMode::Process, BlockMode::Counters];
    let place = (any::<u32>(), any::<u32>(), any::<String>(), any::<String>());
    (place, select(modes.to_vec()), status(), samples()).prop_map(
        |((round, order, runtime, workload), mode, status, samples)| Block {
            round,
            order,
            runtime: RuntimeId::new(runtime),
            workload,
            mode,
            status,
            samples,
        },
    )
}

fn any_header() -> impl Strategy<Value = Header> {
    let texts = (any::<String>(), any::<String>(), vec(any::<String>(), 0..3), of(any::<String>()));
    let numbers = (any::<u64>(), of(number()), number(), of(number()));
    let tables = (
        vec((any::<String>(), any::<String>()), 0..3),
        btree_map(any::<String>(), any::<String>(), 0..3),
        of(any::<bool>()),
    );
    (texts, numbers, tables).prop_map(
        |((cpu, name, args, stdin), (seed, budget_s, precision, load), (dirs, env, turbo))| {
            let mut header = header();
            header.machine.cpu = cpu;
            header.machine.load = load;
            header.machine.turbo = turbo;
            header.plan.seed = seed;
            header.plan.budget_s = budget_s;
            header.plan.precision = precision;
            header.plan.workloads.push(PlannedWorkload {
                name,
                args,
                stdin,
                dirs,
                env,
                ..PlannedWorkload::default()
            });
            header
        },
    )
}

fn any_end() -> impl Strategy<Value = End> {
    let reasons = [EndReason::Precise, EndReason::Budget, EndReason::Rounds, EndReason::Interrupted];
    (select(reasons.to_vec()), any::<u32>(), number()).prop_map(|(reason, rounds, seconds)| End {
        reason,
        rounds,
        seconds,
    })
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let runtime = (any::<String>(), number(), of(number()), vec(number(), 0..4), of(any::<u64>())).prop_map(
        |(runtime, startup_ns, load_startup_ns, cumulative_ns, peak_rss)| RuntimeProfile {
            runtime,
            startup_ns,
            load_startup_ns,
            cumulative_ns,
            peak_rss,
            ..RuntimeProfile::default()
        },
    );
    (any::<String>(), any::<u64>(), vec(runtime, 0..3)).prop_map(|(machine, measured_unix, runtimes)| {
        Profile { schema_version: 1, machine, measured_unix, runtimes, ..Profile::default() }
    })
}

/// Written as one line and read again; text says more than equality, which has -0 equal to 0.
fn same(record: &Record) -> Result<(), TestCaseError> {
    let line = serde_json::to_string(record).expect("a line");
    prop_assert!(!line.contains('\n'), "one record, one line");
    let back: Record = serde_json::from_str(&line).expect("a record");
    prop_assert_eq!(&back, record);
    prop_assert_eq!(serde_json::to_string(&back).expect("a line"), line);
    Ok(())
}

#[test]
fn the_fixed_records_come_back() {
    for record in [Record::Header(header()), Record::Block(block(1)), Record::End(end())] {
        same(&record).expect("the same");
    }
}

proptest! {
    #[test]
    fn blocks_come_back(block in any_block()) {
        same(&Record::Block(block))?;
    }

    #[test]
    fn headers_come_back(header in any_header()) {
        same(&Record::Header(header))?;
    }

    #[test]
    fn ends_come_back(end in any_end()) {
        same(&Record::End(end))?;
    }

    #[test]
    fn profiles_come_back(profile in any_profile()) {
        let text = serde_json::to_string_pretty(&profile).expect("a profile");
        prop_assert_eq!(serde_json::from_str::<Profile>(&text).expect("a profile"), profile);
    }
}
