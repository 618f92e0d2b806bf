//! Kinds of WebAssembly instructions.

use wasmparser::Operator;

/// What an instruction does, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// `local.get`, `local.set`, `local.tee`.
    Locals,
    /// `global.get`, `global.set`.
    Globals,
    /// Constants.
    Constants,
    /// Loads from linear memory.
    Loads,
    /// Stores to linear memory.
    Stores,
    /// `memory.grow`, `memory.copy` and their like.
    Memory,
    /// Whole-number arithmetic.
    Integers,
    /// Floating-point arithmetic.
    Floats,
    /// Comparisons.
    Comparisons,
    /// Conversions between types.
    Conversions,
    /// `block`, `loop`, `if`, `else`, `end`, `nop`, `unreachable`.
    Structure,
    /// `br`, `br_if`, `br_table`, `return`.
    Branches,
    /// `call`.
    Calls,
    /// `call_indirect`, `call_ref`.
    IndirectCalls,
    /// `drop`, `select`.
    Parametric,
    /// Tables and references.
    References,
    /// 128-bit vectors.
    Vectors,
    /// Atomic operations.
    Atomics,
    /// Exceptions, garbage-collected objects, stack switching.
    Other,
}

/// The name of every instruction, from the parser's own list.
macro_rules! names {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The instruction's name with underscores, `visit_` in front.
        fn visitor(op: &Operator<'_>) -> &'static str {
            match op {
                $(Operator::$op $({ $($arg: _),* })? => stringify!($visit),)*
                _ => "visit_other",
            }
        }
    };
}
wasmparser::for_each_operator!(names);

impl Category {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 19] = [
        Self::Locals,
        Self::Globals,
        Self::Constants,
        Self::Loads,
        Self::Stores,
        Self::Memory,
        Self::Integers,
        Self::Floats,
        Self::Comparisons,
        Self::Conversions,
        Self::Structure,
        Self::Branches,
        Self::Calls,
        Self::IndirectCalls,
        Self::Parametric,
        Self::References,
        Self::Vectors,
        Self::Atomics,
        Self::Other,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Locals => "locals",
            Self::Globals => "globals",
            Self::Constants => "constants",
            Self::Loads => "loads",
            Self::Stores => "stores",
            Self::Memory => "memory",
            Self::Integers => "whole numbers",
            Self::Floats => "floating point",
            Self::Comparisons => "comparisons",
            Self::Conversions => "conversions",
            Self::Structure => "structure",
            Self::Branches => "branches",
            Self::Calls => "calls",
            Self::IndirectCalls => "indirect calls",
            Self::Parametric => "drop and select",
            Self::References => "references",
            Self::Vectors => "vectors",
            Self::Atomics => "atomics",
            Self::Other => "other",
        }
    }

    /// That of an instruction.
    pub fn of(op: &Operator<'_>) -> Self {
        let name = visitor(op).trim_start_matches("visit_");
        Self::of_name(name)
    }

    pub(super) fn of_name(name: &str) -> Self {
        match name {
            "block" | "loop" | "if" | "else" | "end" | "nop" | "unreachable" => return Self::Structure,
            "br" | "br_if" | "br_table" | "return" | "br_on_null" | "br_on_non_null" => {
                return Self::Branches;
            }
            "call" | "return_call" => return Self::Calls,
            "call_indirect" | "return_call_indirect" | "call_ref" | "return_call_ref" => {
                return Self::IndirectCalls;
            }
            "drop" | "select" | "typed_select" | "typed_select_multi" => return Self::Parametric,
            "i32_const" | "i64_const" | "f32_const" | "f64_const" => return Self::Constants,
            "ref_null" | "ref_is_null" | "ref_func" | "ref_as_non_null" | "elem_drop" => {
                return Self::References;
            }
            "data_drop" => return Self::Memory,
            _ => {}
        }
        if name.contains("atomic") {
            return Self::Atomics;
        }
        if name.starts_with("memory_") {
            return Self::Memory;
        }
        let groups = [("local_", Self::Locals), ("global_", Self::Globals), ("table_", Self::References)];
        if let Some((_, category)) = groups.iter().find(|(start, _)| name.starts_with(start)) {
            return *category;
        }
        let Some((ty, rest)) = name.split_once('_') else { return Self::Other };
        match ty {
            "v128" | "i8x16" | "i16x8" | "i32x4" | "i64x2" | "f32x4" | "f64x2" => Self::Vectors,
            "i32" | "i64" | "f32" | "f64" => Self::scalar(ty.starts_with('f'), rest),
            _ => Self::Other,
        }
    }

    fn scalar(float: bool, rest: &str) -> Self {
        let compares = ["eq", "ne", "lt", "gt", "le", "ge"];
        let converts = ["wrap", "extend", "trunc_", "convert", "demote", "promote", "reinterpret"];
        if rest.starts_with("load") {
            Self::Loads
        } else if rest.starts_with("store") {
            Self::Stores
        } else if compares.contains(&rest.split('_').next().unwrap_or(rest)) || rest == "eqz" {
            Self::Comparisons
        } else if converts.iter().any(|c| rest.starts_with(c)) {
            Self::Conversions
        } else if float {
            Self::Floats
        } else {
            Self::Integers
        }
    }

    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
