#!/bin/sh
# Builds target/release/runoff-study-host: the study of calls with everything between it and the engines - the library,
# the seam, the adapters - as cargo builds it for debugging: not optimised, overflow and other assertions on.
#
# The engines stay as `cargo build --release` made them, and so nothing of them is compiled for this. Together with
# `-p runoff-cli`, which turns the same of their features on. To have them built for debugging as well:
#
#   cargo build -p runoff-study --features wasmtime --bin runoff-study-host
#   runoff study calls --debug-host target/debug/runoff-study-host
set -eu
cd "$(dirname "$0")/.."
set --
for crate in runoff-wire runoff-call runoff-runtime runoff-runtimes runoff-study runoff-guest-calls; do
    for setting in opt-level=0 debug-assertions=true overflow-checks=true; do
        set -- "$@" --config "profile.release.package.$crate.$setting"
    done
done
exec cargo build --release --locked -p runoff-cli -p runoff-study --features runoff-study/wasmtime \
    --bin runoff-study-host "$@"
