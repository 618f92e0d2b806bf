#!/usr/bin/env bash
# Runs a fuzz target: fuzz/run.sh TARGET SECONDS [FILE…]
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?usage: fuzz/run.sh TARGET SECONDS [FILE…]}
seconds=${2:?usage: fuzz/run.sh TARGET SECONDS [FILE…]}
shift 2
# libFuzzer's instrumentation, as the stable compiler can be asked for it.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
# With a target named, build scripts and procedural macros are left uninstrumented.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --release --quiet --target "$host" --bin "$target"
binary="${CARGO_TARGET_DIR:-target}/$host/release/$target"
if [ $# -gt 0 ]; then exec "$binary" "$@"; fi
mkdir -p "corpus/$target" "seeds/$target" artifacts
exec "$binary" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix=artifacts/ \
  "corpus/$target" "seeds/$target"
