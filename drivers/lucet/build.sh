#!/bin/sh
# Builds the Lucet driver: vendors its dependencies, mends what current compilers and kernels refuse in the ones of
# 2019, and compiles. May be run again at any time.
set -eu
cd "$(dirname "$0")"

# The stamp names the lock file the tree was made for.
stamp=$(sha256sum Cargo.lock build.sh | sha256sum | cut -d' ' -f1)
if [ "$(cat vendor/.stamp 2>/dev/null || true)" != "$stamp" ]; then
    rm -rf vendor .cargo
    cargo vendor --quiet --locked --versioned-dirs vendor >/dev/null

    # An iterator over a boxed slice became one over values.
    sed -i '/\*insts = insts$/,/\.cloned()/s/\.into_iter()/.iter()/' \
        vendor/cranelift-codegen-0.51.0/src/isa/x86/abi.rs
    # These insist on a reserved register being zero, which some processors and hypervisors do not keep.
    sed -i '/assert!(res.eax == 0);/d' vendor/raw-cpuid-7.0.4/src/lib.rs vendor/raw-cpuid-6.1.0/src/lib.rs
    # A table is as long as it is declared, not as long as its last element segment reaches.
    sed -i 's/let mut elems = Vec::new();/let mut elems = vec![Elem::Empty; decl.table.minimum as usize];/' \
        vendor/lucetc-0.6.1/src/table.rs
    # An instance a host function ended (`proc_exit`, a failure) can be called again, like one that trapped, without
    # losing its memory to a reset.
    sed -i 's/if !(self.state.is_ready() || (/if !(self.state.is_ready() || self.state.is_terminated() || (/' \
        vendor/lucet-runtime-internals-0.6.1/src/instance.rs
    # Lucet's build scripts put the last commit of the repository around them into compiler and runtime, which then
    # must be the same; this repository is not Lucet's.
    mkdir .cargo
    cat >.cargo/config.toml <<'CONFIG'
[source.crates-io]
replace-with = "vendored"
[source.vendored]
directory = "vendor"
[env]
GIT_DIR = "/dev/null"
CONFIG

    # Cargo compares files with these sums, and takes them as they are without the list; then it does not see either
    # that they changed since the last build.
    for crate in cranelift-codegen-0.51.0 raw-cpuid-7.0.4 raw-cpuid-6.1.0 lucetc-0.6.1 \
        lucet-runtime-internals-0.6.1; do
        sed -i 's/"files":{[^}]*}/"files":{}/' "vendor/$crate/.cargo-checksum.json"
        [ ! -d target ] || cargo clean --quiet --release -p "${crate%-*}@${crate##*-}"
    done
    echo "$stamp" >vendor/.stamp
fi

cargo build --release --locked "$@"
