#!/bin/sh
# Builds WAVM's driver: drivers/wavm/target/release/runoff-driver-wavm. Can be run again at any time.
set -eu
cd "$(dirname "$0")"

packages="llvm-13-dev cmake ninja-build g++ python3"
missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    echo "missing Debian packages:$missing" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi

# The source comes with a package nobody builds: cargo fetches it for a workspace made for that alone.
if [ ! -d build/fetch/vendor/wavm-sys ]; then
    mkdir -p build/fetch/src
    : > build/fetch/src/lib.rs
    cat > build/fetch/Cargo.toml <<'TOML'
[package]
name = "fetch"
version = "0.0.0"
edition = "2021"

[workspace]

[dependencies]
wavm-sys = "=0.1.0"
TOML
    (cd build/fetch && cargo vendor --quiet vendor >/dev/null)
fi

# A port that is as new as its script is left alone, so that nothing is compiled twice.
if [ ! -e build/ported ] || [ port.py -nt build/ported ]; then
    rm -f build/ported
    python3 port.py build/fetch/vendor/wavm-sys/wavm build/source
    touch build/ported
fi

cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DWAVM_SOURCE="$PWD/build/source" \
    -DLLVM_DIR=/usr/lib/llvm-13/lib/cmake/llvm >/dev/null
cmake --build build
cargo build --release --locked
