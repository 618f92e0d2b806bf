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
cd "$(dirname "$0")"
here=$(pwd -P)
. ./versions.sh

case "${1-}" in
"") check=false ;;
--check) check=true ;;
*) echo "usage: rebuild.sh [--check]" >&2; exit 2 ;;
esac

fail() { printf 'rebuild.sh: %s\n' "$1" >&2; exit 1; }

# --- tools -----------------------------------------------------------------------------------------------------

# The right version may be the default toolchain, or one that rustup has under its number.
find_toolchain() {
    for rustc in rustc "rustc +$RUST_VERSION"; do
        if $rustc --version --verbose 2>/dev/null | grep -q "^commit-hash: $RUST_COMMIT\$"; then
            real=$($rustc --print sysroot)
            return 0
        fi
    done
    return 1
}
find_toolchain ||
    fail "needs rustc $RUST_VERSION ($RUST_COMMIT); install it with: rustup toolchain install $RUST_VERSION"

toolchain=$here/target/toolchain
sources=$toolchain/usr/src/rustc-$RUST_VERSION/library
wasi=$toolchain/usr/lib/wasm32-wasi
[ -f "$sources/Cargo.lock" ] && [ -f "$wasi/libc.a" ] ||
    fail "needs rust-src $RUST_SRC_DEB and wasi-libc $WASI_LIBC_DEB in target/toolchain; fetch them with: guests/toolchain.sh"

# --- private sysroot -------------------------------------------------------------------------------------------

sysroot=$here/target/sysroot
rustlib=$sysroot/lib/rustlib
rm -rf "$sysroot"
mkdir -p "$sysroot/bin" "$rustlib/src/rust" "$rustlib/wasm32-wasip1/lib/self-contained"
ln -s "$sources" "$rustlib/src/rust/library"
host=$(cd "$real/lib/rustlib" && ls -d -- *-*-*/bin | head -n 1)
ln -s "$real/lib/rustlib/${host%/bin}" "$rustlib/${host%/bin}"
for object in crt1-command.o crt1-reactor.o libc.a; do
    ln -s "$wasi/$object" "$rustlib/wasm32-wasip1/lib/self-contained/$object"
done
printf '#!/bin/sh\nexec "%s" --sysroot "%s" "$@"\n' "$real/bin/rustc" "$sysroot" >"$sysroot/bin/rustc"
chmod +x "$sysroot/bin/rustc"

# --- build -----------------------------------------------------------------------------------------------------

# A clean environment and an empty CARGO_HOME: no setting of the user changes a byte. The library's own
# dependencies come from the package's vendor directory, so no registry is asked.
source_name=/rustc/$RUST_COMMIT
remap="--remap-path-prefix=target/sysroot/lib/rustlib/src/rust=$source_name"
remap="$remap --remap-path-prefix=$rustlib/src/rust=$source_name"
remap="$remap --remap-path-prefix=${sources%/library}=$source_name --remap-path-prefix=$here=/guests"
build() {
    env -i PATH="$real/bin:$PATH" HOME="${HOME-/}" CARGO_HOME="$here/target/cargo-home" \
        RUSTC="$sysroot/bin/rustc" RUSTC_BOOTSTRAP=1 CARGO_INCREMENTAL=0 SOURCE_DATE_EPOCH=0 LC_ALL=C \
        CARGO_TARGET_DIR="$here/target/wasm" \
        RUSTFLAGS="$remap" \
        "$real/bin/cargo" build --locked --offline --release --quiet \
        --config "source.crates-io.replace-with='std-vendor'" \
        --config "source.std-vendor.directory='$sources/vendor'" \
        -Zbuild-std=std,panic_abort "$@"
}
echo "rebuild.sh: plain modules (wasm32-unknown-unknown)"
build --target wasm32-unknown-unknown --examples \
    -p runoff-guest-add-one -p runoff-guest-fibonacci -p runoff-guest-nbody
echo "rebuild.sh: WASI commands (wasm32-wasip1)"
build --target wasm32-wasip1 --bins -p runoff-guest-fibo

# --- collect ---------------------------------------------------------------------------------------------------

out=$here/target/rebuilt
rm -rf "$out"
mkdir -p "$out"
plain=target/wasm/wasm32-unknown-unknown/release/examples
command=target/wasm/wasm32-wasip1/release
for name in add-one fibonacci nbody; do cp "$plain/$(echo $name | tr - _).wasm" "$out/$name.wasm" 2>/dev/null || cp "$plain/$name.wasm" "$out/$name.wasm"; done
cp "$command/fibo.wasm" "$out/"
(cd "$out" && sha256sum ./*.wasm | sed 's|\./||' >SHA256SUMS)
if $check; then
    diff -r "$out" prebuilt || fail "the rebuilt modules differ from the committed ones"
    echo "rebuild.sh: identical"
else
    mkdir -p prebuilt
    rm -f prebuilt/*.wasm
    cp "$out"/* prebuilt/
    echo "rebuild.sh: prebuilt/ updated"
fi
