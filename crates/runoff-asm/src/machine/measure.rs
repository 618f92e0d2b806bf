//! What is counted.

/// What is counted in machine code. [`Measure::says`] is the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Bytes of instructions.
    Bytes,
    /// Bytes that are no instructions.
    OtherBytes,
    /// Instructions.
    Instructions,
    /// Reads of memory outside of the frame.
    Loads,
    /// Writes of memory outside of the frame.
    Stores,
    /// Reads of the frame.
    FrameLoads,
    /// Writes of the frame.
    FrameStores,
    /// Pushes and pops.
    PushPop,
    /// Copies from register to register.
    Moves,
    /// Operations with an operand in memory.
    Folded,
    /// Addresses with an index.
    Indexed,
    /// Jumps.
    Branches,
    /// Conditional jumps.
    Conditional,
    /// Conditions made into numbers.
    SetFlags,
    /// Calls.
    Calls,
    /// Bounds checks.
    BoundsChecks,
    /// Stack checks.
    StackChecks,
    /// Vector instructions.
    Vector,
    /// Prefix bytes.
    Prefixes,
    /// REX prefixes without a meaning.
    NeedlessRex,
}

impl Measure {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 20] = [
        Self::Bytes,
        Self::OtherBytes,
        Self::Instructions,
        Self::Loads,
        Self::Stores,
        Self::FrameLoads,
        Self::FrameStores,
        Self::PushPop,
        Self::Moves,
        Self::Folded,
        Self::Indexed,
        Self::Branches,
        Self::Conditional,
        Self::SetFlags,
        Self::Calls,
        Self::BoundsChecks,
        Self::StackChecks,
        Self::Vector,
        Self::Prefixes,
        Self::NeedlessRex,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::OtherBytes => "other bytes",
            Self::Instructions => "instructions",
            Self::Loads => "loads",
            Self::Stores => "stores",
            Self::FrameLoads => "frame loads",
            Self::FrameStores => "frame stores",
            Self::PushPop => "pushes and pops",
            Self::Moves => "register moves",
            Self::Folded => "memory operands",
            Self::Indexed => "indexed addresses",
            Self::Branches => "jumps",
            Self::Conditional => "conditional jumps",
            Self::SetFlags => "set on condition",
            Self::Calls => "calls",
            Self::BoundsChecks => "bounds checks",
            Self::StackChecks => "stack checks",
            Self::Vector => "vector instructions",
            Self::Prefixes => "prefix bytes",
            Self::NeedlessRex => "needless rex",
        }
    }

    /// How it is recognised.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Bytes => "bytes of instructions",
            Self::OtherBytes => "constants, jump tables and padding between and behind the instructions",
            Self::Instructions => "instructions, padding not counted",
            Self::Loads => {
                "instructions that read memory through an explicit operand which is not in the function's frame: linear memory, and what the engine keeps beside it"
            }
            Self::Stores => "the same for writing; one that reads and writes counts in both",
            Self::FrameLoads => {
                "reads through an address in the function's frame (rsp, or rbp where it is the frame's pointer): reloads of spilled values, parameters on the stack"
            }
            Self::FrameStores => "writes of the same: spills",
            Self::PushPop => "push and pop, mostly registers that the caller wants back",
            Self::Moves => "mov and its vector forms from a register to a register, without extending",
            Self::Folded => "operations other than moves with an operand in memory, `add eax,[rbx]`",
            Self::Indexed => "addresses of base + index × scale, lea included",
            Self::Branches => "jmp, conditional and indirect jumps; calls and returns not",
            Self::Conditional => "jumps on a condition",
            Self::SetFlags => "setcc: a condition kept as a number instead of jumped upon",
            Self::Calls => "direct and indirect calls",
            Self::BoundsChecks => {
                "jumps on an unsigned comparison, which is not of the stack pointer, to something that traps: an invalid instruction, or a call of a function that reports an index"
            }
            Self::StackChecks => "jumps on a comparison of the stack pointer",
            Self::Vector => {
                "instructions on whole vector registers: packed arithmetic and moves of 16 bytes and more"
            }
            Self::Prefixes => "legacy prefixes (those that are part of the opcode too), REX, VEX and EVEX",
            Self::NeedlessRex => {
                "REX prefixes that choose nothing: 40h without a byte register that needs it"
            }
        }
    }

    /// Its place in [`Measure::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
