//! Engines that not everybody may use for everything.

/// What stands between a runtime and production use, for people; `None` where nothing unusual does.
///
/// Measuring is allowed everywhere. Whoever lets Runoff choose what to *run* must know of these.
pub fn restriction(runtime: &str) -> Option<&'static str> {
    ["wasmer/singlepass", "wasmer/llvm"].contains(&runtime).then_some(
        "Business Source License 1.1: production use needs a sponsorship agreement with Wasmer, Inc.",
    )
}

#[cfg(test)]
mod tests {
    use super::restriction;

    #[test]
    fn two_compilers_of_wasmer_are_restricted() {
        assert!(restriction("wasmer/singlepass").is_some() && restriction("wasmer/llvm").is_some());
        assert_eq!([restriction("wasmer/cranelift"), restriction("wasmtime/cranelift")], [None, None]);
    }
}
