//! What an instruction counts as.

use iced_x86::{
    EncodingKind, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register,
};

use super::bounds::{Check, checks};
use super::{Counts, Decoded, Measure, Names};

/// Counts everything in a function. `names` says what is called, where that is known.
pub fn count(code: &Decoded, names: &Names) -> Counts {
    let mut counts = Counts::default();
    let mut factory = InstructionInfoFactory::new();
    let frame = has_frame_pointer(code);
    for instruction in &code.instructions {
        counts.add(Measure::Instructions, 1);
        counts.add(Measure::Bytes, instruction.len() as u64);
        flow(instruction, &mut counts);
        memory(instruction, &mut factory, frame, &mut counts);
        prefixes(instruction, code.bytes_of(instruction), &mut counts);
        if is_push_or_pop(instruction) {
            counts.add(Measure::PushPop, 1);
        }
        if is_register_move(instruction) {
            counts.add(Measure::Moves, 1);
        }
        if is_set(instruction) {
            counts.add(Measure::SetFlags, 1);
        }
        if is_vector(instruction, &mut factory) {
            counts.add(Measure::Vector, 1);
        }
    }
    for (_, check) in checks(code, names) {
        let measure = match check {
            Check::Bounds => Measure::BoundsChecks,
            Check::Stack => Measure::StackChecks,
        };
        counts.add(measure, 1);
    }
    counts.add(Measure::OtherBytes, code.other);
    counts
}

fn flow(instruction: &Instruction, counts: &mut Counts) {
    match instruction.flow_control() {
        FlowControl::ConditionalBranch => {
            counts.add(Measure::Branches, 1);
            counts.add(Measure::Conditional, 1);
        }
        FlowControl::UnconditionalBranch | FlowControl::IndirectBranch => counts.add(Measure::Branches, 1),
        FlowControl::Call | FlowControl::IndirectCall => counts.add(Measure::Calls, 1),
        _ => {}
    }
}

/// Whether rbp points to the frame. Code that omits the frame pointer uses it like any register.
fn has_frame_pointer(code: &Decoded) -> bool {
    let sets = |i: &Instruction| {
        i.op_count() == 2
            && i.op0_kind() == OpKind::Register
            && i.op0_register() == Register::RBP
            && match i.mnemonic() {
                Mnemonic::Mov => i.op1_kind() == OpKind::Register && i.op1_register() == Register::RSP,
                Mnemonic::Lea => i.memory_base() == Register::RSP,
                _ => false,
            }
    };
    code.instructions.iter().any(sets)
}

fn memory(instruction: &Instruction, factory: &mut InstructionInfoFactory, frame: bool, counts: &mut Counts) {
    let Some(operand) = (0..instruction.op_count()).find(|n| is_memory(instruction.op_kind(*n))) else {
        return;
    };
    if matches!(instruction.mnemonic(), Mnemonic::Nop) {
        return;
    }
    if instruction.memory_index() != Register::None && instruction.memory_base() != Register::None {
        counts.add(Measure::Indexed, 1);
    }
    let access = factory.info(instruction).op_access(operand);
    let (reads, writes) = match access {
        OpAccess::Read | OpAccess::CondRead => (true, false),
        OpAccess::Write | OpAccess::CondWrite => (false, true),
        OpAccess::ReadWrite | OpAccess::ReadCondWrite => (true, true),
        // An address that is computed and not used.
        OpAccess::None | OpAccess::NoMemAccess => return,
    };
    let base = instruction.memory_base().full_register();
    let own = base == Register::RSP || (frame && base == Register::RBP);
    let (load, store) =
        if own { (Measure::FrameLoads, Measure::FrameStores) } else { (Measure::Loads, Measure::Stores) };
    counts.add(load, u64::from(reads));
    counts.add(store, u64::from(writes));
    let jumps = instruction.flow_control() != FlowControl::Next;
    if !is_move(instruction) && !is_push_or_pop(instruction) && !jumps {
        counts.add(Measure::Folded, 1);
    }
}

fn is_memory(kind: OpKind) -> bool {
    matches!(
        kind,
        OpKind::Memory
            | OpKind::MemorySegSI
            | OpKind::MemorySegESI
            | OpKind::MemorySegRSI
            | OpKind::MemorySegDI
            | OpKind::MemorySegEDI
            | OpKind::MemorySegRDI
            | OpKind::MemoryESDI
            | OpKind::MemoryESEDI
            | OpKind::MemoryESRDI
    )
}

fn is_push_or_pop(instruction: &Instruction) -> bool {
    matches!(instruction.mnemonic(), Mnemonic::Push | Mnemonic::Pop)
}

