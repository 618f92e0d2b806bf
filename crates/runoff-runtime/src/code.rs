//! Machine code, where an engine shows what it made.

/// The machine code of a module's own functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineCode {
    /// Functions by index, ascending. Those that an engine has not compiled are missing.
    pub functions: Vec<FunctionCode>,
}

/// The machine code of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCode {
    /// Its index in the module, imported functions included.
    pub index: u32,
    /// Where its first byte is in this process; calls between functions are relative to it.
    pub address: u64,
    /// Its bytes: instructions, and what the compiler put behind them (constants, jump tables, padding).
    pub bytes: Vec<u8>,
}
