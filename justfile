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

# Licences and sources of dependencies (needs cargo-deny)
deny:
    cargo deny --all-features check licenses bans sources

# Known vulnerabilities of dependencies (needs cargo-deny and the network)
advisories:
    cargo deny --all-features check advisories

# Fuzz one target for some seconds
fuzz TARGET SECONDS="60":
    fuzz/run.sh {{TARGET}} {{SECONDS}}

# Everything CI runs, and what it has no time for
ci-full: ci deny
    guests/rebuild.sh --check
    for target in result_file profile manifest module artifact protocol units wasi; do fuzz/run.sh $target 30; done
