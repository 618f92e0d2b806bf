//! A module between the guest and host functions.
//!
//! For each import it exports a function of the same type, which leaves its arguments in the shim's memory, calls
//! the one host function there is with the import's number, and takes the results from the same memory. When the
//! answer is not 0 the guest must stop, and the shim traps: an error returned from a host function is one the
//! engine does not survive.

use std::fmt::Write as _;

use runoff_runtime::FuncType;

/// Where the shim imports the host function from.
pub(super) const HOST: (&str, &str) = ("host", "call");
/// The shim's memory, eight bytes for each value: arguments, then results.
pub(super) const VALUES: &str = "values";
/// Bytes of one value.
pub(super) const SLOT: usize = 8;

/// The text of the shim for imports of these types, which are numbers only.
pub(super) fn text(types: &[&FuncType]) -> String {
    let most = types.iter().map(|ty| ty.params.len() + ty.results.len()).max().unwrap_or(0);
    let pages = (most * SLOT).div_ceil(65_536).max(1);
    let mut text = format!(
        r#"(module (import "{}" "{}" (func $call (param i32) (result i32)))
            (memory (export "{VALUES}") {pages})"#,
        HOST.0, HOST.1
    );
    // Writing to a string cannot fail.
    for (number, FuncType { params, results }) in types.iter().enumerate() {
        let _ = write!(text, r#"(func (export "{number}")"#);
        for (kind, ty) in params.iter().map(|ty| ("param", ty)).chain(results.iter().map(|ty| ("result", ty)))
        {
            let _ = write!(text, " ({kind} {ty})");
        }
        for (i, ty) in params.iter().enumerate() {
            let _ = write!(text, "({ty}.store offset={} (i32.const 0) (local.get {i}))", i * SLOT);
        }
        let _ = write!(text, "(if (call $call (i32.const {number})) (then unreachable))");
        for (i, ty) in results.iter().enumerate() {
            let _ = write!(text, "({ty}.load offset={} (i32.const 0))", (params.len() + i) * SLOT);
        }
        text.push(')');
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use runoff_runtime::{ModuleDescriptor, ValueType};

    #[test]
    fn the_shim_is_a_module_for_every_type() {
        let all = [ValueType::I32, ValueType::I64, ValueType::F32, ValueType::F64];
        let wide = FuncType::new(all, all);
        let many = FuncType::new([ValueType::I64; 1000], [ValueType::F32; 20]);
        for types in [vec![], vec![&FuncType::default()], vec![&wide, &many]] {
            let wasm = wat::parse_str(text(&types)).expect("well-formed text");
            let descriptor = ModuleDescriptor::parse(&wasm).expect("a valid module");
            assert_eq!(descriptor.functions as usize, types.len());
            for (number, ty) in types.into_iter().enumerate() {
                assert_eq!(descriptor.func(&number.to_string()), Some(ty));
            }
        }
    }
}
