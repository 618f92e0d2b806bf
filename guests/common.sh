# Shared by the scripts here and in foreign/: the exact tools that the committed modules are built with (other
# versions give other bytes), and what becomes of the result.

RUST_VERSION=1.95.0
RUST_COMMIT=59807616e1fa2540724bfbac14d7976d7e4a3860
RUST_SRC_DEB=1.95.0+dfsg1-2~bpo13+1
RUST_SRC_SHA256=7b76db5b880a77f9e52975d2baa6209d2f76d2c9c2789515c3088cb960e2c83b
WASI_LIBC_DEB=0.0~git20220510.9886d3d-2
WASI_LIBC_SHA256=513e25eeca77f7e31adf928b684714dd656cc6bc70c2970abfe3b4117e3b736f
CLANG_DEB=1:19.1.7-3~deb12u1
ZIG_VERSION=0.16.0
ASC_VERSION=0.28.20

fail() {
    printf '%s: %s\n' "$name" "$1" >&2
    exit 1
}

# Sets `check` from the only argument there may be.
parse_arguments() {
    case "$#:${1-}" in
    0:) check=false ;;
    1:--check) check=true ;;
    *)
        echo "usage: $name [--check]" >&2
        exit 2
        ;;
    esac
}

# checksums FOLDER PATTERN: those of the files in a folder and below it that are called so.
checksums() {
    (cd "$1" && find . -name "$2" | sed "s|^\./||" | LC_ALL=C sort | xargs sha256sum --)
}

# publish FROM TO: replaces the modules in TO by those in FROM, or compares them when checking.
publish() {
    checksums "$1" "*.wasm" >"$1/SHA256SUMS"
    if $check; then
        diff -r "$1" "$2" || fail "the rebuilt modules differ from those in $2"
        echo "$name: identical to $2"
    else
        mkdir -p "$2"
        find "$2" -name "*.wasm" -delete
        cp -R "$1"/. "$2"
        echo "$name: $2 updated"
    fi
}
