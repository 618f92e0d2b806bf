#!/bin/sh
# Builds sets of commands once more at other optimisation levels, bit for bit: for each level a folder
# levels/SET-LEVEL with the modules of prebuilt/SET, which are those of level 3.
#
#   levels.sh            build, overwrite levels/ and its SHA256SUMS
#   levels.sh --check    build aside and fail if any byte differs from what is committed
#
# The level is that of the programs and of the crates they depend on; the standard library is always optimised.
# The largest programs are left out: unoptimised they are several megabytes each, and what a level does to code shows
# in the others as well.
set -eu
name=guests/levels.sh
cd "$(dirname "$0")"
here=$(pwd -P)
. ./common.sh
parse_arguments "$@"
. ./recipe.sh

sets="apps"
left_out="script database chess text"

# The packages of a set as arguments of cargo.
packages() {
    sed -n "s/^name = \"\(runoff-guest-$1-[a-z0-9-]*\)\"/\1/p" "$1"/*/Cargo.toml | while read -r package; do
        case " $left_out " in *" ${package#"runoff-guest-$1-"} "*) ;; *) printf ' --package %s' "$package" ;; esac
    done
}

out=$here/target/rebuilt-levels
rm -rf "$out"
for variant in O0 O1 O2 Os simd; do
    case $variant in
    simd) level=3 features=+simd128 ;;
    *) level=${variant#O} features= ;;
    esac
    for set in $sets; do
        echo "$name: $set-$variant"
        rm -f target/wasm/wasm32-wasip1/release/*.wasm
        # shellcheck disable=SC2046
        build --target wasm32-wasip1 --bins $(packages "$set")
        for file in target/wasm/wasm32-wasip1/release/"$set"-*.wasm; do
            command=$(basename "$file" .wasm)
            install -D -m 644 "$file" "$out/$set-$variant/${command#*-}.wasm"
        done
    done
done
publish "$out" levels
