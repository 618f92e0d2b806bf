#!/bin/sh
# Downloads what `rebuild.sh` needs besides rustc into target/toolchain, without installing anything:
# the Rust library sources of exactly this compiler, and the C library of the WASI target.
#
# Needs a Debian or Ubuntu machine (any release, any user): apt-get and dpkg-deb. Elsewhere, unpack the same two
# packages by hand into target/toolchain; snapshot.debian.org keeps them when the mirrors have moved on.
set -eu
cd "$(dirname "$0")"
. ./common.sh

name=guests/toolchain.sh
work=target/toolchain
mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
apt=$(cd "$work/apt" && pwd)
key=/usr/share/keyrings/debian-archive-keyring.gpg
cat >"$apt/sources.list" <<LIST
deb [signed-by=$key] http://deb.debian.org/debian trixie-backports main
deb [signed-by=$key] http://deb.debian.org/debian bookworm main
LIST
private() {
    apt-get -qq -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User= "$@"
}
private update
(cd "$work" && private download "rust-src=$RUST_SRC_DEB" "wasi-libc=$WASI_LIBC_DEB")
(
    cd "$work"
    printf '%s  %s\n' "$RUST_SRC_SHA256" "rust-src_${RUST_SRC_DEB}_all.deb" \
        "$WASI_LIBC_SHA256" "wasi-libc_${WASI_LIBC_DEB}_all.deb" | sha256sum --check --quiet
    for deb in ./*.deb; do dpkg-deb -x "$deb" .; done
    rm -rf ./*.deb apt
)
echo "$name: ready in guests/$work"
