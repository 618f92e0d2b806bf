#!/bin/sh
# Rebuilds the modules in foreign/prebuilt/ with compilers other than rustc, bit for bit.
#
#   rebuild.sh            rebuild, overwrite prebuilt/ and its SHA256SUMS
#   rebuild.sh --check    rebuild aside and fail if any byte differs from what is committed
#
# Nothing is installed, and nothing outside ../target and prebuilt/ is written.
set -eu
name=guests/foreign/rebuild.sh
cd "$(dirname "$0")"
target=$(cd .. && mkdir -p target && cd target && pwd -P)
. ../common.sh
parse_arguments "$@"

# --- tools ----------------------------------------------------------------------------------------------------

for package in "clang-19=$CLANG_DEB" "lld-19=$CLANG_DEB" "libclang-rt-19-dev-wasm32=$CLANG_DEB" \
    "wasi-libc=$WASI_LIBC_DEB"; do
    found=$(dpkg-query -W -f '${Version}' "${package%%=*}" 2>/dev/null || true)
    [ "$found" = "${package#*=}" ] || fail "needs the Debian 12 package $package, found '$found'; install all of them with
    apt-get install --no-install-recommends clang-19=$CLANG_DEB lld-19=$CLANG_DEB libclang-rt-19-dev-wasm32=$CLANG_DEB wasi-libc=$WASI_LIBC_DEB"
done
[ "$("$target/zig/bin/python" -m ziglang version 2>/dev/null)" = "$ZIG_VERSION" ] ||
    fail "needs Zig $ZIG_VERSION; get it with
    python3 -m venv guests/target/zig && guests/target/zig/bin/pip install ziglang==$ZIG_VERSION"
asc=$target/assemblyscript/node_modules/.bin/asc
[ "$("$asc" --version 2>/dev/null)" = "Version $ASC_VERSION" ] ||
    fail "needs AssemblyScript $ASC_VERSION; get it with
    npm install --prefix guests/target/assemblyscript assemblyscript@$ASC_VERSION"

# --- build ----------------------------------------------------------------------------------------------------

out=$target/rebuilt-foreign
rm -rf "$out"
mkdir -p "$out"
c() {
    clang-19 --target=wasm32-wasi -std=c17 -O3 -Wall -Wextra -Werror -ffile-prefix-map="$PWD=/foreign" \
        -Wl,--strip-all "$@"
}
c words.c -o "$out/words.wasm"
c -mexec-model=reactor crc.c -o "$out/crc.wasm"
clang-19 --target=wasm32 -nostdlib -std=c17 -O3 -mbulk-memory -Wall -Wextra -Werror \
    -Wl,--no-entry,--strip-all calls.c -o "$out/calls-c.wasm"
env ZIG_GLOBAL_CACHE_DIR="$target/zig-cache" ZIG_LOCAL_CACHE_DIR="$target/zig-cache" \
    "$target/zig/bin/python" -m ziglang build-exe collatz.zig -target wasm32-wasi -O ReleaseFast -fstrip \
    -femit-bin="$out/collatz.wasm"
"$asc" strings.ts -O3 --runtime incremental --use abort= --outFile "$out/strings.wasm"
"$asc" calls.ts -O3 --runtime minimal --use abort= --outFile "$out/calls-as.wasm"
chmod 644 "$out"/*.wasm
publish "$out" prebuilt
