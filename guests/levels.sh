#!/bin/sh
# Builds sets of commands once more at other optimisation levels, bit for bit: for each level a folder
# levels/SET-LEVEL with the modules of prebuilt/SET, which are those of level 3.
#
#   levels.sh            build, overwrite levels/ and its SHA256SUMS
#   levels.sh --check    build aside and fail if any byte differs from what is committed
#
# The level is that of the programs and of the crates they depend on; the standard library is always optimised.
# Modules are kept packed (MODULE.wasm.gz), because unoptimised ones are large: SHA256SUMS is about the files as they
# lie there, UNPACKED.SHA256SUMS about the modules in them. What is compared is the modules: another gzip may pack
# the same bytes differently.
set -eu
name=guests/levels.sh
cd "$(dirname "$0")"
here=$(pwd -P)
. ./common.sh
parse_arguments "$@"
. ./recipe.sh

sets="apps"

# The packages of a set as arguments of cargo.
packages() {
    sed -n "s/^name = \"\(runoff-guest-$1-[a-z0-9-]*\)\"/--package \1/p" "$1"/*/Cargo.toml
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
checksums "$out" "*.wasm" >"$out/UNPACKED.SHA256SUMS"

if $check; then
    unpacked=$here/target/unpacked-levels
    rm -rf "$unpacked"
    mkdir -p "$unpacked"
    cp -R levels/. "$unpacked"
    (cd "$unpacked" && sha256sum --check --quiet SHA256SUMS) || fail "levels/ is not what its checksums say"
    rm "$unpacked/SHA256SUMS"
    find "$unpacked" -name "*.wasm.gz" -exec gunzip {} +
    diff -r "$out" "$unpacked" || fail "the rebuilt modules differ from those in levels"
    echo "$name: identical to levels"
else
    # Without name and time, so that the same module is the same file.
    find "$out" -name "*.wasm" -exec gzip -n -9 {} +
    checksums "$out" "*.wasm.gz" >"$out/SHA256SUMS"
    rm -rf levels
    cp -R "$out" levels
    echo "$name: levels updated"
fi
