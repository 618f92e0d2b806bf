#!/bin/sh
# Rebuilds the modules in prebuilt/ from the sources in this directory, bit for bit.
#
#   rebuild.sh            rebuild, overwrite prebuilt/ and its SHA256SUMS
#   rebuild.sh --check    rebuild aside and fail if any byte differs from what is committed
#
# Nothing is installed and nothing outside target/ and prebuilt/ is written: the compiler is used with a private
# sysroot, so the one of rustup stays as it is. The result does not depend on where the repository lies, on the
# user, or on the time.
set -eu
name=guests/rebuild.sh
cd "$(dirname "$0")"
here=$(pwd -P)
. ./common.sh
parse_arguments "$@"
. ./recipe.sh

# --- build ----------------------------------------------------------------------------------------------------

echo "$name: plain modules (wasm32-unknown-unknown)"
build --target wasm32-unknown-unknown --examples --workspace --exclude runoff-guest-calls
# Alone: features of serde that other guests turn on would bring the standard library into modules without it.
build --target wasm32-unknown-unknown --examples -p runoff-guest-calls
echo "$name: WASI commands (wasm32-wasip1)"
rm -f target/wasm/wasm32-wasip1/release/*.wasm # of programs that are no more
build --target wasm32-wasip1 --bins

# --- collect --------------------------------------------------------------------------------------------------

out=$here/target/rebuilt
rm -rf "$out"
mkdir -p "$out"
for module in add-one fibonacci nbody wasi-probe; do
    # Cargo names examples with underscores when they are libraries.
    file=$(echo "$module" | tr - _).wasm
    install -m 644 "target/wasm/wasm32-unknown-unknown/release/examples/$file" "$out/$module.wasm"
done
# So does a plain module `SET-NAME`; these are the sets.
for set in calls; do
    for file in target/wasm/wasm32-unknown-unknown/release/examples/"$set"_*.wasm; do
        module=$(basename "$file" .wasm)
        case "$module" in *-*) continue ;; esac # what cargo keeps for itself
        module=$(echo "$module" | tr _ -)
        install -D -m 644 "$file" "$out/$set/${module#*-}.wasm"
    done
done
# A command `SET-NAME` becomes `SET/NAME`; one without a dash stays as it is.
for file in target/wasm/wasm32-wasip1/release/*.wasm; do
    command=$(basename "$file" .wasm)
    case "$command" in
    *-*) module=${command%%-*}/${command#*-} ;;
    *) module=$command ;;
    esac
    install -D -m 644 "$file" "$out/$module.wasm"
done
publish "$out" prebuilt
