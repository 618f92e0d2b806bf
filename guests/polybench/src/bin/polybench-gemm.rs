//! The `polybench-gemm` command.

runoff_guest_program::command!(marked runoff_guest_polybench::main::<runoff_guest_polybench::blas::Gemm>);
