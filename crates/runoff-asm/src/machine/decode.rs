//! From bytes to instructions.

use std::collections::{BTreeMap, BTreeSet};

use iced_x86::{Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind};

/// An address that an instruction names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// It goes there.
    Code(u64),
    /// It takes the address.
    Taken(u64),
    /// It reads what is there.
    Read(u64),
}

/// The instructions of one function.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Instructions in the order of their addresses.
    pub(crate) instructions: Vec<Instruction>,
    /// Address of the first byte.
    pub(crate) address: u64,
    /// The bytes, those that are no instructions included.
    pub(crate) bytes: Vec<u8>,
    /// How many bytes are no instructions.
    pub(crate) other: u64,
}

impl Decoded {
    /// Decodes a function that begins at an address.
    ///
    /// Compilers put constants behind the code and jump tables into it. Both are found by what refers to them: a read
    /// relative to the instruction pointer ends the code where it points; an indirect jump right before an address that
    /// was taken is followed by distances for as long as these lead into the function.
    pub fn new(address: u64, bytes: &[u8]) -> Self {
        let end = address + bytes.len() as u64;
        let mut decoder = Decoder::with_ip(64, bytes, address, DecoderOptions::NONE);
        let mut found = Self { address, bytes: bytes.to_vec(), ..Self::default() };
        let (mut constants, mut taken) = (end, BTreeSet::new());
        while decoder.can_decode() && decoder.ip() < constants {
            let instruction = decoder.decode();
            if instruction.is_invalid() {
                continue;
            }
            if instruction.is_ip_rel_memory_operand() {
                let target = instruction.ip_rel_memory_address();
                if instruction.mnemonic() == Mnemonic::Lea {
                    taken.insert(target);
                } else if target > instruction.ip() && target < constants {
                    constants = target;
                }
            }
            let after = instruction.next_ip();
            let jumps = instruction.flow_control() == FlowControl::IndirectBranch;
            found.instructions.push(instruction);
            if jumps && taken.contains(&after) {
                let table = jump_table(address, bytes, after, constants);
                let skipped = (after - address + table) as usize;
                if skipped >= bytes.len() || decoder.set_position(skipped).is_err() {
                    break;
                }
                decoder.set_ip(after + table);
            }
        }
        found.instructions.retain(|i| i.next_ip() <= constants);
        found.drop_padding();
        let code: u64 = found.instructions.iter().map(|i| i.len() as u64).sum();
        found.other = bytes.len() as u64 - code;
        found
    }

    /// How many instructions there are.
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// The bytes of an instruction of this function.
    pub(crate) fn bytes_of(&self, instruction: &Instruction) -> &[u8] {
        let start = (instruction.ip() - self.address) as usize;
        self.bytes.get(start..start + instruction.len()).unwrap_or(&[])
    }

    /// Addresses that the instructions name.
    pub(crate) fn references(&self) -> impl Iterator<Item = Reference> {
        self.instructions.iter().filter_map(|i| {
            if is_near_branch(i) {
                Some(Reference::Code(i.near_branch_target()))
            } else if !i.is_ip_rel_memory_operand() {
                None
            } else if i.mnemonic() == Mnemonic::Lea {
                Some(Reference::Taken(i.ip_rel_memory_address()))
            } else {
                Some(Reference::Read(i.ip_rel_memory_address()))
            }
        })
    }

    /// Instructions, those in loops ten times as much for each loop around them: a guess at where time goes. A loop is
    /// what lies between a jump backwards and its target.
    pub(crate) fn weight(&self) -> u64 {
        let mut loops: BTreeMap<u64, u64> = BTreeMap::new();
        for jump in self.instructions.iter().filter(|i| i.flow_control() != FlowControl::Call) {
            let target = if is_near_branch(jump) { jump.near_branch_target() } else { continue };
            if target >= self.address && target <= jump.ip() {
                let end = loops.entry(target).or_default();
                *end = jump.ip().max(*end);
            }
        }
        let (mut weight, mut open) = (0_u64, Vec::<u64>::new());
        for ip in self.instructions.iter().map(Instruction::ip) {
            open.retain(|end| *end >= ip);
            open.extend(loops.get(&ip));
            weight = weight.saturating_add(10_u64.pow(open.len().min(6) as u32));
        }
        weight
    }

    /// What fills the space behind the last instruction is neither counted nor shown. Zeros decode as an addition.
    fn drop_padding(&mut self) {
        let fills = |i: &Instruction, bytes: &[u8]| {
            matches!(i.mnemonic(), Mnemonic::Nop | Mnemonic::Int3) || bytes.iter().all(|b| *b == 0)
        };
        let Some(last) = self.instructions.iter().rposition(|i| !fills(i, self.bytes_of(i))) else { return };
        let ends = matches!(
            self.instructions[last].flow_control(),
            FlowControl::Return
                | FlowControl::UnconditionalBranch
                | FlowControl::IndirectBranch
                | FlowControl::Exception
        );
        if ends {
            self.instructions.truncate(last + 1);
        }
    }
}

/// Whether an instruction names the address it jumps to.
pub(super) fn is_near_branch(instruction: &Instruction) -> bool {
    instruction.op_count() > 0
        && matches!(
            instruction.op0_kind(),
            OpKind::NearBranch64 | OpKind::NearBranch32 | OpKind::NearBranch16
        )
}

/// Bytes of the table at `table`: distances of four bytes from its own beginning into the function, up to the
/// nearest of their targets behind it.
fn jump_table(address: u64, bytes: &[u8], table: u64, constants: u64) -> u64 {
    let mut nearest = constants;
    let mut at = table;
    while at + 4 <= nearest {
        let start = (at - address) as usize;
        let Some(Ok(entry)) = bytes.get(start..start + 4).map(<[u8; 4]>::try_from) else { break };
        let target = table.wrapping_add_signed(i64::from(i32::from_le_bytes(entry)));
        if target < address || target >= constants {
            break;
        }
        if target > table {
            nearest = nearest.min(target);
        }
        at += 4;
    }
    at - table
}
