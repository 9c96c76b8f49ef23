#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Bad sources, patches, directories and machines: one line each, and the right
# exit code, before any time is spent on them.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

kernels/source.sh >/dev/null

# A source that is none, or of another version.
refused 2 "nosuch" kernels/source.sh --linux "$tmp/nosuch"
mkdir "$tmp/tree"
refused 2 "tree" kernels/source.sh --linux "$tmp/tree"
mkdir -p "$tmp/tree/arch/powerpc"
printf 'VERSION = 5\nPATCHLEVEL = 15\nSUBLEVEL = 3\n' >"$tmp/tree/Makefile"
refused 2 "5\.15.*6\.12|6\.12.*5\.15" kernels/source.sh --linux "$tmp/tree"
refused 2 "5\.15.*7\.2" kernels/source.sh --base 7.2 --linux "$tmp/tree"
head -c 100000 /dev/urandom >"$tmp/linux.tar.xz"
refused 2 "linux.tar.xz" kernels/source.sh --linux "$tmp/linux.tar.xz"

# A patch that does not apply; in a copy of the tree, to leave this one alone.
mkdir "$tmp/clone"
git ls-files -z | xargs -0 cp --parents -t "$tmp/clone"
ln -s "$ROOT/build" "$tmp/clone/build"
mkdir "$tmp/clone/kernels/variants/broken"
sed 's/^title = .*/title = broken/' kernels/variants/refcount/variant.ini \
	>"$tmp/clone/kernels/variants/broken/variant.ini"
sed 's/folio_clear_active/no_such_thing/' kernels/variants/refcount/*.patch \
	>"$tmp/clone/kernels/variants/broken/0001-broken.patch"
expect 4 "$tmp/clone/kernels/build.sh" broken 64k
(($(grep -c 'broken.*does not apply' "$tmp/stderr") == 1)) ||
	fail "no word of the patch that does not apply"

# Nowhere to write to, and no QEMU.
plan=$tmp/plan.ini
printf '[plan]\ntitle = t\nvariants = landed-fixed\npages = 64k\nmmu = radix\nworkloads = null\narms = bare\nseeds = 1\n' >"$plan"
refused 4 "/proc/nosuch" ./run.sh run --plan "$plan" --out /proc/nosuch
mkdir "$tmp/bin"
for program in /usr/bin/* /bin/*; do
	[[ ${program##*/} == qemu-system-ppc64 || -e $tmp/bin/${program##*/} ]] ||
		ln -s "$program" "$tmp/bin/${program##*/}"
done
expect 4 env PATH="$tmp/bin" ./run.sh run --plan "$plan" --out "$tmp/results"
grep -q qemu-system-ppc "$tmp/stdout" "$tmp/stderr" ||
	fail "no word of the package that has QEMU"

# No space, if there may be a small file system to try it on.
mkdir "$tmp/small"
if mount -t tmpfs -o size=300k tmpfs "$tmp/small" 2>/dev/null; then
	trap 'umount "$tmp/small"; rm -rf "$tmp"' EXIT
	refused 4 "MiB" ./run.sh run --plan "$plan" --out "$tmp/small/results"
fi
