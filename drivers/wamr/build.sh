#!/bin/sh
# Builds drivers for WAMR's modes: build.sh MODE…, with MODE out of classic, fast-jit, llvm-jit, aot.
# Leaves target/MODE/release/runoff-driver-wamr. README.md says what has to be installed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
llvm_config=${LLVM_CONFIG:-llvm-config-19}
jobs=${JOBS:-$(nproc)}
[ $# -gt 0 ] || { echo "usage: $0 MODE… (classic, fast-jit, llvm-jit, aot)" >&2; exit 2; }

# The C sources are those of the package whose fast interpreter Runoff links.
cargo fetch --locked --quiet --manifest-path "$here/Cargo.toml"
sources=$(cargo metadata --locked --offline --format-version 1 --manifest-path "$here/Cargo.toml" |
    grep -o '"manifest_path":"[^"]*/wamrx-sys-[^"]*/Cargo.toml"' |
    cut -d '"' -f 4 | sed 's|/Cargo.toml$|/wasm-micro-runtime|')
[ -f "$sources/CMakeLists.txt" ] || { echo "no sources of WAMR in the package wamrx-sys" >&2; exit 1; }

for mode; do
    options="-DWAMR_BUILD_FAST_INTERP=0 -DWAMR_BUILD_AOT=0 -DWAMR_BUILD_JIT=0 -DWAMR_BUILD_FAST_JIT=0 -DWAMR_BUILD_SIMD=0"
    case $mode in
    classic) ;;
    fast-jit) options="$options -DWAMR_BUILD_FAST_JIT=1 -DWAMR_BUILD_LAZY_JIT=0" ;;
    llvm-jit) options="$options -DWAMR_BUILD_AOT=1 -DWAMR_BUILD_JIT=1 -DWAMR_BUILD_LAZY_JIT=0 -DWAMR_BUILD_SIMD=1" ;;
    aot) options="$options -DWAMR_BUILD_AOT=1 -DWAMR_BUILD_SIMD=1 -DWAMR_BUILD_FAST_INTERP=OFF" ;;
    *) echo "unknown mode $mode" >&2; exit 2 ;;
    esac
    vmlib="$here/target/$mode/vmlib"
    # What follows the mode's own options is what the in-process build of the fast interpreter has. Stacks are
    # checked by comparing: guard pages on them would make WAMR touch the whole stack of the engine's thread.
    # shellcheck disable=SC2086 # options are words
    cmake -S "$sources" -B "$vmlib" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_PROJECT_iwasm_INCLUDE="$here/cmake/modes.cmake" -DRUNOFF_MODE="$mode" \
        -DLLVM_DIR="$here/cmake" -DRUNOFF_LLVM_CONFIG="$llvm_config" \
        $options -DWAMR_BUILD_INTERP=1 -DWAMR_DISABLE_STACK_HW_BOUND_CHECK=1 \
        -DWAMR_BUILD_BULK_MEMORY=1 -DWAMR_BUILD_REF_TYPES=1 -DWAMR_BUILD_TAIL_CALL=1 \
        -DWAMR_BUILD_EXTENDED_CONST_EXPR=1 -DWAMR_BUILD_CUSTOM_NAME_SECTION=1 -DWAMR_BUILD_THREAD_MGR=1 \
        -DWAMR_BUILD_LIBC_BUILTIN=0 -DWAMR_BUILD_LIBC_WASI=0
    cmake --build "$vmlib" --target vmlib --parallel "$jobs"

    links="static=iwasm"
    search="$vmlib"
    case $mode in
    fast-jit) links="$links static=asmjit stdc++" search="$search /usr/lib/$(gcc -print-multiarch)" ;;
    llvm-jit | aot) links="$links $("$llvm_config" --libs | sed 's/^-l//') stdc++" search="$search $("$llvm_config" --libdir)" ;;
    esac
    # DOCS_RS makes wamrx-sys declare WAMR's functions without building a library of its own.
    DOCS_RS=1 RUNOFF_WAMR_SEARCH="$search" RUNOFF_WAMR_LINK="$links m dl pthread" \
        cargo build --release --locked --manifest-path "$here/Cargo.toml" \
        --target-dir "$here/target/cargo" --no-default-features --features "$mode"
    mkdir -p "$here/target/$mode/release"
    cp "$here/target/cargo/release/runoff-driver-wamr" "$here/target/$mode/release/"
done
