#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The series are what a maintainer can take: `git am` applies each to the base,
# and the base patches bring a 6.12.y of before the fix to the same base.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

source=$(kernels/source.sh)
repo=$tmp/repo
mkdir "$repo"
git() {
	command git -C "$repo" -c user.name=t -c user.email=t@localhost "$@"
}
git init -q
# The files that any of the patches is about.
sed -n 's,^--- a/,,p' "$ROOT"/kernels/{bases/6.12,variants/*}/*.patch | sort -u >"$tmp/files"
while read -r file; do
	mkdir -p "$repo/${file%/*}"
	pristine=$source/pristine/$file
	[[ -e $pristine ]] || pristine=$source/tree/$file
	cp "$pristine" "$repo/$file"
done <"$tmp/files"
file=arch/powerpc/mm/pgtable-frag.c
pristine=$source/pristine/$file
[[ -e $pristine ]] || pristine=$source/tree/$file
git add . && git commit -qm base

base=("$ROOT"/kernels/bases/6.12/*.patch)
if git apply --check --reverse "${base[0]}" 2>/dev/null; then
	git apply --reverse "${base[0]}"
	git commit -qam "before the fix"
	git am -q "${base[0]}" || fail "the base patch does not bring back the fix"
	cmp "$pristine" "$repo/$file" || fail "the base patch is not the fix"
else
	git am -q "${base[0]}"
fi
git tag base
for variant in "$ROOT"/kernels/variants/*/; do
	git checkout -q base
	for patch in "$variant"*.patch; do
		[[ -e $patch ]] || continue
		git am -q "$patch" || fail "$patch does not apply"
		(($(git log -1 --format=%b | wc -w) > 20)) ||
			fail "$patch does not say why"
	done
done