fn is_set(instruction: &Instruction) -> bool {
    matches!(
        instruction.mnemonic(),
        Mnemonic::Seta
            | Mnemonic::Setae
            | Mnemonic::Setb
            | Mnemonic::Setbe
            | Mnemonic::Sete
            | Mnemonic::Setg
            | Mnemonic::Setge
            | Mnemonic::Setl
            | Mnemonic::Setle
            | Mnemonic::Setne
            | Mnemonic::Setno
            | Mnemonic::Setnp
            | Mnemonic::Setns
            | Mnemonic::Seto
            | Mnemonic::Setp
            | Mnemonic::Sets
    )
}

/// Moves of any width, extending ones included.
fn is_move(instruction: &Instruction) -> bool {
    is_plain_move(instruction.mnemonic())
        || matches!(instruction.mnemonic(), Mnemonic::Movzx | Mnemonic::Movsx | Mnemonic::Movsxd)
}

fn is_plain_move(mnemonic: Mnemonic) -> bool {
    matches!(
        mnemonic,
        Mnemonic::Mov
            | Mnemonic::Movd
            | Mnemonic::Movq
            | Mnemonic::Movss
            | Mnemonic::Movsd
            | Mnemonic::Movaps
            | Mnemonic::Movapd
            | Mnemonic::Movups
            | Mnemonic::Movupd
            | Mnemonic::Movdqa
            | Mnemonic::Movdqu
            | Mnemonic::Vmovd
            | Mnemonic::Vmovq
            | Mnemonic::Vmovss
            | Mnemonic::Vmovsd
            | Mnemonic::Vmovaps
            | Mnemonic::Vmovapd
            | Mnemonic::Vmovups
            | Mnemonic::Vmovupd
            | Mnemonic::Vmovdqa
            | Mnemonic::Vmovdqu
    )
}

fn is_register_move(instruction: &Instruction) -> bool {
    is_plain_move(instruction.mnemonic())
        && (0..instruction.op_count()).all(|n| instruction.op_kind(n) == OpKind::Register)
}

/// Whether a whole vector register is read from or written to memory, or computed with. Scalar floating-point
/// arithmetic uses the low part of one, and its operand in memory or its name says so.
fn is_vector(instruction: &Instruction, factory: &mut InstructionInfoFactory) -> bool {
    let vector = |r: Register| r.is_xmm() || r.is_ymm() || r.is_zmm();
    let operands = (0..instruction.op_count())
        .filter(|n| instruction.op_kind(*n) == OpKind::Register && vector(instruction.op_register(*n)));
    if operands.count() == 0 || is_register_move(instruction) {
        return false;
    }
    if (0..instruction.op_count()).any(|n| instruction.op_kind(n) == OpKind::Memory) {
        return instruction.memory_size().size() >= 16;
    }
    // Both operands are registers: packed operations use all of the first one's bits as the information says.
    let info = factory.info(instruction);
    let name = format!("{:?}", instruction.mnemonic()).to_ascii_lowercase();
    let scalar = ["ss", "sd", "ss2si", "sd2si", "si2sd", "si2ss"].iter().any(|end| name.ends_with(end));
    let between = (0..instruction.op_count()).all(|n| {
        instruction.op_kind(n) == OpKind::Register && vector(instruction.op_register(n))
            || matches!(instruction.op_kind(n), OpKind::Immediate8)
    });
    // `xorps a,a` clears a scalar as well.
    let clears = info.used_registers().iter().all(|r| r.access() == OpAccess::Write);
    between && !scalar && !clears
}

/// Bytes before the opcode.
fn prefixes(instruction: &Instruction, bytes: &[u8], counts: &mut Counts) {
    const LEGACY: [u8; 11] = [0x66, 0x67, 0xf0, 0xf2, 0xf3, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65];
    let legacy = bytes.iter().take_while(|b| LEGACY.contains(b)).count();
    let next = bytes.get(legacy).copied().unwrap_or(0);
    let encoded = match instruction.encoding() {
        EncodingKind::VEX if next == 0xc5 => 2,
        EncodingKind::VEX | EncodingKind::XOP => 3,
        EncodingKind::EVEX => 4,
        _ => usize::from((0x40..0x50).contains(&next)),
    };
    counts.add(Measure::Prefixes, (legacy + encoded) as u64);
    if encoded == 1 && next == 0x40 && !needs_rex(instruction) {
        counts.add(Measure::NeedlessRex, 1);
    }
}

/// Without a REX prefix these would be ah, ch, dh and bh.
fn needs_rex(instruction: &Instruction) -> bool {
    (0..instruction.op_count()).any(|n| {
        instruction.op_kind(n) == OpKind::Register
            && matches!(
                instruction.op_register(n),
                Register::SPL | Register::BPL | Register::SIL | Register::DIL
            )
    })
}
