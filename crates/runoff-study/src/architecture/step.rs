//! Following a thread one instruction at a time.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;

use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, OpAccess, Register, UsedMemory,
};
use nix::libc::user_regs_struct;
use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::TraceError;
use super::marks::{BEGIN, END};
use super::simulate::{Figures, Machine};

/// Instructions between two reports of progress.
const REPORT: u64 = 50_000;

/// The longest instruction.
const LONGEST: usize = 15;

/// What was executed.
#[derive(Clone, Debug)]
pub struct Followed {
    /// What the simulated machine counted.
    pub figures: Figures,
    /// Whether the measured part came to its end.
    pub complete: bool,
}

/// Follows a thread that offered itself ([`super::offer`]) to the calling thread, which must have started its process:
/// lets it run to the beginning of its measured part, and then executes up to `limit` instructions one by one. The
/// thread is left stopped; its process is to be killed.
///
/// `ways` are lines per set of the simulated caches; `progress` hears how many instructions were executed.
pub fn follow(
    thread: i32,
    limit: u64,
    ways: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<Followed, TraceError> {
    let thread = Pid::from_raw(thread);
    run_to_beginning(thread)?;
    let mut code = Code::open(thread)?;
    let mut machine = Machine::new(ways);
    let mut before = registers(thread)?;
    let mut pending: Option<Signal> = None;
    let mut executed = 0;
    while executed < limit {
        step(thread, pending.take())?;
        match wait(thread)? {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => {}
            WaitStatus::Stopped(_, END) => {
                return Ok(Followed { figures: machine.figures(), complete: true });
            }
            // A trap of the guest is a signal to its engine; the instruction did not happen yet.
            WaitStatus::Stopped(_, signal) => {
                pending = Some(signal);
                before = registers(thread)?;
                continue;
            }
            other => return Err(ended(&other)),
        }
        let after = registers(thread)?;
        code.at(before.rip)?.happened(&before, after.rip, &mut machine);
        before = after;
        executed += 1;
        if executed.is_multiple_of(REPORT) {
            progress(executed);
        }
    }
    Ok(Followed { figures: machine.figures(), complete: false })
}

/// Takes leave of a thread whose process was killed; without this the process would not end.
pub fn reap(thread: i32) {
    while let Ok(status) = waitpid(Pid::from_raw(thread), Some(WaitPidFlag::__WALL)) {
        if matches!(status, WaitStatus::Exited(..) | WaitStatus::Signaled(..)) {
            return;
        }
    }
}

fn run_to_beginning(thread: Pid) -> Result<(), TraceError> {
    loop {
        let signal = match wait(thread)? {
            WaitStatus::Stopped(_, BEGIN) => {
                // Whatever becomes of us, no stopped process stays behind.
                return ptrace::setoptions(thread, ptrace::Options::PTRACE_O_EXITKILL)
                    .map_err(|e| TraceError::System("cannot set options", e));
            }
            WaitStatus::Stopped(_, signal) => Some(signal),
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => {
                return Err(TraceError::Follow("it ended before the measured part began".into()));
            }
            _ => None,
        };
        ptrace::cont(thread, signal).map_err(|e| TraceError::System("cannot go on", e))?;
    }
}

fn ended(status: &WaitStatus) -> TraceError {
    TraceError::Follow(match status {
        WaitStatus::Exited(_, code) => {
            format!("it exited with code {code} in the middle of the measured part")
        }
        WaitStatus::Signaled(_, signal, _) => format!("{signal} ended it in the middle of the measured part"),
        other => format!("it stopped in an unknown way: {other:?}"),
    })
}

fn wait(thread: Pid) -> Result<WaitStatus, TraceError> {
    waitpid(thread, Some(WaitPidFlag::__WALL))
        .map_err(|e| TraceError::System("cannot wait for the thread", e))
}

fn step(thread: Pid, signal: Option<Signal>) -> Result<(), TraceError> {
    ptrace::step(thread, signal).map_err(|e| TraceError::System("cannot execute one instruction", e))
}

fn registers(thread: Pid) -> Result<user_regs_struct, TraceError> {
    ptrace::getregs(thread).map_err(|e| TraceError::System("cannot read the registers", e))
}

/// Instructions that were met, decoded once.
struct Code {
    memory: File,
    known: HashMap<u64, Known>,
    factory: InstructionInfoFactory,
}

/// What matters of an instruction.
struct Known {
    instruction: Instruction,
    memory: Vec<UsedMemory>,
    conditional: bool,
}

impl Code {
    fn open(thread: Pid) -> Result<Self, TraceError> {
        let memory = File::open(format!("/proc/{thread}/mem"))
            .map_err(|e| TraceError::Follow(format!("its memory cannot be read: {e}")))?;
        Ok(Self { memory, known: HashMap::new(), factory: InstructionInfoFactory::new() })
    }

    fn at(&mut self, address: u64) -> Result<&Known, TraceError> {
        if !self.known.contains_key(&address) {
            let known = self.decode(address)?;
            self.known.insert(address, known);
        }
        Ok(&self.known[&address])
    }

    fn decode(&mut self, address: u64) -> Result<Known, TraceError> {
        let mut bytes = [0_u8; LONGEST];
        // The page behind the code may not be there.
        let page = 4096 - (address % 4096) as usize;
        let read = self
            .memory
            .read_at(&mut bytes, address)
            .or_else(|_| self.memory.read_at(&mut bytes[..page.min(LONGEST)], address))
            .map_err(|e| TraceError::Follow(format!("its code at {address:#x} cannot be read: {e}")))?;
        let instruction = Decoder::with_ip(64, &bytes[..read], address, DecoderOptions::NONE).decode();
        let accessed = |m: &&UsedMemory| !matches!(m.access(), OpAccess::None | OpAccess::NoMemAccess);
        let memory = self.factory.info(&instruction).used_memory().iter().filter(accessed).copied().collect();
        let conditional = instruction.flow_control() == FlowControl::ConditionalBranch;
        Ok(Known { instruction, memory, conditional })
    }
}

impl Known {
    /// Tells the simulated machine what happened, given the registers before and where it went on.
    fn happened(&self, before: &user_regs_struct, next: u64, machine: &mut Machine) {
        let (ip, length) = (self.instruction.ip(), self.instruction.len() as u64);
        machine.fetch(ip, length);
        for used in &self.memory {
            let address = used.virtual_address(0, |register, _, _| value(before, register));
            if let Some(address) = address {
                machine.access(address, used.memory_size().size().max(1) as u64);
            }
        }
        if self.conditional {
            machine.jump(ip, (next != ip + length).then_some(next));
        }
    }
}

/// A register's value; of segments their base. `None` for vectors of addresses.
fn value(registers: &user_regs_struct, register: Register) -> Option<u64> {
    let narrow = match register.size() {
        1 => 0xff,
        2 => 0xffff,
        4 => 0xffff_ffff,
        _ => u64::MAX,
    };
    let whole = match register.full_register() {
        Register::RAX => registers.rax,
        Register::RBX => registers.rbx,
        Register::RCX => registers.rcx,
        Register::RDX => registers.rdx,
        Register::RSI => registers.rsi,
        Register::RDI => registers.rdi,
        Register::RBP => registers.rbp,
        Register::RSP => registers.rsp,
        Register::R8 => registers.r8,
        Register::R9 => registers.r9,
        Register::R10 => registers.r10,
        Register::R11 => registers.r11,
        Register::R12 => registers.r12,
        Register::R13 => registers.r13,
        Register::R14 => registers.r14,
        Register::R15 => registers.r15,
        Register::RIP => registers.rip,
        Register::FS => return Some(registers.fs_base),
        Register::GS => return Some(registers.gs_base),
        Register::CS | Register::DS | Register::ES | Register::SS => return Some(0),
        _ => return None,
    };
    Some(whole & narrow)
}
