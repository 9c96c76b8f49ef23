#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The images with more in them begin with the ordinary one, and have the same
# bytes in another directory; with Debian's programs they boot: stress-ng finds
# its libraries. (tests/guest/unkind.sh boots the selftests.)
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
. "$ROOT/scripts/tools.sh"

PFD_QUIET=1
build_guest
base=$guest_image
build_guest stress-ng
cmp -n "$(stat -c %s "$base")" "$base" "$guest_image" ||
	fail "the image stress-ng does not begin with the ordinary one"

mkdir -p "$tmp/clone/build/debian" "$tmp/clone/build/guest"
git ls-files -z guest scripts bpf kernels/source.sh kernels/bases | xargs -0 cp --parents -t "$tmp/clone"
cp -r build/debian/stress-ng "$tmp/clone/build/debian"
cp -r build/guest/{guest,workloads,bpf} "$tmp/clone/build/guest"
ln -s "$ROOT/build/sysroot" "$tmp/clone/build/sysroot"
equal "hash of the image stress-ng in another clone" "$guest_hash" \
	"$("$tmp/clone/guest/image.sh" stress-ng)"

# From the same source in another directory.
mkdir -p "$tmp/clone/build/source"
build_guest selftests
ln -s "$(kernels/source.sh)" "$tmp/clone/build/source/default"
equal "hash of the image selftests in another clone" "$guest_hash" \
	"$("$tmp/clone/guest/image.sh" selftests)"

plan stress 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' \
	'workloads = stress-fork' 'seeds = 1'
measure 0 stress
