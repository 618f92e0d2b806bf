//! Recognising checks that a compiler added.

use std::collections::BTreeMap;

use iced_x86::{ConditionCode, FlowControl, Instruction, Mnemonic, OpKind, Register};

use super::decode::is_near_branch;
use super::{Decoded, Names};

/// A check that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Check {
    Bounds,
    Stack,
}

/// How far behind a jump's target the trap may be: engines pass the reason on first.
const REACH: usize = 4;

/// Parts of the names of functions that report an index out of range. Others are called for overflow, `unwrap` and
/// the like, after the same kind of jump.
const REPORTERS: [&str; 5] =
    ["panic_bounds_check", "slice_index_fail", "slice_start_index", "slice_end_index", "out_of_bounds"];

/// What each conditional jump checks, by its place among the instructions.
pub(super) fn checks(code: &Decoded, names: &Names) -> Vec<(usize, Check)> {
    let all = &code.instructions;
    let places: BTreeMap<u64, usize> = all.iter().enumerate().map(|(n, i)| (i.ip(), n)).collect();
    let traps = |at: usize| traps(all, at, names);
    let mut found = Vec::new();
    for (n, jump) in all.iter().enumerate() {
        if !jump.is_jcc_short_or_near() {
            continue;
        }
        let target = places.get(&jump.near_branch_target());
        // Either the jump leads to the trap, or around it.
        if !target.is_some_and(|t| traps(*t)) && !traps(n + 1) {
            continue;
        }
        let compared =
            all[..n].iter().rev().take(REACH).find(|i| {
                matches!(i.mnemonic(), Mnemonic::Cmp | Mnemonic::Sub | Mnemonic::Test | Mnemonic::Add)
            });
        let Some(compared) = compared else { continue };
        if of_stack(compared) {
            found.push((n, Check::Stack));
        } else if is_unsigned(jump) && compared.mnemonic() != Mnemonic::Test {
            found.push((n, Check::Bounds));
        }
    }
    found
}

fn is_unsigned(jump: &Instruction) -> bool {
    matches!(
        jump.condition_code(),
        ConditionCode::a | ConditionCode::ae | ConditionCode::b | ConditionCode::be
    )
}

fn of_stack(compared: &Instruction) -> bool {
    compared.mnemonic() == Mnemonic::Cmp
        && (0..compared.op_count())
            .any(|n| compared.op_kind(n) == OpKind::Register && compared.op_register(n) == Register::RSP)
}

/// Whether the code at a place does nothing but trap.
fn traps(all: &[Instruction], at: usize, names: &Names) -> bool {
    for instruction in all.iter().skip(at).take(REACH) {
        match instruction.flow_control() {
            FlowControl::Exception => return true,
            FlowControl::Call if is_near_branch(instruction) => {
                let name = names.of(instruction.near_branch_target());
                return name.is_some_and(|name| REPORTERS.iter().any(|r| name.contains(r)));
            }
            FlowControl::Next => {}
            _ => return false,
        }
    }
    false
}
