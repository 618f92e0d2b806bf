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

# Rebuild the guest programs and compare them with the committed bytes
guests:
    guests/rebuild.sh --check

# Everything CI runs
ci:
    bash .ci/run
