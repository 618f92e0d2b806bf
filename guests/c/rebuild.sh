#!/bin/sh
# Rebuilds the modules in c/prebuilt/ from the programs in C, bit for bit.
#
#   rebuild.sh            rebuild, overwrite prebuilt/ and its SHA256SUMS
#   rebuild.sh --check    rebuild aside and fail if any byte differs from what is committed
#
# Nothing is installed, and nothing outside ../target and prebuilt/ is written.
set -eu
name=guests/c/rebuild.sh
cd "$(dirname "$0")"
target=$(cd .. && mkdir -p target && cd target && pwd -P)
. ../common.sh
parse_arguments "$@"

for package in "clang-19=$CLANG_DEB" "lld-19=$CLANG_DEB" "libclang-rt-19-dev-wasm32=$CLANG_DEB" \
    "wasi-libc=$WASI_LIBC_DEB"; do
    found=$(dpkg-query -W -f '${Version}' "${package%%=*}" 2>/dev/null || true)
    [ "$found" = "${package#*=}" ] || fail "needs the Debian 12 package $package, found '$found'; install all of them with
    apt-get install --no-install-recommends clang-19=$CLANG_DEB lld-19=$CLANG_DEB libclang-rt-19-dev-wasm32=$CLANG_DEB wasi-libc=$WASI_LIBC_DEB"
done

out=$target/rebuilt-c
rm -rf "$out"
mkdir -p "$out"
cpu= keep=
# program MODULE FUNCTION SOURCE...
program() {
    module=$1 function=$2
    shift 2
    clang-19 --target=wasm32-wasi $cpu -std=c17 -O3 -ffp-contract=off -Wall -Wextra -Werror -Iinclude \
        -DPROGRAM="$function" -ffile-prefix-map="$PWD=/c" -Wl,--strip-all $keep \
        programs/main.c programs/program.c "$@" -o "$out/$module.wasm"
}
for kernel in 2mm atax cholesky durbin floyd-warshall gemm jacobi-2d lu nussinov seidel-2d; do
    function=$(echo "$kernel" | tr - _)
    source=$function
    [ "$kernel" = 2mm ] && source=two_mm
    program "$kernel" "runoff_c_$function" programs/polybench.c "programs/$source.c"
done
for small in crc32 sha256 sieve sort; do
    program "$small" "runoff_c_$small" "programs/$small.c"
done
# With the names of its functions, by which people look at them, and for runtimes of the time of source 004.
cpu=-mcpu=mvp keep=-Wl,--keep-section=name
program matmul-17 runoff_c_matmul_17 programs/matmul_17.c
chmod 644 "$out"/*.wasm
publish "$out" prebuilt
