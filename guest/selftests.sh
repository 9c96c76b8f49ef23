#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/selftests.sh: packs build/guest/selftests.extra.cpio: those of the
# kernel's own selftests that bear on page tables, in /bin, built from the very
# source that the kernels are built from (PFD_SOURCE: what kernels/source.sh
# printed; default: ask it). For guest/extra.sh. The source tree is only read.
#
# They are compiled here and not by their own Makefiles: those want libraries
# for tests that are not wanted, and write into the source tree.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

source=${PFD_SOURCE:-$("$PFD_ROOT/kernels/source.sh")}
tree=$source/tree
tests=$tree/tools/testing/selftests
extra=$PFD_BUILD/guest/selftests.extra.cpio
log=$PFD_BUILD/logs/selftests.log
cross=powerpc64le-linux-gnu-
[[ $(uname -m) != ppc64le ]] || cross=
need "${cross}gcc"
stamp=$({
	jq -r .identity "$source/source.json"
	"${cross}gcc" --version
	cat "$0"
} | sha256sum | cut -c 1-64)
[[ $(cat "$extra.stamp" 2>/dev/null) != "$stamp" || ! -e $extra ]] || exit 0

need cpio
make_dir "$PFD_BUILD/logs"
work=$PFD_BUILD/guest/selftests.tmp
rm -rf "$work"
trap 'rm -rf "$work" "$extra.tmp"' EXIT
umask 022
mkdir -p "$work"/root/bin
say "building the kernel's selftests"

# What `make headers_install` installs, without the rsync that it wants.
make -C "$tree" O="$work/headers" ARCH=powerpc headers >"$log" 2>&1 ||
	die 4 "cannot make the kernel's headers for the selftests: $(last_error "$log") ($log)"

# compile NAME OPTION-OR-FILE...: into /bin. The flags are those of their
# Makefiles (selftests/mm, selftests/powerpc/flags.mk) but for -Werror.
compile() {
	local name=$1
	shift
	"${cross}gcc" -std=gnu99 -O2 -static -D_GNU_SOURCE= "$@" \
		-ffile-prefix-map="$source"=. -Wl,--build-id=none \
		-s -o "$work/root/bin/$name" -lpthread >>"$log" 2>&1 ||
		die 4 "cannot compile the kernel's selftest $name: $(last_error "$log") ($log)"
}

# kselftest.h: in 6.12.117 khugepaged.c uses KSFT_SKIP and does not include it; in
# 7.2 vm_util.h does, as of its own directory, and thp_settings has another name; in
# 6.1 that is part of khugepaged.c, and the directory has another name.
mm=$tests/mm settings=()
[[ -d $mm ]] || mm=$tests/vm
for file in "$mm"/{thp,hugepage}_settings.c; do
	[[ ! -e $file ]] || settings+=("$file")
done
compile khugepaged -isystem "$work/headers/usr/include" -I "$tests" \
	-include "$tests/kselftest.h" "$mm"/{khugepaged,vm_util}.c "${settings[@]}"

powerpc() {
	compile "$1" -DGIT_VERSION='"pfd"' -I "$tests/powerpc/include" \
		"$tests/powerpc/mm/$1.c" "$tests"/powerpc/{harness,utils}.c "${@:2}"
}
powerpc hugetlb_vs_thp_test
powerpc large_vm_fork_separation
powerpc segv_errors
powerpc stack_expansion_ldst -fno-stack-protector
powerpc stack_expansion_signal "$tests/powerpc/pmu/lib.c"
powerpc tlbie_test

find "$work/root" -exec touch -h -d @0 {} +
(cd "$work/root" && find . -mindepth 1 -printf '%P\n' | sort |
	cpio --quiet -o -H newc --reproducible --owner=0:0 >"$extra.tmp") ||
	die 4 "cannot write $extra: is the disk full?"
mv "$extra.tmp" "$extra"
echo "$stamp" >"$extra.stamp"
