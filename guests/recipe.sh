# How Rust guests are compiled, for the scripts here: sourced with `name` and `here` set and common.sh read; gives
# `build`, which is `cargo build` with everything fixed.

# --- tools ----------------------------------------------------------------------------------------------------

# The right compiler may be the default toolchain, or one that rustup has under its number.
real=
for rustc in rustc "rustc +$RUST_VERSION"; do
    if $rustc --version --verbose 2>/dev/null | grep -q "^commit-hash: $RUST_COMMIT\$"; then
        real=$($rustc --print sysroot)
        host=$($rustc --version --verbose | sed -n 's/^host: //p')
        break
    fi
done
[ -n "$real" ] || fail "needs rustc $RUST_VERSION ($RUST_COMMIT); get it with
    rustup toolchain install $RUST_VERSION --profile minimal"

toolchain=$here/target/toolchain
sources=$toolchain/usr/src/rustc-$RUST_VERSION/library
wasi=$toolchain/usr/lib/wasm32-wasi
[ -f "$sources/Cargo.lock" ] && [ -f "$wasi/libc.a" ] ||
    fail "needs the Debian packages rust-src $RUST_SRC_DEB and wasi-libc $WASI_LIBC_DEB in guests/target/toolchain;
put them there (without installing them) with
    guests/toolchain.sh"

# --- private sysroot ------------------------------------------------------------------------------------------

sysroot=$here/target/sysroot
rustlib=$sysroot/lib/rustlib
rm -rf "$sysroot"
mkdir -p "$sysroot/bin" "$rustlib/src/rust" "$rustlib/wasm32-wasip1/lib/self-contained"
ln -s "$sources" "$rustlib/src/rust/library"
ln -s "$real/lib/rustlib/$host" "$rustlib/$host"
for object in crt1-command.o crt1-reactor.o libc.a; do
    ln -s "$wasi/$object" "$rustlib/wasm32-wasip1/lib/self-contained/$object"
done
# Whatever the level of the guests, the library is optimised as the official builds are: cargo marks its crates, and
# the last level named counts.
cat >"$sysroot/bin/rustc" <<WRAPPER
#!/bin/sh
case " \$* " in
*" -Zforce-unstable-if-unmarked "*) set -- "\$@" -Copt-level=3 ;;
esac
# Cargo tells crates apart by where they lie: below this workspace from its root, elsewhere from the root of the
# file system. The library for guests lies beside it, so it and what depends on it are told apart by their names;
# otherwise the order of functions would depend on where the repository is.
crate= before=
for argument; do
    [ "\$before" != --crate-name ] || crate=\$argument
    before=\$argument
done
case \$crate in
runoff_wire | runoff_guest | runoff_guest_macros | runoff_guest_calls* | calls_*)
    for argument; do
        shift
        case \$argument in metadata=*) argument=metadata=\$crate ;; esac
        set -- "\$@" "\$argument"
    done
    ;;
esac
exec "$real/bin/rustc" --sysroot "$sysroot" "\$@"
WRAPPER
chmod +x "$sysroot/bin/rustc"

# --- how to build ---------------------------------------------------------------------------------------------

# No path of this machine gets into a module: messages of the library name it as the official builds do.
# The separator is the one that cargo takes for flags with spaces in them.
remap=$(printf '%s\037' "--remap-path-prefix=target/sysroot/lib/rustlib/src/rust=/rustc/$RUST_COMMIT" \
    "--remap-path-prefix=$rustlib/src/rust=/rustc/$RUST_COMMIT" \
    "--remap-path-prefix=${sources%/library}=/rustc/$RUST_COMMIT")--remap-path-prefix=$here=/guests$(printf '\037')--remap-path-prefix=${here%/guests}/crates=/crates

# Crates that guests depend on and those that the library depends on, side by side: cargo knows one replacement for
# the registry only. Those of the guests are what their lock file names, by checksum.
vendor=$here/target/vendor
if ! cmp -s Cargo.lock "$vendor/Cargo.lock"; then
    echo "$name: crates that the guests depend on"
    rm -rf "$vendor"
    "$real/bin/cargo" vendor --quiet --locked --versioned-dirs "$vendor" >/dev/null
    cp -R "$sources"/vendor/. "$vendor"
    cp Cargo.lock "$vendor/Cargo.lock"
fi

# A clean environment and a CARGO_HOME of its own: no setting of the user changes a byte. Only fetching the crates
# asks a registry. RUSTC_BOOTSTRAP lets a stable cargo build the library from source. Constants that a crate draws at
# random while it is compiled (those of ahash) come from a fixed seed. `level` is an optimisation
# level in place of the profile's, `features` what the target is said to have on top of its defaults.
level=3
features=
build() {
    env -i PATH="$real/bin:$PATH" HOME="$here/target" CARGO_HOME="$here/target/cargo-home" LC_ALL=C \
        RUSTC="$sysroot/bin/rustc" RUSTC_BOOTSTRAP=1 CARGO_INCREMENTAL=0 CONST_RANDOM_SEED=runoff \
        CARGO_ENCODED_RUSTFLAGS="$remap${features:+$(printf '\037')-Ctarget-feature=$features}" \
        CARGO_PROFILE_RELEASE_OPT_LEVEL="$level" CARGO_TARGET_DIR="$here/target/wasm" \
        "$real/bin/cargo" build --locked --offline --release --quiet \
        --config "source.crates-io.replace-with='std-vendor'" \
        --config "source.std-vendor.directory='$vendor'" \
        -Zbuild-std=std,panic_abort "$@"
}
