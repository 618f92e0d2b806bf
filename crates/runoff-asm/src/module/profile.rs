//! The instruction mix of a module's functions.

use std::collections::BTreeMap;

use serde::Serialize;
use wasmparser::{
    FuncValidator, FuncValidatorAllocations, FunctionBody, Operator, Parser, ValidPayload, Validator,
    ValidatorResources, WasmFeatures,
};

use super::names::FunctionNames;
use super::{Category, Mix};
use crate::AsmError;

/// Functions of a module and what they are made of.
#[derive(Clone, Debug)]
pub struct ModuleProfile {
    /// Functions with a body, ascending.
    pub functions: Vec<FunctionProfile>,
    pub(super) names: FunctionNames,
}

/// What one function is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FunctionProfile {
    /// Its index, imported functions included.
    pub index: u32,
    /// What it is called, where the module says.
    pub name: Option<String>,
    /// Bytes of its body.
    pub body_bytes: u64,
    /// Parameters.
    pub params: u32,
    /// Locals besides the parameters.
    pub locals: u32,
    /// Deepest nesting of blocks.
    pub depth: u32,
    /// Deepest nesting of loops.
    pub loop_depth: u32,
    /// Most values on the operand stack.
    pub operands: u32,
    /// Instructions by kind.
    pub mix: Mix,
    /// How often each function is named by a direct call.
    pub calls: BTreeMap<u32, u64>,
    /// Instructions, those in loops ten times as much for each loop around them: a guess at where time goes.
    pub weight: u64,
}

/// What an instruction in a loop weighs more than one outside.
const LOOP: u64 = 10;

/// Loops nested deeper than this are not thought to turn any more often.
const DEEPEST: u32 = 6;

impl ModuleProfile {
    /// Validates a module, with every proposal there is, and counts.
    pub fn new(wasm: &[u8]) -> Result<Self, AsmError> {
        let refused = |e: wasmparser::BinaryReaderError| AsmError::Module(e.to_string());
        let names = FunctionNames::read(wasm);
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let mut functions = Vec::new();
        let mut allocations = FuncValidatorAllocations::default();
        if !Parser::is_core_wasm(wasm) {
            return Err(AsmError::Module("neither a core module nor text of one".into()));
        }
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(refused)?;
            if let ValidPayload::Func(validate, body) = validator.payload(&payload).map_err(refused)? {
                let mut validate = validate.into_validator(std::mem::take(&mut allocations));
                functions.push(function(&mut validate, &body, &names).map_err(refused)?);
                allocations = validate.into_allocations();
            }
        }
        Ok(Self { functions, names })
    }

    /// The function with this index, if it has a body.
    pub fn function(&self, index: u32) -> Option<&FunctionProfile> {
        self.functions.binary_search_by_key(&index, |f| f.index).ok().map(|at| &self.functions[at])
    }

    /// What a function is called: its own name, that of its export, or its index.
    pub fn name(&self, index: u32) -> String {
        self.names.of(index).unwrap_or_else(|| format!("function {index}"))
    }

    /// Names by which an executable may know a function: its exports and its entry in the name section.
    pub fn aliases(&self, index: u32) -> Vec<String> {
        let exports = self.names.exports.iter().filter(|(_, i)| *i == index).map(|(name, _)| name.clone());
        exports.chain(self.names.of(index)).collect()
    }

    /// Instructions of all functions by kind.
    pub fn mix(&self) -> Mix {
        self.functions.iter().fold(Mix::default(), |mut sum, f| {
            sum += f.mix;
            sum
        })
    }
}

fn function(
    validate: &mut FuncValidator<ValidatorResources>,
    body: &FunctionBody<'_>,
    names: &FunctionNames,
) -> wasmparser::Result<FunctionProfile> {
    let mut reader = body.get_binary_reader();
    let params = validate.len_locals();
    validate.read_locals(&mut reader)?;
    let mut found = FunctionProfile {
        index: validate.index(),
        name: names.of(validate.index()),
        body_bytes: body.range().end - body.range().start,
        params,
        locals: validate.len_locals() - params,
        ..FunctionProfile::default()
    };
    // For each open block, whether it is a loop.
    let mut blocks: Vec<bool> = Vec::new();
    let mut around = 0_u32;
    let mut reader = wasmparser::OperatorsReader::new(reader);
    while !reader.eof() {
        let (op, offset) = reader.read_with_offset()?;
        validate.op(offset, &op)?;
        found.mix.add(Category::of(&op));
        found.weight = found.weight.saturating_add(LOOP.pow(around.min(DEEPEST)));
        match op {
            Operator::Loop { .. } => {
                blocks.push(true);
                around += 1;
            }
            Operator::Block { .. }
            | Operator::If { .. }
            | Operator::TryTable { .. }
            | Operator::Try { .. } => blocks.push(false),
            // The last one closes the function.
            Operator::End | Operator::Delegate { .. } => around -= u32::from(blocks.pop() == Some(true)),
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                *found.calls.entry(function_index).or_default() += 1;
            }
            _ => {}
        }
        found.loop_depth = found.loop_depth.max(around);
        found.depth = found.depth.max(blocks.len() as u32);
        found.operands = found.operands.max(validate.operand_stack_height());
    }
    reader.finish()?;
    Ok(found)
}
