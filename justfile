# Short recipes; each is what its line says.

# List the recipes
default:
    @just --list

# Build the command-line tool
build:
    cargo build --release

# The main job: the bundled samples on every runtime
bench *ARGS:
    cargo run --release -- bench {{ARGS}}

# All tests
test:
    cargo test --release --workspace

# Format, lints and documentation, as CI checks them
check:
    cargo fmt --all -- --check
    cargo clippy --release --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps

# The test of plots as PNG, whose crates are built in a folder of their own: no engine is among them
test-png:
    cargo test --release --locked --package runoff-report --features png --test png --target-dir target/png

# Rebuild the guest programs and compare them with the committed bytes
guests:
    guests/rebuild.sh --check

# Lints and unit tests of the guest programs, natively
check-guests:
    cargo clippy --manifest-path guests/Cargo.toml --release --locked --workspace --all-targets -- -D warnings
    cargo test --manifest-path guests/Cargo.toml --release --locked --workspace --quiet

# Everything CI runs
ci:
    bash .ci/run

# Licences and sources of dependencies (needs cargo-deny)
deny:
    cargo deny --all-features check licenses bans sources

# Known vulnerabilities of dependencies (needs cargo-deny and the network)
advisories:
    cargo deny --all-features check advisories

# A driver for Lucet; drivers/lucet/README.md says what it needs
driver-lucet:
    drivers/lucet/build.sh

# A driver for WAVM; drivers/wavm/README.md says what it needs
driver-wavm:
    drivers/wavm/build.sh

# Drivers for WAMR's modes: classic, fast-jit, llvm-jit, aot
driver-wamr *MODES:
    drivers/wamr/build.sh {{MODES}}

# Runoff with every engine that can be linked; needs LLVM 22
build-all:
    LLVM_SYS_221_PREFIX=/usr/lib/llvm-22 cargo build --release --features llvm,more

# Fuzz one target for some seconds
fuzz TARGET SECONDS="60":
    fuzz/run.sh {{TARGET}} {{SECONDS}}

# The host's hazards in their long form: killed two hundred times, a thousand reloads, a minute of overload
chaos:
    cargo test --release -p runoff-cli --test serve -- --include-ignored

# What the host promises of speed: its own share of a request, throughput beside a bare server, latency during builds
host-speed SECONDS="1":
    cargo build --release -p runoff-cli -p runoff-host --bin runoff --example load
    target/release/examples/load gates target/release/runoff {{SECONDS}}

# Everything CI runs, and what it has no time for
ci-full: ci check-guests deny driver-lucet driver-wavm (driver-wamr "classic" "llvm-jit" "aot")
    guests/rebuild.sh --check
    guests/levels.sh --check
    LLVM_SYS_221_PREFIX=/usr/lib/llvm-22 cargo test --release -p runoff-runtimes --features llvm,more --test conformance
    cargo test --release -p runoff-cli --test conformance --test drivers --test wasi_golden
    for target in result_file profile manifest module artifact protocol units wasi; do fuzz/run.sh $target 30; done

# The host that `runoff study calls` compares with: Runoff's part of a call built for debugging, engines as they are
debug-host:
    studies/debug-host.sh

# The program that times Extism and the component model for `runoff study calls` (compiles two Wasmtimes)
rivals:
    cargo build --release --locked --manifest-path studies/rivals/Cargo.toml
